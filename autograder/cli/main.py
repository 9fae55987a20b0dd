"""The command line. Everything heavy is imported inside the commands, so that ``autograder --help`` answers at once."""

import io
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.grading.submissions import Submission
    from autograder.judging.course import Lesson
    from autograder.judging.results import SubmissionResult

#: What makes a folder an nbgrader course.
_COURSE = ("nbgrader_config.py", "gradebook.db")


def _is_course(path: Path) -> bool:
    return any((path / mark).is_file() for mark in _COURSE)


def _lesson(name: str, hint: str | None = None) -> "Lesson":
    """The lesson of that name; `hint` is the option that named it."""
    from autograder.judging import course

    found = course.find_lesson(name)
    if found is None:
        names = ", ".join(lesson.name for lesson in course.LESSONS)
        raise click.BadParameter(f"there is no lesson {name!r}; there are {names}", param_hint=hint)
    return found


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="neurons-to-network")
def main() -> None:
    """From Neurons to Neural Network: the course and its grader."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a pipe on Windows may know no ✓


@main.command()
@click.argument("notebooks", metavar="[NOTEBOOK]...", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--watch", is_flag=True, help="Stay, and check again after every save. Ctrl-C ends it.")
def check(notebooks: tuple[Path, ...], watch: bool) -> None:
    """Check your notebook: every question's verdict, and what to mend first.

    Without NOTEBOOK it takes the course's notebooks in the current folder.

    Exit code 0: done, whatever the verdicts. 1: a notebook could not be read or run. 2: wrong usage.
    """
    with suppress(KeyboardInterrupt) if watch else nullcontext():
        sys.exit(_check(notebooks or (Path(),), watch))


def _check(paths: Sequence[Path], watch: bool) -> int:
    """Check once, or watch; the exit code."""
    from rich.console import Console

    console = Console(highlight=False)
    with _getting_ready(console, interrupted=0 if watch else 1):
        from autograder.sandbox import SandboxError
        from autograder.student import notebook, terminal, watch

    chosen = _chosen(paths)
    try:
        if watch:
            notebook.with_checker(lambda checker: watch.watch(console, checker, chosen))
        readable = notebook.with_checker(
            lambda checker: [terminal.show_check(console, checker, *one) for one in chosen.items()],
            fork=None if len(chosen) > 2 else False,
        )
    except (SandboxError, OSError) as error:
        raise click.ClickException(str(error)) from None
    return 0 if all(readable) else 1


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=".")
def progress(folder: Path) -> None:
    """See where you stand in the course: checks every lesson's notebook in FOLDER and below.

    Exit code 0: done. 1: a notebook could not be read or run. 2: wrong usage.
    """
    from rich.console import Console

    console = Console(highlight=False)
    with _getting_ready(console, interrupted=1):
        from autograder.sandbox import SandboxError
        from autograder.student import notebook, terminal

        folder = folder.resolve()
        notebooks = notebook.notebooks_below(folder)
    if not notebooks:
        raise click.UsageError(f"there are no notebooks of this course in {folder} or below")
    try:
        readable = notebook.with_checker(lambda checker: terminal.show_progress(console, checker, notebooks, folder))
    except SandboxError as error:
        raise click.ClickException(str(error)) from None
    sys.exit(0 if readable else 1)


@contextmanager
def _getting_ready(console: "Console", interrupted: int) -> Iterator[None]:
    """While imports take their seconds: say so, and let Ctrl-C end it, with `interrupted` as the exit code.

    Torch's imports swallow a KeyboardInterrupt now and then. Nothing has been begun that would have to be tidied up.
    """

    def leave(*_: object) -> None:
        console.show_cursor()
        os._exit(interrupted)

    before = signal.signal(signal.SIGINT, leave)
    try:
        with console.status("Getting ready"):
            yield
    finally:
        signal.signal(signal.SIGINT, before)


def _chosen(paths: Sequence[Path]) -> "dict[Path, Lesson]":
    """The notebooks at `paths`, each a notebook or a folder of them, with their lessons."""
    from autograder.student import notebook

    chosen = {}
    for path in paths:
        real = Path(os.path.realpath(path))
        if real.is_dir():
            found = notebook.notebooks_in(real)
            if not found:
                below = next((str(one.relative_to(real)) for one in notebook.notebooks_below(real)), "")
                raise click.UsageError(
                    f"there is no notebook of this course in {real}"
                    + (f", but there are below it: name one, such as {below}" if below else "; name one, or its folder")
                )
            chosen |= found
        else:
            lesson = notebook.lesson_of(real)
            if lesson is None:
                raise click.UsageError(f"{path} is no notebook of this course: it asks none of its questions")
            chosen[real] = lesson
    return chosen


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
    from autograder.sandbox.inside import threads

    threads.one_thread()  # before anything that computes is imported
    from autograder.sandbox import LAYERS, OUTCOMES

    for wall in require:
        if wall not in (*LAYERS, *OUTCOMES):
            names = ", ".join((*LAYERS, *OUTCOMES))
            raise click.BadParameter(f"there is no wall {wall!r}; there are {names}", param_hint="--require")
    courses = [path for path in paths if _is_course(path)]
    if courses and len(paths) > 1:
        raise click.UsageError(f"{courses[0]} is a course; a course is graded by itself")
    if not courses and (regrade or feedback):
        raise click.UsageError("--regrade and --feedback are for a course, and there is none at this path")
    if dask and workers:
        raise click.UsageError("--workers is for this machine alone; with --dask the cluster's workers grade")
    if not dask:
        from autograder.grading.fork_server import get_ready

        get_ready()  # while we import the rest
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
    from autograder.grading.submissions import find_submissions
    from autograder.instructor import terminal
    from autograder.judging.results import written

    if assignment is not None:
        _lesson(assignment, "--assignment")
    submissions = find_submissions(paths, assignment)
    if not submissions:
        raise click.UsageError("there are no submissions at " + ", ".join(map(str, paths)))
    with _opened(jsonl) as file:
        results = _results(submissions, **settings)  # graders start before the progress bar does, which is a thread
        graded = list(terminal.progress(written(results, file), len(submissions)))
    terminal.table(graded, stderr=jsonl == "-")
    sys.exit(1 if any(result.problem for result in graded) else 0)


def _results(
    submissions: "list[Submission]", *, dask: str | None = None, **settings: Any
) -> "Iterator[SubmissionResult]":
    if dask is None:
        from autograder.grading.pool import grade_all

        return grade_all(submissions, **settings)
    from autograder.grading.cluster.notebooks import grade_all

    return grade_all(submissions, address=dask, **settings)


def _grade_course(path: Path, assignment: str | None, jsonl: str | None, feedback: bool, **settings: Any) -> NoReturn:
    try:
        from autograder.gradebook.class_run import ClassBook, StoppedShort
    except ModuleNotFoundError as error:
        raise click.ClickException(f"A course is graded with nbgrader, and {error.name} is not installed.") from None
    from autograder.instructor import terminal
    from autograder.judging.results import written

    failed = 0
    stderr = jsonl == "-"
    try:
        with _opened(jsonl) as file, ClassBook(path, assignment=assignment, **settings) as book:
            for sentence in book.complaints:
                click.echo(sentence, err=True)
            for result in terminal.progress(book.grade(), book.total):
                failed += result.problem is not None
            if file is not None:
                deque(written(book.results(), file), maxlen=0)
            terminal.changes(book.changes, stderr=stderr)
            terminal.summary(book.results(), stderr=stderr)
            terminal.counts(book.total - failed, failed, book.unchanged, stderr=stderr)
            if feedback:
                which = book.to_be_told()
                for sentences in terminal.steps(book.write_feedback(which), len(which), "feedback"):
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
@click.argument("source", metavar="[CLASS]", type=click.Path(path_type=Path, exists=True), default=".")
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="Default: CLASS/report.")
def report(source: Path, out: Path | None) -> None:
    """See what to teach next: one page about the whole class, with the numbers behind it as JSON and CSV.

    CLASS is the folder of an nbgrader course that was graded, or a file that `autograder grade --jsonl` wrote. The
    page needs no network and names students.

    Exit code 0: done. 1: done, but some of the results could not be read. 2: wrong usage.
    """
    if source.is_dir() and not _is_course(source):
        raise click.UsageError(f"{source} is no class: it has neither {_COURSE[0]} nor {_COURSE[1]}")
    try:
        from autograder.instructor.report import ReportError, build_report, gather, write_report
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"A report is made in the instructor's clone, and {error.name} is not installed here."
        ) from None
    try:
        gathered = gather(source)
    except ReportError as error:
        raise click.UsageError(str(error)) from None
    folder = out or (source if source.is_dir() else source.parent) / "report"
    try:
        page = write_report(build_report(gathered), folder)
    except OSError as error:
        raise click.BadParameter(f"{folder} cannot be written: {error.strerror}", param_hint="--out") from None
    for remark in gathered.remarks:
        click.echo(remark, err=True)
    click.echo(f"The report: {page}")
    sys.exit(0 if gathered.is_whole else 1)


@main.command()
@click.argument("path", metavar="CLASS", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--assignment", metavar="NAME", help="Compare submissions of this one only.")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The page. Default: similar.html in CLASS.",
)
def similar(path: Path, assignment: str | None, out: Path | None) -> None:
    """List pairs of submissions that are alike beyond what everybody writes: questions to ask, never a verdict.

    CLASS is a course, or a folder of <student>/<assignment>/<notebook>.ipynb. Nothing of it is run.

    Exit code 0: done, whatever was found. 1: a submission could not be read, or the page not written. 2: wrong usage.
    """
    from autograder.instructor import terminal
    from autograder.instructor.similar import compare, page

    if _is_course(path):
        submissions, sources = _submitted(path, assignment)
    else:
        from autograder.grading.submissions import find_submissions

        submissions, sources = find_submissions([path], assignment), []
    if not submissions:
        raise click.UsageError(f"nothing has been submitted{f' for {assignment}' if assignment else ''} in {path}")
    compared = compare(submissions, sources)
    for sentence in compared.complaints:
        click.echo(sentence, err=True)
    terminal.alike(compared)
    where = path / "similar.html" if out is None else out
    try:
        where.write_text(page(compared), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{where} cannot be written: {error.strerror}") from None
    click.echo(f"Side by side: {click.format_filename(where)}")
    sys.exit(1 if compared.complaints else 0)


def _submitted(path: Path, assignment: str | None) -> "tuple[list[Submission], list[Path]]":
    """The notebooks that were handed in to a course, and the folders of its assignments' master versions."""
    try:
        from autograder.gradebook.course_folder import Course, CourseError
    except ModuleNotFoundError as error:
        raise click.ClickException(f"A course is read with nbgrader, and {error.name} is not installed.") from None
    from autograder.grading.submissions import Submission
    from autograder.notebooks.text import legible

    try:
        course = Course(path)
    except CourseError as error:
        raise click.ClickException(str(error)) from None
    found, sources = [], set()
    for one in course.submitted(assignment):
        sources.add(course.source(one.assignment).parent)
        # A folder that is a link may lead to somebody else's work; reading it says so.
        notebooks = [one.folder] if one.folder.is_symlink() else sorted(one.folder.glob("*.ipynb"))
        for notebook in notebooks or [one.folder / f"{one.assignment}.ipynb"]:
            found.append(Submission(legible(one.student), one.assignment, notebook))
    return found, sorted(sources)


