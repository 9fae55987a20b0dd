"""Asks torch for a hundred threads after the fork, which hangs where somebody computed with two before."""
# deserves: 18

import torch

torch.set_num_threads(100)
for _ in range(3):
    torch.randn(600, 600) @ torch.randn(600, 600)
