"""Library calls that stand in for a student's own functions where another question is asked again."""


def network_gradients(X, y, params):
    import torch

    with torch.enable_grad():
        leaves = {name: value.detach().clone().requires_grad_() for name, value in params.items()}
        hidden = torch.special.expit(torch.addmm(leaves["b1"], X, leaves["W1"]))
        logits = torch.addmm(leaves["b2"], hidden, leaves["W2"])
        cost = torch.nn.functional.cross_entropy(logits, y)
        return dict(zip(leaves, torch.autograd.grad(cost, list(leaves.values())), strict=True))


def blame_at_scores(probs, y):
    import torch

    return torch.sub(probs, torch.nn.functional.one_hot(y, probs.shape[1])).div(len(y))


def blame_at_hidden(delta2, W2, hidden):
    import torch

    return torch.mul(torch.mm(delta2, W2.t()), torch.addcmul(hidden, hidden, hidden, value=-1))


def layer_slopes(inputs, delta):
    import torch

    return torch.mm(inputs.t(), delta), torch.sum(delta, 0)
