"""What a course is to the engine: a value that a door makes and hands down.

One task has one name everywhere. A question has the name of the stub in the notebook, of the nbgrader cell, of the
class of its tests (``half_life`` is tested by ``TestHalfLife``), and of its misconceptions (``half_life/...``). What
can be derived is not written twice: signatures come from the stubs in ``source/`` and stand in each lesson's
`CONTENTS`, points come from the tests.
"""

import importlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from autograder.judging.written import Written

#: The file in a lesson's public folder that lists its questions and their signatures. `make lessons` writes it.
CONTENTS = "contents.json"


@dataclass(frozen=True)
class Question:
    """One graded question.

    Attributes:
        name: the question's one name.
        signature: the call as the lesson writes it, such as ``half_life(rate)``; the name alone where the answer is a
            value, such as a list of examples; empty where the question has no stub of its own and puts the lesson's
            other functions to work together.
    """

    name: str
    signature: str

    @cached_property
    def test_class(self) -> str:
        """The class in the suite: ``half_life`` is tested by ``TestHalfLife``."""
        return "Test" + "".join(word.capitalize() for word in self.name.split("_"))

    @property
    def is_value(self) -> bool:
        """Whether the answer is a value that the student writes down, and no function."""
        return self.signature == self.name

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the function's parameters, in order: ``("X", "y")``."""
        inside = self.signature.partition("(")[2].rstrip(")")
        return tuple(part.split("=")[0].strip() for part in inside.split(",") if part.strip())


@dataclass(frozen=True)
class Lesson:
    """One lesson: a notebook, and two folders with all that belongs to it.

    Attributes:
        name: the name of the lesson, of its folder in each tree, and of its notebook: ``3-decay``.
        questions: what it asks, in order.
        public: the folder that students get: visible suite, hints, what was recorded for them.
        secret: the folder that only the grader has: hidden suite, misconceptions, right answers in other styles. In a
            student's installation it does not exist.
        written: what it asks for in sentences, which a person reads.
    """

    name: str
    questions: tuple[Question, ...]
    public: Path
    secret: Path
    written: tuple[Written, ...] = ()

    @property
    def functions(self) -> tuple[str, ...]:
        """The names that the student defines: functions, and values that are asked for."""
        return tuple(question.name for question in self.questions if question.signature)

    @property
    def suites(self) -> tuple[Path, ...]:
        """The files of tests that exist here: the visible suite and, with a grader, the hidden one."""
        return tuple(path for path in (self.public / "suite.py", self.secret / "suite.py") if path.exists())

    def find(self, question: str) -> Question | None:
        """The question of that name, or ``None`` if this lesson does not ask it."""
        return next((one for one in self.questions if one.name == question), None)

    def used_by(self, question: Question) -> tuple[str, ...]:
        """The functions of the student's that a question's tests call: its own, or all where it has none of its own."""
        return (question.name,) if question.signature else self.functions

    def notebook(self, tree: Path) -> Path:
        """This lesson's notebook below `tree`, one of ``source``, ``assignments``, ``solutions``."""
        return tree / self.name / f"{self.name}.ipynb"


