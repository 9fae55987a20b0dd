"""Grading whatever students hand in: one clear sentence for what is wrong, and the marks it still deserves."""

import contextlib
import json

import pytest
import torch

from autograder.course.contents import COURSE
from autograder.grading.grader import Grader, with_grader
from autograder.grading.lesson_run import SUBMISSION_SECONDS
from autograder.grading.submissions import find_submissions
from autograder.instructor.demo.pretend_class import fill_in, reference_answers
from autograder.judging.outcomes import Returned
from autograder.judging.reference import ReferenceSolutions, load_solution
from autograder.judging.runner import with_suites
from autograder.notebooks.reading import parse_notebook

NETWORK = COURSE.find_lesson("4-network")
RELEASE = NETWORK.notebook(COURSE.home / "assignments").read_text()


def solved(**answers):
    """The solved notebook of lesson 4, some answers replaced."""
    return fill_in(RELEASE, {**reference_answers(NETWORK, COURSE), **answers})


def edited(edit, text=None):
    """A notebook's text after `edit` has changed its list of cells in place."""
    notebook = json.loads(text or solved())
    edit(notebook["cells"])
    return json.dumps(notebook)


def with_cell(source, text=None):
    """The solved notebook with one more cell, right after its set-up cell."""
    cell = {"cell_type": "code", "id": "mine", "metadata": {}, "source": source, "outputs": [], "execution_count": None}

    def insert(cells):
        place = next(i for i, one in enumerate(cells) if one["id"] == "setup")
        cells.insert(place + 1, cell)

    return edited(insert, text)


def without(grade_id):
    return edited(lambda cells: _remove(cells, grade_id))


def _remove(cells, grade_id):
    cells[:] = [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade_id") != grade_id]


def _double(cells, grade_id):
    cells.append(next(cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id))


SUBMISSIONS = {
    "solved": solved(),
    "untouched": RELEASE,
    "not-json": solved()[:500],
    "not-a-notebook": '["a", "list"]',
    "other-json": '{"answer": 42}',
    "empty": "",
    "format-3": json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}),
    "graded-cell-missing": without("softmax"),
    "graded-cell-twice": edited(lambda cells: _double(cells, "softmax")),
    "answer-deleted": without("softmax-answer"),
    "syntax-error": solved(softmax="def softmax(z):\n    return torch.exp(z"),
    "cell-raises": with_cell("print('before')\n1 / 0"),
    "asks-for-input": with_cell("name = input('Your name? ')"),
    "cell-loops": with_cell("while True:\n    pass"),
    "function-loops": solved(
        predict_digits="def predict_digits(probs):\n    while probs.shape == (4, 3):\n        pass\n"
        "    return probs.argmax(1)"
    ),
    "function-ends-its-process": solved(softmax="import os\n\ndef softmax(z):\n    os._exit(0)"),
    "returns-nothing": solved(softmax="def softmax(z):\n    torch.softmax(z, dim=1)"),
    "misspelt": solved(softmax="def softmax(z):\n    return torch.sotfmax(z, dim=1)"),
    "left-the-raise-in": solved(softmax="def softmax(z):\n    e = torch.exp(z)\n    raise NotImplementedError()"),
    "not-a-function": solved(softmax="softmax = 3"),
    "warns": solved(
        softmax="import sys, warnings\n\ndef softmax(z):\n    warnings.warn('old')\n    print('!', file=sys.stderr)\n"
        "    return torch.softmax(z, dim=1)"
    ),
    "magics": with_cell("%matplotlib inline\nimport asyncio\nawait asyncio.sleep(0)\ndisplay(1)\n2 + 2"),
    "other-lesson": COURSE.find_lesson("3-layer").notebook(COURSE.home / "assignments").read_text(),
}


@pytest.fixture(scope="module")
def grade_all(fork_server):
    """``grade_all(found)``: the results of all, in turn."""

    def grade(found):
        return with_grader(lambda grader: [grader.grade(one) for one in found], COURSE, fork_server=fork_server)

    return grade


