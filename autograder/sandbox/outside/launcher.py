"""What ways of getting a process for a submission have in common, and how they fail."""

import socket
from collections.abc import Sequence
from typing import Protocol

__all__ = ["REPLY_SECONDS", "START_SECONDS", "Launcher", "NotConfined", "SandboxError", "because"]

#: Importing everything takes 3 to 4 seconds here; a busy machine with a cold disk may need a good deal more.
START_SECONDS = 120.0
REPLY_SECONDS = 30.0


class NotConfined(Exception):
    """This machine enforces fewer layers than the course demands. `missing` names those."""

    def __init__(self, missing: Sequence[str]):
        self.missing = tuple(missing)
        super().__init__(
            f"On this machine a student's code cannot be confined as demanded. Missing: {', '.join(missing)}."
        )


class SandboxError(Exception):
    """No worker can be opened on this machine; no submission is to blame."""


class Launcher(Protocol):
    """Opens and ends workers' processes.

    Attributes:
        interrupts: whether it can interrupt them; else they have to do that themselves.
        not_shared: a sentence if what was to be imported once is not.
    """

    interrupts: bool
    not_shared: str

    def start(self) -> None:
        """Begin whatever opening the next one needs, without waiting for it."""
        ...

    def open(self) -> tuple[int, socket.socket]:
        """Start one: its number, which only this launcher understands, and our end of the socket to it.

        Raises:
            OSError: somebody, as a rule the kernel for want of memory, has killed it while it started.
            SandboxError: no process can be started for another reason.
        """
        ...

    def complaint(self, number: int) -> str:
        """The last line that the process has written to its standard error; empty if there is none."""
        ...

    def kill(self, number: int) -> None:
        """End one with everything it started. Harmless when it has ended already."""
        ...

    def interrupt(self, number: int) -> None:
        """Interrupt one, as Ctrl-C would. Harmless when it has ended already."""
        ...

    def seconds_in_queue(self, number: int) -> float:
        """Seconds that one was ready to run and had no core, since it began; 0 where that cannot be told."""
        ...

    def close(self) -> None:
        """End all of them."""
        ...


def because(error: Exception, complaint: str) -> str:
    """What went wrong, in the process's own last words if it had any."""
    return f"{error} ({complaint})" if complaint else str(error)
