"""Feedback pages: nbgrader's own, made readable on a phone; and many submissions' at once, side by side."""

import copy
import multiprocessing
import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbgrader.converters import GenerateFeedback, NbGraderException
from traitlets import Unicode

from autograder.gradebook import page_state
from autograder.gradebook.course_folder import CourseFolder
from autograder.gradebook.feedback_formulas import FORMULA_STYLE, draw_formulas
from autograder.grading.processes import safe_path
from autograder.judging.course import load_course

#: Pages made in one go, with the template loaded once.
_BATCH = 10


#: Kinds of outputs that a page shows. Others, such as JavaScript and widgets, it would run.
_SHOWN = {
    *("text/plain", "text/html", "text/markdown", "text/latex"),
    *("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"),
}

#: On a phone nbgrader's page is a page of a desk, made small, and its scores lie under the cells.
_STYLE = """
.rendered_html th, .rendered_html td { padding: 2px 10px; }
summary { display: list-item; cursor: pointer; } /* nbgrader's styles hide the triangle that says it opens */
@media (max-width: 767px) {
  body > .container, #notebook-container { padding-left: 4px; padding-right: 4px; }
  div.nbgrader_cell .panel-heading { height: auto; overflow: hidden; }
  div.cell, div.input, div.output, div.output_area { display: block; }
  .rendered_html p, .rendered_html li, div.input_area, div.output_subarea { max-width: 100%; overflow-x: auto; }
}
"""
_HEAD = f"""<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
{FORMULA_STYLE}{_STYLE}</style>"""


#: What a page may do, whatever is in it: be read. Browsers enforce it, and nothing in a page can widen it.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'"
)

_BEGIN = f"""<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">"""


class FeedbackPage(HTMLExporter):
    """nbgrader's page, which fits the screen it is read on and calls the course's questions by their names.

    What a student wrote was made harmless in the autograded copy that it shows. A Content-Security-Policy says so once
    more to the browser: no script runs, and nobody is asked for anything. So formulas are drawn beforehand, as MathML.
    """

    course = Unicode(help="The course whose questions those are, as `module:NAME`.").tag(config=True)

    def from_notebook_node(self, nb: Any, resources: Any = None, **kwargs: Any) -> tuple[Any, Any]:
        """As `HTMLExporter.from_notebook_node`; the page says which state of the gradebook it was made from."""
        mark = _mark(resources)  # before the scores are read: what changes in between makes the page stale
        page, resources = super().from_notebook_node(_as_shown(nb), resources, **kwargs)
        head, rest = page.split("</head>", 1)
        head = re.sub(r"<script.*?</script>", "", head, flags=re.DOTALL)  # what draws formulas, from the network
        head = head.replace("<html>", '<html lang="en">', 1).replace("<head>", _BEGIN, 1)
        page = f"{head}{_HEAD}</head>{draw_formulas(rest)}"
        page = re.sub(r'(<a href="#(\w+)">)(?:Test cell|Written response)</a>', self._by_name, page)
        return page if mark is None else page_state.marked(page, mark), resources

    def _by_name(self, entry: re.Match[str]) -> str:
        return f"{entry[1]}<code>{entry[2]}</code></a>" if entry[2] in self._names else entry[0]

    @cached_property
    def _names(self) -> frozenset[str]:
        """The course's questions, those that are answered in sentences as well."""
        lessons = load_course(self.course).lessons if self.course else ()
        asked = {one.name for lesson in lessons for one in lesson.questions}
        return frozenset(asked | {one.name for lesson in lessons for one in lesson.written})


def _as_shown(nb: Any) -> Any:
    """The notebook without the kinds of outputs that a page would run, and without scores of nothing out of nothing."""
    nb = copy.deepcopy(nb)
    for cell in nb.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("solution") and about.get("grade") and not about.get("points"):
            about["grade"] = False
        for output in cell.get("outputs", ()):
            for kind in set(output.get("data", ())) - _SHOWN:
                del output["data"][kind]
    return nb


def write_feedback(root: Path, which: Sequence[tuple[str, str]], workers: int) -> Iterator[list[str]]:
    """Make the feedback of submissions in the course folder `root`, given by student and assignment.

    Yields, for each of them in turn, what went wrong, a sentence each; mostly nothing does.
    """
    batches = [which[first : first + _BATCH] for first in range(0, len(which), _BATCH)]
    spawn = multiprocessing.get_context("spawn")
    with safe_path(), ProcessPoolExecutor(min(workers, max(1, len(batches))), mp_context=spawn) as pool:
        for batch, complaints in zip(batches, pool.map(partial(_write, root), batches), strict=True):
            yield complaints
            yield from ([] for _ in batch[1:])


def _mark(resources: Any) -> page_state.PageMark | None:
    """What a page is being made from; ``None`` where it is not made from a gradebook."""
    which = (resources or {}).get("nbgrader")
    if which is None:
        return None
    names = which["student"], which["notebook"]
    shown = page_state.read_shown(which["db_url"], which["assignment"], which["student"]).get(names)
    notebook = Path(resources["metadata"]["path"]) / f"{which['notebook']}.ipynb"
    return page_state.state_of_page(shown, notebook) if shown is not None else None


@cache
def _opened(root: Path) -> CourseFolder:
    return CourseFolder(root)


def _write(root: Path, which: Iterable[tuple[str, str]]) -> list[str]:
    course_folder = _opened(root)
    course_folder.warnings.clear()
    converter = _Chosen(coursedir=course_folder.directory, parent=course_folder.converter.parent)
    converter.force = True
    converter.chosen = {}
    for student, assignment in which:
        folder = course_folder.autograded(student, assignment)
        converter.chosen[str(folder)] = [str(path) for path in sorted(folder.glob("*.ipynb"))]
    try:
        converter.start()
    except NbGraderException:
        return [
            line for line in course_folder.warnings if line.startswith("There was an error processing assignment '")
        ]
    return []


class _Chosen(GenerateFeedback):
    """nbgrader's converter for submissions that were chosen beforehand, rather than by a pattern."""

    chosen: dict[str, list[str]]

    def init_notebooks(self) -> None:
        self.assignments = self.chosen
        self.notebooks: list[str] = []
