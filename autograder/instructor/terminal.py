"""Progress and tables on the terminal."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from rich import box
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
    from autograder.gradebook.class_run import Change
    from autograder.instructor.similar import Compared
    from autograder.sandbox.outside.doctor import Probe


T = TypeVar("T")

_LEGEND = "   ".join(f"{sign} {word.lower()}" for word, sign, _ in SAYS.values())


def progress(results: Iterable[SubmissionResult], total: int) -> Iterator[SubmissionResult]:
    """Pass results on while a bar on stderr shows how many have come; each oddity gets a line above the bar."""
    with _bar(_Rate()) as bar:
        for result in _steps(bar, results, total, "grading"):
            for sentence in (*([result.problem] if result.problem else []), *result.notes):
                bar.console.print(f"{result.student}, {result.assignment}: {sentence}", markup=False, highlight=False)
            yield result


def steps(things: Iterable[T], total: int, what: str) -> Iterator[T]:
    """Pass things on while a bar on stderr shows how many have come."""
    with _bar() as bar:
        yield from _steps(bar, things, total, what)


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


def _steps(bar: Progress, things: Iterable[T], total: int, what: str) -> Iterator[T]:
    task = bar.add_task(what, total=total)
    for thing in things:
        bar.advance(task)
        yield thing


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
    console.print(_LEGEND, style="dim")


def changes(changed: Sequence["Change"], *, stderr: bool = False) -> None:
    """Print who gained and who lost points without having changed anything."""
    if not changed:
        return
    grid = Table(title="Points that have changed, for the same files", title_justify="left")
    for heading in ("student", "lesson", "question", "before", "now"):
        grid.add_column(heading, no_wrap=True)
    for one in sorted(changed):
        colour = "green" if one.after > one.before else "red"
        points = (f"{one.before:g}", f"[{colour}]{one.after:g}[/]")
        grid.add_row(escape(one.student), escape(one.assignment), escape(one.question), *points)
    gained = sum(one.after > one.before for one in changed)
    console = Console(stderr=stderr)
    console.print(grid)
    console.print(f"{gained} gained, {len(changed) - gained} lost.", highlight=False)


def summary(results: Iterable[SubmissionResult], *, stderr: bool = False) -> None:
    """Print a row for each question: how many ended how, and which misconceptions are behind it how often."""
    endings: dict[tuple[str, str], Counter[str]] = {}
    mistakes: dict[tuple[str, str], Counter[str]] = {}
    for result in results:
        for question in result.questions if result.problem is None else ():
            key = (result.assignment, question.name)
            endings.setdefault(key, Counter())[question.outcome] += 1
            counted = mistakes.setdefault(key, Counter())
            if question.misconception is not None:
                counted[question.misconception.partition("/")[2] or question.misconception] += 1
    if not endings:
        return
    grid = Table(title="Questions: how many", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    grid.add_column("question", no_wrap=True)
    widest = max(3, *(len(str(count)) for counted in endings.values() for count in counted.values()))
    for ending, (_, sign, _) in SAYS.items():
        grid.add_column(f"[{IN_TERMINAL[ending]}]{sign}[/]", justify="right", min_width=widest)
    grid.add_column("known mistakes behind it", no_wrap=True)
    before = ""
    for (assignment, name), counted in sorted(endings.items(), key=lambda entry: entry[0][0]):
        if assignment != before:
            grid.add_section()
            grid.add_row(f"[bold]{escape(assignment)}[/]")
            before = assignment
        common = mistakes[assignment, name].most_common(3)
        behind = "\n".join(f"{count} × {escape(mistake)}" for mistake, count in common)
        grid.add_row(escape(name), *(str(counted[ending] or "") for ending in SAYS), behind)
    console = Console(stderr=stderr)
    console.print(grid)
    console.print(_LEGEND, style="dim")


def counts(graded: int, failed: int, unchanged: int, *, stderr: bool = False) -> None:
    """Print in a sentence what a run over a class has done."""
    parts = [f"{graded:,} graded"]
    parts += [f"{failed:,} could not be graded"] if failed else []
    parts += [f"{unchanged:,} unchanged since they were graded"] if unchanged else []
    Console(stderr=stderr).print(", ".join(parts) + ".", highlight=False)


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


class _Rate(ProgressColumn):
    """Submissions a second, as of late."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.1f} a second" if speed < 10 else f"{speed:.0f} a second")


def alike(compared: "Compared") -> None:
    """Print the pairs of submissions that are alike, and what they share."""
    from autograder.instructor.similar import in_words

    console = Console()
    if not compared.pairs:
        console.print("No two submissions are alike beyond what everybody writes.")
        return
    shown = Table(title="Questions to ask; none of this is a verdict", title_justify="left", box=box.SIMPLE_HEAD)
    for heading in ("assignment", "students", "what they share"):
        shown.add_column(heading)
    shown.add_column("weight", justify="right")
    for pair in compared.pairs:
        students = escape(" and ".join(pair.students))
        shown.add_row(escape(pair.assignment), students, escape(in_words(pair)), f"{pair.bits:.0f}")
    console.print(shown)


def _sign(question: QuestionResult) -> str:
    return f"[{IN_TERMINAL[question.outcome]}]{SAYS[question.outcome][1]}[/]"
