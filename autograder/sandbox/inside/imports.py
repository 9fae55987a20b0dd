"""What an assignment's own source version imports, imported once and shared by all who are forked.

These are the instructor's imports and the libraries that are installed: no student's code takes part. An import that
shows something would show it to nobody any more, so where one does, nothing is shared.
"""

import contextlib
import importlib
import io
import warnings
from collections.abc import Iterable

__all__ = ["show_something"]


def show_something(names: Iterable[str]) -> bool:
    """Import modules, and leave out those that cannot be imported: a notebook's own import then fails as it would.

    Args:
        names: of the modules.

    Returns:
        Whether one of them has printed something or warned of something.
    """
    shown = io.StringIO()
    warned: list[object] = []
    with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown):
        for name in names:
            with warnings.catch_warnings(record=True) as caught, contextlib.suppress(Exception):
                importlib.import_module(name)
            warned += [one for one in caught if not issubclass(one.category, _NOT_SHOWN)]
    return bool(warned or shown.getvalue())


#: Warnings that Python shows to nobody unless they are `__main__`'s own doing.
_NOT_SHOWN = (DeprecationWarning, PendingDeprecationWarning, ImportWarning)
