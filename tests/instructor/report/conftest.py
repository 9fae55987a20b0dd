"""Classes made up for the report: the course's own lessons, tests and misconceptions, and students of some ability."""

import ast
import random
import re
from functools import cache

import pytest

from autograder.course.contents import COURSE
from autograder.gradebook.results_store import ResultsStore, StoredResult
from autograder.grading.fingerprints import Fingerprint
from autograder.judging.misconceptions import misconceptions
from autograder.judging.results import SubmissionResult, TestResult, question_result

LAYERS = {"process": True, "rlimits": True, "namespaces": True, "landlock": True, "seccomp": True, "cgroup": False}


@cache
def suite(lesson):
    """The tests of each question: name, title, whether hidden, points."""
    found = {question.name: [] for question in lesson.questions}
    for path in lesson.suites:
        hidden = path.is_relative_to(lesson.secret)
        tree = ast.parse(path.read_text())
        for question in lesson.questions:
            for node in tree.body:
                if isinstance(node, ast.ClassDef) and node.name == question.test_class:
                    for test in node.body:
                        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
                            (points,) = [
                                re.match(r"points\((.*)\)", text)
                                for one in test.decorator_list
                                if (text := ast.unparse(one)).startswith("points(")
                            ] or [None]
                            worth = float(points[1]) if points else 0.0
                            found[question.name].append((test.name, ast.get_docstring(test), hidden, worth))
    return found


def made_up(student, lesson, ability, draw):
    """One submission of a student: the abler, the more passes."""
    if draw.random() < 0.02:
        return SubmissionResult(
            student=student, assignment=lesson.name, score=0.0, max_score=1.0, seconds=0.0,
            confinement=dict.fromkeys(LAYERS, False), problem="The file is not a notebook.", questions=(),
        )  # fmt: skip
    questions = []
    reach = draw.random() * 0.6 + 0.4 + ability * 0.3  # how far into the lesson
    for place, question in enumerate(lesson.questions):
        tests = suite(lesson)[question.name]
        known = [one.id for one in misconceptions(lesson) if one.question == question.name]
        hard = 0.15 * place + 0.4 * (hash_of(question.name) - 0.4)
        if place / len(lesson.questions) > reach:
            questions.append(answered(question.name, tests, ["not_attempted"] * len(tests), draw))
        elif draw.gauss(ability, 0.7) > hard:
            questions.append(answered(question.name, tests, ["passed"] * len(tests), draw))
        else:
            kind = draw.random()
            bad = "error" if kind < 0.15 else "timeout" if kind < 0.2 else "failed"
            ends = [bad if draw.random() < 0.6 else "passed" for _ in tests]
            ends[draw.randrange(len(ends))] = bad
            mistakes = (None, None)
            if bad == "failed" and known and draw.random() < 0.8:
                mistakes = (known[min(int(draw.expovariate(0.7)), len(known) - 1)], None)
                if draw.random() < 0.1 and len(known) > 1:
                    mistakes = tuple(draw.sample(known, 2))
            questions.append(answered(question.name, tests, ends, draw, *mistakes))
    return SubmissionResult(
        student=student,
        assignment=lesson.name,
        score=sum(one.score for one in questions),
        max_score=sum(one.max_score for one in questions),
        seconds=draw.lognormvariate(-2, 1),
        confinement=LAYERS,
        notes=("Cell 7 ran out of time after 10 s.",) if draw.random() < 0.03 else (),
        questions=tuple(questions),
    )


def hash_of(name):
    return random.Random(name).random()


def answered(name, tests, ends, draw, misconception=None, second=None):
    results = []
    for (test, title, hidden, points), end in zip(tests, ends, strict=True):
        measured = {}
        if test == "test_has_learned" and end != "not_attempted":
            measured = {"accuracy": draw.gauss(0.946, 0.003) if end == "passed" else draw.choice([0.91, 0.27, 0.16])}
        results.append(
            TestResult(test, title, hidden, points if end == "passed" else 0.0, points, end, "", 0.001, measured)
        )
    return question_result(name, tuple(results), misconception, second)


@pytest.fixture(scope="session")
def made_up_results():
    """``made_up_results(students, lessons=all, seed=0)``: results of a class; not everybody hands in everything."""

    def make(students, lessons=COURSE.lessons, seed=0):
        draw = random.Random(seed)
        results = []
        for student in students:
            ability = draw.gauss(0.5, 0.6)
            results += [made_up(student, one, ability, draw) for one in lessons if draw.random() < 0.9]
        return results

    return make


@pytest.fixture(scope="session")
def keep():
    """``keep(folder, results)``: put results where `autograder grade` would have."""

    def put(folder, results):
        with ResultsStore(folder / ".autograder") as store:
            for one in results:
                store.keep(StoredResult(one.student, one.assignment, Fingerprint("", "", "", {}), one, {}, None))

    return put
