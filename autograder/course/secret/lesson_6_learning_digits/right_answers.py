"""Right answers to lesson 6, in the styles that students write."""

import numpy as np
import torch


def blame_at_scores__one_hot(probs, y):
    """By a table of zeros and ones."""
    return (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)


def blame_at_scores__loop(probs, y):
    """Lists of Python numbers."""
    rows = probs.tolist()
    return [
        [(p - (j == label)) / len(rows) for j, p in enumerate(row)] for row, label in zip(rows, y.tolist(), strict=True)
    ]


def blame_at_hidden__loop(delta2, W2, hidden):
    """Neuron by neuron."""
    columns = []
    for j in range(W2.shape[0]):
        back = (delta2 * W2[j]).sum(dim=1)
        columns.append(back * (hidden[:, j] - hidden[:, j] ** 2))
    return torch.stack(columns, dim=1)


def blame_at_hidden__einsum(delta2, W2, hidden):
    """torch.einsum."""
    return torch.einsum("mk,hk,mh->mh", delta2, W2, hidden * (1 - hidden))


def layer_slopes__images(inputs, delta):
    """Image by image, a list of two."""
    dW = sum(torch.outer(x, d) for x, d in zip(inputs, delta, strict=True))
    return [dW, delta.sum(0)]


def layer_slopes__numpy(inputs, delta):
    """numpy arrays."""
    return inputs.numpy().T @ delta.numpy(), delta.numpy().sum(axis=0)


def network_gradients__formula(X, y, params):
    """Backpropagation by hand."""
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    delta2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    delta1 = delta2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ delta1, "b1": delta1.sum(dim=0), "W2": hidden.T @ delta2, "b2": delta2.sum(dim=0)}


def network_gradients__autograd(X, y, params):
    """torch.autograd.grad of torch's own cross-entropy."""
    leaves = {name: value.detach().clone().requires_grad_() for name, value in params.items()}
    hidden = torch.sigmoid(X @ leaves["W1"] + leaves["b1"])
    cost = torch.nn.functional.cross_entropy(hidden @ leaves["W2"] + leaves["b2"], y)
    return dict(zip(leaves, torch.autograd.grad(cost, list(leaves.values())), strict=True))


def network_gradients__backward(X, y, params):
    """backward on minus the mean logarithm; keys in another order."""
    W1, b1, W2, b2 = (params[name].clone().requires_grad_() for name in ("W1", "b1", "W2", "b2"))
    probs = torch.softmax(torch.sigmoid(X @ W1 + b1) @ W2 + b2, dim=1)
    (-torch.log(probs[torch.arange(len(y)), y]).mean()).backward()
    return {"b2": b2.grad, "W2": W2.grad, "b1": b1.grad, "W1": W1.grad}


def network_gradients__image_by_image(X, y, params):
    """A loop over images, slopes added and divided at the end."""
    total = {name: torch.zeros_like(value) for name, value in params.items()}
    for x, label in zip(X, y, strict=True):
        hidden = torch.sigmoid(x @ params["W1"] + params["b1"])
        delta2 = torch.softmax(hidden @ params["W2"] + params["b2"], dim=0)
        delta2[label] -= 1
        delta1 = params["W2"] @ delta2 * hidden * (1 - hidden)
        total["W1"] += torch.outer(x, delta1)
        total["b1"] += delta1
        total["W2"] += torch.outer(hidden, delta2)
        total["b2"] += delta2
    return {name: value / len(y) for name, value in total.items()}


def network_gradients__numpy(X, y, params):
    """numpy, in double precision."""
    X, y = X.numpy().astype(np.float64), y.numpy()
    W1, b1, W2, b2 = (params[name].numpy().astype(np.float64) for name in ("W1", "b1", "W2", "b2"))
    hidden = 1 / (1 + np.exp(-(X @ W1 + b1)))
    z = hidden @ W2 + b2
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    delta2 = powers / powers.sum(axis=1, keepdims=True)
    delta2[np.arange(len(y)), y] -= 1
    delta2 /= len(y)
    delta1 = delta2 @ W2.T * hidden * (1 - hidden)
    return {"W1": X.T @ delta1, "b1": delta1.sum(axis=0), "W2": hidden.T @ delta2, "b2": delta2.sum(axis=0)}


