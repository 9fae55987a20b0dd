"""Right answers to lesson 2, in the styles that students write."""

import numpy as np
import torch


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
    return [torch.tensor(10.0), torch.tensor(10.0)]


def stuck_start__array():
    """One numpy array of two numbers."""
    return np.array([-8.5, -9.5])


def stuck_start__whole_numbers():
    """Whole numbers, in a dict."""
    return {"b": -10, "w": -5}


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


def numeric_gradient__one_hot_steps(f, w, h=1e-3):
    """A step of its own for each entry."""
    slopes = []
    for i in range(w.numel()):
        e = torch.zeros(w.numel())
        e[i] = h
        e = e.reshape(w.shape)
        slopes.append((float(f(w + e)) - float(f(w - e))) / (2 * h))
    return torch.tensor(slopes).reshape(w.shape)


def numeric_gradient__enumerate_product(f, w, h=1e-3):
    """itertools runs through all places; new copies each time."""
    from itertools import product

    g = torch.empty(w.shape)
    for place in product(*map(range, w.shape)):
        plus = w.detach().clone()
        plus[place] = plus[place] + h
        minus = w.detach().clone()
        minus[place] = minus[place] - h
        g[place] = (f(plus) - f(minus)) / (plus[place] - minus[place])
    return g


def numeric_gradient__nested_helper(f, w, h=1e-3):
    """A helper that moves one entry."""

    def moved(place, by):
        copy = w.clone()
        copy.view(-1)[place] += by
        return copy

    return torch.tensor([(f(moved(n, h)) - f(moved(n, -h))) / (2 * h) for n in range(w.nelement())]).view_as(w)


def numeric_gradient__numpy_out(f, w, h=1e-3):
    """An array of numpy for the slopes."""
    slopes = np.zeros(tuple(w.shape))
    for index, _ in np.ndenumerate(w.numpy()):
        up = w.clone()
        up[index] += h
        down = w.clone()
        down[index] -= h
        slopes[index] = (f(up) - f(down)).item() / (2 * h)
    return slopes


def neuron_gradients__requires_grad_later(X, y, w, b):
    """detach, requires_grad_, backward."""
    w_ = torch.tensor(w.tolist(), requires_grad=True)
    b_ = torch.tensor(float(b), requires_grad=True)
    loss = torch.mean((torch.sigmoid(X @ w_ + b_) - y) ** 2)
    loss.backward()
    return w_.grad, b_.grad.item()


def neuron_gradients__chain_of_names(X, y, w, b):
    """Each factor of the chain rule has a name."""
    m = X.shape[0]
    a = torch.sigmoid(X @ w + b)
    dcost_da = 2 * (a - y) / m
    da_dz = a * (1 - a)
    dcost_dz = dcost_da * da_dz
    return (dcost_dz @ X, torch.sum(dcost_dz))


def neuron_gradients__einsum(X, y, w, b):
    """An index formula for each slope."""
    a = torch.sigmoid(torch.einsum("ij,j->i", X, w) + b)
    delta = 2 * (a - y) * a * (1 - a)
    return torch.einsum("ij,i->j", X, delta) / len(y), torch.einsum("i->", delta) / len(y)


def neuron_gradients__functional(X, y, w, b):
    """torch.func.grad of a cost written inside."""

    def cost(w, b):
        return ((torch.sigmoid(X @ w + b) - y) ** 2).mean()

    return torch.func.grad(cost, argnums=(0, 1))(w, b)


def neuron_gradients__weight_by_weight(X, y, w, b):
    """A list of slopes, one weight after the other."""
    a = torch.sigmoid(X @ w + b)
    common = (a - y) * a * (1 - a)
    dw = [2 * torch.mean(common * X[:, j]).item() for j in range(X.shape[1])]
    return torch.tensor(dw), 2 * torch.mean(common)


