"""Zygotes for these tests: one for each set of walls, kept for the whole run because starting one takes seconds."""

import contextlib
import textwrap

import pytest

from autograder.sandbox import LAYERS, Cell, Zygote


@pytest.fixture(scope="session")
def zygote_with():
    """``zygote_with(layers)``: a zygote with these walls only."""
    found = {}
    with contextlib.ExitStack() as stack:

        def get(layers):
            key = frozenset(layers)
            if key not in found:
                found[key] = stack.enter_context(Zygote(layers=layers))
            return found[key]

        yield get


@pytest.fixture(scope="session")
def zygote(zygote_with):
    """A zygote with all walls."""
    return zygote_with(LAYERS)


@pytest.fixture(scope="session")
def bare(zygote_with):
    """A zygote without any wall, as on a machine that has none."""
    return zygote_with(())


@pytest.fixture(scope="session")
def cells():
    """``cells("a = 1", "b = 2")``: a notebook's cells."""

    def make(*sources):
        return [Cell(number, textwrap.dedent(source)) for number, source in enumerate(sources, 1)]

    return make
