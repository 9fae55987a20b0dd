"""What a student's installation carries in place of solutions and misconceptions: two files in each lesson's folder.

`ANSWERS` has, for each visible test, what the reference returned, in the order in which the test asks; visible
tests have fixed inputs, so that is enough. `MISCONCEPTIONS` has what the tests saw of each misconception.
"""

import json
import math
from functools import cache
from typing import Any

import torch

from autograder.judging.course import Lesson

__all__ = ["ANSWERS", "MISCONCEPTIONS", "MissingRecording", "from_json", "load", "save", "to_json"]

#: The two kinds of file.
ANSWERS = "answers.json"
MISCONCEPTIONS = "misconceptions.json"

#: How far apart two runs' float32 answers to one question lie, as a part of the largest number in them. Each processor
#: adds up in its own order, and LAPACK in one that depends on where in memory a table happens to lie. Every step rounds
#: to 6e-8, and solving equations multiplies that: a bias found by `torch.linalg.lstsq` differs by 9e-6. Answers are
#: compared at 1e-4.
_ROUNDING = 2e-5


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
    """Write what was recorded of a lesson, so that a change of one answer is a change of few lines.

    What differs from what the file has by float32 rounding alone stays as it is there.
    """
    path = lesson.public / kind
    try:
        recorded = _settled(recorded, json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        pass  # the first recording, or one that somebody has damaged
    text = _text(recorded) + "\n"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
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


def _settled(new: Any, old: Any) -> Any:
    """The new value, with every part as it was before whose numbers differ by rounding alone."""
    if isinstance(new, dict) and isinstance(old, dict):
        if "tensor" in new:
            return old if _differ_by_rounding(new, old) else new
        return {key: _settled(part, old.get(key)) for key, part in new.items()}
    if isinstance(new, list) and isinstance(old, list) and len(new) == len(old):
        return [_settled(mine, before) for mine, before in zip(new, old, strict=True)]
    both_real = isinstance(new, float) and isinstance(old, float)
    return old if both_real and math.isclose(new, old, rel_tol=_ROUNDING) else new


def _differ_by_rounding(new: dict[str, Any], old: dict[str, Any]) -> bool:
    if [new["tensor"], new["shape"]] != [old.get("tensor"), old.get("shape")]:
        return False
    mine, before = from_json(new), from_json(old)
    if not mine.is_floating_point():
        return False
    scale = before[before.isfinite()].abs().max().item() if before.isfinite().any() else 0.0
    return torch.allclose(mine, before, rtol=0.0, atol=_ROUNDING * scale, equal_nan=True)


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
