"""What a student sees on the terminal: the verdicts of one notebook, and where they stand in the course."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.segment import Segment
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from autograder import panels
from autograder.judging.course import Course, Lesson, Question
from autograder.judging.results import QuestionResult
from autograder.notebooks.reading import NotebookError
from autograder.notebooks.text import legible
from autograder.student.notebook import Checker, NotebookCheck, is_slow, seen_from

__all__ = ["Board", "CourseProgress", "Fitted", "heading", "newest_last", "show_check", "show_progress"]

_BAR_WIDTH = 20
#: Longer lines are hard to read, however wide the terminal.
_WIDEST = 100


class Board:
    """One notebook's verdicts as far as they are known: a table, the bar, and the first thing to mend of each question.

    Attributes:
        heading: which notebook, and when it was saved.
        check: the check that is going on or done; ``None`` where the notebook cannot be read.
        results: the verdicts so far, by question.
        problem: why the notebook cannot be read, a sentence.
    """

    def __init__(self, heading: str, check: NotebookCheck | None = None, problem: str = ""):
        self.heading = heading
        self.check = check
        self.results: dict[str, QuestionResult] = {}
        self.problem = problem

    def add(self, result: QuestionResult) -> None:
        """Put up one question's verdict; whatever comes first, they stand in the lesson's order."""
        self.results[result.name] = result
        if self.check is not None:
            order = [question.name for question in self.check.lesson.questions]
            self.results = dict(sorted(self.results.items(), key=lambda item: order.index(item[0])))

    @property
    def is_done(self) -> bool:
        """Whether every question has its verdict."""
        return self.check is None or len(self.results) == len(self.check.lesson.questions)

    @property
    def score(self) -> float:
        """The sum of the questions' scores so far."""
        return sum(result.score for result in self.results.values())

    @property
    def running(self) -> Question | None:
        """The question that is being asked."""
        if self.check is None:
            return None
        return next((one for one in self.check.lesson.questions if one.name not in self.results), None)

    def line(self) -> str:
        """The whole board in one line, for a file or another program."""
        if self.check is None:
            return f"{self.heading}: {self.problem}"
        parts = [f"{panels.SAYS[result.outcome][1]} {result.name}" for result in self.results.values()]
        if self.running is not None:
            parts.append(f"… {self.running.name}")
        return f"{self.heading}: {_points(self.score, sum(self.check.points.values()))}   {'   '.join(parts)}"

    def __rich__(self) -> RenderableType:
        if self.check is None:
            return Group(*self._head(), Text(self.problem, style="bold"))
        return Group(*self._head(), self._table(), Text(), self._bar(), *self._details(), *self._foot())

    def _head(self) -> Iterator[RenderableType]:
        yield Text(self.heading, style="bold")
        yield Text()

    def _table(self) -> Table:
        assert self.check is not None
        grid = Table.grid(padding=(0, 2))
        for question in self.check.lesson.questions:
            result = self.results.get(question.name)
            worth = self.check.points[question.name]
            if result is not None:
                further = self.check.further.get(question.name, 0)
                word = panels.word_for(result, further)
                sign = panels.SAYS[result.outcome][1]
                verdict: RenderableType = Text(f"{sign} {word}", panels.IN_TERMINAL[result.outcome])
                points = "judged when graded" if further and not worth else _points(result.score, worth)
            else:
                verdict, points = Text("· waiting", style="dim"), ""
                if question is self.running:
                    verdict = Spinner("dots", "training, this takes some seconds" if is_slow(question) else "checking")
            grid.add_row(Text(question.name), verdict, Text(points, style="dim"))
        return grid

    def _bar(self) -> Table:
        assert self.check is not None
        passed = sum(result.outcome == "passed" for result in self.results.values())
        count = len(self.check.lesson.questions)
        grid = Table.grid(padding=(0, 2))
        grid.add_row(
            _bar(self.score, sum(self.check.points.values()), passed, count),
            _points(self.score, sum(self.check.points.values())),
            f"{passed} of {_counted(count, 'question')} done",
        )
        return grid

    def _details(self) -> Iterator[RenderableType]:
        """The first thing to mend of each question that was tried and is not right."""
        assert self.check is not None
        for result in self.results.values():
            if result.outcome not in ("passed", "not_attempted"):
                yield Text()
                yield _Panel(result, self.check.lesson)

    def _foot(self) -> Iterator[RenderableType]:
        assert self.check is not None
        messages = [test.message for result in self.results.values() for test in result.tests]
        notes = [Text(note, "dim") for note in self.check.notes if not any(note in message for message in messages)]
        todo = next((name for name, result in self.results.items() if result.outcome != "passed"), None)
        if self.is_done and todo is not None:
            notes.append(Text(f'Stuck? In the notebook, hint("{todo}") helps, a little more each time.', style="dim"))
        if self.is_done and self.check.later:
            more = f"{self.check.later:g} more points of this lesson are for tests that run when your work is graded."
            notes.append(Text(more, style="dim"))
        if notes:
            yield Text()
            yield from notes


