"""The documents, followed to the letter in a clone: commands are run as they stand, files changed as they say."""

import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import click
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderApp

from autograder.cli import main
from autograder.course.contents import COURSE
from autograder.instructor.demo.pretend_class import fill_in, reference_answers

HOME = COURSE.home
STUDENT = HOME / "docs" / "student.md"
INSTRUCTOR = HOME / "docs" / "instructor.md"
CONTRIBUTING = HOME / "CONTRIBUTING.md"
#: Those of docs/cluster.md are run in tests/grading/test_cluster.py.
DOCUMENTS = [HOME / "README.md", CONTRIBUTING, *sorted((HOME / "docs").glob("*.md"))]
#: The part of docs/instructor.md that makes a lesson.
TEN_STEPS = "## A lesson of your own, in ten steps"

#: Commands that are not run here a second time, and what runs them.
ELSEWHERE = {
    "make test": "runs this",
    "make quick": "a part of make test",
    "make demo": "its 24 submissions are graded in test_same_marks.py",
    "make lint": "make test begins with it",
    ".venv/bin/python tests/course/confusion.py": "tests/course/test_confusion.py runs what it counts first",
    "python3 -m venv .venv": "the clone is given the environment of whoever runs this",
    ".venv/bin/pip install -r requirements.txt": "the same",
    ".venv/bin/jupyter lab": "test_browser.py",
    "autograder collect submissions.zip --roster worksheet.csv": "tests/instructor/collect/test_collect.py",
}

NEURON = COURSE.find_lesson("1-neuron")


