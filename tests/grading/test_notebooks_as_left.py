"""A hundred notebooks as students really leave them: every right answer has its points, whatever lies around it.

Each is a lesson whose answers are right, with three habits of students added. No habit is worth a point less.
"""

import json
from itertools import count

import pytest

from autograder.course.contents import COURSE
from autograder.grading.grader import with_grader
from autograder.grading.submissions import Submission
from autograder.instructor.demo.pretend_class import fill_in, reference_answers

LESSONS = [lesson for lesson in COURSE.lessons if lesson.name[0] in "12345"]
HOW_MANY = 100

_ids = count()


def code(source):
    cell = {"cell_type": "code", "id": f"own-{next(_ids)}", "metadata": {}, "source": source}
    return {**cell, "outputs": [], "execution_count": None}


class Draft:
    """A notebook in the making."""

    def __init__(self, lesson):
        self.lesson = lesson
        answers = reference_answers(lesson, COURSE)
        self.cells = json.loads(fill_in(lesson.notebook(COURSE.home / "assignments").read_text(), answers))["cells"]
        self.functions = [one.name for one in lesson.questions if one.signature and not one.is_value]
        self._tops = {}

    def place(self, name):
        names = [cell["metadata"].get("nbgrader", {}).get("grade_id") or cell["id"] for cell in self.cells]
        return names.index(name)

    def graded(self, function):
        """The place of the question's graded cell; of its answer, where a student has deleted that."""
        try:
            return self.place(function)
        except ValueError:
            return self.place(f"{function}-answer")

    def answer(self, function):
        return self.cells[self.place(f"{function}-answer")]

    def source(self, function):
        return "".join(self.answer(function)["source"])

    def at_the_top(self, source):
        self.cells.insert(0, code(source))

    def at_the_end(self, source):
        self.cells.append(code(source))

    def below(self, function, source):
        """Behind the question's graded cell."""
        self.cells.insert(self.graded(function) + 1, code(source))

    def above(self, function, source):
        """In front of the question's answer."""
        self.cells.insert(self.place(f"{function}-answer"), code(source))

    def prefix(self, function, lines):
        self.answer(function)["source"] = f"{lines}\n{self.source(function)}"

    def top(self, function, line, rank):
        """A line that has to be the first of the answer's cell, of several that with the lowest rank."""
        self._tops.setdefault(function, []).append((rank, line))

    def finished(self):
        for function, lines in self._tops.items():
            self.prefix(function, "\n".join(line for _, line in sorted(lines)))
        return self.cells

    def suffix(self, function, lines):
        self.answer(function)["source"] = f"{self.source(function)}\n{lines}"

    def move(self, name, behind):
        cell = self.cells.pop(self.place(name))
        self.cells.insert(len(self.cells) if behind is None else self.place(behind) + 1, cell)

    def wrapped(self, function):
        """The answer under another name, and what is left of its parameters."""
        question = self.lesson.find(function)
        inside = question.signature.partition("(")[2].rstrip(")")
        return self.source(function).replace(f"def {function}(", f"def my_{function}(", 1), inside, question.parameters


HABITS = {}


def habit(function):
    HABITS[function.__name__] = function
    return function


@habit
def scratch_cells(draft):
    for function in draft.functions:
        draft.above(function, "x = torch.arange(6.).reshape(2, 3)\nprint(x)\nx.shape")
    draft.at_the_end("x, y, z, w, b, X, W = 1, 2, 3, 4, 5, 6, 7")


@habit
def scratch_that_fails(draft):
    draft.above(draft.functions[0], "torch.tensor([1, 2]) @ torch.tensor([1, 2, 3])")
    draft.below(draft.functions[-1], "1 / 0")
    draft.at_the_end("undefined_name")


@habit
def half_a_line(draft):
    draft.above(draft.functions[-1], "def softmax(")
    draft.at_the_end("for i in range(3)\n    print(i)")


@habit
def pip_lines(draft):
    draft.at_the_top("!pip install torch numpy\n%pip install matplotlib\n!pip3 install -q tqdm\nimport torch")
    draft.prefix(draft.functions[0], "!pip install einops")


@habit
def shell_lines(draft):
    draft.at_the_top("!ls -la\nfiles = !ls\n!nvidia-smi\n%pwd")


@habit
def magics(draft):
    draft.at_the_top(
        "%matplotlib inline\n%load_ext autoreload\n%autoreload 2\n%config InlineBackend.figure_format='svg'"
    )
    draft.prefix(draft.functions[0], "%matplotlib inline")


