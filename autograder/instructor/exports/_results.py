"""What runs inside Gradescope's container: it finds the notebook, has it graded, and writes `results.json`.

Source of the format: https://gradescope-autograders.readthedocs.io/en/latest/specs/ and .../submission_metadata/.

Each visible test is one of Gradescope's. The hidden ones of a question are one together, shown when grades are
published, and only how many passed: Gradescope shows a total only where every test is visible, and a total that is
shown at once would give away, by handing in again and again, what the hidden tests ask. No test is ``hidden`` as
Gradescope means it, since that hides the others' total for ever. Everything else that instructors may want to know is
printed: Gradescope shows them what `run_autograder` prints, and nobody else.
"""

import json
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from autograder.grading.grader import Grader, refused, with_grader
from autograder.grading.submissions import Submission, assignment_of
from autograder.instructor.exports._targets import GRADESCOPE, Hidden
from autograder.judging.course import Course, Lesson
from autograder.judging.diagnosis import known_mistakes
from autograder.judging.results import QuestionResult, SubmissionResult, TestResult
from autograder.notebooks.files import find_files
from autograder.notebooks.text import legible

_VISIBILITY = {Hidden.COUNTED: "visible", Hidden.PUBLISHED: "after_published"}

#: What an operating system or Jupyter leaves beside a notebook.
_LITTER = ("__MACOSX", ".ipynb_checkpoints")


def main(name: str, course: Course, root: Path) -> int:
    """Grade what lies below `root`, which is ``/autograder`` on Gradescope, and return the exit code.

    Where the grader itself fails there is no `results.json`: Gradescope tells instructors, and gives nobody a zero.
    """
    lesson = course.find_lesson(name)
    if lesson is None:
        raise ValueError(f"there is no lesson {name!r}")
    with_grader(partial(grade, lesson=lesson, root=root), course)
    return 0


def grade(grader: Grader, lesson: Lesson, root: Path) -> SubmissionResult:
    """Grade the one submission below `root` and write its results."""
    found = find(root / "submission", lesson, grader.course)
    student = ", ".join(_students(root / "submission_metadata.json")) or "submission"
    submission = Submission(student, lesson.name, found.path or root / "submission", found.notes)
    if found.path is None:
        result = refused(submission, found.problem, grader.unanswered(lesson))
    else:
        result = grader.grade(submission)
    _write(root / "results" / "results.json", results(result, lesson))
    for line in for_instructors(result):
        print(line)
    return result


class Found(NamedTuple):
    """What was handed in.

    Attributes:
        path: the notebook; `None` if there is none, or if nobody can say which of several it is.
        problem: why there is none.
        notes: what is odd about it, a sentence each.
    """

    path: Path | None
    problem: str = ""
    notes: tuple[str, ...] = ()


def find(folder: Path, lesson: Lesson, course: Course) -> Found:
    """The notebook in a folder or, as GitHub's and unpacked ones have it, below it."""
    expected = lesson.notebook(Path()).name
    files = [path for found in find_files(folder) if not _is_litter(path := Path(found.path), folder)]
    notebooks = [path for path in files if path.suffix == ".ipynb"]
    named = [path for path in notebooks if path.name == expected]
    chosen = named if len(named) == 1 else notebooks
    if len(chosen) == 1:
        (path,) = chosen
        notes = []
        if path.name != expected:
            notes.append(f"The notebook is called {legible(path.name)} instead of {expected}.")
        others = [other for other in notebooks if other != path]
        if others:
            notes.append(f"{expected} was graded, and not {_listed(others, folder)}.")
        belongs = course.find_lesson(assignment_of(path, course))
        if belongs is not None and belongs != lesson:
            notes.append(f"This is the notebook of {belongs.name}; what is graded here is {lesson.name}.")
        return Found(path, notes=tuple(notes))
    if notebooks:
        which = f"several are called {expected}" if named else f"none is called {expected}"
        problem = f"There are {len(notebooks)} notebooks, and {which}: {_listed(notebooks, folder)}. Hand in that one."
        return Found(None, problem)
    if files:
        return Found(None, f"There is no notebook among the files: {_listed(files, folder)}. Hand in {expected}.")
    return Found(None, f"Nothing was handed in. Hand in {expected}.")


