"""What each target can carry, on the terminal."""

from rich import box
from rich.console import Console
from rich.table import Table

from ._targets import CARRIED, TARGETS


def show_targets() -> None:
    """Print the table, and what else there is to know of each target."""
    grid = Table(title="What each can carry", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    grid.add_column("", no_wrap=True)
    names = [" ".join(filter(None, (target.name, target.part))) for target in TARGETS]
    for name in names:
        words = name.replace("-", "- ").split()
        grid.add_column("\n".join(words), min_width=max(map(len, words)))
    for field, called in CARRIED.items():
        values = [getattr(target, field) for target in TARGETS]
        grid.add_row(called, *(_in_table(value) for value in values))
    console = Console()
    console.print(grid)
    for name, target in zip(names, TARGETS, strict=True):
        console.print(f"[bold]{name}[/]: {target.remark}", highlight=False)


def _in_table(value: bool | str) -> str:
    """A short cell: a sign, or one word a line."""
    return ("✓" if value else "–") if isinstance(value, bool) else value.replace(" ", "\n")
