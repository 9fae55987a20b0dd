"""Hostile submissions, one file each: what they earn, learn, leave behind, and do to whoever is graded next.

They are graded by `arena.py`, several side by side. To run one of them: ``pytest tests/attacks -k frames/claims``.
"""

import json
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from autograder.course.contents import COURSE

FOLDER = Path(__file__).parent
ATTACKS = sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.glob("*/*.py"))
TEXTS = {name: (FOLDER / f"{name}.py").read_text() for name in ATTACKS}
HEADERS = {name: dict(re.findall(r"^# (\w+): (.*)$", text, re.MULTILINE)) for name, text in TEXTS.items()}

#: Attacks whose verdict has nothing to do with layers, and that are quick.
WITHOUT_LAYERS = [
    name
    for name in ATTACKS
    if name.split("/")[0] in {"arguments", "changing", "comparisons", "exits", "inspection", "state", "tensors"}
    and "layers" not in HEADERS[name]
    and HEADERS[name].get("lesson") is None
]
LOOTS_WITHOUT_LAYERS = [name for name in ATTACKS if HEADERS[name].get("layers") == "needed, loots without"]

#: A result is a few kilobytes. No submission may swell it to more than this.
MOST_BYTES = 100_000

#: Quick attacks that leave their work unharmed or spoil all of it, for grading very many.
QUICK = """comparisons/equals_everything comparisons/torch_function exits/in_a_cell frames/claims inspection/preloaded
processes/kernel processes/new_namespaces processes/daemon reading/gradebook reading/links state/own_check
state/patches_torch bombs/descriptors tensors/nan reading/suites frames/wrong_lengths arguments/resized
changing/list_that_changes processes/x32""".split()

linux = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")


class Arena:
    """A grader in a process of its own."""

    def __init__(self, mode, become=()):
        command = [sys.executable, str(FOLDER / "arena.py"), mode]
        self._process = subprocess.Popen(
            [*become, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
            env={"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1"},
        )
        self.confinement = self._answer()["confinement"]

    def ask(self, line):
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self):
        self._process.communicate(timeout=60)
        return self._process.returncode

    def _answer(self):
        line = self._process.stdout.readline()
        assert line, f"the grader has ended with code {self._process.wait(60)}"
        return json.loads(line)


