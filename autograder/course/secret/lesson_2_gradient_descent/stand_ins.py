"""Library calls that stand in for a student's own functions where another question is asked again."""


def numeric_gradient(f, w, h=1e-3):
    import torch

    places = torch.as_tensor(w).detach().flatten()
    moves = h * torch.eye(len(places), dtype=places.dtype)
    ends = [[float(f((places + way * move).reshape(w.shape))) for move in moves] for way in (1, -1)]
    return (torch.tensor(ends[0]) - torch.tensor(ends[1])).div(2 * h).to(places.dtype).reshape(w.shape)


def neuron_gradients(X, y, w, b):
    import torch

    def mean_square(w, b):
        answers = torch.special.expit(torch.inner(X, w) + b)
        return torch.nn.functional.mse_loss(answers, y.to(answers.dtype))

    with torch.enable_grad():
        given = (torch.as_tensor(w).detach(), torch.as_tensor(b, dtype=torch.as_tensor(w).dtype).detach())
        return torch.autograd.functional.jacobian(mean_square, given)
