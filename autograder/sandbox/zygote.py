"""The process that workers are forked from: everything slow is imported here, once, and no student code ever runs.

Started in a Python of its own, with a control socket as its standard input. On that socket the
grader asks for a fork (sending the worker's end of a socket pair along) or for the end of a worker; when the grader
goes away the socket closes and the zygote ends, and with it every worker it still has.
"""

import contextlib
import os
import shutil
import signal
import socket
import struct
import tempfile

#: Requests and replies on the control socket: one letter and a process id.
MESSAGE = struct.Struct("!cq")
FORK, KILL, DONE = b"F", b"K", b"D"


def main() -> None:
    """Serve requests until the grader closes the control socket."""
    _prepare()
    from . import worker

    worker.make_shell().run_cell("%matplotlib inline\n1")
    control = socket.socket(fileno=0)
    control.sendall(MESSAGE.pack(DONE, os.getpid()))
    scratch: dict[int, str] = {}
    while True:
        try:
            request, handles, _, _ = socket.recv_fds(control, MESSAGE.size, 1)
        except OSError:
            break
        if len(request) < MESSAGE.size:
            break
        kind, pid = MESSAGE.unpack(request)
        if kind == FORK:
            folder = tempfile.mkdtemp(prefix="submission-")
            pid = os.fork()
            if pid == 0:
                control.close()
                worker.main(handles[0], folder)  # does not return
            scratch[pid] = folder
            os.close(handles[0])
        else:
            _end(pid, scratch.pop(pid, None))
        control.sendall(MESSAGE.pack(DONE, pid))
    for pid, folder in scratch.items():
        _end(pid, folder)


def _prepare() -> None:
    """Import what notebooks use. One thread first: a fork after torch has once used two hangs for ever."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    os.environ["MPLBACKEND"] = "Agg"

    import torch

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)

    import matplotlib.pyplot
    import matplotlib_inline.backend_inline
    import numpy

    import autograder
    import autograder.data
    import autograder.figures

    # Answers are checked from outside; a `check(...)` among the student's own cells has nothing to say here.
    autograder.check = lambda question: None
    _warm_up(torch)


def _warm_up(torch) -> None:
    """Use once what is slow the first time, so that no worker pays for it."""
    weights = torch.zeros(2, 2, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(torch.sigmoid(weights), torch.tensor([0, 1]))
    loss.backward()
    torch.optim.SGD([weights], lr=0.1).step()
    torch.optim.Adam([weights]).step()


def _end(pid: int, folder: str | None) -> None:
    """Kill a worker with its whole session, take its exit status and remove its scratch folder."""
    if folder is None:  # not a worker of ours, or ended before
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)
    shutil.rmtree(folder, ignore_errors=True)
