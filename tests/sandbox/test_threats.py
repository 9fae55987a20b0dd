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


def test_every_layer_is_spoken_of():
    for name in (*autograder.sandbox.LAYERS, *autograder.sandbox.OUTCOMES):
        assert f"`{name}`" in TEXT