@habit
def timed_cells(draft):
    draft.top(draft.functions[0], "%%time", 1)
    draft.at_the_end("%timeit -n 2 -r 1 sum(range(10))")
    draft.above(draft.functions[-1], "%%timeit -n 1 -r 1\ntorch.rand(3)")


@habit
def captured_cell(draft):
    draft.top(draft.functions[-1], "%%capture", 1)


@habit
def missing_package_first(draft):
    draft.prefix(draft.functions[0], "from fancy_progress import bar\nimport seaborn as sns")


@habit
def missing_package_in_imports(draft):
    draft.at_the_top("import torch, fancy_library\nimport numpy as np\nfrom fancy_types import Float, Tensor as T")
    first = draft.functions[0]
    answer = draft.answer(first)
    answer["source"] = draft.source(first).replace("):", ") -> \"Float[T, 'm']\":", 1)


@habit
def missing_package_tried(draft):
    draft.prefix(draft.functions[-1], "try:\n    import fancy_gpu\nexcept ImportError:\n    fancy_gpu = None")


@habit
def progress_bars(draft):
    draft.at_the_top("from tqdm import tqdm\nfrom tqdm.auto import trange\nfor i in tqdm(range(3)): pass")


@habit
def number_takes_the_name(draft):
    for function in draft.functions:
        draft.below(function, f"{function} = 0.5\nprint({function})")


@habit
def loop_takes_the_name(draft):
    draft.below(draft.functions[0], f"for {draft.functions[0]} in range(3):\n    print({draft.functions[0]})")


@habit
def other_version_at_the_end(draft):
    for function in draft.functions:
        draft.at_the_end(f"def {function}(*args, **kwargs):\n    # another idea\n    return torch.zeros(1)")


@habit
def other_version_first(draft):
    function = draft.functions[-1]
    draft.prefix(function, f"def {function}(*args):\n    return None\n")


@habit
def stub_again_at_the_end(draft):
    function = draft.functions[0]
    draft.at_the_end(f"def {function}(*args):\n    # YOUR CODE HERE\n    raise NotImplementedError()")


@habit
def stub_line_is_left(draft):
    for function in draft.functions:
        draft.suffix(function, "    # YOUR CODE HERE\n    raise NotImplementedError()")


@habit
def answer_below_its_check(draft):
    draft.move(f"{draft.functions[0]}-answer", None)


@habit
def answers_in_another_order(draft):
    first, last = draft.functions[0], draft.functions[-1]
    draft.move(f"{first}-answer", f"{last}-answer")


@habit
def answer_in_an_own_cell(draft):
    function = draft.functions[0]
    draft.below(function, draft.source(function))
    draft.answer(function)["source"] = "# see below"


@habit
def check_twice(draft):
    function = draft.functions[0]
    draft.cells.append(draft.cells[draft.graded(function)])
    draft.at_the_end(f'check("{function}")')


@habit
def check_deleted(draft):
    draft.cells.pop(draft.graded(draft.functions[-1]))


@habit
def asks_for_hints(draft):
    function = draft.functions[0]
    draft.above(function, f'hint("{function}")\nhint("{function}")')
    draft.at_the_end(f"help({function})")
    draft.at_the_end(f"?{function}")
    draft.at_the_end(f"{function}??")


@habit
def helper_in_another_cell(draft):
    function = draft.functions[-1]
    source, inside, parameters = draft.wrapped(function)
    draft.above(function, source)
    draft.answer(function)["source"] = f"def {function}({inside}):\n    return my_{function}({', '.join(parameters)})"


@habit
def helper_below(draft):
    function = draft.functions[0]
    source, inside, parameters = draft.wrapped(function)
    draft.at_the_end(source)
    draft.answer(function)["source"] = f"def {function}({inside}):\n    return my_{function}({', '.join(parameters)})"


@habit
def helper_replaced(draft):
    helper_in_another_cell(draft)
    draft.at_the_end(f"my_{draft.functions[-1]} = None")


@habit
def class_with_methods(draft):
    function = draft.functions[0]
    source, inside, parameters = draft.wrapped(function)
    body = "\n".join(f"    {line}" for line in ["@staticmethod", *source.splitlines()])
    draft.answer(function)["source"] = (
        f"class Solution:\n{body}\n\nsolution = Solution()\n"
        f"def {function}({inside}):\n    return solution.my_{function}({', '.join(parameters)})"
    )
    draft.at_the_end("class Solution:\n    pass")


