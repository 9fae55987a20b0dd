"""Lessons as otter-grader assignments: the same notebooks, the same tests, the same points."""

import json
import subprocess
from pathlib import Path

from autograder.course.contents import COURSE
from autograder.judging.calling import Namespace
from autograder.judging.course import Lesson
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.results import QuestionResult
from autograder.judging.runner import with_suites

#: One question as otter has it. The suite is run once for a question, and each of its tests is a test case.
_HEAD = """
from otter.test_files import test_case

OK_FORMAT = False
name = {question!r}
points = None

def passes(env, test):
    if env.get("asked") != {question!r}:
        env["asked"] = {question!r}
        env["verdict"] = eval("check({question!r})", env)
    earned = {{one.name: one.outcome for one in env["verdict"].result.tests}}
    assert earned[test] == "passed"
"""
_CASE = """
@test_case(name={test!r}, points={points!r}, hidden={hidden!r})
def {test}(env):
    passes(env, {test!r})
"""


def questions_of(lessons: tuple[Lesson, ...]) -> dict[str, tuple[QuestionResult, ...]]:
    """Each lesson's questions with their tests, as they stand when nothing is answered."""
    return with_suites(
        lambda suites: {lesson.name: suites.run(lesson, Namespace({})) for lesson in lessons},
        COURSE,
        ReferenceSolutions(COURSE),
        lessons,
    )


def make_assignment(questions: tuple[QuestionResult, ...], folder: Path, otter: Path) -> Path:
    """Write a lesson's tests as otter's, have `otter generate` pack them, and return the path of its zip."""
    tests = folder / "tests"
    tests.mkdir(parents=True)
    for question in questions:
        cases = (_CASE.format(test=test.name, points=test.points, hidden=test.hidden) for test in question.tests)
        text = _HEAD.format(question=question.name) + "".join(cases)
        (tests / f"{question.name}.py").write_text(text)
    packed = folder / "autograder.zip"
    command = [otter, "generate", "-t", tests, "-o", packed, "--no-config", "--no-requirements", "--no-environment"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return packed


def as_submission(notebook: Path, place: Path) -> Path:
    """A student's notebook without what otter has elsewhere (graded cells) and what graders skip (`show`)."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    content["cells"] = [
        cell
        for cell in content["cells"]
        if "show" not in cell["metadata"].get("tags", ()) and not cell["metadata"].get("nbgrader", {}).get("grade")
    ]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(content), encoding="utf-8")
    return place


def scores_in(folder: Path) -> dict[str, float]:
    """Scores by question, out of the `results.json` that otter has written there."""
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    scores: dict[str, float] = {}
    for test in found["tests"]:
        name = test["name"].partition(" ")[0]
        scores[name] = scores.get(name, 0.0) + float(test.get("score") or 0.0)
    return scores
