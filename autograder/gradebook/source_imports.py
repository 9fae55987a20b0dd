"""What an assignment's own source version imports: the instructor's code, and so what every submission needs."""

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.notebooks.reading import NotebookError, read_notebook

#: What torch imports when the first optimizer is made, 800 modules in a second, and imports nowhere before.
_OF_OPTIMIZERS = "torch._dynamo"

#: No assignment imports so much; it bounds what is sent to a process.
_MOST = 200


def source_imports(folder: Path) -> tuple[str, ...]:
    """Names of the modules that the notebooks in a source version's folder import, Python's own left out, in order.

    Some of them may be no modules: of ``from a import b`` it cannot be seen here whether `b` is one.
    """
    found: dict[str, None] = {}
    for path in sorted(folder.glob("*.ipynb")):
        try:
            notebook = read_notebook(path)
        except NotebookError:  # nbgrader will say what it thinks of it
            continue
        for cell in notebook.cells:
            if cell.cell_type == "code":
                found |= dict.fromkeys(_imported(cell.source))
    return tuple(name for name in found if name.partition(".")[0] not in sys.stdlib_module_names)[:_MOST]


def not_beside(imports: Iterable[str], files: Iterable[str]) -> tuple[str, ...]:
    """Those of the modules that are no files beside the notebook, which come before what is installed.

    Args:
        imports: names of modules.
        files: relative names of what lies beside the notebook.
    """
    own = {name.partition("/")[0].removesuffix(".py") for name in files}
    return tuple(name for name in imports if name.partition(".")[0] not in own)


def _imported(source: str) -> Iterator[str]:
    lines = ("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())
    try:
        tree = ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if alias.name != "*")
    if any(_names_optimizers(node) for node in ast.walk(tree)):
        yield _OF_OPTIMIZERS


def _names_optimizers(node: ast.AST) -> bool:
    """Whether it is ``torch.optim`` or ``optim``, or an import from there."""
    match node:
        case ast.Attribute(attr="optim") | ast.Name(id="optim") | ast.ImportFrom(module="torch.optim"):
            return True
    return False
