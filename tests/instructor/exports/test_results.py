"""What Gradescope is told: which notebook, which points, and nothing of what the hidden tests ask."""

import json

import msgspec
import pytest

from autograder.course.contents import COURSE
from autograder.instructor.exports import _results
from autograder.instructor.exports._results import find, for_instructors, results
from autograder.judging.results import SubmissionResult, question_result

NETWORK = COURSE.find_lesson("4-network")


@pytest.fixture
def submission(tmp_path):
    """``submission("a/4-network.ipynb", …)``: a folder with these files; a notebook is the lesson's own."""

    def make(*names):
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(
                NETWORK.notebook(COURSE.home / "assignments").read_text() if path.suffix == ".ipynb" else "x"
            )
        return tmp_path

    return make


@pytest.mark.parametrize(
    "names",
    [
        ["4-network.ipynb"],
        ["my-repository/4-network.ipynb", "my-repository/.git/config"],
        ["4-network.ipynb", "._4-network.ipynb", "__MACOSX/4-network.ipynb", ".ipynb_checkpoints/4-network.ipynb"],
        ["4-network.ipynb", "notes.txt"],
    ],
)
def test_notebook_is_found_wherever_it_lies(submission, names):
    folder = submission(*names)
    assert find(folder, NETWORK, COURSE) == (folder / names[0], "", ())


def test_right_name_is_taken_and_the_others_are_told(submission):
    folder = submission("4-network.ipynb", "draft.ipynb")
    assert find(folder, NETWORK, COURSE) == (
        folder / "4-network.ipynb",
        "",
        ("4-network.ipynb was graded, and not draft.ipynb.",),
    )


def test_wrong_name_is_graded_and_told(submission):
    folder = submission("homework (1).ipynb")
    notes = ("The notebook is called homework (1).ipynb instead of 4-network.ipynb.",)
    assert find(folder, NETWORK, COURSE) == (folder / "homework (1).ipynb", "", notes)


def test_notebook_of_another_lesson_is_told(tmp_path):
    (tmp_path / "4-network.ipynb").write_text("{}")
    (tmp_path / "1-neuron.ipynb").write_text(
        COURSE.find_lesson("1-neuron").notebook(COURSE.home / "assignments").read_text()
    )
    (tmp_path / "4-network.ipynb").unlink()
    assert (
        find(tmp_path, NETWORK, COURSE).notes[-1]
        == "This is the notebook of 1-neuron; what is graded here is 4-network."
    )


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        ([], "Nothing was handed in. Hand in 4-network.ipynb."),
        (["a.py", "b.txt"], "There is no notebook among the files: a.py, b.txt. Hand in 4-network.ipynb."),
        (
            ["a.ipynb", "b.ipynb"],
            "There are 2 notebooks, and none is called 4-network.ipynb: a.ipynb, b.ipynb. Hand in that one.",
        ),
        (
            ["x/4-network.ipynb", "y/4-network.ipynb"],
            "There are 2 notebooks, and several are called 4-network.ipynb: x/4-network.ipynb, y/4-network.ipynb. "
            "Hand in that one.",
        ),
    ],
)
def test_what_is_wrong_is_a_sentence(submission, names, problem):
    assert find(submission(*names), NETWORK, COURSE) == (None, problem, ())


@pytest.fixture
def graded(tested):
    """``graded(problem, …)``: a result of two questions, one with hidden tests that failed."""

    def make(problem=None, mistake="softmax/sums_columns", confinement=None):
        softmax = question_result(
            "softmax",
            (
                tested("passed", points=1.0),
                tested("failed", points=1.5, title="Rows add up to 1.", message="Called `softmax(z)`."),
                tested("failed", hidden=True, points=2.0, title="SECRET TITLE", message="SECRET MESSAGE"),
                tested("passed", hidden=True, points=0.5, earned=0.5, title="SECRET TITLE"),
            ),
            mistake,
        )
        free = question_result("predict_digits", (tested("failed", points=0.0, earned=0.0),))
        return SubmissionResult(
            student="ada@example.org",
            assignment="4-network",
            score=softmax.score,
            max_score=softmax.max_score,
            seconds=0.5,
            confinement=confinement or {"seccomp": True, "namespaces": False},
            problem=problem,
            notes=("Cell 3 raised ValueError.",),
            questions=(softmax, free),
        )

    return make


