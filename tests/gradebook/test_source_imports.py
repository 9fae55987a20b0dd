"""What a source version imports, as far as it can be seen."""

import subprocess
import sys

import pytest

from autograder.gradebook.source_imports import not_beside, source_imports


def test_imports_of_all_notebooks_without_pythons_own(tmp_path, notebook, code_cell):
    cells = (
        "%matplotlib inline\nimport os, numpy as np\n!ls\nimport pandas",
        "def f():\n    from sklearn.linear_model import LinearRegression as L, Ridge\nfrom matplotlib import pyplot",
        "from . import mine\nfrom .mine import other\nfrom helper import *\nimport numpy",
        "this is no Python",
    )
    (tmp_path / "a.ipynb").write_bytes(notebook(*map(code_cell, cells[:2])))
    (tmp_path / "b.ipynb").write_bytes(notebook(*map(code_cell, cells[2:])))
    (tmp_path / "broken.ipynb").write_text("{")
    assert source_imports(tmp_path) == (
        *("numpy", "pandas", "matplotlib", "matplotlib.pyplot", "sklearn.linear_model"),
        *("sklearn.linear_model.LinearRegression", "sklearn.linear_model.Ridge", "helper"),
    )


@pytest.mark.parametrize(
    "source",
    ["torch.optim.SGD(p, lr=1)", "from torch import optim as o\no = optim.Adam", "from torch.optim import SGD"],
)
def test_who_makes_an_optimizer_imports_what_torch_imports_for_it(source, tmp_path, notebook, code_cell):
    (tmp_path / "a.ipynb").write_bytes(notebook(code_cell(f"import torch\n{source}")))
    assert "torch._dynamo" in source_imports(tmp_path)


def test_torch_imports_it_for_the_first_optimizer_and_not_before():
    code = (
        "import sys, torch\n"
        "w = torch.ones(1, requires_grad=True)\n"
        "(w * w).backward()\n"
        "print('torch._dynamo' in sys.modules)\n"
        "torch.optim.SGD([w])\n"
        "print('torch._dynamo' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_no_folder_imports_nothing(tmp_path):
    assert source_imports(tmp_path / "nowhere") == ()


def test_what_lies_beside_the_notebook_is_not_imported_from_elsewhere():
    """A file `tests.py` of the assignment's comes before a package of that name, wherever it is installed."""
    imports = ("numpy", "tests", "tests.right", "tools.sub", "numpyro")
    assert not_beside(imports, ["tests.py", "tools/sub.py", "data.csv", "numpy.txt"]) == ("numpy", "numpyro")
