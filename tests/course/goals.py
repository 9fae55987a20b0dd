"""The page of learning goals, made from what the course says of its questions: ``python tests/course/goals.py``."""

from pathlib import Path

from autograder.course.contents import COURSE
from autograder.instructor.report import purposes
from autograder.judging import recordings

PAGE = Path(__file__).parents[2] / "docs" / "goals.md"

ABOVE = """# What is asked for

Each question asks for something that a learner should know or be able to do. This page is made from
`autograder/course/secret/goals.toml` by `python tests/course/goals.py`. The class report counts points by the same
goals.

| kind | what a student does |
|---|---|
| examples | writes examples of a function before the function; they must be right, and tell it from wrong versions |
| bug | gives an input on which a bug shows, and what comes out and what should |
| build | builds something that has a property; thousands of answers are right |
| rule | writes down a rule about shapes or counts, as a function |
| belief | says what will happen, and how surely, before it happens |
| evidence | reads from curves, pictures or numbers what was done; everybody has other ones |
| by hand | one stage of backpropagation, on numbers where autograd is no help |
| code | writes a function of the network |

The first six ask for understanding: {share:.0%} of the {points:g} points.
"""


def page() -> str:
    """The page's text."""
    asked, parts = purposes(COURSE), []
    points = understood = 0.0
    for lesson in COURSE.lessons:
        worth = recordings.load(lesson)["points"]
        lines = [f"## {lesson.name}", "", "| goal | question | kind | points |", "|---|---|---|---|"]
        for question in lesson.questions:
            kind, goals = asked[question.name]
            points += worth[question.name]
            understood += worth[question.name] * (kind not in ("code", "by hand"))
            lines += [f"| {goal} | `{question.name}` | {kind} | {worth[question.name]:g} |" for goal in goals]
        parts.append("\n".join(lines) + "\n")
    return "\n".join([ABOVE.format(share=understood / points, points=points), *parts])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
