"""The command ``grade``: a whole class into its gradebook, or any notebooks without one."""

import contextlib
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.feedback import update_pages, workers_for
from autograder.cli.main import is_class, lesson_called, message_on_stderr, needing, of_students

if TYPE_CHECKING:
    from autograder.grading.submissions import Submission
    from autograder.judging.course import Course
    from autograder.judging.results import SubmissionResult
    from autograder.sandbox import ForkServer

__all__ = ["grade", "stop"]


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--assignment", metavar="NAME", help="Grade this lesson only; single notebooks count as this one.")
@click.option("--jsonl", metavar="FILE", type=click.Path(allow_dash=True), help="One JSON object a line, - for stdout.")
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(1),
    help="Graders side by side. Default: one a core, fewer for a few notebooks.",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Grade on a dask cluster: its scheduler's address, or a scheduler file. See docs/cluster.md.",
)
@click.option(
    "--reference",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The folder of reference solutions. Default: the repository's own.",
)
@click.option(
    "--require",
    metavar="LAYER",
    multiple=True,
    help="Grade only if this layer of the sandbox is enforced; may be repeated. `autograder doctor` lists them.",
)
@of_students
@click.option("--regrade", is_flag=True, help="A course: grade again what has not changed, too.")
@click.option("--feedback", is_flag=True, help="A course: bring every feedback page up to date as well.")
@click.pass_obj
def grade(
    course: "Course",
    paths: tuple[Path, ...],
    assignment: str | None,
    jsonl: str | None,
    workers: int | None,
    dask: str | None,
    reference: Path | None,
    require: tuple[str, ...],
    students: tuple[str, ...],
    groups: tuple[str, ...],
    regrade: bool,
    feedback: bool,
) -> None:
    """Grade an nbgrader course into its gradebook, or any notebooks without one.

    A PATH that holds nbgrader_config.py or gradebook.db is a course: what its students have submitted is graded as
    `nbgrader autograde` does, unless nothing has changed since it was last graded.

    Every other PATH is a notebook, or a folder of <student>/<assignment>/<notebook>.ipynb; scores are shown, and
    written where --jsonl says.

    Exit code 0: all were graded, whatever their scores. 1: at least one could not be graded. 2: wrong usage.
    """
    from autograder.sandbox import LAYERS, OUTCOMES, one_thread

    one_thread()  # before anything that computes is imported
    for layer in require:
        if layer not in (*LAYERS, *OUTCOMES):
            names = ", ".join((*LAYERS, *OUTCOMES))
            raise click.BadParameter(f"there is no layer {layer!r}; there are {names}", param_hint="--require")
    classes = [path for path in paths if is_class(path)]
    if classes and len(paths) > 1:
        raise click.UsageError(f"{classes[0]} is a course; a course is graded by itself")
    if not classes and (regrade or feedback or students or groups):
        raise click.UsageError(
            "--regrade, --feedback, --student and --group are for a course, and there is none at this path"
        )
    if dask and workers:
        raise click.UsageError("--workers is for this machine alone; with --dask the cluster's workers grade")
    if reference is not None:
        course = course.with_solutions(reference)
    how = _How(course, assignment, jsonl, workers, dask, require, students, groups)
    try:
        with _fork_server(course, wanted=not dask) as server:
            if classes:
                whole = _grade_class(how, classes[0], server, regrade=regrade, feedback=feedback)
            else:
                whole = _grade_paths(how, paths, server)
    except RuntimeError as error:
        raise click.ClickException(str(error)) from error
    except ModuleNotFoundError as error:
        if not dask or error.name not in ("dask", "distributed"):
            raise
        raise click.ClickException(
            "--dask needs dask.distributed: pip install -e '.[instructor,cluster]' in the clone."
        ) from error
    sys.exit(0 if whole else 1)


@click.command()
def stop() -> None:
    """End the grader that stays when `nbgrader autograde` is done, for the next time. By itself it ends in minutes.

    Exit code 0: done, whether there was one or not.
    """
    with needing("It grades with nbgrader"):
        from autograder.gradebook import standing_grader
    count = standing_grader.stop()
    click.echo("No grader was waiting." if not count else f"Ended: {count}.")


@dataclass(frozen=True)
class _How:
    """How to grade, whatever is graded.

    Attributes:
        course: whose lessons, and where their reference solutions are.
        assignment: grade this one only.
        jsonl: where results are written, one a line.
        workers: how many graders side by side.
        dask: the address of a cluster to grade on instead.
        require: the layers without which nothing is graded.
        students: of a class, grade these only.
        groups: of a class, grade the students of these groups only.
    """

    course: "Course"
    assignment: str | None
    jsonl: str | None
    workers: int | None
    dask: str | None
    require: Sequence[str]
    students: Sequence[str]
    groups: Sequence[str]


