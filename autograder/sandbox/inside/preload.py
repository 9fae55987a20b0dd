"""Everything slow, imported and used once in a trusted process, before it is confined and before any student's code."""

import importlib
import os

from autograder.sandbox.inside import threads

__all__ = ["course", "one_thread", "warm_up"]


def one_thread() -> None:
    """Keep torch and numpy to one thread: a fork after torch has once used two hangs for ever."""
    threads.one_thread()
    os.environ["MPLBACKEND"] = "Agg"

    import torch

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)


def course(preload: str) -> None:
    """Import and call ``module:function``, with which a course imports and reads what its notebooks use.

    Args:
        preload: as `autograder.sandbox.wire.control.Surroundings` has it; nothing is done for an empty text.
    """
    # Notebooks say `from autograder import check`. `OwnProcess` has seen to it that such a check is silent in here.
    importlib.import_module("autograder")
    if preload:
        module, _, function = preload.partition(":")
        getattr(importlib.import_module(module), function)()


def warm_up(backward: bool = True) -> None:
    """Use once what is slow the first time, so that no worker pays for it.

    Optimizers are left out: the first one imports 800 modules, and few notebooks have one. Where the source version has
    one, `autograder.gradebook.source_imports` says so.

    Args:
        backward: whether to compute gradients as well. Some builds of torch keep a thread from then on.
    """
    import torch

    weights = torch.zeros(2, 2, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(torch.sigmoid(weights), torch.tensor([0, 1]))
    if backward:
        torch.autograd.backward(loss)
