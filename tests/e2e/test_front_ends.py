"""What the course shows, on the pages of other front ends: in a real browser, with the colours that each of them sets.

Panels, pictures and widgets stand on a page as JupyterLab, VS Code and Colab make it around a cell's output, light and
dark: the same attributes, the same variables. Whatever can be read must stand out from what is behind it, and nothing
may be wider than a narrow page. What the browser saw is kept in `test-artefacts/`.
"""

import base64
import itertools
import json
import re
from pathlib import Path

import pytest
import torch
from jupyter_core.paths import jupyter_path

from autograder import panels
from autograder.course import figures, widgets
from autograder.course.contents import COURSE
from autograder.course.data import load_cells
from autograder.course.guard import _Note
from autograder.course.recall import recalled
from autograder.judging.written import Written
from autograder.panels.pictures import in_words
from autograder.student.check import check_question
from autograder.student.hint import Hint

SEEN = COURSE.home / "test-artefacts"
WIDE, NARROW = 1100, 400

#: Widgets in VS Code and Colab bring JupyterLab's variables along, with the values of its light theme.
_LIGHT = (
    "--jp-content-font-color1: rgba(0,0,0,.87); --jp-content-font-color2: rgba(0,0,0,.54); --jp-layout-color0: white;"
    " --jp-layout-color1: white; --jp-layout-color2: #eee; --jp-border-color1: #bdbdbd;"
)


def _vscode(ink, paper):
    return (
        f":root {{ {_LIGHT} --vscode-editor-foreground: {ink}; --vscode-editor-background: {paper}; }}"
        f" body {{ background: {paper}; color: {ink}; font: 13px sans-serif; }}"
    )


def _colab(ink, paper):
    return (
        f":root {{ {_LIGHT} --colab-primary-text-color: {ink}; --colab-primary-surface-color: {paper}; }}"
        f" body {{ background: {paper}; color: {ink}; font: 14px sans-serif; }}"
    )


def _jupyterlab(theme):
    """JupyterLab's own style sheet, as it is installed."""
    file = Path("lab", "themes", "@jupyterlab", f"theme-{theme}-extension", "index.css")
    (found, *_) = (path for path in jupyter_path(str(file)) if Path(path).is_file())
    sheet = Path(found).read_text(encoding="utf-8")
    variables = "".join(re.findall(r":root\s*\{[^}]*\}", sheet))
    assert "--jp-layout-color0" in variables
    return variables + (
        " body { background: var(--jp-layout-color0); color: var(--jp-content-font-color1); font: 14px sans-serif; }"
    )


#: For each front end the attributes of its page and of its body, and its style.
FRONT_ENDS = {
    "JupyterLab light": ("", 'data-jp-theme-light="true"', lambda: _jupyterlab("light")),
    "JupyterLab dark": ("", 'data-jp-theme-light="false"', lambda: _jupyterlab("dark")),
    "VS Code light": ("", 'class="vscode-light"', lambda: _vscode("#3b3b3b", "#ffffff")),
    "VS Code dark": ("", 'class="vscode-dark"', lambda: _vscode("#cccccc", "#1f1f1f")),
    "VS Code high contrast": ("", 'class="vscode-high-contrast"', lambda: _vscode("#ffffff", "#000000")),
    "VS Code high contrast light": (
        "",
        'class="vscode-high-contrast vscode-high-contrast-light"',
        lambda: _vscode("#292929", "#ffffff"),
    ),
    "Colab light": ('theme="light"', "", lambda: _colab("#212121", "#ffffff")),
    "Colab dark": ('theme="dark"', "", lambda: _colab("#d5d5d5", "#383838")),
}

#: A widget without a kernel behind it: it draws what the kernel had sent.
SHOW_WIDGETS = """
for (const { script, style, state } of await (await fetch("data:application/json;base64,STATES")).json()) {
  const part = await import("data:text/javascript;base64," + script);
  const sheet = document.createElement("style");
  sheet.textContent = style;
  const place = document.createElement("div");
  place.className = "widget";
  document.body.append(sheet, place);
  const model = {
    get: (name) => state[name], set: (name, value) => (state[name] = value),
    on() {}, off() {}, send() {}, save_changes() {},
  };
  await part.default.render({ model, el: place });
}
window.shown = true;
"""

