"""Python processes of our own, apart from the grader's: what they are started with, and what they complain of."""

import contextlib
import logging
import os
import signal
import subprocess
import sys
from enum import StrEnum

import msgspec

from autograder.sandbox.inside.threads import ONE_THREAD
from autograder.sandbox.wire.control import Settings

__all__ = ["OwnProcess", "Role"]

_log = logging.getLogger(__name__)

#: What Python and its libraries need of Windows's environment: without a home matplotlib makes its list of fonts anew.
_WINDOWS = ("SYSTEMROOT", "PATH", "USERPROFILE", "LOCALAPPDATA", "TEMP", "TMP")
#: Variables that, empty, hide NVIDIA's and AMD's cards from torch.
_GRAPHICS_CARDS = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES")

#: Variables that say with which instructions libraries compute, and so what the last digits are: the same here as in
#: the grader's references, and as in a kernel that is started there.
_INSTRUCTIONS = (
    *("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "BLIS_ARCH_TYPE", "MKL_CBWR", "MKL_ENABLE_INSTRUCTIONS"),
    *("NPY_DISABLE_CPU_FEATURES", "NPY_ENABLE_CPU_FEATURES", "ATEN_CPU_CAPABILITY"),
)

#: How much of the end of what a process has written to its standard error is read.
_MAX_COMPLAINT = 16_384
#: Seconds that a process takes at most to end once its sockets are closed.
_ENDING = 0.5


class Role(StrEnum):
    """What a process is for: the code that its Python runs."""

    ZYGOTE = "from autograder.sandbox.inside.zygote import main; main()"
    FORK_SERVER = "from autograder.sandbox.inside.zygote import fork_zygotes; fork_zygotes()"
    SPAWNED = "from autograder.sandbox.inside.spawned import main; main()"


class OwnProcess:
    """One of our processes, in a new Python.

    A clean environment, -I and an empty folder: neither the student's folder nor the grader's settings reach it, but
    for those of the machine's arithmetic. A session of its own, so that Ctrl-C at the terminal is the grader's to
    handle.

    Args:
        role: what it is for.
        settings: what it is given; its `base` is the folder that it starts in.
        stdin: its standard input, as `subprocess.Popen` has it.
    """

    def __init__(self, role: Role, settings: Settings, stdin: int):
        if sys.platform == "win32":
            environment = {name: os.environ[name] for name in _WINDOWS if name in os.environ}
        else:
            environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
        environment |= {name: os.environ[name] for name in _INSTRUCTIONS if name in os.environ}
        # Before Python starts: our own modules import numpy, which has its threads from then on.
        environment |= ONE_THREAD
        # Scores are the same with a graphics card and without, and torch keeps threads where it sees one.
        environment |= dict.fromkeys(_GRAPHICS_CARDS, "")
        # Answers are checked from outside: a `check(...)` or `hint(...)` in a student's cells has nothing to say.
        environment["AUTOGRADER_CHECKS"] = "off"
        self._role = role
        # Only our own code writes there: a worker lets go of it before it is given anything of a student's.
        self._errors = f"{settings.base}.errors"
        errors = os.open(self._errors, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            self.popen: subprocess.Popen[bytes] = subprocess.Popen(
                [sys.executable, "-I", "-c", role.value, msgspec.json.encode(settings).decode()],
                stdin=stdin,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd=settings.base,
                env=environment,
                start_new_session=True,
            )
        finally:
            os.close(errors)

    @property
    def has_ended(self) -> bool:
        """Whether the process has ended."""
        return self.popen.poll() is not None

    @property
    def was_killed(self) -> bool:
        """Whether somebody has killed the process; one that is about to end is waited for. Windows does not tell."""
        if sys.platform == "win32":
            return False
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.popen.wait(_ENDING) == -signal.SIGKILL
        return False

    def complaint(self) -> str:
        """The last line that the process has written to its standard error; empty if there is none."""
        lines = self._written().split("\n")
        return lines[-1][:500]

    def wait(self, seconds: float) -> None:
        """Wait until the process ends by itself; after so many seconds it is killed."""
        try:
            self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()

    def end(self, *, with_session: bool = False) -> None:
        """End the process if it lives, and put what it has complained of into the log.

        Args:
            with_session: whether to end everything that it has started as well.
        """
        if with_session and hasattr(os, "killpg"):
            with contextlib.suppress(OSError):
                os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.kill()
        self.popen.wait()
        if written := self._written():
            _log.warning("A process of the sandbox (%s) wrote: %s", self._role.name.lower(), written)
        with contextlib.suppress(OSError):
            os.unlink(self._errors)

    def _written(self) -> str:
        """The end of what the process has written to its standard error."""
        try:
            with open(self._errors, "rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - _MAX_COMPLAINT))
                return file.read().decode(errors="replace").strip()
        except OSError:
            return ""