def count_steps__range(m, batch_size, epochs):
    """As the loops count."""
    return len(range(0, m, batch_size)) * epochs


def count_steps__ceil(m, batch_size, epochs):
    """Rounded up."""
    return epochs * int(np.ceil(m / batch_size))


def train_network__autograd(X, y, params, lr, batch_size, epochs, seed=0):
    """torch.autograd.grad and a generator."""
    params = {name: value.detach().clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for first in range(0, len(y), batch_size):
            rows = order[first : first + batch_size]
            hidden = torch.sigmoid(X[rows] @ params["W1"] + params["b1"])
            cost = torch.nn.functional.cross_entropy(hidden @ params["W2"] + params["b2"], y[rows])
            slopes = torch.autograd.grad(cost, list(params.values()))
            with torch.no_grad():
                for value, slope in zip(params.values(), slopes, strict=True):
                    value -= lr * slope
    return {name: value.detach() for name, value in params.items()}


def train_network__formula(X, y, params, lr, batch_size, epochs, seed=0):
    """Backpropagation by hand, new tensors at each step, the global generator."""
    torch.manual_seed(seed)
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    for _ in range(epochs):
        for rows in torch.randperm(X.shape[0]).split(batch_size):
            batch, labels = X[rows], y[rows]
            hidden = torch.sigmoid(batch @ W1 + b1)
            delta2 = torch.softmax(hidden @ W2 + b2, dim=1)
            delta2[torch.arange(len(labels)), labels] -= 1
            delta2 = delta2 / len(labels)
            delta1 = delta2 @ W2.T * hidden * (1 - hidden)
            W2, b2 = W2 - lr * hidden.T @ delta2, b2 - lr * delta2.sum(0)
            W1, b1 = W1 - lr * batch.T @ delta1, b1 - lr * delta1.sum(0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


def train_network__optimizer(X, y, params, lr, batch_size, epochs, seed=0):
    """torch.optim.SGD; the result carries grad."""
    params = {name: torch.nn.Parameter(value.clone()) for name, value in params.items()}
    optimizer = torch.optim.SGD(params.values(), lr=lr)
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(X), generator=generator)
        X_mixed, y_mixed = X[order], y[order]
        for first in range(0, len(X), batch_size):
            last = min(first + batch_size, len(X))
            optimizer.zero_grad()
            scores = torch.sigmoid(X_mixed[first:last] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
            torch.nn.functional.cross_entropy(scores, y_mixed[first:last]).backward()
            optimizer.step()
    return params


def train_network__data_loader(X, y, params, lr, batch_size, epochs, seed=0):
    """torch's DataLoader shuffles and makes the batches."""
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    loader = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(X, y),
        batch_size=batch_size,
        shuffle=True,
        generator=torch.Generator().manual_seed(seed),
    )
    for _ in range(epochs):
        for batch, labels in loader:
            hidden = torch.sigmoid(batch @ params["W1"] + params["b1"])
            probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
            (-torch.log(probs[torch.arange(len(labels)), labels].clamp(min=1e-12)).mean()).backward()
            with torch.no_grad():
                for value in params.values():
                    value -= lr * value.grad
                    value.grad.zero_()
    return {name: value.detach() for name, value in params.items()}


def train_network__numpy(X, y, params, lr, batch_size, epochs, seed=0):
    """numpy from beginning to end, with numpy's own random numbers."""
    rng = np.random.default_rng(seed)
    X, y = X.numpy(), y.numpy()
    W1, b1, W2, b2 = (params[name].numpy().copy() for name in ("W1", "b1", "W2", "b2"))
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for first in range(0, len(y), batch_size):
            rows = order[first : first + batch_size]
            hidden = 1 / (1 + np.exp(-(X[rows] @ W1 + b1)))
            z = hidden @ W2 + b2
            delta2 = np.exp(z - z.max(axis=1, keepdims=True))
            delta2 /= delta2.sum(axis=1, keepdims=True)
            delta2[np.arange(len(rows)), y[rows]] -= 1
            delta2 /= len(rows)
            delta1 = delta2 @ W2.T * hidden * (1 - hidden)
            W2 -= lr * hidden.T @ delta2
            b2 -= lr * delta2.sum(axis=0)
            W1 -= lr * X[rows].T @ delta1
            b1 -= lr * delta1.sum(axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


def network_gradients__named_steps(X, y, params):
    """Backpropagation, one step a line."""
    m = X.shape[0]
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    z1 = X @ W1 + b1
    a1 = torch.sigmoid(z1)
    z2 = a1 @ W2 + b2
    e = torch.exp(z2 - z2.max(dim=1, keepdim=True).values)
    probs = e / e.sum(dim=1, keepdim=True)
    target = torch.zeros_like(probs)
    target[torch.arange(m), y] = 1
    dz2 = (probs - target) / m
    da1 = dz2 @ W2.T
    dz1 = da1 * a1 * (1 - a1)
    return {"W1": X.T @ dz1, "b1": dz1.sum(0), "W2": a1.T @ dz2, "b2": dz2.sum(0)}


def network_gradients__functional(X, y, params):
    """torch.func.grad of a cost written inside."""

    def cost(p):
        scores = torch.sigmoid(X @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
        return torch.nn.functional.cross_entropy(scores, y)

    return torch.func.grad(cost)(params)


def network_gradients__means(X, y, params):
    """Means over the images at the end."""
    hidden = torch.sigmoid(torch.addmm(params["b1"], X, params["W1"]))
    probs = torch.softmax(torch.addmm(params["b2"], hidden, params["W2"]), 1)
    delta2 = probs - torch.eye(probs.shape[1])[y]
    delta1 = (delta2 @ params["W2"].T) * hidden * (1 - hidden)
    outer1 = X.unsqueeze(2) * delta1.unsqueeze(1)
    outer2 = hidden.unsqueeze(2) * delta2.unsqueeze(1)
    return {"W1": outer1.mean(0), "b1": delta1.mean(0), "W2": outer2.mean(0), "b2": delta2.mean(0)}


def network_gradients__nll(X, y, params):
    """Logarithms of softmax, backward, and what it leaves in grad."""
    copies = {key: torch.tensor(value.tolist(), requires_grad=True) for key, value in params.items()}
    z = torch.sigmoid(X @ copies["W1"] + copies["b1"]) @ copies["W2"] + copies["b2"]
    torch.nn.functional.nll_loss(torch.log_softmax(z, dim=1), y).backward()
    return {key: value.grad for key, value in copies.items()}


def train_network__own_functions(X, y, params, lr, batch_size, epochs, seed=0):
    """Functions inside, numpy's permutation, and a print an epoch."""

    def gradients(X, y, p):
        hidden = torch.sigmoid(X @ p["W1"] + p["b1"])
        delta2 = torch.softmax(hidden @ p["W2"] + p["b2"], 1)
        delta2 = (delta2 - torch.nn.functional.one_hot(y, delta2.shape[1])) / len(y)
        delta1 = delta2 @ p["W2"].T * hidden * (1 - hidden)
        return {"W1": X.T @ delta1, "b1": delta1.sum(0), "W2": hidden.T @ delta2, "b2": delta2.sum(0)}

    rng = np.random.RandomState(seed)
    for epoch in range(epochs):
        order = torch.from_numpy(rng.permutation(len(X)))
        for start in range(0, len(X), batch_size):
            batch = order[start : start + batch_size]
            grads = gradients(X[batch], y[batch], params)
            params = {key: params[key] - lr * grads[key] for key in params}
        print("epoch", epoch, "done")
    return params
