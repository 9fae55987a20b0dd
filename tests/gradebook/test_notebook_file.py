"""A notebook's file: the same, to the byte, as nbgrader's own steps write it."""

import json

import nbformat
from hypothesis import given
from hypothesis import strategies as st

from autograder.gradebook.notebook_file import as_bytes

texts = st.text(st.characters(exclude_categories=["Cs"]))
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
metadata = st.dictionaries(texts.filter(lambda key: key not in ("trusted", "name", "tags")), plain, max_size=3)
outputs = st.lists(
    st.builds(lambda text: {"output_type": "stream", "name": "stdout", "text": text}, texts)
    | st.builds(
        lambda text: {"output_type": "display_data", "metadata": {}, "data": {"text/plain": text, "text/html": text}},
        texts,
    ),
    max_size=3,
)
cells = st.builds(
    lambda source, meta, shown, number: {
        "cell_type": "code",
        "id": f"cell-{number}",
        "source": source,
        "metadata": meta,
        "outputs": shown,
        "execution_count": number,
    },
    *(texts, metadata, outputs, st.integers(0, 9)),
) | st.builds(lambda source: {"cell_type": "markdown", "id": "text", "source": source, "metadata": {}}, texts)


@given(st.lists(cells, max_size=4), metadata)
def test_file_is_what_nbformat_writes(cells, meta):
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {**meta, "orig_nbformat": 4}, "cells": cells}
    theirs = nbformat.v4.nbjson.writes(nbformat.from_dict(notebook)) + "\n"
    assert as_bytes(nbformat.from_dict(json.loads(json.dumps(notebook)))) == theirs.encode()