@main.command()
def doctor() -> None:
    """Try what a malicious notebook would, and show what this machine refuses.

    Exit code 0: everything was refused. 1: something was not, or nothing can be run here at all.
    """
    from autograder.instructor import terminal
    from autograder.sandbox import SandboxError, Zygote
    from autograder.sandbox.outside.doctor import probe

    try:
        with Zygote() as zygote:
            terminal.walls(zygote.confinement)
            probes = probe(zygote)
    except SandboxError as error:
        raise click.ClickException(str(error)) from None
    terminal.probes(probes)
    sys.exit(0 if all(one.refused for one in probes) else 1)


@main.command()
def build() -> None:
    """Make assignments/ and solutions/ from source/, and record the reference's answers."""
    from autograder.instructor.build import BuildError, build_lessons

    try:
        build_lessons(say=click.echo)
    except (BuildError, RuntimeError) as error:
        raise click.ClickException(str(error)) from None


@main.command()
def release() -> None:
    """Make what students get: a zip for each lesson, and one of all, in dist/.

    Refused if a stub gives points, a solution does not get them all, points disagree, something secret would get out,
    a notebook has been run, or assignments/ is not what source/ gives.

    Exit code 0: done. 1: something is wrong; an earlier release stays as it is. 2: wrong usage.
    """
    try:
        from autograder.instructor.release import NotReleased, release
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"A release is made in a clone of the repository with nbgrader; {error.name} is not installed."
        ) from None
    try:
        made = release(say=click.echo)
    except NotReleased as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        raise click.ClickException("nothing was released, for the reasons above.") from None
    except OSError as error:
        raise click.ClickException(f"nothing was released: {error}") from None
    for path in made:
        click.echo(f"{click.format_filename(path)}  {path.stat().st_size / 1e6:.1f} MB")


