"""nbgrader with our sandbox in place of its kernels, run as an instructor runs it."""

import json
import logging
import shutil
import stat
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.preprocessors import CheckCellMetadata, DeduplicateIds, Execute, OverwriteCells, SaveAutoGrades
from traitlets.config import Config

from autograder.course.contents import COURSE
from autograder.gradebook import plugin
from autograder.gradebook.ask_human import AskHuman
from autograder.gradebook.harmless_copy import HarmlessCopy
from autograder.gradebook.plugin import ForgivingDeduplicateIds, ForgivingOverwriteCells, SandboxedExecute
from autograder.gradebook.written import SaveScores, SideBySide
from autograder.grading.lesson_run import NotebookRun
from autograder.instructor.demo.pretend_class import fill_in, reference_answers
from autograder.judging.results import question_result
from autograder.plugin import use_sandbox

BIN = Path(sys.executable).parent
NEURON = COURSE.find_lesson("1-neuron")
TWO_LINES = "from autograder.plugin import use_sandbox\nuse_sandbox(c)\n"


@pytest.fixture(scope="module")
def nbgrader(command):
    """``nbgrader(course, "autograde", "ps1")``: the exit code, and what is said."""

    def run(course, *arguments):
        done = command("nbgrader", *arguments, cwd=course)
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.fixture(scope="module")
def course(tmp_path_factory, notebook, code_cell, nbgrader):
    """A course with one lesson of ours and one assignment that is not, autograded, with feedback."""
    course = tmp_path_factory.mktemp("course")
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        "c.CourseDirectory.course_id = 'any'\n"
        "c.LateSubmissionPlugin.penalty_method = 'zero'\n" + TWO_LINES
    )
    shutil.copytree(COURSE.home / "source" / NEURON.name, course / "source" / NEURON.name)
    other = course / "source" / "ps1"
    other.mkdir()
    (other / "data.txt").write_text("21")
    (other / "ps1.ipynb").write_bytes(
        notebook(
            code_cell(
                "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION",
                grade_id="double",
                solution=True,
                locked=False,
            ),
            code_cell(
                "assert double(int(open('data.txt').read())) == 42", grade_id="test", grade=True, locked=True, points=3
            ),
            metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
        )
    )
    for assignment in (NEURON.name, "ps1"):
        code, output = nbgrader(course, "generate_assignment", assignment)
        assert code == 0, output
    with Gradebook(f"sqlite:///{course}/gradebook.db", "any") as gradebook:
        gradebook.update_or_create_assignment(NEURON.name, duedate="2030-01-01 00:00:00")
    release = NEURON.notebook(course / "release").read_text()
    answers = reference_answers(NEURON, COURSE)
    answers["weighted_sum"] = "print('so far so good')\n" + answers["weighted_sum"]
    hand_in(course, "ada", NEURON.name, fill_in(release, answers))
    hand_in(course, "late", NEURON.name, fill_in(release, answers), "2030-01-02 00:00:00")
    wrong = {**answers, "sigmoid": "def sigmoid(z):\n    return 1 / (1 + torch.exp(z))"}
    hand_in(course, "bob", NEURON.name, fill_in(release, wrong))
    mine = json.loads((course / "release" / "ps1" / "ps1.ipynb").read_text())
    mine["cells"][0]["source"] = "def double(x):\n    open('trace.txt', 'w').write('I was here')\n    return x + x"
    hand_in(course, "ada", "ps1", json.dumps(mine))
    mine["cells"][0]["source"] = "def double(x):\n    return open('/etc/hostname').read()"
    hand_in(course, "eve", "ps1", json.dumps(mine))
    for assignment in (NEURON.name, "ps1"):
        code, output = nbgrader(course, "autograde", assignment)
        assert code == 0, output
    code, output = nbgrader(course, "generate_feedback", NEURON.name)
    assert code == 0, output
    return course


def hand_in(course, student, assignment, text, timestamp=None):
    folder = course / "submitted" / student / assignment
    folder.mkdir(parents=True)
    (folder / f"{assignment}.ipynb").write_text(text)
    if timestamp:
        (folder / "timestamp.txt").write_text(timestamp)