@habit
def lambda_for_a_function(draft):
    function = draft.functions[-1]
    source, inside, parameters = draft.wrapped(function)
    draft.answer(function)["source"] = f"{source}\n{function} = lambda {inside}: my_{function}({', '.join(parameters)})"


@habit
def decorated(draft):
    for function in draft.functions[:1]:
        draft.above(
            function,
            "import functools, time\n\ndef timed(f):\n    @functools.wraps(f)\n    def inner(*args, **kwargs):\n"
            "        begin = time.time()\n        result = f(*args, **kwargs)\n"
            "        print(f.__name__, time.time() - begin)\n        return result\n    return inner",
        )
        source = draft.source(function)
        draft.answer(function)["source"] = source.replace(
            f"def {function}(", f"@timed\n@torch.no_grad()\ndef {function}("
        )


@habit
def prints_in_functions(draft):
    function = draft.functions[0]
    parameter = draft.lesson.find(function).parameters[0]
    source = draft.source(function)
    last = source.rindex("    return ")
    draft.answer(function)["source"] = source[:last] + f'    print("given", {parameter})\n' + source[last:]


@habit
def torch_under_another_name(draft):
    draft.at_the_top(
        "import torch as t\nfrom torch import nn, tensor, exp\nimport torch.nn.functional as F\nimport torch"
    )


@habit
def torch_is_deleted(draft):
    draft.at_the_end("del torch")


@habit
def torch_is_a_text(draft):
    draft.at_the_end('torch = "pytorch"\nnp = None')


@habit
def reset_at_the_end(draft):
    draft.at_the_end("%reset -f")


@habit
def names_of_python_taken(draft):
    draft.at_the_end("sum = 3\nlist = [1, 2]\nlen = 5\nmax = min = None\nrange = 7\nzip = enumerate = dict = str = 0")


@habit
def stars(draft):
    draft.at_the_end("from math import *\nfrom random import *\nfrom numpy import *")


@habit
def settings_at_the_end(draft):
    draft.at_the_end("torch.set_default_dtype(torch.float64)\ntorch.set_grad_enabled(False)")


@habit
def warnings_become_errors(draft):
    draft.at_the_end("import warnings, numpy as np\nwarnings.filterwarnings('error')\nnp.seterr(all='raise')")


@habit
def settings_at_the_top(draft):
    draft.at_the_top("import torch\ntorch.manual_seed(42)\ntorch.set_printoptions(precision=2, sci_mode=False)")
    draft.at_the_top("import warnings\nwarnings.filterwarnings('ignore')")


@habit
def asks_for_input(draft):
    draft.at_the_end('name = input("Your name? ")')
    draft.above(draft.functions[0], "n = int(input())")


@habit
def leaves(draft):
    draft.above(draft.functions[-1], "exit()")
    draft.at_the_end("import sys\nsys.exit(0)")


@habit
def ends_the_process(draft):
    draft.at_the_end("import os\nos._exit(0)")


@habit
def moves_about(draft):
    draft.above(draft.functions[0], "import os\nos.makedirs('work', exist_ok=True)\nos.chdir('work')")


@habit
def writes_files(draft):
    draft.above(draft.functions[0], "%%writefile notes.txt\nremember the bias")
    draft.at_the_end("open('weights.csv', 'w').write('1,2,3')\ntorch.save(torch.ones(3), 'weights.pt')")


@habit
def own_module(draft):
    draft.above(draft.functions[0], "%%writefile my_helpers.py\ndef twice(x):\n    return 2 * x")
    draft.above(draft.functions[0], "from my_helpers import twice\ntwice(3)")


@habit
def reads_a_file_that_is_not_there(draft):
    draft.at_the_end("import csv\nrows = list(csv.reader(open('/home/me/Downloads/data.csv')))")


@habit
def goes_online(draft):
    draft.at_the_end("import urllib.request\nurllib.request.urlopen('https://example.com').read()")


@habit
def plots(draft):
    draft.at_the_end("import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\nplt.title('loss')\nplt.show()")


@habit
def prints_a_lot(draft):
    draft.at_the_end("for i in range(3000):\n    print(i, 'x' * 100)")


@habit
def waits(draft):
    draft.at_the_end("import asyncio\nawait asyncio.sleep(0.01)\nimport time\ntime.sleep(0.05)")


@habit
def guarded_main(draft):
    draft.at_the_end('def main():\n    print("done")\n\nif __name__ == "__main__":\n    main()')


@habit
def asserts(draft):
    draft.below(draft.functions[0], f"assert callable({draft.functions[0]}), 'no function'")
    draft.at_the_end("assert False, 'to do: think about this'")


