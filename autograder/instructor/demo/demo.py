"""The whole course at work in one command: release, a class, grading, gradebook, feedback, report."""

import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from autograder.gradebook.class_run import ClassRun
from autograder.grading import terminal as screen
from autograder.grading.pool import default_workers
from autograder.instructor import terminal
from autograder.instructor.build import release_lessons
from autograder.instructor.demo.pretend_class import make_class
from autograder.instructor.report import build_report, gather, write_report
from autograder.judging.course import Course
from autograder.judging.results import SubmissionResult, written

#: How many submissions the class hands in.
COUNT = 24

#: A folder is only ever emptied if we made it.
_MARK = ".autograder-demo"


def run_demo(course: Course, folder: Path) -> int:
    """Build the demo of a course in `folder`, which is made anew each time; the exit code is 0 if all went well."""
    console = Console()
    began = time.monotonic()
    if not _make_room(folder):
        console.print(f"{folder} exists and is no demo of ours; name another folder.", style="bold red")
        return 2
    database = f"sqlite:///{(folder / 'gradebook.db').resolve()}"

    console.rule(f"1  releasing {len(course.lessons)} lessons from source/ with nbgrader")
    shutil.copytree(course.home / "source", folder / "source")
    shutil.copy(course.home / "nbgrader_config.py", folder)
    release_lessons(course, folder.resolve(), database)

    console.rule(f"2  a class hands in {COUNT} notebooks")
    make_class(folder / "submitted", folder / "assignments", course, COUNT)

    console.rule("3  grading, each notebook in a process of its own")
    results: list[SubmissionResult] = []
    with (folder / "results.jsonl").open("w", encoding="utf-8") as file, ClassRun(folder, course) as run:
        results += screen.progress(written(run.grade(), file), run.total)
        screen.table(results)
        pages = run.feedback_pages()
        making = pages.update(default_workers(len(pages.stale)))
        for sentences in screen.steps(making, len(pages.stale), "feedback"):
            for sentence in sentences:
                console.print(sentence, markup=False)

    console.rule("4  what the class knows")
    terminal.summary(results)
    for line in _measured(results, course):
        console.print(line, markup=False, highlight=False)
    write_report(build_report(gather(folder), course), folder / "report")
    for what, where in (
        ("nbgrader's gradebook", "gradebook.db"),
        ("what nbgrader's formgrader shows", "autograded/"),
        ("each student's page", "feedback/"),
        ("results, one JSON object a line", "results.jsonl"),
        ("what to teach next", "report/index.html"),
    ):
        console.print(f"{what}: [bold]{folder / where}[/]", highlight=False)
    console.print(f"All of it took {time.monotonic() - began:.0f} seconds.", highlight=False)
    return 0


def _make_room(folder: Path) -> bool:
    if folder.exists():
        if not (folder / _MARK).exists() and any(folder.iterdir()):
            return False
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MARK).touch()
    return True


def _measured(results: Sequence[SubmissionResult], course: Course) -> Iterator[str]:
    """What tests have measured of each student's answers, a line each, beside what the reference solution reaches."""
    for result in sorted(results, key=lambda result: (result.assignment, result.student)):
        for question in result.questions:
            for test in question.tests:
                for name, value in test.measured.items():
                    line = f"{result.student}, {question.name}: {name} {value:.3g}"
                    reference = course.figures.get((question.name, name))
                    yield line if reference is None else f"{line}; the reference solution reaches {reference[0]:.3g}"