@contextlib.contextmanager
def _fork_server(course: "Course", *, wanted: bool) -> "Iterator[ForkServer | None]":
    """A fork server that begins at once, so that it imports on another core while we import the rest."""
    if not wanted:
        yield None
        return
    from autograder.grading.fork_server import begin

    server = begin(course)
    try:
        yield server
    finally:
        if server is not None:
            server.close()  # the worker pool has done so, unless it was never begun


def _grade_paths(how: _How, paths: tuple[Path, ...], server: "ForkServer | None") -> bool:
    """Grade notebooks without a gradebook, and show their scores; whether all could be graded."""
    from autograder.grading import terminal
    from autograder.grading.submissions import find_submissions
    from autograder.judging.results import written

    if how.assignment is not None:
        lesson_called(how.course, how.assignment, "--assignment")
    submissions = find_submissions(paths, how.course, how.assignment)
    if not submissions:
        raise click.UsageError("there are no submissions at " + ", ".join(map(str, paths)))
    with _opened(how.jsonl) as file:
        results = _results(how, submissions, server)  # graders start before the progress bar does, which is a thread
        graded = list(terminal.progress(written(results, file), len(submissions)))
    terminal.table(graded, stderr=how.jsonl == "-")
    return not any(result.problem for result in graded)


def _results(how: _How, submissions: "list[Submission]", server: "ForkServer | None") -> "Iterator[SubmissionResult]":
    """Each submission's result as it comes, from this machine or from a cluster."""
    if how.dask is None:
        from autograder.grading.pool import grade_submissions

        return grade_submissions(submissions, how.course, workers=how.workers, require=how.require, fork_server=server)
    from autograder.grading.cluster.notebooks import grade_submissions_on_cluster

    return grade_submissions_on_cluster(
        submissions, how.course, address=how.dask, message=message_on_stderr, require=how.require
    )


def _grade_class(how: _How, path: Path, server: "ForkServer | None", *, regrade: bool, feedback: bool) -> bool:
    """Grade a class into its gradebook, and show what came of it; whether all could be graded."""
    with needing("A course is graded with nbgrader"):
        from autograder.gradebook.class_run import ClassRun, StoppedShort
        from autograder.instructor import terminal
    from autograder.grading import terminal as running
    from autograder.judging.results import written

    failed = 0
    stderr = how.jsonl == "-"
    try:
        with (
            _opened(how.jsonl) as file,
            ClassRun(
                path,
                how.course,
                assignment=how.assignment,
                students=how.students,
                groups=how.groups,
                workers=how.workers,
                dask=how.dask,
                message=message_on_stderr,
                require=how.require,
                regrade=regrade,
                fork_server=server,
            ) as run,
        ):
            results = run.grade()
            for sentence in (*run.complaints, *run.remarks):
                message_on_stderr(sentence)
            for result in running.progress(results, run.total):
                failed += result.problem is not None
            if file is not None:
                deque(written(run.results(), file), maxlen=0)
            terminal.changes(run.changes, stderr=stderr)
            terminal.since_last_run(run.ledger, stderr=stderr)
            terminal.summary(run.results(), stderr=stderr)
            terminal.refusals(list(run.results()), stderr=stderr)
            refused = {(one.student, one.assignment) for one in run.results() if one.problem is not None}
            terminal.counts(run.total - failed, len(refused), run.unchanged, stderr=stderr)
            pages = run.feedback_pages()
            if feedback:
                failed += update_pages(pages, workers_for(how.workers, len(pages.stale)), stderr=stderr)
            else:
                terminal.old_pages(pages.stale, stderr=stderr)
    except StoppedShort as error:
        raise click.ClickException(str(error)) from error
    return not (failed or run.complaints)


@contextlib.contextmanager
def _opened(jsonl: str | None) -> Iterator["_Lines | None"]:
    """The file for results, if one is wanted."""
    if not jsonl:
        yield None
        return
    lines = _Lines(jsonl)
    try:
        yield lines
    finally:
        lines.close()


class _Lines:
    """The file that `--jsonl` names. What goes wrong with it is told as that, and nothing else is."""

    def __init__(self, name: str):
        self._name = name
        try:
            self._file = click.open_file(name, "w", encoding="utf-8")
        except OSError as error:
            raise click.BadParameter(f"{name} cannot be written: {error.strerror}", param_hint="--jsonl") from error

    def write(self, text: str) -> None:
        """As a file's own."""
        with self._told():
            self._file.write(text)

    def flush(self) -> None:
        """As a file's own."""
        with self._told():
            self._file.flush()

    def close(self) -> None:
        """Close the file, unless it is our own output."""
        if self._name != "-":
            with self._told():
                self._file.close()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if self._name == "-":
                raise
            raise click.ClickException(
                f"{self._name}, the file that --jsonl names, cannot be written: {error.strerror}."
            ) from error
