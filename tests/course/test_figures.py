"""Every picture of every lesson, drawn as the lesson draws it: readable by all, and whatever a function gives back."""

import ast
import contextlib
import json
import re
from functools import cache

import matplotlib
import matplotlib.image
import pytest
import torch
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from autograder.course import data, figures
from autograder.course.contents import COURSE
from autograder.course.figures import _live, _sabotage, _style
from autograder.course.figures._style import PAPER, Picture
from autograder.panels.pictures import described

EACH_LESSON = pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)


@cache
def code(lesson):
    """Id and source of every code cell that is not a check."""
    return [
        (cell["id"], "".join(cell["source"]))
        for cell in json.loads(lesson.notebook(COURSE.home / "solutions").read_text())["cells"]
        if cell["cell_type"] == "code" and not cell["metadata"].get("nbgrader", {}).get("grade")
    ]


def draws(source):
    return "figures." in source or "widgets." in source


def drawing(lesson):
    """The cells among them that put `figures` to work, or `widgets`, each of which brings a picture."""
    return [cell for cell in code(lesson) if draws(cell[1])]


def run(source, names):
    """Run a cell and return the value of its last line, as a notebook does."""
    *body, last = ast.parse(source).body
    exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
    if isinstance(last, ast.Expr):
        return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
    exec(compile(ast.Module([last], []), "<cell>", "exec"), names)
    return None


@contextlib.contextmanager
def _less_data(lesson):
    """For less waiting: every third of the images to learn from, and every fifth of those to test with."""
    if lesson.name == "6-learning-digits":  # which counts them off, and draws with fewer
        yield
        return
    whole = data.load_mnist()
    less = data.Mnist(*(part[:: 3 if len(part) > 10_000 else 5] for part in whole))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "_mnist", lambda: less)
        yield


def _prepared(lesson):
    """What the lesson has defined when its pictures are drawn."""
    names = {"__name__": "__main__"}
    with _less_data(lesson):
        for _, source in code(lesson):
            if not draws(source) or "load_" in source:
                run(source, names)
    if lesson.name == "6-learning-digits":
        names |= {name: names[name][:2000] for name in ("X", "y", "X_val", "y_val", "X_test", "y_test")}
    return names


@cache
def _pictures(lesson):
    """The pictures of a lesson by cell, each kept as it is rendered."""
    made, cell = [], ""
    render = Picture.render

    def keep(picture):
        made.append((cell, picture))
        return render(picture)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Picture, "render", keep)
        names = _prepared(lesson)
        made.clear()
        with _less_data(lesson):
            for cell, source in drawing(lesson):  # noqa: B007  `keep` reads it
                run(source, names)
    return made


# Lessons train their networks before they draw: tests ask for that as fixtures, so that their tier is known.


@pytest.fixture(scope="module")
def prepared():
    """``prepared(lesson)``: what the lesson has defined when its pictures are drawn."""
    return _prepared


@pytest.fixture(scope="module")
def pictures():
    """``pictures(lesson)``: the pictures of a lesson by cell."""
    return _pictures


@pytest.fixture(scope="module")
def axes_of(pictures):
    """``axes_of(lesson)``: the axes of those pictures by cell."""
    return lambda lesson: [(cell, axes) for cell, picture in pictures(lesson) for axes in picture.axes]


