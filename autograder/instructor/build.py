"""Building the lessons: all that is made from ``source/``, and nothing of it is written by hand.

From each notebook in ``source/`` come the lesson's contents (its questions and their signatures), the assignment, the
solution, and what is recorded of the reference solution and of the misconceptions for students' installations.

Needs the `instructor` extra. A lesson is always built whole, since half a rebuild is how a release and its solution
drift apart; and where that fails, every file is as it was.
"""

import ast
import json
import re
import shutil
import tempfile
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.gradebook.database import scripts_on_path
from autograder.gradebook.stubs import assigned_names
from autograder.judging import recording, recordings
from autograder.judging.course import CONTENTS, Course, Lesson, write_contents
from autograder.judging.written import Written, read_written
from autograder.notebooks.reading import NotebookCell, NotebookError, read_notebook
from autograder.panels.pictures import in_words

if TYPE_CHECKING:
    from nbgrader.apps.api import NbGraderAPI

__all__ = [
    "BuildError",
    "build_lessons",
    "build_notebooks",
    "release_lessons",
    "signatures_in",
    "without_outputs",
    "write_all_contents",
    "written_in",
]

#: Seconds that a cell of a solution may take, and its kernel to start.
_CELL_SECONDS = 3600

_WIDGET = "application/vnd.jupyter.widget-view+json"


class BuildError(Exception):
    """A lesson could not be made; the text says why, often in the words of nbgrader's log."""


def build_lessons(
    course: Course, names: Collection[str] | None = None, *, message: Callable[[str], None] = print
) -> None:
    """Make everything that is made from ``source/`` in the course's home.

    Args:
        course: the course; its home holds ``source/`` and ``nbgrader_config.py``.
        names: the lessons to make, called as their folders in ``source/``; all by default. No other is touched.
        message: called with a line of progress.

    Raises:
        BuildError: a source notebook cannot be read, nbgrader refuses it, a solution raises, or it does not pass its
            own suite. Every file is as it was before.
    """
    chosen = _chosen(course, names)
    made = [path for name in chosen for path in _made_of(course, name)]
    with _as_before_if_it_fails(made):
        course = write_all_contents(course, message, chosen)
        lessons = [lesson for lesson in course.lessons if lesson.name in chosen]
        with _nbgrader_apart(course.home) as api:
            _make_notebooks(api, lessons, message)
            for lesson in lessons:
                message(f"{lesson.name}: recorded answers")
                _record(course, lesson)
            _execute_solutions(api, course, lessons, message)


def write_all_contents(
    course: Course, message: Callable[[str], None] = lambda line: None, names: Iterable[str] | None = None
) -> Course:
    """Read source notebooks, write the contents of their lessons, and return the course as it is then.

    A notebook in ``source/`` is a lesson's if the lesson's public folder is there, ``lesson_1_addition`` for
    ``1-addition``, or if the course has the lesson under another name of the folder. Any other is left to nbgrader.

    Args:
        course: the course; its home holds ``source/``.
        message: called with a line of progress.
        names: of which folders in ``source/``; of all by default.

    Raises:
        BuildError: a source notebook cannot be read, or an answer cell in it does not define its function.
    """
    for name in _in_source(course) if names is None else names:
        path = course.home / "source" / name / f"{name}.ipynb"
        public = _public_folder(course, name)
        if public.is_dir():
            write_contents(public, name, signatures_in(path), written_in(path))
        elif path.exists():
            message(f"{name}: no lesson, since there is no {public}; it is left to nbgrader")
    return course.fresh()


def signatures_in(source: Path) -> dict[str, str]:
    """The questions that a source notebook asks, in order, each with the signature of its stub.

    A question is a graded cell; its name is the cell's. Its signature is that of the function in the cell
    ``<name>-answer``, such as ``add(a, b)``; the name alone where that cell gives the name a value; empty where there
    is no such cell.

    Raises:
        BuildError: the notebook cannot be read, or an answer cell does not define what it is named after.
    """
    try:
        cells = read_notebook(source).cells
    except NotebookError as error:
        raise BuildError(f"source/ cannot be read: {error}") from None
    answers = {cell.grade_id: cell for cell in cells if cell.is_answer}
    names = [cell.grade_id for cell in cells if cell.is_test]
    return {
        name: _signature(name, answers[f"{name}-answer"], source) if f"{name}-answer" in answers else ""
        for name in names
    }


def written_in(source: Path) -> list[Written]:
    """The questions that a source notebook asks to be answered in sentences, in order.

    Raises:
        BuildError: the notebook cannot be read, or our own answer to one of them is not as `read_written` wants it.
    """
    try:
        cells = [cell for cell in read_notebook(source).cells if cell.is_read_by_a_person]
        return [found for cell in cells if (found := read_written(cell.grade_id, cell.source)) is not None]
    except NotebookError as error:
        raise BuildError(f"source/ cannot be read: {error}") from None
    except ValueError as error:
        raise BuildError(f"{source.name}, cell {error}") from None


