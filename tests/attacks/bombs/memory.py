"""Takes all the memory that it can get, and touches it."""
# deserves: 18
# layers: needed

import torch

kept = []
try:
    while len(kept) < 40:
        kept.append(torch.ones(2**26))
except RuntimeError:
    pass
size = len(kept) / 4
del kept
if size > 3:
    loot(f"{size} GB")
