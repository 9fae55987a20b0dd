"""Lesson 3, a layer: neurons side by side, as columns of a matrix."""

import torch

from autograder.judging import assert_close, assert_keeps_arguments, keeps_arguments, points

X = torch.tensor([[1.0, 2.0, -1.0], [0.5, -1.0, 0.0], [-1.5, 0.25, 2.0], [0.0, 1.0, 1.0]])
W = torch.tensor([[0.5, -1.0], [0.25, 0.75], [-2.0, 1.5]])
B = torch.tensor([0.1, -0.4])

# As many observations as inputs as neurons: nothing can be told from shapes.
SQUARE_X = torch.tensor([[1.0, 2.0, -1.0], [0.5, -1.0, 0.0], [-1.5, 0.25, 2.0]])
SQUARE_W = torch.tensor([[0.5, -1.0, 0.0], [0.25, 0.75, 1.0], [-2.0, 1.5, 0.5]])
SQUARE_B = torch.tensor([1.0, -0.5, 0.25])


class TestStackNeurons:
    @points(0.5)
    def test_column_a_neuron(self, student, reference):
        """Two neurons with three weights each make a W of 3 rows and 2 columns, and two biases."""
        ws = [torch.tensor([1.0, 2.0, 3.0]), torch.tensor([-4.0, -5.0, -6.0])]
        bs = [torch.tensor(0.5), torch.tensor(-0.25)]
        assert_close(student.stack_neurons(ws, bs), reference.stack_neurons(ws, bs))

    @points(0.5)
    def test_square(self, student, reference):
        """Two neurons with two weights each: each neuron is a column, none is a row."""
        ws = [torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])]
        bs = [torch.tensor(0.0), torch.tensor(1.0)]
        assert_close(student.stack_neurons(ws, bs), reference.stack_neurons(ws, bs))

    @points(0.5)
    def test_single_neuron(self, student, reference):
        """A layer of one neuron has a W of one column and a b of one number."""
        ws, bs = [torch.tensor([0.5, -1.0, 2.0])], [torch.tensor(0.75)]
        assert_close(student.stack_neurons(ws, bs), reference.stack_neurons(ws, bs))

    test_keeps_arguments = keeps_arguments(
        "stack_neurons",
        0.5,
        [torch.tensor([1.0, -2.0, 0.5]), torch.tensor([0.0, 3.0, 1.0])],
        [torch.tensor(0.25), torch.tensor(-1.0)],
    )


class TestLinear:
    @points(1)
    def test_row_times_column(self, student, reference):
        """Each observation meets each neuron: 4 rows and 2 neurons give 4 × 2 sums."""
        b = torch.zeros(2)
        assert_close(student.linear(X, W, b), reference.linear(X, W, b))

    @points(0.5)
    def test_bias_of_neuron(self, student, reference):
        """Each neuron adds its own bias, to its whole column."""
        assert_close(student.linear(SQUARE_X, SQUARE_W, SQUARE_B), reference.linear(SQUARE_X, SQUARE_W, SQUARE_B))

    @points(0.5)
    def test_batch_of_one(self, student, reference):
        """One observation gives one row."""
        assert_close(student.linear(X[:1], W, B), reference.linear(X[:1], W, B))

    test_keeps_arguments = keeps_arguments("linear", 0.5, X, W, B)


class TestLayerForward:
    @points(1)
    def test_activations(self, student, reference):
        """Each weighted sum goes through the sigmoid, also one in the hundreds, which never gives nan."""
        far = torch.cat([X, torch.tensor([[-100.0, 0.0, -100.0], [200.0, 0.0, 150.0]])])
        assert_close(student.layer_forward(far, W, B), reference.layer_forward(far, W, B))

    @points(0.5)
    def test_bias_of_neuron(self, student, reference):
        """Each neuron adds its own bias before the sigmoid."""
        actual = student.layer_forward(SQUARE_X, SQUARE_W, SQUARE_B)
        assert_close(actual, reference.layer_forward(SQUARE_X, SQUARE_W, SQUARE_B))

    @points(0.5)
    def test_batch_of_one(self, student, reference):
        """One observation gives one row of activations."""
        assert_close(student.layer_forward(X[:1], W, B), reference.layer_forward(X[:1], W, B))

    test_keeps_arguments = keeps_arguments("layer_forward", 0.5, X, W, B)


class TestFromTorch:
    @points(1)
    def test_transposes(self, student, reference):
        """torch's 2 × 3 weight becomes a W of 3 × 2, and the bias stays as it is."""
        weight = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
        assert_close(student.from_torch(weight, B), reference.from_torch(weight, B))

    @points(0.5)
    def test_square(self, student, reference):
        """A square weight is turned over too: its rows become columns."""
        actual = student.from_torch(SQUARE_W, SQUARE_B)
        assert_close(actual, reference.from_torch(SQUARE_W, SQUARE_B))

    @points(0.5)
    def test_keeps_arguments(self, student, reference):
        """The layer is right, and torch's own weight and bias are left as they were."""
        assert_keeps_arguments(
            student.from_torch, reference.from_torch, torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), B
        )