class Fitted:
    """What fits on the screen of a renderable, and a line that says so where something does not."""

    def __init__(self, whole: RenderableType):
        self.whole = whole

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = console.render_lines(self.whole, options.update(height=None), pad=False)
        room = options.height or options.max_height
        if len(lines) > room:
            more = "… there is more: make the window taller, or run `autograder check`."
            last = console.render_lines(Text(more, "dim", no_wrap=True, overflow="ellipsis"), options, pad=False)[:1]
            lines = [*lines[: max(room - 1, 0)], *last]
        for number, line in enumerate(lines):
            if number:
                yield Segment.line()
            yield from line


class CourseProgress:
    """The course's table, filled in lesson by lesson.

    Args:
        course: whose lessons are the rows.
        notebooks: those found, newest last, by lesson.
        folder: where they were found.
    """

    def __init__(self, course: Course, notebooks: Mapping[Lesson, list[Path]], folder: Path):
        self._course = course
        self._notebooks = notebooks
        self._folder = folder
        self._boards: dict[Lesson, Board] = {}

    def add(self, lesson: Lesson, board: Board) -> None:
        """Put up a lesson's board; it may still be filling."""
        self._boards[lesson] = board

    @property
    def boards(self) -> dict[Lesson, Board]:
        """The boards so far."""
        return self._boards

    def __rich__(self) -> RenderableType:
        grid = Table.grid(padding=(0, 2))
        for narrow in (True, False, True, True, True):
            grid.add_column(no_wrap=narrow)
        for lesson in self._course.lessons:
            grid.add_row(Text(lesson.name), *self._row(lesson))
        return Group(Text(self._course.title, style="bold"), Text(), grid, Text(), *self._foot())

    def _row(self, lesson: Lesson) -> tuple[RenderableType, ...]:
        board = self._boards.get(lesson)
        if lesson not in self._notebooks:
            return Text("no notebook here", style="dim"), "", "", ""
        if board is None:
            return Text("· waiting", style="dim"), "", "", ""
        if board.check is None:
            return Text("cannot be read", style="bold"), "", "", ""
        results = board.results.values()
        passed = sum(result.outcome == "passed" for result in results)
        total, count = sum(board.check.points.values()), len(lesson.questions)
        done: RenderableType = Text(f"{passed} of {count}")
        if board.running is not None:
            done = Spinner("dots", board.running.name)
        signs = Text(" ").join(
            Text(panels.SAYS[result.outcome][1], panels.IN_TERMINAL[result.outcome]) for result in results
        )
        return _bar(board.score, total, passed, count), f"{board.score:g} of {total:g}" if total else "", done, signs

    def _foot(self) -> Iterator[RenderableType]:
        results = [result for board in self._boards.values() for result in board.results.values()]
        passed = sum(result.outcome == "passed" for result in results)
        count = sum(len(lesson.questions) for lesson in self._notebooks)
        score = sum(result.score for result in results)
        checks = [board.check for board in self._boards.values() if board.check is not None]
        total = sum(sum(check.points.values()) for check in checks)
        grid = Table.grid(padding=(0, 2))
        grid.add_row(
            _bar(score, total, passed, count), _points(score, total), f"{passed} of {_counted(count, 'question')} done"
        )
        yield grid
        yield Text()
        if len(self._boards) < len(self._notebooks) or not all(board.is_done for board in self._boards.values()):
            return
        yield from self._next()
        for lesson, paths in self._notebooks.items():
            if len(paths) > 1:
                newest, *others = (_in_a_line(seen_from(self._folder, path)) for path in reversed(paths))
                yield Text(f"{lesson.name}: {newest} was saved last and counts; also here: {', '.join(others)}.", "dim")
        for board in self._boards.values():
            if board.problem:
                yield Text(f"{board.heading}: {board.problem}", style="bold")

    def _next(self) -> Iterator[RenderableType]:
        for lesson in self._course.lessons:
            for result in self._boards[lesson].results.values() if lesson in self._boards else ():
                if result.outcome != "passed":
                    yield Text.assemble("next: ", (result.name, "bold"), " in ", (lesson.name, "bold"))
                    return
        absent = next((lesson for lesson in self._course.lessons if lesson not in self._notebooks), None)
        if absent is not None:
            yield Text.assemble("next: lesson ", (absent.name, "bold"), ", which is not here yet")
        elif not any(board.problem for board in self._boards.values()):
            yield Text("All that can be checked here is right. Well done.", style="bold")


