"""The zygotes of one grader: the usual one, and others for assignments that are allowed more or import more."""

import contextlib
from collections.abc import Callable
from types import TracebackType
from typing import Self

from autograder.grading.kernel import Kernel
from autograder.sandbox import Zygote

__all__ = ["Zygotes"]

#: How many there are at a time beside the usual one. Submissions come sorted by assignment.
_MOST = 3


class Zygotes:
    """Gives each notebook the zygote that suits it. Use it as a context manager; the usual one is closed elsewhere.

    Args:
        usual: what allows and imports nothing of its own.
        make: makes another one for notebooks that are to find what this kernel has.
    """

    def __init__(self, usual: Zygote, make: Callable[[Kernel], Zygote]):
        self.usual = usual
        self._make = make
        self._others: dict[object, Zygote] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.ExitStack() as stack:
            for one in self._others.values():
                stack.callback(one.close)

    def suited_to(self, kernel: Kernel) -> Zygote:
        """The zygote for notebooks with this kernel."""
        wanted = kernel.of_zygote
        if wanted == Kernel(0).of_zygote:
            return self.usual
        found = self._others.pop(wanted, None)
        if found is None:
            found = self._make(kernel)
            if len(self._others) >= _MOST:
                self._others.pop(next(iter(self._others))).close()  # the one that was not used for longest
        self._others[wanted] = found
        return found