def fight(names, mode="layers", side_by_side=2, become=()):
    """What came of these attacks, by name; the text of an exception where the grader did not survive."""
    waiting = queue.SimpleQueue()
    for name in names:
        waiting.put(name)
    records = {}

    def serve():
        arena = Arena(mode, become)
        while True:
            try:
                name = waiting.get_nowait()
            except queue.Empty:
                arena.close()
                return
            try:
                records[name] = arena.ask(name)
            except AssertionError as error:
                records[name] = str(error)
                arena = Arena(mode, become)

    # A grader costs as much to start as ten attacks.
    threads = [threading.Thread(target=serve) for _ in range(min(side_by_side, 1 + len(names) // 20))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return records


def selected(request, fixture):
    """The attacks that this pytest run asks for."""
    chosen = [item for item in request.session.items if fixture in getattr(item, "fixturenames", ())]
    return sorted({item.callspec.params["name"] for item in chosen if hasattr(item, "callspec")})


@pytest.fixture(scope="session")
def fought(request):
    return fight(selected(request, "fought"))


@pytest.fixture(scope="session")
def fought_without_layers(soak, request):
    return fight(selected(request, "fought_without_layers"), "open")


@pytest.fixture(scope="session")
def fought_as_somebody(soak, request, as_user):
    return fight(selected(request, "fought_as_somebody"), "layers", become=as_user(65534))


def assert_deserved(name, record):
    assert isinstance(record, dict), record
    deserves = HEADERS[name]["deserves"]
    (score,) = record["scores"]
    if deserves.startswith("up to"):
        assert score <= float(deserves.removeprefix("up to")), record["messages"]
    else:
        assert score == float(deserves), (record["notes"], record["messages"])
    for score, earned, most, points in record["claims"]:
        assert score == earned <= most == points


def assert_harmless(record):
    assert record["leaked"] == [], "a secret stands in the result"
    assert record["visitors"] == [], "the network was reached"
    assert record["survivors"] == []
    assert record["left"] == []
    assert record["steering"] == [], "a message steers the terminal it is read on"
    assert record["size"] < MOST_BYTES
    assert record["zygote_lived"]
    score, most, problem, *notes = record["honest"]
    assert (problem, notes) == (None, []), "the honest submission afterwards"
    assert score == most > 0


def test_each_attack_says_what_it_tries_and_deserves():
    assert len(ATTACKS) >= 150
    for name, text in TEXTS.items():
        assert re.match(r'"""[A-Z].+\."""\n', text), name
        assert re.fullmatch(r"(up to )?\d+(\.5)?", HEADERS[name]["deserves"]), name


@linux
@pytest.mark.parametrize("name", ATTACKS)
def test_attack_earns_what_it_deserves_and_does_no_harm(name, fought):
    assert_deserved(name, fought[name])
    assert_harmless(fought[name])
    oddities = str(fought[name]["notes"]) + str(fought[name]["messages"])
    assert "NameError" not in oddities, "the attack itself has a slip"


@linux
@pytest.mark.parametrize("name", WITHOUT_LAYERS)
def test_scores_are_the_same_without_layers(name, fought_without_layers):
    record = fought_without_layers[name]
    assert_deserved(name, record)
    assert record["honest"][:2] == [record["honest"][1]] * 2
    assert not any(layer for confinement in record["confinement"] for layer in confinement.values())


@linux
@pytest.mark.parametrize("name", LOOTS_WITHOUT_LAYERS)
def test_attacks_on_layers_are_real(name, fought_without_layers):
    """The same attack that finds nothing gets through where there are no layers."""
    assert fought_without_layers[name]["leaked"] or fought_without_layers[name]["visitors"]


@linux
@pytest.mark.skipif(not shutil.which("setpriv") or os.getuid() != 0, reason="only root can be somebody else")
@pytest.mark.parametrize("name", ATTACKS)
def test_scores_are_the_same_as_an_ordinary_user(name, fought_as_somebody):
    assert_deserved(name, fought_as_somebody[name])
    assert_harmless(fought_as_somebody[name])


@linux
def test_grader_does_not_grow_over_many_hostile_submissions(soak, few):
    arena = Arena("layers")
    answer = arena.ask(f"repeat {len(few(range(1000), 40))} {' '.join(QUICK)}")
    assert arena.close() == 0
    assert answer["wrong"] == answer["survivors"] == answer["left"] == []
    assert answer["honest"] == [18, 18]
    # What is kept for good, recorded answers for example, is read when it is first needed: in the first half.
    half, late = answer["usage"][9], answer["usage"][-1]
    assert late["descriptors"] == half["descriptors"]
    assert late["threads"] == half["threads"]
    assert late["resident"] - half["resident"] < 4 * 2**20
    assert late["resident_in_zygote"] - half["resident_in_zygote"] < 8 * 2**20


@linux
def test_modules_beside_the_notebook_are_not_imported(tmp_path):
    """Graded from within the submission's own folder, where torch.py and its like lie in wait."""
    place = tmp_path / "student" / "4-network"
    place.mkdir(parents=True)
    (place / "4-network.ipynb").write_bytes((COURSE.solutions / "4-network" / "4-network.ipynb").read_bytes())
    for module in (
        "torch",
        "autograder",
        "conftest",
        "sitecustomize",
        "multiprocessing",
        "pickle",
        "msgspec",
        "struct",
    ):
        (place / f"{module}.py").write_text("import os\nopen('imported', 'w').close()\nos._exit(3)\n")
    # The same as the installed command, which lies in a folder of its own too.
    command = tmp_path / "command"
    command.write_text("from autograder.cli.main import main\nif __name__ == '__main__':\n    main()\n")
    done = subprocess.run(
        [sys.executable, str(command), "grade", ".", "--workers", "2"],
        cwd=place,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert not (place / "imported").exists(), done.stderr
    assert done.returncode == 0, done.stderr
