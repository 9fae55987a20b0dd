"""Library calls that stand in for a student's own functions where another question is asked again."""


def network_gradients(X, y, params):
    import torch

    with torch.enable_grad():
        leaves = {name: value.detach().clone().requires_grad_() for name, value in params.items()}
        hidden = torch.special.expit(torch.addmm(leaves["b1"], X, leaves["W1"]))
        logits = torch.addmm(leaves["b2"], hidden, leaves["W2"])
        cost = torch.nn.functional.cross_entropy(logits, y)
        return dict(zip(leaves, torch.autograd.grad(cost, list(leaves.values())), strict=True))


def sgd_step(params, grads, lr):
    import torch

    return {name: torch.sub(value.detach(), grads[name], alpha=lr) for name, value in params.items()}
