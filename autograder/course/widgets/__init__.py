"""Pictures that answer: `from autograder import widgets`, then `widgets.digit_pad(run)`.

Each is driven by the learner's own functions, in the kernel, and carries a still picture that is shown in its place
where no widget runs: on GitHub, in feedback, in a PDF. None of them is needed for grading, and none loads anything
from the network. In the lessons they are imported in the cell that shows them, which grading skips.
"""

from ._descent import descent
from ._digit_pad import digit_pad
from ._handwriting import handwriting
from ._inside import confusion, film, hidden_neurons
from ._mnist import as_mnist, ink_of
from ._neuron import neuron_on_cells
from ._playground import playground, playground_by
from ._shares import scores_and_shares

__all__ = [
    "as_mnist",
    "confusion",
    "descent",
    "digit_pad",
    "film",
    "handwriting",
    "hidden_neurons",
    "ink_of",
    "neuron_on_cells",
    "playground",
    "playground_by",
    "scores_and_shares",
]
