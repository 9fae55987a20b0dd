"""The notebooks in a real browser: JupyterLab and Notebook 7 in Chromium, used as a student uses them.

What the browser saw is kept in `test-artefacts/`.
"""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from playwright.sync_api import expect

from autograder.course.contents import COURSE

SEEN = COURSE.home / "test-artefacts"
# Every cell is on the page, also those further down; no question about news lies on top.
SETTINGS = {
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
WIDTH, HEIGHT = 1100, 1000


@pytest.fixture(scope="module")
def student(tmp_path_factory):
    """A student's folder: the lessons as released, and settings of their own."""
    home = tmp_path_factory.mktemp("student")
    for lesson in COURSE.lessons:
        shutil.copy(lesson.notebook(COURSE.home / "assignments"), home)
    for plugin, settings in SETTINGS.items():
        path = home / ".settings" / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))
    return home


@pytest.fixture(scope="module")
def server(student):
    """The address of a Jupyter server in that folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    apart = {
        name: str(student / f".{name.lower()}") for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")
    }
    with open(student / ".log", "w") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"),
                *(f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token="),
                *("--LabApp.expose_app_in_browser=True", "--JupyterNotebookApp.expose_app_in_browser=True"),
                f"--ServerApp.root_dir={student}",
            ],
            env=os.environ | apart | {"JUPYTERLAB_SETTINGS_DIR": str(student / ".settings")},
            stdout=log,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(lambda: _answers(f"{address}/api"), seconds=180)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextlib.contextmanager
def _page(browser, server):
    """A page that asks nobody but the server for anything."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    page.close()
    assert asked
    assert not [url for url in asked if not url.startswith((server, server.replace("http", "ws"), "data:", "blob:"))]


@pytest.fixture(scope="module")
def lab(browser, server):
    """JupyterLab, with nothing open yet, and no error in its scripts until the end."""
    with _page(browser, server) as page:
        errors = []
        page.on("pageerror", lambda error: errors.append(error.stack))
        page.goto(f"{server}/lab?reset")
        page.wait_for_function("window.jupyterapp?.restored.then(() => true)")
        page.evaluate("void jupyterapp.commands.execute('application:toggle-left-area')")
        yield page
        assert not errors


# What a student does


@contextlib.contextmanager
def _open(page, name):
    """Open a notebook in JupyterLab, and wait until its kernel is there; in the end stop it and close it."""
    page.evaluate("path => void jupyterapp.commands.execute('docmanager:open', {path})", name)
    page.wait_for_function(
        """path => {
            const panel = jupyterapp.shell.currentWidget;
            return panel?.context?.path === path && panel.context.isReady
                && panel.sessionContext.session?.kernel?.status === 'idle';
        }""",
        arg=name,
    )
    try:
        yield
    except BaseException:
        page.screenshot(path=SEEN / f"{name}-went-wrong.png")
        raise
    finally:
        page.evaluate(
            """() => {
                const panel = jupyterapp.shell.currentWidget;
                panel.context.model.dirty = false;
                void panel.sessionContext.shutdown();
                panel.close();
            }"""
        )


def _run_all(page):
    """Run all cells, and wait for the last."""
    page.evaluate(
        """() => {
            window.finished = null;
            jupyterapp.commands.execute('notebook:run-all-cells').then(
                () => (window.finished = 'finished'), error => (window.finished = String(error)));
        }"""
    )
    page.wait_for_function("window.finished", timeout=180_000)
    assert page.evaluate("window.finished") == "finished"


def _run(page, name):
    """Click into a cell and press Shift and Enter; its old output goes first."""
    _cell(page, name).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")


def _cell(page, name):
    """The cell of that id, as it stands on the page."""
    place = page.evaluate(
        "id => jupyterapp.shell.currentWidget.content.widgets.findIndex(cell => cell.model.id === id)", name
    )
    assert place >= 0, f"there is no cell {name}"
    return page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell").nth(place)


def _type(page, name, source):
    """Click into a cell, select what is there, and type something else."""
    _cell(page, name).locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(source)


def _draw(pad, page, *places):
    """Draw one stroke with the mouse, through places given in shares of the pad's side."""
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    across = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    page.mouse.move(*across[0])
    page.mouse.down()
    for place in across[1:]:
        page.mouse.move(*place, steps=12)
    page.mouse.up()


def _keep(page, name):
    """A picture of the whole notebook, as far down as it goes."""
    notebook = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer")
    tall = notebook.evaluate("element => element.scrollHeight")
    page.set_viewport_size({"width": WIDTH, "height": min(tall + 150, 16_000)})
    notebook.evaluate("element => (element.scrollTop = 0)")
    page.screenshot(path=SEEN / f"{name}.png")
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})


