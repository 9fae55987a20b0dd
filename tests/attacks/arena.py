"""Where hostile submissions are graded: a process with one grader, which reads from standard input whom to grade.

Run by `test_attacks.py`, several side by side. The arena is the grader that the attacks are after, so it has what they
want: secrets in its memory, its environment and files, and a port that nobody should reach. For each attack it
prints one JSON line that says what came of it.

An attack is a file ``<family>/<name>.py``. Its first line says what it tries, and these comments may follow:

    # lesson: 4-network            the lesson it is handed in for
    # answers: softmax forward     the questions answered as the reference solution does; all of them by default
    # deserves: 12                 the points of that honest part; `up to 12` where the attack harms its own work
    # layers: needed               the sandbox's layers decide; `needed, loots without` where it is known to succeed
                                   without them

The rest is one more cell at the end of the notebook. Before everything else in it stands a cell that tells the
attacker more than a student can know (`PREAMBLE`). In the family ``files`` the text is a function ``build(folder,
text, machine)`` instead, which writes the files handed in.
"""

import contextlib
import json
import os
import re
import resource
import secrets
import shutil
import socket
import sys
import tempfile
import threading
import time
import unicodedata
from pathlib import Path
from types import SimpleNamespace

import msgspec

import autograder
from autograder.course.contents import COURSE
from autograder.grading import grader, lesson_run
from autograder.grading.fork_server import surroundings_of
from autograder.grading.submissions import Submission, find_submissions
from autograder.instructor.demo.pretend_class import fill_in, reference_answers
from autograder.judging import _run
from autograder.judging.course import Lesson
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.results import SubmissionResult
from autograder.judging.runner import Suites, with_suites
from autograder.sandbox import LAYERS, Zygote
from autograder.sandbox.outside import worker

ATTACKS = Path(__file__).parent

#: Limits as short as an honest submission allows, since many attacks wait for them.
TEST_SECONDS, CELL_SECONDS, GRACE, PATIENCE = 0.8, 2.0, 0.2, 1.5

PREAMBLE = """
from types import SimpleNamespace

machine = SimpleNamespace(**{known!r})


def loot(text):
    \"\"\"Tell the world what an attack has got hold of.\"\"\"
    raise RuntimeError(f"LOOT {{text}}"[:400])


def open_sockets():
    \"\"\"Descriptors of this process that are sockets: the one to the grader is among them.\"\"\"
    import os, stat

    found = []
    for handle in range(256):
        try:
            if stat.S_ISSOCK(os.fstat(handle).st_mode):
                found.append(handle)
        except OSError:
            pass
    return found


def raw(message):
    \"\"\"Send bytes to the grader.\"\"\"
    import os

    for handle in open_sockets():
        left = message
        try:
            while left:
                left = left[os.write(handle, left) :]
        except OSError:
            pass


def frame(message, *blobs):
    \"\"\"Send a frame to the grader as the wire asks for it.\"\"\"
    import msgspec

    header = msgspec.msgpack.encode(([len(blob) for blob in blobs], message))
    raw(len(header).to_bytes(4, "big") + header + b"".join(blobs))
"""

#: Where an attack might leave a file.
_PLACES = ("/", "/tmp", "/var/tmp", "/dev/shm", "/run", "/etc", "/home", "/usr/lib", "/usr/local/lib")