def build_notebooks(
    folder: Path, lessons: Iterable[Lesson], message: Callable[[str], None] = lambda line: None
) -> None:
    """Make the assignments and the solutions of lessons, without outputs, below a folder that holds ``source/``.

    Raises:
        BuildError: nbgrader refuses a notebook.
    """
    with _nbgrader_apart(folder) as api:
        _make_notebooks(api, lessons, message)


def release_lessons(course: Course, folder: Path, database: str, lessons: Iterable[Lesson] | None = None) -> None:
    """Make the assignments of lessons below `folder`, and enter them into the gradebook `database`.

    Raises:
        BuildError: nbgrader refuses a notebook.
    """
    with scripts_on_path():
        api = _api(folder, database)
        for lesson in course.lessons if lessons is None else lessons:
            _succeed(lesson, api.generate_assignment(lesson.name))


def without_outputs(path: Path) -> dict[str, Any]:
    """A notebook as it was before anybody ran it: what tells two builds of a lesson apart."""
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"].pop("language_info", None)  # a kernel that has run leaves it behind
    for cell in notebook["cells"]:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
        cell["metadata"].pop("execution", None)
    return notebook


def _signature(name: str, cell: NotebookCell, source: Path) -> str:
    """The call of the function that a cell defines, with its defaults as they are written there; or a value's name."""
    where = f"{source.name}, cell {cell.grade_id}"
    try:
        body = ast.parse(cell.source).body
    except SyntaxError as error:
        raise BuildError(f"{where}: this is not Python: {error}") from None
    found = [node for node in body if isinstance(node, ast.FunctionDef) and node.name == name]
    if not found:
        if any(target == name for node in body for target in assigned_names(node)):
            return name
        raise BuildError(f"{where}: there is no function {name} in it, and no value `{name} = …`")
    arguments = found[-1].args
    if arguments.vararg or arguments.kwonlyargs or arguments.kwarg:
        raise BuildError(f"{where}: a question's function has ordinary parameters only, and no * before one")
    names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
    defaults = [f"={ast.get_source_segment(cell.source, one)}" for one in arguments.defaults]
    written = [*[""] * (len(names) - len(defaults)), *defaults]
    return f"{name}({', '.join(one + default for one, default in zip(names, written, strict=True))})"


def _in_source(course: Course) -> list[str]:
    """The folders in ``source/``, each of which is or may become a lesson."""
    return sorted(folder.name for folder in (course.home / "source").iterdir() if folder.is_dir())


def _chosen(course: Course, names: Collection[str] | None) -> list[str]:
    """The names of the lessons to make.

    Raises:
        BuildError: there is no such lesson.
    """
    there = _in_source(course)
    if names is None:
        return there
    for name in names:
        if name not in there:
            raise BuildError(f"There is no lesson {name} in {course.home / 'source'}; there are {', '.join(there)}.")
        if not _public_folder(course, name).is_dir():
            raise BuildError(f"{name} is no lesson yet: its tests belong into {_public_folder(course, name)}.")
    return [name for name in there if name in names]


def _public_folder(course: Course, name: str) -> Path:
    """The public folder of the lesson that is made from that folder in ``source/``; it need not be there."""
    # First by the folder's name: the contents in a folder that was copied are still those of the other lesson.
    public = course.public / f"lesson_{name.replace('-', '_')}"
    lesson = course.find_lesson(name)
    return lesson.public if lesson is not None and not public.is_dir() else public


def _made_of(course: Course, name: str) -> list[Path]:
    """All that is made of a lesson: two folders, and the files beside what its author writes."""
    public = _public_folder(course, name)
    made = (CONTENTS, recordings.ANSWERS, recordings.MISCONCEPTIONS)
    return [course.home / "assignments" / name, course.solutions / name, *(public / file for file in made)]


@contextmanager
def _as_before_if_it_fails(made: Iterable[Path]) -> Iterator[None]:
    """Put files and folders back as they were if the block raises or is interrupted."""
    with tempfile.TemporaryDirectory() as scratch:
        before = {path: Path(scratch) / str(number) for number, path in enumerate(made)}
        for path, copy in before.items():
            _copy(path, copy)
        try:
            yield
        except BaseException:
            for path, copy in before.items():
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)
                _copy(copy, path)
            recordings.load.cache_clear()
            raise


def _copy(path: Path, to: Path) -> None:
    """Copy a file, or a folder, if it is there."""
    if path.is_dir():
        shutil.copytree(path, to)
    elif path.exists():
        shutil.copy2(path, to)


def _record(course: Course, lesson: Lesson) -> None:
    try:
        recording.write_recordings(course, (lesson,))
    except Exception as error:  # suites, solutions and misconceptions are their author's, and may do anything
        if isinstance(error, RuntimeError):
            what = _in_short(str(error))
        else:
            last = traceback.extract_tb(error.__traceback__)[-1]
            what = f"{type(error).__name__}: {error} ({Path(last.filename).name}, line {last.lineno})"
        raise BuildError(f"{lesson.name}: its answers cannot be recorded: {what}") from error


