"""What widgets work out in the kernel when something is moved, and the picture that stands in for them.

That what a reader moves reaches the kernel is seen in a browser, without Jupyter.
"""

import base64
import json

import nbformat
import pytest
import torch
from nbconvert.exporters import HTMLExporter, LatexExporter

from autograder.course import figures, widgets
from autograder.course.data import load_cells, load_mnist
from autograder.course.figures import _playground

X, y = load_cells()
SEVEN = [[0.25, 0.2, 0.5, 0.2, 0.75, 0.2, 0.6, 0.5, 0.45, 0.85]]
VIEW = "application/vnd.jupyter.widget-view+json"

#: Moves each slider to another end, by the mouse and then by a key: its label, and what the page tells the kernel.
MOVE_ALL = """async ([script, state]) => {
    let changed = {}, told = []
    const model = {
        get: name => state[name],
        set: (name, value) => Object.assign(changed, typeof name === "string" ? {[name]: value} : name),
        save_changes: () => { told.push(changed); Object.assign(state, changed); changed = {} },
        on() {}, off() {}, send() {},
    }
    const { default: page } = await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(script)}`)
    const place = document.createElement("div")
    document.body.replaceChildren(place)
    page.render({ model, el: place })
    const moved = []
    for (const slider of place.querySelectorAll("input[type=range]")) {
        told = []
        const end = Number(slider.value) === Number(slider.max) ? "min" : "max"
        slider.value = slider[end]
        slider.dispatchEvent(new Event("input"))
        slider.dispatchEvent(new KeyboardEvent("keydown", { key: end === "min" ? "ArrowRight" : "ArrowLeft" }))
        moved.push([slider.parentElement.querySelector("span").textContent, told])
    }
    return moved
}"""


def hypothesis(x, w, b):
    return torch.sigmoid(x @ w + b)


def predict(x, w, b):
    return (hypothesis(x, w, b) > 0.5).long()


def softmax(z):
    return torch.softmax(z, dim=1)


def softmax_that_overflows(z):
    powers = torch.exp(z)
    return powers / powers.sum(dim=1, keepdim=True)


def cost(X, y, w, b):
    return ((hypothesis(X, w, b) - y) ** 2).mean()


def neuron_gradients(X, y, w, b):
    a = hypothesis(X, w, b)
    blame = 2 * (a - y) * a * (1 - a) / len(y)
    return blame @ X, blame.sum()


def gradient_step(theta, slope, lr):
    return theta - lr * slope