class Attack:
    """One file of this folder."""

    def __init__(self, name: str):
        self.name = name
        text = (ATTACKS / f"{name}.py").read_text(encoding="utf-8")
        self.headers = dict(re.findall(r"^# (lesson|answers|deserves|layers): (.*)$", text, re.MULTILINE))
        lesson = COURSE.find_lesson(self.headers.get("lesson", "4-network"))
        assert lesson is not None, f"{name} names no lesson of ours"
        self.lesson: Lesson = lesson
        answers = self.headers.get("answers", "all")
        wanted = lesson.functions if answers == "all" else () if answers == "none" else tuple(answers.split())
        self.answers = {key: value for key, value in reference_answers(lesson, COURSE).items() if key in wanted}
        self.source = text

    def hand_in(self, folder: Path, machine: SimpleNamespace) -> Path:
        """Write what this attacker hands in, below `folder`: the folder to grade."""
        place = folder / "submitted" / self.name.replace("/", "-") / self.lesson.name
        place.mkdir(parents=True)
        text = fill_in(self.lesson.notebook(COURSE.home / "assignments").read_text(), self.answers)
        notebook = place / f"{self.lesson.name}.ipynb"
        if self.name.startswith("files/"):
            names: dict = {"__file__": __file__}
            exec(compile(self.source, self.name, "exec"), names)
            names["build"](notebook, text, machine)
        else:
            content = json.loads(text)
            known = {**vars(machine), "cell": len(content["cells"]) + 2}
            content["cells"].insert(0, _code(PREAMBLE.format(known=known)))
            content["cells"].append(_code(self.source))
            notebook.write_text(json.dumps(content))
        return place.parent


def _code(source: str) -> dict:
    return {"cell_type": "code", "id": "attack", "metadata": {}, "source": source, "outputs": []}


