"""Wrong answers as students write them, by somebody who had not seen the known mistakes.

What is said of each, and whether that is true, stands in `judged.json`; see `../confusion.py`.
"""

import torch, math
import numpy as np
import torch.nn.functional as F


# --- lesson 1
def weighted_sum__cumsum(x, w, b):
    return (x * w).cumsum(-1) + b


def weighted_sum__minus_b(x, w, b):
    return x @ w - b


def weighted_sum__b_each(x, w, b):
    return (x * w + b).sum(-1)


def weighted_sum__mean(x, w, b):
    return (x * w).mean(-1) + b


def weighted_sum__noreturn(x, w, b):
    z = x @ w + b


def weighted_sum__total(x, w, b):
    return (x * w).sum() + b


def weighted_sum__dim0(x, w, b):
    return (x * w).sum(dim=0) + b


def weighted_sum__transposed(x, w, b):
    return w.T @ x.T + b  # right!


def weighted_sum__loop_return(x, w, b):
    for row in x:
        return row @ w + b


def weighted_sum__abs(x, w, b):
    return (x * w).abs().sum(-1) + b


def sigmoid__plus(z):
    return 1 / (1 + torch.exp(z))


def sigmoid__tanh(z):
    return torch.tanh(z)


def sigmoid__relu(z):
    return torch.relu(z)


def sigmoid__mathexp(z):
    return 1 / (1 + math.exp(-z))


def sigmoid__naive(z):
    return torch.exp(z) / (1 + torch.exp(z))


def sigmoid__brackets(z):
    return 1 / 1 + torch.exp(-z)


def sigmoid__arctan(z):
    return torch.atan(z) / math.pi + 0.5


def sigmoid__softsign(z):
    return 0.5 * (z / (1 + z.abs())) + 0.5


def sigmoid__hard(z):
    return (z / 6 + 0.5).clamp(0, 1)


def sigmoid__round(z):
    return torch.round(torch.sigmoid(z), decimals=2)


def sigmoid__base2(z):
    return 1 / (1 + 2 ** (-z))


def sigmoid__tensor(z):
    return torch.sigmoid(torch.tensor(z)).item()


def sigmoid__caret(z):
    return 1 / (1 + math.e ^ (-z))


def numeric_gradient__all(f, w, h=1e-3):
    return (f(w + h) - f(w - h)) / (2 * h)


def numeric_gradient__h(f, w, h=1e-3):
    g = torch.zeros_like(w)
    for i in range(w.numel()):
        u = w.clone()
        d = w.clone()
        u.view(-1)[i] += h
        d.view(-1)[i] -= h
        g.view(-1)[i] = (f(u) - f(d)) / h
    return g


def numeric_gradient__prec(f, w, h=1e-3):
    g = torch.zeros_like(w)
    for i in range(w.numel()):
        u = w.clone()
        d = w.clone()
        u.view(-1)[i] += h
        d.view(-1)[i] -= h
        g.view(-1)[i] = (f(u) - f(d)) / 2 * h
    return g


def numeric_gradient__len(f, w, h=1e-3):
    g = torch.zeros_like(w)
    for i in range(len(w)):
        u = w.clone()
        d = w.clone()
        u[i] += h
        d[i] -= h
        g[i] = (f(u) - f(d)) / (2 * h)
    return g


def numeric_gradient__view(f, w, h=1e-3):
    w = w.clone()
    g = torch.zeros(w.numel())
    v = w.view(-1)
    for i in range(w.numel()):
        old = v[i]
        v[i] = old + h
        r = f(w)
        v[i] = old - h
        l = f(w)
        v[i] = old
        g[i] = (r - l) / (2 * h)
    return g.view(w.shape)


def numeric_gradient__fixedh(f, w, h=1e-3):
    h = 1e-3
    g = torch.zeros_like(w)
    for i in range(w.numel()):
        u = w.clone()
        d = w.clone()
        u.view(-1)[i] += h
        d.view(-1)[i] -= h
        g.view(-1)[i] = (f(u) - f(d)) / (2 * h)
    return g


def neuron_gradients__noderiv(X, y, w, b):
    d = 2 * (torch.sigmoid(X @ w + b) - y) / len(y)
    return X.T @ d, d.sum()