def neuron_gradients__exact_numeric(X, y, w, b):
    """Double precision, and a difference on both sides."""
    X, y, w, b = X.double(), y.double(), w.double(), torch.as_tensor(b).double()

    def cost(w, b):
        return ((torch.sigmoid(X @ w + b) - y) ** 2).mean()

    h = 1e-6
    steps = h * torch.eye(len(w), dtype=torch.float64)
    dw = torch.stack([(cost(w + step, b) - cost(w - step, b)) / (2 * h) for step in steps])
    return dw, (cost(w, b + h) - cost(w, b - h)) / (2 * h)


def train_neuron__own_helpers(X, y, w, b, lr, steps):
    """Functions inside, and a dict of slopes."""

    def opinion(w, b):
        return torch.sigmoid(X @ w + b)

    def slopes(w, b):
        a = opinion(w, b)
        delta = 2 * (a - y) * a * (1 - a) / len(y)
        return {"w": X.T @ delta, "b": delta.sum()}

    losses = []
    for step in range(steps):
        losses += [torch.mean((opinion(w, b) - y) ** 2).item()]
        found = slopes(w, b)
        w, b = w - lr * found["w"], b - lr * found["b"]
        if step % 100 == 0:
            print(f"step {step}: loss {losses[-1]:.4f}")
    return w, b, losses


def train_neuron__while_loop(X, y, w, b, lr, steps):
    """A counter; a list of three."""
    theta_w, theta_b = w.clone(), torch.as_tensor(b).clone()
    losses = []
    step = 0
    while step < steps:
        a = torch.sigmoid(X @ theta_w + theta_b)
        losses.append(float(((a - y) ** 2).mean()))
        delta = 2 * (a - y) * a * (1 - a)
        theta_w = theta_w - lr * (X * delta[:, None]).mean(0)
        theta_b = theta_b - lr * delta.mean()
        step += 1
    return [theta_w, theta_b, losses]


def train_neuron__stacked_losses(X, y, w, b, lr, steps):
    """torch.autograd.grad, losses as one tensor."""
    losses = []
    for _ in range(steps):
        w, b = w.detach().requires_grad_(), b.detach().requires_grad_()
        loss = torch.nn.functional.mse_loss(torch.sigmoid(X @ w + b), y.float())
        dw, db = torch.autograd.grad(loss, [w, b])
        losses.append(loss.detach())
        w, b = (w - lr * dw).detach(), (b - lr * db).detach()
    return w, b, torch.stack(losses)


def train_neuron__module(X, y, w, b, lr, steps):
    """torch's layer, its optimizer, and a loop as in the tutorial."""
    layer = torch.nn.Linear(X.shape[1], 1)
    with torch.no_grad():
        layer.weight.copy_(w.unsqueeze(0))
        layer.bias.fill_(float(b))
    optimizer = torch.optim.SGD(layer.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = ((torch.sigmoid(layer(X)).squeeze(1) - y) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return layer.weight.detach().squeeze(0), layer.bias.detach().squeeze(), losses


def cost_examples__tensors():
    """Tensors in lists; labels that are floats."""
    X = torch.tensor([[0.0, 0.0], [1.0, -1.0], [2000.0, 0.0], [0.0, 2000.0]])
    return [
        [X, torch.tensor([1.0, 0.0, 0.0, 0.0]), torch.tensor([1.0, 1.0]), torch.tensor(0.0), torch.tensor(0.625)],
        [X[:2], torch.tensor([1, 0]), torch.tensor([0.5, 0.5]), torch.tensor(1.0986), torch.tensor(0.3125)],
    ]


def cost_examples__dicts():
    """Dicts, whose entries may stand in any order; numpy arrays and numpy numbers."""
    return (
        {"y": [1, 0, 0], "X": np.array([[1], [1], [-1]]), "b": 0, "w": np.array([1000]), "expected": np.float32(1 / 3)},
        {"expected": 0.15625, "b": -1, "w": [1], "y": np.array([0, 1]), "X": [[1], [2.0986]]},
    )