@pytest.fixture(scope="module")
def gradebook(course):
    with Gradebook(f"sqlite:///{course}/gradebook.db", "any") as opened:
        yield opened


def autograded(course, student, assignment):
    return nbformat.read(course / "autograded" / student / assignment / f"{assignment}.ipynb", as_version=4)


def cell_of(nb, grade_id):
    (found,) = [cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id]
    return found


def test_lesson_gets_the_points_of_our_suite(gradebook):
    submission = gradebook.find_submission(NEURON.name, "ada")
    assert (submission.score, submission.max_score, submission.needs_manual_grade) == (12, 12, False)


def test_mistake_costs_its_question_and_no_other(gradebook):
    (notebook,) = gradebook.find_submission(NEURON.name, "bob").notebooks
    lost = {grade.name for grade in notebook.grades if grade.auto_score < grade.max_score}
    assert lost == {"sigmoid"}


def test_what_the_student_printed_stands_in_the_autograded_notebook(course):
    nb = autograded(course, "ada", NEURON.name)
    assert cell_of(nb, "weighted_sum-answer").outputs[0].text == "so far so good\n"


def test_graded_cells_hold_panels_and_so_does_the_feedback(course):
    panel = cell_of(autograded(course, "bob", NEURON.name), "sigmoid").outputs[0].data["text/html"]
    sentence = "further test that you cannot see"
    assert sentence in panel
    feedback = (course / "feedback" / "bob" / NEURON.name / f"{NEURON.name}.html").read_text()
    assert sentence in feedback


def test_penalty_for_being_late_is_nbgraders(gradebook):
    submission = gradebook.find_submission(NEURON.name, "late")
    assert (submission.score, submission.late_submission_penalty) == (12, 12)


def test_assignment_that_is_not_ours_is_graded_by_its_own_tests(gradebook):
    assert gradebook.find_submission("ps1", "ada").score == 3


def test_its_files_are_read_and_written_where_nbgrader_has_them(course):
    folder = course / "autograded" / "ada" / "ps1"
    assert (folder / "trace.txt").read_text() == "I was here"
    assert stat.S_IMODE((folder / "ps1.ipynb").stat().st_mode) == 0o444


def test_it_is_run_in_the_sandbox(course, gradebook):
    assert gradebook.find_submission("ps1", "eve").score == 0
    assert gradebook.find_submission("ps1", "eve").needs_manual_grade, "nobody looks at what met the sandbox"
    note, error = cell_of(autograded(course, "eve", "ps1"), "test").outputs
    sentence = "The grading sandbox does not allow this cell to use files outside the notebook's folder."
    assert note.data["text/plain"].startswith(f"{sentence} That is not your mistake.")
    assert error.ename in ("PermissionError", "FileNotFoundError")


def test_use_sandbox_keeps_what_else_is_configured():
    config = Config()
    config.Autograde.autograde_preprocessors = ["mine.Step", "nbgrader.preprocessors.Execute", SaveAutoGrades]
    use_sandbox(config)
    assert config.Autograde.autograde_preprocessors == [
        "mine.Step",
        SandboxedExecute,
        SaveScores,
        AskHuman,
        HarmlessCopy,
        SideBySide,
    ]


def test_use_sandbox_makes_feedback_fit_a_phone_unless_told_otherwise():
    config = Config()
    use_sandbox(config)
    assert config.GenerateFeedback.exporter_class == "autograder.gradebook.feedback.FeedbackPage"
    config.GenerateFeedback.exporter_class = "mine.Page"
    use_sandbox(config)
    assert config.GenerateFeedback.exporter_class == "mine.Page"


def test_use_sandbox_hands_the_course_in():
    config = Config()
    use_sandbox(config)
    assert config.SandboxedExecute.course == config.FeedbackPage.course == COURSE.where
    assert SandboxedExecute(config=config).load_course() is COURSE


@pytest.mark.parametrize(
    ("where", "sentence"),
    [("", "names no course"), ("nowhere:COURSE", "No module named 'nowhere'"), ("os:path", "os:path is no course")],
)
def test_configuration_without_a_course_is_a_sentence(where, sentence):
    with pytest.raises(plugin.NotGraded, match=sentence):
        SandboxedExecute(course=where).load_course()


