"""Collecting: match, choose, and put into place."""

import datetime
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from autograder.gradebook.chosen_notebooks import Released, worked
from autograder.instructor.collect._reading import CollectError, Found, files_in
from autograder.instructor.collect._roster import People, RosterRow
from autograder.instructor.collect._sources import Owners
from autograder.notebooks.reading import Notebook, NotebookError, parse_notebook
from autograder.notebooks.text import legible

#: What students hand in by mistake, in place of a notebook.
_IN_PLACE_OF_NOTEBOOKS = (".zip", ".html", ".py", ".pdf", ".docx", ".rar", ".7z")

_NAME_THE_LESSON = "With --assignment NAME it comes in all the same, and the grader tells its student so."

#: nbgrader's own form of a time.
_TIME = "%Y-%m-%d %H:%M:%S UTC"


class Row(NamedTuple):
    """What became of one file.

    Attributes:
        file: its name in the source.
        student: nbgrader's student id; empty if it is nobody's.
        assignment: what it is of; empty if that is not known.
        what: ``collected``, ``unchanged``, ``replaced``, ``left``, or ``not matched``.
        why: a sentence; empty where there is nothing to explain.
    """

    file: str
    student: str
    assignment: str
    what: str
    why: str


class Collected(NamedTuple):
    """What came of it.

    Attributes:
        rows: one for each notebook, and for whatever else could not be taken.
        missing: ids in the roster of whom nothing was found.
        is_timed: whether the source says when each was handed in. Without that there are no late penalties.
    """

    rows: list[Row]
    missing: list[str]
    is_timed: bool


class _Candidate(NamedTuple):
    file: Found
    notebook: Notebook | None
    handed_in: datetime.datetime | None

    @property
    def order(self) -> datetime.datetime:
        return self.handed_in or self.file.changed


def collect(
    source: Path,
    submitted: "Place",
    roster: Sequence[RosterRow],
    released: Mapping[str, Released],
    assignment: str | None = None,
) -> Collected:
    """Put the notebooks in a download where nbgrader looks for them.

    Args:
        source: a zip or a folder.
        submitted: where nbgrader looks, and where replaced ones are kept.
        roster: who is in the class.
        released: the notebooks that students were given, by name of the assignment.
        assignment: take this one only.

    Raises:
        CollectError: the source cannot be read, or there is nothing in it.
    """
    files = list(files_in(source))
    if not files:
        raise CollectError(f"There is no file in {source}.")
    owners, people = Owners(files), People(roster)
    only = assignment or (next(iter(released)) if len(released) == 1 else "")
    rows: list[Row] = []
    found: dict[tuple[str, str], list[_Candidate]] = {}
    hopeless: dict[str, list[tuple[_Candidate, str]]] = {}
    for file in files:
        name = legible(file.name)
        if PurePosixPath(file.name).suffix != ".ipynb" and not file.problem:
            if PurePosixPath(file.name).suffix not in _IN_PLACE_OF_NOTEBOOKS:
                continue
            file = file._replace(problem="It is no notebook. Ask for the .ipynb file.")
        notebook, which, problem = _look(file, released)
        for owner in owners.of(file):
            student, why = people.find(owner.keys)
            candidate = _Candidate(file, notebook, owner.handed_in)
            if file.problem:
                rows.append(Row(name, student, "", "not matched", problem))
            elif not student:
                rows.append(Row(name, "", which, "not matched", f"{legible(owner.called)}: {why}"))
            elif problem and not only:
                rows.append(Row(name, student, "", "not matched", f"{problem} {_NAME_THE_LESSON}"))
            elif problem:
                hopeless.setdefault(student, []).append((candidate, problem))
            elif assignment in (None, which):
                found.setdefault((student, which), []).append(candidate)
            else:
                rows.append(Row(name, student, which, "left", f"It is of {which}, and not of {assignment}."))
    for (student, which), candidates in sorted(found.items()):
        rows += _take(student, which, candidates, submitted, released[which])
    for student, tried in sorted(hopeless.items()):
        for number, (candidate, problem) in enumerate(sorted(tried, key=lambda one: one[0].order, reverse=True)):
            # Its student is to be told by the grader why it cannot be graded, unless there is something better.
            is_all = not number and (student, only) not in found
            rows.append(_take_hopeless(candidate, problem, submitted, student, only, is_all=is_all))
    seen = {row.student for row in rows if row.student}
    timed = all(one.handed_in is not None for some in found.values() for one in some)
    return Collected(rows, sorted({row.id for row in roster} - seen), timed)


