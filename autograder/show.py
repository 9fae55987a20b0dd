"""Progress and tables on the terminal."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from autograder.panels import IN_TERMINAL, SAYS
from autograder.results import QuestionResult, SubmissionResult

if TYPE_CHECKING:
    from autograder.sandbox.doctor import Probe


def progress(results: Iterable[SubmissionResult], total: int) -> Iterator[SubmissionResult]:
    """Pass results on while a bar on stderr shows how many have come; each oddity gets a line above the bar."""
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("grading", total=total)
        for result in results:
            for sentence in (*([result.problem] if result.problem else []), *result.notes):
                bar.console.print(f"{result.student}, {result.assignment}: {sentence}", markup=False, highlight=False)
            bar.advance(task)
            yield result


def table(results: Iterable[SubmissionResult], *, stderr: bool = False) -> None:
    """Print one row a submission: the score, and a sign for each question in the lesson's order."""
    grid = Table(title="Scores", title_justify="left")
    for heading in ("student", "lesson", "score"):
        grid.add_column(heading, no_wrap=True)
    grid.add_column("questions")
    grid.add_column("seconds", justify="right", no_wrap=True)
    ordered = sorted(results, key=lambda result: (result.assignment, result.student))
    for result in ordered:
        score = "not graded" if result.problem else f"{result.score:g} of {result.max_score:g}"
        signs = " ".join(_sign(question) for question in result.questions) if not result.problem else ""
        grid.add_row(escape(result.student), escape(result.assignment), score, signs, f"{result.seconds:.2f}")
    console = Console(stderr=stderr)
    console.print(grid)
    console.print("   ".join(f"{sign} {word.lower()}" for word, sign, _ in SAYS.values()), style="dim")


def walls(confinement: Mapping[str, bool]) -> None:
    """Print which walls of the sandbox stand on this machine."""
    console = Console()
    for name, stands in confinement.items():
        console.print(f"{'✓' if stands else '✗'} {name}", style="green" if stands else "red", highlight=False)


def probes(tried: Iterable["Probe"]) -> None:
    """Print what a malicious notebook can do here and what it cannot."""
    grid = Table(title="A submission that tries to …", title_justify="left")
    for heading in ("", "attempt", "what came of it"):
        grid.add_column(heading)
    for one in tried:
        grid.add_row("[green]✓ refused[/]" if one.refused else "[red]✗ possible[/]", one.what, escape(one.said))
    Console().print(grid)


def _sign(question: QuestionResult) -> str:
    return f"[{IN_TERMINAL[question.outcome]}]{SAYS[question.outcome][1]}[/]"
