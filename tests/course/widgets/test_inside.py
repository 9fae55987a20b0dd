"""Lesson 7's widgets, and the playground of lessons 4 and 6, as they work in the kernel."""

import base64
import threading

import pytest
import torch

from autograder.course import figures, widgets
from autograder.course.data import load_mnist
from autograder.course.figures import _inside, _playground
from autograder.course.widgets._playground import OWN


def most_exciting(hidden, neuron, k):
    return hidden[:, neuron].topk(k).indices


def ablate(hidden, neurons):
    silent = hidden.clone()
    silent[:, neurons] = hidden[:, neurons].mean(dim=0)
    return silent


def _small(X, y, params, lr):
    return _playground.learn(_playground.plain_forward, params, X, y, lr, 1, 0)


@pytest.fixture(scope="module")
def digits():
    mnist = load_mnist()
    return mnist.test_images[:1000].flatten(1).float() / 255, mnist.test_labels[:1000]


@pytest.fixture(scope="module")
def run(digits):
    """A network that has seen 1,100 images five times."""
    mnist = load_mnist()
    return figures.your_network(mnist.train_images[:1200].flatten(1).float() / 255, mnist.train_labels[:1200])


class TestTheNetworkThatIsKept:
    def test_comes_back_as_it_was(self, run, tmp_path, monkeypatch, capsys):
        monkeypatch.chdir(tmp_path)
        figures.keep(run)
        again = figures.your_network(None, None)
        assert "your own network" in capsys.readouterr().out
        for part in ("start", "params"):
            assert all(torch.equal(getattr(run, part)[key], value) for key, value in getattr(again, part).items())
        assert again.costs == pytest.approx(run.costs)
        assert len(again.film) == len(run.film) == 12

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no network"])
    def test_a_file_that_is_none_is_told(self, content, tmp_path, monkeypatch, capsys):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "my-network.npz").write_bytes(content)
        assert figures.your_network(None, None) is None
        assert "does not hold a network as lesson 6 keeps it" in capsys.readouterr().out

    def test_nothing_is_kept_of_no_training(self, tmp_path, monkeypatch, capsys):
        monkeypatch.chdir(tmp_path)
        figures.keep(None)
        assert "no trained network to keep" in capsys.readouterr().out
        assert list(tmp_path.iterdir()) == []


class TestHiddenNeurons:
    @pytest.fixture
    def widget(self, run, digits):
        return widgets.hidden_neurons(run, most_exciting, ablate, *digits)

    def test_shows_the_images_that_the_learners_function_finds(self, widget, run, digits):
        widget.neuron = 9
        X, y = digits
        places = _inside.hidden_of(run, X)[:, 9].topk(12).indices
        assert widget.shown["labels"] == y[places].tolist()
        first = torch.frombuffer(bytearray(base64.b64decode(widget.shown["images"][0])), dtype=torch.uint8)
        assert torch.equal(first, (X[places[0]] * 255).round().to(torch.uint8))

    def test_votes_add_up_to_nothing(self, widget):
        assert sum(widget.shown["votes"]) == pytest.approx(0, abs=0.06)

    def test_taking_all_out_leaves_one_answer(self, widget, digits):
        whole = widget.shown["accuracy"]
        widget.out = list(range(64))
        assert widget.shown["whole"] == whole
        assert sorted(widget.shown["by_digit"]) == [0.0] * 9 + [1.0]
        widget.out = []
        assert widget.shown["accuracy"] == whole

    def test_places_that_do_not_exist_are_told_beforehand(self, run, digits, capsys):
        def too_far(hidden, neuron, k):
            return most_exciting(hidden, neuron, k) + len(hidden)

        assert widgets.hidden_neurons(run, too_far, ablate, *digits) is None
        assert "should return places of images, from 0 to 999" in capsys.readouterr().out