class Arena:
    """One grader, its secrets, and what can be seen of it from outside.

    Args:
        folder: for what is handed in, and for secrets.
        bases: the folder in which zygotes get folders of their own.
    """

    def __init__(self, folder: Path, bases: Path):
        self.folder = folder
        self.bases = bases
        self.canaries: dict[str, str] = {}
        self.visitors: list[str] = []
        marker = f"survivor-{os.getpid()}-{secrets.token_hex(4)}"
        os.environ["AUTOGRADER_SECRET"] = self.canary("environment")
        self.secret = f"{self.canary('memory')} is in the grader's memory"
        solutions = folder / "solutions"
        shutil.copytree(COURSE.solutions, solutions)
        for notebook in solutions.rglob("*.ipynb"):
            content = json.loads(notebook.read_text())
            content["metadata"]["canary"] = self.canary("solutions")
            notebook.write_text(json.dumps(content))
        (folder / "gradebook.db").write_text(self.canary("gradebook"))
        other = folder / "submitted" / "honest" / "4-network" / "4-network.ipynb"
        other.parent.mkdir(parents=True)
        content = json.loads((COURSE.solutions / "4-network/4-network.ipynb").read_text())
        content["metadata"]["canary"] = self.canary("other-submission")
        other.write_text(json.dumps(content))
        self.machine = SimpleNamespace(
            marker=marker,
            grader=os.getpid(),
            solutions=str(solutions),
            gradebook=str(folder / "gradebook.db"),
            other=str(other),
            package=str(Path(autograder.__file__).parent),
            home=str(COURSE.home),
            places=[*_PLACES, str(folder), str(COURSE.home), str(Path(autograder.__file__).parent)],
            uid=os.getuid(),
        )
        self._listen()

    def canary(self, kind: str) -> str:
        """A word that nobody can know by chance."""
        return self.canaries.setdefault(kind, f"canary-{kind}-{secrets.token_hex(8)}")

    def fight(self, work, layers: tuple[str, ...]) -> None:
        """Call ``work()`` with suites and zygote ready."""
        course = COURSE.with_solutions(Path(self.machine.solutions))
        references = ReferenceSolutions(course)

        def begin(ready: Suites) -> None:
            with Zygote(surroundings_of(course), layers=layers) as zygote:
                self.grader = grader.Grader(ready, zygote)
                self.confinement = zygote.confinement
                for lesson in course.lessons:  # what is slow the first time would count against short limits
                    references.live(lesson)
                self.grader.grade(self.honest(course.lessons[4]))
                work()

        with_suites(begin, course, references)

    def attack(self, name: str) -> dict:
        """Let one attack be graded, and an honest submission after it."""
        attack = Attack(name)
        place = attack.hand_in(self.folder, self.machine)
        self.visitors.clear()
        before = self._own()
        began = time.perf_counter()
        results = [self.grader.grade(one) for one in find_submissions([place], COURSE)]
        seconds = time.perf_counter() - began
        record = {
            "attack": name,
            "deserves": attack.headers.get("deserves", ""),
            "scores": [result.score for result in results],
            "claims": [_claims(result) for result in results],
            "confinement": [result.confinement for result in results],
            "seconds": round(seconds, 3),
            "leaked": self._leaked(results),
            "size": max((len(msgspec.json.encode(result)) for result in results), default=0),
            "notes": [note[:200] for result in results for note in result.notes],
            "messages": sorted({t.message[-200:] for r in results for q in r.questions for t in q.tests if t.message}),
            "steering": sorted(set(filter(_steers, _words(results)))),
            "visitors": list(self.visitors),
            "zygote_lived": before == self._own(),
            "survivors": self._survivors(),
            "left": self._left(),
        }
        shutil.rmtree(place)
        honest = self.grader.grade(self.honest(attack.lesson))
        record["honest"] = [honest.score, honest.max_score, honest.problem, *honest.notes]
        return record

    def honest(self, lesson: Lesson) -> Submission:
        """The reference solution, handed in."""
        return Submission("honest", lesson.name, lesson.notebook(Path(self.machine.solutions)))

    def usage(self) -> dict:
        """What the grader holds on to."""
        return {
            "descriptors": len(os.listdir("/proc/self/fd")),
            "threads": threading.active_count(),
            "resident": _resident(os.getpid()),
            "resident_in_zygote": max(map(_resident, self._own())),
        }

    def _leaked(self, results: list[SubmissionResult]) -> list[str]:
        """Secrets and boasts that stand in the results."""
        text = b"\n".join(msgspec.json.encode(result) for result in results).decode()
        found = [kind for kind, word in self.canaries.items() if word in text]
        return found + re.findall(r"LOOT[^\"]{0,200}", text)

    def _own(self) -> set[int]:
        """The zygote and whoever stands between it and us, as they are while no submission is open."""
        return {pid for pid, line in _below(os.getpid()).items() if "autograder.sandbox.inside.zygote" in line}

    def _survivors(self) -> list[str]:
        """Processes that belong to no one but a submission that has been graded."""
        found = []
        for _ in range(20):  # what was killed may take a moment to go
            below = _below(os.getpid())
            marked = {pid: line for pid, line in _all() if self.machine.marker in line and pid != os.getpid()}
            own = self._own()
            # One zygote, and the one who waits for it where it lives in namespaces of its own.
            extra = sorted(own)[2 if self.confinement["namespaces"] else 1 :]
            others = [pid for pid in below if pid not in own]
            found = [f"{pid} {below.get(pid, marked.get(pid))}" for pid in (*extra, *others, *marked)]
            if not found:
                break
            time.sleep(0.05)
        return found

    def _left(self) -> list[str]:
        """Files and folders that a submission has left behind."""
        found = [str(path) for path in self.bases.glob("autograder-*/*")]
        for place in self.machine.places:
            found += [str(path) for path in Path(place).glob(f"*{self.machine.marker}*")]
        with contextlib.suppress(OSError):
            found += [
                f"shared memory {row}" for row in Path("/proc/sysvipc/shm").read_text().split("\n") if "5511" in row
            ]
        return found

    def _listen(self) -> None:
        """Open a port, a path and a name that no submission should reach."""
        port = socket.create_server(("127.0.0.1", 0))
        path = socket.socket(socket.AF_UNIX)
        path.bind(str(self.folder / "socket"))
        name = socket.socket(socket.AF_UNIX)
        name.bind(f"\0{self.machine.marker}-name")
        self.machine.port = port.getsockname()[1]
        self.machine.socket = str(self.folder / "socket")
        for server in (port, path, name):
            server.listen()
            threading.Thread(target=self._welcome, args=(server,), daemon=True).start()

    def _welcome(self, server: socket.socket) -> None:
        word = self.canary("network")
        while True:
            visitor, address = server.accept()
            self.visitors.append(str(address))
            with contextlib.suppress(OSError), visitor:
                visitor.sendall(word.encode())


