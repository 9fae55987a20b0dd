"""Feedback pages for many submissions at once: nbgrader's own, made side by side."""

import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path

from nbgrader.converters import GenerateFeedback, NbGraderException

from autograder.course import Course
from autograder.farm import safe_path

#: Pages made in one go, with the template loaded once.
_BATCH = 10


def write_feedback(root: Path, which: Sequence[tuple[str, str]], workers: int) -> Iterator[list[str]]:
    """Make the feedback of submissions of the course at `root`, given by student and assignment.

    Yields, for each of them in turn, what went wrong, a sentence each; mostly nothing does.
    """
    batches = [which[first : first + _BATCH] for first in range(0, len(which), _BATCH)]
    spawn = multiprocessing.get_context("spawn")
    with safe_path(), ProcessPoolExecutor(min(workers, max(1, len(batches))), mp_context=spawn) as pool:
        for batch, complaints in zip(batches, pool.map(partial(_write, root), batches), strict=True):
            yield complaints
            yield from ([] for _ in batch[1:])


@cache
def _course(root: Path) -> Course:
    return Course(root)


def _write(root: Path, which: Iterable[tuple[str, str]]) -> list[str]:
    course = _course(root)
    course.warnings.clear()
    converter = _Chosen(coursedir=course.directory, parent=course.converter.parent)
    converter.force = True
    converter.chosen = {}
    for student, assignment in which:
        folder = course.autograded(student, assignment)
        converter.chosen[str(folder)] = [str(path) for path in sorted(folder.glob("*.ipynb"))]
    try:
        converter.start()
    except NbGraderException:
        return [line for line in course.warnings if line.startswith("There was an error processing assignment '")]
    return []


class _Chosen(GenerateFeedback):
    """nbgrader's converter for submissions that were chosen beforehand, rather than by a pattern."""

    chosen: dict[str, list[str]]

    def init_notebooks(self) -> None:
        self.assignments = self.chosen
        self.notebooks = []
