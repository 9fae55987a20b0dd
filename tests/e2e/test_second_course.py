"""A second, tiny course goes through the whole chain: the engine names no lesson, no question and no neuron.

It lies in `tests/second_course`: another subject, numpy alone, two questions with a misconception each. It is installed
as any package is, into an environment of its own, and never touched.
"""

import csv
import json
import os
import re
import shutil
import site
import subprocess
import sys
import sysconfig
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

COURSE = Path(__file__).parents[1] / "second_course"
LESSON = "1-decay"
RIGHT = {"remaining": "return start * np.exp2(-t / half)", "half_life": "return np.log(2) / rate"}
#: For each student what stands in place of a solution, and the points that it is worth.
CLASS = {
    "ada": (RIGHT, 5.0),
    "ben": ({**RIGHT, "remaining": "return start * (1 - 0.5 * t / half)"}, 3.0),
    "cem": ({**RIGHT, "half_life": "return np.log10(2) / rate"}, 2.0),
    "dia": ({}, 0.0),
    "eva": ({**RIGHT, "half_life": "while True: pass"}, 2.0),
}

CAN_READ = """
def can_read(path):
    try:
        return bool(open(path).read())
    except OSError:
        return False
"""


class Clone:
    """A clone of the course, and a Python in which it is installed."""

    def __init__(self, folder):
        self.folder = folder / "decay-course"
        shutil.copytree(COURSE, self.folder, ignore=shutil.ignore_patterns("__pycache__"))
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
        self.python = folder / "venv" / "bin" / "python"
        libraries = "; ".join(f"site.addsitedir({path!r})" for path in site.getsitepackages())
        relative = Path(sysconfig.get_path("purelib")).relative_to(sys.prefix)
        (folder / "venv" / relative / "decay.pth").write_text(f"import site; {libraries}\n{self.folder}\n")

    def run(self, *words, code=0):
        """Run a module of that Python in the clone; what it printed."""
        done = subprocess.run(
            [self.python, "-m", *map(str, words)],
            cwd=self.folder,
            env={
                **os.environ,
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
                "JUPYTER_PATH": str(Path(sys.prefix) / "share" / "jupyter"),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def clone(soak, tmp_path_factory):
    made = Clone(tmp_path_factory.mktemp("second"))
    made.run("decay", "build")
    return made


def filled_in(path, answers):
    """The released notebook with a student's answers in it."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "").removesuffix("-answer")
        if name in answers and cell.metadata.nbgrader.solution:
            head, _, _ = cell.source.partition("    # YOUR CODE HERE")
            cell.source = f"{head}    {answers[name]}\n"
    return notebook


@pytest.fixture(scope="module")
def graded(clone):
    """The class, handed in and graded in bulk; the results by student."""
    clone.run("nbgrader", "generate_assignment", LESSON, "--force")
    for student, (answers, _) in CLASS.items():
        folder = clone.folder / "submitted" / student / LESSON
        folder.mkdir(parents=True)
        released = clone.folder / "assignments" / LESSON / f"{LESSON}.ipynb"
        nbformat.write(filled_in(released, answers), folder / f"{LESSON}.ipynb")
    clone.run("decay", "grade", ".", "--jsonl", "results.jsonl", "--feedback")
    lines = (clone.folder / "results.jsonl").read_text().splitlines()
    return {result["student"]: result for result in map(json.loads, lines)}


def test_building_derives_contents_and_recordings(clone):
    public = clone.folder / "decay" / "lessons" / "lesson_1_decay"
    contents = json.loads((public / "contents.json").read_text())
    signatures = {"remaining": "remaining(start, half, t)", "half_life": "half_life(rate)"}
    assert contents == {"lesson": LESSON, "questions": signatures}
    assert json.loads((public / "answers.json").read_text())["points"] == {"remaining": 2.0, "half_life": 3.0}
    known = json.loads((public / "misconceptions.json").read_text())["known"]
    assert list(known) == ["remaining/straight_line", "half_life/base_ten"]


def test_released_notebook_has_no_solution(clone):
    text = (clone.folder / "assignments" / LESSON / f"{LESSON}.ipynb").read_text()
    assert "YOUR CODE HERE" in text
    assert "0.5 ** (t / half)" not in text


@pytest.mark.parametrize(("student", "words"), [("ada", "Correct"), ("ben", "took away one half of the first amount")])
def test_notebook_is_checked_in_a_kernel(clone, student, words):
    released = clone.folder / "assignments" / LESSON / f"{LESSON}.ipynb"
    notebook = filled_in(released, CLASS[student][0])
    environment = {**os.environ, "PYTHONPATH": str(clone.folder)}
    NotebookClient(notebook, kernel_name="python3").execute(env=environment)
    cell = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "remaining")
    assert words in cell.outputs[0]["data"]["text/html"]


def test_notebook_is_checked_and_hinted_at_on_the_command_line(clone):
    notebook = filled_in(clone.folder / "assignments" / LESSON / f"{LESSON}.ipynb", CLASS["cem"][0])
    (clone.folder / "mine").mkdir()
    nbformat.write(notebook, clone.folder / "mine" / f"{LESSON}.ipynb")
    printed = clone.run("decay", "check", f"mine/{LESSON}.ipynb")
    assert "logarithm to the base 10" in " ".join(printed.split())
    assert LESSON in clone.run("decay", "progress", "mine")


def test_class_has_its_scores(graded):
    assert {student: result["score"] for student, result in graded.items()} == {
        student: score for student, (_, score) in CLASS.items()
    }
    assert all(result["max_score"] == 5.0 and result["problem"] is None for result in graded.values())


def test_mistakes_are_known(graded):
    found = {
        (student, question["name"]): question["misconception"]
        for student, result in graded.items()
        for question in result["questions"]
        if question["misconception"]
    }
    assert found == {
        ("ben", "remaining"): "remaining/straight_line",
        ("cem", "half_life"): "half_life/base_ten",
    }
    outcomes = {question["name"]: question["outcome"] for question in graded["eva"]["questions"]}
    assert outcomes == {"remaining": "passed", "half_life": "timeout"}


def test_student_code_reads_neither_suites_nor_solutions(clone, graded):
    spy = {
        "remaining": "return start * 0.5 ** (t / half)",
        "half_life": "return np.log(2) / rate + sum(map(can_read, PLACES))",
    }
    notebook = filled_in(clone.folder / "assignments" / LESSON / f"{LESSON}.ipynb", spy)
    private = [clone.folder / "decay" / "lessons", clone.folder / "decay" / "secret", clone.folder / "solutions"]
    found = [str(path) for folder in private for path in folder.rglob("*") if path.is_file()]
    assert len(found) >= 8
    helper = f"PLACES = {found!r}\n{CAN_READ}"
    notebook.cells.insert(2, nbformat.v4.new_code_cell(helper))
    folder = clone.folder / "spies" / "spy" / LESSON
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{LESSON}.ipynb")
    clone.run("decay", "grade", "spies", "--jsonl", "spies.jsonl")
    assert json.loads((clone.folder / "spies.jsonl").read_text())["score"] == 5.0


def test_plug_in_gives_the_same_scores(clone, graded):
    clone.run("nbgrader", "autograde", LESSON, "--force")
    clone.run("nbgrader", "export", "--to", "grades.csv")
    with (clone.folder / "grades.csv").open() as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert scores == {student: score for student, (_, score) in CLASS.items()}


def test_feedback_report_and_exports_are_made(clone, graded):
    page = (clone.folder / "feedback" / "ben" / LESSON / f"{LESSON}.html").read_text()
    assert "took away one half of the first amount" in page
    clone.run("decay", "report", ".")
    report = json.loads(next((clone.folder / "report").glob("*.json")).read_text())
    assert "base_ten" in json.dumps(report)
    for target in ("canvas", "moodle"):
        clone.run("decay", "export", target, ".")
        table = (clone.folder / f"{target}.csv").read_text(encoding="utf-8-sig")
        assert re.search(r"ada\b.*\b5\b", table)
        assert re.search(r"cem\b.*\b2\b", table)
    assert "alike" in clone.run("decay", "similar", ".")


# --- questions whose answers are values, added as docs/understanding.md says

RECIPES = Path(__file__).parents[2] / "docs" / "understanding.md"
BLOCK = re.compile(r"((?:^[^\n]+\n)+)\n^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
#: What another student wrote: right in another style, half right, wrong, malformed, and nothing.
VALUES = {
    "fay": (
        {
            "half_life_examples": '[{"expected": 0.3466, "rate": 2.0}, {"rate": 0.5, "expected": 1.386}]',
            "doubled_rate": '{"should_be": 0.0693, "comes_out": 1, "rate": 10}',
            "about_a_week": "np.float32(0.095)",
            "first_to_go": 'dict([("a fast one", 1.0), ("a slow one", 0.0)])',
            "which_curve": '["Fay", np.array(["FAST" if one[3] < 10 else "SLOW" for one in mine("fay")])]',
        },
        11.0,
    ),
    # The wrong version that only the grader has escapes, and half a belief is no better than none.
    "gus": (
        {
            "half_life_examples": "[(1, 0.693)]",
            "doubled_rate": "(2, 1, 1)",
            "about_a_week": "0.5",
            "first_to_go": '{"a slow one": 0.5, "a fast one": 0.5}',
            # Somebody else's evidence, well read: a person decides.
            "which_curve": '("fay", ["fast" if one[3] < 10 else "slow" for one in mine("fay")])',
        },
        6.0,
    ),
    "hal": (
        {
            "half_life_examples": "7",
            "doubled_rate": "None",
            "about_a_week": "[]",
            "first_to_go": "{}",
            "which_curve": "()",
        },
        0.0,
    ),
}


@pytest.fixture(scope="module")
def extended(soak, tmp_path_factory):
    """A clone to which every recipe was applied as it stands, and the console's commands of the page."""
    made = Clone(tmp_path_factory.mktemp("extended"))
    path = made.folder / "source" / LESSON / f"{LESSON}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for before, kind, block in BLOCK.findall(RECIPES.read_text(encoding="utf-8")):
        sentence = " ".join(before.split())
        cell = re.search(
            r"(Answer|Graded|In sentences|Read-only), with the id `([\w-]+)`"
            r"(?:, (\d+) points| and the tag `([\w-]+)`)?:$",
            sentence,
        )
        place = re.search(r"(At the end of|In) `([^`]+)`(?:, in place of the line `([^`]+)`)?", sentence)
        if cell:
            about = {"grade_id": cell[2], "schema_version": 3, "task": False}
            about |= {"grade": cell[1] in ("Graded", "In sentences"), "solution": cell[1] in ("Answer", "In sentences")}
            about |= {"locked": not about["solution"]}
            about |= {"points": int(cell[3])} if cell[3] else {}
            make = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
            tags = {"tags": [cell[4]]} if cell[4] else {}
            notebook.cells.append(make(block.removesuffix("\n"), metadata={"nbgrader": about, **tags}, id=cell[2]))
        elif kind == "console":
            commands = [line.removeprefix("$ python -m ").split() for line in block.splitlines()]
        else:
            changed = made.folder / place[2]
            text = changed.read_text() if changed.exists() else ""
            assert place[3] is None or text.count(f"{place[3]}\n") == 1
            changed.write_text(text.replace(f"{place[3]}\n", block) if place[3] else text + block)
    nbformat.write(notebook, path)
    printed = [made.run(*command) for command in commands]
    assert "16 of 16" in printed[-1]
    return made


@pytest.fixture(scope="module")
def values(extended):
    """A class that handed in values, graded; and the notebook as it was released."""
    released = extended.folder / "assignments" / LESSON / f"{LESSON}.ipynb"
    for student, (answers, _) in {**VALUES, "ida": ({}, 0.0)}.items():
        notebook = nbformat.read(released, as_version=4)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "").removesuffix("-answer")
            if name in answers and cell.metadata.nbgrader.solution:
                given = [line for line in cell.source.splitlines() if line.startswith("from ")]
                cell.source = "\n".join([*given, f"{name} = {answers[name]}"])
        folder = extended.folder / "work" / student / LESSON
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{LESSON}.ipynb")
    extended.run("decay", "grade", "work", "--jsonl", "values.jsonl")
    lines = (extended.folder / "values.jsonl").read_text().splitlines()
    return {result["student"]: result for result in map(json.loads, lines)}


def test_released_notebook_has_the_name_of_a_value_without_one(extended, values):
    cells = nbformat.read(extended.folder / "assignments" / LESSON / f"{LESSON}.ipynb", as_version=4).cells
    source = next(cell.source for cell in cells if cell.id == "about_a_week-answer")
    assert source.splitlines()[0] == "# A rate whose half-life is between 6 and 8."
    assert source.splitlines()[1].startswith("about_a_week = None  #")
    assert {one["outcome"] for one in values["ida"]["questions"]} == {"not_attempted"}


def test_answer_in_sentences_is_released_empty_and_kept_for_students(extended, values):
    cells = {
        cell.id: cell for cell in nbformat.read(extended.folder / "assignments" / LESSON / f"{LESSON}.ipynb", 4).cells
    }
    assert cells["half_left"].source == "YOUR ANSWER HERE"
    assert cells["half_left"].metadata.nbgrader.points == 0
    contents = json.loads((extended.folder / "decay" / "lessons" / "lesson_1_decay" / "contents.json").read_text())
    assert contents["written"]["half_left"]["looked_for"] == ["a quarter", "each half-life takes half of what is left"]
    assert "half_left" not in {one["name"] for one in values["ida"]["questions"]}


@pytest.mark.parametrize("student", VALUES)
def test_values_have_their_scores(values, student):
    asked = {one["name"]: one for one in values[student]["questions"] if one["name"] in VALUES["hal"][0]}
    assert sum(one["score"] for one in asked.values()) == VALUES[student][1], asked


def test_a_folder_of_another_name_than_the_id_is_flagged(values):
    note = "`which_curve` is signed 'fay', and was handed in by 'gus': the evidence was not the student's own."
    assert note in values["gus"]["notes"]
    assert not any("signed" in note for name in ("fay", "hal", "ida") for note in values[name]["notes"])


def test_what_is_wrong_with_a_value_is_said(values):
    asked = {one["name"]: one for student in ("gus", "hal") for one in values[student]["questions"]}
    said = " ".join(
        test["message"] for student in ("gus", "hal") for one in values[student]["questions"] for test in one["tests"]
    )
    assert asked["doubled_rate"]["outcome"] == "not_attempted"
    for words in (
        "Your examples catch 0 of 1 wrong versions of `half_life`.",
        "One of those that escape is right for a rate of 1 alone.",
        "What should come out there is something else.",
        "The half-life is 1.39.",
        "Your belief costs 0.69; knowing nothing costs 0.69.",
        "Expected a list of examples `[(rate, expected), …]`, got the number 7.",
        "Expected a dict with a share for each of",
    ):
        assert words in said