def commands(text):
    """The commands of a document's console blocks, in order."""
    blocks = re.findall(r"^ *```console\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    return [line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines()]


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """This repository as it lies here, committed."""
    place = tmp_path_factory.mktemp("origin") / "repository"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=HOME,
        capture_output=True,
        check=True,
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (HOME / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(HOME / name, place / name)
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"]
    for arguments in (["init", "-q"], ["add", "-A", "-f"], ["commit", "-q", "-m", "All of it"]):
        subprocess.run([*git, *arguments], cwd=place, check=True, capture_output=True)
    return place


def give_environment(clone):
    """Make `.venv` there: what is installed here, with the clone's package in place of ours."""
    venv = clone / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    inside = Path(sysconfig.get_path("purelib", vars={"base": str(venv)}))
    installed = sysconfig.get_path("purelib")
    (inside / "course.pth").write_text(f"{clone}\nimport site; site.addsitedir({installed!r})\n")
    for script in Path(sysconfig.get_path("scripts")).iterdir():
        mine = venv / "bin" / script.name
        if not script.is_file() or mine.exists():
            continue
        first, _, rest = script.read_bytes().partition(b"\n")
        if first.startswith(b"#!") and b"python" in first:
            mine.write_bytes(f"#!{venv}/bin/python\n".encode() + rest)
            mine.chmod(0o755)
        else:
            mine.symlink_to(script)
    for data in ("share", "etc"):  # Jupyter's templates, kernels and settings
        (venv / data).symlink_to(Path(sysconfig.get_path("data")) / data)
    (venv / "installed").touch()


@pytest.fixture
def terminal(tmp_path):
    """``terminal(folder, commands)`` runs them in one shell and returns what they print; one that fails ends it."""

    def run(folder, lines, **variables):
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        own = {"HOME": str(home), "OMP_NUM_THREADS": "1", "LANG": "C.UTF-8", "COLUMNS": "120"}
        done = subprocess.run(
            ["bash", "-e", "-x", "-c", "\n".join(lines)],
            cwd=folder,
            env={"PATH": os.environ["PATH"], **own, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, done.stdout[-6000:]
        return done.stdout

    return run


@pytest.fixture
def clone(repository, tmp_path):
    """A clone with an environment, and a git history."""
    place = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", repository, place], check=True, capture_output=True)
    give_environment(place)
    return place


# --- for instructors


def test_instructor_gets_from_a_clone_to_exported_marks(soak, repository, terminal, tmp_path, monkeypatch):
    """Every command of docs/instructor.md, with two students of whom one answers and one does not."""
    lines = commands(INSTRUCTOR.read_text().partition(TEN_STEPS)[0])
    assert lines[0] == "git clone REPOSITORY neurons"
    exchange, settings, desk = tmp_path / "exchange", tmp_path / "jupyter", tmp_path / "desk"
    for folder in (exchange, settings, desk):
        folder.mkdir()
    exchange.chmod(0o777)
    (settings / "nbgrader_config.py").write_text(f"c = get_config()\nc.Exchange.root = {str(exchange)!r}\n")
    roster = "id,first_name,last_name,email\nada,Ada,L.,ada@example.org\ngrace,Grace,H.,grace@example.org\n"
    (desk / "students.csv").write_text(roster)
    meanwhile = {
        "git clone REPOSITORY neurons": [f"{sys.executable} {__file__} environment neurons", "cp students.csv neurons"],
        "nbgrader release_assignment 1-neuron": [f"{sys.executable} {__file__} submit {exchange}"],
    }
    script = []
    for line in lines:
        if line not in ELSEWHERE and not line.startswith("make lessons"):  # which CONTRIBUTING.md has too
            script += [line.replace("REPOSITORY", str(repository)), *meanwhile.get(line, ())]
    terminal(desk, script, JUPYTER_CONFIG_DIR=str(settings))

    course = desk / "neurons"
    assert (course / "dist" / "1-neuron.zip").exists()
    with Gradebook(f"sqlite:///{course}/gradebook.db", "neurons-to-network") as gradebook:
        marks = {one.student.id: one.score for one in gradebook.assignment_submissions("1-neuron")}
    assert marks == {"ada": 12.0, "grace": 0.0}
    assert "Ada" in (course / "canvas.csv").read_text(encoding="utf-8-sig")
    assert "ada@example.org" in (course / "moodle.csv").read_text(encoding="utf-8-sig")
    for made in ("report/index.html", "similar.html", "gradescope-1-neuron.zip", "github-1-neuron"):
        assert (course / made).exists(), made
    pages = list(exchange.glob("neurons-to-network/feedback/*.html"))
    assert len(pages) == 2


def submit(exchange):
    """What two students hand in, as nbgrader's exchange keeps it."""
    released = exchange / "neurons-to-network" / "outbound" / NEURON.name / f"{NEURON.name}.ipynb"
    answered = fill_in(released.read_text(), reference_answers(NEURON, COURSE))
    when = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
    for student, text in (("ada", answered), ("grace", released.read_text())):
        place = exchange / "neurons-to-network" / "inbound" / f"{student}+{NEURON.name}+{when}+0123456789"
        place.mkdir(parents=True)
        (place / f"{NEURON.name}.ipynb").write_text(text)
        (place / "timestamp.txt").write_text(when)
        (place / "submission_secret.txt").write_text(f"a secret of {student}")


# --- for students


def test_student_s_commands(soak, clone, terminal, tmp_path):
    """Every command of docs/student.md, in a folder with two lessons."""
    desk = tmp_path / "desk"
    desk.mkdir()
    (desk / ".venv").symlink_to(clone / ".venv")
    for name in ("1-neuron", "4-network"):
        lesson = COURSE.find_lesson(name)
        text = lesson.notebook(HOME / "assignments").read_text()
        (desk / f"{name}.ipynb").write_text(fill_in(text, {"softmax": "def softmax(z):\n    return z.softmax(dim=0)"}))
    printed = terminal(desk, [line for line in commands(STUDENT.read_text()) if line not in ELSEWHERE])
    assert "Not attempted yet" in printed
    assert "0 of 9 questions done" in printed


# --- for whoever works on it

#: Sentences of CONTRIBUTING.md that say where the block below them goes.
PLACES = {
    r"At the end of\s`([^`]+)`[^`]*:$": lambda path, block: path.write_text(path.read_text() + block),
    r"In `([^`]+)`, below the line `([^`]+)`:$": lambda path, line, block: change(path, line, lambda old: old + block),
    r"In `([^`]+)`, in place of the line `([^`]+)`:$": lambda path, line, block: change(path, line, lambda old: block),
}
NOTEBOOK = Path("source/4-network/4-network.ipynb")

#: The lesson that docs/instructor.md copies and the one that it makes of it: their questions, and the tests' classes.
COPIED = COURSE.lessons[0]
NEW = {
    "count_parameters": "count_numbers",
    "CountParameters": "CountNumbers",
    "exactly_one": "one_of_two",
    "ExactlyOne": "OneOfTwo",
    "colleague_counts": "colleague_adds",
    "ColleagueCounts": "ColleagueAdds",
    "how_many_right": "how_many_read",
    "HowManyRight": "HowManyRead",
}

#: The tests that a new misconception, question or lesson can make fail, without those of the whole course that run for
#: minutes. `make test` runs them all.
CONCERNED = (
    "tests/course/test_lessons.py",
    "tests/course/test_prose.py",
    "tests/course/test_right_answers.py",
    "tests/student/test_hint.py",
)


def test_contributor_adds_a_misconception_a_question_and_a_lesson(soak, clone, terminal):
    """Everything that CONTRIBUTING.md says, and the ten steps of docs/instructor.md, done in one clone."""
    lines = [*recipes_followed(clone, terminal), *ten_steps_followed(clone, terminal)]
    lines = list(dict.fromkeys(line for line in lines if line not in ELSEWHERE))
    # Both recipes format, make a lesson, look at all mutants and test: each once, in this order.
    order = ("ruff format", "make lessons LESSON=", "mutants.py", "goals.py", "grade", "pytest")
    lines.sort(key=lambda line: next(place for place, word in enumerate(order) if word in line))
    assert sum("make lessons" in line for line in lines) == 2
    printed = terminal(clone, lines)
    assert re.search(r"4-network *│ 20 of 20", printed)

    # `make test`, as far as what is new can go wrong in it.
    name = f"{len(COURSE.lessons)}-counting"
    ruff = [".venv/bin/ruff check .", ".venv/bin/ruff format --check ."]
    terminal(clone, [*ruff, f".venv/bin/python -m pytest -q {' '.join(CONCERNED)}"])
    mutants = json.loads((clone / "tests/course/mutants.json").read_text())
    assert {"confidence", "count_numbers"} <= set(mutants)
    terminal(clone, [f".venv/bin/python -m pytest -q tests/instructor/test_build.py -k '{name} or 4-network'"])
    printed = terminal(clone, [f".venv/bin/autograder grade assignments solutions --assignment {name}"])
    assert re.search(rf"assignments *│ {name} *│ 0 of 16 *│ ○", printed)
    assert re.search(rf"solutions *│ {name} *│ 16 of 16 *│ ✓", printed)
    for lesson, answers, sentence in (
        (
            "4-network",
            {"confidence": "def confidence(probs):\n    return probs.argmax(dim=1)"},
            "These are places",
        ),
        (name, {"count_numbers": "def count_numbers(sizes):\n    return sum(sizes)"}, "You added up the sizes, which"),
    ):
        text = (clone / "assignments" / lesson / f"{lesson}.ipynb").read_text()
        (clone / f"{lesson}.ipynb").write_text(fill_in(text, answers))
        assert sentence in " ".join(terminal(clone, [f".venv/bin/autograder check {lesson}.ipynb"]).split())


def recipes_followed(clone, terminal):
    """Run what stands above the first recipe, change the files as CONTRIBUTING.md says, return the other commands."""
    above, _, text = CONTRIBUTING.read_text().partition("### … add a misconception")
    terminal(clone, [line for line in commands(above) if line not in ELSEWHERE])
    cells, changed = [], 0
    for before, kind, block in re.findall(r"((?:^[^\n]+\n)+)\n^```(\w+)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        sentence = " ".join(before.split())
        cell = re.search(r"(Text|Answer|Graded), with the id `([\w-]+)`(?:, (\d+) points)?:$", sentence)
        if kind == "console":
            continue
        if cell:
            cells.append(as_cell(*cell.groups(), block.removesuffix("\n")))
            continue
        for pattern, put in PLACES.items():
            if found := re.search(pattern, sentence):
                put(clone / found[1], *found.groups()[1:], block)
                changed += 1
                break
        else:
            pytest.fail(f"CONTRIBUTING.md does not say where this goes:\n{block}")
    assert (len(cells), changed) == (3, 7)
    below = re.search(rf"In `{NOTEBOOK}`, below the cell `([\w-]+)`", text)[1]
    insert(clone / NOTEBOOK, below, cells)
    return commands(text)


def ten_steps_followed(clone, terminal):
    """Copy a lesson as docs/instructor.md says, and change the files that it names; return its other commands.

    The number in it is that of the next lesson on the day on which it was written.
    """
    text = INSTRUCTOR.read_text().partition(TEN_STEPS)[2]
    text = re.sub(r"(?<=[/_ =])\d+(?=[-_]counting)", str(len(COURSE.lessons)), text)
    steps = re.findall(r"^\d+\. (.*?)(?=^\d+\. |\Z)", text, re.MULTILINE | re.DOTALL)
    assert len(steps) == 10
    copying = commands(steps[0])
    terminal(clone, copying)
    named = [clone / found[1] for step in steps[1:7] if (found := re.match(r"`([^`]+)`:", step))]
    assert len(named) == 6
    for path in named:
        changed = path.read_text()
        for old, new in NEW.items():
            changed = changed.replace(old, new)
        path.write_text(changed)
    made = {path for line in copying for path in (clone / line.split()[-1]).rglob("*") if path.is_file()}
    assert {path for path in made if path.name != "__init__.py" and path.suffix in (".py", ".toml")} < set(named)
    return commands("".join(steps[1:]))


def change(path, line, new):
    text = path.read_text()
    (old,) = [one for one in text.splitlines(keepends=True) if one.strip() == line]
    path.write_text(text.replace(old, new(old)))


def as_cell(kind, name, points, source):
    cell = {"cell_type": "markdown" if kind == "Text" else "code", "id": name, "metadata": {}, "source": source}
    if kind == "Text":
        return cell
    graded = kind == "Graded"
    nbgrader = {"grade": graded, "grade_id": name, "locked": graded, "schema_version": 3, "solution": not graded}
    cell["metadata"]["nbgrader"] = {**nbgrader, "task": False} | ({"points": int(points)} if graded else {})
    return {**cell, "execution_count": None, "outputs": []}


def insert(path, below, cells):
    notebook = json.loads(path.read_text())
    place = next(number for number, cell in enumerate(notebook["cells"]) if cell["id"] == below) + 1
    notebook["cells"][place:place] = cells
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")


# --- all of them


def mentioned():
    """Commands of ours that stand anywhere in a document, with the document."""
    for document in DOCUMENTS:
        text = document.read_text()
        spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
        for one in dict.fromkeys([*spans, *commands(text), *re.findall(r"^(make [\w-]+)$", text, re.MULTILINE)]):
            if re.match(r"(\.venv/bin/)?(autograder|nbgrader|make) [\w-]", one):
                yield pytest.param(one.removeprefix(".venv/bin/"), id=f"{document.stem}: {one}")


@pytest.mark.parametrize("command", list(mentioned()))
def test_commands_are_there_with_their_options(command):
    program, *arguments = command.split("#")[0].partition("&&")[0].split()
    arguments = [argument for argument in arguments if argument not in ("…", "...")]
    if program == "make":
        targets = re.findall(r"^([\w-]+):", (HOME / "Makefile").read_text(), re.MULTILINE)
        assert next(one for one in arguments if "=" not in one) in targets
    elif program == "nbgrader":
        assert arguments[0] in NbGraderApp.subcommands
    else:
        group = main
        while isinstance(group, click.Group) and arguments and arguments[0] in group.commands:
            group = group.commands[arguments.pop(0)]
        assert group is not main or not arguments, f"there is no command {arguments}"
        given = [argument for argument in arguments if argument.startswith("--")]
        known = {option for parameter in group.params for option in parameter.opts} | {"--help", "--version"}
        assert set(given) <= known


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_links_lead_somewhere(document):
    for target in re.findall(r"\]\((?!https?:)([^)#\s]+)?(#[\w-]+)?\)", document.read_text()):
        path = document.parent / target[0] if target[0] else document
        assert path.exists(), target
        if target[1]:
            headings = re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE)
            anchors = ["#" + re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings]
            assert target[1] in anchors


if __name__ == "__main__":  # between two commands of a document
    what, place = sys.argv[1:]
    {"environment": give_environment, "submit": submit}[what](Path(place).absolute())
