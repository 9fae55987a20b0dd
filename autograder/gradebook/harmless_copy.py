"""nbgrader's last step of autograding with us: what instructors and students will look at is made harmless.

The formgrader, the feedback pages and Jupyter show the autograded copy of a notebook. So it is built anew of what is
known to be harmless: texts, cleaned HTML and Markdown, pictures, and the metadata that nbgrader needs. Only what we
have written ourselves, the verdicts, and what the instructor has locked stay as they are.
"""

import re
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.gradebook.harmless import clean_html, clean_markdown, clean_tex, is_picture, letter_by_letter, work

__all__ = ["VERDICTS", "HarmlessCopy"]

#: The name under which the places of the cells whose outputs are ours travel in nbgrader's `resources`.
VERDICTS = "autograder_verdicts"

#: What a whole notebook may take: characters of HTML, and work on Markdown (`autograder.gradebook.harmless.work`).
_MAX_HTML = 2 * 2**20
_MAX_WORK = 20_000_000

_Json = dict[str, Any]

_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
#: What ends up in an attribute of a page.
_NAME = re.compile(r"[\w.-]{1,100}", re.ASCII)

_NBGRADER: dict[str, type | tuple[type, ...]] = {
    "grade": bool,
    "solution": bool,
    "locked": bool,
    "task": bool,
    "schema_version": int,
    "grade_id": str,
    "cell_type": str,
    "checksum": str,
    "points": (int, float),
}


class HarmlessCopy(NbGraderPreprocessor):
    """Leaves nothing in a notebook that could act in the browser of somebody who looks at it."""

    def preprocess(self, nb: NotebookNode, resources: _Json) -> tuple[NotebookNode, _Json]:
        """Build the notebook anew."""
        verdicts = resources.get(VERDICTS, frozenset())
        made = _Cleaning(nb)
        cells = [made.cell(number, cell, number in verdicts) for number, cell in enumerate(nb.cells, 1)]
        version = {"nbformat": nb.nbformat, "nbformat_minor": nb.nbformat_minor}
        return from_dict({**version, "metadata": _of_notebook(nb.metadata), "cells": cells}), resources


class _Cleaning:
    """One notebook's cleaning: what room is left, and which names are taken."""

    def __init__(self, nb: NotebookNode):
        self._html = _MAX_HTML
        self._work = _MAX_WORK
        self._ids: set[str] = set()
        graded = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells]
        names = [name for name in graded if isinstance(name, str)]
        self._reserved = frozenset((*names, *(f"{name}-comment" for name in names), *_OF_THE_PAGE))

    def cell(self, number: int, cell: NotebookNode, is_ours: bool) -> _Json:
        metadata = _of_cell(cell.metadata)
        made: _Json = {"cell_type": cell.cell_type, "metadata": metadata, "source": cell.source}
        if isinstance(cell.get("id"), str):
            made["id"] = self._id(number, cell.id)
        if cell.cell_type == "code":
            count = cell.get("execution_count")
            made["execution_count"] = count if isinstance(count, int) else None
            outputs = cell.get("outputs", [])
            made["outputs"] = outputs if is_ours else [self._output(output) for output in outputs]
            return made
        pictures = _attachments(cell.get("attachments"))
        if pictures:
            made["attachments"] = pictures
        if "nbgrader" in metadata and utils.is_locked(cell) and cell.cell_type == "markdown":
            return made  # nbgrader has put the instructor's own text back
        if cell.cell_type == "markdown":
            made["source"] = self._markdown(cell.source, pictures)
        else:
            made["cell_type"] = "raw"
            made["source"] = self._clean_html(cell.source) if re.search("[<&]", cell.source) else cell.source
        return made

    def _id(self, number: int, name: str) -> str:
        if not re.fullmatch(r"[\w-]{1,64}", name, re.ASCII) or name in self._ids:
            name = f"cell-{number}"
        while name in self._ids:
            name += "-again"
        self._ids.add(name)
        return name

    def _markdown(self, source: str, pictures: dict[str, dict[str, str]]) -> str:
        self._work -= work(source)
        return clean_markdown(source, pictures, self._reserved) if self._work >= 0 else letter_by_letter(source)

    def _clean_html(self, text: str) -> str:
        self._html -= len(text)
        return clean_html(text) if self._html >= 0 else letter_by_letter(text)

    def _output(self, output: NotebookNode) -> _Json:
        kind = output.get("output_type")
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            return {"output_type": "stream", "name": name, "text": _text(output.get("text"))}
        if kind == "error":
            lines = output.get("traceback")
            return {
                "output_type": "error",
                "ename": _text(output.get("ename")),
                "evalue": _text(output.get("evalue")),
                "traceback": [_text(line) for line in lines] if isinstance(lines, list) else [],
            }
        data = output.get("data", {})
        pictures = {name: data[name] for name in _PICTURES if name in data and is_picture(name, data[name])}
        if _descriptions(output.get("metadata"), pictures):  # no HTML has to say the same again
            data = {name: data[name] for name in data if name != "text/html"}
        kept = {name: made for name in data if (made := self._shown(name, data[name])) is not None}
        kept = kept or {"text/plain": ""}
        shown = {"metadata": _descriptions(output.get("metadata"), kept), "data": kept}
        if kind == "execute_result":
            count = output.get("execution_count")
            count = count if isinstance(count, int) else None
            return {"output_type": "execute_result", "execution_count": count, **shown}
        return {"output_type": "display_data", **shown}

    def _shown(self, kind: str, content: Any) -> str | None:
        """What is kept of one kind of data of an output."""
        match kind:
            case "text/plain":
                return _text(content)
            case "text/html":
                return self._clean_html(_text(content))
            case "text/markdown":
                return self._markdown(_text(content), {})
            case "text/latex":
                return clean_tex(_text(content))
            case "image/svg+xml":  # shown as a picture, in which nothing acts
                return _text(content)
        return content if kind in _PICTURES and is_picture(kind, content) else None