@habit
def notes_in_other_languages(draft):
    draft.prefix(draft.functions[0], "# Übung: Gewichte 🙂 — 重み\nπ = 3.14")


@habit
def comments_only(draft):
    draft.above(draft.functions[0], "# todo\n\n")
    draft.above(draft.functions[0], "   ")
    draft.at_the_end("'''\nold attempt:\ndef f(x): return x\n'''")


@habit
def future_import(draft):
    draft.top(draft.functions[0], "from __future__ import annotations", 2)


@habit
def global_counter(draft):
    function = draft.functions[0]
    source = draft.source(function)
    last = source.rindex("    return ")
    draft.answer(function)["source"] = (
        "calls = 0\n" + source[:last] + "    global calls\n    calls += 1\n" + source[last:]
    )
    draft.at_the_end("calls = None")


@habit
def constants_above(draft):
    """A number that the function reads, and that a later cell changes in place."""
    function = draft.functions[-1]
    source = draft.source(function)
    last = source.rindex("    return ")
    draft.answer(function)["source"] = (
        "settings = {'on': True}\n" + source[:last] + "    assert settings['on']\n" + source[last:]
    )
    draft.at_the_end("settings['on'] = False")


@habit
def functions_deleted(draft):
    draft.at_the_end(f"del {draft.functions[0]}")


@habit
def answer_cell_copied(draft):
    draft.cells.append({**draft.answer(draft.functions[-1]), "id": "copy"})


@habit
def threads(draft):
    draft.at_the_end(
        "import threading\nthreading.Thread(target=print, args=('hello',)).start()\ntorch.set_num_threads(4)"
    )


#: Those that leave a function, or what it needs, below the cell in which it is checked, or leave no such cell.
BELOW = {"answer_below_its_check", "answers_in_another_order", "answer_in_an_own_cell", "helper_below", "check_deleted"}
#: Those that take it away further down. With one of the others, it stands as it should nowhere that anybody looked at.
GONE = {
    *("number_takes_the_name", "loop_takes_the_name", "other_version_at_the_end", "stub_again_at_the_end"),
    *("helper_replaced", "class_with_methods", "torch_is_deleted", "torch_is_a_text", "reset_at_the_end"),
    *("names_of_python_taken", "stars", "settings_at_the_end", "warnings_become_errors", "constants_above"),
    *("functions_deleted", "global_counter"),
}


def drafts():
    """Lessons in turn, each with three habits; every habit meets several lessons and other habits."""
    names = list(HABITS)
    for number in range(HOW_MANY):
        lesson = LESSONS[number % len(LESSONS)]
        three = []
        for step, shift in ((1, 0), (7, 3), (11, 17)):
            start = number * step + shift
            candidates = (names[(start + further) % len(names)] for further in range(len(names)))
            three.append(next(name for name in candidates if _go_together([*three, name])))
        yield f"{number}: {lesson.name}, {', '.join(three)}", lesson, three


def _go_together(habits):
    return len(set(habits)) == len(habits) and not (BELOW & set(habits) and GONE & set(habits))


NOTEBOOKS = {name: (lesson, habits) for name, lesson, habits in drafts()}


@pytest.fixture(scope="module")
def graded_as_left(request, tmp_path_factory, fork_server):
    folder = tmp_path_factory.mktemp("left")
    mine = [item for item in request.session.items if "graded_as_left" in item.fixturenames]
    wanted = {item.callspec.params["name"] for item in mine}

    def grade(grader):
        found = {}
        for number, name in enumerate(wanted):
            lesson, habits = NOTEBOOKS[name]
            draft = Draft(lesson)
            for one in habits:
                HABITS[one](draft)
            path = folder / f"{number}.ipynb"
            notebook = json.loads(lesson.notebook(COURSE.home / "assignments").read_text())
            path.write_text(json.dumps({**notebook, "cells": draft.finished()}))
            found[name] = grader.grade(Submission("student", lesson.name, path))
        return found

    return with_grader(grade, COURSE, fork_server=fork_server)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_right_answers_have_their_points(graded_as_left, name):
    result = graded_as_left[name]
    assert result.problem is None
    lost = {
        question.name: [question.outcome, question.note, *(test.message for test in question.tests if test.message)]
        for question in result.questions
        if question.outcome != "passed"
    }
    assert lost == {}, result.notes


def test_every_habit_is_there_more_than_once():
    for name in HABITS:
        assert sum(name in habits for _, habits in NOTEBOOKS.values()) >= 2
