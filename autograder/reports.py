"""A page for each submission: what its author may read about it, in one HTML file that opens from disk."""

from html import escape
from pathlib import Path

from autograder import panels
from autograder.results import SubmissionResult


def write_report(result: SubmissionResult, folder: Path) -> Path:
    """Write ``<folder>/<student>/<assignment>.html`` and return its path."""
    path = folder / result.student / f"{result.assignment}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_page(result), encoding="utf-8")
    return path


def _page(result: SubmissionResult) -> str:
    title = f"{escape(result.student)}: {escape(result.assignment)}"
    remarks = [result.problem] if result.problem else []
    notes = "".join(f"<li>{escape(note)}</li>" for note in (*remarks, *result.notes))
    panes = "".join(panels.as_html(question) for question in result.questions)
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title>"
        "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1c2126;"
        "background:#fff}</style></head><body>"
        f"<h1>{title}</h1><p><b>{result.score:g} of {result.max_score:g} points</b></p>"
        + (f"<ul>{notes}</ul>" if notes else "")
        + f"{panes}</body></html>\n"
    )
