"""The command line. Everything heavy is imported inside the commands, so that ``autograder --help`` answers at once."""

import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from autograder.results import SubmissionResult
    from autograder.submissions import Submission

#: What makes a folder an nbgrader course.
_COURSE = ("nbgrader_config.py", "gradebook.db")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="neurons-to-network")
def main() -> None:
    """From Neurons to Neural Network: the course and its grader."""


@main.command()
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
    metavar="WALL",
    multiple=True,
    help="Grade only if this wall of the sandbox stands; may be repeated. `autograder doctor` lists them.",
)
@click.option("--regrade", is_flag=True, help="A course: grade again what has not changed, too.")
@click.option("--feedback", is_flag=True, help="A course: write each graded student's feedback page as well.")
def grade(
    paths: tuple[Path, ...],
    assignment: str | None,
    jsonl: str | None,
    workers: int | None,
    dask: str | None,
    reference: Path | None,
    require: tuple[str, ...],
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
    from autograder.sandbox import LAYERS, OUTCOMES

    for wall in require:
        if wall not in (*LAYERS, *OUTCOMES):
            names = ", ".join((*LAYERS, *OUTCOMES))
            raise click.BadParameter(f"there is no wall {wall!r}; there are {names}", param_hint="--require")
    courses = [path for path in paths if any((path / mark).is_file() for mark in _COURSE)]
    if courses and len(paths) > 1:
        raise click.UsageError(f"{courses[0]} is a course; a course is graded by itself")
    if not courses and (regrade or feedback):
        raise click.UsageError("--regrade and --feedback are for a course, and there is none at this path")
    if dask and workers:
        raise click.UsageError("--workers is for this machine alone; with --dask the cluster's workers grade")
    where = {"dask": dask, "say": partial(click.echo, err=True)} if dask else {"workers": workers}
    settings = {**where, "require": require} | ({"solutions": reference} if reference else {})
    try:
        if courses:
            _grade_course(courses[0], assignment, jsonl, feedback, regrade=regrade, **settings)
        else:
            _grade_paths(paths, assignment, jsonl, **settings)
    except RuntimeError as error:
        raise click.ClickException(str(error)) from None
    except ModuleNotFoundError as error:
        if not dask or error.name not in ("dask", "distributed"):
            raise
        raise click.ClickException(
            "--dask needs dask.distributed: pip install -e '.[instructor,cluster]' in the clone."
        ) from None


def _grade_paths(paths: tuple[Path, ...], assignment: str | None, jsonl: str | None, **settings: Any) -> NoReturn:
    from autograder import lessons, show
    from autograder.results import written
    from autograder.submissions import find_submissions

    if assignment is not None and lessons.find_lesson(assignment) is None:
        names = ", ".join(lesson.name for lesson in lessons.LESSONS)
        raise click.BadParameter(f"there is no lesson {assignment!r}; there are {names}", param_hint="--assignment")
    submissions = find_submissions(paths, assignment)
    if not submissions:
        raise click.UsageError("there are no submissions at " + ", ".join(map(str, paths)))
    with _opened(jsonl) as file:
        results = _results(submissions, **settings)
        graded = list(show.progress(written(results, file), len(submissions)))
    show.table(graded, stderr=jsonl == "-")
    sys.exit(1 if any(result.problem for result in graded) else 0)


def _results(
    submissions: "list[Submission]", *, dask: str | None = None, **settings: Any
) -> "Iterator[SubmissionResult]":
    if dask is None:
        from autograder.farm import grade_all

        return grade_all(submissions, **settings)
    from autograder.cluster.notebooks import grade_all

    return grade_all(submissions, address=dask, **settings)


def _grade_course(path: Path, assignment: str | None, jsonl: str | None, feedback: bool, **settings: Any) -> NoReturn:
    try:
        from autograder.classbook import ClassBook, StoppedShort
    except ModuleNotFoundError as error:
        raise click.ClickException(f"A course is graded with nbgrader, and {error.name} is not installed.") from None
    from autograder import show
    from autograder.results import written

    failed = 0
    stderr = jsonl == "-"
    try:
        with _opened(jsonl) as file, ClassBook(path, assignment=assignment, **settings) as book:
            for sentence in book.complaints:
                click.echo(sentence, err=True)
            for result in show.progress(book.grade(), book.total):
                failed += result.problem is not None
            if file is not None:
                deque(written(book.results(), file), maxlen=0)
            show.changes(book.changes, stderr=stderr)
            show.summary(book.results(), stderr=stderr)
            show.counts(book.total - failed, failed, book.unchanged, stderr=stderr)
            if feedback:
                which = book.to_be_told()
                for sentences in show.steps(book.write_feedback(which), len(which), "feedback"):
                    failed += len(sentences)
                    for sentence in sentences:
                        click.echo(sentence, err=True)
    except StoppedShort as error:
        raise click.ClickException(str(error)) from None
    sys.exit(1 if failed or book.complaints else 0)


@contextmanager
def _opened(jsonl: str | None) -> Iterator[IO[str] | None]:
    try:
        with click.open_file(jsonl, "w", encoding="utf-8") if jsonl else nullcontext() as file:
            yield file
    except OSError as error:
        raise click.BadParameter(f"{jsonl} cannot be written: {error.strerror}", param_hint="--jsonl") from None


@main.command()
def doctor() -> None:
    """Try what a malicious notebook would, and show what this machine refuses.

    Exit code 0: everything was refused. 1: something was not, or nothing can be run here at all.
    """
    from autograder import show
    from autograder.sandbox import SandboxError, Zygote
    from autograder.sandbox.doctor import probe

    try:
        with Zygote() as zygote:
            show.walls(zygote.confinement)
            probes = probe(zygote)
    except SandboxError as error:
        raise click.ClickException(str(error)) from None
    show.probes(probes)
    sys.exit(0 if all(one.refused for one in probes) else 1)


@main.command()
def build() -> None:
    """Make assignments/ and solutions/ from source/, and record the reference's answers."""
    from autograder.build import BuildError, build_lessons

    try:
        build_lessons(say=click.echo)
    except (BuildError, RuntimeError) as error:
        raise click.ClickException(str(error)) from None


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default="demo-class")
def demo(folder: Path) -> None:
    """See the whole course at work: release it, make a class of 24 submissions in FOLDER, grade them."""
    from autograder.demo import run_demo

    sys.exit(run_demo(folder))
