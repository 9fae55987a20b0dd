"""Is right on each function's first call in a process, and careless afterwards."""
# answers: forward predict_digits init_params softmax_examples
# deserves: up to 17

import torch

calls = 0


def softmax(z):
    global calls
    calls += 1
    return torch.softmax(z, dim=1) if calls == 1 else torch.softmax(z, dim=0)
