"""What the tests of judging share: functions typed into a notebook, and calls of a lesson's functions."""

import pytest

from autograder.course.contents import COURSE
from autograder.judging import Mismatch
from autograder.judging.calling import Namespace
from autograder.judging.course import Course, write_contents
from autograder.judging.outcomes import TestCall
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.runner import with_suites

NETWORK = COURSE.find_lesson("4-network")


@pytest.fixture
def call(typed):
    """``call(source, "name", arguments…)``: type the source into a notebook and call one of its functions."""

    def run(source, name, *arguments, seconds=5.0, **options):
        sources = [source] if isinstance(source, str) else source
        return Namespace(typed(*sources)).call(name, arguments, seconds, **options)

    return run


@pytest.fixture(scope="session")
def called():
    """``called("softmax", (z,), outcome)``: a call as one of the tests of the lesson that asks `softmax` made it."""

    def make(name, arguments, outcome):
        lesson, _ = COURSE.question_called(name)
        return TestCall(name, arguments, outcome, lesson)

    return make


@pytest.fixture(scope="session")
def run():
    """``run(names)``: the results of lesson 4's suites on a dict of functions, or on anything that answers calls."""

    def run_suites(names, lesson=NETWORK, *, references=None, hidden=True, **options):
        student = names if hasattr(names, "call") else Namespace(names)
        references = references or ReferenceSolutions(COURSE)
        return with_suites(lambda suites: suites.run(lesson, student, **options), COURSE, references, (lesson,), hidden)

    return run_suites


@pytest.fixture
def tiny(tmp_path):
    """``tiny(suite)``: a course of one lesson, which asks for ``half(x)`` and has these visible tests."""

    def make(suite):
        public = tmp_path / "lessons" / "lesson_1_halves"
        public.mkdir(parents=True)
        (public / "suite.py").write_text(suite)
        write_contents(public, "1-halves", {"half": "half(x)"})
        return Course(
            where="no.module:COURSE",
            title="Halves",
            public=public.parent,
            secret=tmp_path / "secret",
            home=tmp_path,
            solutions=tmp_path / "solutions",
        )

    return make


@pytest.fixture(scope="session")
def says():
    """``says(check, …)``: what a check says against an answer, and the share that it gives all the same."""

    def against(check, *arguments):
        with pytest.raises(Mismatch) as caught:
            check(*arguments)
        return caught.value.text, caught.value.share

    return against
