"""The process that workers are forked from: everything slow is imported here, once, and no student code ever runs.

Started in a Python of its own, or forked by a fork server that did the importing for several, with a control socket as
its standard input. On that socket the grader asks for a fork (sending the worker's end of a socket pair along) or for
the end of a worker; when the grader goes away the socket closes and the zygote ends, and with it every worker it still
has.

A fork has one thread, so a process with more than one cannot be forked without breaking whatever the others did. Some
builds of torch keep a thread once they have computed a gradient. A zygote that finds one begins anew and leaves
gradients to its workers; if there are others still, it says so and forks nothing.
"""

import contextlib
import gc
import os
import select
import socket
import sys
from types import ModuleType
from typing import NoReturn

import msgspec

from autograder.sandbox.confinement import Confinement
from autograder.sandbox.inside import huge_pages, imports, preload, threads, worker
from autograder.sandbox.inside.shell import warm_up as warm_up_shell
from autograder.sandbox.wire.control import (
    DONE,
    FORK,
    INTERRUPT,
    KILL,
    MAX_SETTINGS,
    NOISY,
    QUEUED,
    REQUEST,
    UNSAFE,
    Settings,
    Surroundings,
)
from autograder.sandbox.wire.packing import module_of

__all__ = ["fork_zygotes", "main"]

#: How often the scratch folders are looked at, where nothing bounds them.
_WATCH_SECONDS = 0.25
#: At the end of the command line of a process that has begun anew.
_WITHOUT_GRADIENTS = "without-gradients"


def main() -> None:
    """Be a zygote: serve requests until the grader closes the control socket."""
    settings = msgspec.json.decode(sys.argv[1], type=Settings)
    _live(settings, _prepare(settings.surroundings))


def fork_zygotes() -> None:
    """Be a fork server: import everything, then fork a zygote for each control socket that comes with its settings."""
    functions = _prepare(msgspec.json.decode(sys.argv[1], type=Settings).surroundings)
    requests = socket.socket(fileno=0)
    while True:
        request, handles, _, _ = socket.recv_fds(requests, MAX_SETTINGS, 1)
        if not request:
            os._exit(0)
        if threads.how_many() != 1:
            with socket.socket(fileno=handles[0]) as control, contextlib.suppress(OSError):
                control.sendall(REQUEST.pack(UNSAFE, threads.how_many()))
            continue
        if os.fork() == 0:
            requests.detach()
            os.dup2(handles[0], 0)
            os.close(handles[0])
            _live(msgspec.json.decode(request, type=Settings), functions)
        os.close(handles[0])


def _prepare(surroundings: Surroundings) -> ModuleType | None:
    """Import and use what is slow; the module of the functions that may travel by name."""
    preload.one_thread()
    preload.course(surroundings.preload)
    functions = module_of(surroundings.functions)
    again = sys.argv[-1] == _WITHOUT_GRADIENTS
    preload.warm_up(backward=not again)
    if threads.how_many() > 1 and not again:
        os.execv(sys.executable, [*sys.orig_argv, _WITHOUT_GRADIENTS])
    warm_up_shell()
    _share_memory()
    huge_pages.collapse()
    return functions


def _share_memory() -> None:
    """Keep a collection in a worker from touching, and so copying, what all of them share."""
    gc.collect()
    gc.freeze()


def _live(settings: Settings, functions: ModuleType | None) -> NoReturn:
    control = socket.socket(fileno=0)
    if imports.show_something(settings.imports):
        with contextlib.suppress(OSError):
            control.sendall(REQUEST.pack(NOISY, 0))
        os._exit(0)
    _share_memory()
    if settings.imports:
        huge_pages.collapse()
    if threads.how_many() != 1:
        with contextlib.suppress(OSError):  # the grader has gone
            control.sendall(REQUEST.pack(UNSAFE, threads.how_many()))
        os._exit(0)
    confinement = Confinement(
        settings.layers, settings.limits, settings.base, settings.surroundings.private, settings.permissions
    )
    confinement.prepare()
    with contextlib.suppress(OSError):  # the grader has gone
        control.sendall(REQUEST.pack(DONE, os.getpid()))
        while _serve(control, confinement, functions):
            pass
    confinement.end_all()
    os._exit(0)  # nothing of the libraries' own tidying up is of use here


def _serve(control: socket.socket, confinement: Confinement, functions: ModuleType | None) -> bool:
    """Answer one request. False when there will be no more."""
    if confinement.must_watch and not select.select([control], [], [], _WATCH_SECONDS)[0]:
        confinement.watch()
        return True
    request, handles, _, _ = socket.recv_fds(control, REQUEST.size, 1)
    if len(request) < REQUEST.size:
        return False
    kind, pid = REQUEST.unpack(request)
    if kind == FORK:
        pid = confinement.fork()
        if pid == 0:
            control.detach()
            worker.main(handles[0], confinement, functions)  # does not return
        os.close(handles[0])
    elif kind == INTERRUPT:
        confinement.interrupt(pid)
    elif kind == QUEUED:
        pid = confinement.nanoseconds_in_queue(pid)
    elif kind == KILL:
        confinement.end(pid)
    control.sendall(REQUEST.pack(DONE, pid))
    return True
