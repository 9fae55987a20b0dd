"""Right answers to lesson 3, in the styles that students write."""

import numpy as np
import torch


def linear__matmul(X, W, b):
    """A matrix product and a broadcast."""
    return X @ W + b


def linear__addmm(X, W, b):
    """torch.addmm."""
    return torch.addmm(b, X, W)


def linear__torch_linear(X, W, b):
    """torch's own layer, which wants the transpose."""
    return torch.nn.functional.linear(X, W.T, b)


def linear__loops(X, W, b):
    """Three nested loops."""
    result = torch.zeros(X.shape[0], W.shape[1])
    for row in range(X.shape[0]):
        for neuron in range(W.shape[1]):
            total = b[neuron].item()
            for place in range(X.shape[1]):
                total += X[row, place].item() * W[place, neuron].item()
            result[row, neuron] = total
    return result


def linear__neuron_by_neuron(X, W, b):
    """One column a neuron, then stacked."""
    return torch.stack([X @ W[:, neuron] + b[neuron] for neuron in range(len(b))], dim=1)


def linear__numpy_double(X, W, b):
    """numpy, in double precision."""
    return X.numpy().astype(np.float64) @ W.numpy() + b.numpy()


def between__all_four():
    """All four opinions; a list and a tensor."""
    return [torch.tensor([4.0, -1.0, 0.5, -6.0]), torch.tensor(-2.0)]


def between__dict():
    """A dict."""
    return {"w": (1, 0, 0, -1), "b": -0.5}


def between__numpy():
    """numpy, large weights."""
    return np.array([100.0, -100.0, 0.0, -100.0]), -50


def from_torch__transpose(weight, bias):
    """Turned over and laid out anew; the bias with nothing added."""
    return weight.T.contiguous(), bias + 0


def from_torch__copies(weight, bias):
    """Copies of both."""
    return weight.t().contiguous().clone(), bias.clone()


def from_torch__numpy(weight, bias):
    """numpy's transpose."""
    return np.transpose(weight.numpy()).copy(), bias.numpy().copy()


def from_torch__permute(weight, bias):
    """Dimensions named one by one; a list of two."""
    return [part.detach().clone() for part in (weight.permute(1, 0), bias)]


def from_torch__through_layer(weight, bias):
    """Feeds the identity to torch's layer and reads W off."""
    return torch.nn.functional.linear(torch.eye(weight.shape[1]), weight), torch.clone(bias)


def linear__einsum(X, W, b):
    """An index formula."""
    return torch.einsum("md,dh->mh", X, W) + b


def linear__broadcast(X, W, b):
    """All products in a block of three dimensions, then a sum."""
    return (X.unsqueeze(2) * W.unsqueeze(0)).sum(dim=1) + b.unsqueeze(0)


def linear__baddbmm_free(X, W, b):
    """The bias once a row, written out."""
    return torch.mm(X, W) + b.repeat(X.shape[0], 1)


def linear__rows(X, W, b):
    """One observation after the other."""
    return torch.stack([x @ W + b for x in X])


def linear__lists(X, W, b):
    """Lists of Python numbers."""
    columns = W.T.tolist()
    return [
        [
            sum(x * w for x, w in zip(row, column, strict=True)) + bias
            for column, bias in zip(columns, b.tolist(), strict=True)
        ]
        for row in X.tolist()
    ]


def linear__ones_column(X, W, b):
    """The bias as one more weight."""
    return torch.hstack([X, torch.ones(len(X), 1)]) @ torch.vstack([W, b])


def from_torch__swapaxes(weight, bias):
    """Another name for the transpose."""
    W = weight.swapaxes(0, 1).clone()
    return W, bias.detach().clone()


def from_torch__loops(weight, bias):
    """Entry by entry."""
    h, d = weight.shape
    W = torch.zeros((d, h))
    for i in range(h):
        for j in range(d):
            W[j, i] = weight[i, j]
    return W, bias * 1


def from_torch__stacked_rows(weight, bias):
    """Each row becomes a column."""
    return torch.stack(list(weight), dim=1), torch.tensor(bias.tolist())


def from_torch__deepcopy(weight, bias):
    """Python's deep copy."""
    import copy

    return copy.deepcopy(weight).T, copy.deepcopy(bias)


def linear_examples__tensors():
    """Tensors in lists; one table larger than the others."""
    X, W = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    return [
        [X, W, torch.tensor([10.0, 20.0]), torch.tensor([[11.0, 22.0], [13.0, 24.0]])],
        [torch.tensor([[1.0, 1.0], [2.0, 0.0]]), W[:2], torch.zeros(2), torch.tensor([[4.0, 6.0], [2.0, 4.0]])],
        [torch.ones(1, 1), torch.ones(1, 1), torch.ones(1), torch.tensor([[2.0]])],
    ]


def linear_examples__dicts():
    """Dicts, whose entries may stand in any order; numpy arrays."""
    square = np.array([[0, 1], [2, 3]])
    return (
        {"X": square, "b": np.array([0.5, 1.5]), "W": square[::-1], "expected": np.array([[0.5, 2.5], [4.5, 10.5]])},
        {"expected": [[3]], "X": [[2]], "W": [[1]], "b": [1]},
    )


def between__layer_of_one():
    """A layer of one neuron: a column of weights, and a row of one bias."""
    return torch.tensor([[1.0], [0.0], [0.0], [-1.0]]), torch.tensor([-0.5])
