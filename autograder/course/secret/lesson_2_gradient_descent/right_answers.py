"""Right answers to lesson 2, in the styles that students write."""

import numpy as np
import torch


def cost__mean_of_squares(X, y, w, b):
    """The mean of the squared differences."""
    return ((torch.sigmoid(X @ w + b) - y) ** 2).mean()


def cost__mse_loss(X, y, w, b):
    """torch's own mean squared error."""
    return torch.nn.functional.mse_loss(torch.sigmoid(X @ w + b), y.float())


def cost__loop(X, y, w, b):
    """A loop over the observations; a Python number."""
    total = 0.0
    for row, label in zip(X, y, strict=True):
        hypothesis = 1 / (1 + torch.exp(-((row * w).sum() + b)))
        total += (hypothesis.item() - label.item()) ** 2
    return total / len(y)


def cost__numpy(X, y, w, b):
    """numpy, in double precision; a numpy scalar."""
    z = X.numpy().astype(np.float64) @ w.numpy() + b.item()
    return np.mean((1 / (1 + np.exp(-z)) - y.numpy()) ** 2)


def cost__carries_grad(X, y, w, b):
    """A result that still hangs on autograd's graph."""
    w = w.clone().requires_grad_()
    return (torch.sigmoid(X @ w + b) - y).pow(2).sum() / y.shape[0]


def numeric_gradient__central(f, w, h=1e-3):
    """A central difference, one entry after the other."""
    slope = torch.zeros_like(w)
    for index in np.ndindex(*w.shape):
        up, down = w.clone(), w.clone()
        up[index] += h
        down[index] -= h
        slope[index] = (f(up) - f(down)) / (2 * h)
    return slope


def numeric_gradient__forward(f, w, h=1e-3):
    """A forward difference."""
    here = f(w)
    slope = torch.zeros(w.numel())
    for n in range(w.numel()):
        moved = w.clone().flatten()
        moved[n] += h
        slope[n] = (f(moved.reshape(w.shape)) - here) / h
    return slope.reshape(w.shape)


def numeric_gradient__backward(f, w, h=1e-3):
    """A backward difference."""
    slope = torch.empty_like(w)
    for n in range(w.numel()):
        step = torch.zeros(w.numel())
        step[n] = h
        slope.view(-1)[n] = (f(w) - f(w - step.view(w.shape))) / h
    return slope


def numeric_gradient__unit_steps(f, w, h=1e-3):
    """Steps along the rows of an identity matrix, stacked at the end."""
    steps = h * torch.eye(w.numel()).reshape(-1, *w.shape)
    return torch.stack([(f(w + step) - f(w - step)) / (2 * h) for step in steps]).reshape(w.shape)


def numeric_gradient__double(f, w, h=1e-3):
    """Double precision, and a Python list of numbers reshaped at the end."""
    start = w.double()
    slopes = []
    for n in range(start.numel()):
        up, down = start.flatten().clone(), start.flatten().clone()
        up[n] += h
        down[n] -= h
        slopes.append(((f(up.view(w.shape)) - f(down.view(w.shape))) / (2 * h)).item())
    return torch.tensor(slopes, dtype=torch.float64).view(w.shape)


def numeric_gradient__moves_copy_and_back(f, w, h=1e-3):
    """Moves one entry of a copy and puts the old number back."""
    w = w.clone()
    slope = torch.zeros_like(w)
    flat, slopes = w.view(-1), slope.view(-1)
    for n in range(len(flat)):
        old = flat[n].item()
        flat[n] = old + h
        right = f(w)
        flat[n] = old - h
        left = f(w)
        flat[n] = old
        slopes[n] = (right - left) / (2 * h)
    return slope


def neuron_gradients__formula(X, y, w, b):
    """The formula, as matrix products."""
    h = torch.sigmoid(X @ w + b)
    delta = 2 * (h - y) * h * (1 - h) / len(y)
    return X.T @ delta, delta.sum()