@pytest.fixture(scope="module")
def graded_all(tmp_path_factory, grade_all):
    folder = tmp_path_factory.mktemp("submitted")
    for student, text in SUBMISSIONS.items():
        path = folder / student / NETWORK.name / f"{NETWORK.name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(text)
    (folder / "no-notebook" / NETWORK.name).mkdir(parents=True)
    (folder / "unknown-lesson" / "9-transformers").mkdir(parents=True)
    (folder / "unknown-lesson" / "9-transformers" / "9-transformers.ipynb").write_text(solved())
    found = find_submissions([folder, folder / "gone" / NETWORK.name / f"{NETWORK.name}.ipynb"], COURSE)
    return {result.student: result for result in grade_all(found)}


def outcome(result, question):
    return next(one.outcome for one in result.questions if one.name == question)


def message(result, question):
    one = next(one for one in result.questions if one.name == question)
    return next(test.message for test in one.tests if test.message)


def test_everything_handed_in_has_a_result(graded_all):
    assert set(graded_all) == {*SUBMISSIONS, "no-notebook", "unknown-lesson", "gone"}


def test_reference_solution_scores_full(graded_all):
    assert (graded_all["solved"].score, graded_all["solved"].max_score) == (18, 18)
    assert graded_all["solved"].notes == ()
    assert {question.outcome for question in graded_all["solved"].questions} == {"passed"}


def test_untouched_stub_scores_0_and_is_not_attempted(graded_all):
    assert (graded_all["untouched"].score, graded_all["untouched"].max_score) == (0, 18)
    assert {question.outcome for question in graded_all["untouched"].questions} == {"not_attempted"}


@pytest.mark.parametrize(
    ("student", "sentence"),
    [
        ("not-json", "not even JSON"),
        ("not-a-notebook", "The file is not a notebook."),
        ("other-json", "The file is JSON but not a notebook."),
        ("empty", "The file is empty."),
        ("format-3", "The notebook is in format 3, this course needs format 4."),
        ("no-notebook", "There is no notebook"),
        ("gone", "There is no notebook"),
        ("unknown-lesson", "There is no lesson called '9-transformers'."),
    ],
)
def test_what_cannot_be_graded_gets_a_sentence(graded_all, student, sentence):
    assert sentence in graded_all[student].problem
    assert graded_all[student].score == 0


@pytest.mark.parametrize(
    ("student", "sentence"),
    [
        ("graded-cell-missing", "The graded cell of softmax is missing; the functions were graded all the same."),
        ("graded-cell-twice", "The graded cell of softmax appears more than once; each question was graded once."),
        ("cell-raises", "raised ZeroDivisionError: division by zero, in the line `1 / 0`."),
        (
            "asks-for-input",
            "raised StdinNotImplementedError: input() waits for somebody to type, and while grading nobody does",
        ),
        ("cell-loops", "was stopped: it ran for more than 10 seconds."),
    ],
)
def test_oddities_are_noted_and_cost_nothing(graded_all, student, sentence):
    assert any(sentence in note for note in graded_all[student].notes), graded_all[student].notes
    assert graded_all[student].score == 18


@pytest.mark.parametrize(
    ("student", "status", "sentence"),
    [
        ("answer-deleted", "not_attempted", "There is no function `softmax` in this notebook."),
        ("syntax-error", "error", "SyntaxError"),
        ("function-ends-its-process", "error", "its process ended during the call"),
        ("returns-nothing", "failed", "Did you forget `return`?"),
        ("misspelt", "error", "Your line: `return torch.sotfmax(z, dim=1)`"),
        ("left-the-raise-in", "error", "Remove that line once your own code stands above it."),
        ("not-a-function", "not_attempted", "`softmax` is not a function but int"),
    ],
)
def test_one_broken_answer_costs_that_question_alone(graded_all, student, status, sentence):
    assert outcome(graded_all[student], "softmax") == status
    assert sentence in message(graded_all[student], "softmax")
    assert graded_all[student].score == 14