@pytest.fixture(scope="module")
def run():
    """A network that has seen each of the first 3,000 training images four times."""
    mnist = load_mnist()
    images, labels = mnist.train_images[:3000].flatten(1) / 255, mnist.train_labels[:3000]
    generator = torch.Generator().manual_seed(0)
    start = {
        "W1": torch.randn(784, 64, generator=generator) / 28,
        "b1": torch.zeros(64),
        "W2": torch.randn(64, 10, generator=generator) / 8,
        "b2": torch.zeros(10),
    }
    params = {name: value.clone().requires_grad_() for name, value in start.items()}
    for order in (torch.randperm(3000, generator=generator) for _ in range(4)):
        for batch in order.split(16):
            scores = torch.sigmoid(images[batch] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(scores, labels[batch])
            for value, grad in zip(params.values(), torch.autograd.grad(loss, list(params.values())), strict=True):
                value.data -= 0.5 * grad
    return figures.Training(start, {name: value.detach() for name, value in params.items()}, [0], [2.3], [0.1])


@pytest.fixture
def pad(run):
    return widgets.digit_pad(run)


@pytest.fixture(scope="module")
def each(run, tmp_path_factory):
    return [
        widgets.neuron_on_cells(hypothesis, predict, X, y),
        widgets.descent(cost, neuron_gradients, gradient_step, X, y),
        widgets.scores_and_shares(softmax),
        widgets.digit_pad(run),
        widgets.handwriting(tmp_path_factory.mktemp("own") / "handwriting.json"),
    ]


class TestEveryWidget:
    def test_has_a_still_picture_beside_it_with_its_description(self, each):
        for widget in each:
            data, metadata = widget._repr_mimebundle_()
            assert data[VIEW]["model_id"] == widget.model_id
            assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
            assert data["text/plain"] == metadata["image/png"]["alt"]
            assert data["text/html"].startswith(widget._still.mimebundle()[0]["text/html"])
            assert data["text/html"].endswith("In JupyterLab or in Notebook, run the cell, and it does.</p>")
            assert len(data["text/plain"]) > 40

    @pytest.mark.parametrize("exporter", [HTMLExporter, LatexExporter])
    def test_shows_its_still_picture_where_there_is_no_kernel(self, each, exporter):
        notebook = nbformat.v4.new_notebook()
        for widget in each:
            data, metadata = widget._repr_mimebundle_()
            shown = nbformat.v4.new_output("execute_result", data=data, metadata=metadata, execution_count=1)
            notebook.cells.append(nbformat.v4.new_code_cell("widget", outputs=[shown], execution_count=1))
        page, resources = exporter().from_notebook_node(notebook)
        beside = {base64.b64encode(png).decode() for png in (resources["outputs"] or {}).values()}
        for cell in notebook.cells:
            png = cell.outputs[0].data["image/png"]
            assert png in beside or f'src="data:image/png;base64,{png}"' in page

    def test_loads_nothing_from_anywhere(self, each):
        for widget in each:
            script = widget._esm + widget._css
            assert "import " not in script
            assert "url(" not in script.replace("url(#${clip})", "")
            assert [line for line in script.splitlines() if "://" in line and "www.w3.org/2000/svg" not in line] == []

    def test_gives_the_page_plain_numbers(self, each):
        for widget in each:
            json.dumps([widget.shown, widget.fixed], allow_nan=False)


def test_each_slider_sets_something_in_the_kernel(browser):
    page = browser.new_page()
    for widget, labels in (
        (widgets.neuron_on_cells(hypothesis, predict, X, y), ["weight w", "bias b"]),
        (
            widgets.descent(cost, neuron_gradients, gradient_step, X, y),
            ["learning rate lr"],
        ),
        (
            widgets.scores_and_shares(softmax),
            [*(f"score of class {number}" for number in range(4)), "added to every score"],
        ),
        (
            widgets.playground(_playground.plain_init, _playground.plain_forward),
            ["hidden neurons", "learning rate"],
        ),
    ):
        state = {name: value for name, value in widget.get_state().items() if not name.startswith("_")}
        moved = page.evaluate(MOVE_ALL, [widget._esm, state])
        assert [label for label, _ in moved] == labels
        for label, told in moved:
            assert len(told) == 2, label  # by the mouse, by the key
            for change in told:
                ((name, value),) = change.items()
                assert value != getattr(widget, name), label
                setattr(widget, name, value)
                assert getattr(widget, name) == value
    page.close()


class TestStubs:
    def test_say_what_is_missing_and_no_widget_comes(self, typed, capsys):
        names = typed("def hypothesis(x, w, b):\n    raise NotImplementedError()\n")
        assert widgets.neuron_on_cells(names["hypothesis"], predict, X, y) is None
        assert "needs your `hypothesis`" in capsys.readouterr().out

    def test_a_pad_without_a_trained_network_says_so(self, capsys):
        assert widgets.digit_pad(None) is None
        assert "needs a trained network" in capsys.readouterr().out


class TestNeuronOnCells:
    def test_a_move_counts_anew(self):
        widget = widgets.neuron_on_cells(hypothesis, predict, X, y)
        assert sum(widget.shown["wrong"]) == 569 - 508
        widget.b = 0.0
        assert widget.shown["missed"] == 0
        assert widget.shown["false_alarms"] == 357
        assert all(widget.shown["fires"][1:])

    def test_the_curve_is_the_learners(self):
        widget = widgets.neuron_on_cells(lambda x, w, b: 1 - hypothesis(x, w, b), predict, X, y)
        right = widgets.neuron_on_cells(hypothesis, predict, X, y)
        assert widget.shown["curve"] == pytest.approx([1 - a for a in right.shown["curve"]], abs=2e-4)

    def test_an_error_on_the_way_becomes_a_sentence_and_passes(self, typed):
        names = typed(
            "import torch\n",
            "def hypothesis(x, w, b):\n"
            "    if b > 0:\n"
            "        raise ValueError('too much')\n"
            "    return torch.sigmoid(x @ w + b)\n",
        )
        widget = widgets.neuron_on_cells(names["hypothesis"], predict, X, y)
        assert widget.note == ""
        widget.b = 1.0
        assert "`hypothesis` stopped with ValueError: too much" in widget.note
        assert "raise ValueError" in widget.note
        widget.b = -1.0
        assert widget.note == ""


class TestScoresAndShares:
    def test_a_moved_score_moves_all_shares(self):
        widget = widgets.scores_and_shares(softmax)
        before = widget.shown["shares"]
        widget.z = [2.0, 1.0, 0.0, 3.0]
        assert all(a != b for a, b in zip(before, widget.shown["shares"], strict=True))
        assert widget.shown["sum"] == 1.0

    def test_the_same_number_on_every_score_changes_nothing(self):
        widget = widgets.scores_and_shares(softmax)
        before = widget.shown["shares"]
        widget.shift = 200.0
        assert widget.shown["shares"] == before

    def test_a_softmax_that_overflows_is_told_so(self):
        widget = widgets.scores_and_shares(softmax_that_overflows)
        widget.shift = 200.0
        assert "only nan or inf" in widget.note


class TestDescent:
    @pytest.fixture
    def walk(self):
        return widgets.descent(cost, neuron_gradients, gradient_step, X, y)

    def test_begins_where_the_neuron_knows_nothing(self, walk):
        assert walk.shown["cost"] == 0.25
        assert walk.shown["path"] == [[0.0, 0.0]]

    def test_a_step_goes_where_the_dashed_line_pointed(self, walk):
        pointed = walk.shown["next"]
        walk.step()
        assert [walk.w, walk.b] == pytest.approx(pointed, abs=1e-4)
        assert walk.steps == 1
        assert walk.shown["cost"] < 0.25

    def test_a_thousand_steps_arrive_where_the_lesson_says(self, walk):
        walk.step(1000)
        assert walk.w == pytest.approx(10.3, abs=0.3)
        assert walk.b == pytest.approx(-7.1, abs=0.2)
        assert len(walk.shown["path"]) <= 301
        assert walk.shown["path"][0] == [0.0, 0.0]

    def test_the_pages_buttons_step_and_put_the_ball_elsewhere(self, walk):
        walk._handle_custom_msg({"step": 3}, [])
        assert walk.steps == 3
        walk._handle_custom_msg({"place": [4, -9.5]}, [])
        assert (walk.w, walk.b, walk.steps) == (4.0, -9.5, 0)

    def test_a_step_uphill_is_the_learners_own(self):
        def uphill(theta, slope, lr):
            return theta + lr * slope

        walk = widgets.descent(cost, neuron_gradients, uphill, X, y)
        walk.step(3)
        assert walk.shown["cost"] > 0.25

    def test_swapped_slopes_are_told_before_the_widget_comes(self, capsys):
        def swapped(X, y, w, b):
            return neuron_gradients(X, y, w, b)[::-1]

        assert widgets.descent(cost, swapped, gradient_step, X, y) is None
        assert "swapped (dw)" in capsys.readouterr().out


class TestDigitPad:
    def test_an_empty_pad_shows_nothing(self, pad):
        assert pad.shown == {"empty": True}

    def test_a_drawing_is_read_at_once(self, pad):
        pad.strokes = SEVEN
        probs = pad.shown["probs"]
        assert probs.index(max(probs)) == 7
        assert sum(probs) == pytest.approx(1, abs=1e-3)
        assert len(pad.shown["hidden"]) == 64
        assert len(pad.shown["looked"]) == len(pad.shown["strongest"]) == 4

    def test_clearing_takes_the_reading_away(self, pad):
        pad.strokes = SEVEN
        pad.strokes = []
        assert pad.shown == {"empty": True}

    def test_what_is_shown_is_the_networks_own_answer(self, pad, run):
        image = load_mnist().test_images[3] / 255
        pad.show(image)
        hidden = torch.sigmoid(image.flatten() @ run.params["W1"] + run.params["b1"])
        probs = torch.softmax(hidden @ run.params["W2"] + run.params["b2"], dim=0)
        assert pad.shown["probs"] == pytest.approx(probs.tolist(), abs=1e-4)
        assert pad.shown["hidden"] == pytest.approx(hidden.tolist(), abs=0.006)

    def test_what_a_neuron_looked_at_is_nothing_where_no_ink_is(self, pad):
        image = load_mnist().test_images[0] / 255
        pad.show(image)
        paper = (image.flatten() == 0).tolist()
        for looked in pad.shown["looked"]:
            assert not [value for value, empty in zip(looked, paper, strict=True) if empty and value]
            assert any(looked)

    def test_the_button_shows_one_test_image_after_another(self, pad):
        pad._handle_custom_msg({"example": True}, [])
        first = pad.shown["probs"]
        assert first.index(max(first)) == 7
        pad._handle_custom_msg({"example": True}, [])
        assert pad.shown["probs"] != first


class TestHandwriting:
    @pytest.fixture
    def own(self, tmp_path):
        return lambda: widgets.handwriting(tmp_path / "handwriting.json")

    def test_a_drawing_becomes_a_row_as_mnist_has_them(self, own):
        pad = own()
        assert (pad.X.shape, pad.y.shape) == ((0, 784), (0,))
        pad._handle_custom_msg({"keep": 7, "strokes": SEVEN}, [])
        pad._handle_custom_msg({"keep": 1, "strokes": [[0.5, 0.1, 0.5, 0.9]]}, [])
        assert torch.equal(pad.X[0], widgets.as_mnist(widgets.ink_of(SEVEN)).flatten())
        assert pad.X.shape == (2, 784)
        assert pad.X.dtype == torch.float32
        assert pad.y.tolist() == [7, 1]
        assert pad.y.dtype == torch.long
        assert pad.shown["said"] == "2 drawings kept, of 2 kinds."
        assert pad.shown["counts"] == [0, 1, 0, 0, 0, 0, 0, 1, 0, 0]

    def test_what_was_kept_is_there_after_the_kernel_has_stopped(self, own):
        pad = own()
        for digit in (7, 7, 1):
            pad.keep(digit, SEVEN)
        pad.throw_away()
        again = own()
        assert again.y.tolist() == [7, 7]
        assert torch.equal(again.X, pad.X)
        assert "2 of 2 drawings" in again._still.alt

    def test_an_empty_pad_is_not_kept(self, own):
        pad = own()
        pad.keep(3, [])
        assert "nothing on the pad" in pad.note
        assert len(pad.y) == 0
        pad.keep(3, SEVEN)
        assert pad.note == ""

    @pytest.mark.parametrize(
        "text",
        [
            "{",
            "[1]",
            '[{"digit": 12, "strokes": []}]',
            '[{"digit": 1, "strokes": [[NaN, 0.5]]}]',
            "[" * 100_000,
            "null",
        ],
        ids=["broken", "numbers", "no digit", "no place", "deep", "nothing"],
    )
    def test_another_file_of_that_name_is_left_alone_and_told(self, own, tmp_path, capsys, text):
        (tmp_path / "handwriting.json").write_text(text)
        assert own() is None
        assert "does not hold drawings as this cell keeps them" in capsys.readouterr().out
        assert (tmp_path / "handwriting.json").read_text() == text

    def test_where_nothing_can_be_written_drawings_stay_until_the_kernel_stops(self, tmp_path):
        pad = widgets.handwriting(tmp_path / "no such folder" / "handwriting.json")
        pad.keep(4, SEVEN)
        assert "could not be written" in pad.note
        assert pad.y.tolist() == [4]

    def test_own_drawings_answer_a_question_of_ones_own(self, own, capsys):
        """Shifted and stretched, so that no two are the same."""
        pad = own()
        generator = torch.Generator().manual_seed(0)
        for number in range(60):
            strokes = SEVEN if number % 2 else [[0.5, 0.1, 0.5, 0.9]]
            shaken = [(torch.tensor(s) + 0.03 * torch.randn(len(s), generator=generator)).tolist() for s in strokes]
            pad.keep(7 if number % 2 else 1, [[min(1, max(0, v)) for v in stroke] for stroke in shaken])

        def regroup(y, groups):
            return torch.tensor([next(n for n, group in enumerate(groups) if label in group) for label in y.tolist()])

        def deal(m, sizes, seed):
            return list(torch.randperm(m, generator=torch.Generator().manual_seed(seed)).split(sizes))

        found = figures.own_question(regroup, deal, pad.X, pad.y, [[1], [7]], epochs=100)
        assert found.accuracies[-1] == 1
        assert figures.own_question(regroup, deal, pad.X[:24], pad.y[:24], [[1], [7]]) is None
        assert "24 observations are too few" in capsys.readouterr().out