def neuron_gradients__means(X, y, w, b):
    """Means over the observations."""
    h = torch.sigmoid(X @ w + b)
    delta = 2 * (h - y) * h * (1 - h)
    return (X * delta.unsqueeze(1)).mean(dim=0), delta.mean()


def neuron_gradients__autograd(X, y, w, b):
    """torch.autograd.grad."""
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    cost = ((torch.sigmoid(X @ w + b) - y) ** 2).mean()
    return torch.autograd.grad(cost, (w, b))


def neuron_gradients__backward(X, y, w, b):
    """Backward, and what it leaves in grad; a list instead of a tuple."""
    w = w.detach().clone().requires_grad_(True)
    b = b.detach().clone().requires_grad_(True)
    torch.nn.functional.mse_loss(torch.sigmoid(X @ w + b), y.to(X.dtype)).backward()
    return [w.grad, b.grad]


def neuron_gradients__loop(X, y, w, b):
    """A loop over observations; db a Python number."""
    dw, db = torch.zeros(len(w)), 0.0
    for row, label in zip(X, y, strict=True):
        h = torch.sigmoid(row @ w + b)
        delta = 2 * (h - label) * h * (1 - h)
        dw += delta * row
        db += delta.item()
    return dw / len(y), db / len(y)


def neuron_gradients__numpy(X, y, w, b):
    """numpy, in double precision."""
    X, y, w, b = X.numpy().astype(np.float64), y.numpy(), w.numpy(), b.item()
    h = 1 / (1 + np.exp(-(X @ w + b)))
    delta = 2 * (h - y) * h * (1 - h)
    return X.T @ delta / len(y), delta.mean()


def stuck_start__everybody_malignant():
    """Large areas and small ones alike; a list of tensors."""
    return [torch.tensor(30.0), torch.tensor(40.0)]


def stuck_start__very_far():
    """Whole numbers, far away."""
    return 0, -1000


def train_neuron__formula(X, y, w, b, lr, steps):
    """The formula for the slopes, losses in a list of tensors."""
    losses = []
    for _ in range(steps):
        h = torch.sigmoid(X @ w + b)
        losses.append(((h - y) ** 2).mean())
        delta = 2 * (h - y) * h * (1 - h) / len(y)
        w = w - lr * X.T @ delta
        b = b - lr * delta.sum()
    return w, b, losses


def train_neuron__autograd(X, y, w, b, lr, steps):
    """backward and no_grad, losses in a list of Python numbers, results that carry grad."""
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    losses = []
    for _ in range(steps):
        cost = ((torch.sigmoid(X @ w + b) - y) ** 2).mean()
        losses.append(cost.item())
        cost.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad, b.grad = None, None
    return w, b, losses


def train_neuron__optimizer(X, y, w, b, lr, steps):
    """torch.optim.SGD; losses in a tensor."""
    w, b = torch.nn.Parameter(w.clone()), torch.nn.Parameter(b.clone())
    optimizer = torch.optim.SGD([w, b], lr=lr)
    losses = torch.zeros(steps)
    for step in range(steps):
        optimizer.zero_grad()
        cost = torch.nn.functional.mse_loss(torch.sigmoid(X @ w + b), y.float())
        losses[step] = cost.detach()
        cost.backward()
        optimizer.step()
    return w, b, losses


def train_neuron__numpy(X, y, w, b, lr, steps):
    """numpy, in double precision; losses in an array."""
    X, y, w, b = X.numpy().astype(np.float64), y.numpy(), w.numpy().astype(np.float64), float(b)
    losses = np.zeros(steps)
    for step in range(steps):
        h = 1 / (1 + np.exp(-(X @ w + b)))
        losses[step] = np.mean((h - y) ** 2)
        delta = 2 * (h - y) * h * (1 - h)
        w = w - lr * X.T @ delta / len(y)
        b = b - lr * delta.mean()
    return w, b, losses
