"""What students install, asked of the package index for every Python and every kind of computer: names and versions
alone, nothing is fetched. With ``RESOLVE=1`` (`make machines`), and the answers go into docs/computers.md.

uv does the asking: unlike pip it answers for another computer as that computer would, markers included.
"""

import datetime
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
PAGE = HOME / "docs" / "computers.md"
START_HERE = HOME / "autograder" / "instructor" / "release" / "start_here.html"

BEGIN, END = "<!-- made by make machines -->\n", "<!-- end -->\n"

#: The first release of each Python that students may have.
PYTHONS = ("3.11.0", "3.12.0", "3.13.0", "3.14.0", "3.15.0")

#: What a student calls the computer, what uv calls it, its oldest macOS, and for which Pythons torch has a wheel.
COMPUTERS = {
    "Windows, Intel or AMD": ("x86_64-pc-windows-msvc", "", PYTHONS),
    "macOS 14 or later, Apple silicon": ("aarch64-apple-darwin", "14.0", PYTHONS),
    "Linux, Intel or AMD": ("x86_64-manylinux_2_28", "", PYTHONS),
    "Linux, Arm": ("aarch64-manylinux_2_28", "", PYTHONS),
    "macOS 13, Apple silicon": ("aarch64-apple-darwin", "13.0", PYTHONS[:-1]),
    "macOS, Intel": ("x86_64-apple-darwin", "14.0", ()),
    "Windows on Arm": ("aarch64-pc-windows-msvc", "", ()),
}

resolving = pytest.mark.skipif("RESOLVE" not in os.environ, reason="asks the package index: make machines")


@resolving
def test_students_requirements_resolve_wherever_torch_has_a_wheel(tmp_path):
    requirements = tmp_path / "requirements.in"
    wanted = tomllib.loads((HOME / "pyproject.toml").read_text())["project"]["dependencies"]
    requirements.write_text("\n".join(wanted))
    found = {
        (computer, python): resolve(requirements, python, platform, macos)
        for computer, (platform, macos, _) in COMPUTERS.items()
        for python in PYTHONS
    }
    write_table(found)
    for (computer, python), (torch, complaint) in found.items():
        assert bool(torch) == (python in COMPUTERS[computer][2]), f"{computer}, Python {python}: {torch or complaint}"
        assert torch or "torch" in complaint, f"{computer}, Python {python}: {complaint}"


def resolve(requirements, python, platform, macos):
    """The version of torch that a student would get, or an empty text and uv's complaint."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--no-config", "--no-python-downloads", "--no-header"]
    command += ["--only-binary", ":all:"]
    command += ["--no-annotate", "--python-version", python, "--python-platform", platform, os.fspath(requirements)]
    environment = {**os.environ, **({"MACOSX_DEPLOYMENT_TARGET": macos} if macos else {})}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)
    if done.returncode:
        return "", " ".join(done.stderr.split())
    (version,) = re.findall(r"^torch==(\S+)$", done.stdout, re.MULTILINE)
    return version, ""


def write_table(found):
    """Put the answers between the page's two marks."""
    names = [python.rpartition(".")[0] for python in PYTHONS]
    lines = ["| | " + " | ".join(f"Python {name}" for name in names) + " |", "|---" * (len(names) + 1) + "|"]
    for computer in COMPUTERS:
        answers = (found[computer, python][0] for python in PYTHONS)
        lines.append(f"| {computer} | " + " | ".join(f"torch {one}" if one else "no torch" for one in answers) + " |")
    lines += ["", f"Asked on {datetime.date.today().isoformat()}."]
    before, begin, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    assert begin, f"{PAGE.name} has no place for the table"
    assert end, f"{PAGE.name} has no place for the table"
    PAGE.write_text(before + begin + "\n".join(lines) + "\n" + end + after, encoding="utf-8")


def test_page_and_start_here_tell_what_was_asked():
    """The table stands in the docs, complete, and the page in each zip names the same Pythons."""
    table = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    rows = {cells[1]: cells[2:-1] for line in table.splitlines() if len(cells := re.split(r" *\| *", line)) > 2}
    assert [name.removeprefix("Python ") + ".0" for name in rows.pop("")] == list(PYTHONS)
    rows.pop("---")
    for computer, (_, _, pythons) in COMPUTERS.items():
        answers = rows.pop(computer)
        assert [answer != "no torch" for answer in answers] == [python in pythons for python in PYTHONS]
    assert not rows
    assert re.search(r"^Asked on 20\d\d-\d\d-\d\d\.$", table, re.MULTILINE)
    oldest, newest = (python.rpartition(".")[0] for python in (PYTHONS[0], PYTHONS[-1]))
    page = START_HERE.read_text(encoding="utf-8")
    assert f"<code>Python {oldest}</code> to <code>Python {newest}</code>" in page
