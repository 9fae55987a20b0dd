"""A student's way on this machine, from the released zip to a watched notebook, as docs/student.md describes it.

    python tests/journey/student.py dist/1-neuron.zip [--packages-of PYTHON] [pip's options …]

It unpacks the zip into a new folder, installs what is in it, checks a notebook with right answers and one with a wrong
one, and watches one while it is saved. Right answers come from the clone that this file is in; all else comes from
the zip. It needs nothing but Python, and runs on Linux, macOS and Windows alike. Exit code 1: something is not as it
should be; the last lines tell what.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import zipfile
from pathlib import Path

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
WINDOWS = os.name == "nt"
#: Seconds that one command may take; the first import of torch on a small machine takes a minute.
PATIENCE = 300

#: A wrong answer to a question of lesson 1, and what a student must read then.
QUESTION = "sigmoid"
WRONG = f"def {QUESTION}(z):\n    return 1 / (1 + torch.exp(z))"
EXPLANATION = "The sign in the exponent is turned round"


def main() -> None:
    """Go the whole way, or end with a sentence."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kit", type=Path, help="the released zip of lesson 1")
    parser.add_argument(
        "--packages-of", type=Path, metavar="PYTHON", help="install the wheel alone, beside its packages"
    )
    options, for_pip = parser.parse_known_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as desk:
        folder, notebook = unpack(options.kit, Path(desk))
        if options.packages_of:
            borrow(folder, options.packages_of.absolute())
        else:
            install(folder, for_pip)
        where = Path(run(folder, ".venv", "python", "-c", "import autograder; print(autograder.__file__)").strip())
        require(folder.resolve() in where.resolve().parents, "the package is not the one of the zip", str(where))
        walk(folder, notebook)
    print("All as it should be.")


def walk(folder: Path, notebook: Path) -> None:
    """Check what is right, check what is wrong, and watch: untouched first, then right."""
    untouched = notebook.read_text(encoding="utf-8")
    right, questions = answered(untouched, SOLUTIONS / notebook.stem / notebook.name)
    wrong, _ = answered(untouched, SOLUTIONS / notebook.stem / notebook.name, {QUESTION: WRONG})

    notebook.write_text(right, encoding="utf-8")
    text = run(folder, ".venv", "autograder", "check", notebook.name)
    require(text.count("✓ Correct") == questions, "right answers are not all correct", text)
    require(f"{questions} of {questions} questions done" in text, "right answers are not all done", text)

    notebook.write_text(wrong, encoding="utf-8")
    text = run(folder, ".venv", "autograder", "check", notebook.name)
    require(text.count("✓ Correct") == questions - 1, "one wrong answer changes more than its own question", text)
    require(f"{questions - 1} of {questions} questions done" in text, "a wrong answer counts as done", text)
    require(EXPLANATION in " ".join(text.split()), "a known mistake is not explained", text)

    notebook.write_text(untouched, encoding="utf-8")
    watch(folder, notebook, right)


def watch(folder: Path, notebook: Path, right: str) -> None:
    """Start ``check --watch``, save right answers when it has judged the first save, and end it with Ctrl-C."""
    command = [program(folder, "autograder"), "check", "--watch", notebook.name]
    print("$", "autograder check --watch", notebook.name, flush=True)
    with subprocess.Popen(
        command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as process:
        alarm = threading.Timer(PATIENCE, process.kill)
        alarm.start()
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            require(": 0 of " in first and "✓" not in first, "an untouched notebook is not watched as such", first)
            notebook.write_text(right, encoding="utf-8")
            second = process.stdout.readline()
            require("✓" in second and not set("○◐✗!∞") & set(second), "a save is not judged", first + second)
            if WINDOWS:  # where Ctrl-C would end this program too
                return
            process.send_signal(signal.SIGINT)
            rest, code = process.stdout.read(), process.wait()
        finally:
            alarm.cancel()
            process.kill()
    require(code == 0, f"Ctrl-C ends it with {code}", rest)


# --- installing


def unpack(kit: Path, desk: Path) -> tuple[Path, Path]:
    """Unpack the zip; the folder that comes out of it, and the notebook in that."""
    with zipfile.ZipFile(kit) as archive:
        archive.extractall(desk)
    (folder,) = desk.iterdir()
    (notebook,) = folder.glob("*.ipynb")
    return folder, notebook


def install(folder: Path, options: list[str]) -> None:
    """Do as the zip's page tells students: a Python of its own, and everything in ``requirements.txt``."""
    run(folder, None, sys.executable, "-m", "venv", ".venv")
    run(folder, ".venv", "python", "-m", "pip", "install", "--quiet", "-r", "requirements.txt", *options)


def borrow(folder: Path, python: Path) -> None:
    """Install the wheel of the zip, and see to it that it finds the packages that another Python has.

    What that Python has in editable form is not found: that would be the clone, and not what was released.
    """
    place = "import sysconfig; print(sysconfig.get_path('purelib'))"
    run(folder, None, str(python), "-m", "venv", "--without-pip", ".venv")
    (wheel,) = folder.glob("*.whl")
    mine = program(folder, "python")
    run(
        folder, None, str(python), "-m", "pip", "--python", mine, "install", "-q", "--no-deps", "--no-index", str(wheel)
    )
    theirs = run(folder, None, str(python), "-c", place)
    Path(run(folder, ".venv", "python", "-c", place).strip(), "borrowed.pth").write_text(theirs, encoding="utf-8")


# --- notebooks


def answered(released: str, solved: Path, instead: dict[str, str] | None = None) -> tuple[str, int]:
    """A released notebook with the answers of another; some of them replaced.

    Args:
        released: the notebook, as text.
        solved: the notebook with the answers.
        instead: other answers, by question.

    Returns:
        The notebook as text, and how many questions with tests it asks; a person reads what is answered in sentences.
    """
    answers = {cell["id"]: cell["source"] for cell in json.loads(solved.read_text(encoding="utf-8"))["cells"]}
    answers |= {f"{question}-answer": source for question, source in (instead or {}).items()}
    notebook = json.loads(released)
    nbgrader = [(cell, cell["metadata"].get("nbgrader", {})) for cell in notebook["cells"]]
    for cell, kind in nbgrader:
        if kind.get("solution"):
            cell["source"] = answers[cell["id"]]
    return json.dumps(notebook), sum(kind.get("grade", False) and not kind["solution"] for _, kind in nbgrader)


# --- commands


def program(folder: Path, name: str) -> str:
    """The path of a program in the student's Python."""
    return str(folder / ".venv" / (f"Scripts/{name}.exe" if WINDOWS else f"bin/{name}"))


def environment() -> dict[str, str]:
    """Ours without what leads to other packages or other output; what is piped on Windows is UTF-8 as well."""
    dropped = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "FORCE_COLOR")
    return {name: text for name, text in os.environ.items() if name not in dropped} | {"PYTHONIOENCODING": "utf-8"}


def run(folder: Path, venv: str | None, name: str, *arguments: str) -> str:
    """Run a program, of the student's Python if `venv` is given; what it prints. It must end well."""
    print("$", Path(name).name, *arguments, flush=True)
    done = subprocess.run(
        [program(folder, name) if venv else name, *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=None if "pip" in arguments else PATIENCE,
    )
    require(done.returncode == 0, f"it ends with {done.returncode}", done.stdout + done.stderr)
    return done.stdout


def require(is_so: bool, otherwise: str, printed: str) -> None:
    """End with what was printed and a sentence, unless all is well."""
    if not is_so:
        print(printed)
        sys.exit(f"Not as it should be: {otherwise}.")


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    main()
