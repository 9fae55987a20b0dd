"""Lesson 1, one neuron: weighted sum, sigmoid, hypothesis, prediction."""

import torch

from autograder.judging import assert_close, drawn_as, keeps_arguments, points

# The weights do not add up to 1, so that a weighted mean is told from a weighted sum.
X = torch.tensor([[1.0, 2.0, 3.0], [0.5, -1.0, 2.0], [0.0, 0.25, -1.5], [-2.0, 1.0, 0.5]])
W = torch.tensor([0.5, -1.0, 0.75])
B = torch.tensor(0.25)
NO_BIAS = torch.tensor(0.0)


class TestWeightedSum:
    @points(0.5)
    def test_multiplies_and_adds(self, student, reference):
        """Each input is multiplied by its weight, and the products are added."""
        x, w = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([0.5, -1.0, 2.0])
        assert_close(student.weighted_sum(x, w, NO_BIAS), reference.weighted_sum(x, w, NO_BIAS))

    @points(0.5)
    def test_adds_bias(self, student, reference):
        """The bias is added once."""
        x, w, b = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 0.5]), torch.tensor(-1.5)
        assert_close(student.weighted_sum(x, w, b), reference.weighted_sum(x, w, b))

    @points(0.5)
    def test_batch(self, student, reference):
        """Four observations of three inputs give four sums."""
        assert_close(student.weighted_sum(X, W, B), reference.weighted_sum(X, W, B))

    test_keeps_arguments = keeps_arguments("weighted_sum", 0.5, X, W, B)


@drawn_as("curve")
class TestSigmoid:
    @points(0.5)
    def test_zero_is_half(self, student):
        """sigmoid(0) is 0.5."""
        assert_close(student.sigmoid(torch.tensor(0.0)), 0.5)

    @points(0.5)
    def test_each_entry(self, student, reference):
        """Each entry of z becomes a number between 0 and 1, large where z is large."""
        z = torch.tensor([[-3.0, -1.0, -0.25], [0.5, 2.0, 5.0]])
        assert_close(student.sigmoid(z), reference.sigmoid(z))

    @points(0.5)
    def test_far_from_zero(self, student):
        """sigmoid(-100) is 0 and sigmoid(100) is 1, neither is nan."""
        assert_close(student.sigmoid(torch.tensor([-100.0, 100.0])), torch.tensor([0.0, 1.0]))

    test_keeps_arguments = keeps_arguments("sigmoid", 0.5, torch.tensor([[-2.0, 0.5, 1.0], [3.0, -0.25, 0.0]]))


class TestHypothesis:
    @points(0.5)
    def test_one_observation(self, student, reference):
        """One observation gives one number, the sigmoid of its weighted sum."""
        x, w = torch.tensor([1.0, -2.0, 0.5]), torch.tensor([0.5, 0.25, -1.0])
        assert_close(student.hypothesis(x, w, NO_BIAS), reference.hypothesis(x, w, NO_BIAS))

    @points(0.5)
    def test_bias_inside(self, student, reference):
        """The bias is added before the sigmoid is taken."""
        x, w, b = torch.tensor([1.0, 2.0]), torch.tensor([0.5, -0.25]), torch.tensor(-1.5)
        assert_close(student.hypothesis(x, w, b), reference.hypothesis(x, w, b))

    @points(0.5)
    def test_batch(self, student, reference):
        """Each of several observations gets a hypothesis of its own, never nan, also where its sum is 300 or -300."""
        far = torch.cat([X, torch.tensor([[200.0, -200.0, 0.0], [-200.0, 200.0, 0.0]])])
        assert_close(student.hypothesis(far, W, B), reference.hypothesis(far, W, B))

    test_keeps_arguments = keeps_arguments("hypothesis", 0.5, X, W, B)


class TestPredict:
    @points(0.5)
    def test_one_observation(self, student):
        """A neuron that is nearly sure says 1."""
        assert_close(student.predict(torch.tensor([2.0, 1.0]), torch.tensor([1.5, 0.5]), B), 1)

    @points(0.5)
    def test_batch(self, student):
        """Observations on both sides of the cut: 1, 0, 0, 1."""
        x = torch.tensor([[1.0, 0.0], [-4.0, 0.0], [0.0, 3.0], [-0.5, 0.0]])
        w, b = torch.tensor([1.0, -1.0]), torch.tensor(1.5)
        assert_close(student.predict(x, w, b), torch.tensor([1, 0, 0, 1]))

    @points(0.5)
    def test_cut_is_on_hypothesis(self, student):
        """A weighted sum of 0.25 makes the hypothesis 0.56, which exceeds ½: the neuron says 1."""
        x = torch.tensor([[0.25], [-0.25]])
        assert_close(student.predict(x, torch.tensor([1.0]), NO_BIAS), torch.tensor([1, 0]))

    @points(0.5)
    def test_exactly_half(self, student):
        """A hypothesis of exactly ½ does not exceed ½: the neuron says 0."""
        x = torch.tensor([[2.0, 1.0], [2.0, 0.5]])
        w = torch.tensor([0.5, -1.0])
        assert_close(student.predict(x, w, NO_BIAS), torch.tensor([0, 1]))

    test_keeps_arguments = keeps_arguments("predict", 0.5, X, W, B)
