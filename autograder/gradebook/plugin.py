"""nbgrader grades with our sandbox. Two lines at the end of anybody's ``nbgrader_config.py``::

    from autograder.gradebook.plugin import use_sandbox
    use_sandbox(c)

From then on `nbgrader autograde` and the formgrader's button run student notebooks here instead of in a kernel:

- our lessons are asked by our suites, and each graded cell shows its panel;
- the notebooks of all other assignments are run cell by cell in a worker, tests included, as a kernel would: they see
  the files beside them and may write there, but reach no network, no other file and no other program.

Feedback pages are nbgrader's own, made to fit a phone. Everything else of nbgrader stays as it is. Needs the
`instructor` extra.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from jupyter_client.kernelspec import KernelSpecManager
from nbformat.notebooknode import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.preprocessors import DeduplicateIds, Execute

from autograder.gradebook import outputs
from autograder.gradebook.outputs import Plan
from autograder.grading import fork_server
from autograder.notebooks.reading import Notebook, NotebookError, parse_notebook
from autograder.sandbox.wire.files import beside

# Every command of nbgrader's imports this module; most of them have no use for torch.
if TYPE_CHECKING:
    from autograder.grading.grader import Run

#: Where no limit is set: a day.
NO_LIMIT = 86_400.0


class NotGraded(Exception):
    """This submission cannot be graded; the text says why."""


def use_sandbox(config: Any) -> None:
    """Replace nbgrader's execution of notebooks by ours in a configuration `c`; what else is in it stays."""
    for option, stock, ours in (
        ("autograde_preprocessors", Execute, SandboxedExecute),
        ("sanitize_preprocessors", DeduplicateIds, ForgivingDeduplicateIds),
    ):
        steps = config.Autograde.get(option) or getattr(Autograde, option).default()
        names = (stock, f"nbgrader.preprocessors.{stock.__name__}", f"{stock.__module__}.{stock.__name__}")
        config.Autograde[option] = [ours if step in names else step for step in steps]
    if "exporter_class" not in config.GenerateFeedback:
        config.GenerateFeedback.exporter_class = "autograder.gradebook.feedback.FeedbackPage"


class SandboxedExecute(Execute):
    """nbgrader's `Execute` with our sandbox in place of a kernel.

    Options are those of `Execute` and are set there: `enabled`, `timeout` (for notebooks that are no lessons of ours;
    the tests of a lesson have limits of their own), `error_on_timeout`, `skip_cells_with_tag`.
    """

    def preprocess(self, nb: NotebookNode, resources: dict, km: Any = None) -> tuple[NotebookNode, dict]:
        """Run the notebook and fill in its outputs.

        Raises:
            NotGraded: it needs another kernel, it is too large, or the grader died over it.
        """
        assert_runnable(nb)
        try:
            notebook = parse_notebook(msgspec.json.encode(nb))
        except NotebookError as error:
            raise NotGraded(str(error)) from None
        planned = outputs.plan(resources["nbgrader"]["notebook"], notebook, self.skip_cells_with_tag)
        folder = resources.get("metadata", {}).get("path") or None
        files: dict[str, bytes] = {}
        if folder and planned.lesson is None:
            files, left_out = beside(folder, files_beside(folder))
            for name in left_out:
                self.log.warning("%s is too large to be seen by the notebook, or is a link", name)
        run = self.carry_out(notebook, planned, self.timeout or NO_LIMIT, files)
        for note in run.notes:
            self.log.warning("%s", note)
        outputs.fill(nb, notebook, planned, run, dict(self.error_on_timeout))
        if folder:
            outputs.write_files(Path(folder), run.files)
        return nb, resources

    def carry_out(self, notebook: Notebook, planned: Plan, cell_seconds: float, files: dict[str, bytes]) -> "Run":
        """Have the notebook run by the grader process that this process keeps warm.

        Raises:
            NotGraded: it cannot grade, or died over it.
        """
        fork_server.get_ready()  # it imports torch while we do
        from autograder.gradebook import persistent_grader

        try:
            return persistent_grader.carry_out(persistent_grader.Task(notebook, planned, cell_seconds, files))
        except (persistent_grader.GraderDied, RuntimeError) as error:
            raise NotGraded(str(error)) from None


class ForgivingDeduplicateIds(DeduplicateIds):
    """nbgrader's `DeduplicateIds`, whose leavings nbgrader itself takes for metadata of an old version.

    A student who copies a graded cell would stop the grading of the whole class (0.9.6). The copy becomes an ordinary
    cell; the last one counts, as nbgrader means it to.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Leave each graded cell's metadata with its last copy alone."""
        nb, resources = super().preprocess(nb, resources)
        for cell in nb.cells:
            if cell.metadata.get("nbgrader") == {}:
                del cell.metadata["nbgrader"]
        return nb, resources


def assert_runnable(nb: NotebookNode) -> None:
    """Raise unless the notebook's kernel is a Python that our workers can stand in for.

    Raises:
        jupyter_client.kernelspec.NoSuchKernel: there is no such kernel here.
        NotGraded: it is none for Python.
    """
    name = nb.metadata.get("kernelspec", {}).get("name", "python3")
    if name in ("python3", "python"):
        return
    spec = KernelSpecManager().get_kernel_spec(name)
    if spec.language.lower() != "python" or not any("ipykernel" in part for part in spec.argv):
        raise NotGraded(f"the notebook needs the kernel {name!r}, and the sandbox runs none but Python's own")


def files_beside(folder: str) -> list[str]:
    """Names of the files in a folder and below that are no notebooks."""
    return sorted(
        os.path.relpath(os.path.join(place, name), folder).replace(os.sep, "/")
        for place, _, names in os.walk(folder)
        for name in names
        if not name.endswith(".ipynb")
    )