def _in_a_line(path: Path | str) -> str:
    """A file's name as it can be shown, whoever has given it."""
    return " ".join(legible(str(path)).split())


def heading(path: Path) -> str:
    """A notebook's name, and when it was saved: what is not saved is not checked."""
    try:
        saved = datetime.fromtimestamp(path.stat().st_mtime)
    except OSError:
        return _in_a_line(path.name)
    day = "" if saved.date() == date.today() else f"{saved.date()} "
    return f"{_in_a_line(path.name)}, saved {day}{saved:%H:%M:%S}"


def show_check(console: Console, checker: Checker, path: Path, lesson: Lesson) -> bool:
    """Check one notebook and print its board; on a terminal it fills before one's eyes. False if it can't be read."""
    try:
        check = checker.check(path, lesson)
    except NotebookError as error:
        console.print(Board(heading(path), problem=str(error)))
        return False
    board = Board(heading(path), check)
    if console.is_terminal:
        with Live(Fitted(board), console=console, transient=True) as live:
            for result in check.results():
                board.add(result)
                live.refresh()
    else:
        for result in check.results():
            board.add(result)
    console.print(board)
    note = name_note(path, lesson)
    if note:
        console.print(note, markup=False, highlight=False)
    return True


def name_note(path: Path, lesson: Lesson) -> str:
    """What a student should know of a notebook's name before handing it in; empty if it is as it was given out."""
    expected = f"{lesson.name}.ipynb"
    if path.name == expected:
        return ""
    name = legible(path.name)
    if (path.parent / expected).exists():
        return f"Beside {name} lies {expected}. Hand in one of them, called {expected}: the one that you worked on."
    return f"This notebook is called {name}. Call it {expected} before you hand it in: some ways in go by the name."


def show_progress(
    console: Console, checker: Checker, notebooks: Mapping[Path, Lesson], folder: Path, course: Course
) -> bool:
    """Check a course's notebooks and print one row a lesson. False if one can't be read.

    Args:
        console: where to print.
        checker: what checks them.
        notebooks: those found, with their lessons.
        folder: where they were found.
        course: whose lessons are the rows.
    """
    by_lesson = newest_last(notebooks, course)
    table = CourseProgress(course, by_lesson, folder)
    live = Live(Fitted(table), console=console, transient=True) if console.is_terminal else None
    if live is not None:
        live.start()
    try:
        for lesson, paths in by_lesson.items():
            name = _in_a_line(seen_from(folder, paths[-1]))
            try:
                check = checker.check(paths[-1], lesson)
            except NotebookError as error:
                table.add(lesson, Board(name, problem=str(error)))
                continue
            board = Board(name, check)
            table.add(lesson, board)
            for result in check.results():
                board.add(result)
    finally:
        if live is not None:
            live.stop()
    console.print(table)
    return not any(board.problem for board in table.boards.values())


def newest_last(notebooks: Mapping[Path, Lesson], course: Course) -> dict[Lesson, list[Path]]:
    """The notebooks of each lesson, the one saved last at the end; lessons in their order."""
    found: dict[Lesson, list[Path]] = {}
    for path, lesson in notebooks.items():
        found.setdefault(lesson, []).append(path)
    return {
        lesson: sorted(found[lesson], key=lambda path: (path.stat().st_mtime_ns, str(path)))
        for lesson in course.lessons
        if lesson in found
    }


class _Panel:
    """One question's panel, in the colours and the width that the console has."""

    def __init__(self, result: QuestionResult, lesson: Lesson):
        self._result = result
        self._lesson = lesson

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        colour = console.color_system is not None and not console.no_color
        width = min(options.max_width, _WIDEST)
        yield Text.from_ansi(panels.as_text(self._result, self._lesson, colour=colour, width=width))


def _bar(score: float, total: float, passed: int, count: int) -> ProgressBar:
    """A bar that is filled by points, or by questions where there are no points."""
    total, done = (total, score) if total else (count, passed)
    return ProgressBar(
        total=total, completed=done, width=_BAR_WIDTH, complete_style="green", finished_style="bright_green"
    )


def _points(score: float, total: float) -> str:
    return f"{score:g} of {_counted(total, 'point')}" if total else "no points"


def _counted(number: float, thing: str) -> str:
    return f"{number:g} {thing}" if number == 1 else f"{number:g} {thing}s"