@dataclass(frozen=True)
class Course:
    """A whole course. It is pickled by `where`: each process and each machine has the one that is installed there.

    Attributes:
        where: how another process imports this value: ``package.module:NAME``.
        title: what people call it.
        public: the folder of the lessons' public folders.
        secret: the folder of their secret ones. In a student's installation it does not exist.
        home: the folder with ``source/``, ``assignments/`` and ``solutions/``. Students' installations have none.
        solutions: the folder of reference solutions.
        preload: ``module:function``, called once in each process that is going to run students' code, before it is
            confined; empty for nothing.
        functions: the module of functions that a test may hand to a student's function; empty for none.
        private: files and folders that no student's code may read, beside those of the lessons.
        data_name: the course's name in names of files and folders: where hints are counted, the zip of all lessons.
        figures: for what tests measure, by question and name of the number: what the reference solution reaches, and
            where full marks begin.
    """

    where: str
    title: str
    public: Path
    secret: Path
    home: Path
    solutions: Path
    preload: str = ""
    functions: str = ""
    private: tuple[Path, ...] = ()
    data_name: str = ""
    figures: Mapping[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    @cached_property
    def lessons(self) -> tuple[Lesson, ...]:
        """The lessons, in the order of their numbers."""
        return read_lessons(self.public, self.secret)

    def fresh(self) -> Self:
        """The same course, its lessons read anew, after their contents have been written."""
        return replace(self)

    def find_lesson(self, name: str) -> Lesson | None:
        """The lesson of that name, or ``None``."""
        return self._by_name.get(name)

    def find_question(self, name: str) -> tuple[Lesson, Question] | None:
        """The question of that name and the lesson that asks it, or ``None``."""
        return self._by_question.get(name)

    def question_called(self, name: str) -> tuple[Lesson, Question]:
        """The question of that name and the lesson that asks it.

        Raises:
            ValueError: there is none; the text says which there are.
        """
        found = self.find_question(name) if isinstance(name, str) else None
        if found is None:
            names = ", ".join(question.name for _, question in self.questions())
            raise ValueError(f"There is no question {name!r}. The questions are: {names}.")
        return found

    def written_called(self, name: str) -> Written:
        """The question of that name that is answered in sentences.

        Raises:
            ValueError: there is none; the text says which there are.
        """
        there = {one.name: one for lesson in self.lessons for one in lesson.written}
        if not isinstance(name, str) or name not in there:
            names = ", ".join(there)
            raise ValueError(f"No question {name!r} is answered in sentences. Those that are: {names}.")
        return there[name]

    def questions(self) -> Iterator[tuple[Lesson, Question]]:
        """Every question of the course with its lesson, in order."""
        for lesson in self.lessons:
            for question in lesson.questions:
                yield lesson, question

    def with_solutions(self, solutions: Path) -> Self:
        """The same course with its reference solutions in another folder."""
        return replace(self, solutions=solutions)

    @property
    def hidden_tests_installed(self) -> bool:
        """Whether hidden tests are installed here: they are on an instructor's machine, not on a student's."""
        return any((lesson.secret / "suite.py").exists() for lesson in self.lessons)

    @property
    def modules(self) -> tuple[str, ...]:
        """Names of the course's own modules that students' code runs with, beside its lessons."""
        return tuple(name for name in (self.functions, self.preload.partition(":")[0]) if name)

    @property
    def all_private(self) -> tuple[Path, ...]:
        """Every file and folder that no student's code may read."""
        return (self.public, self.secret, self.solutions, self.home / "source", *self.private)

    @cached_property
    def _by_name(self) -> dict[str, Lesson]:
        return {lesson.name: lesson for lesson in self.lessons}

    @cached_property
    def _by_question(self) -> dict[str, tuple[Lesson, Question]]:
        return {question.name: (lesson, question) for lesson, question in self.questions()}

    def __reduce__(self) -> tuple[Any, ...]:
        here = load_course(self.where)
        return _unpickled, (self.where, None if self.solutions == here.solutions else self.solutions)


def load_course(where: str) -> Course:
    """Import a course by ``package.module:NAME``.

    Raises:
        ImportError: there is no such module.
        TypeError: what has that name is no course.
    """
    module, _, name = where.partition(":")
    course = getattr(importlib.import_module(module), name, None)
    if not isinstance(course, Course):
        raise TypeError(f"{where} is no course")
    return course


def read_lessons(public: Path, secret: Path) -> tuple[Lesson, ...]:
    """The lessons that lie in the folder `public`, in the order of their numbers.

    A lesson is a folder with a file `CONTENTS` in it. Its secret folder has the same name below `secret`.

    Raises:
        ValueError: a file of contents is not what `write_contents` writes.
    """
    folders = sorted((path.parent for path in public.glob(f"*/{CONTENTS}")), key=lambda path: _in_order(path.name))
    return tuple(_read_lesson(folder, secret / folder.name) for folder in folders)


def write_contents(folder: Path, name: str, signatures: Mapping[str, str], written: Iterable[Written] = ()) -> None:
    """Write a lesson's file of contents.

    Args:
        folder: the lesson's public folder.
        name: the lesson's name.
        signatures: each question's signature by its name, in order; the name alone for a value, empty for a question
            without a stub of its own.
        written: what it asks for in sentences.
    """
    contents: dict[str, Any] = {"lesson": name, "questions": dict(signatures)}
    sentences = {one.name: {"ours": one.ours, "looked_for": one.looked_for} for one in written}
    if sentences:
        contents["written"] = sentences
    text = json.dumps(contents, indent=1, ensure_ascii=False)
    (folder / CONTENTS).write_text(text + "\n", encoding="utf-8")


def _read_lesson(public: Path, secret: Path) -> Lesson:
    try:
        read = json.loads((public / CONTENTS).read_text(encoding="utf-8"))
        questions = tuple(Question(name, signature) for name, signature in read["questions"].items())
        written = tuple(
            Written(name, one["ours"], tuple(one["looked_for"])) for name, one in read.get("written", {}).items()
        )
        return Lesson(read["lesson"], questions, public, secret, written)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{public / CONTENTS} is damaged ({error}). `make lessons` writes it anew.") from None


def _in_order(name: str) -> tuple[tuple[int, str], ...]:
    """``lesson_10_x`` after ``lesson_9_x``."""
    return tuple((int(part or 0), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name))


def _unpickled(where: str, solutions: Path | None) -> Course:
    course = load_course(where)
    return course if solutions is None else course.with_solutions(solutions)