@main.group(invoke_without_command=True)
@click.option("--targets", is_flag=True, help="Show what each target can carry; so does `autograder export` alone.")
@click.pass_context
def export(context: click.Context, targets: bool) -> None:
    """Take grading, or marks, to Gradescope, GitHub, Canvas or Moodle; alone it shows what each can carry.

    Exit code 0: done; what is to be looked at is told on stderr. 1: nothing was written. 2: wrong usage.
    """
    try:
        from autograder.instructor import exports
    except ImportError:
        raise click.ClickException("Exports are made in a clone of the repository, and this is none.") from None
    if targets or context.invoked_subcommand is None:
        exports.show_targets()
        context.exit()


@export.command()
@click.argument("lesson", callback=lambda context, parameter, name: _lesson(name))
@click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Default: gradescope-LESSON.zip"
)
def gradescope(lesson: "Lesson", out: Path | None) -> None:
    """Write the zip from which Gradescope builds its autograder of LESSON.

    Upload it under Configure Autograder. Whoever has it has the hidden tests and the solution.
    """
    from autograder.instructor import exports

    _export(exports.gradescope, lesson, out or Path(f"gradescope-{lesson.name}.zip"))


@export.command("github-classroom")
@click.argument("lesson", callback=lambda context, parameter, name: _lesson(name))
@click.option("--out", metavar="FOLDER", type=click.Path(path_type=Path), help="Default: github-LESSON")
def github_classroom(lesson: "Lesson", out: Path | None) -> None:
    """Write two folders for LESSON on GitHub: a template for students' repositories, and a private one to grade them.

    Whoever has the second has the hidden tests and the solution. Its README.md says what to do with both.
    """
    from autograder.instructor import exports

    _export(exports.github_classroom, lesson, out or Path(f"github-{lesson.name}"))


