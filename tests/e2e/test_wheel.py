"""What students install: the wheel, unpacked and used."""

import ast
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.course.contents import COURSE
from autograder.instructor.release import build_wheel
from autograder.judging.misconceptions import misconceptions
from autograder.sandbox import boundary


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built as for a release and unpacked."""
    out = tmp_path_factory.mktemp("wheel")
    zipfile.ZipFile(build_wheel(COURSE, out)).extractall(out / "unpacked")
    return out / "unpacked"


def test_wheel_knows_what_each_wrong_answer_gives_and_what_to_say(wheel):
    for lesson in COURSE.lessons:
        path = inside(wheel, lesson.public) / "misconceptions.json"
        known = json.loads(path.read_text())["known"]
        assert set(known) == {one.id for one in misconceptions(lesson)}
        assert all(one["diagnosis"] and one["pointer"] and one["seen"] for one in known.values())


def test_files_on_the_graders_side_are_not_in_the_wheel_and_all_others_are(wheel):
    """That no line of them is in it either, tests/instructor/release sees to."""
    theirs = set(boundary.files(wheel / "autograder"))
    assert {part for part in theirs if boundary.side_of(part) is boundary.Side.GRADER} == set()
    assert theirs == {part for part in boundary.files() if boundary.side_of(part) is not boundary.Side.GRADER}


def test_no_module_in_the_wheel_needs_nbgrader_or_dask(wheel):
    for path in (wheel / "autograder").rglob("*.py"):
        wanted = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                wanted |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                wanted.add(node.module)
        assert {name.partition(".")[0] for name in wanted}.isdisjoint({"nbgrader", "dask", "distributed"}), path


def test_wheel_carries_data_and_their_licences(wheel):
    for name in ("mnist/train-images-idx3-ubyte.gz", "mnist/README.md", "cells/cells.csv", "cells/README.md"):
        assert (wheel / "autograder" / "course" / "data" / name).exists()


def inside(wheel, folder):
    """Where one of the package's folders lies in the unpacked wheel."""
    return wheel / folder.relative_to(COURSE.home)


