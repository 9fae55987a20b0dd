"""Which of the submitted notebooks is the one to grade: by what is in it, whatever it is called.

A notebook belongs to the assignment whose graded cells it has. Of several the one that was worked on counts: a blank
copy beside it does not.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from autograder.notebooks.reading import Notebook, NotebookError, read_notebook
from autograder.notebooks.text import legible

__all__ = ["Chosen", "NotChosen", "Released", "choose", "worked"]


class Released(NamedTuple):
    """A notebook of the source version, as students get it.

    Attributes:
        graded: the names of its graded cells.
        stubs: what stands in the cells that students write in, by name.
    """

    graded: frozenset[str]
    stubs: Mapping[str, str]


class Chosen(NamedTuple):
    """What was chosen.

    Attributes:
        paths: the notebook to grade, by its name in the source version; none for one that was not handed in.
        notes: what is odd about it, a sentence each.
    """

    paths: dict[str, Path]
    notes: tuple[str, ...]


class NotChosen(Exception):
    """There is none, or nobody can say which; the text says why and what to do."""


def choose(submitted: Sequence[Path], released: Mapping[str, Released]) -> Chosen:
    """Choose a submitted notebook for each of the source version's.

    Args:
        submitted: the notebooks in the submitted folder.
        released: what they can be, by name.

    Raises:
        NotChosen: several that differ could be it, or none is.
    """
    paths: dict[str, Path] = {}
    notes: list[str] = []
    free = list(submitted)
    for name, source in released.items():
        found = _of(name, source, free, released)
        if found is not None:
            paths[name], more, known = found
            notes += more
            free = [path for path in free if path not in known]
    notes += [f"{legible(path.name)} is no notebook of this assignment and was left out." for path in free]
    if not paths:
        raise NotChosen(_why_none(submitted, released))
    return Chosen(paths, tuple(notes))


def worked(notebook: Notebook, source: Released) -> int:
    """In how many cells something else stands than was released."""
    written = {cell.grade_id: cell.source.strip() for cell in notebook.cells if cell.is_solution}
    return sum(code != source.stubs.get(name, "").strip() for name, code in written.items() if name in source.stubs)


def _of(
    name: str, source: Released, free: Sequence[Path], released: Mapping[str, Released]
) -> tuple[Path, list[str], list[Path]] | None:
    """The notebook to be graded as `name`, what is odd about it, and all that could have been it."""
    expected = next((path for path in free if path.stem == name), None)
    read: dict[Path, Notebook] = {}
    for path in free:
        try:
            read[path] = read_notebook(path)
        except NotebookError:
            continue
    mine = [path for path, notebook in read.items() if _belongs(notebook, name, path, released)]
    full = [path for path in mine if worked(read[path], source)]
    if expected in full or (expected in mine and not full):
        others = [path for path in full if path != expected and read[path] != read[expected]]
        return expected, [f"{expected.name} was graded, and not {_listed(others)}."] if others else [], mine
    if expected is not None and expected not in read and not full:
        return expected, [], [expected, *mine]  # reading it says what is wrong
    candidates = full or mine
    if not candidates:
        is_mine = expected is not None and expected in read and not _graded(read[expected])
        return (expected, [], [expected]) if expected is not None and is_mine else None
    if any(read[path] != read[candidates[0]] for path in candidates):
        raise NotChosen(
            f"There are {len(candidates)} notebooks of this assignment that differ, and none of those that were worked "
            f"on is called {name}.ipynb: {_listed(candidates)}. Hand in that one alone."
        )
    chosen = candidates[0]
    notes = [f"The notebook is called {legible(chosen.name)} instead of {name}.ipynb."]
    if expected in mine:
        notes = [f"{name}.ipynb is as it was released; {legible(chosen.name)}, which was worked on, was graded."]
    elif expected is not None:
        notes = [f"{name}.ipynb cannot be graded; {legible(chosen.name)} was."]
    return chosen, notes, mine if expected is None else [expected, *mine]


def _belongs(notebook: Notebook, name: str, path: Path, released: Mapping[str, Released]) -> bool:
    """Whether more of its graded cells are those of `name` than of anything else, or its name says so."""
    asked = _graded(notebook)
    known = sum(cell in released[name].graded for cell in asked)
    best = max(sum(cell in other.graded for cell in asked) for other in released.values())
    if known and known == best and 2 * known > len(asked):
        return path.stem == name or not any(path.stem == other for other in released)
    return path.stem == name and bool(known or not asked)


def _graded(notebook: Notebook) -> set[str]:
    return {cell.grade_id for cell in notebook.cells if cell.is_grade and cell.grade_id}


def _why_none(submitted: Sequence[Path], released: Mapping[str, Released]) -> str:
    names = " or ".join(f"{name}.ipynb" for name in released)
    for path in submitted:
        try:
            asked = _graded(read_notebook(path))
        except NotebookError:
            continue
        if asked and path.stem in released:
            return (
                f"{legible(path.name)} is the notebook of another assignment: it asks for "
                f"{', '.join(sorted(asked)[:4])}. Hand in this assignment's."
            )
    return f"There is no notebook {names} in the folder, under whatever name: {_listed(submitted)}."


def _listed(paths: Sequence[Path]) -> str:
    return ", ".join(legible(path.name) for path in paths[:5]) + (" …" if len(paths) > 5 else "")
