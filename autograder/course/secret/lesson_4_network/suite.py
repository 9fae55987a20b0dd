"""Lesson 4, hidden tests."""

import torch

from autograder.course.lessons.lesson_4_network.suite import EXAMPLES, assert_spread, network_of
from autograder.course.secret.lesson_4_network import misconceptions as known
from autograder.judging import assert_close, assert_that, points, tensor_of, varies

#: Wrong versions that only the grader has, and what is said of one that escapes.
WRONG_SOFTMAX = {
    "treats a batch as one long row": known.softmax__sums_whole_table,
    "breaks down where scores are large": known.softmax__overflows,
    "breaks down where one image has far larger scores than another": known.softmax__one_maximum_for_all,
    "shares out the scores themselves": known.softmax__no_exp,
    "moves all shares towards each other": known.softmax__twice,
    "gives the smallest score the largest share": known.softmax__wrong_sign,
    "cannot tell two large scores apart": known.softmax__cut_off,
    "loses a pair of brackets where there is one image": lambda z: torch.softmax(z, dim=1).squeeze(0),
}


def network(rng, d, h, k):
    """Parameters of a network with one hidden layer."""
    return {
        "W1": torch.randn((d, h), generator=rng),
        "b1": torch.randn(h, generator=rng),
        "W2": 2 * torch.randn((h, k), generator=rng),
        "b2": torch.randn(k, generator=rng),
    }


class TestInitParams:
    @points(0.5)
    @varies
    def test_other_sizes(self, student, rng):
        """Other sizes, three layers and another seed: shapes, zero biases, spread."""
        # Fan-in and fan-out differ by a factor of 2 or more, so that one is told from the other.
        a, b, c, d = (torch.tensor([500, 100, 250, 60]) + torch.randint(0, 20, (4,), generator=rng)).tolist()
        draw = torch.randint(1, 2**31, (), generator=rng).item()
        params = network_of(student.init_params((a, b, c, d), draw), (a, b, c, d))
        for layer in (1, 2, 3):
            bias = params[f"b{layer}"]
            assert_close(bias, torch.zeros(bias.shape), name=f"b{layer}")
            assert_spread(params[f"W{layer}"], f"W{layer}")

    @points(0.5)
    @varies
    def test_layers_differ(self, student, rng):
        """No two layers begin with the same numbers."""
        draw = torch.randint(1, 2**31, (), generator=rng).item()
        params = network_of(student.init_params((6, 6, 6), draw), (6, 6, 6))
        same = torch.equal(params["W1"].flatten()[:4], params["W2"].flatten()[:4])
        assert_that(not same, "W1 and W2 begin with the same numbers.", params["W2"])


class TestSoftmaxExamples:
    @points(3)
    @varies
    def test_tell_others(self, student):
        """Together the examples give other wrong versions away, which only the grader has."""
        EXAMPLES.assert_tell(student.softmax_examples(), WRONG_SOFTMAX)


class TestSoftmax:
    @points(1)
    def test_other_logits(self, student, reference, rng):
        """Other logits, in batches of any size."""
        for shape in ((1, 10), (4, 4), (6, 3), (2, 5)):
            z = 2 * torch.randn(shape, generator=rng)
            assert_close(student.softmax(z), reference.softmax(z))

    @points(0.5)
    def test_rows_far_apart(self, student, reference, rng):
        """A row in the thousands beside a row in the minus thousands: each row for itself."""
        z = torch.randn((3, 4), generator=rng) + torch.tensor([[1000.0], [0.0], [-1000.0]])
        assert_close(student.softmax(z), reference.softmax(z))


class TestForward:
    @points(0.5)
    def test_other_networks(self, student, reference, rng):
        """Other networks and other observations, in batches of any size."""
        for m, d, h, k in ((5, 3, 4, 2), (1, 6, 2, 10), (2, 2, 5, 3)):
            X, params = torch.randn((m, d), generator=rng), network(rng, d, h, k)
            assert_close(student.forward(X, params), reference.forward(X, params))

    @points(0.5)
    def test_square(self, student, reference, rng):
        """As many observations as inputs, neurons and classes, where a wrong turn does not show in the shape."""
        X, params = torch.randn((4, 4), generator=rng), network(rng, 4, 4, 4)
        assert_close(student.forward(X, params), reference.forward(X, params))


class TestPredictDigits:
    @points(1)
    def test_other_rows(self, student, rng):
        """Other probabilities, with winners above and below ½."""
        for m, k, lead in ((12, 10, 0.3), (5, 5, 0.3), (9, 3, 4.0), (4, 2, 1.0)):
            wins = torch.randint(0, k, (m,), generator=rng)
            # The winner stands out clearly, and the first rows do not all have the same one.
            wins[:2] = torch.tensor([k - 1, 0])
            scores = torch.rand((m, k), generator=rng)
            scores[torch.arange(m), wins] = 1 + lead
            probs = scores / scores.sum(dim=1, keepdim=True)
            assert_close(student.predict_digits(probs), wins)
        assert_close(tensor_of(student.predict_digits(probs[:1])), wins[:1])
