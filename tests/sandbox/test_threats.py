"""THREATS.md names a test for each promise. Those tests exist."""

import re
from pathlib import Path

import autograder.sandbox

TEXT = (Path(autograder.sandbox.__file__).parent / "THREATS.md").read_text()
HERE = Path(__file__).parent


def test_named_tests_exist():
    files = "client|confinement|doctor|launch|outputs|permissions|scores|scratch"
    named = set(re.findall(rf"\b({files})::([\w:]+)", TEXT))
    assert len(named) > 15
    for file, name in named:
        (path,) = HERE.rglob(f"test_{file}.py")
        source = path.read_text()
        for part in name.split("::"):
            assert re.search(rf"^\s*(class|def) {part}\b", source, re.MULTILINE), f"test_{file}.py has no {part}"


def test_named_attacks_exist():
    named = set(re.findall(r"`attacks/([\w/]+)`", TEXT))
    families = {path.name for path in (HERE.parent / "attacks").iterdir() if path.is_dir() and path.name[0] not in "_."}
    assert {name.partition("/")[0] for name in named} == families
    for name in named:
        place = HERE.parent / "attacks" / name
        assert place.is_dir() or place.with_suffix(".py").exists(), name


def test_named_files_have_what_is_named_of_them():
    """``attacks/test_doors.py` (test_github_step…, test_names…)``: a file below `tests`, and how names in it begin."""
    named = re.findall(r"`(\w+/test_\w+\.py)`(?: \(([^)]*)\))?", TEXT)
    assert len(named) > 25
    for file, names in named:
        source = (HERE.parent / file).read_text()
        for name in filter(None, re.split(r"[…, ]+", names)):
            assert re.search(rf"^ *def {name}", source, re.MULTILINE), f"{file} has no {name}"


def test_each_promise_names_a_test():
    """The last column of each table that says what a submission cannot do."""
    tables = re.findall(r"^\| A submission cannot \|.*\n\|[-|]+\n((?:\|.*\n)+)", TEXT, re.MULTILINE)
    assert len(tables) == 5
    for row in "".join(tables).splitlines():
        shown_by = row.rstrip("|").rpartition("|")[2]
        assert re.search(r"`[\w/]+", shown_by), row


def test_every_layer_is_spoken_of():
    for name in (*autograder.sandbox.LAYERS, *autograder.sandbox.OUTCOMES):
        assert f"`{name}`" in TEXT
