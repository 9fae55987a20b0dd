"""Everything slow, imported and used once in a trusted process, before any wall and any student's code."""

import os

from autograder.sandbox.inside import threads


def one_thread() -> None:
    """Keep torch and numpy to one thread: a fork after torch has once used two hangs for ever."""
    threads.one_thread()
    os.environ["MPLBACKEND"] = "Agg"

    import torch

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)


def libraries() -> None:
    """Import what notebooks use, and read the public data."""

    import autograder
    import autograder.course.data
    import autograder.course.figures

    # Answers are checked from outside; a `check(...)` or `hint(...)` among the student's own cells has nothing to say.
    autograder.check = autograder.hint = lambda question: None
    autograder.course.data.withhold_test_labels()
    autograder.course.data.load_mnist()
    autograder.course.data.load_cells()


def warm_up() -> None:
    """Use once what is slow the first time, so that no worker pays for it."""
    import torch

    weights = torch.zeros(2, 2, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(torch.sigmoid(weights), torch.tensor([0, 1]))
    loss.backward()
    torch.optim.SGD([weights], lr=0.1).step()
    torch.optim.Adam([weights]).step()
