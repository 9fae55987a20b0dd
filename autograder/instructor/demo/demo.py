"""The whole course at work in one command: release, a class, grading, gradebook, feedback, report."""

import shutil
import time
from pathlib import Path

from rich.console import Console

from autograder.gradebook.class_run import ClassBook
from autograder.instructor import terminal
from autograder.instructor.build import release_lessons
from autograder.instructor.demo.pretend_class import make_class
from autograder.instructor.report import build_report, gather, write_report
from autograder.judging.course import HOME
from autograder.judging.results import SubmissionResult, written

#: A folder is only ever emptied if we made it.
_MARK = ".autograder-demo"


def run_demo(folder: Path) -> int:
    """Build the demo in `folder`, which is made anew each time; the exit code is 0 if all went as it should."""
    console = Console()
    began = time.monotonic()
    if not _make_room(folder):
        console.print(f"{folder} exists and is no demo of ours; name another folder.", style="bold red")
        return 2
    database = f"sqlite:///{(folder / 'gradebook.db').resolve()}"

    console.rule("1  releasing seven lessons from source/ with nbgrader")
    shutil.copytree(HOME / "source", folder / "source")
    shutil.copy(HOME / "nbgrader_config.py", folder)
    release_lessons(folder.resolve(), database)

    console.rule("2  a class hands in 24 notebooks")
    make_class(folder / "submitted", folder / "assignments")

    console.rule("3  grading, each notebook in a process of its own")
    results: list[SubmissionResult] = []
    with (folder / "results.jsonl").open("w", encoding="utf-8") as file, ClassBook(folder) as book:
        results += terminal.progress(written(book.grade(), file), book.total)
        terminal.table(results)
        which = book.to_be_told()
        for sentences in terminal.steps(book.write_feedback(which), len(which), "feedback"):
            for sentence in sentences:
                console.print(sentence, markup=False)

    console.rule("4  what the class knows")
    terminal.summary(results)
    for student, accuracy in _accuracies(results):
        console.print(f"{student}'s network reads {accuracy:.1%} of the 10,000 MNIST test images.")
    write_report(build_report(gather(folder)), folder / "report")
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


def _accuracies(results: list[SubmissionResult]) -> list[tuple[str, float]]:
    return sorted(
        (result.student, test.measured["accuracy"])
        for result in results
        for question in result.questions
        for test in question.tests
        if "accuracy" in test.measured
    )
