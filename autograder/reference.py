"""Expected values: the reference solutions themselves, and the answers recorded of them for students.

A student's installation has no solutions. It has `suites/recorded/<lesson>.json`: for each visible test what the
reference returned, in the order in which the test asks. Visible tests have fixed inputs, so that is enough.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import torch

from autograder import calls, suites
from autograder.lessons import HOME, LESSONS, Lesson
from autograder.notebooks import read_notebook
from autograder.runner import HIDDEN_TESTS_INSTALLED, with_suites

_RECORDED = Path(suites.__file__).parent / "recorded"


class MissingReference(Exception):
    """There is no reference solution, or no recorded answer, where one is needed."""


class ReferenceSolutions:
    """Expected values for the runner: recorded answers, and solutions loaded from `tree` when first asked for."""

    def __init__(self, tree: Path = HOME / "solutions"):
        self._tree = tree
        self._live: dict[str, calls.Functions] = {}

    def recorded(self, lesson: Lesson, test: str) -> calls.Functions:
        """See `autograder.runner.References`."""
        return _Replay(lesson, test)

    def live(self, lesson: Lesson) -> calls.Functions:
        """See `autograder.runner.References`."""
        if lesson.name not in self._live:
            self._live[lesson.name] = load_solution(lesson, self._tree)
        return self._live[lesson.name]


def load_solution(lesson: Lesson, tree: Path = HOME / "solutions") -> calls.Namespace:
    """The reference solution's functions, executed from the lesson's notebook below `tree`.

    Only the set-up cell and the answers are run, none of the pictures.

    Raises:
        MissingReference: there is no such notebook.
        autograder.notebooks.NotebookError: it cannot be read.
    """
    path = lesson.notebook(tree)
    if not path.exists():
        raise MissingReference(f"there is no reference solution at {path}; `make lessons` builds it")
    names: dict[str, Any] = {"__name__": f"solution of {lesson.name}"}
    for cell in read_notebook(path).cells:
        if cell.grade_id == "setup" or cell.is_answer:
            exec(compile(cell.source, f"{path.name}:{cell.id}", "exec"), names)
    return calls.Namespace(names)


@cache
def recording(lesson: Lesson) -> dict:
    """What was recorded of a lesson: ``answers`` by test, ``points`` and number of ``hidden`` tests by question.

    Raises:
        MissingReference: nothing was recorded.
    """
    path = _RECORDED / f"{lesson.name}.json"
    if not path.exists():
        raise MissingReference(f"{path.name} is missing among the recorded answers; `make lessons` records it")
    return json.loads(path.read_text())


def record(lesson: Lesson, tree: Path = HOME / "solutions") -> dict:
    """Run the reference solution through its own suite and note every expected value.

    Raises:
        RuntimeError: the reference does not pass its suite, or the hidden tests are not installed.
    """
    if not HIDDEN_TESTS_INSTALLED:
        raise RuntimeError("answers are recorded where the hidden tests are, in a clone of the repository")
    solution = load_solution(lesson, tree)
    recorder = _Recorder(solution)
    questions = with_suites(lambda all_suites: all_suites.run(lesson, solution), recorder, (lesson,))
    for question in questions:
        if question.outcome != "passed":
            messages = [test.message for test in question.tests if test.message]
            raise RuntimeError(f"the reference solution of {question.name} does not pass: {messages}")
    return {
        "points": {question.name: question.max_score for question in questions},
        "hidden": {question.name: sum(test.hidden for test in question.tests) for question in questions},
        "answers": recorder.answers,
    }


def write_recordings(tree: Path = HOME / "solutions") -> None:
    """Record every lesson into `suites/recorded/`."""
    _RECORDED.mkdir(exist_ok=True)
    for lesson in LESSONS:
        text = _dump(record(lesson, tree))
        (_RECORDED / f"{lesson.name}.json").write_text(text)
    recording.cache_clear()


class _Replay:
    """Gives the recorded answers of one test back, one after the other."""

    def __init__(self, lesson: Lesson, test: str):
        self._test = test
        self._answers = iter(recording(lesson)["answers"].get(test, ()))

    def call(self, name: str, arguments: tuple, seconds: float, keep_arguments: bool = False) -> calls.Outcome:
        entry = next(self._answers, None)
        if entry is None or entry["of"] != name:
            raise MissingReference(f"{self._test} asks for an answer of {name} that was not recorded")
        return calls.Returned(_from_json(entry["gives"]))


class _Recorder:
    """Expected values from a live solution, noted for the visible tests as they are asked for."""

    def __init__(self, solution: calls.Functions):
        self._solution = solution
        self.answers: dict[str, list[dict]] = {}

    def live(self, lesson: Lesson) -> calls.Functions:
        return self._solution

    def recorded(self, lesson: Lesson, test: str) -> calls.Functions:
        self.answers[test] = []
        return _Noting(self._solution, self.answers[test])


class _Noting:
    def __init__(self, solution: calls.Functions, answers: list[dict]):
        self._solution = solution
        self._answers = answers

    def call(self, name: str, arguments: tuple, seconds: float, keep_arguments: bool = False) -> calls.Outcome:
        outcome = self._solution.call(name, arguments, seconds)
        if isinstance(outcome, calls.Returned):
            self._answers.append({"of": name, "gives": _to_json(outcome.value)})
        return outcome


def _to_json(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        dtype = str(value.dtype).removeprefix("torch.")
        return {"tensor": dtype, "shape": list(value.shape), "values": [_short(x) for x in value.flatten().tolist()]}
    if isinstance(value, tuple):
        return {"tuple": [_to_json(part) for part in value]}
    if isinstance(value, dict):
        return {"dict": {key: _to_json(part) for key, part in value.items()}}
    if isinstance(value, list):
        return [_to_json(part) for part in value]
    return _short(value)


def _short(number: Any) -> Any:
    """Nine digits tell every float32 from every other, and keep the files readable."""
    return float(f"{number:.9g}") if isinstance(number, float) else number


def _from_json(value: Any) -> Any:
    if isinstance(value, list):
        return [_from_json(part) for part in value]
    if not isinstance(value, dict):
        return value
    if "tensor" in value:
        return torch.tensor(value["values"], dtype=getattr(torch, value["tensor"])).reshape(value["shape"])
    if "tuple" in value:
        return tuple(_from_json(part) for part in value["tuple"])
    return {key: _from_json(part) for key, part in value["dict"].items()}


def _dump(recorded: dict) -> str:
    """One line an answer, so that a change of one answer is a change of one line."""
    answers = ",\n".join(
        f"  {json.dumps(test)}: [" + "".join(f"\n   {json.dumps(entry)}," for entry in entries).rstrip(",") + "]"
        for test, entries in recorded["answers"].items()
    )
    return (
        f'{{"points": {json.dumps(recorded["points"])},\n"hidden": {json.dumps(recorded["hidden"])},\n'
        f'"answers": {{\n{answers}}}}}\n'
    )
