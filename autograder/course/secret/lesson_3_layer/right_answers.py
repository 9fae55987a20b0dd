"""Right answers to lesson 3, in the styles that students write."""

import numpy as np
import torch


def stack_neurons__stack(ws, bs):
    """torch.stack along the second dimension."""
    return torch.stack(ws, dim=1), torch.stack(bs)


def stack_neurons__transpose(ws, bs):
    """Rows first, then turned over."""
    return torch.stack(list(ws)).T, torch.tensor([float(b) for b in bs])


def stack_neurons__fill_columns(ws, bs):
    """Zeros, filled column by column."""
    W, b = torch.zeros(len(ws[0]), len(ws)), torch.zeros(len(ws))
    for neuron in range(len(ws)):
        W[:, neuron] = ws[neuron]
        b[neuron] = bs[neuron]
    return W, b


def stack_neurons__numpy(ws, bs):
    """numpy's column_stack, biases in a list."""
    return np.column_stack([w.numpy() for w in ws]), [b.item() for b in bs]


def stack_neurons__cat(ws, bs):
    """Columns made one by one and joined."""
    return torch.cat([w.reshape(-1, 1) for w in ws], dim=1), torch.cat([b.reshape(1) for b in bs])


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


def stack_neurons__column_stack(ws, bs):
    """torch.column_stack, and a list comprehension for the biases."""
    return torch.column_stack(tuple(ws)), torch.tensor([b.item() for b in bs])


def stack_neurons__loop_of_cats(ws, bs):
    """Grows a matrix, a column at a time."""
    W, b = torch.empty(len(ws[0]), 0), torch.empty(0)
    for weights, bias in zip(ws, bs, strict=True):
        W = torch.cat((W, weights.unsqueeze(1)), dim=1)
        b = torch.cat((b, bias.view(1)))
    return W, b


def stack_neurons__list_of_two(ws, bs):
    """A list of two in place of a pair."""
    return [torch.vstack(list(ws)).t().clone(), torch.hstack([b.reshape(1) for b in bs])]


def stack_neurons__nested_lists(ws, bs):
    """Python's zip turns a table over."""
    return torch.tensor(list(zip(*[w.tolist() for w in ws], strict=True))), torch.FloatTensor(list(map(float, bs)))


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
