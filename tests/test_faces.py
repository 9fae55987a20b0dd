"""What each package offers, and the face of the whole: what notebooks import, and what they must never wait for."""

import ast
import importlib
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import autograder

PACKAGE = Path(autograder.__file__).parent
#: Every package of ours, found by walking.
PACKAGES = [
    ".".join(path.parent.relative_to(PACKAGE.parent).parts)
    for path in sorted(PACKAGE.rglob("__init__.py"))
    if "__pycache__" not in path.parts
]
#: The short names of the course's modules.
SHORT = ("data", "figures", "functions", "widgets")


def run(code, **environment):
    """What a fresh Python prints that runs this code."""
    command = [sys.executable, "-W", "error::ImportWarning", "-c", code]
    kept = {"PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1", **environment}
    return subprocess.run(command, env=kept, capture_output=True, text=True, check=True).stdout


# --- every package


@pytest.mark.parametrize("name", PACKAGES)
def test_package_says_what_it_offers(name):
    package = importlib.import_module(name)
    assert isinstance(package.__all__, list)
    assert len(set(package.__all__)) == len(package.__all__)
    for offered in package.__all__:
        assert getattr(package, offered) is not None
        assert not offered.startswith("_")


@pytest.mark.parametrize("name", PACKAGES)
def test_package_refuses_what_it_does_not_offer(name):
    """Some packages import late what they offer."""
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = importlib.import_module(name).no_such_name


def test_no_room_imports_from_a_private_module_of_another():
    """A module whose name begins with an underscore is its package's own; within one room, packages share them."""
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        room = parts[1]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            imported = []
            if isinstance(node, ast.Import):
                imported = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in imported:
                ours, _, rest = name.partition(".")
                is_private = any(part.startswith("_") and not part.startswith("__") for part in rest.split("."))
                if ours == "autograder" and is_private and rest.partition(".")[0] != room:
                    wrong.append(f"{'.'.join(parts)} imports {name}")
    assert not wrong


def test_types_come_with_the_package():
    assert (PACKAGE / "py.typed").exists()


# --- the face of the whole


def test_face_is_what_learners_ask_for():
    assert autograder.__all__ == ["check", "compare", "explain", "hint", "recall"]
    assert all(callable(getattr(autograder, name)) for name in autograder.__all__)


def test_face_imports_nothing_heavy_and_nothing_of_the_course():
    code = (
        "import sys, autograder\n"
        "ours = [name for name in sys.modules if name.startswith('autograder.')]\n"
        "print(ours, [name for name in ('torch', 'pytest', 'IPython', 'msgspec', 'click') if name in sys.modules])"
    )
    assert run(code).split("\n")[0] == "['autograder.student', 'autograder.student.preflight'] []"


@pytest.mark.parametrize("order", ["short, long", "long, short"])
def test_short_name_is_the_course_s_module_itself(order):
    """Whichever is imported first, and the module keeps its own name, loader and specification."""
    code = (
        "import importlib, sys\n"
        "import autograder\n"
        f"for name in {SHORT}:\n"
        "    short, long = f'autograder.{name}', f'autograder.course.{name}'\n"
        f"    one, other = map(importlib.import_module, ({order}))\n"
        "    assert one is other is sys.modules[short] is sys.modules[long]\n"
        "    assert one is getattr(autograder, name) is getattr(autograder.course, name)\n"
        "    assert one.__name__ == one.__spec__.name == long\n"
        "    assert type(one.__loader__).__module__ == '_frozen_importlib_external'\n"
        "    assert one.__spec__.loader is one.__loader__\n"
        "    assert importlib.reload(one) is sys.modules[short]\n"
    )
    assert run(code) == ""


def test_notebooks_import_as_they_always_have():
    code = (
        "from autograder import check, compare, explain, figures, hint, recall\n"
        "from autograder import widgets\n"
        "from autograder.data import load_cells, load_mnist\n"
        "from autograder.functions import bowl, waves\n"
        "print(figures.sigmoid_curve.__module__, widgets.descent.__module__, bowl.__module__)"
    )
    assert run(code).split() == [
        "autograder.course.figures._neuron",
        "autograder.course.widgets._descent",
        "autograder.course.functions",
    ]


def test_short_names_are_imported_when_they_are_asked_for():
    code = "import sys, autograder.functions\nprint('autograder.course.figures' in sys.modules)"
    assert run(code) == "False\n"


def test_what_lies_below_a_short_name_is_one_module_too():
    code = (
        "import autograder.figures._style as short\n"
        "import autograder.course.figures._style as long\n"
        "assert short is long\n"
        "from autograder.figures import Picture\n"
        "assert Picture is long.Picture\n"
    )
    assert run(code) == ""


def test_what_is_pickled_under_either_name_is_read_under_both():
    from autograder.course import functions

    assert b"autograder.course.functions" in pickle.dumps(functions.bowl)
    assert pickle.loads(b"cautograder.functions\nbowl\n.") is functions.bowl
    assert pickle.loads(b"cautograder.course.functions\nbowl\n.") is functions.bowl


@pytest.mark.parametrize("name", ["datas", "figures.nothing", "lessons"])
def test_other_names_are_not_there(name):
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(f"autograder.{name}")


def test_short_name_can_be_looked_for_without_importing_it():
    code = (
        "import sys, importlib.util, autograder\n"
        f"for name in {SHORT}:\n"
        "    assert importlib.util.find_spec(f'autograder.{name}').name == f'autograder.{name}'\n"
        "    assert f'autograder.course.{name}' not in sys.modules\n"
    )
    assert run(code) == ""


# --- check and hint of the face


def test_check_finds_what_the_script_defines():
    code = (
        "from autograder import check\n"
        "def sigmoid(z):\n"
        "    return z\n"
        "def ask():\n"
        "    return check('sigmoid')\n"
        "print(ask().result.outcome)"
    )
    assert run(code) in ("failed\n", "partial\n")


def test_unknown_question_is_a_sentence():
    for ask in (autograder.check, autograder.hint):
        with pytest.raises(ValueError, match=r"There is no question 'sofmax'\. The questions are: exactly_one,"):
            ask("sofmax")


def test_in_a_worker_they_are_silent_and_import_nothing():
    code = (
        "import sys\n"
        "from autograder import check, hint\n"
        "print(check('softmax'), hint('softmax'), check('no such question'))\n"
        "print([name for name in sys.modules if name.startswith('autograder.')])"
    )
    assert run(code, AUTOGRADER_CHECKS="off") == "None None None\n[]\n"


def test_mistake_of_ours_prints_nothing_where_nobody_reads_the_log():
    code = "import logging, autograder\nlogging.getLogger('autograder.any').error('A sentence.')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