#: Of each piece of text that is seen: itself, its contrast, and how large it is. Colours that lie over one another are
#: mixed, down to the first that nothing is seen through.
CONTRASTS = """
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const read = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => below.map((part, i) => top[3] * top[i] + (1 - top[3]) * part);
  const luminance = (colour) => {
    const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = colour.map((part) => linear(part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const opacity = (node) => {
    let product = 1;
    for (let one = node; one; one = one.parentElement) product *= Number(getComputedStyle(one).opacity);
    return product;
  };
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const [text, node] = [texts.currentNode.textContent.trim(), texts.currentNode.parentElement];
    if (!text || ["STYLE", "SCRIPT", "OPTION"].includes(node.tagName) || node.closest(".ntn-spoken")) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    const box = range.getBoundingClientRect();
    if (!box.width || !box.height || !node.checkVisibility()) continue;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const behind = [];
    let unknown = false;
    for (const one of document.elementsFromPoint(x, y)) {
      const style = getComputedStyle(one);
      if (one === node && one instanceof SVGElement) continue;
      if (["IMG", "CANVAS", "image"].includes(one.tagName)) unknown = true;
      const paint = one instanceof SVGElement && one.tagName !== "svg" ? style.fill : style.backgroundColor;
      if (paint === "none" || one.tagName === "text" || one.tagName === "g") continue;
      const colour = read(paint);
      if (one instanceof SVGElement) colour[3] *= Number(style.fillOpacity);
      colour[3] *= opacity(one);
      if (colour[3]) behind.push(colour);
      if (colour[3] === 1) break;
    }
    if (unknown) continue;
    const paper = behind.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
    const style = getComputedStyle(node);
    const ink = read(node instanceof SVGElement ? style.fill : style.color);
    ink[3] *= opacity(node) * (node instanceof SVGElement ? Number(style.fillOpacity) : 1);
    const [low, high] = [luminance(paper), luminance(over(ink, paper))].sort((a, b) => a - b);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    found.push([text, (high + 0.05) / (low + 0.05), large]);
  }
  return found;
}
"""

#: What reaches beyond the page on the right, and cannot be moved there by itself.
TOO_WIDE = """
() => [...document.querySelectorAll("body *")]
  .filter((node) => node.checkVisibility() && !node.parentElement.closest('[style*="overflow-x:auto"]'))
  .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
  .map((node) => node.outerHTML.slice(0, 90))
"""


def sigmoid(z):
    return z / 4 + 0.5


def softmax(z):
    return torch.softmax(z, dim=0)


def count_parameters(sizes):
    while True:
        pass


def right_softmax(z):
    return torch.softmax(z, dim=1)


def hypothesis(x, w, b):
    return torch.sigmoid(x @ w + b)


def predict(x, w, b):
    return (hypothesis(x, w, b) > 0.5).long()


def cost(X, y, w, b):
    return ((hypothesis(X, w, b) - y) ** 2).mean()


def neuron_gradients(X, y, w, b):
    a = hypothesis(X, w, b)
    blame = 2 * (a - y) * a * (1 - a) / len(y)
    return blame @ X, blame.sum()


def gradient_step(theta, slope, lr):
    return theta - lr * slope


def init_params(sizes, seed):
    draw = torch.Generator().manual_seed(seed)
    params = {}
    for number, (before, after) in enumerate(itertools.pairwise(sizes), 1):
        params |= {f"W{number}": torch.randn(before, after, generator=draw), f"b{number}": torch.zeros(after)}
    return params


