"""Building the lessons: from `source/` nbgrader makes `assignments/` and `solutions/`, and answers are recorded.

Needs the `instructor` extra. Always rebuilds everything: half a rebuild is how a release and its solution drift apart.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from autograder.gradebook.database import scripts_on_path
from autograder.judging import reference
from autograder.judging.course import HOME, LESSONS, Lesson


class BuildError(Exception):
    """nbgrader could not make a lesson; the text is its log."""


def build_lessons(
    course: Path = HOME,
    *,
    execute: bool = True,
    say: Callable[[str], None] = print,
    lessons: Sequence[Lesson] = LESSONS,
) -> None:
    """Make each lesson's assignment and solution below `course`, which holds `source/` and `nbgrader_config.py`.

    Args:
        course: the course's folder.
        execute: run the solutions, so that they show their pictures; without it they are made without outputs, and
            recorded answers are left as they are.
        say: called with a line of progress.
        lessons: which lessons; answers are recorded of all.

    Raises:
        BuildError: nbgrader refuses a notebook, or a solution raises.
        RuntimeError: a reference solution does not pass its own suite.
    """
    with tempfile.TemporaryDirectory() as scratch, scripts_on_path():
        # A gradebook of its own: building must not touch the one in which a class has its marks.
        api = _api(course, f"sqlite:///{scratch}/gradebook.db")
        for lesson in lessons:
            say(f"{lesson.name}: assignment")
            _succeed(api.generate_assignment(lesson.name))
            _succeed(_generate_solution(api, lesson.name, execute=False))
        if not execute:
            return
        say("recording the reference's answers")
        reference.write_recordings(course / "solutions")
        # nbgrader empties a lesson's folder before it runs the notebook, and the checks in the notebook need the
        # reference solutions: so the executed ones are made elsewhere and moved in when they are done.
        executed = Path(scratch) / "solutions"
        api.coursedir.solution_directory = str(executed)
        for lesson in lessons:
            say(f"{lesson.name}: solution, executed")
            _succeed(_generate_solution(api, lesson.name, execute=True))
            _assert_clean(lesson.notebook(executed))
            _keep_still_pictures(lesson.notebook(executed))
            shutil.copytree(executed / lesson.name, course / "solutions" / lesson.name, dirs_exist_ok=True)


def release_lessons(course: Path, database: str, lessons: tuple[Lesson, ...] = LESSONS) -> None:
    """Make the assignments of lessons below `course` and enter them into the gradebook `database`.

    Raises:
        BuildError: nbgrader refuses a notebook.
    """
    with scripts_on_path():
        api = _api(course, database)
        for lesson in lessons:
            _succeed(api.generate_assignment(lesson.name))


def without_outputs(path: Path) -> dict[str, Any]:
    """A notebook as it was before anybody ran it: what tells two builds of a lesson apart."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"].pop("language_info", None)  # a kernel that has run leaves it behind
    for cell in notebook["cells"]:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
        cell["metadata"].pop("execution", None)
    return notebook


def _api(course: Path, database: str) -> Any:
    from nbgrader.apps.api import NbGraderAPI
    from traitlets.config import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.db_url = database
    config.Execute.skip_cells_with_tag = ""  # the solutions show their pictures
    # nbgrader says a great deal about things going well.
    config.Application.log_level = "WARN"
    return NbGraderAPI(config=config)


def _generate_solution(api: Any, name: str, *, execute: bool) -> dict:
    """As `NbGraderAPI.generate_assignment` does for assignments; the API has nothing for solutions."""
    from nbgrader.converters import GenerateSolution
    from nbgrader.preprocessors import Execute
    from nbgrader.utils import capture_log, temp_attrs

    with temp_attrs(api.coursedir, assignment_id=name):
        converter = GenerateSolution(coursedir=api.coursedir, parent=api)
        if not execute:
            converter.preprocessors = [step for step in converter.preprocessors if step is not Execute]
        converter.force = True
        return capture_log(converter)


def _succeed(result: dict) -> None:
    if not result["success"]:
        raise BuildError(result.get("log") or result.get("error") or "nbgrader gives no reason")


def _assert_clean(path: Path) -> None:
    """nbgrader is content with a solution that raises; we are not."""
    for cell in json.loads(path.read_text())["cells"]:
        for output in cell.get("outputs", ()):
            if output["output_type"] == "error":
                raise BuildError(f"{path.name}, cell {cell['id']}: {output['ename']}: {output['evalue']}")


def _keep_still_pictures(path: Path) -> None:
    """Leave only the still picture of each widget: no kernel is there to move it, and its name is new each time."""
    import nbformat

    from autograder.course.figures import in_words

    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    for cell in notebook.cells:
        for output in list(cell.get("outputs", ())):
            if output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None):
                words = in_words(output.metadata["image/png"]["alt"])
                cell.outputs.append(nbformat.v4.new_output("display_data", data=words))
    nbformat.write(notebook, path)
