"""Packages that a notebook imports and that are not installed: the import gives a placeholder, which fails when used.

So such an import costs only what needs the package, and not everything that is written in the same cell.
"""

import ast
import linecache
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType
from typing import Any, NoReturn

__all__ = ["imported_since", "provide"]

_imported: list[str] = []


def provide(names: Mapping[str, Any]) -> None:
    """From now on, let code whose globals are `names` import what is not installed."""
    sys.meta_path.append(_Finder(names))


def imported_since() -> list[str]:
    """The packages for which a placeholder was given since this was last asked."""
    found = list(dict.fromkeys(_imported))
    _imported.clear()
    return found


class _Finder(Loader):
    """Finds what nobody else has found, for import statements of the notebook alone."""

    def __init__(self, names: Mapping[str, Any]):
        self._names = names

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """See `importlib.abc.MetaPathFinder`."""
        package = name.partition(".")[0]
        if package != name and not isinstance(sys.modules.get(package), _Absent):
            return None
        if not self._is_asked_for(package):
            return None
        _imported.append(package)
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """See `importlib.abc.Loader`."""
        return _Absent(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""

    def _is_asked_for(self, package: str) -> bool:
        """Whether a statement of the notebook imports it, and no `try` around it has another plan for its absence."""
        frame: FrameType | None = sys._getframe(2)
        while frame is not None and "importlib" in frame.f_code.co_filename:
            frame = frame.f_back
        if frame is None or frame.f_globals is not self._names:
            return False
        source = "".join(linecache.getlines(frame.f_code.co_filename, frame.f_globals))
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError):
            return False
        tried = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Try) for part in _parts(node.body)}
        return any(
            node.lineno <= frame.f_lineno <= (node.end_lineno or node.lineno) and id(node) not in tried
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom) and package in _packages(node)
        )


def _parts(body: list[ast.stmt]) -> list[ast.AST]:
    return [part for statement in body for part in ast.walk(statement)]


def _packages(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return {name.partition(".")[0] for name in names}


class _Absent(ModuleType):
    """A module that is not there."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return _Placeholder(self.__name__.partition(".")[0])


class _Placeholder:
    """Something out of a package that is not there. It may be named, as in a type hint, and not used."""

    def __init__(self, package: str):
        self.__dict__["package"] = package

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: object) -> Any:
        return self

    def __or__(self, other: object) -> Any:
        return self

    __ror__ = __or__

    def _fail(self, *_: object, **__: object) -> NoReturn:
        package = self.__dict__["package"]
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)

    __call__ = __iter__ = __enter__ = __exit__ = __len__ = __bool__ = __next__ = __contains__ = _fail
    __setattr__ = __delattr__ = __setitem__ = __mro_entries__ = __float__ = __int__ = __index__ = _fail
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __matmul__ = __rmatmul__ = _fail
    __truediv__ = __rtruediv__ = __pow__ = __rpow__ = __neg__ = __lt__ = __gt__ = __le__ = __ge__ = _fail