def _make_notebooks(api: "NbGraderAPI", lessons: Iterable[Lesson], message: Callable[[str], None]) -> None:
    for lesson in lessons:
        message(f"{lesson.name}: assignment")
        _succeed(lesson, api.generate_assignment(lesson.name))
        _succeed(lesson, _generate_solution(api, lesson.name, execute=False))


def _execute_solutions(
    api: "NbGraderAPI", course: Course, lessons: Iterable[Lesson], message: Callable[[str], None]
) -> None:
    # nbgrader empties a lesson's folder before it runs the notebook, and the checks in the notebook need the reference
    # solutions. So the executed ones are made elsewhere and moved in when they are done.
    with tempfile.TemporaryDirectory() as scratch:
        executed = Path(scratch)
        api.coursedir.solution_directory = str(executed)
        for lesson in lessons:
            message(f"{lesson.name}: solution, executed")
            _succeed(lesson, _generate_solution(api, lesson.name, execute=True))
            _assert_clean(lesson.notebook(executed))
            _keep_still_pictures(lesson.notebook(executed))
        for lesson in lessons:
            shutil.copytree(executed / lesson.name, course.solutions / lesson.name, dirs_exist_ok=True)


@contextmanager
def _nbgrader_apart(folder: Path) -> Iterator["NbGraderAPI"]:
    """nbgrader with a gradebook of its own: building must not touch the one in which a class has its scores."""
    with tempfile.TemporaryDirectory() as scratch, scripts_on_path():
        yield _api(folder, f"sqlite:///{scratch}/gradebook.db")


def _api(folder: Path, database: str) -> "NbGraderAPI":
    from nbgrader.apps.api import NbGraderAPI
    from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
    config.CourseDirectory.root = str(folder)
    config.CourseDirectory.db_url = database
    # The solutions show their pictures. Cells with this tag are for a learner's own notebook: what they show are the
    # learner's answers, or numbers that are others each time.
    config.Execute.skip_cells_with_tag = "at-home"
    # Nobody waits for a student's endless loop here, and a build must not fail because the machine is busy.
    config.Execute.timeout = config.Execute.startup_timeout = _CELL_SECONDS
    config.KernelManager.transport_encryption = "auto"  # without it each kernel warns that others may listen
    # nbgrader logs a great deal about things going well.
    config.Application.log_level = "WARN"
    return NbGraderAPI(config=config)


def _generate_solution(api: "NbGraderAPI", name: str, *, execute: bool) -> dict[str, Any]:
    """As `NbGraderAPI.generate_assignment` does for assignments; the API has nothing for solutions."""
    from nbgrader.converters import GenerateSolution
    from nbgrader.preprocessors import Execute
    from nbgrader.utils import capture_log, temp_attrs

    with temp_attrs(api.coursedir, assignment_id=name):
        converter = GenerateSolution(coursedir=api.coursedir, parent=api)
        if not execute:
            converter.preprocessors = [step for step in converter.preprocessors if step is not Execute]
        converter.force = True
        result: dict[str, Any] = capture_log(converter)
        return result


def _succeed(lesson: Lesson, result: dict[str, Any]) -> None:
    if not result["success"]:
        log = result.get("log") or result.get("error") or "nbgrader gives no reason"
        # nbgrader logs one traceback below the other; the first is of what went wrong.
        raise BuildError(f"{lesson.name}: nbgrader cannot make it: {_in_short(log)}") from RuntimeError(log)


def _in_short(log: str) -> str:
    """What went wrong, without the tracebacks around it: those that nbgrader logs, and those of pytest."""
    found = re.search(r"^(?:E {3}| {4}(?:\w+\.)*)(\w+: \S.*)$", log, re.MULTILINE)
    if not found:
        return log
    places = re.findall(r"([^/\"]+\.py)(?:\", line |:)(\d+)", log[: found.start()]) if log[found.start()] == "E" else ()
    return f"{found[1]} ({places[-1][0]}, line {places[-1][1]})" if places else found[1]


def _assert_clean(path: Path) -> None:
    """nbgrader is content with a solution that raises, or that its own check finds wrong; we are not."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        points = cell["metadata"].get("nbgrader", {}).get("points", 0)
        for output in cell.get("outputs", ()):
            where = f"{path.name}, cell {cell['id']}"
            if output["output_type"] == "error":
                raise BuildError(f"{where}: {output['ename']}: {output['evalue']}")
            earned = "".join(output.get("data", {}).get("text/plain", ""))
            if re.fullmatch(r"\d+(\.\d+)?", earned) and float(earned) < points:
                raise BuildError(f"{where}: the solution gets {float(earned):g} of {points:g} points.")


def _keep_still_pictures(path: Path) -> None:
    """Leave only the still picture of each widget: no kernel is there to move it, and its name is new each time."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for output in list(cell.get("outputs", ())):
            if output.get("data", {}).pop(_WIDGET, None):
                words = in_words(output["metadata"].get("image/png", {}).get("alt", ""))
                data = {kind: text.splitlines(keepends=True) for kind, text in words.items()}
                cell["outputs"].append({"data": data, "metadata": {}, "output_type": "display_data"})
    # As nbformat writes it.
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": "))
    path.write_text(text + "\n", encoding="utf-8")
