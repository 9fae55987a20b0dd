"""The probe: small graded cells, each using one capability of a notebook, run by stock nbgrader and by us.

``python tests/probe/probe.py`` prints the cells whose score or outputs differ, beside what `known.json` says of them.
With ``--write`` it also writes them there, the reasons kept; with ``--json`` its last line has them all. With
``--allowed`` ours may do what `ALLOWED` says. The files that end in ``.ipy`` hold the cells. What is compared is what
nbgrader's step `Execute` leaves in a notebook, before anything of it is made fit to be shown.
"""

import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbgrader.preprocessors import Execute
from nbgrader.utils import determine_grade
from traitlets.config import Config

from autograder.gradebook.plugin import SandboxedExecute
from autograder.plugin import use_sandbox

HERE = Path(__file__).parent
KNOWN = HERE / "known.json"
#: Seconds that a cell may take, by the file that it stands in.
TIMEOUTS = {"cells": 30, "slow": 2}

#: What the cells need whose known difference is a permission.
ALLOWED = {"programs": ["*"], "processes": True, "hosts": ["localhost"], "folders": ["/proc", "/etc/hostname"]}

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
#: What differs from run to run, and what stands for it.
_VOLATILE = (
    (re.compile(r"0x[0-9a-fA-F]{4,}"), "0x…"),
    (re.compile(r"ipykernel_\d+/\d+\.py"), "ipykernel_N/N.py"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "<id>"),
    (re.compile(r"\(\d+\.py, line"), "(N.py, line"),
    (re.compile(r"\d+(\.\d+)?(e[+-]\d+)? (ns|µs|μs|us|ms|s)\b"), "<time>"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+"), "<now>"),
    (re.compile(r"(/[\w.+-]+)*/bash_\S+"), "<path>"),
)


class CellOutcome(NamedTuple):
    """What a run has made of one graded cell: its score, and its outputs without what differs from run to run."""

    score: float
    outputs: list[Any]


def cells(part: str) -> dict[str, str]:
    """The cells of one file, by name."""
    _, *pieces = re.split(r"^# %% (\w+)\n", (HERE / f"{part}.ipy").read_text(), flags=re.MULTILINE)
    names = pieces[::2]
    assert len(names) == len(set(names)), "two cells have one name"
    return dict(zip(names, (source.rstrip("\n") for source in pieces[1::2]), strict=True))


def notebook(part: str) -> Any:
    """The notebook that they make, each cell worth more than any number that one of them shows."""
    kernel = {"name": "probe", "language": "python", "display_name": "Probe"}
    made = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
    for name, source in cells(part).items():
        mark = {"grade_id": name, "grade": True, "solution": False, "locked": True, "task": False}
        metadata = {"nbgrader": {**mark, "schema_version": 3, "cell_type": "code", "points": 10**18}}
        made.cells.append(nbformat.v4.new_code_cell(source, metadata=metadata, id=name.replace("_", "-")[:64]))
    return made


def run(part: str, folder: Path, *, stock: bool, allowed: bool = False) -> dict[str, CellOutcome]:
    """Run the notebook in an empty folder, as nbgrader would, and tell what has become of each cell."""
    place = folder / "autograded" / "student" / "probe"
    shutil.copytree(HERE / "beside", place)
    made = notebook(part)
    nbformat.write(made, place / "probe.ipynb")
    _install_kernel(folder / "jupyter")
    config = Config()
    config.Execute.timeout = TIMEOUTS[part]
    use_sandbox(config)
    config.Sandbox.update(ALLOWED if allowed else {})
    step = Execute(config=config) if stock else SandboxedExecute(config=config)
    step.enabled = True
    resources = {
        "metadata": {"path": str(place)},
        "nbgrader": {"notebook": "probe", "assignment": "probe", "student": "student"},
    }
    made, _ = step.preprocess(made, resources)
    return {
        cell.metadata.nbgrader.grade_id: CellOutcome(
            float(determine_grade(cell)[0]), [_steady(output, place) for output in _merged(cell.outputs)]
        )
        for cell in made.cells
    }


def differences(stock: dict[str, CellOutcome], ours: dict[str, CellOutcome]) -> dict[str, str]:
    """What differs, by the cell's name: ``score``, or ``outputs`` alone."""
    return {
        name: "score" if stock[name].score != ours[name].score else "outputs"
        for name in stock
        if stock[name] != ours[name]
    }


def known() -> dict[str, dict[str, list[str]]]:
    """The differences that there are, by file and cell: what differs, and why."""
    found: dict[str, dict[str, list[str]]] = json.loads(KNOWN.read_text())
    return found


def _install_kernel(data: Path) -> None:
    """A kernel of this Python, with an environment of its own."""
    place = data / "kernels" / "probe"
    place.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Probe", "language": "python", "env": {"PROBE_KERNELSPEC": "yes"}}
    (place / "kernel.json").write_text(json.dumps(spec))
    os.environ.update(JUPYTER_PATH=str(data), NBGRADER_EXECUTION="autograde")


def _merged(outputs: list[Any]) -> list[dict[str, Any]]:
    """The outputs without what the clock decides: where one stream is cut in two, and which line is interrupted."""
    found: list[dict[str, Any]] = []
    for output in outputs:
        output = json.loads(json.dumps(output))
        if output.get("ename") == "KeyboardInterrupt":
            del output["traceback"][:-1]
        last = found[-1] if found else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            last["text"] += output["text"]
        else:
            found.append(output)
    return found


def _steady(value: Any, place: Path) -> Any:
    if isinstance(value, dict):
        return {key: _steady(one, place) for key, one in value.items() if key != "execution_count"}
    if isinstance(value, list):
        return [_steady(one, place) for one in value]
    if not isinstance(value, str):
        return value
    text = _ANSI.sub("", value).replace(str(place), "<folder>").replace("/home/student/probe", "<folder>")
    text = text.replace(f"{Path.home()}/", "~/")
    for pattern, sign in _VOLATILE:
        text = pattern.sub(sign, text)
    return text


def _main() -> None:
    noted = known()
    for part in [name for name in sys.argv[1:] if name in TIMEOUTS] or TIMEOUTS:
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
            stock = run(part, Path(one), stock=True)
            ours = run(part, Path(other), stock=False, allowed="--allowed" in sys.argv)
        before, found = noted.get(part, {}), differences(stock, ours)
        noted[part] = {name: [what, before.get(name, ["", "not mended yet"])[1]] for name, what in found.items()}
        for name, (what, why) in noted[part].items():
            print(f"{part} {name}: {what} ({why})")
            print("    stock", stock[name].score, json.dumps(stock[name].outputs, ensure_ascii=False)[:700])
            print("    ours ", ours[name].score, json.dumps(ours[name].outputs, ensure_ascii=False)[:700])
        print(f"{part}: {len(stock)} cells, {len(found)} differ, {list(found.values()).count('score')} in their score")
        print(f"{part}: known and gone: {sorted(set(before) - set(found))}")
    if "--json" in sys.argv:
        print(
            json.dumps({part: {name: what for name, (what, _) in of_part.items()} for part, of_part in noted.items()})
        )
    if "--write" in sys.argv:
        KNOWN.write_text(json.dumps(noted, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    _main()