#: Longest description of a picture that is kept.
_DESCRIBED = 2000


def _descriptions(metadata: Any, kept: _Json) -> _Json:
    """What those who can't see the pictures are told of them; nbconvert's page writes it, escaped, as their `alt`."""
    found: _Json = {}
    for kind in _PICTURES:
        about = metadata.get(kind) if kind in kept and isinstance(metadata, dict) else None
        alt = about.get("alt") if isinstance(about, dict) else None
        if isinstance(alt, str):
            found[kind] = {"alt": alt[:_DESCRIBED]}
    return found


#: Names that nbgrader's own pages have for parts of theirs.
_OF_THE_PAGE = ("notebook", "notebook-container", "statusmessage", "top", "toc")


def _of_notebook(metadata: NotebookNode) -> _Json:
    found = {}
    for name in ("kernelspec", "language_info"):
        about = metadata.get(name)
        if isinstance(about, dict):
            found[name] = {key: value for key, value in about.items() if _is_about_code(key, value)}
    return found


def _is_about_code(key: str, value: Any) -> bool:
    if key == "codemirror_mode":
        return bool(value == {"name": "ipython", "version": 3})
    return isinstance(value, str) and re.fullmatch(r"[\w .()/+-]{1,100}", value) is not None


def _of_cell(metadata: NotebookNode) -> _Json:
    found: _Json = {}
    tags = metadata.get("tags")
    if isinstance(tags, list):
        found["tags"] = [tag for tag in tags if isinstance(tag, str) and _NAME.fullmatch(tag)]
    for name in ("deletable", "editable"):
        if isinstance(metadata.get(name), bool):
            found[name] = metadata[name]
    about = metadata.get("nbgrader")
    if isinstance(about, dict) and isinstance(about.get("grade_id"), str) and _NAME.fullmatch(about["grade_id"]):
        found["nbgrader"] = {
            name: about[name] for name, kind in _NBGRADER.items() if name in about and isinstance(about[name], kind)
        }
    return found


def _attachments(found: Any) -> dict[str, dict[str, str]]:
    kept: dict[str, dict[str, str]] = {}
    for name, kinds in found.items() if isinstance(found, dict) else ():
        if isinstance(kinds, dict):
            pictures = {kind: kinds[kind] for kind in _PICTURES if kind in kinds and is_picture(kind, kinds[kind])}
            if pictures:
                kept[name] = pictures
    return kept


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part for part in content if isinstance(part, str))
    return content if isinstance(content, str) else ""
