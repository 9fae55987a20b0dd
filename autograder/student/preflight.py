"""Whether the course can run here: what is in its way, in one sentence each, with what to do.

Nothing heavy is imported, and nothing of the engine: this is asked before anything else, and where nothing else works.
A student's ``random.py`` hides what much of Python's own library is made with, so most of that is imported late too.
"""

import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from importlib.machinery import BuiltinImporter, FrozenImporter, PathFinder
from pathlib import Path
from traceback import walk_tb

__all__ = ["NotReady", "complaints", "hidden_in", "reason_for", "stop_if_hidden"]

#: The distribution whose requirements are what the course needs.
_DISTRIBUTION = "neurons-to-network"
#: How modules are called whose distributions have another name.
_MODULES = {"ipython": "IPython", "pillow": "PIL"}
#: The module that decides on which computers the course runs.
_DECISIVE = "torch"
_BROWSER = "Work in your browser instead, on a JupyterHub or in Google Colab: START-HERE.html says how."


class NotReady(ImportError):
    """Something on this computer is in the way. A notebook shows the sentence alone, and nothing of our code."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def hidden_in(folder: Path) -> dict[str, Path]:
    """What the course needs and a file in this folder hides, by the module's name: the file.

    A file counts while it is there, and while Python has it loaded although it was renamed.
    """
    here = _modules_in(folder)
    loaded = {name: path for name, path in _loaded_from(folder).items() if name not in here}
    if not here and not loaded:
        return {}
    needed = set(_needed())
    return {name: path for name, path in {**loaded, **here}.items() if name in needed}


def reason_for(error: BaseException) -> NotReady | None:
    """The sentence for an error that a file in the current folder, or in one of PYTHONPATH, has caused; `None` if none
    has."""
    earlier: BaseException | None = error
    while earlier is not None:
        if isinstance(earlier, NotReady):  # said already, and something of ours has come between
            return earlier
        earlier = earlier.__cause__ or earlier.__context__
    folder = _importable_folder()
    if folder is None:
        return _misled()
    passed = {os.path.realpath(frame.f_code.co_filename) for frame, _ in walk_tb(error.__traceback__)}
    loaded = _loaded_from(folder)
    for name, path in {**loaded, **_modules_in(folder)}.items():
        if (name in loaded or os.path.realpath(path) in passed) and _is_elsewhere(name, folder):
            return NotReady(_hides(name, path))
    return _misled()


def _misled() -> NotReady | None:
    return next((NotReady(sentence) for sentence in _elsewhere()), None)


def stop_if_hidden() -> None:
    """Say it at once where a file beside the notebook hides what the course needs.

    Raises:
        NotReady: one does.
    """
    folder = _importable_folder()
    if folder is not None:
        for name, path in hidden_in(folder).items():
            raise NotReady(_hides(name, path))


def complaints(folder: Path) -> Iterator[str]:
    """Everything on this computer and in this folder that is in the way, a sentence each.

    Args:
        folder: where the student works.
    """
    hidden = hidden_in(folder)
    for name, path in hidden.items():
        yield _hides(name, path)
    missing = [name for name in _needed() if name not in hidden and importlib.util.find_spec(name) is None]
    if _DECISIVE in missing:
        yield _no_torch()
    elif missing:
        yield (
            f"Not installed in this Python ({sys.executable}): {', '.join(missing)}. Run "
            "`pip install -r requirements.txt` in the folder of START-HERE.html, with the pip of this Python."
        )
    elif _DECISIVE not in hidden:
        try:
            importlib.import_module(_DECISIVE)
        except Exception as error:
            what = " ".join(f"{type(error).__name__}: {error}".split())
            more = " Often the Microsoft Visual C++ Redistributable is missing." if sys.platform == "win32" else ""
            yield f"{_DECISIVE} is installed and does not load ({what}).{more} Install it again."
    yield from _other_python()
    yield from _elsewhere()
    if not os.access(folder, os.W_OK):
        yield f"{folder} cannot be written, so nothing that you do is saved. Copy the folder to a place of your own."


def _elsewhere() -> Iterator[str]:
    """A sentence for each module that the course needs and a folder of PYTHONPATH hides."""
    for place in filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)):
        for name in hidden_in(Path(place)):
            if not _is_elsewhere(name, Path(place)):
                continue
            yield (
                f"The environment variable PYTHONPATH makes Python take {name} from {place}. Remove the variable, then "
                "start Jupyter again from a new terminal."
            )


def _hides(name: str, path: Path) -> str:
    what = "file" if path.suffix == ".py" else "folder"
    return (
        f"Your {what} {path.name} hides the module {name} that the course needs. Give it another name, then restart "
        f"the kernel (menu Kernel, Restart Kernel). It lies in {path.parent}."
    )


def _no_torch() -> str:
    """Why torch is not there, as far as the computer tells."""
    import platform

    machine = platform.machine().lower()
    if sys.platform == "darwin" and machine == "x86_64":
        return (
            f"This is a Mac with an Intel processor, or a Python made for one, and there is no torch for it. {_BROWSER}"
        )
    if sys.platform == "win32" and machine == "arm64":
        return f"This is Windows on Arm, and there is no torch for it. {_BROWSER}"
    if sys.maxsize < 2**32:
        return "This Python has 32 bits, and there is no torch for it. Install a 64-bit Python from python.org."
    version = platform.python_version()
    return (
        f"torch is not installed in this Python ({sys.executable}). Run `pip install -r requirements.txt` in the "
        f"folder of START-HERE.html; if pip finds no torch, it is not made for Python {version} on this computer yet: "
        "take an earlier Python."
    )


def _other_python() -> Iterator[str]:
    """Jupyter's own kernel belongs to this Python."""
    try:
        kernels = importlib.import_module("jupyter_client.kernelspec")
        command = kernels.KernelSpecManager().get_kernel_spec("python3").argv[0]
    except Exception:
        return  # no Jupyter, which is told above, or none of its kernels
    if os.path.isabs(command) and os.path.dirname(command) != os.path.dirname(sys.executable):
        yield (
            f"Jupyter starts notebooks with another Python ({command}) than the one that the course is installed in "
            f"({sys.executable}). `jupyter kernelspec list` says where that kernel lies: remove its folder."
        )