def luminance(colour):
    """Relative luminance: https://www.w3.org/TR/WCAG21/#dfn-relative-luminance"""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio"""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


# --- readable by all


@EACH_LESSON
def test_every_cell_with_a_picture_draws_one(lesson, pictures):
    drawn = {cell for cell, _ in pictures(lesson)}
    in_numbers = ("try_out", "as_torch", "gradient_checks")
    asked = {cell for cell, source in drawing(lesson) if not any(name in source for name in in_numbers)}
    assert drawn == asked


@EACH_LESSON
def test_every_picture_is_described_in_a_sentence(lesson, pictures):
    for cell, picture in pictures(lesson):
        assert len(picture.alt) >= 40, cell
        assert picture.alt.endswith("."), cell
        assert picture.alt in repr(picture)
        data, metadata = picture.mimebundle()
        assert metadata["image/png"]["alt"] == picture.alt
        assert data["text/plain"] == repr(picture)
        assert data["text/html"] == described(data["image/png"], picture.alt)


@EACH_LESSON
def test_axes_are_labelled(lesson, pictures):
    """Where there are numbers along an axis, the picture says what they are; panels side by side say it once."""
    for cell, picture in pictures(lesson):
        shown = [axes for axes in picture.axes if axes.axison]
        for ticks, label in (("get_xticks", "get_xlabel"), ("get_yticks", "get_ylabel")):
            if any(len(getattr(axes, ticks)()) for axes in shown) and not _named(shown, ticks):
                assert any(getattr(axes, label)() for axes in shown), cell


def _named(shown, ticks):
    """Whether the ticks bear names such as "benign" in place of numbers."""
    texts = [tick.get_text() for axes in shown for tick in getattr(axes, ticks[:-1] + "labels")()]
    return any(text and not text.replace("\N{MINUS SIGN}", "").replace(".", "").isdigit() for text in texts)


@EACH_LESSON
def test_lines_and_marks_differ_by_more_than_colour(lesson, axes_of):
    for cell, axes in axes_of(lesson):
        named = [line for line in axes.lines if not line.get_label().startswith("_")]
        looks = [(line.get_linestyle(), line.get_marker(), line.get_linewidth()) for line in named]
        assert len(set(looks)) == len(looks), cell
        clouds = [cloud for cloud in axes.collections if not cloud.get_label().startswith("_")]
        shapes = [str(cloud.get_paths()[0].vertices.round(3).tolist()) for cloud in clouds]
        assert len(set(shapes)) == len(shapes), cell


@EACH_LESSON
def test_bars_of_one_picture_differ_by_more_than_hue(lesson, axes_of):
    for cell, axes in axes_of(lesson):
        looks = {(bar.get_facecolor(), bar.get_hatch()) for group in axes.containers for bar in group}
        for one, hatch in looks:
            for other, other_hatch in looks:
                assert one == other or hatch != other_hatch or contrast(one[:3], other[:3]) > 1.5, cell


@EACH_LESSON
def test_words_stand_out_from_the_paper(lesson, pictures):
    """At least 4.5 to 1 (WCAG 2.1, AA); white words stand on something dark."""
    for cell, picture in pictures(lesson):
        for text in picture.findobj(Text):
            if text.get_text().strip() and to_rgb(text.get_color()) != (1, 1, 1):
                assert contrast(text.get_color(), PAPER) >= 4.5, (cell, text.get_text())


def test_picture_brings_its_own_paper_to_a_dark_page(tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(_pictures(COURSE.find_lesson("1-neuron"))[0][1].render())
    corner = matplotlib.image.imread(path)[0, 0]
    assert corner.tolist() == pytest.approx([*to_rgb(PAPER), 1.0][: len(corner)], abs=1.01 / 255)


def test_the_scale_for_weights_grows_lighter_from_end_to_end():
    """So a sign is seen in grey, and by eyes that confuse colours: below 0 darker than the middle, above it lighter."""
    shades = [luminance(_style.SIGNED(place / 20)[:3]) for place in range(21)]
    assert shades == sorted(shades)
    assert contrast(_style.SIGNED(0.0)[:3], _style.SIGNED(0.5)[:3]) > 2.5
    assert contrast(_style.SIGNED(0.5)[:3], _style.SIGNED(1.0)[:3]) > 1.6


def test_widgets_and_pictures_show_weights_alike():
    script = (COURSE.public.parent / "widgets" / "page" / "common.js").read_text()
    (written,) = re.findall(r"const WEIGHTS = (\[.*\]);", script)
    ends = [[round(255 * part) for part in _style.SIGNED(place)[:3]] for place in (0.0, 0.25, 0.5, 0.75, 1.0)]
    for ours, theirs in zip(json.loads(written), ends, strict=True):
        assert ours == pytest.approx(theirs, abs=2)


@EACH_LESSON
def test_a_logarithmic_axis_says_so(lesson, axes_of):
    for cell, axes in axes_of(lesson):
        for scale, label in ((axes.get_xscale(), axes.get_xlabel()), (axes.get_yscale(), axes.get_ylabel())):
            assert scale != "log" or "log" in label, cell


def test_a_ball_that_climbs_is_not_called_right():
    uphill = figures.rolling_ball(lambda theta, slope, lr: theta + lr * slope)
    assert [axes.get_title(loc="left").partition(": ")[2] for axes in uphill.axes] == ["higher than before"] * 3
    still = figures.rolling_ball(lambda theta, slope, lr: theta)
    assert "where it was" in still.alt


# --- whatever a function gives back

BENT = {
    "nan at one place": lambda answer: _put_first(answer, float("nan")),
    "huge": lambda answer: answer * 1e30,
    "all the same": torch.zeros_like,
    "one dimension more": lambda answer: answer[None],
    "complex": lambda answer: answer * 1j,
    "None": lambda answer: None,
    "text": lambda answer: "half",
}


def _put_first(answer, value):
    numbers = answer.flatten().float()
    return torch.cat([torch.full_like(numbers[:1], value), numbers[1:]]).reshape(answer.shape)


def _bend(bend, answer):
    """The bend in every tensor of an answer."""
    if isinstance(answer, tuple):
        return tuple(_bend(bend, part) for part in answer)
    if isinstance(answer, dict):
        return {name: _bend(bend, part) for name, part in answer.items()}
    return bend(answer)


#: The same of an answer that is a value and not a function: nothing in it has to be a tensor.
BENT_VALUES = {
    "nan at one place": float("nan"),
    "huge": 1e30,
    "all the same": 0,
    "one dimension more": [[[0.5]]],
    "complex": 1j,
    "None": None,
    "text": "half",
}


def _bent(name, answer):
    """What a learner wrote whose answer is odd: a function that gives back odd things, or an odd value."""
    if not callable(answer):
        return BENT_VALUES[name]

    def learner(*arguments, **options):
        return _bend(BENT[name], answer(*arguments, **options))

    learner.__name__ = answer.__name__
    return learner


@pytest.mark.parametrize("name", BENT)
@EACH_LESSON
def test_odd_answer_is_drawn_or_explained(lesson, name, capsys, prepared):
    """Never an exception, never a sentence about something that matplotlib did not like."""
    names = prepared(lesson)
    odd = {answer: _bent(name, names[answer]) for answer in lesson.functions}
    for cell, source in drawing(lesson):
        own = "def " in source  # a function of the lesson's around the learner's: its line is explained, not drawn
        shown = {answer: odd[answer] for answer in lesson.functions if answer in source}
        if shown and "sabotage" not in source and not own:
            run(source, names | shown | {"run": None})
            assert "can't be shown here" not in capsys.readouterr().out, cell


# --- long work


def test_progress_outside_a_notebook_is_said_at_the_end(capsys):
    bar = _live.TrainingProgress(4)
    for done in range(1, 5):
        bar.show(done, f"piece {done}")
    assert capsys.readouterr().out == "100% · piece 4 · done\n"


class _Shell:
    kernel = object()
    execution_count = 1


class _Handle:
    def __init__(self, shown):
        self.shown = shown

    def update(self, data, **options):
        self.shown.append(("again", data))


@pytest.fixture
def notebook(monkeypatch):
    """What is shown in a notebook: first drawings and those that replace them."""
    shown = []

    def display(data, **options):
        shown.append(("new", data))
        return _Handle(shown)

    monkeypatch.setattr("IPython.get_ipython", _Shell)
    monkeypatch.setattr("IPython.display.display", display)
    return shown


def test_progress_in_a_notebook_fills_one_place(notebook):
    bar = _live.TrainingProgress(4)
    bar.show(1, "a < b")
    bar.show(4, "a < b")
    (first, before), (then, after) = notebook
    assert (first, then) == ("new", "again")
    assert '<progress value="1" max="4"' in before["text/html"]
    assert "25% · a &lt; b · about " in before["text/html"]
    assert after["text/plain"] == "100% · a < b · done"


def test_live_picture_is_not_drawn_more_often_than_asked(notebook):
    drawn = []

    def draw():
        drawn.append(1)
        return _style.new_picture(1, 1, alt="A dot.")[0]

    live = _live.LivePicture(draw, seconds=3600)
    live.refresh()
    assert drawn == []
    live = _live.LivePicture(draw, seconds=0)
    live.refresh()
    live.refresh()
    live.finish()
    assert len(drawn) == 3
    assert [what for what, _ in notebook] == ["new", "again", "again", "new"]  # the last one: the picture in words


# --- sabotage


@pytest.fixture(scope="module")
def digits():
    names = _prepared(COURSE.find_lesson("6-learning-digits"))
    return [names[name] for name in ("train_network", "start", "X", "y", "X_test", "y_test")]


EVEN = dict.fromkeys(_sabotage.BUGS, 1 / 6)


@pytest.mark.parametrize(
    ("belief", "words"),
    [
        ([], "expected a dict with a share for each of"),
        (None, "expected a dict with a share for each of"),
        (EVEN | {"magic": 0}, "expected a dict with a share for each of"),
        (EVEN | {"no bias": -1}, "one of your shares is -1. None is below 0."),
        (EVEN | {"no bias": "very"}, 'the share of "no bias" should be numbers, and is a str.'),
        (EVEN | {"no bias": 1}, "your shares add up to 1.833."),
    ],
)
def test_belief_about_the_bugs_must_be_one(digits, belief, words, capsys):
    assert _sabotage.sabotage(*digits, belief) is None
    assert capsys.readouterr().out.startswith(f"Not yet: of your `belief`: {words}")


def test_every_bug_does_what_it_says(digits):
    """With the learner's own function: biases stay 0, sums are long steps, sorted batches come in order."""
    train, start, X, y, *_ = digits
    calls = []

    def watched(X, y, params, lr, batch_size, epochs, seed=0):
        calls.append((len(y), lr, y.tolist()))
        return train(X, y, params, lr, batch_size, epochs, seed)

    bugs = _sabotage._bugs(_sabotage._learn_with(watched, start))
    X, y = X[:40], y[:40]
    after = {name: bug(start, X, y, 1) for name, bug in bugs.items() if name != "no shuffle"}
    assert not after["no bias"]["b1"].any()
    assert not after["no bias"]["b2"].any()
    assert not torch.equal(after["no bias"]["W1"], start["W1"])
    assert {lr for _, lr, _ in calls} == {0.5, 8.0, 50.0}
    calls.clear()
    bugs["no shuffle"](start, X, y, 1)
    assert [labels for _, _, labels in calls] == [y[:16].tolist(), y[16:32].tolist(), y[32:].tolist()]