def _written(lesson):
    """What a solution writes into each cell of a lesson, by id."""
    cells = json.loads(lesson.notebook(COURSE.home / "solutions").read_text())["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells if cell["id"].endswith("-answer")}


def _wait_for(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def _answers(address):
    try:
        return urllib.request.urlopen(address, timeout=5).status == 200
    except OSError:
        return False


# What comes of it


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_a_lesson_from_untouched_to_green(lab, student, lesson):
    with _open(lab, f"{lesson.name}.ipynb"):
        _run_all(lab)
        for question in lesson.questions:
            expect(_cell(lab, question.name)).to_contain_text("Not attempted yet")
        _keep(lab, f"{lesson.name}-released")

        written = _written(lesson)
        for question in lesson.questions:
            if f"{question.name}-answer" in written:
                _type(lab, f"{question.name}-answer", written[f"{question.name}-answer"])
                _run(lab, f"{question.name}-answer")
            _run(lab, question.name)
            expect(_cell(lab, question.name)).to_contain_text("Correct")
        try_widget = {
            "1-neuron": _move_weight_and_bias,
            "2-gradient-descent": _walk_down,
            "4-network": _move_scores,
            "6-learning-digits": _draw_digits,
            "7-inside-your-network": _look_inside,
            "8-your-own-question": _collect_own_hand,
        }.get(lesson.name)
        if try_widget:
            try_widget(lab)
            _assert_saved_with_still_pictures(lab, student / f"{lesson.name}.ipynb")
        _keep(lab, f"{lesson.name}-solved")


def _assert_saved_with_still_pictures(lab, path):
    lab.evaluate("void jupyterapp.commands.execute('docmanager:save')")
    lab.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")
    saved = json.loads(path.read_text())
    assert "widgets" not in saved["metadata"]
    shown = [cell for cell in saved["cells"] if "import widgets" in "".join(cell["source"]) and cell["outputs"]]
    assert [cell["id"] for cell in shown if "image/png" in cell["outputs"][0]["data"]]


def _move_weight_and_bias(lab):
    expect(_cell(lab, "sliders")).to_contain_text("This cell needs your `hypothesis`".replace("`", ""))
    _run(lab, "sliders")
    cell = _cell(lab, "sliders")
    expect(cell).to_contain_text("508 of 569 right")
    # From −7 down to −20: the cut is at 2 now, beyond nearly all cells.
    cell.get_by_label("bias b").press("Home")
    expect(cell).to_contain_text("0 false alarms (dots in the shade), 208 missed")


def _walk_down(lab):
    _run(lab, "walk")
    cell = _cell(lab, "walk")
    expect(cell).to_contain_text("step 0: cost 0.2500")
    cell.get_by_role("button", name="Step").click()
    expect(cell).to_contain_text("step 1: cost 0.2")
    cell.get_by_role("button", name="Run").click()
    # It walks on while the page is read, so no single step is sure to be seen.
    expect(cell).to_contain_text(re.compile(r"step ([5-9]|\d{2,}): cost 0\.[01]"))
    cell.get_by_role("button", name="Stop").click()
    cell.get_by_role("button", name="Reset").click()
    expect(cell).to_contain_text("step 0: cost 0.2500")
    cell.get_by_role("application").press("ArrowRight")
    expect(cell).to_contain_text("w = 0.50")


def _move_scores(lab):
    _play(lab, "playground")
    _run(lab, "score-sliders")
    cell = _cell(lab, "score-sliders")
    expect(cell).to_contain_text("class 00.644")
    cell.get_by_label("added to every score").press("End")
    expect(cell).to_contain_text("+200")
    expect(cell).to_contain_text("class 00.644")
    cell.get_by_label("score of class 3").press("End")
    expect(cell).not_to_contain_text("class 00.644")


def _play(lab, name):
    """The playground: with three hidden neurons, by keys alone, a disc is fenced in."""
    _run(lab, name)
    cell = _cell(lab, name)
    expect(cell).to_contain_text("epoch 0:")
    hidden = cell.get_by_label("hidden neurons")
    hidden.press("ArrowRight")
    hidden.press("ArrowRight")
    cell.get_by_role("button", name="Run").press("Enter")
    expect(cell).to_contain_text(re.compile(r"epoch \d{2,}: (9[5-9]|100) % right"), timeout=60_000)
    cell.get_by_role("button", name="Stop").click()
    plane = cell.get_by_role("application")
    plane.press("ArrowRight")
    plane.press("1")
    expect(cell).to_contain_text("epoch 0:")
    expect(cell.locator(".ntn-kind-1")).to_have_count(1)


def _draw_digits(lab):
    _play(lab, "playground")
    for name in ("data", "training", "pad"):
        _run(lab, name)
    cell = _cell(lab, "pad")
    pad = cell.locator(".ntn-pad")
    pad.wait_for(timeout=180_000)
    _draw(pad, lab, (0.25, 0.2), (0.75, 0.2), (0.45, 0.85))
    expect(cell).to_contain_text("I read 7")
    pad.press("Escape")
    expect(cell).to_contain_text("Nothing drawn yet")
    for key in ["ArrowUp"] * 5 + ["Space"] + ["ArrowDown"] * 10:
        pad.press(key)
    expect(cell).to_contain_text("I read 1")
    cell.get_by_role("button", name="Show a test digit").click()
    expect(cell).to_contain_text("I read 7")


def _look_inside(lab):
    for name in ("network", "neurons", "film", "confusion"):
        _run(lab, name)
    cell = _cell(lab, "neurons")
    expect(cell).to_contain_text("read correctly with all neurons", timeout=180_000)
    tile = cell.get_by_role("button", name="neuron 5", exact=True)
    tile.press("ArrowRight")
    lab.keyboard.press("Enter")
    expect(cell).to_contain_text("neuron 6")
    cell.get_by_role("button", name="Take it out").click()
    expect(cell).to_contain_text("without 1 neuron; with all")
    cell.get_by_role("button", name="All back").click()
    expect(cell).to_contain_text("read correctly with all neurons")
    cell = _cell(lab, "film")
    expect(cell).to_contain_text("epoch 0.0")
    cell.get_by_label("moment of the training").press("End")
    expect(cell).to_contain_text("epoch 5.0: 97")
    cell = _cell(lab, "confusion")
    cell.get_by_role("button", name=re.compile("times a 4 was read as a 9")).click()
    expect(cell).to_contain_text(re.compile(r"\d+ times a 4 was read as a 9"))


def _collect_own_hand(page):
    """One digit by keys, one with the mouse, and the last one thrown away."""
    _run(page, "own-hand")
    cell = _cell(page, "own-hand")
    expect(cell).to_contain_text("No drawing is kept yet.")
    pad = cell.locator(".ntn-pad")
    for key in ["ArrowUp"] * 5 + ["Space"] + ["ArrowDown"] * 10 + ["1"]:
        pad.press(key)
    expect(cell).to_contain_text("1 drawing kept, of 1 kind.")
    _draw(pad, page, (0.25, 0.2), (0.75, 0.2), (0.45, 0.85))
    cell.get_by_role("button", name="keep it as a 7").click()
    expect(cell).to_contain_text("2 drawings kept, of 2 kinds.")
    back = cell.get_by_role("button", name="Throw the last one away")
    back.press("Enter")
    expect(cell).to_contain_text("1 drawing kept, of 1 kind.")
    back.press("Enter")
    expect(cell).to_contain_text("No drawing is kept yet.")


def test_validate_says_what_is_not_right_yet(soak, lab, student):
    shutil.copy(COURSE.find_lesson("1-neuron").notebook(COURSE.home / "assignments"), student / "untouched.ipynb")
    with _open(lab, "untouched.ipynb"):
        assert "weighted_sum" in _validate(lab)


def test_a_solution_shows_its_pictures_without_a_kernel_and_passes_validation(lab, student):
    shutil.copy(COURSE.find_lesson("1-neuron").notebook(COURSE.home / "solutions"), student / "solved.ipynb")
    with _open(lab, "solved.ipynb"):
        expect(_cell(lab, "sliders").locator(".jp-OutputArea img")).to_be_visible()
        assert "Success" in _validate(lab)


def _validate(page):
    """Press nbgrader's button, and return what its window says."""
    page.get_by_role("button", name="Validate").filter(visible=True).click()
    window = page.locator(".jp-Dialog")
    expect(window).to_contain_text("Validation Results")
    page.screenshot(path=SEEN / "validate.png")
    said = window.inner_text()
    window.get_by_role("button").last.click()
    return said


@pytest.mark.parametrize(
    ("name", "cells", "play"),
    [
        ("1-neuron", (), lambda page: _slide(page)),
        ("4-network", ("setup", "init_params-answer", "forward-answer"), lambda page: _play(page, "playground")),
        ("8-your-own-question", ("setup",), lambda page: _collect_own_hand(page)),
    ],
)
def test_notebook_7_is_played_by_keys(soak, browser, server, student, name, cells, play):
    shutil.copy(COURSE.find_lesson(name).notebook(COURSE.home / "solutions"), student / f"seven-{name}.ipynb")
    with _page(browser, server) as page:
        page.goto(f"{server}/notebooks/seven-{name}.ipynb")
        page.wait_for_function(
            "window.jupyterapp?.shell.currentWidget?.sessionContext.session?.kernel?.status === 'idle'"
        )
        for cell in cells:
            _run(page, cell)
        if not cells:
            _run_all(page)
        play(page)
        _keep(page, f"notebook-7-{name}")


def _slide(page):
    cell = _cell(page, "sliders")
    expect(cell).to_contain_text("508 of 569 right")
    cell.get_by_label("weight w").press("Home")
    expect(cell).to_contain_text("357 of 569 right")