def test_use_sandbox_replaces_some_steps_adds_the_last_ones_and_leaves_the_others():
    config = Config()
    use_sandbox(config)
    use_sandbox(config)
    assert config.Autograde.autograde_preprocessors[-3:] == [AskHuman, HarmlessCopy, SideBySide]
    del config.Autograde.autograde_preprocessors[-3:]
    ours = {
        Execute: SandboxedExecute,
        DeduplicateIds: ForgivingDeduplicateIds,
        OverwriteCells: ForgivingOverwriteCells,
        SaveAutoGrades: SaveScores,
    }
    for option in ("autograde_preprocessors", "sanitize_preprocessors"):
        stock = getattr(Autograde, option).default()
        assert config.Autograde[option] == [ours.get(step, step) for step in stock]


def test_graded_cell_that_was_copied_counts_once_and_stops_nobody():
    raw = json.loads(NEURON.notebook(COURSE.home / "assignments").read_text())
    (graded,) = [one for one in raw["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == "sigmoid"]
    raw["cells"].insert(0, {**graded, "id": "copy"})
    nb, _ = ForgivingDeduplicateIds().preprocess(nbformat.from_dict(raw), {})
    assert "nbgrader" not in nb.cells[0].metadata
    assert cell_of(nb, "sigmoid").id == graded["id"]
    CheckCellMetadata().preprocess(nb, {})


def test_cell_of_another_assignment_becomes_an_ordinary_one():
    """nbgrader's own step leaves half of its metadata, and the next fails with KeyError: 'grade_id'."""
    raw = json.loads(NEURON.notebook(COURSE.home / "assignments").read_text())
    raw["cells"] = [one for one in raw["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == "sigmoid"]

    class Empty:
        def find_source_cell(self, *_):
            raise MissingEntry

        find_graded_cell = find_source_cell

    for step, is_left in ((OverwriteCells(), True), (ForgivingOverwriteCells(), False)):
        step.gradebook, step.notebook_id, step.assignment_id = Empty(), "x", "x"
        (cell,) = nbformat.from_dict(raw).cells
        step.preprocess_cell(cell, {"nbgrader": {"notebook": "x", "assignment": "x", "student": "x"}}, 0)
        assert ("nbgrader" in cell.metadata) == is_left


def test_answer_that_is_signed_by_somebody_else_is_told(tested, caplog):
    questions = tuple(question_result(one.name, (tested("passed", signed="ada"),)) for one in NEURON.questions)

    class Step(SandboxedExecute):
        log = logging.getLogger("test")

        def run_notebook(self, planned, resources):
            return NotebookRun(questions, {}, (), (), {}, 0.1)

    for student in ("ada", "ben"):
        nb = nbformat.read(NEURON.notebook(COURSE.home / "assignments"), as_version=4)
        Step(course=COURSE.where).preprocess(nb, {"nbgrader": {"notebook": NEURON.name, "student": student}})
    assert [record.message for record in caplog.records] == [
        f"`{one.name}` is signed 'ada', and was handed in by 'ben': the evidence was not the student's own."
        for one in NEURON.questions
    ]


def spec_of(monkeypatch, *argv, language="python", env=None):
    spec = type("Spec", (), {"language": language, "argv": argv, "env": env or {}})
    monkeypatch.setattr(plugin.KernelSpecManager, "get_kernel_spec", lambda self, name: spec)


def test_kernel_of_another_language_is_refused(monkeypatch):
    spec_of(monkeypatch, "R", "--slave", language="R")
    with pytest.raises(plugin.NotGraded, match="needs the kernel 'ir'"):
        plugin.kernel_environment("ir")


def test_kernel_of_another_python_is_refused(monkeypatch):
    spec_of(monkeypatch, "/opt/other/bin/python", "-m", "ipykernel_launcher")
    with pytest.raises(plugin.NotGraded, match="'theirs' runs the Python /opt/other/bin/python, and the grader"):
        plugin.kernel_environment("theirs")


def test_environment_of_a_kernel_is_the_notebook_s(monkeypatch):
    spec_of(monkeypatch, sys.executable, "-m", "ipykernel_launcher", env={"DATA": "here"})
    assert plugin.kernel_environment("mine") == {"DATA": "here"}