def test_endless_loop_costs_what_was_asked_alone(graded_all):
    assert outcome(graded_all["function-loops"], "predict_digits") == "partial"
    assert "did not finish within 4 seconds" in message(graded_all["function-loops"], "predict_digits")
    assert graded_all["function-loops"].score == 17.5


def test_warnings_and_stderr_cost_nothing(graded_all):
    assert graded_all["warns"].score == 18


def test_cells_run_as_in_jupyter(graded_all):
    assert graded_all["magics"].score == 18
    assert graded_all["magics"].notes == ()


def test_notebook_of_another_lesson_is_told(graded_all):
    assert graded_all["other-lesson"].score == 0
    assert "notebook of another lesson" in graded_all["other-lesson"].notes[0]


def test_no_sentence_shows_our_own_code(graded_all):
    for result in graded_all.values():
        for question in result.questions:
            for test in question.tests:
                assert "Traceback" not in test.message
                assert "autograder" not in test.message


SOLVED = parse_notebook(solved().encode())


class InThisProcess:
    """Stands for a zygote and its workers: the reference solution, and what was asked of it."""

    reads, reports, outputs, not_run, confinement = {}, (), {}, {}, {}
    seconds_left = 7.0

    def __init__(self, **instead):
        self.replaced = {}
        self.opened = []
        self.asked = []
        self._solution = load_solution(NETWORK, COURSE.solutions)
        self._instead = instead

    def open(self, cells, cell_seconds, notebook_seconds, submission_seconds, **_):
        self.opened.append(submission_seconds)
        return contextlib.nullcontext(self)

    def start(self):
        return True

    def call(self, name, arguments, seconds, keep_arguments=False):
        self.asked.append((name, str(arguments)))
        return self._instead.get(name) or self._solution.call(name, arguments, seconds, keep_arguments)


def run_here(worker, times=1):
    """Have one grader run the solved notebook so many times: the questions' results."""

    def grade(suites):
        grader = Grader(suites, worker)
        return [grader.run(NETWORK, SOLVED).questions for _ in range(times)]

    return with_suites(grade, COURSE, ReferenceSolutions(COURSE), (NETWORK,))


def test_each_grading_draws_inputs_of_its_own():
    """One grader draws others for each submission, or what is right could be written down."""
    worker = InThisProcess()
    first, second = run_here(worker, times=2)
    assert {question.outcome for question in (*first, *second)} == {"passed"}
    half = len(worker.asked) // 2
    one, other = set(worker.asked[:half]), set(worker.asked[half:])
    assert {name for name, _ in one & other} == set(NETWORK.functions), "visible tests ask the same of everybody"
    assert {name for name, _ in one - other} >= {"softmax", "forward", "predict_digits"}


def test_second_worker_has_what_is_left_of_a_submissions_time():
    worker = InThisProcess(softmax=Returned(torch.zeros(2, 3)))
    place = next(cell.number for cell in SOLVED.cells if cell.is_test and cell.grade_id == "softmax")
    worker.replaced = {("softmax", place): None}
    run_here(worker)
    assert worker.opened == [SUBMISSION_SECONDS, worker.seconds_left]


OWN = COURSE.find_lesson("8-your-own-question")


@pytest.mark.parametrize(
    ("path", "flagged"),
    [
        ("ada/8-your-own-question/8-your-own-question.ipynb", False),
        ("ADA/8-your-own-question/8-your-own-question.ipynb", False),
        ("ben/8-your-own-question/8-your-own-question.ipynb", True),
        ("8-your-own-question.ipynb", False),  # nobody knows whose it is
    ],
)
def test_folder_of_another_name_than_the_id_in_an_answer_is_flagged(path, flagged, tmp_path, grade_all):
    answers = {name: one.replace('"solutions"', '"ada"') for name, one in reference_answers(OWN, COURSE).items()}
    place = tmp_path / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(fill_in(OWN.notebook(COURSE.home / "assignments").read_text(), answers))
    (result,) = grade_all(find_submissions([place], COURSE))
    assert result.score == result.max_score  # flagged, and not punished
    notes = [note for note in result.notes if "signed" in note]
    assert len(notes) == (3 if flagged else 0), result.notes  # one for each question with evidence