def forward(X, params):
    return torch.softmax(torch.sigmoid(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"], dim=1)


def most_exciting(hidden, neuron, count):
    return hidden[:, neuron].topk(count).indices


def ablate(hidden, neuron):
    return hidden * (torch.arange(hidden.shape[1]) != neuron)


@pytest.fixture(scope="module")
def outputs():
    """HTML as cells show it: a panel of each kind, a note, a hint, questions, an answer in sentences, a picture."""
    checked = {
        name: check_question(name, COURSE, {name: function}).result
        for name, function in (("sigmoid", sigmoid), ("softmax", softmax), ("predict_digits", right_softmax))
    }
    checked["linear"] = check_question("linear", COURSE, {}).result
    pages = [panels.as_html(result, COURSE.question_called(name)[0], 3) for name, result in checked.items()]
    assert "<svg" in "".join(pages)
    asked = Written("why", "Because of the slope.", ("the slope", "its sign"))
    picture = figures.own_digits(torch.rand(3, 784), torch.tensor([1, 2, 3]))
    data, _ = picture.mimebundle()
    return [
        *pages,
        panels.written_as_html(asked, "It is `so`.", "Your answer"),
        _Note("This cell needs your `sigmoid`. Write it above.", "return z")._repr_html_(),
        Hint("softmax", "lesson", ("Look at `dim`.", "Once more."), False)._html(),
        recalled(3, ())._repr_html_(),
        data["text/html"],
        in_words(picture.alt)["text/html"].replace("<details", "<details open"),
    ]


@pytest.fixture(scope="module")
def moving(tmp_path_factory):
    """Each widget as the page gets it: its script, its style, and what the kernel has sent."""
    X, y = load_cells()
    draw = torch.Generator().manual_seed(0)
    images, labels = torch.rand(200, 784, generator=draw), torch.arange(200) % 10
    params = {
        "W1": torch.randn(784, 64, generator=draw) / 28,
        "b1": torch.zeros(64),
        "W2": torch.randn(64, 10, generator=draw),
        "b2": torch.zeros(10),
    }
    run = figures.Training(params, params, [0.0], [2.3], [0.1], ((0.0, params["W1"]), (1.0, params["W1"])))
    pad = widgets.digit_pad(run)
    pad.strokes = [[0.25, 0.2, 0.75, 0.2, 0.45, 0.85]]
    own = widgets.handwriting(tmp_path_factory.mktemp("own") / "handwriting.json")
    own.keep(7, pad.strokes)
    confusion = widgets.confusion(run, images, labels)
    confusion.cell = [4, 9]
    neurons = widgets.hidden_neurons(run, most_exciting, ablate, images, labels)
    neurons.out = [3]
    walk = widgets.descent(cost, neuron_gradients, gradient_step, X, y)
    walk.step(3)
    walk.note = "Not yet: your `cost` stopped with ValueError: too much"
    made = [
        widgets.neuron_on_cells(hypothesis, predict, X, y),
        walk,
        widgets.scores_and_shares(right_softmax),
        widgets.playground(init_params, forward),
        pad,
        own,
        neurons,
        widgets.film(run),
        confusion,
    ]
    assert {type(one).__name__ for one in made} == {kind.__name__ for kind in _kinds(widgets._base.CourseWidget)}
    return [
        {
            "script": base64.b64encode(one._esm.encode()).decode(),
            "style": one._css,
            "state": {name: getattr(one, name) for name in one.keys if not name.startswith("_") and name != "layout"},
        }
        for one in made
    ]


def _kinds(base):
    return {kind for one in base.__subclasses__() for kind in (one, *_kinds(one))}


@pytest.fixture(scope="module")
def opened(browser, outputs, moving):
    """``opened(front_end, width)``: its page with all of it, and nothing that went wrong in its scripts."""
    states = base64.b64encode(json.dumps(moving).encode()).decode()

    def open_at(front_end, width):
        of_page, of_body, style = FRONT_ENDS[front_end]
        cells = "".join(f'<div class="output">{one}</div>' for one in outputs)
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.went_wrong = []
        page.on("pageerror", lambda error: page.went_wrong.append(error.stack))
        page.set_content(
            f"<!doctype html><html {of_page}><style>{style()}</style><body {of_body}>{cells}"
            f'<script type="module">{SHOW_WIDGETS.replace("STATES", states)}</script></body></html>'
        )
        page.wait_for_function("window.shown")
        # What is further down than the window is asked for by its place on it.
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": height + 20})
        return page

    return open_at


@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_all_that_is_written_stands_out(opened, front_end):
    """At least 4.5 to 1, large letters 3 to 1 (WCAG 2.1, AA)."""
    page = opened(front_end, WIDE)
    page.screenshot(path=SEEN / f"{front_end}.png", full_page=True)
    found = page.evaluate(CONTRASTS)
    assert page.went_wrong == []
    page.close()
    assert len(found) > 300
    assert [(text, round(ratio, 2)) for text, ratio, large in found if ratio < (3 if large else 4.5)] == []


@pytest.mark.parametrize("front_end", ["JupyterLab dark", "VS Code dark", "Colab light"])
def test_nothing_is_wider_than_a_narrow_page(opened, front_end):
    page = opened(front_end, NARROW)
    page.screenshot(path=SEEN / f"{front_end}-narrow.png", full_page=True)
    assert page.evaluate(TOO_WIDE) == []
    page.close()
