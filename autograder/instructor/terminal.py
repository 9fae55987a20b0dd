"""What the terminal shows of a class, and of what can be done with it; a single run's are in `grading.terminal`."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder.grading.terminal import LEGEND
from autograder.judging.results import SubmissionResult
from autograder.panels import IN_TERMINAL, SAYS

if TYPE_CHECKING:
    from autograder.gradebook.feedback_pages import PageUpdate
    from autograder.gradebook.ledger import LedgerEntry
    from autograder.gradebook.run_changes import Change, RunChanges
    from autograder.gradebook.trial import GradedBy, GradedTwice, Trial
    from autograder.instructor.collect import Collected
    from autograder.instructor.exports import Target
    from autograder.instructor.similar import Compared

__all__ = [
    "alike",
    "allowances",
    "changes",
    "collected",
    "counts",
    "ledger",
    "new_pages",
    "old_pages",
    "refusals",
    "since_last_run",
    "summary",
    "targets",
    "trial",
]

#: So many changed scores are printed after a run; the ledger has all of them.
MOST_CHANGES = 30


def changes(changed: Sequence["Change"], *, stderr: bool = False) -> None:
    """Print whose scores are higher, and whose lower, without having changed anything."""
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


def refusals(results: Sequence[SubmissionResult], *, stderr: bool = False) -> None:
    """Print how many submissions asked for what the sandbox does not give. A human should look at those."""
    counted = Counter(kind for result in results for kind in result.refused)
    met = [result for result in results if result.refused]
    if not met:
        return
    kinds = ", ".join(f"{kind} {count}" for kind, count in counted.most_common())
    console = Console(stderr=stderr)
    submissions = "1 submission" if len(met) == 1 else f"{len(met):,} submissions"
    console.print(f"{submissions} met the sandbox: {kinds}. Look at them:", highlight=False)
    for result in met:
        console.print(f"  {result.student}, {result.assignment}", markup=False, highlight=False)


def summary(results: Iterable[SubmissionResult], *, stderr: bool = False) -> None:
    """Print a row for each question: how many have which status, and which misconceptions are behind it how often."""
    statuses: dict[tuple[str, str], Counter[str]] = {}
    mistakes: dict[tuple[str, str], Counter[str]] = {}
    for result in results:
        for question in result.questions if result.problem is None else ():
            key = (result.assignment, question.name)
            statuses.setdefault(key, Counter())[question.outcome] += 1
            counted = mistakes.setdefault(key, Counter())
            if question.misconception is not None:
                counted[question.misconception.partition("/")[2] or question.misconception] += 1
    if not statuses:
        return
    grid = Table(title="Questions: how many", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    grid.add_column("question", no_wrap=True)
    widest = max(3, *(len(str(count)) for counted in statuses.values() for count in counted.values()))
    for status, (_, sign, _) in SAYS.items():
        grid.add_column(f"[{IN_TERMINAL[status]}]{sign}[/]", justify="right", min_width=widest)
    grid.add_column("known mistakes behind it", no_wrap=True)
    before = ""
    for (assignment, name), counted in sorted(statuses.items(), key=lambda entry: entry[0][0]):
        if assignment != before:
            grid.add_section()
            grid.add_row(f"[bold]{escape(assignment)}[/]")
            before = assignment
        common = mistakes[assignment, name].most_common(3)
        behind = "\n".join(f"{count} × {escape(mistake)}" for mistake, count in common)
        grid.add_row(escape(name), *(str(counted[status] or "") for status in SAYS), behind)
    console = Console(stderr=stderr)
    console.print(grid)
    console.print(LEGEND, style="dim")


def counts(graded: int, failed: int, unchanged: int, *, stderr: bool = False) -> None:
    """Print in a sentence what a run over a class has done."""
    parts = [f"{graded:,} graded"]
    parts += [f"{failed:,} could not be graded"] if failed else []
    parts += [f"{unchanged:,} unchanged since they were graded"] if unchanged else []
    Console(stderr=stderr).print(", ".join(parts) + ".", highlight=False)


def ledger(entries: Sequence["LedgerEntry"], *, title: str, most: int | None = None, stderr: bool = False) -> None:
    """Print changed scores with their causes.

    Args:
        entries: what the ledger says.
        title: what they are.
        most: print the first so many, and how many more there are.
        stderr: print there.
    """
    console = Console(stderr=stderr)
    if not entries:
        console.print(f"{title}: none.", highlight=False)
        return
    grid = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in ("student", "lesson", "question", "before", "now", "why", "when (UTC)"):
        grid.add_column(heading)
    for one in entries[:most]:
        before, after = ("–" if score is None else f"{score:g}" for score in (one.before, one.after))
        who = (escape(one.student), escape(one.assignment), escape(one.question))
        grid.add_row(*who, before, after, escape(one.why), one.at.partition("+")[0].replace("T", " "))
    console.print(grid)
    if most is not None and len(entries) > most:
        console.print(f"{len(entries) - most:,} more; `autograder ledger` lists them all.", highlight=False)


def since_last_run(changed: "RunChanges", *, stderr: bool = False) -> None:
    """Print which scores have changed since the last run, first grades aside, and which by hand stand over new work."""
    from autograder.gradebook.run_changes import FIRST

    entries = [one for one in changed.entries if one.why != FIRST]
    if entries:
        ledger(entries, title="Scores that have changed since the last run", most=MOST_CHANGES, stderr=stderr)
    if changed.standing:
        grid = Table(title="Points by hand that still count, over work handed in anew", title_justify="left")
        for heading in ("student", "lesson", "question", "by hand", "the autograder would give"):
            grid.add_column(heading)
        for one in changed.standing:
            auto = "–" if one.auto is None else f"{one.auto:g}"
            grid.add_row(escape(one.student), escape(one.assignment), escape(one.question), f"{one.by_hand:g}", auto)
        Console(stderr=stderr).print(grid)


def old_pages(stale: Sequence["PageUpdate"], *, stderr: bool = False) -> None:
    """Print how many feedback pages show something else than the gradebook, and what brings them up to date."""
    old = sum(bool(one.before) for one in stale)
    if old:
        pages = "1 feedback page shows" if old == 1 else f"{old:,} feedback pages show"
        what = "it" if old == 1 else "them"
        sentence = f"{pages} something else than the gradebook; `autograder feedback` brings {what} up to date."
        Console(stderr=stderr).print(sentence, highlight=False)


def new_pages(updated: Sequence["PageUpdate"], *, stderr: bool = False) -> None:
    """Print for whom a feedback page is new, and who had one that showed another score."""
    console = Console(stderr=stderr)
    if not updated:
        console.print("Every feedback page is up to date.")
        return
    changed = [one for one in updated if one.is_change]
    if changed:
        grid = Table(title="Feedback pages that showed another score", title_justify="left")
        for heading in ("student", "lesson", "before", "now"):
            grid.add_column(heading, no_wrap=True)
        for one in changed:
            grid.add_row(escape(one.student), escape(one.assignment), escape(one.before), escape(one.after))
        console.print(grid)
    new = sum(not one.before for one in updated)
    parts = [f"{new:,} new"] if new else []
    parts += [f"{len(changed):,} with another score"] if changed else []
    same = len(updated) - new - len(changed)
    parts += [f"{same:,} with the same score and other contents"] if same else []
    console.print(f"Feedback pages: {', '.join(parts)}.", highlight=False)


def collected(found: "Collected") -> None:
    """Print what was collected in a sentence, and in a table what was not taken, or took the place of another."""
    console = Console()
    odd = [row for row in found.rows if row.why]
    if odd:
        grid = Table(title="What needs a look", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
        for heading in ("student", "lesson", "file", "", "why"):
            grid.add_column(heading, overflow="fold", no_wrap=heading == "")
        for row in odd:
            short = row.file.rpartition("/")[2]  # the folders before it name the student; the whole is in the table
            grid.add_row(*map(escape, (row.student, row.assignment, short, row.what, row.why)))
        console.print(grid)
    counted = Counter(row.what for row in found.rows)
    console.print("Files: " + ", ".join(f"{count:,} {what}" for what, count in counted.items()) + ".", highlight=False)
    if found.missing:
        shown = escape(", ".join(found.missing[:10])) + (" …" if len(found.missing) > 10 else "")
        who = "1 student" if len(found.missing) == 1 else f"{len(found.missing):,} students"
        console.print(f"There is nothing of {who} in the roster: {shown}.", highlight=False)


def alike(compared: "Compared") -> None:
    """Print the groups and pairs of submissions that are alike, and what they share."""
    from autograder.instructor.similar import in_words

    console = Console()
    if not compared.pairs and not compared.groups:
        console.print("No two submissions are alike beyond what everybody writes.")
        return
    shown = Table(title="Questions to ask; none of this is a verdict", title_justify="left", box=box.SIMPLE_HEAD)
    for heading in ("assignment", "students", "what they share"):
        shown.add_column(heading)
    shown.add_column("weight", justify="right")
    for group in compared.groups:
        what = f"the same in {', '.join(group.answers)}: a group of {len(group.students)}"
        shown.add_row(escape(group.assignment), escape(", ".join(group.students)), escape(what), f"{group.bits:.0f}")
    together = [(group.assignment, set(group.students)) for group in compared.groups]
    for pair in compared.pairs:
        if any(pair.assignment == name and set(pair.students) <= students for name, students in together):
            continue  # its group says so
        students = escape(" and ".join(pair.students))
        shown.add_row(escape(pair.assignment), students, escape(in_words(pair)), f"{pair.bits:.0f}")
    console.print(shown)


def trial(tried: "Trial") -> None:
    """Print what stock nbgrader and we have made of a course, side by side."""
    from autograder.gradebook.permissions import SETTINGS

    grid = Table(title="Graded by both", title_justify="left", box=box.SIMPLE_HEAD)
    for heading, least, most in (("assignment", 10, None), ("student", 14, None), ("stock", 5, 6), ("ours", 5, 6)):
        grid.add_column(heading, overflow="fold", min_width=least, max_width=most)
    for heading in ("other scores", "other outputs"):
        grid.add_column(heading, justify="right", max_width=7)
    grid.add_column("met the sandbox", overflow="fold", max_width=9)
    for one in tried.compared:
        colour = "green" if one.is_equal else "red"
        grid.add_row(
            escape(one.assignment),
            escape(one.student),
            _points(one.stock),
            f"[{colour}]{escape(_points(one.ours))}[/]",
            str(len(one.differing) or ""),
            str(len(one.other_outputs) or ""),
            ", ".join(one.refused),
        )
    console = Console()
    console.print(grid)
    for one in tried.compared:
        for sentence in _differences(one):
            console.print(f"{one.assignment}, {one.student}: {sentence}", markup=False, highlight=False)
    for name, reason in tried.left_out.items():
        console.print(f"{name}: nbgrader cannot release it: {reason}", markup=False, highlight=False)
    count = len(tried.compared)
    equal = sum(one.is_equal for one in tried.compared)
    neither = sum(one.by_neither for one in tried.compared)
    ungraded = f", and neither could grade {neither}" if neither else ""
    console.print(
        f"{equal} of {count} submissions have the same scores{ungraded}. "
        f"Stock nbgrader took {tried.stock_seconds:.0f} s, we took {tried.our_seconds:.0f} s.",
        highlight=False,
    )
    needed: dict[str, set[str]] = {}
    for one in tried.compared:
        if one.refused:
            needed.setdefault(one.assignment, set()).update(one.refused)
    if needed:
        console.print("What met the sandbox can be allowed in nbgrader_config.py:", highlight=False)
        console.print("c.Sandbox.assignments = {", markup=False, highlight=False)
        for assignment, kinds in needed.items():
            settings = ", ".join(SETTINGS[kind] for kind in sorted(kinds))
            console.print(f"    {assignment!r}: {{{settings}}},", markup=False, highlight=False)
        console.print("}", markup=False, highlight=False)


def _differences(one: "GradedTwice") -> Iterator[str]:
    """What an instructor would look at of a submission that both have graded."""
    for who, graded in (("stock nbgrader has", one.stock), ("we have", one.ours)):
        if graded.problem:
            yield f"{who} not graded it: {graded.problem}"
    if one.stock.problem or one.ours.problem:
        return
    for notebook, cell in one.differing:
        stock, ours = (graded.scores.get((notebook, cell)) for graded in (one.stock, one.ours))
        yield f"the cell {cell} of {notebook} gets {_score(stock)} from stock nbgrader and {_score(ours)} from us"
    for notebook, several in groupby(one.other_outputs, lambda place: place[0]):
        numbers = ", ".join(str(number) for _, number in several)
        yield f"the outputs of {notebook} are others in cell {numbers}"


def _score(score: float | None) -> str:
    return "none" if score is None else f"{score:g}"


def _points(graded: "GradedBy") -> str:
    if graded.problem:
        return "not graded"
    by_hand = sum(score is None for score in graded.scores.values())
    points = f"{sum(score or 0.0 for score in graded.scores.values()):g}"
    return points + (f" and {by_hand} by hand" if by_hand else "")


def allowances(widened: Mapping[str, Mapping[str, Any]]) -> None:
    """Print what each assignment of a course is allowed beyond the ordinary."""
    console = Console()
    if not widened:
        console.print("This course's cells are allowed nothing beyond the ordinary.", highlight=False)
        return
    grid = Table(title="Allowed beyond the ordinary", title_justify="left", box=box.SIMPLE_HEAD)
    for heading in ("assignment", "setting", "value"):
        grid.add_column(heading)
    for assignment, settings in widened.items():
        for setting, value in settings.items():
            shown = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
            grid.add_row(escape(assignment), setting, escape(shown))
    console.print(grid)


def targets(known: Sequence["Target"]) -> None:
    """Print what each target of an export can carry, and what else there is to know of it."""
    from autograder.instructor.exports import CARRIED

    grid = Table(title="What each can carry", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    grid.add_column("", no_wrap=True)
    names = [" ".join(filter(None, (target.name, target.part))) for target in known]
    for name in names:
        words = name.replace("-", "- ").split()
        grid.add_column("\n".join(words), min_width=max(map(len, words)))
    for field, called in CARRIED.items():
        grid.add_row(called, *(_in_table(getattr(target, field)) for target in known))
    console = Console()
    console.print(grid)
    for name, target in zip(names, known, strict=True):
        console.print(f"[bold]{name}[/]: {target.remark}", highlight=False)


def _in_table(value: bool | str) -> str:
    """A short cell: a sign, or one word a line."""
    return ("✓" if value else "–") if isinstance(value, bool) else value.replace(" ", "\n")
