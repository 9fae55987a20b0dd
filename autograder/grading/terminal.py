"""What the terminal shows of a grading run: its progress, the scores, and the layers of the sandbox."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from autograder.judging.results import QuestionResult, SubmissionResult
from autograder.panels import IN_TERMINAL, SAYS

if TYPE_CHECKING:
    from autograder.sandbox.outside.doctor import Probe

__all__ = ["LEGEND", "layers", "probes", "progress", "steps", "table"]

T = TypeVar("T")

#: What the signs in the tables mean.
LEGEND = "   ".join(f"{sign} {word.lower()}" for word, sign, _ in SAYS.values())

#: So many students are named whose oddity is the same.
_NAMED = 3


def progress(results: Iterable[SubmissionResult], total: int) -> Iterator[SubmissionResult]:
    """Pass results on while a bar on stderr shows how many have come.

    What could not be graded gets a line above the bar. Oddities follow at the end, each once, with all whose it is.
    """
    odd: dict[tuple[str, str], list[str]] = {}
    if not total:
        yield from results  # what there is to do besides is done, without an empty bar
        return
    with _bar(_Rate()) as bar:
        try:
            for result in _advancing(bar, results, total, "grading"):
                if result.problem:
                    about = f"{result.student}, {result.assignment}: {result.problem}"
                    bar.console.print(about, markup=False, highlight=False)
                for note in result.notes:
                    odd.setdefault((result.assignment, note), []).append(result.student)
                yield result
        finally:
            for (assignment, note), students in odd.items():
                who = ", ".join(students[:_NAMED])
                more = f" and {len(students) - _NAMED:,} more" if len(students) > _NAMED else ""
                bar.console.print(f"{who}{more}, {assignment}: {note}", markup=False, highlight=False)


def steps(things: Iterable[T], total: int, what: str) -> Iterator[T]:
    """Pass things on while a bar on stderr shows how many have come."""
    with _bar() as bar:
        yield from _advancing(bar, things, total, what)


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
    console.print(LEGEND, style="dim")


def layers(confinement: Mapping[str, bool]) -> None:
    """Print which layers of the sandbox are enforced on this machine."""
    console = Console()
    for name, is_enforced in confinement.items():
        sign, colour = ("✓", "green") if is_enforced else ("✗", "red")
        console.print(f"{sign} {name}", style=colour, highlight=False)


def probes(tried: Iterable["Probe"]) -> None:
    """Print what a malicious notebook can do here and what it cannot."""
    grid = Table(title="A submission that tries to …", title_justify="left")
    for heading in ("", "attempt", "what came of it"):
        grid.add_column(heading)
    for one in tried:
        grid.add_row("[green]✓ refused[/]" if one.refused else "[red]✗ possible[/]", one.what, escape(one.message))
    Console().print(grid)


def _bar(*more: ProgressColumn) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        *more,
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def _advancing(bar: Progress, things: Iterable[T], total: int, what: str) -> Iterator[T]:
    task = bar.add_task(what, total=total)
    for thing in things:
        bar.advance(task)
        yield thing


def _sign(question: QuestionResult) -> str:
    return f"[{IN_TERMINAL[question.outcome]}]{SAYS[question.outcome][1]}[/]"


class _Rate(ProgressColumn):
    """Submissions a second, as of late."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.1f} a second" if speed < 10 else f"{speed:.0f} a second")