def _marks_command(roster: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """What the exports of marks have in common; `roster` says what theirs is."""
    path = partial(click.Path, path_type=Path)

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        for decorator in (
            click.option("--roster", metavar="FILE", type=path(exists=True, dir_okay=False), help=roster),
            click.option("--out", metavar="FILE", type=path(dir_okay=False), help="Where to write it."),
            click.option(
                "--assignment", "assignments", metavar="NAME", multiple=True, help="Only this; may be repeated."
            ),
            click.argument("course", metavar="CLASS", type=path(exists=True, file_okay=False)),
        ):
            function = decorator(function)
        return export.command()(function)

    return decorate


@_marks_command("Canvas's own export of its gradebook: ids and names of assignments are taken from it.")
def canvas(course: Path, assignments: tuple[str, ...], roster: Path | None, out: Path | None) -> None:
    """Write the marks in CLASS's gradebook as canvas.csv, for Canvas to import."""
    from autograder.instructor import exports

    _export(exports.canvas, course, out or Path("canvas.csv"), assignments, roster)


@_marks_command("An assignment's offline grading worksheet from Moodle, to be filled in.")
def moodle(course: Path, assignments: tuple[str, ...], roster: Path | None, out: Path | None) -> None:
    """Write the marks in CLASS's gradebook as moodle.csv, for Moodle to import."""
    from autograder.instructor import exports

    _export(exports.moodle, course, out or Path("moodle.csv"), assignments, roster)


def _export(write: Callable[..., list[str]], what: Any, out: Path, *more: Any) -> None:
    from autograder.instructor.exports import ExportError

    try:
        remarks = write(what, out, *more)
    except ExportError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from None
    except ModuleNotFoundError as error:
        raise click.ClickException(f"Marks are nbgrader's, and {error.name} is not installed.") from None
    for remark in remarks:
        click.echo(remark, err=True)
    click.echo(click.format_filename(out))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default="demo-class")
def demo(folder: Path) -> None:
    """See the whole course at work: release it, make a class of 24 submissions in FOLDER, grade them."""
    from autograder.instructor.demo.demo import run_demo

    sys.exit(run_demo(folder))
