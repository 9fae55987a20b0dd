"""What keeps a lesson from being handed out. Each check yields sentences: what is wrong, where it is, what to do."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder.grading.grader import Grader, with_grader
from autograder.grading.submissions import Submission
from autograder.instructor.build import BuildError, signatures_in, without_outputs
from autograder.judging import recordings
from autograder.judging.course import CONTENTS, Course, Lesson
from autograder.judging.outcomes import ReferenceFailed
from autograder.judging.results import SubmissionResult
from autograder.notebooks.reading import NotebookError, read_notebook


def as_built(course: Course, fresh: Path, lessons: Iterable[Lesson]) -> Iterator[str]:
    """``assignments/`` and ``solutions/`` are what `source/` gives today, cell ids included; `fresh` holds a build."""
    for tree in ("assignments", "solutions"):
        for lesson in lessons:
            path = lesson.notebook(course.home / tree)
            where = _where(course, path)
            if not path.is_file():
                yield f"{where} is missing. Run `make lessons`."
                continue
            try:
                kept, built = without_outputs(path), without_outputs(lesson.notebook(fresh / tree))
                same_ids = _take_ids(kept) == _take_ids(built)
            except (ValueError, KeyError, AttributeError, TypeError):
                yield f"{where} is not a notebook. Run `make lessons`."
                continue
            if kept != built:
                yield f"{where} is not what source/ gives today. Run `make lessons`."
            elif not same_ids:
                yield (
                    f"{where}: the cells have other ids than at the last build. Give each cell in source/ an id of "
                    "its own that stays, then run `make lessons`."
                )
            if tree == "assignments":
                yield from _beside(course, path.parent, lesson.notebook(fresh / tree).parent)


def _beside(course: Course, kept: Path, built: Path) -> Iterator[str]:
    """The files that lie beside a notebook are those of the source."""
    ours, theirs = ({path.relative_to(folder): path for path in handed_out(folder)} for folder in (kept, built))
    for name in sorted(ours.keys() | theirs.keys()):
        whole = name in ours and name in theirs
        if not whole or (name.suffix != ".ipynb" and ours[name].read_bytes() != theirs[name].read_bytes()):
            yield f"{_where(course, kept / name)} is not what source/ gives today. Run `make lessons`."


def handed_out(folder: Path) -> list[Path]:
    """The files of a released lesson, without what Jupyter and operating systems leave in folders."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def tidy(course: Course, lessons: Iterable[Lesson]) -> Iterator[str]:
    """Released notebooks have been run by nobody, and each cell has one id."""
    for lesson in lessons:
        path = lesson.notebook(course.home / "assignments")
        try:
            cells = json.loads(path.read_bytes())["cells"]
        except (OSError, ValueError, KeyError, TypeError):
            continue  # `as_built` reports that
        where = _where(course, path)
        for number, cell in enumerate(cells, 1):
            if cell.get("outputs") or cell.get("execution_count"):
                yield f"{where}, cell {cell.get('id', number)}, has been run: it has outputs. Run `make lessons`."
        nameless = [number for number, cell in enumerate(cells, 1) if not cell.get("id")]
        if nameless:
            numbers = ", ".join(map(str, nameless))
            yield f"{where}: cells without an id: {numbers}. Give each an id of its own in source/."
        for name, count in Counter(cell.get("id") for cell in cells).items():
            if name and count > 1:
                yield f"{where}: {count} cells have the id {name}. Give each an id of its own in source/."


def contents(course: Course, lessons: Iterable[Lesson]) -> Iterator[str]:
    """What is written of each lesson's questions is what its source notebook asks."""
    for lesson in lessons:
        try:
            asked = signatures_in(lesson.notebook(course.home / "source"))
        except BuildError as error:
            yield str(error)
            continue
        if list(asked.items()) != [(question.name, question.signature) for question in lesson.questions]:
            yield f"{_where(course, lesson.public / CONTENTS)} is not what source/ gives today. Run `make lessons`."


