"""Walls change what a submission can do to others, never its marks."""

import pytest

from autograder.grading.grader import Grader, with_grader
from autograder.grading.submissions import Submission
from autograder.instructor.demo.pretend_class import fill_in, reference_answers
from autograder.judging.course import HOME, find_lesson
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.runner import with_suites
from autograder.sandbox import LAYERS, NotConfined, Zygote

LESSON = find_lesson("4-network")
ANSWERS = {
    "right": {},
    "wrong": {"softmax": "def softmax(z):\n    return torch.softmax(z, dim=0)"},
    "raises": {"forward": "def forward(X, params):\n    return X @ params['W7']"},
    "crashes": {"softmax": "import os\ndef softmax(z):\n    os._exit(0)"},
    "untouched": {"softmax": "def softmax(z):\n    raise NotImplementedError()"},
}


@pytest.fixture(scope="module")
def submissions(tmp_path_factory):
    folder = tmp_path_factory.mktemp("submitted")
    release = LESSON.notebook(HOME / "assignments").read_text()
    found = []
    for name, answers in ANSWERS.items():
        path = folder / f"{name}.ipynb"
        path.write_text(fill_in(release, {**reference_answers(LESSON), **answers}))
        found.append(Submission(name, LESSON.name, path))
    return found


def test_same_marks_behind_every_set_of_walls(zygote_with, submissions):
    def grade(suites):
        return {
            layers: [marks(Grader(suites, zygote_with(layers)).grade(one)) for one in submissions]
            for layers in (LAYERS, (), ("namespaces",), ("landlock",), ("seccomp",), ("rlimits",))
        }

    every = with_suites(grade, ReferenceSolutions(), (LESSON,))
    assert every[()][0][0] == 18
    assert len({one[0] for one in every[()]}) > 2
    for layers, found in every.items():
        assert found == every[()], layers


def test_results_say_which_walls_were_up(zygote, submissions):
    result = with_suites(lambda suites: Grader(suites, zygote).grade(submissions[0]), ReferenceSolutions(), (LESSON,))
    assert result.confinement == zygote.confinement
    assert {"namespaces", "seccomp", "landlock", "rlimits"} <= set(result.confinement)


def test_grading_refuses_below_what_the_course_demands(monkeypatch):
    monkeypatch.setattr(
        "autograder.grading.grader.Zygote", lambda require, ancestor: Zygote(layers=["rlimits"], require=require)
    )
    with pytest.raises(NotConfined, match="seccomp"):
        with_grader(lambda grader: pytest.fail("nothing may be graded"), require=["seccomp"])


def marks(result):
    return result.score, [(one.name, one.score, one.outcome) for one in result.questions]