def test_double_softmax_steps_are_shorter(digits):
    train, start, X, y, *_ = digits
    healthy = train(X[:16], y[:16], start, 0.5, 16, 1)
    double = _sabotage._softmax_twice(start, X[:16], y[:16], 0)
    assert (double["W2"] - start["W2"]).norm() < 0.3 * (healthy["W2"] - start["W2"]).norm()


def test_picture_says_what_a_belief_is_worth():
    runs = {name: _sabotage._Run([0.0, 3.0], [0.1, 0.9 - place / 10]) for place, name in enumerate(_sabotage.BUGS)}
    healthy = _sabotage._Run([0.0, 3.0], [0.1, 0.95])
    nothing = dict.fromkeys(_sabotage.BUGS, 0.0)

    def titles(belief):
        picture = _sabotage._side_by_side(healthy, runs, belief)
        return [text.get_text() for text in picture.findobj(Text) if "worth" in text.get_text()]

    assert titles(nothing | {"no bias": 1}) == ["your belief is worth 1.00 of 1"]
    assert titles(nothing | {"no bias": 0.5, "no shuffle": 0.5}) == ["your belief is worth 0.61 of 1"]
    # Never below 0, however sure and wrong.
    assert titles(nothing | {"no shuffle": 1}) == titles(EVEN) == ["your belief is worth 0.00 of 1"]


def test_drawing_takes_one_thread_and_gives_the_others_back():
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        seen = []
        _style.drawn(lambda: seen.append(torch.get_num_threads()))()
        assert (seen, torch.get_num_threads()) == ([1], 2)
    finally:
        torch.set_num_threads(before)
