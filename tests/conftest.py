"""What several test files share: notebooks made of a few cells, and code that was typed into a notebook."""

import ast
import itertools
import json
import linecache
import os
import shutil
import sys
from pathlib import Path

import pytest
import sqlalchemy
from hypothesis import settings

# Machines that grade are busy; a slow example is no bug.
settings.register_profile("course", deadline=None)
settings.load_profile("course")


def _code_cell(source, /, *, tags=(), **nbgrader):
    metadata = {"tags": list(tags)} if tags else {}
    if nbgrader:
        kind = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
        metadata["nbgrader"] = {**kind, **nbgrader}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


def _notebook(*cells, **fields):
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **fields}
    return json.dumps(whole).encode()


@pytest.fixture(scope="session")
def code_cell():
    """``code_cell("x = 1", tags=["show"], grade_id="softmax", grade=True)``: a cell as Jupyter saves it."""
    return _code_cell


@pytest.fixture(scope="session")
def notebook():
    """``notebook(cell, …)``: the bytes of a notebook file; fields of the file can be given by name."""
    return _notebook


@pytest.fixture
def typed():
    """``typed(source, …)``: the names that cells define, compiled as IPython does, their lines known to linecache."""
    made = []

    def run(*sources):
        names = {"__name__": "__main__"}
        for source in sources:
            name = f"/tmp/ipykernel_{id(made)}/{len(made)}.py"
            made.append(name)
            linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
            exec(compile(source, name, "exec"), names)
        return names

    yield run
    for name in made:
        linecache.cache.pop(name, None)


@pytest.fixture
def tested():
    """``tested("failed", hidden=True)``: one test's result, every field with a value of its own."""
    from autograder.judging.results import TestResult

    numbers = itertools.count(1)

    def make(outcome, **fields):
        number = next(numbers)
        usual = {
            "name": f"test_number_{number}",
            "title": f"Sentence number {number} is true.",
            "hidden": False,
            "earned": 1.0 if outcome == "passed" else 0.0,
            "points": 1.0,
            "message": "" if outcome == "passed" else f"Message number {number}.",
            "seconds": 0.001,
        }
        return TestResult(outcome=outcome, **{**usual, **fields})

    return make


def _solution_lines(source):
    (definition,) = ast.parse(source).body
    for node in ast.walk(definition):
        if isinstance(node, ast.Return | ast.Assign | ast.AugAssign | ast.Expr):
            yield ast.get_source_segment(source, node)
            if not isinstance(node.value, ast.Constant | ast.Name | ast.List | ast.Dict):
                yield ast.get_source_segment(source, node.value)


@pytest.fixture(scope="session")
def solution_lines():
    """``solution_lines(source)``: the statements of a function, and what they return or assign, as text."""
    return _solution_lines


@pytest.fixture(scope="session")
def gradebook_at():
    """``gradebook_at(folder, like=None)``: the address of a new gradebook, empty or a copy of another.

    It is a file in the folder, or, where the variable POSTGRES has a server's address, a database there.
    """
    server = os.environ.get("POSTGRES")
    names = {}

    def make(folder, like=None):
        if server is None:
            path = folder / "gradebook.db"
            path.unlink(missing_ok=True)
            if like is not None:
                shutil.copy(like.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"
        name = names.setdefault(folder, f"gradebook_{len(names)}")
        template = f" TEMPLATE {like.rpartition('/')[2]}" if like else ""
        engine = sqlalchemy.create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
            connection.exec_driver_sql(f"CREATE DATABASE {name}{template}")
        engine.dispose()
        return f"{server}/{name}"

    return make


@pytest.fixture(scope="session")
def marks_in():
    """``marks_in(database)``: everything that a gradebook says of students, by student and assignment.

    `database` is its address, or the path of its file.
    """
    from nbgrader.api import Gradebook

    def read(database):
        address = database if isinstance(database, str) else f"sqlite:///{database}"
        with Gradebook(address, "neurons-to-network") as gradebook:
            return {
                (submission.student.id, assignment.name): {
                    "timestamp": submission.timestamp,
                    "needs_manual_grade": submission.needs_manual_grade,
                    "score": submission.score,
                    "max_score": submission.max_score,
                    "penalties": {one.name: one.late_submission_penalty for one in submission.notebooks},
                    "flagged": {one.name: one.flagged for one in submission.notebooks},
                    "grades": {
                        (one.name, grade.name): (
                            *(grade.auto_score, grade.manual_score, grade.extra_credit),
                            *(grade.needs_manual_grade, grade.score, grade.max_score, grade.failed_tests),
                        )
                        for one in submission.notebooks
                        for grade in one.grades
                    },
                    "comments": {
                        (one.name, comment.name): (comment.auto_comment, comment.manual_comment)
                        for one in submission.notebooks
                        for comment in one.comments
                    },
                }
                for assignment in gradebook.assignments
                for submission in assignment.submissions
            }

    return read


def _as_user(user):
    """What to write before a command to run it as this user, who may need to be shown a Python in root's own home."""
    become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    python = Path(sys.base_prefix).resolve()
    closed = next((folder for folder in reversed(python.parents) if not folder.stat().st_mode & 0o001), None)
    if closed is None:
        return become
    # In file system of its own: the closed folder is empty there, but for Python.
    show = 'mount --bind "$2" /mnt && mount -t tmpfs -o mode=755 none "$1" && mkdir -p "$2" && mount --bind /mnt "$2"'
    script = f'{show} && shift 2 && exec "$@"'
    return ["unshare", "--mount", "sh", "-c", script, "sh", str(closed), str(python), *become]


@pytest.fixture(scope="session")
def as_user():
    """``as_user(65534)``: what to write before a command so that it is that user's."""
    return _as_user


BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# Nothing that a browser does of its own accord: no updates, no reports, no other protocols.
QUIET = (
    "--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync"
).split()


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium, without a window."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail("The browser tests need Chromium: `make chromium` installs Debian's, as root.", pytrace=False)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield opened
        opened.close()
