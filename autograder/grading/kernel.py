"""What a notebook that is no lesson of ours expects around it, as it would find it in a kernel."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from autograder.sandbox import Limits, Permissions

__all__ = ["REFUSALS", "Kernel", "refusal_sentence", "withheld_sentence"]

#: What the sandbox does not give, in words, by the name that the wire has for it.
REFUSALS: dict[str, str] = {
    "programs": "to start other programs",
    "processes": "to start processes",
    "network": "to use the network",
    "files": "to use files outside the notebook's folder",
    "memory": "to use so much memory",
    "disk": "to write so much",
    "threads": "to start so many threads",
}


def refusal_sentence(kinds: Iterable[str]) -> str:
    """What a student, and whoever grades by hand, reads beside a cell that asked for such things."""
    wanted = [REFUSALS[kind] for kind in kinds]
    first = ", ".join(wanted[:-1])
    return (
        f"The grading sandbox does not allow this cell {first + ' and ' if first else ''}{wanted[-1]}. "
        "That is not your mistake. Your instructor sees this, and can grade the cell by hand."
    )


def withheld_sentence(kinds: Iterable[str]) -> str:
    """What an instructor reads who has allowed what the machine cannot allow."""
    wanted = " and ".join(REFUSALS[kind] for kind in kinds)
    return (
        f"The settings allow cells {wanted}, and this machine cannot: it keeps submissions apart too little for that. "
        "`autograder doctor` says what it lacks."
    )


class Kernel(NamedTuple):
    """The place and the means of one notebook.

    Attributes:
        cell_seconds: how long each cell may take.
        files: what lies in its folder, by relative name; see `autograder.sandbox.wire.files`.
        folder: what its folder is called.
        environment: variables that its kernel sets.
        permissions: what it may do beyond running in its own process and folder.
        limits: what it may use.
        imports: names of modules that the assignment's source version imports.
    """

    cell_seconds: float
    files: Mapping[str, bytes] = {}
    folder: str = "notebook"
    environment: Mapping[str, str] = {}
    permissions: Permissions = Permissions()
    limits: Limits = Limits()
    imports: tuple[str, ...] = ()

    @property
    def of_zygote(self) -> tuple[Permissions, Limits, tuple[str, ...]]:
        """What notebooks have in common that can be forked from one zygote."""
        return self.permissions, self.limits, self.imports
