"""Returns shapes that broadcast to the right one: a single number, one row, one column, more dimensions."""
# answers: none
# deserves: 0

import torch

turns = iter(range(10**9))


def softmax(z):
    right = torch.softmax(z, dim=1)
    return [right[0] if len(z) == 1 else right[:1], right[:, :1], right[None], right.mean(), right.T[None]][
        next(turns) % 5
    ]


def forward(X, params):
    return torch.full((1, 1), 1 / params["W2"].shape[1])


def predict_digits(probs):
    return probs.argmax(dim=1)[None]


def init_params(sizes, seed):
    return {"W1": torch.zeros(1, 1), "b1": torch.zeros(1, 1), "W2": torch.zeros(1, 1), "b2": torch.zeros(())}
