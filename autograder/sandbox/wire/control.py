"""The messages between the grader and its own processes: zygotes, fork servers and workers that are about to start.

No student's code takes part in them.
"""

import struct

import msgspec

from autograder.sandbox.confinement import Limits, Permissions

__all__ = [
    "DONE",
    "FORK",
    "INTERRUPT",
    "KILL",
    "MAX_SETTINGS",
    "NOISY",
    "QUEUED",
    "REQUEST",
    "UNSAFE",
    "Settings",
    "Surroundings",
]

#: Requests and replies on the control socket: one letter, and a process id or (to `QUEUED`) nanoseconds.
REQUEST = struct.Struct("!cq")
FORK, KILL, INTERRUPT, QUEUED, DONE = b"F", b"K", b"I", b"Q", b"D"
#: In place of the first `DONE`: this process has so many threads, and forks nothing.
UNSAFE = b"U"
#: In place of the first `DONE`: what it was told to import shows something, which each notebook has to see for itself.
NOISY = b"N"

#: Bytes that settings take at most when they are sent to a fork server.
MAX_SETTINGS = 65_536


class Surroundings(msgspec.Struct, frozen=True):
    """What a course wants around its students' code.

    Attributes:
        preload: ``module:function``, imported and called once in each process that workers are made of, before it is
            confined; empty for nothing.
        functions: the module of functions that a test may hand to a student's function; they travel by name. Empty for
            none.
        private: files and folders that no student's code may read, also where they lie among Python's libraries.
    """

    preload: str = ""
    functions: str = ""
    private: list[str] = []


class Settings(msgspec.Struct):
    """What a process is given on its command line, or a zygote with the request to its fork server.

    Attributes:
        surroundings: what the course wants.
        layers: which layers to enforce, as far as the machine allows.
        limits: what a submission may use.
        base: an empty folder of the process's own.
        permissions: what a submission may do beyond the ordinary.
        imports: names of modules that are imported before anything is confined, so that all workers share them.
    """

    surroundings: Surroundings
    layers: list[str]
    limits: Limits
    base: str
    permissions: Permissions = Permissions()
    imports: tuple[str, ...] = ()
