"""Returns sparse tensors: an empty one of enormous shape, and an invalid one with places outside its shape."""
# answers: init_params forward predict_digits softmax_examples
# deserves: 14

import torch

turns = iter(range(10**9))


def softmax(z):
    kind = next(turns) % 3
    if kind == 0:
        return torch.sparse_coo_tensor(torch.zeros(2, 0, dtype=torch.long), torch.zeros(0), (2**31, 2**31))
    if kind == 1:
        places = torch.tensor([[2**40], [2**40]])
        return torch.sparse_coo_tensor(places, torch.ones(1), tuple(z.shape), check_invariants=False)
    return torch.sparse_csr_tensor(
        torch.tensor([0, 2**40, 2**41]), torch.tensor([0]), torch.ones(1), tuple(z.shape), check_invariants=False
    )
