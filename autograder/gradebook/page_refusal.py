"""The page of a student whose submission could not be graded: the sentence, whose doing it is, and what to do."""

import html
import shutil
from pathlib import Path

from autograder.gradebook.page_state import PageMark, marked
from autograder.gradebook.refusals import Refusal
from autograder.notebooks.text import legible

__all__ = ["NEEDED", "page_names", "write_refusal"]

_PAGE = """<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{assignment}: not graded</title>
<style>
body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }}
.reason {{ border-left: 4px solid #b35900; padding: .5rem 1rem; background: #fff6ec; overflow-wrap: anywhere; }}
</style>
</head>
<body>
<h1>{assignment}: not graded</h1>
<p>What you handed in could not be graded, so there is no score. That is not a score of 0.</p>
<p class="reason">{reason}</p>
<p>{advice}</p>
</body>
</html>
"""

_THEIRS = "Mend that and hand it in again, or ask your instructor. `autograder check` shows whether it can be read."
_OURS = "This need not be your doing. You need not hand anything in again unless your instructor asks you to."

#: What nbgrader's exchange needs beside a page in order to hand it back.
NEEDED = ("timestamp.txt", "submission_secret.txt")
#: Those files hold a line each.
_MOST = 10_000


def write_refusal(folder: Path, submitted: Path, assignment: str, refusal: Refusal, mark: PageMark) -> None:
    """Write the pages of one refusal, in place of all that is in `folder`.

    Args:
        folder: the student's feedback folder for the assignment.
        submitted: what was handed in. The exchange knows a page by the name of a notebook in there.
        assignment: its name.
        refusal: why.
        mark: what the page says of itself.
    """
    advice = html.escape(_THEIRS if refusal.is_theirs else _OURS)
    page = _PAGE.format(assignment=html.escape(assignment), reason=html.escape(refusal.reason), advice=advice)
    aside = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for name in page_names(submitted, assignment):
        (aside / name).write_text(marked(page, mark), encoding="utf-8")
    for name in NEEDED:
        beside = submitted / name
        if beside.is_file() and not beside.is_symlink() and beside.stat().st_size <= _MOST:
            shutil.copy(beside, aside / name)
    shutil.rmtree(folder, ignore_errors=True)
    aside.rename(folder)


def page_names(submitted: Path, assignment: str) -> list[str]:
    """What the pages of a submission that was not graded are called: as its notebooks, and as the assignment."""
    stems = {path.stem for path in submitted.glob("*.ipynb") if legible(path.stem) == path.stem}
    return sorted(f"{stem}.html" for stem in {assignment, *stems})
