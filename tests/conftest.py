"""What several test files share: the tiers, notebooks made of a few cells, and code that was typed into a notebook.

A test belongs to a tier by what it asks for, and nobody has to say so:

- ``--tier=quick`` leaves out what asks for a fixture in `COSTLY`, refuses to start processes, and skips on the spot
  whatever wants one.
- ``--tier=test``, the usual one, runs everything, but of a bank of cases that ask for such a fixture a few.
- ``--tier=soak`` runs all cases, and what asks for the fixture `soak`; `few` tells a test how much is enough.
"""

import ast
import contextlib
import itertools
import json
import linecache
import multiprocessing
import multiprocessing.util
import os
import pkgutil
import re
import shutil
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy
from hypothesis import settings

# Machines that grade are busy; a slow example is no bug.
settings.register_profile("course", deadline=None)
settings.load_profile("course")


# --- tiers

#: Fixtures that cost seconds in each test, and how many cases of a bank that asks for them are enough for `make test`,
#: which runs one of each kind besides; `make quick` runs no test that asks for one.
COSTLY = {
    "browser": 1,
    "class_of_twelve": 1,
    "every_python_begins_with": 1,
    "fought": 8,
    "fought_as_somebody": 1,
    "fought_without_layers": 1,
    "graded_all": 100,
    "graded_as_left": 20,
    "in_a_copy": 4,
    "kernel": 1,
    "mutants_graded": 150,
    "pictures": 9,
    "prepared": 9,
    "told_of_all": 1,
    "training": 3,
}

#: What Python tells its audit hooks before it starts a process.
STARTS = {"subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"}
REASON = "starts a process, which make quick does not; make test runs it"


#: What `make quick` is to exercise.
PACKAGE = Path(__file__).resolve().parents[1] / "autograder"
#: What runs in no process of the tests that start none: commands, students' processes, Gradescope's scripts; and what
#: lessons are made of, which judging reads by its path.
_IN_PROCESSES_OF_THEIR_OWN = re.compile(
    r"/__main__\.py$|/course/(lessons|secret)/|/course/preload\.py$|/sandbox/inside/|/exports/files/"
)


class _Starts:
    """Refuses to start processes while a test runs, but those that several tests share."""

    def __init__(self):
        self.asked = False
        self._allowed = 1  # while tests are collected
        sys.addaudithook(self._hear)
        self._spawn, multiprocessing.util.spawnv_passfds = multiprocessing.util.spawnv_passfds, self._multiprocess

    @contextlib.contextmanager
    def shared(self):
        """While it lasts processes may start."""
        self._allowed += 1
        try:
            yield
        finally:
            self._allowed -= 1

    def _multiprocess(self, *arguments):
        self._hear("subprocess.Popen", arguments)  # which Python does not tell of here
        return self._spawn(*arguments)

    def _hear(self, event, arguments):
        if event in STARTS and not self._allowed:
            self.asked = True
            # No `Exception`: whatever code under test catches, it is given up.
            raise pytest.skip.Exception(REASON)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self):
        self.asked = False
        self._allowed -= 1
        try:
            return (yield)
        finally:
            self._allowed += 1

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef, request):
        """What a fixture has made without the process that it asked for is given to no test."""
        before, self.asked = self.asked, False
        try:
            return (yield)
        finally:
            if self.asked:
                refused = pytest.skip.Exception(REASON)
                fixturedef.cached_result = (None, fixturedef.cache_key(request), (refused, None))
            self.asked |= before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item):
        """Skipped is what has asked for a process, even if it was asked in a thread or goes on without."""
        report = yield
        if self.asked:
            report.outcome = "skipped"
            report.longrepr = (str(item.path), item.location[1], f"Skipped: {REASON}")
        return report


class _Promise:
    """Fails a whole `make quick` that runs less than half of all tests, or leaves a module of ours out."""

    def __init__(self, config):
        self._config = config
        self._whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.getoption("keyword")
        self._collected = self._passed = 0
        self._imported = set()
        self._broken = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items):
        self._collected = len(items)

    def pytest_runtest_logreport(self, report):
        self._passed += report.when == "call" and report.passed

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node):
        """A worker has ended, and tells what it knows."""
        told = getattr(node, "workeroutput", {})
        self._collected = max(self._collected, told.get("collected", 0))
        self._imported |= set(told.get("imported", ()))

    def pytest_sessionfinish(self, session):
        self._imported |= {file for module in [*sys.modules.values()] if (file := getattr(module, "__file__", None))}
        if hasattr(self._config, "workeroutput"):
            ours = sorted(file for file in self._imported if Path(file).is_relative_to(PACKAGE))
            self._config.workeroutput.update(collected=self._collected, imported=ours)
        elif self._whole and session.exitstatus == pytest.ExitCode.OK:
            self._look()
            if self._broken:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _look(self):
        if 2 * self._passed < self._collected:
            self._broken.append(f"make quick has run {self._passed} of {self._collected} tests, less than half.")
        for path in sorted(PACKAGE.rglob("*.py")):
            if str(path) not in self._imported and not _IN_PROCESSES_OF_THEIR_OWN.search(path.as_posix()):
                self._broken.append(f"make quick has no test that imports {path.relative_to(PACKAGE.parent)}.")

    def pytest_terminal_summary(self, terminalreporter):
        for sentence in self._broken:
            terminalreporter.write_line(sentence, red=True)


