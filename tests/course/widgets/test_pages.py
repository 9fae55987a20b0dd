"""Widgets in a browser, without Jupyter: what a reader moves reaches the kernel."""

import torch

from autograder.course import widgets
from autograder.course.data import load_cells
from autograder.course.figures import _playground

X, y = load_cells()

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


def cost(X, y, w, b):
    return ((hypothesis(X, w, b) - y) ** 2).mean()


def neuron_gradients(X, y, w, b):
    a = hypothesis(X, w, b)
    blame = 2 * (a - y) * a * (1 - a) / len(y)
    return blame @ X, blame.sum()


def test_each_slider_sets_something_in_the_kernel(browser):
    page = browser.new_page()
    for widget, labels in (
        (widgets.neuron_on_cells(hypothesis, predict, X, y), ["weight w", "bias b"]),
        (
            widgets.descent(cost, neuron_gradients, lambda theta, slope, lr: theta - lr * slope, X, y),
            ["learning rate lr"],
        ),
        (
            widgets.scores_and_shares(lambda z: torch.softmax(z, dim=1)),
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