def _needed() -> list[str]:
    """The modules that the course needs, by what its installation declares."""
    from importlib import metadata

    try:
        declared = metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:  # run from a folder that was never installed
        return [_DECISIVE]
    names = [re.split(r"[^\w-]", one, maxsplit=1)[0] for one in declared if "extra ==" not in one]
    return [_MODULES.get(name.lower(), name.replace("-", "_")) for name in names]


def _importable_folder() -> Path | None:
    """The current folder, if Python looks for modules in it, as it does in a notebook."""
    try:
        here = os.getcwd()
    except OSError:  # it was deleted
        return None
    return Path(here) if {"", here} & set(sys.path) else None


def _modules_in(folder: Path) -> dict[str, Path]:
    """The modules that a folder offers to Python, by name."""
    try:
        with os.scandir(folder) as entries:
            return {
                entry.name.removesuffix(".py"): Path(entry.path)
                for entry in entries
                if (entry.name.endswith(".py") and entry.is_file())
                or (
                    entry.name.isidentifier()
                    and entry.name != __name__.partition(".")[0]  # in a clone this is ours
                    and os.path.isfile(os.path.join(entry.path, "__init__.py"))
                )
            }
    except OSError:
        return {}


def _loaded_from(folder: Path) -> dict[str, Path]:
    """The modules that Python has loaded from a folder, by name."""
    found = {}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and "." not in name and name not in ("__main__", __name__.partition(".")[0]):
            path = Path(os.path.abspath(file))
            path = path.parent if path.name == "__init__.py" else path
            if path.parent == folder:
                found[name] = path
    return found


def _is_elsewhere(name: str, folder: Path) -> bool:
    """Whether there is a module of that name beside the one in this folder."""
    if BuiltinImporter.find_spec(name) or FrozenImporter.find_spec(name):
        return True
    others = [place for place in sys.path if place and Path(place) != folder]
    return PathFinder.find_spec(name, others) is not None