def results(result: SubmissionResult, lesson: Lesson) -> dict[str, Any]:
    """A result as Gradescope reads it. The points of its tests add up to the score."""
    remarks = [result.problem] if result.problem else []
    return {
        "output": "\n".join([*remarks, *result.notes]),
        "output_format": "text",
        "execution_time": result.seconds,
        "stdout_visibility": "hidden",
        "tests": [
            test
            for number, question in enumerate(result.questions, 1)
            for test in _tests_of(question, lesson, str(number), is_graded=result.problem is None)
        ],
        "extra_data": json.loads(msgspec.json.encode(_without_hidden(result))),
    }


def for_instructors(result: SubmissionResult) -> Iterator[str]:
    """What instructors read beside it, a line each: layers, known mistakes, and what became of the hidden tests."""
    yield f"{result.student}, {result.assignment}: {result.score:g} of {result.max_score:g} points"
    if result.problem:
        yield f"Not graded: {result.problem}"
        return
    missing = [name for name, is_enforced in result.confinement.items() if not is_enforced]
    if missing:
        yield (
            f"Layers of the sandbox that are not enforced in this container: {', '.join(missing)}. "
            "The scores are the same; autograder/sandbox/THREATS.md says what the layers are for."
        )
    yield from result.notes
    for question in result.questions:
        known = " and ".join(filter(None, (question.misconception, question.second)))
        yield f"{question.name}: {question.outcome}" + (f", known mistake {known}" if known else "")
        for test in question.tests:
            if test.hidden and test.outcome != "passed":
                yield f"  hidden, {test.outcome}: {test.title}"
                yield from (f"    {line}" for line in test.message.splitlines())


def _without_hidden(result: SubmissionResult) -> SubmissionResult:
    """The result without what hidden tests ask: who can read `extra_data` is up to Gradescope."""
    questions = [
        msgspec.structs.replace(
            question,
            tests=tuple(
                msgspec.structs.replace(test, title="", message="") if test.hidden else test for test in question.tests
            ),
        )
        for question in result.questions
    ]
    return msgspec.structs.replace(result, questions=tuple(questions))


def _tests_of(question: QuestionResult, lesson: Lesson, number: str, is_graded: bool) -> Iterator[dict[str, Any]]:
    seen = [test for test in question.tests if not test.hidden]
    unseen = [test for test in question.tests if test.hidden]
    # Explained once, at the first thing to mend; what only hidden tests show is explained with those.
    place = next((test for test in seen if test.outcome != "passed"), None)
    about = "\n".join(known_mistakes(lesson, question)) if GRADESCOPE.mistakes else ""
    for count, test in enumerate(seen, 1):
        yield _test(
            f"{number}.{count}",
            f"{question.name}: {test.title}",
            [test],
            "\n\n".join(filter(None, (test.message, about if test is place else ""))) if is_graded else "",
            "visible",
        )
    if unseen:
        what = "1 further test" if len(unseen) == 1 else f"{len(unseen)} further tests"
        passed = sum(test.outcome == "passed" for test in unseen)
        yield _test(
            f"{number}.{len(seen) + 1}",
            f"{question.name}: {what} that you cannot see",
            unseen,
            "\n\n".join(filter(None, (f"{passed} of {len(unseen)} passed.", about if place is None else "")))
            if is_graded
            else "",
            _VISIBILITY[GRADESCOPE.hidden],
        )


def _test(number: str, name: str, tests: list[TestResult], output: str, visibility: str) -> dict[str, Any]:
    return {
        "number": number,
        "name": name,
        "score": sum(test.earned for test in tests),
        "max_score": sum(test.points for test in tests),
        # Without it, whatever has no points counts as passed.
        "status": "passed" if all(test.outcome == "passed" for test in tests) else "failed",
        "output": output,
        "output_format": "text",
        "visibility": visibility,
    }


def _students(metadata: Path) -> list[str]:
    """E-mail addresses of who handed it in; none where Gradescope sends nothing that we understand."""
    try:
        users = json.loads(metadata.read_text(encoding="utf-8"))["users"]
        return [legible(str(user["email"])) for user in users]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _is_litter(path: Path, folder: Path) -> bool:
    parts = path.relative_to(folder).parts
    return path.name.startswith(".") or any(part in _LITTER or part.startswith(".git") for part in parts)


def _listed(paths: list[Path], folder: Path) -> str:
    shown = [legible(path.relative_to(folder).as_posix()) for path in paths[:5]]
    return ", ".join(shown) + (" …" if len(paths) > 5 else "")


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    aside.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(aside, path)  # Gradescope reads all of it or nothing
