"""Unpickles a bomb in its own process: a program that would run, a structure that doubles."""
# deserves: 18
# layers: needed

import io
import pickle

import torch


class Run:
    def __reduce__(self):
        import os

        return os.system, (f"touch /tmp/{machine.marker}",)


buffer = io.BytesIO()
torch.save(Run(), buffer)
buffer.seek(0)
try:
    pickle.loads(pickle.dumps(Run()))
    torch.load(buffer, weights_only=False)
except (OSError, RuntimeError):
    pass