class TestFilm:
    def test_goes_from_noise_to_the_network(self, run):
        widget = widgets.film(run)
        assert widget.fixed["epochs"][0] == 0
        assert widget.fixed["epochs"][-1] == 5
        assert len(widget.fixed["frames"]) == 12
        assert widget.fixed["accuracies"][-1] == pytest.approx(run.accuracies[-1], abs=1e-4)

    def test_a_run_without_frames_shows_its_ends(self, run):
        assert len(widgets.film(run._replace(film=())).fixed["frames"]) == 2


class TestConfusion:
    def test_a_number_opens_to_as_many_images(self, run, digits):
        widget = widgets.confusion(run, *digits)
        table = torch.tensor(widget.fixed["table"])
        assert table.sum() == 1000
        assert widget.shown == {"images": []}
        off = table - table.diagonal().diag()
        true, said = divmod(int(off.argmax()), 10)
        widget.cell = [true, said]
        assert len(widget.shown["images"]) == min(24, off.max())
        assert widget.shown["shares"] == sorted(widget.shown["shares"], reverse=True)


class TestPlayground:
    @pytest.fixture
    def play(self):
        return widgets.playground(_playground.plain_init, _playground.plain_forward)

    @pytest.mark.parametrize("name", _playground.POINTS)
    def test_points_are_a_hundred_of_each_kind_inside_the_plane(self, name):
        X, y = _playground.points(name)
        assert X.abs().max() < _playground.REACH
        assert name == "exactly one" or y.sum() == 100
        assert len(y) == 200

    def test_three_lines_fence_in_a_disc_and_one_does_not(self, play):
        play.learn(100)
        assert play.shown["right"] < 0.75
        play.hidden = 3
        assert play.epochs == 0
        play.learn(100)
        assert play.shown["right"] > 0.95
        assert len(play.shown["cuts"]) == 3

    def test_a_cut_is_where_the_sum_is_0(self, play):
        play.hidden = 4
        W, b = play._params["W1"], play._params["b1"]
        for neuron, ends in enumerate(play.shown["cuts"]):
            for end in ends:
                assert torch.tensor(end) @ W[:, neuron] + b[neuron] == pytest.approx(0, abs=5e-3)

    def test_painted_points_are_learned(self, play):
        play.set_trait("points", OWN)
        assert play.shown["right"] is None
        play.learn(5)
        assert play.epochs == 0
        play.painted = [[-1, 0, 0], [1, 0, 1]]
        play.learn(50)
        assert play.shown["right"] == 1.0

    def test_the_pages_buttons_learn_and_begin_again(self, play):
        before = play.shown["cuts"]
        play._handle_custom_msg({"learn": 3}, [])
        assert play.epochs == 3
        play._handle_custom_msg({"again": True}, [])
        assert play.epochs == 0
        assert play.shown["cuts"] != before

    def test_neurons_that_are_added_in_another_thread_while_it_learns_are_there_afterwards(self):
        learning, added, busy = threading.Event(), threading.Event(), threading.Event()

        def train_network(X, y, params, *_):
            if busy.is_set():
                learning.set()
                added.wait(0.5)
            return params

        def add():
            play.hidden = 3
            added.set()

        play = widgets.playground_by(train_network)
        busy.set()
        threads = [threading.Thread(target=play.learn, args=(5,)), threading.Thread(target=add)]
        threads[0].start()
        assert learning.wait(60)
        threads[1].start()
        for thread in threads:
            thread.join()
        assert (play.epochs, play._params["W1"].shape, len(play.shown["cuts"])) == (0, (2, 3), 3)

    def test_a_forward_that_leaves_torch_is_told(self, capsys):
        def forward(X, params):
            return torch.from_numpy(_playground.plain_forward(X, params).detach().numpy())

        assert widgets.playground(_playground.plain_init, forward) is None
        assert "torch finds no way back through your `forward`" in capsys.readouterr().out

    def test_the_learners_training_does_the_same(self):
        play = widgets.playground_by(lambda X, y, params, lr, *_, seed=0: _small(X, y, params, lr))
        play.hidden = 3
        play.learn(1)
        assert play.epochs == 1
        assert play.note == ""
