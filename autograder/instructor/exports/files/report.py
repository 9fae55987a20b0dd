"""Tells GitHub what came of the visible tests: ``report.py RESULTS.jsonl``. Needs nothing but Python."""

import json
import os
import sys
from pathlib import Path
from typing import Any

SIGNS = {"passed": "✅", "partial": "🟡", "failed": "❌", "not_attempted": "⚪", "error": "❗", "timeout": "⏱️"}


def notices(result: dict[str, Any]) -> list[str]:
    """The two annotations that GitHub Classroom's own reporter made. What could not be graded has no points, not 0."""
    if result["problem"]:
        return ["::error title=Not graded::Your notebook could not be graded. The log of this run says why."]
    points = {"totalPoints": result["score"], "maxPoints": result["max_score"]}
    return [
        f"::notice title=Autograding complete::Points {result['score']:g}/{result['max_score']:g}",
        f"::notice title=Autograding report::{json.dumps(points)}",
    ]


def summary(result: dict[str, Any]) -> str:
    """A page for the run, as Markdown. Of the student's own text there is none in it."""
    lines = [f"### {result['assignment']}", ""]
    if result["problem"]:
        return "\n".join([*lines, "Your notebook could not be graded. The log of this run says why.", ""])
    lines += ["| question | | points |", "|---|---|---|"]
    for question in result["questions"]:
        points = f"{question['score']:g} of {question['max_score']:g}"
        lines.append(f"| `{question['name']}` | {SIGNS[question['outcome']]} | {points} |")
    lines += [
        f"| **together** | | **{result['score']:g} of {result['max_score']:g}** |",
        "",
        "Points of the tests that you can see. Further tests are run when your work is graded.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    found = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()[0])
    print("\n".join(notices(found)))
    with open(os.environ["GITHUB_STEP_SUMMARY"], "a", encoding="utf-8") as page:
        page.write(summary(found))