def test_points_add_up(graded):
    shown = results(graded(), NETWORK)
    assert "score" not in shown
    assert sum(test["score"] for test in shown["tests"]) == 1.5
    assert sum(test["max_score"] for test in shown["tests"]) == 5.0


def test_visible_tests_are_shown_one_by_one_and_hidden_ones_together_when_published(graded):
    shown = [(test["number"], test["status"], test["visibility"]) for test in results(graded(), NETWORK)["tests"]]
    assert shown == [
        ("1.1", "passed", "visible"),
        ("1.2", "failed", "visible"),
        ("1.3", "failed", "after_published"),
        ("2.1", "failed", "visible"),
    ]


def test_hidden_tests_are_counted_and_not_described(graded):
    shown = results(graded(), NETWORK)
    hidden = shown["tests"][2]
    assert hidden["name"] == "softmax: 2 further tests that you cannot see"
    assert hidden["output"] == "1 of 2 passed."
    assert "SECRET" not in json.dumps(shown)


def test_known_mistake_is_explained_at_the_first_thing_to_mend(graded):
    outputs = [test["output"] for test in results(graded(), NETWORK)["tests"]]
    assert outputs[0] == ""
    assert outputs[1].startswith("Called `softmax(z)`.\n\n")
    assert "Think about: " in outputs[1]
    assert not any("Think about: " in output for output in (outputs[0], *outputs[2:]))


def test_known_mistake_that_only_hidden_tests_see_waits_with_them(graded, tested):
    unseen = question_result("softmax", (tested("passed"), tested("failed", hidden=True)), "softmax/sums_columns")
    outputs = [
        test["output"] for test in results(msgspec.structs.replace(graded(), questions=(unseen,)), NETWORK)["tests"]
    ]
    assert outputs[0] == ""
    assert outputs[1].startswith("0 of 1 passed.\n\n")


def test_what_could_not_be_graded_says_why_once(graded):
    shown = results(graded(problem="The file is empty."), NETWORK)
    assert shown["output"].splitlines() == ["The file is empty.", "Cell 3 raised ValueError."]
    assert {test["output"] for test in shown["tests"]} == {""}


def test_instructors_read_about_hidden_tests_mistakes_and_missing_layers(graded):
    said = "\n".join(for_instructors(graded()))
    assert "ada@example.org, 4-network: 1.5 of 5 points" in said
    assert "are not enforced in this container: namespaces." in said
    assert "softmax: partial, known mistake softmax/sums_columns" in said
    assert "  hidden, failed: SECRET TITLE\n    SECRET MESSAGE" in said
    assert results(graded(), NETWORK)["stdout_visibility"] == "hidden"


def test_fields_are_those_that_gradescope_knows(graded):
    shown = results(graded(), NETWORK)
    assert set(shown) <= {
        "score",
        "execution_time",
        "output",
        "output_format",
        "stdout_visibility",
        "extra_data",
        "tests",
    }
    known = {"score", "max_score", "status", "name", "number", "output", "output_format", "visibility"}
    assert all(set(test) == known for test in shown["tests"])
    assert json.loads(json.dumps(shown)) == shown


@pytest.mark.parametrize(
    ("metadata", "students"),
    [
        ('{"users": [{"email": "ada@x.org", "id": 1}, {"email": "bob@x.org"}]}', ["ada@x.org", "bob@x.org"]),
        ('{"users": []}', []),
        ("{", []),
        ("[]", []),
        (None, []),
    ],
)
def test_who_it_was_comes_from_gradescope_if_it_says_so(tmp_path, metadata, students):
    path = tmp_path / "submission_metadata.json"
    if metadata is not None:
        path.write_text(metadata)
    assert _results._students(path) == students