def points_agree(
    course: Course,
    lessons: Iterable[Lesson],
    worth: dict[str, dict[str, float]],
    promised: dict[str, dict[str, float]],
) -> Iterator[str]:
    """Released notebooks, contents, suites and what `check` shows to students agree on questions and points.

    Args:
        course: the course.
        lessons: which lessons.
        worth: by lesson and question, what the tests add up to.
        promised: by lesson and question, what students' `check` counts.
    """
    for lesson in lessons:
        path = lesson.notebook(course.home / "assignments")
        where = _where(course, path)
        try:
            cells = [cell for cell in read_notebook(path).cells if cell.is_test]
        except NotebookError:
            continue  # whoever grades it reports that
        asked, listed = [cell.grade_id for cell in cells], [question.name for question in lesson.questions]
        if asked != listed:
            yield f"{where} asks {_listed(asked)}, but the lesson's {CONTENTS} lists {_listed(listed)}."
        tests = worth[lesson.name]
        for cell in cells:
            if cell.grade_id in tests and cell.points != tests[cell.grade_id]:
                yield (
                    f"{where}: the cell of {cell.grade_id} is worth {cell.points:g} points, its tests add up to "
                    f"{tests[cell.grade_id]:g}."
                )
        recorded = promised[lesson.name]
        for question, points in tests.items():
            if recorded.get(question) != points:
                yield (
                    f"{_where(course, lesson.public / recordings.ANSWERS)}: {question} is recorded with "
                    f"{recorded.get(question, 0):g} points, its tests add up to {points:g}. Run `make lessons`."
                )


def graded(course: Course, lessons: Sequence[Lesson]) -> Iterator[str]:
    """Stubs are stubs, solutions get full marks, and points agree: asked of the grader that students will meet."""
    # That the others are missing is reported by `as_built`.
    there = [lesson for lesson in lessons if lesson.notebook(course.solutions).is_file()]

    def ask(grader: Grader) -> list[str]:
        problems: list[str] = []
        worth: dict[str, dict[str, float]] = {}
        for lesson in there:
            for tree, look in (("assignments", _stubs), ("solutions", _solutions)):
                path = lesson.notebook(course.home / tree)
                where = _where(course, path)
                try:
                    result = grader.grade(Submission(tree, lesson.name, path))
                except ReferenceFailed as error:
                    problems.append(f"{lesson.name}: the reference solution cannot be used: {error}")
                    break
                worth.setdefault(lesson.name, {one.name: one.max_score for one in result.questions})
                problems += [f"{where}: {result.problem}"] if result.problem else look(where, result)
        promised = {lesson.name: recordings.load(lesson)["points"] for lesson in there}
        return [*problems, *points_agree(course, [one for one in there if one.name in worth], worth, promised)]

    yield from with_grader(ask, course)


def _stubs(where: str, result: SubmissionResult) -> Iterator[str]:
    for question in result.questions:
        if question.score > 0 or question.outcome == "passed":
            yield (
                f"{where}: {question.name} as released gives {question.score:g} of {question.max_score:g} points. "
                "Its cell must hold the stub alone: look at BEGIN SOLUTION and END SOLUTION in source/."
            )
        elif question.outcome != "not_attempted":
            yield (
                f"{where}: {question.name} as released counts as {question.outcome}, not as not attempted. "
                "Its cell must hold the stub alone: look at BEGIN SOLUTION and END SOLUTION in source/."
            )


def _solutions(where: str, result: SubmissionResult) -> Iterator[str]:
    for question in result.questions:
        if question.outcome != "passed":
            why = next(test.message for test in question.tests if test.outcome != "passed")
            yield (
                f"{where}: the solution of {question.name} gets {question.score:g} of {question.max_score:g} points. "
                f"{' '.join(why.split())}"
            )


def _take_ids(notebook: dict[str, Any]) -> list[str]:
    return [cell.pop("id", "") for cell in notebook["cells"]]


def _where(course: Course, path: Path) -> str:
    return path.relative_to(course.home).as_posix()


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "nothing"