def neuron_gradients__ce(X, y, w, b):
    d = (torch.sigmoid(X @ w + b) - y) / len(y)
    return X.T @ d, d.sum()


def neuron_gradients__no2(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = (a - y) * a * (1 - a) / len(y)
    return X.T @ d, d.sum()


def neuron_gradients__sum(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a * (1 - a)
    return X.T @ d, d.sum()


def neuron_gradients__sign(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (y - a) * a * (1 - a) / len(y)
    return X.T @ d, d.sum()


def neuron_gradients__dbvec(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a * (1 - a) / len(y)
    return X.T @ d, d


def neuron_gradients__sz(X, y, w, b):
    z = X @ w + b
    a = torch.sigmoid(z)
    d = 2 * (a - y) * z * (1 - z) / len(y)
    return X.T @ d, d.sum()


def neuron_gradients__dict(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a * (1 - a) / len(y)
    return {"dw": X.T @ d, "db": d.sum()}


def neuron_gradients__bthenw(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a * (1 - a) / len(y)
    return d.sum(), X.T @ d


def train_neuron__losses_after(X, y, w, b, lr, steps):
    L = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
        L.append(((torch.sigmoid(X @ w + b) - y) ** 2).mean())
    return w, b, L


def train_neuron__wfirst(X, y, w, b, lr, steps):
    L = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        L.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        a = torch.sigmoid(X @ w + b)
        d = 2 * (a - y) * a * (1 - a) / len(y)
        b = b - lr * d.sum()
    return w, b, L


def train_neuron__returninloop(X, y, w, b, lr, steps):
    L = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        L.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
        return w, b, L


def train_neuron__lastloss(X, y, w, b, lr, steps):
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        l = ((a - y) ** 2).mean()
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, l


def train_neuron__inplace(X, y, w, b, lr, steps):
    L = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        L.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w -= lr * X.T @ d
        b -= lr * d.sum()
    return w, b, L


def train_neuron__nob(X, y, w, b, lr, steps):
    L = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        L.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
    return w, b, L


def train_neuron__nograd_zero(X, y, w, b, lr, steps):
    w = w.clone().requires_grad_()
    b = b.clone().requires_grad_()
    L = []
    for _ in range(steps):
        l = ((torch.sigmoid(X @ w + b) - y) ** 2).mean()
        l.backward()
        L.append(l.item())
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
    return w.detach(), b.detach(), L


# --- 3
def linear__FWT(X, W, b):
    return F.linear(X, W, b)


def linear__star(X, W, b):
    return X * W + b


def linear__wx(X, W, b):
    return W @ X + b


def linear__T(X, W, b):
    return X @ W.T + b


def linear__nob(X, W, b):
    return X @ W


def linear__bcol(X, W, b):
    return X @ W + b.unsqueeze(1)


def linear__out(X, W, b):
    return (X @ W + b).T


def from_torch__same(weight, bias):
    return weight, bias


def from_torch__reshape(weight, bias):
    return weight.reshape(weight.shape[1], weight.shape[0]), bias


def from_torch__view(weight, bias):
    return weight.T, bias


def from_torch__layer(weight, bias):
    return weight.weight.T.clone(), weight.bias.clone()


def from_torch__both(weight, bias):
    return weight.T.clone(), bias.unsqueeze(0).clone()


# --- 4
def init_params__zeros(sizes, seed):
    return {
        **{f"W{i + 1}": torch.zeros(sizes[i], sizes[i + 1]) for i in range(len(sizes) - 1)},
        **{f"b{i + 1}": torch.zeros(sizes[i + 1]) for i in range(len(sizes) - 1)},
    }


def init_params__range(sizes, seed):
    g = torch.Generator().manual_seed(seed)
    p = {}
    for i in range(len(sizes)):
        p[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1], generator=g) / sizes[i] ** 0.5
        p[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return p


def init_params__typo(sizes, seed):
    g = torch.Generator().manual_seed(seed)
    p = {}
    for i in range(len(sizes) - 1):
        p[f"W{i + 1}"] = torch.randn(size[i], sizes[i + 1], generator=g) / sizes[i] ** 0.5
        p[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return p


def init_params__fanout(sizes, seed):
    g = torch.Generator().manual_seed(seed)
    p = {}
    for i in range(len(sizes) - 1):
        p[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1], generator=g) / sizes[i + 1] ** 0.5
        p[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return p


def init_params__rand(sizes, seed):
    g = torch.Generator().manual_seed(seed)
    p = {}
    for i in range(len(sizes) - 1):
        p[f"W{i + 1}"] = torch.rand(sizes[i], sizes[i + 1], generator=g) / sizes[i] ** 0.5
        p[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return p


def init_params__unscaled(sizes, seed):
    g = torch.Generator().manual_seed(seed)
    p = {}
    for i in range(len(sizes) - 1):
        p[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1], generator=g)
        p[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return p


def init_params__noseed(sizes, seed):
    p = {}
    for i in range(len(sizes) - 1):
        p[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1]) / sizes[i] ** 0.5
        p[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return p


def init_params__zero_based(sizes, seed):
    g = torch.Generator().manual_seed(seed)
    p = {}
    for i in range(len(sizes) - 1):
        p[f"W{i}"] = torch.randn(sizes[i], sizes[i + 1], generator=g) / sizes[i] ** 0.5
        p[f"b{i}"] = torch.zeros(sizes[i + 1])
    return p


def init_params__list(sizes, seed):
    g = torch.Generator().manual_seed(seed)
    return [torch.randn(sizes[i], sizes[i + 1], generator=g) / sizes[i] ** 0.5 for i in range(len(sizes) - 1)]


def init_params__transposed(sizes, seed):
    g = torch.Generator().manual_seed(seed)
    p = {}
    for i in range(len(sizes) - 1):
        p[f"W{i + 1}"] = torch.randn(sizes[i + 1], sizes[i], generator=g) / sizes[i] ** 0.5
        p[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return p


def init_params__zerosyn(sizes, seed):
    y, n = sizes[0], sizes[1]
    return torch.zeros(y, n)(1, 2)


def init_params__nogenkw(sizes, seed):
    g = torch.manual_seed(seed)
    p = {}
    for i in range(len(sizes) - 1):
        p[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1]) * 0.01
        p[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return p


def softmax__naive(z):
    return torch.exp(z) / torch.exp(z).sum(1, keepdim=True)


def softmax__all(z):
    e = torch.exp(z - z.max())
    return e / e.sum()


def softmax__nokd(z):
    e = torch.exp(z - z.max(1, keepdim=True).values)
    return e / e.sum(1)


def softmax__dim0(z):
    return torch.softmax(z, 0)


def softmax__mean(z):
    e = torch.exp(z - z.mean(1, keepdim=True))
    return e / e.sum(1, keepdim=True)


def softmax__min(z):
    e = torch.exp(z - z.min(1, keepdim=True).values)
    return e / e.sum(1, keepdim=True)


def softmax__first(z):
    e = torch.exp(z - z[:, :1])
    return e / e.sum(1, keepdim=True)


def softmax__median(z):
    e = torch.exp(z - z.median(1, keepdim=True).values)
    return e / e.sum(1, keepdim=True)


def softmax__noexp(z):
    return z / z.sum(1, keepdim=True)


def softmax__log(z):
    return torch.log_softmax(z, 1)


def softmax__sig(z):
    return torch.sigmoid(z)


def softmax__argmax(z):
    return z.argmax(1)


def softmax__zmax(z):
    return (z - z.max(1).values).exp()


def softmax__exp(z):
    return exp(z) / exp(z).sum(1, keepdim=True)


def softmax__maxtuple(z):
    e = torch.exp(z - z.max(1, keepdim=True))
    return e / e.sum(1, keepdim=True)


def softmax__max1(z):
    e = torch.exp(z - z.max(1)[1].unsqueeze(1))
    return e / e.sum(1, keepdim=True)


def forward__sigsig(X, params):
    return torch.sigmoid(torch.sigmoid(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"])


def forward__nosm(X, params):
    return torch.sigmoid(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]


def forward__relu(X, params):
    return torch.softmax(torch.relu(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"], 1)


def forward__noact(X, params):
    return torch.softmax((X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"], 1)


def forward__dim0(X, params):
    return torch.softmax(torch.sigmoid(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"], 0)


def forward__attr(X, params):
    return torch.softmax(torch.sigmoid(X @ params.W1 + params.b1) @ params.W2 + params.b2, 1)


def forward__lower(X, params):
    return torch.softmax(torch.sigmoid(X @ params["w1"] + params["b1"]) @ params["w2"] + params["b2"], 1)


def forward__cache(X, params):
    A = torch.softmax(torch.sigmoid(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"], 1)
    return A, {"X": X}


def forward__argmax(X, params):
    return torch.softmax(torch.sigmoid(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"], 1).argmax(1)


def forward__nob(X, params):
    return torch.softmax(torch.sigmoid(X @ params["W1"]) @ params["W2"], 1)


def forward__smsm(X, params):
    return torch.softmax(torch.softmax(X @ params["W1"] + params["b1"], 1) @ params["W2"] + params["b2"], 1)


def predict_digits__max(probs):
    return probs.max(1)


def predict_digits__values(probs):
    return probs.max(1).values


def predict_digits__dim0(probs):
    return probs.argmax(0)


def predict_digits__flat(probs):
    return probs.argmax()


def predict_digits__half(probs):
    return (probs > 0.5).long()


def predict_digits__plus1(probs):
    return probs.argmax(1) + 1


def predict_digits__keep(probs):
    return probs.argmax(1, keepdim=True)


def predict_digits__round(probs):
    return probs.round().argmax(1)


def predict_digits__first(probs):
    return probs[0].argmax()


def predict_digits__min(probs):
    return probs.argmin(1)


# --- 5
def prepare_images__nodiv(images):
    return images.reshape(len(images), -1).float()


def prepare_images__256(images):
    return images.reshape(len(images), -1) / 256


def prepare_images__noflat(images):
    return images / 255


def prepare_images__one(images):
    return images.flatten() / 255


def prepare_images__max(images):
    return images.reshape(len(images), -1) / images.max()


def prepare_images__int(images):
    return images.reshape(len(images), -1) // 255


def prepare_images__t(images):
    return images.transpose(1, 2).reshape(len(images), -1) / 255


def prepare_images__784(images):
    return images.reshape(784, -1) / 255


def prepare_images__standard(images):
    x = images.reshape(len(images), -1) / 255
    return (x - x.mean()) / x.std()


def prepare_images__inv(images):
    return 1 - images.reshape(len(images), -1) / 255


def cross_entropy__F(probs, y):
    return F.cross_entropy(probs, y)


def cross_entropy__sum(probs, y):
    return -torch.log(probs[range(len(y)), y].clamp(min=1e-12)).sum()


def cross_entropy__noclamp(probs, y):
    return -torch.log(probs[range(len(y)), y]).mean()


def cross_entropy__nominus(probs, y):
    return torch.log(probs[range(len(y)), y].clamp(min=1e-12)).mean()


def cross_entropy__log2(probs, y):
    return -torch.log2(probs[range(len(y)), y].clamp(min=1e-12)).mean()


def cross_entropy__log10(probs, y):
    return -torch.log10(probs[range(len(y)), y].clamp(min=1e-12)).mean()


def cross_entropy__all(probs, y):
    return -torch.log(probs.clamp(min=1e-12)).mean()


def cross_entropy__binary(probs, y):
    t = F.one_hot(y, probs.shape[1])
    p = probs.clamp(1e-12, 1 - 1e-7)
    return -(t * p.log() + (1 - t) * (1 - p).log()).sum(1).mean()


def cross_entropy__meanall(probs, y):
    return -(F.one_hot(y, probs.shape[1]) * probs.clamp(min=1e-12).log()).mean()


def cross_entropy__table(probs, y):
    return -torch.log(probs[:, y].clamp(min=1e-12)).mean()


def cross_entropy__logmean(probs, y):
    return -torch.log(probs[range(len(y)), y].mean())


def cross_entropy__one_minus(probs, y):
    return (1 - probs[range(len(y)), y]).mean()


def cross_entropy__mathlog(probs, y):
    return -math.log(probs[range(len(y)), y])


def cross_entropy__vector(probs, y):
    return -torch.log(probs[range(len(y)), y].clamp(min=1e-12))


# --- 6
def _back(X, y, params, scale=None):
    h = torch.sigmoid(X @ params["W1"] + params["b1"])
    p = torch.softmax(h @ params["W2"] + params["b2"], 1)
    return h, p


def network_gradients__sum(X, y, params):
    h = torch.sigmoid(X @ params["W1"] + params["b1"])
    p = torch.softmax(h @ params["W2"] + params["b2"], 1)
    d2 = p - F.one_hot(y, p.shape[1])
    d1 = d2 @ params["W2"].T * h * (1 - h)
    return {"W1": X.T @ d1, "b1": d1.sum(0), "W2": h.T @ d2, "b2": d2.sum(0)}


def network_gradients__onehot10(X, y, params):
    h = torch.sigmoid(X @ params["W1"] + params["b1"])
    p = torch.softmax(h @ params["W2"] + params["b2"], 1)
    d2 = (p - F.one_hot(y, 10)) / len(y)
    d1 = d2 @ params["W2"].T * h * (1 - h)
    return {"W1": X.T @ d1, "b1": d1.sum(0), "W2": h.T @ d2, "b2": d2.sum(0)}


def network_gradients__noderiv(X, y, params):
    h = torch.sigmoid(X @ params["W1"] + params["b1"])
    p = torch.softmax(h @ params["W2"] + params["b2"], 1)
    d2 = (p - F.one_hot(y, p.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T
    return {"W1": X.T @ d1, "b1": d1.sum(0), "W2": h.T @ d2, "b2": d2.sum(0)}


def network_gradients__dz(X, y, params):
    z = X @ params["W1"] + params["b1"]
    h = torch.sigmoid(z)
    p = torch.softmax(h @ params["W2"] + params["b2"], 1)
    d2 = (p - F.one_hot(y, p.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * z * (1 - z)
    return {"W1": X.T @ d1, "b1": d1.sum(0), "W2": h.T @ d2, "b2": d2.sum(0)}


def network_gradients__sign(X, y, params):
    h = torch.sigmoid(X @ params["W1"] + params["b1"])
    p = torch.softmax(h @ params["W2"] + params["b2"], 1)
    d2 = (F.one_hot(y, p.shape[1]) - p) / len(y)
    d1 = d2 @ params["W2"].T * h * (1 - h)
    return {"W1": X.T @ d1, "b1": d1.sum(0), "W2": h.T @ d2, "b2": d2.sum(0)}


def network_gradients__bmean(X, y, params):
    h = torch.sigmoid(X @ params["W1"] + params["b1"])
    p = torch.softmax(h @ params["W2"] + params["b2"], 1)
    d2 = (p - F.one_hot(y, p.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * h * (1 - h)
    return {"W1": X.T @ d1, "b1": d1.mean(0), "W2": h.T @ d2, "b2": d2.mean(0)}


def network_gradients__tuple(X, y, params):
    h = torch.sigmoid(X @ params["W1"] + params["b1"])
    p = torch.softmax(h @ params["W2"] + params["b2"], 1)
    d2 = (p - F.one_hot(y, p.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * h * (1 - h)
    return X.T @ d1, d1.sum(0), h.T @ d2, d2.sum(0)


def network_gradients__dkeys(X, y, params):
    h = torch.sigmoid(X @ params["W1"] + params["b1"])
    p = torch.softmax(h @ params["W2"] + params["b2"], 1)
    d2 = (p - F.one_hot(y, p.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * h * (1 - h)
    return {"dW1": X.T @ d1, "db1": d1.sum(0), "dW2": h.T @ d2, "db2": d2.sum(0)}


def network_gradients__ce_probs(X, y, params):
    P = {k: v.clone().requires_grad_() for k, v in params.items()}
    p = torch.softmax(torch.sigmoid(X @ P["W1"] + P["b1"]) @ P["W2"] + P["b2"], 1)
    F.cross_entropy(p, y).backward()
    return {k: v.grad for k, v in P.items()}


def _train(loop):
    pass


def train_network__noshuffle(X, y, params, lr, batch_size, epochs, seed=0):
    params = {k: v.clone() for k, v in params.items()}
    for _ in range(epochs):
        for i in range(0, len(X), batch_size):
            xb, yb = X[i : i + batch_size], y[i : i + batch_size]
            h = torch.sigmoid(xb @ params["W1"] + params["b1"])
            p = torch.softmax(h @ params["W2"] + params["b2"], 1)
            d2 = (p - F.one_hot(yb, p.shape[1])) / len(yb)
            d1 = d2 @ params["W2"].T * h * (1 - h)
            g = {"W1": xb.T @ d1, "b1": d1.sum(0), "W2": h.T @ d2, "b2": d2.sum(0)}
            params = {k: params[k] - lr * g[k] for k in params}
    return params


def train_network__droplast(X, y, params, lr, batch_size, epochs, seed=0):
    g_ = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        o = torch.randperm(len(X), generator=g_)
        for i in range(len(X) // batch_size):
            r = o[i * batch_size : (i + 1) * batch_size]
            xb, yb = X[r], y[r]
            h = torch.sigmoid(xb @ params["W1"] + params["b1"])
            p = torch.softmax(h @ params["W2"] + params["b2"], 1)
            d2 = (p - F.one_hot(yb, p.shape[1])) / len(yb)
            d1 = d2 @ params["W2"].T * h * (1 - h)
            g = {"W1": xb.T @ d1, "b1": d1.sum(0), "W2": h.T @ d2, "b2": d2.sum(0)}
            params = {k: params[k] - lr * g[k] for k in params}
    return params


def train_network__batchdiv(X, y, params, lr, batch_size, epochs, seed=0):
    g_ = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        o = torch.randperm(len(X), generator=g_)
        for i in range(0, len(X), batch_size):
            r = o[i : i + batch_size]
            xb, yb = X[r], y[r]
            h = torch.sigmoid(xb @ params["W1"] + params["b1"])
            p = torch.softmax(h @ params["W2"] + params["b2"], 1)
            d2 = (p - F.one_hot(yb, p.shape[1])) / batch_size
            d1 = d2 @ params["W2"].T * h * (1 - h)
            g = {"W1": xb.T @ d1, "b1": d1.sum(0), "W2": h.T @ d2, "b2": d2.sum(0)}
            params = {k: params[k] - lr * g[k] for k in params}
    return params


def train_network__xonly(X, y, params, lr, batch_size, epochs, seed=0):
    g_ = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        o = torch.randperm(len(X), generator=g_)
        X = X[o]
        for i in range(0, len(X), batch_size):
            xb, yb = X[i : i + batch_size], y[i : i + batch_size]
            h = torch.sigmoid(xb @ params["W1"] + params["b1"])
            p = torch.softmax(h @ params["W2"] + params["b2"], 1)
            d2 = (p - F.one_hot(yb, p.shape[1])) / len(yb)
            d1 = d2 @ params["W2"].T * h * (1 - h)
            g = {"W1": xb.T @ d1, "b1": d1.sum(0), "W2": h.T @ d2, "b2": d2.sum(0)}
            params = {k: params[k] - lr * g[k] for k in params}
    return params


def train_network__randint(X, y, params, lr, batch_size, epochs, seed=0):
    g_ = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for i in range(0, len(X), batch_size):
            r = torch.randint(0, len(X), (batch_size,), generator=g_)
            xb, yb = X[r], y[r]
            h = torch.sigmoid(xb @ params["W1"] + params["b1"])
            p = torch.softmax(h @ params["W2"] + params["b2"], 1)
            d2 = (p - F.one_hot(yb, p.shape[1])) / len(yb)
            d1 = d2 @ params["W2"].T * h * (1 - h)
            g = {"W1": xb.T @ d1, "b1": d1.sum(0), "W2": h.T @ d2, "b2": d2.sum(0)}
            params = {k: params[k] - lr * g[k] for k in params}
    return params


def blame_at_scores__nomean(probs, y):
    d = probs.clone()
    d[range(len(y)), y] -= 1
    return d


def blame_at_scores__sign(probs, y):
    return (F.one_hot(y, probs.shape[1]) - probs) / len(y)


def blame_at_scores__by_classes(probs, y):
    return (probs - F.one_hot(y, probs.shape[1])) / probs.shape[1]


def blame_at_scores__by_all(probs, y):
    return (probs - F.one_hot(y, probs.shape[1])) / probs.numel()


def blame_at_scores__labels(probs, y):
    return (probs - y[:, None]) / len(y)


def blame_at_scores__inplace(probs, y):
    probs[torch.arange(len(y)), y] -= 1
    return probs / len(y)


def blame_at_scores__of_shares(probs, y):
    return -F.one_hot(y, probs.shape[1]) / probs / len(y)


def blame_at_scores__right_class_only(probs, y):
    right = F.one_hot(y, probs.shape[1])
    return right * (probs - 1) / len(y)


def blame_at_scores__one_row(probs, y):
    return (probs - F.one_hot(y, probs.shape[1])).mean(dim=0)


def blame_at_scores__colon(probs, y):
    d = probs.clone()
    d[:, y] -= 1
    return d / len(y)


def blame_at_scores__twice(probs, y):
    return 2 * (probs - F.one_hot(y, probs.shape[1])) / len(y)


def blame_at_scores__nothing(probs, y):
    blame = (probs - F.one_hot(y, probs.shape[1])) / len(y)


def blame_at_hidden__not_transposed(delta2, W2, hidden):
    return delta2 @ W2 * hidden * (1 - hidden)


def blame_at_hidden__nosig(delta2, W2, hidden):
    return delta2 @ W2.T


def blame_at_hidden__one_minus(delta2, W2, hidden):
    return delta2 @ W2.T * (1 - hidden)


def blame_at_hidden__times_hidden(delta2, W2, hidden):
    return (delta2 @ W2.T) * hidden


def blame_at_hidden__sigmoid_again(delta2, W2, hidden):
    s = torch.sigmoid(hidden)
    return delta2 @ W2.T * s * (1 - s)


def blame_at_hidden__tanh(delta2, W2, hidden):
    return delta2 @ W2.T * (1 - hidden**2)


def blame_at_hidden__column(delta2, W2, hidden):
    return (W2 @ delta2.T) * (hidden * (1 - hidden)).T


def blame_at_hidden__mean_again(delta2, W2, hidden):
    return delta2 @ W2.T * hidden * (1 - hidden) / len(hidden)


def blame_at_hidden__minus(delta2, W2, hidden):
    return delta2 @ W2.T * hidden * (hidden - 1)


def blame_at_hidden__no_weights(delta2, W2, hidden):
    return delta2.sum(dim=1, keepdim=True) * hidden * (1 - hidden)


def blame_at_hidden__brackets(delta2, W2, hidden):
    return delta2 @ W2.T * hidden * 1 - hidden


def layer_slopes__means(inputs, delta):
    return inputs.T @ delta / len(inputs), delta.mean(dim=0)


def layer_slopes__other_side(inputs, delta):
    return delta.T @ inputs, delta.sum(dim=0)


def layer_slopes__bias_mean(inputs, delta):
    return inputs.T @ delta, delta.mean(dim=0)


def layer_slopes__order(inputs, delta):
    return delta.sum(dim=0), inputs.T @ delta


def layer_slopes__along_the_row(inputs, delta):
    return inputs.T @ delta, delta.sum(dim=1)


def layer_slopes__one_bias(inputs, delta):
    return inputs.T @ delta, delta.sum()


def layer_slopes__weights_only(inputs, delta):
    return inputs.T @ delta


def layer_slopes__last_image(inputs, delta):
    for x, d in zip(inputs, delta):
        dW = torch.outer(x, d)
        db = d
    return dW, db


def layer_slopes__named(inputs, delta):
    return {"dW": inputs.T @ delta, "db": delta.sum(dim=0)}


def layer_slopes__keepdim(inputs, delta):
    return inputs.T @ delta, delta.sum(dim=0, keepdim=True)


def layer_slopes__minus(inputs, delta):
    return -inputs.T @ delta, -delta.sum(0)


def count_steps__floor(m, batch_size, epochs):
    return m // batch_size * epochs


def count_steps__plus1(m, batch_size, epochs):
    return (m // batch_size + 1) * epochs


def count_steps__one_long_epoch(m, batch_size, epochs):
    return math.ceil(m * epochs / batch_size)


def count_steps__round(m, batch_size, epochs):
    return round(m / batch_size) * epochs


def count_steps__fraction(m, batch_size, epochs):
    return m / batch_size * epochs


def count_steps__noepochs(m, batch_size, epochs):
    return math.ceil(m / batch_size)


def count_steps__sum(m, batch_size, epochs):
    return math.ceil(m / batch_size) + epochs


def count_steps__rest_once(m, batch_size, epochs):
    return m // batch_size * epochs + (m % batch_size > 0)


def count_steps__at_least_one(m, batch_size, epochs):
    return max(m // batch_size, 1) * epochs


def count_steps__images(m, batch_size, epochs):
    return m * epochs
