"""What a student's installation carries in place of solutions and misconceptions: two files in each lesson's folder.

`ANSWERS` has, for each visible test, what the reference returned, in the order in which the test asks; visible
tests have fixed inputs, so that is enough. `MISCONCEPTIONS` has what the tests saw of each misconception.
"""

import json
from functools import cache
from typing import Any

import torch

from autograder.judging.course import Lesson

__all__ = ["ANSWERS", "MISCONCEPTIONS", "MissingRecording", "from_json", "load", "save", "to_json"]

#: The two kinds of file.
ANSWERS = "answers.json"
MISCONCEPTIONS = "misconceptions.json"


class MissingRecording(Exception):
    """Something was not recorded that is needed."""


@cache
def load(lesson: Lesson, kind: str = ANSWERS) -> dict[str, Any]:
    """What was recorded of a lesson.

    Of the answers: ``answers`` by test, ``points`` and number of ``hidden`` tests by question. Of the misconceptions:
    ``right`` and ``known``; `autograder.judging.diagnosis` reads and writes them.

    Raises:
        MissingRecording: nothing was recorded.
    """
    path = lesson.public / kind
    if not path.exists():
        raise MissingRecording(f"{path} is missing; `make lessons` records it")
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def save(lesson: Lesson, recorded: dict[str, Any], kind: str = ANSWERS) -> None:
    """Write what was recorded of a lesson, so that a change of one answer is a change of few lines."""
    (lesson.public / kind).write_text(_text(recorded) + "\n", encoding="utf-8")
    load.cache_clear()


def to_json(value: Any) -> Any:
    """A plain value as JSON can hold it."""
    if isinstance(value, torch.Tensor):
        dtype = str(value.dtype).removeprefix("torch.")
        return {"tensor": dtype, "shape": list(value.shape), "values": [_short(x) for x in value.flatten().tolist()]}
    if isinstance(value, tuple):
        return {"tuple": [to_json(part) for part in value]}
    if isinstance(value, dict):
        return {"dict": {key: to_json(part) for key, part in value.items()}}
    if isinstance(value, list):
        return [to_json(part) for part in value]
    return _short(value)


def from_json(value: Any) -> Any:
    """The value that `to_json` wrote."""
    if isinstance(value, list):
        return [from_json(part) for part in value]
    if not isinstance(value, dict):
        return value
    if "tensor" in value:
        return torch.tensor(value["values"], dtype=getattr(torch, value["tensor"])).reshape(value["shape"])
    if "tuple" in value:
        return tuple(from_json(part) for part in value["tuple"])
    return {key: from_json(part) for key, part in value["dict"].items()}


def _short(number: Any) -> Any:
    """Nine digits tell every float32 from every other, and keep the files readable."""
    return float(f"{number:.9g}") if isinstance(number, float) else number


def _text(value: Any, depth: int = 0) -> str:
    """JSON with a line for each entry, down to the tests' answers."""
    if isinstance(value, dict) and value and depth < 4 and "tensor" not in value:
        lines = (f"{' ' * (depth + 1)}{json.dumps(key)}: {_text(part, depth + 1)}" for key, part in value.items())
        return "{\n" + ",\n".join(lines) + "}"
    if isinstance(value, list) and value and depth < 4 and isinstance(value[0], dict):
        return "[\n" + ",\n".join(f"{' ' * (depth + 1)}{json.dumps(part)}" for part in value) + "]"
    return json.dumps(value, ensure_ascii=False)
