"""Classes that are made up: folders of submissions as real students hand them in, for demos, tests and measurements.

Right answers are the reference's own, wrong ones are known misconceptions, and some students hand in what no
grader likes to see.
"""

import json
import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from autograder.judging.course import Course, Lesson
from autograder.judging.misconceptions import misconceptions
from autograder.notebooks.reading import read_notebook

__all__ = ["KINDS", "LESSONS_A_STUDENT", "fill_in", "make_class", "reference_answers"]

#: What students hand in, in turn.
KINDS = (
    "right",
    "mistakes",
    "untouched",
    "mistakes",
    "raising",
    "mistakes",
    "right",
    "right",
    "mistakes",
    "looping",
    "mistakes",
    "not a notebook",
)

#: Lessons that one student hands in, if there are so many.
LESSONS_A_STUDENT = 3


def make_class(
    folder: Path,
    releases: Path,
    course: Course,
    count: int = 24,
    seed: int = 0,
    lessons: Sequence[Lesson] | None = None,
    kinds: Sequence[str] = KINDS,
) -> list[Path]:
    """Write `count` submissions below `folder` in nbgrader's layout and return the notebooks' paths.

    In a class that is large enough every lesson meets every kind.

    Args:
        folder: becomes ``<folder>/<student>/<assignment>/<assignment>.ipynb``.
        releases: the released notebooks that students start from.
        course: the course that is taught.
        count: number of submissions; three of a student, of different lessons.
        seed: decides who makes which mistake.
        lessons: those that are handed in, in turn; all by default.
        kinds: what is handed in, in turn.
    """
    draw = random.Random(seed)
    lessons = course.lessons if lessons is None else lessons
    # Lessons and kinds come in turn. Where both numbers have a common divisor, the same pairs would come again.
    again = math.lcm(len(lessons), len(kinds)) if math.gcd(len(lessons), len(kinds)) > 1 else count
    each = min(LESSONS_A_STUDENT, len(lessons))
    width = len(str(count // each + 1))
    paths = []
    for number in range(count):
        lesson = lessons[number % len(lessons)]
        kind = kinds[(number + number // again) % len(kinds)]
        student = f"student-{number // each + 1:0{max(width, 2)}}"
        path = folder / student / lesson.name / f"{lesson.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_submission(lesson, course, kind, lesson.notebook(releases), student, draw), encoding="utf-8")
        paths.append(path)
    return paths


def fill_in(notebook: str, answers: dict[str, str]) -> str:
    """Put answers, by question, in place of a released notebook's stubs. Both are texts of notebook files."""
    content: dict[str, Any] = json.loads(notebook)
    for cell in content["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        question = grade_id.removesuffix("-answer")
        if question != grade_id and question in answers:
            cell["source"] = answers[question]
    return json.dumps(content, indent=1)


def reference_answers(lesson: Lesson, course: Course) -> dict[str, str]:
    """The reference solution of each stub by question, as a student would have written it."""
    answers = {}
    for cell in read_notebook(lesson.notebook(course.solutions)).cells:
        if cell.is_answer:
            lines = [line for line in cell.source.splitlines() if not line.strip().startswith("### ")]
            answers[cell.grade_id.removesuffix("-answer")] = "\n".join(lines)
    return answers


def _submission(lesson: Lesson, course: Course, kind: str, release: Path, student: str, draw: random.Random) -> str:
    text = release.read_text(encoding="utf-8")
    if kind == "not a notebook":
        return text[: len(text) // 2]
    if kind == "untouched":
        return text
    answers = reference_answers(lesson, course)
    if kind in _SPOILED:
        _SPOILED[kind](lesson, answers, draw)
    # Where an answer has an id in it, the reference's is the name of the folder that its solutions lie in.
    signed = {name: answer.replace('"solutions"', f'"{student}"') for name, answer in answers.items()}
    return fill_in(text, signed)


def _make_mistakes(lesson: Lesson, answers: dict[str, str], draw: random.Random) -> None:
    """Put known misconceptions in place of about half the answers, of one at least."""
    known = {name: [one for one in misconceptions(lesson) if one.question == name] for name in lesson.functions}
    names = [name for name in lesson.functions if known[name]]
    for name in draw.sample(names, min(len(names), max(1, len(names) // 2))):
        answers[name] = draw.choice(known[name]).source


def _raise(lesson: Lesson, answers: dict[str, str], draw: random.Random) -> None:
    """One name misspelt, one line left unfinished."""
    name, *others = draw.sample(lesson.functions, min(2, len(lesson.functions)))
    answers[name] = _begun(lesson, name, answers) + "resutl"
    for other in others:
        answers[other] = _begun(lesson, other, answers) + "("


def _loop(lesson: Lesson, answers: dict[str, str], draw: random.Random) -> None:
    name = draw.choice([one.name for one in lesson.questions if one.signature and not one.is_value])
    answers[name] = _first_line(answers[name]) + "\n    while True:\n        pass"


def _begun(lesson: Lesson, name: str, answers: dict[str, str]) -> str:
    """An answer up to the place where what it comes to has to stand."""
    question = lesson.find(name)
    is_value = question is not None and question.is_value
    return f"{name} = " if is_value else _first_line(answers[name]) + "\n    return "


def _first_line(answer: str) -> str:
    return next(line for line in answer.splitlines() if line.startswith("def "))


#: What is done to right answers, by the kind of submission.
_SPOILED: dict[str, Callable[[Lesson, dict[str, str], random.Random], None]] = {
    "mistakes": _make_mistakes,
    "raising": _raise,
    "looping": _loop,
}
