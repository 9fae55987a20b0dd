"""What the grader and its own processes, zygote and fresh workers, say to one another. No student's code takes part."""

import struct

import msgspec

from autograder.sandbox.confinement import Limits

#: Requests and replies on the control socket: one letter and a process id.
MESSAGE = struct.Struct("!cq")
FORK, KILL, DONE = b"F", b"K", b"D"


#: Bytes that settings take at most: two lists of words and a path.
MAX_SETTINGS = 16_384


class Settings(msgspec.Struct):
    """What a process is told on its command line, or a zygote by its ancestor's asker.

    Attributes:
        layers: which walls to put up.
        limits: what a submission may use.
        base: an empty folder of its own.
    """

    layers: list[str]
    limits: Limits
    base: str