def _words(results: list[SubmissionResult]) -> str:
    """Everything in the results that somebody reads."""
    parts = [part for result in results for part in (result.problem or "", result.student, *result.notes)]
    parts += [test.message for result in results for question in result.questions for test in question.tests]
    return "".join(parts)


def _steers(character: str) -> bool:
    """Whether a character would do something to the reader's terminal."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs"} and character not in "\t\n"


def _claims(result: SubmissionResult) -> list:
    """Everything about a result's points that could contradict itself."""
    tests = [test for question in result.questions for test in question.tests]
    return [result.score, sum(test.earned for test in tests), result.max_score, sum(test.points for test in tests)]


def _resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


def _all() -> list[tuple[int, str]]:
    """Every process of the machine with its command line."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                found.append(
                    (
                        int(entry),
                        Path("/proc", entry, "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"),
                    )
                )
    return found


def _below(root: int) -> dict[int, str]:
    """All descendants of a process that are not yet dead, with their command lines."""
    parents, lines = {}, dict(_all())
    for pid in lines:
        with contextlib.suppress(OSError):
            state, parent, *_ = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            if state != "Z":
                parents[pid] = int(parent)
    found: dict[int, str] = {}
    while new := [pid for pid, parent in parents.items() if pid not in found and (parent == root or parent in found)]:
        found.update({pid: lines[pid] for pid in new})
    return found


def main() -> None:
    """Grade what standard input names: an attack a line, ``repeat <count> <attack>...``."""
    layers = tuple(LAYERS) if sys.argv[1] == "layers" else ()
    _run.DEFAULT_TIME_LIMIT = TEST_SECONDS
    lesson_run.CELL_SECONDS = CELL_SECONDS
    worker.GRACE, worker.PATIENCE = GRACE, PATIENCE
    os.umask(0o022)
    with tempfile.TemporaryDirectory(prefix="arena-") as folder, tempfile.TemporaryDirectory() as bases:
        os.chmod(bases, 0o711)  # whoever runs a worker has to get at the worker's folder
        tempfile.tempdir = bases
        arena = Arena(Path(folder), Path(bases))

        def work() -> None:
            print(json.dumps({"confinement": arena.confinement}), flush=True)
            for line in sys.stdin:
                words = line.split()
                if words[0] == "repeat":
                    answer = _repeat(arena, int(words[1]), words[2:])
                else:
                    answer = arena.attack(words[0])
                print(json.dumps(answer), flush=True)

        arena.fight(work, layers)


def _repeat(arena: Arena, count: int, names: list[str]) -> dict:
    """Grade attacks in turn, `count` submissions in all, and say what the grader held on to on the way."""
    attacks = [Attack(name) for name in names]
    places = [attack.hand_in(arena.folder, arena.machine) for attack in attacks]
    found = [one for place in places for one in find_submissions([place], COURSE)]
    deserved = [float(attack.headers["deserves"]) for attack in attacks]
    usage, wrong = [], []
    for number in range(count):
        submission = found[number % len(found)]
        score = arena.grader.grade(submission).score
        if score != deserved[number % len(found)]:
            wrong.append(f"{submission.student}: {score}")
        if (number + 1) % (count // 20) == 0:
            usage.append(arena.usage())
    honest = arena.grader.grade(arena.honest(attacks[0].lesson))
    for place in places:
        shutil.rmtree(place)
    return {
        "usage": usage,
        "wrong": wrong,
        "survivors": arena._survivors(),
        "left": arena._left(),
        "honest": [honest.score, honest.max_score],
    }


if __name__ == "__main__":
    main()
