"""What a student's functions learn while they are asked reaches no page, and changes no cell.

Functions keep what they are given, in every way that a process has, and later cells look for it and print it. There are
no such cells while a question is asked: all of them have been run before.
"""

import json
import re

import pytest

from autograder.course.contents import COURSE
from autograder.grading.fork_server import surroundings_of
from autograder.grading.grader import Grader
from autograder.instructor.demo.pretend_class import fill_in, reference_answers
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.runner import with_suites
from autograder.notebooks.reading import parse_notebook
from autograder.sandbox import Zygote

LESSON = COURSE.find_lesson("4-network")

#: By what they use to remember: what stands above the function, what it does with its argument, and a later cell that
#: prints what it finds. That cell also makes another function of it, so that it is asked as it was before, too.
WAYS = {
    "a global": ("kept = []", "kept.append(z)", "print('ASKED' if kept else 'nothing')"),
    "a file": (
        "import os",
        "open('kept.txt', 'a').write(str(z))",
        "print('ASKED' if os.path.exists('kept.txt') else 'nothing')",
    ),
    "a file at home": (
        "from pathlib import Path",
        "(Path.home() / 'kept.txt').write_text(str(z))",
        "print('ASKED' if (Path.home() / 'kept.txt').exists() else 'nothing')",
    ),
    "an environment variable": (
        "import os",
        "os.environ['KEPT'] = str(z)",
        "print('ASKED' if 'KEPT' in os.environ else 'nothing')",
    ),
    "numpy's generator": (
        "import numpy as np\nnp.random.seed(1)",
        "np.random.rand(3)",
        "print('nothing' if np.random.get_state()[2] == 624 else 'ASKED')",
    ),
    "torch's generator": (
        "import torch\ntorch.manual_seed(1)\nfirst = torch.get_rng_state()",
        "torch.rand(3)",
        "print('nothing' if torch.equal(torch.get_rng_state(), first) else 'ASKED')",
    ),
    "a mutable default": (
        "",
        "softmax.__defaults__ and softmax.__defaults__[0].append(z)",
        "print('ASKED' if softmax.__defaults__ and softmax.__defaults__[0] else 'nothing')",
    ),
    "the function itself": (
        "",
        "softmax.kept = z",
        "print('ASKED' if hasattr(softmax, 'kept') else 'nothing')",
    ),
    "a module": (
        "import math",
        "math.kept = z",
        "print('ASKED' if hasattr(math, 'kept') else 'nothing')",
    ),
    "the shell": (
        "",
        "get_ipython().user_ns['kept'] = z",
        "print('ASKED' if 'kept' in globals() else 'nothing')",
    ),
    "a display that changes": (
        "from IPython.display import display\nshown = display('nothing', display_id=True)",
        "shown.update(f'ASKED {z}')",
        "print('nothing')",
    ),
    "a thread": (
        "import queue, threading\nkept = queue.Queue()\n"
        "threading.Thread(target=lambda: print('ASKED', kept.get()), daemon=True).start()",
        "kept.put(z)",
        "import time\ntime.sleep(0.05)\nprint('nothing')",
    ),
    "the end of the process": (
        "import atexit",
        "atexit.register(print, 'ASKED', z)",
        "print('nothing')",
    ),
    "the end of the next cell": (
        "",
        "get_ipython().events.register('post_run_cell', lambda *_: print('ASKED', z))",
        "print('nothing')",
    ),
    "an exception in the next cell": (
        "kept = []",
        "kept.append(z)",
        "print('nothing')\nif kept: raise ValueError(f'ASKED {kept}')",
    ),
    "a process that dies while it is asked": (
        "import os\nfrom pathlib import Path\nkept = Path.home() / 'kept.txt'\n"
        "if kept.exists(): raise ValueError(f'ASKED {kept.read_text()}')",
        "kept.write_text(str(z)); os._exit(1)",
        "print('nothing')",
    ),
}


def notebook(way):
    above, keep, look = WAYS[way]
    answers = reference_answers(LESSON, COURSE)
    answers["softmax"] = f"{above}\ndef softmax(z, also=[]):\n    {keep}\n    return z"
    content = json.loads(fill_in(LESSON.notebook(COURSE.home / "assignments").read_text(), answers))
    cells = content["cells"]
    below = next(
        place for place, cell in enumerate(cells) if cell["metadata"].get("nbgrader", {}).get("grade_id") == "softmax"
    )
    for place, source in ((below + 1, look), (len(cells) + 1, look + "\nsoftmax = 3")):
        own = {"cell_type": "code", "id": f"own-{place}", "metadata": {}, "source": source}
        cells.insert(place, {**own, "outputs": [], "execution_count": None})
    return parse_notebook(json.dumps(content).encode())


@pytest.fixture(scope="module", params=["forked", "begun anew"])
def runs(request, few):
    """What came of each of them, where workers are forked, and where each is a Python of its own."""
    forked = request.param == "forked"
    server = request.getfixturevalue("fork_server") if forked else None
    ways = list(WAYS) if forked else few(["a file at home", "a global", "a thread"], 1)

    def run_all(suites):
        with Zygote(surroundings_of(COURSE), fork=forked, fork_server=server) as zygote:
            grader = Grader(suites, zygote)
            return {way: grader.run(LESSON, notebook(way)) for way in ways}

    return with_suites(run_all, COURSE, ReferenceSolutions(COURSE), (LESSON,))


def test_nothing_is_printed_of_it(runs):
    for way, run in runs.items():
        said = str([run.outputs, run.reports, run.notes])
        assert "nothing" in said, way
        assert "ASKED" not in said, way


def test_questions_were_asked_as_they_were_checked(runs):
    """And not only at the end, where the function is none any more."""
    for way, run in runs.items():
        (softmax,) = [one for one in run.questions if one.name == "softmax"]
        assert softmax.outcome in ("failed", "error"), way
        assert re.fullmatch(r"Cell \d+, further down, makes something else of `softmax`\. .*", softmax.note), way


def test_other_questions_lose_nothing(runs):
    for way, run in runs.items():
        assert {one.outcome for one in run.questions if one.name != "softmax"} == {"passed"}, way