def _look(file: Found, released: Mapping[str, Released]) -> tuple[Notebook | None, str, str]:
    """The notebook in a file, the assignment that it is of, and why there is none of both."""
    if file.problem:
        return None, "", file.problem
    try:
        notebook = parse_notebook(file.content)
    except NotebookError as error:
        return None, "", str(error)
    which = _assignment(notebook, released)
    return notebook, which, "" if which else f"It asks for nothing of {' or '.join(released)}."


class Place(NamedTuple):
    """Where submissions are.

    Attributes:
        pattern: the folder of one, with ``{student}`` and ``{assignment}`` in it.
        earlier: the folder below which those are kept that were replaced.
    """

    pattern: str
    earlier: Path

    def folder(self, student: str, assignment: str) -> Path:
        """Where one student's submission of an assignment is."""
        return Path(self.pattern.replace("{student}", student).replace("{assignment}", assignment))


def _assignment(notebook: Notebook, released: Mapping[str, Released]) -> str:
    """The assignment to which most of a notebook's graded cells belong; empty if that is none."""
    asked = {cell.grade_id for cell in notebook.cells if cell.is_grade and cell.grade_id}
    counts = {name: len(asked & one.graded) for name, one in released.items()}
    best = max(counts, key=lambda name: counts[name], default="")
    return best if best and 2 * counts[best] > len(asked) else ""


def _take(
    student: str, assignment: str, candidates: list[_Candidate], submitted: Place, released: Released
) -> Iterable[Row]:
    """Put one student's notebook for one assignment into its place; a row for each that could have been it."""
    full = [one for one in candidates if one.notebook and worked(one.notebook, released)] or candidates
    newest = max(one.order for one in full)
    last = [one for one in full if one.order == newest]
    if any(one.notebook != last[0].notebook for one in last):
        names = ", ".join(legible(one.file.name) for one in last)
        for one in candidates:
            why = f"There are {len(last)} of the same time that differ: {names}. Take one by hand."
            yield Row(legible(one.file.name), student, assignment, "not matched", why)
        return
    chosen = last[0]
    for one in candidates:
        if one is not chosen:
            why = (
                "It is as it was released."
                if one not in full
                else f"{legible(chosen.file.name)} is newer, or the same."
            )
            yield Row(legible(one.file.name), student, assignment, "left", why)
    what, why = _put(chosen, submitted, student, assignment)
    yield Row(legible(chosen.file.name), student, assignment, what, why)


def _take_hopeless(
    candidate: _Candidate, problem: str, submitted: Place, student: str, assignment: str, *, is_all: bool
) -> Row:
    """Put what cannot be graded where the grader says so to its student, if nothing else is there."""
    name = legible(candidate.file.name)
    path = submitted.folder(student, assignment) / f"{assignment}.ipynb"
    if not is_all or (path.parent.exists() and not _is_same(path, candidate)):
        return Row(name, student, assignment, "left", f"{problem} There is another one.")
    what, _ = _put(candidate, submitted, student, assignment)
    return Row(name, student, assignment, what, f"{problem} The grader will tell the student so.")


def _is_same(path: Path, candidate: _Candidate) -> bool:
    return path.is_file() and not path.is_symlink() and path.read_bytes() == candidate.file.content


def _put(chosen: _Candidate, submitted: Place, student: str, assignment: str) -> tuple[str, str]:
    folder = submitted.folder(student, assignment)
    path = folder / f"{assignment}.ipynb"
    what, why = "collected", ""
    if folder.is_symlink() or path.is_symlink():
        return "not matched", f"{path} is a link. Remove it and collect again."
    if _is_same(path, chosen):
        return "unchanged", ""
    if folder.exists():
        before = _handed_in(folder)
        if before is not None and chosen.handed_in is not None and before > chosen.handed_in:
            return "left", f"What is there was handed in later: {before.strftime(_TIME)}."
        kept = submitted.earlier / assignment / student / _now_or(before)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder, _free(kept))
        what, why = "replaced", f"What was there is kept in {kept}."
    aside = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    (aside / path.name).write_bytes(chosen.file.content)
    if chosen.handed_in is not None:
        (aside / "timestamp.txt").write_text(chosen.handed_in.strftime(_TIME))
    aside.rename(folder)
    return what, why


def _handed_in(folder: Path) -> datetime.datetime | None:
    try:
        text = (folder / "timestamp.txt").read_text(encoding="utf-8")[:100].strip()
        return datetime.datetime.strptime(text, _TIME).replace(tzinfo=datetime.UTC)
    except (OSError, ValueError):
        return None


def _now_or(before: datetime.datetime | None) -> str:
    return (before or datetime.datetime.now(datetime.UTC)).strftime("%Y-%m-%dT%H-%M-%S")


def _free(path: Path) -> Path:
    """The path, or one like it that is not taken."""
    return next(
        one for one in (path, *(path.with_name(f"{path.name}-{n}") for n in range(1, 1000))) if not one.exists()
    )
