"""Layers change what a submission can do to others, never its score."""

import pytest

from autograder.course.contents import COURSE
from autograder.grading.grader import Grader, with_grader
from autograder.grading.submissions import Submission
from autograder.instructor.demo.pretend_class import fill_in, reference_answers
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.runner import with_suites
from autograder.sandbox import LAYERS, NotConfined, Zygote

LESSON = COURSE.find_lesson("4-network")
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
    release = LESSON.notebook(COURSE.home / "assignments").read_text()
    found = []
    for name, answers in ANSWERS.items():
        path = folder / f"{name}.ipynb"
        path.write_text(fill_in(release, {**reference_answers(LESSON, COURSE), **answers}))
        found.append(Submission(name, LESSON.name, path))
    return found


def test_same_scores_with_every_set_of_layers(zygote_with, submissions):
    def grade(suites):
        return {
            layers: [scores(Grader(suites, zygote_with(layers)).grade(one)) for one in submissions]
            for layers in (LAYERS, (), ("namespaces",), ("landlock",), ("seccomp",), ("rlimits",))
        }

    every = with_suites(grade, COURSE, ReferenceSolutions(COURSE), (LESSON,))
    assert every[()][0][0] == 18
    assert len({one[0] for one in every[()]}) > 2
    for layers, found in every.items():
        assert found == every[()], layers


def test_results_say_which_layers_were_enforced(zygote, submissions):
    references = ReferenceSolutions(COURSE)
    result = with_suites(lambda suites: Grader(suites, zygote).grade(submissions[0]), COURSE, references, (LESSON,))
    assert result.confinement == zygote.confinement
    assert {"namespaces", "seccomp", "landlock", "rlimits"} <= set(result.confinement)


def test_grading_refuses_below_what_the_course_demands(monkeypatch):
    monkeypatch.setattr(
        "autograder.grading.grader.Zygote",
        lambda surroundings, require, fork_server: Zygote(surroundings, layers=["rlimits"], require=require),
    )
    with pytest.raises(NotConfined, match="seccomp"):
        with_grader(lambda grader: pytest.fail("nothing may be graded"), COURSE, require=["seccomp"])


def scores(result):
    return result.score, [(one.name, one.score, one.outcome) for one in result.questions]
