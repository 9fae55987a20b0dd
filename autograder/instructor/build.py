"""Building the lessons: all that is made from ``source/``, and nothing of it is written by hand.

From each notebook in ``source/`` come the lesson's contents (its questions and their signatures), the assignment, the
solution, and what is recorded of the reference solution and of the misconceptions for students' installations.

Needs the `instructor` extra. Everything is always built anew: half a rebuild is how a release and its solution drift
apart.
"""

import ast
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.gradebook.database import scripts_on_path
from autograder.judging import recording
from autograder.judging.course import Course, Lesson, write_contents
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
]

_WIDGET = "application/vnd.jupyter.widget-view+json"


class BuildError(Exception):
    """A lesson could not be made; the text says why, often in the words of nbgrader's log."""


def build_lessons(
    course: Course,
    *,
    execute: bool = True,
    message: Callable[[str], None] = print,
    lessons: Iterable[Lesson] | None = None,
) -> None:
    """Make everything that is made from ``source/`` in the course's home.

    Args:
        course: the course; its home holds ``source/`` and ``nbgrader_config.py``.
        execute: run the solutions, so that they show their pictures. Without it they are made without outputs, and
            what was recorded is left as it is.
        message: called with a line of progress.
        lessons: of which lessons the notebooks are made; of all by default. Contents are written, and answers are
            recorded, of all.

    Raises:
        BuildError: a source notebook cannot be read, nbgrader refuses it, or a solution raises.
        RuntimeError: a reference solution does not pass its own suite.
    """
    course = write_all_contents(course, message)
    chosen = tuple(course.lessons if lessons is None else lessons)
    with _nbgrader_apart(course.home) as api:
        _make_notebooks(api, chosen, message)
        if execute:
            message("recording the reference's answers")
            recording.write_recordings(course)
            _execute_solutions(api, course, chosen, message)


def write_all_contents(course: Course, message: Callable[[str], None] = lambda line: None) -> Course:
    """Read each source notebook, write the contents of its lesson, and return the course as it is then.

    A notebook in ``source/`` is a lesson's if the lesson's public folder is there, ``lesson_1_addition`` for
    ``1-addition``, or if the course has the lesson under another name of the folder. Any other is left to nbgrader.

    Raises:
        BuildError: a source notebook cannot be read, or an answer cell in it does not define its function.
    """
    for folder in sorted((course.home / "source").iterdir()):
        # First by the folder's name: the contents in a folder that was copied are still those of the other lesson.
        public = course.public / f"lesson_{folder.name.replace('-', '_')}"
        lesson = course.find_lesson(folder.name)
        if not public.is_dir() and lesson is not None:
            public = lesson.public
        path = folder / f"{folder.name}.ipynb"
        if public.is_dir():
            write_contents(public, folder.name, signatures_in(path))
        elif path.exists():
            message(f"{folder.name}: no lesson, since there is no {public}; it is left to nbgrader")
    return course.fresh()


def signatures_in(source: Path) -> dict[str, str]:
    """The questions that a source notebook asks, in order, each with the signature of its stub.

    A question is a graded cell; its name is the cell's. Its signature is that of the function in the cell
    ``<name>-answer``, such as ``add(a, b)``; it is empty where there is no such cell.

    Raises:
        BuildError: the notebook cannot be read, or an answer cell does not define its function.
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
            _succeed(api.generate_assignment(lesson.name))


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
    """The call of the function that a cell defines, with its defaults as they are written there."""
    where = f"{source.name}, cell {cell.grade_id}"
    try:
        body = ast.parse(cell.source).body
    except SyntaxError as error:
        raise BuildError(f"{where}: this is not Python: {error}") from None
    found = [node for node in body if isinstance(node, ast.FunctionDef) and node.name == name]
    if not found:
        raise BuildError(f"{where}: there is no function {name} in it")
    arguments = found[-1].args
    if arguments.vararg or arguments.kwonlyargs or arguments.kwarg:
        raise BuildError(f"{where}: a question's function has ordinary parameters only, and no * before one")
    names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
    defaults = [f"={ast.get_source_segment(cell.source, one)}" for one in arguments.defaults]
    written = [*[""] * (len(names) - len(defaults)), *defaults]
    return f"{name}({', '.join(one + default for one, default in zip(names, written, strict=True))})"


def _make_notebooks(api: "NbGraderAPI", lessons: Iterable[Lesson], message: Callable[[str], None]) -> None:
    for lesson in lessons:
        message(f"{lesson.name}: assignment")
        _succeed(api.generate_assignment(lesson.name))
        _succeed(_generate_solution(api, lesson.name, execute=False))


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
            _succeed(_generate_solution(api, lesson.name, execute=True))
            _assert_clean(lesson.notebook(executed))
            _keep_still_pictures(lesson.notebook(executed))
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
    config.Execute.skip_cells_with_tag = ""  # the solutions show their pictures
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


def _succeed(result: dict[str, Any]) -> None:
    if not result["success"]:
        raise BuildError(result.get("log") or result.get("error") or "nbgrader gives no reason")


def _assert_clean(path: Path) -> None:
    """nbgrader is content with a solution that raises; we are not."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", ()):
            if output["output_type"] == "error":
                raise BuildError(f"{path.name}, cell {cell['id']}: {output['ename']}: {output['evalue']}")


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
