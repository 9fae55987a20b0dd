"""Commands that look and change nothing: ``report``, ``similar``, ``doctor``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.main import CLASS_FILES, is_class, message_on_stderr, needing, of_students

if TYPE_CHECKING:
    from autograder.grading.submissions import Submission
    from autograder.judging.course import Course

__all__ = ["doctor", "report", "similar"]


@click.command()
@click.argument("source", metavar="[CLASS]", type=click.Path(path_type=Path, exists=True), default=".")
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="Default: CLASS/report.")
@of_students
@click.pass_obj
def report(
    course: "Course", source: Path, out: Path | None, students: tuple[str, ...], groups: tuple[str, ...]
) -> None:
    """See what to teach next: one page about the whole class, with the numbers behind it as JSON and CSV.

    CLASS is the folder of an nbgrader course that was graded, or a file that `autograder grade --jsonl` wrote. The
    page needs no network and names students.

    Exit code 0: done. 1: done, but some of the results could not be read. 2: wrong usage.
    """
    if source.is_dir() and not is_class(source):
        raise click.UsageError(f"{source} is no class: it has neither {' nor '.join(CLASS_FILES)}")
    with needing("A report is made in the instructor's clone"):
        from autograder.instructor.report import ReportError, build_report, gather, write_report
    try:
        gathered = gather(source, students, groups)
    except ReportError as error:
        raise click.UsageError(str(error)) from error
    folder = out or (source if source.is_dir() else source.parent) / "report"
    try:
        page = write_report(build_report(gathered, course), folder)
    except OSError as error:
        raise click.BadParameter(f"{folder} cannot be written: {error.strerror}", param_hint="--out") from error
    for remark in gathered.remarks:
        message_on_stderr(remark)
    click.echo(f"The report: {page}")
    sys.exit(0 if gathered.is_whole else 1)


@click.command()
@click.argument("path", metavar="CLASS", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--assignment", metavar="NAME", help="Compare submissions of this one only.")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The page. Default: similar.html in CLASS.",
)
@click.pass_obj
def similar(course: "Course", path: Path, assignment: str | None, out: Path | None) -> None:
    """List pairs of submissions that are alike beyond what everybody writes: questions to ask, never a verdict.

    CLASS is a course, or a folder of <student>/<assignment>/<notebook>.ipynb. Nothing of it is run.

    Exit code 0: done, whatever was found. 1: a submission could not be read, or the page not written. 2: wrong usage.
    """
    with needing("Submissions are compared in the instructor's clone"):
        from autograder.instructor import terminal
        from autograder.instructor.similar import compare, page
    if is_class(path):
        submissions, sources = _submitted(path, assignment)
    else:
        from autograder.grading.submissions import find_submissions

        submissions, sources = find_submissions([path], course, assignment), []
    if not submissions:
        raise click.UsageError(f"nothing has been submitted{f' for {assignment}' if assignment else ''} in {path}")
    compared = compare(submissions, course, sources)
    for sentence in compared.complaints:
        message_on_stderr(sentence)
    terminal.alike(compared)
    where = path / "similar.html" if out is None else out
    try:
        where.write_text(page(compared), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{where} cannot be written: {error.strerror}") from error
    click.echo(f"Side by side: {click.format_filename(where)}")
    sys.exit(1 if compared.complaints else 0)


def _submitted(path: Path, assignment: str | None) -> "tuple[list[Submission], list[Path]]":
    """The notebooks that were submitted to a class, and the folders of its assignments' source versions.

    Raises:
        click.ClickException: nbgrader is not installed, or the class's settings cannot be read.
    """
    with needing("A course is read with nbgrader"):
        from autograder.gradebook.course_folder import CourseFolder, CourseFolderError
    from autograder.grading.submissions import Submission
    from autograder.notebooks.text import legible

    try:
        folder = CourseFolder(path)
    except CourseFolderError as error:
        raise click.ClickException(str(error)) from error
    found: list[Submission] = []
    sources: set[Path] = set()
    for one in folder.submitted(assignment):
        sources.add(folder.source(one.assignment).parent)
        # A folder that is a link may lead to somebody else's work; reading it says so.
        notebooks = [one.folder] if one.folder.is_symlink() else sorted(one.folder.glob("*.ipynb"))
        for notebook in notebooks or [one.folder / f"{one.assignment}.ipynb"]:
            found.append(Submission(legible(one.student), one.assignment, notebook))
    return found, sorted(sources)


@click.command()
@click.pass_obj
def doctor(course: "Course") -> None:
    """Say what is in the way of the course on this computer and in this folder, in a sentence each.

    Where the hidden tests are installed, so that others' notebooks are graded, it then tries what a malicious notebook
    would, and shows what this machine refuses. In the folder of an nbgrader course it shows as well what the course's
    settings allow beyond that.

    Exit code 0: all is well, and everything was refused. 1: something is in the way, or was not refused.
    """
    from autograder.student import preflight

    problems = list(preflight.complaints(Path().absolute()))
    for sentence in problems:
        message_on_stderr(sentence)
    if problems and not course.hidden_tests_installed:
        sys.exit(1)
    if not course.hidden_tests_installed:
        click.echo(_ready(course))
        return
    from autograder.grading import terminal
    from autograder.grading.fork_server import surroundings_of
    from autograder.sandbox import SandboxError, Zygote
    from autograder.sandbox.outside.doctor import try_probes

    try:
        with Zygote(surroundings_of(course)) as zygote:
            terminal.layers(zygote.confinement)
            probes = try_probes(zygote)
    except SandboxError as error:
        raise click.ClickException(str(error)) from error
    terminal.probes(probes)
    problems += _allowances(Path().absolute()) if is_class(Path()) else []
    sys.exit(0 if all(one.refused for one in probes) and not problems else 1)


def _allowances(folder: Path) -> list[str]:
    """Show what a course's settings allow beyond the ordinary; sentences about those that make no sense."""
    with needing("A course is read with nbgrader"):
        from autograder.gradebook.course_folder import CourseFolder, CourseFolderError
        from autograder.gradebook.permissions import PermissionsError, allowed
    from autograder.instructor import terminal

    try:
        opened = CourseFolder(folder)
        found = {
            name: allowed(opened.converter.config, name, opened.directory).widened for name in opened.assignments()
        }
    except (CourseFolderError, PermissionsError) as error:
        message_on_stderr(str(error))
        return [str(error)]
    terminal.allowances({name: widened for name, widened in found.items() if widened})
    return []


def _ready(course: "Course") -> str:
    """What a student is told for whom nothing is in the way."""
    import platform

    from autograder.student.notebook import notebooks_below, notebooks_in, seen_from

    well = f"All is well: Python {platform.python_version()}, and all that the course needs is installed."
    here = Path().absolute()
    if notebooks_in(here, course):
        return f"{well} The course's notebooks are in this folder: open them with `jupyter lab`."
    below = next((seen_from(here, path) for path in notebooks_below(here, course)), None)
    if below is not None:
        return f"{well} There is no notebook of the course in this folder, but below it: {below}."
    return f"{well} There is no notebook of the course in this folder: go to the one that START-HERE.html lies in."