@pytest.fixture(scope="module")
def student_python(wheel, tmp_path_factory):
    """A Python that has the wheel and what it needs, and neither this repository nor nbgrader."""
    site = tmp_path_factory.mktemp("student")
    blocked = site / "sitecustomize.py"
    blocked.write_text(
        "import sys\n"
        f"sys.path[:] = [{str(wheel)!r}] + [p for p in sys.path if p.rstrip('/') != {str(COURSE.home)!r}]\n"
        "sys.meta_path[:] = [f for f in sys.meta_path if 'editable' not in repr(f)]\n"
        "sys.modules['nbgrader'] = None\n"
    )

    def run(code):
        return subprocess.run(
            [sys.executable, "-c", code],
            cwd=site,
            env={"PYTHONPATH": str(site), "OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin", "HOME": str(site)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    return run


def test_student_replays_recorded_answers_for_full_marks(student_python, tmp_path):
    """Reference solutions, checked where there are no solutions and no hidden tests."""
    answers = tmp_path / "answers.json"
    from autograder.instructor.demo.pretend_class import reference_answers

    sources = {name: source for lesson in COURSE.lessons for name, source in reference_answers(lesson, COURSE).items()}
    answers.write_text(json.dumps(sources))
    out = student_python(
        "import json, torch, autograder\n"
        "from torch import nn\n"
        "from autograder import check\n"
        "from autograder.data import load_evidence\n"
        f"for source in json.load(open({str(answers)!r})).values(): exec(source)\n"
        "verdicts = {}\n"
        f"for name in {[question.name for _, question in COURSE.questions()]!r}:\n"
        "    verdict = check(name)\n"
        "    result = verdict.result\n"
        "    verdicts[name] = [result.outcome, result.max_score, verdict.points, verdict.further_tests]\n"
        "print(json.dumps([autograder.__file__, verdicts]))\n"
    )
    where, verdicts = json.loads(out)
    assert str(COURSE.home / "autograder") not in where
    for lesson, question in COURSE.questions():
        recorded = json.loads((lesson.public / "answers.json").read_text())
        points, hidden = recorded["points"][question.name], recorded["hidden"][question.name]
        outcome, visible, *worth = verdicts[question.name]
        assert outcome == "passed"
        assert worth == [points if visible else 0.0, hidden]  # a belief is worth something once it is graded


def test_student_sees_an_untouched_stub_as_not_attempted(student_python):
    out = student_python(
        "from autograder import check\n"
        "def softmax(z):\n"
        "    raise NotImplementedError()\n"
        "print(check('softmax').points); print(check('softmax'))\n"
    )
    assert out.splitlines()[:2] == ["0.0", "○ softmax: Not attempted yet (0 of 2.5 points)"]


def test_student_checks_a_whole_notebook(student_python, tmp_path):
    """Where there are no solutions, no hidden tests and no known wrong answers."""
    from autograder.instructor.demo.pretend_class import fill_in, reference_answers

    lesson = COURSE.find_lesson("4-network")
    answers = {**reference_answers(lesson, COURSE), "softmax": "def softmax(z):\n    return torch.softmax(z, dim=0)"}
    notebook = tmp_path / lesson.notebook(tmp_path).name
    notebook.write_text(fill_in(lesson.notebook(COURSE.home / "assignments").read_text(), answers))
    out = student_python(
        "import sys\n"
        "from autograder.cli import main\n"
        f"try: main(['check', {str(notebook)!r}])\n"
        "except SystemExit as end: print('exit code', end.code)\n"
    )
    said = " ".join(out.split())
    assert re.search(r"forward ✓ Correct ([\d.]+) of \1 points", said)
    assert "✗ softmax: Not correct yet" in said
    assert "4 of 5 questions done" in said
    assert said.endswith("exit code 0")


def test_workflow_on_github_counts_the_points_of_visible_tests(student_python, tmp_path):
    """What `autograder export github-classroom` gives students has this wheel and nothing else."""
    from autograder.instructor.demo.pretend_class import fill_in, reference_answers
    from autograder.instructor.exports._grader import FILES

    lesson = COURSE.find_lesson("4-network")
    notebook = tmp_path / f"{lesson.name}.ipynb"
    notebook.write_text(
        fill_in(lesson.notebook(COURSE.home / "assignments").read_text(), reference_answers(lesson, COURSE))
    )
    results, summary = tmp_path / "results.jsonl", tmp_path / "summary.md"
    arguments = ["grade", str(notebook), "--assignment", lesson.name, "--jsonl", str(results)]
    student_python(
        f"from autograder.cli import main\ntry: main({arguments!r})\nexcept SystemExit as end: assert end.code == 0\n"
    )
    out = student_python(
        "import os, runpy, sys\n"
        f"os.environ['GITHUB_STEP_SUMMARY'] = {str(summary)!r}\n"
        f"sys.argv = ['report.py', {str(results)!r}]\n"
        f"runpy.run_path({str(FILES / 'report.py')!r}, run_name='__main__')\n"
    )
    assert out.startswith("::notice title=Autograding complete::Points 10.5/10.5\n")
    assert "| `softmax` | ✅ | 2.5 of 2.5 |" in summary.read_text()


def test_scripts_of_the_widgets_are_in_the_wheel(student_python):
    out = student_python(
        "from autograder import widgets\nprint(widgets.scores_and_shares(lambda z: z.softmax(dim=1)).shown)"
    )
    assert "0.6439" in out


def test_report_of_a_class_is_the_instructors(student_python, tmp_path):
    (tmp_path / "gradebook.db").touch()
    out = student_python(
        "from autograder.cli import main\n"
        "import sys; sys.stderr = sys.stdout\n"
        f"try: main(['report', {str(tmp_path)!r}])\n"
        "except SystemExit as end: print('exit code', end.code)\n"
    )
    assert "A report is made in the instructor's clone" in out
    assert out.endswith("exit code 1\n")


def test_student_gets_hints(student_python):
    out = student_python("from autograder import check, hint\nhint('softmax')\nprint(hint('softmax'))\n")
    assert out.startswith("Hint 2 of 3: softmax\n  1. ")


def test_requirements_of_a_student_are_few(wheel):
    (metadata,) = wheel.glob("*.dist-info/METADATA")
    needed = re.findall(r"^Requires-Dist: ([\w-]+)[^;\n]*$", Path(metadata).read_text(), re.M)
    course = ["torch", "numpy", "matplotlib", "pillow", "pytest", "jupyter", "ipython", "traitlets", "anywidget"]
    assert sorted(needed) == sorted([*course, "msgspec", "click", "rich", "watchfiles", "platformdirs", "tqdm"])
