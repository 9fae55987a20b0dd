"""Returns quantised, nested, complex, conjugated, half-precision and many-dimensional tensors."""
# answers: init_params forward predict_digits softmax_examples
# deserves: 14

import torch

turns = iter(range(10**9))


def softmax(z):
    wrong = torch.zeros(tuple(z.shape))
    kinds = [
        lambda: torch.quantize_per_tensor(wrong, 0.1, 0, torch.quint8),
        lambda: torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)]),
        lambda: torch.complex(torch.softmax(z, 1), torch.ones_like(z)),
        lambda: torch.complex(wrong, wrong).conj().imag,
        lambda: torch.zeros([1] * 64),
        lambda: [torch.complex(row, row) for row in wrong],
        lambda: wrong.to(torch.float8_e4m3fn),
    ]
    return kinds[next(turns) % len(kinds)]()
