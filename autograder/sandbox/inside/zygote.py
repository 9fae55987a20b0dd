"""The process that workers are forked from: everything slow is imported here, once, and no student code ever runs.

Started in a Python of its own, or forked by an ancestor that did the importing for several, with a control socket as
its standard input. On that socket the grader asks for a fork (sending the worker's end of a socket pair along) or for
the end of a worker; when the grader goes away the socket closes and the zygote ends, and with it every worker it still
has.
"""

import contextlib
import gc
import os
import select
import socket
import sys
from typing import NoReturn

import msgspec

from autograder.sandbox.confinement import Walls
from autograder.sandbox.wire.control import DONE, FORK, MAX_SETTINGS, MESSAGE, Settings

from . import huge_pages, preload, worker
from .shell import make_shell

#: How often the scratch folders are looked at, where nothing bounds them.
_WATCH_SECONDS = 0.25


def main() -> None:
    """Serve requests until the grader closes the control socket."""
    _prepare()
    _live(msgspec.json.decode(sys.argv[1], type=Settings))


def ancestor() -> None:
    """Import everything, then fork a zygote for each control socket that comes with its settings."""
    _prepare()
    asked = socket.socket(fileno=0)
    while True:
        settings, handles, _, _ = socket.recv_fds(asked, MAX_SETTINGS, 1)
        if not settings:
            os._exit(0)
        if os.fork() == 0:
            asked.detach()
            os.dup2(handles[0], 0)
            os.close(handles[0])
            _live(msgspec.json.decode(settings, type=Settings))
        os.close(handles[0])


def _prepare() -> None:
    preload.one_thread()
    preload.libraries()
    preload.warm_up()
    make_shell().run_cell("%matplotlib inline\n1")
    gc.collect()
    gc.freeze()  # a collection in a worker need not touch, and so copy, what all of them share
    huge_pages.collapse()


def _live(settings: Settings) -> NoReturn:
    walls = Walls(settings.layers, settings.limits, settings.base)
    walls.enter()
    control = socket.socket(fileno=0)
    with contextlib.suppress(OSError):  # the grader has gone
        control.sendall(MESSAGE.pack(DONE, os.getpid()))
        while _serve(control, walls):
            pass
    walls.end_all()
    os._exit(0)  # nothing of the libraries' own tidying up is of use here


def _serve(control: socket.socket, walls: Walls) -> bool:
    """Answer one request. False when there will be no more."""
    if walls.must_watch and not select.select([control], [], [], _WATCH_SECONDS)[0]:
        walls.watch()
        return True
    request, handles, _, _ = socket.recv_fds(control, MESSAGE.size, 1)
    if len(request) < MESSAGE.size:
        return False
    kind, pid = MESSAGE.unpack(request)
    if kind == FORK:
        pid = walls.fork()
        if pid == 0:
            control.detach()
            worker.main(handles[0], walls)  # does not return
        os.close(handles[0])
    else:
        walls.end(pid)
    control.sendall(MESSAGE.pack(DONE, pid))
    return True
