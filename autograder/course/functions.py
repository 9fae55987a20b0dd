"""Functions that a test hands to a student's function, as `numeric_gradient(f, w)` wants one.

They are public: the student's process and the grader's both have this module, so such a function travels
between them by its name and never as code. Each maps a parameter tensor of any shape to one number.
"""

import torch


def bowl(w: torch.Tensor) -> torch.Tensor:
    """Sum of squares; its slope is ``2 * w``."""
    return (w**2).sum()


def tilted_plane(w: torch.Tensor) -> torch.Tensor:
    """A linear function; its slopes are 1, 2, 3, … whatever ``w`` is."""
    return (w.flatten() * torch.arange(1.0, w.numel() + 1)).sum()


def valley(w: torch.Tensor) -> torch.Tensor:
    """Products of neighbours beside squares, so that each slope depends on another parameter too."""
    flat = w.flatten()
    return (flat**2).sum() + (flat[:-1] * flat[1:]).sum()


def waves(w: torch.Tensor) -> torch.Tensor:
    """Sum of sines; its slope is ``cos(w)``."""
    return torch.sin(w).sum()