def pytest_addoption(parser):
    parser.addoption("--tier", choices=("quick", "test", "soak"), default="test", help="how much is run")


def pytest_configure(config):
    # nbgrader starts programs of this Python by their names, wherever a shell would look for them.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    # A shell has its background jobs ignore Ctrl-C, and so would commands that a test means to end with it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if config.getoption("tier") == "quick":
        config.pluginmanager.register(_Starts(), "starts")
        config.pluginmanager.register(_Promise(config), "promise")
        # What was refused in the middle leaves sockets and files open, which are found while another test runs.
        config.addinivalue_line("filterwarnings", "ignore::pytest.PytestUnraisableExceptionWarning")
        config.addinivalue_line("filterwarnings", "ignore::ResourceWarning")


def pytest_collection_modifyitems(config, items):
    """Leave out what the tier has enough of."""
    asked_by_name = any("::" in one for one in config.invocation_params.args) or config.getoption("keyword")
    if config.getoption("tier") != "soak" and not asked_by_name:
        _sample(config, items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """One more than there are cores, or a core has nothing to do while a test waits: for a limit, a lock, a page."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
    return cores + (config.getoption("tier") != "quick")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Where tests run on several cores, those of a file that share something stay together; the rest is spread."""
    from xdist.scheduler import LoadScopeScheduling

    class Spread(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            path, _, _ = nodeid.partition("::")
            return path if _shares(config.rootpath / path) else nodeid

    return Spread(config, log)


@cache
def _shares(path):
    """Whether tests of a file have part in something that is made once: there, or for its folder."""
    here = Path(__file__).parent
    folders = [folder for folder in path.parents if here in folder.parents]
    texts = [place.read_text() for place in (path, *(folder / "conftest.py" for folder in folders)) if place.exists()]
    return any(re.search(r"scope=.(module|session|class|package)|\bbrowser\b", text) for text in texts)


def _sample(config, items):
    """Of each bank of costly cases keep a few, spread evenly, and one at least of each kind."""
    banks, left_out = {}, set()
    for item in items:
        enough = min((COSTLY[name] for name in item.fixturenames if name in COSTLY), default=None)
        if enough is not None and config.getoption("tier") == "quick":
            left_out.add(item)
        elif enough is not None and hasattr(item, "callspec"):
            banks.setdefault((item.function, enough), []).append(item)
    for (_, enough), cases in banks.items():
        left_out |= set(cases) - _spread(cases, enough)
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


def _spread(cases, enough):
    """So many cases, as far apart as they can be, and the middle one of each kind that has none among them.

    The kind is what stands before a slash in a case's name: ``reading/suites`` is of the kind ``reading``.
    """
    kinds = {}
    for case in cases:
        kind, slash, _ = case.callspec.id.partition("/")
        kinds.setdefault(kind if slash else "", []).append(case)
    kept = set(_far_apart(cases, enough))
    return kept | {of_a_kind[len(of_a_kind) // 2] for of_a_kind in kinds.values() if kept.isdisjoint(of_a_kind)}


def _far_apart(bank, number):
    places = {(2 * place + 1) * len(bank) // (2 * number) for place in range(number)}
    return [bank[place] for place in sorted(places)]


@pytest.fixture(scope="session")
def shared_start(pytestconfig):
    """``with shared_start():`` a fixture of the whole session starts the one process that all its tests share."""
    plugin = pytestconfig.pluginmanager.get_plugin("starts")
    return contextlib.nullcontext if plugin is None else plugin.shared


@pytest.fixture
def training():
    """Says that a test trains a network, which takes seconds; see `COSTLY`."""


@pytest.fixture(scope="session")
def soak(pytestconfig):
    """For what takes long: skips the test where this is not `make soak`."""
    if pytestconfig.getoption("tier") != "soak":
        pytest.skip("it takes long; make soak runs it")


@pytest.fixture(scope="session")
def few(pytestconfig):
    """``few(bank, 3)``: the first three, and all in `make soak`."""
    return lambda bank, number: list(bank) if pytestconfig.getoption("tier") == "soak" else list(bank)[:number]


@pytest.fixture(scope="session")
def spread(pytestconfig):
    """``spread(bank, 3)``: three, as far apart as they can be, and all in `make soak`."""
    return lambda bank, number: (
        list(bank) if pytestconfig.getoption("tier") == "soak" else _far_apart(list(bank), number)
    )


def _code_cell(source, /, *, tags=(), **nbgrader):
    metadata = {"tags": list(tags)} if tags else {}
    if nbgrader:
        kind = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
        metadata["nbgrader"] = {**kind, **nbgrader}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


def _notebook(*cells, **fields):
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **fields}
    return json.dumps(whole).encode()


@pytest.fixture(scope="session", autouse=True)
def _no_grader_stays(tmp_path_factory):
    """What stays for the next command of nbgrader's stays for the tests alone, and no longer."""
    with pytest.MonkeyPatch.context() as patch:
        place = tmp_path_factory.mktemp("run")
        patch.setenv("XDG_RUNTIME_DIR", str(place))
        yield
        if any(place.iterdir()):
            from autograder.gradebook.standing_grader import stop

            stop()


@pytest.fixture(scope="session", autouse=True)
def _alembic_is_asked_once(shared_start):
    """For each new gradebook nbgrader starts a process, of a second, that says which version nbgrader's tables have."""
    api = sys.modules.get("nbgrader.api")  # whoever runs more than a few tests has imported it
    if api is None:
        yield
        return
    from autograder.gradebook.database import scripts_on_path

    ask = api.get_alembic_version

    @cache
    def version():
        with shared_start(), scripts_on_path():
            return ask()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "get_alembic_version", version)
        yield


@pytest.fixture(scope="session")
def _forks(pytestconfig):
    """What in `make test` forks from one process that has imported all; see `imported_once`. Elsewhere nothing does."""
    if pytestconfig.getoption("tier") != "test" or sys.platform != "linux":
        yield None
        return
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(["imported_once"])
    begin = forks.Process.start

    def start(process):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONPATH", str(Path(__file__).parent))
            begin(process)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forks.Process, "start", start)
        yield forks


@pytest.fixture(scope="session", autouse=True)
def _graders_and_checkers_are_forks(_forks, request):
    """In `make soak` each is a Python of its own, as wherever its starter has several threads."""
    pool = sys.modules.get("autograder.grading.pool")  # whoever runs more than a few tests has imported it
    notebook = sys.modules.get("autograder.student.notebook")
    with pytest.MonkeyPatch.context() as patch:
        if _forks is not None and pool is not None:
            patch.setattr(pool, "_spawn", _forks)
        if _forks is not None and notebook is not None:
            start = notebook.Zygote

            def zygote(surroundings, **settings):
                return start(surroundings, fork_server=request.getfixturevalue("fork_server"), **settings)

            patch.setattr(notebook, "Zygote", zygote)
        yield


@pytest.fixture(scope="session")
def command(_forks, tmp_path_factory):
    """``command("nbgrader", "autograde", "ps1", cwd=course)``: what it says on both streams, and its exit code.

    In `make test` it is a fork, and so are its graders; else a Python of its own, as in a shell.
    """

    def run(*arguments, cwd=".", **variables):
        arguments = [*map(str, arguments)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", **variables}
        if _forks is None:
            program = Path(sys.executable).with_name(arguments[0])
            return subprocess.run(
                [program, *arguments[1:]], cwd=cwd, env=environment, capture_output=True, text=True, check=False
            )
        place = tmp_path_factory.mktemp("command")
        streams = [place / "stdout", place / "stderr"]
        process = _forks.Process(
            target=_RunThere(), args=(arguments, os.path.abspath(cwd), environment, *map(str, streams))
        )
        process.start()
        process.join()
        return subprocess.CompletedProcess(
            arguments, process.exitcode, *(path.read_text(encoding="utf-8") for path in streams)
        )

    return run


class _RunThere:
    """`imported_once.run`, where that is imported."""

    def __reduce__(self):
        return pkgutil.resolve_name, ("imported_once:run",)


@pytest.fixture(scope="session")
def fork_server(shared_start):
    """What zygotes of our course can be forked from, once all is imported: each by itself imports for seconds."""
    from autograder.course.contents import COURSE
    from autograder.grading.fork_server import surroundings_of
    from autograder.sandbox import ForkServer

    if sys.platform != "linux":
        yield None
        return
    with shared_start():
        server = ForkServer(surroundings_of(COURSE))
    yield server
    server.close()


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
