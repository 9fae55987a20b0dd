"""Holding an answer in sentences against ours. Ours stays closed until there is one of the learner's own.

A kernel does not know what stands in a notebook's texts. So the notebook is read as it was saved last, from the folder
that the kernel works in, which is the notebook's own in Jupyter and in VS Code.
"""

from pathlib import Path
from typing import Any

from autograder import panels
from autograder.judging.course import Course
from autograder.judging.written import Written, is_empty
from autograder.notebooks.reading import NotebookError, read_notebook
from autograder.panels.kernel import in_kernel

__all__ = ["Comparison", "comparison"]

_YOURS = "Your answer"


class Comparison:
    """An answer beside ours, or why ours stays closed; for a notebook or a terminal.

    Attributes:
        question: what was asked.
        answer: the learner's answer; empty where there is none.
        closed: why ours is not shown; empty where it is.
    """

    def __init__(self, question: Written, answer: str, closed: str):
        self.question = question
        self.answer = answer
        self.closed = closed

    def __repr__(self) -> str:
        return self.closed or panels.written_as_text(self.question, self.answer, _YOURS)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        bundle = {"text/plain": repr(self)}
        if self.closed or not in_kernel():
            return bundle
        return {**bundle, "text/html": panels.written_as_html(self.question, self.answer, _YOURS)}


def comparison(question: str, course: Course, answer: str | None = None) -> Comparison:
    """A learner's answer to a question beside ours.

    Args:
        question: the question's name.
        course: the course that asks it.
        answer: the answer, if it is not to be read from a notebook in the working folder.

    Raises:
        ValueError: there is no such question.
    """
    asked = course.written_called(question)
    found = _saved_answer(question) if answer is None else str(answer)
    if found is None:
        closed = (
            f"No notebook with this question lies in the folder {Path.cwd()}, so your answer cannot be read there. "
            f'Give it between quotes: compare("{question}", "your answer")'
        )
    elif is_empty(found):
        closed = (
            "Your answer is still empty, so ours stays closed. Write two or three sentences into the cell above, save "
            "the notebook (Ctrl+S, on a Mac ⌘S), and run this cell again."
        )
    else:
        closed = ""
    return Comparison(asked, found or "", closed)


def _saved_answer(question: str) -> str | None:
    """What was written last in one of the notebooks here; empty where nothing was, ``None`` where none asks for it."""
    answers = [answer for path in _newest_first(Path.cwd()) for answer in _answers_in(path, question)]
    return next((answer for answer in answers if not is_empty(answer)), answers[0] if answers else None)


def _newest_first(folder: Path) -> list[Path]:
    times = {}
    for path in folder.glob("*.ipynb"):
        try:
            times[path] = path.stat().st_mtime
        except OSError:  # it is being saved at this moment, or its folder is not to be read
            continue
    return sorted(times, key=lambda path: times[path], reverse=True)


def _answers_in(path: Path, question: str) -> list[str]:
    try:
        cells = read_notebook(path).cells
    except (NotebookError, OSError):  # another notebook of theirs, which is not to be read
        return []
    return [cell.source for cell in cells if cell.grade_id == question and cell.is_read_by_a_person]
