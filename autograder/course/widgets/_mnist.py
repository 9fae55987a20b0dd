"""From strokes of a pen to an image as MNIST has them.

How MNIST's images were made, in the words of Yann LeCun, Corinna Cortes and Christopher Burges on
http://yann.lecun.com/exdb/mnist/: the scanned digits, black and white, were fitted into a box of 20 × 20 pixels with
their proportions kept, became grey by the smoothing of that step, and were put into a field of 28 × 28 pixels so that
their centre of mass lies in its centre.
"""

from collections.abc import Sequence

import torch

_FIELD, _BOX = 28, 20

#: How wide a stroke is in a digit of 20 pixels, in pixels. The ink of an average MNIST digit, divided by the length of
#: the line that its pen went, comes to this.
PEN = 2.7

# Strokes are drawn at so many times the size of the box, then averaged down: that makes their edges grey.
_FINER = 4


def ink_of(strokes: Sequence[Sequence[float]]) -> torch.Tensor:
    """Draw strokes with a pen of MNIST's width, however large they were drawn by hand.

    Args:
        strokes: for each stroke of the pen its places, ``x0, y0, x1, y1, …``, y downwards, in any unit.

    Returns:
        ``(rows, columns)``, 0 paper and 1 ink; the longer side fills MNIST's box, four times as fine.
        No stroke gives a single empty pixel.
    """
    lines = [torch.tensor(stroke, dtype=torch.float32).reshape(-1, 2) for stroke in strokes if len(stroke) >= 2]
    if not lines:
        return torch.zeros(1, 1)
    places = torch.cat(lines)
    corner, size = places.amin(dim=0), places.amax(dim=0) - places.amin(dim=0)
    radius = PEN / 2 * _FINER
    # What is left of the box for the middle of the line. A dot has no size, and stays one.
    scale = (_BOX * _FINER - 2 * radius) / size.max().clamp(min=1e-6)
    width, height = (size * scale + 2 * radius).ceil().int().tolist()
    lines = [(line - corner) * scale + radius for line in lines]
    starts = torch.cat([line[:-1] if len(line) > 1 else line for line in lines])
    ends = torch.cat([line[1:] if len(line) > 1 else line for line in lines])
    across, down = torch.meshgrid(torch.arange(width) + 0.5, torch.arange(height) + 0.5, indexing="xy")
    away = _distance(torch.stack([across.flatten(), down.flatten()], dim=1), starts, ends)
    return (radius - away + 0.5).clamp(0, 1).reshape(height, width)


def as_mnist(ink: torch.Tensor) -> torch.Tensor:
    """Box and centre a drawing as MNIST does it.

    Args:
        ink: ``(rows, columns)``, 0 paper and 1 ink, of any size.

    Returns:
        ``(28, 28)`` in [0, 1]: the inked part fitted into 20 × 20 pixels, proportions kept, grey at its edges, its
        centre of mass in the centre. Without ink it is empty.
    """
    image = torch.zeros(_FIELD, _FIELD)
    rows, columns = (ink > 0).any(dim=1).nonzero(), (ink > 0).any(dim=0).nonzero()
    if not len(rows):
        return image
    inked = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1].float()
    longer = max(inked.shape)
    height, width = (max(1, round(_BOX * side / longer)) for side in inked.shape)
    small = _averages(height, inked.shape[0]) @ inked @ _averages(width, inked.shape[1]).T
    top, left = (_shift(small.sum(dim=1 - axis)) for axis in (0, 1))
    image[top : top + height, left : left + width] = small
    return image.clamp(max=1)  # sums of float32 miss 1 by a little


def _averages(pixels: int, of: int) -> torch.Tensor:
    """``(pixels, of)``: how much each old pixel has in each new one when `of` of them are laid over fewer or more."""
    edges = torch.arange(pixels + 1) * (of / pixels)
    old = torch.arange(of)
    shared = torch.minimum(edges[1:, None], old + 1) - torch.maximum(edges[:-1, None], old)
    return shared.clamp(min=0) * (pixels / of)


def _shift(masses: torch.Tensor) -> int:
    """Where a row of masses has to begin so that their centre comes to that of the field, in whole pixels.

    The centre of the field is pixel 14 of 0 to 27: measured on the 10,000 test images, where the centre of mass is
    never further than half a pixel from there.
    """
    centre = (masses * torch.arange(len(masses))).sum() / masses.sum()
    begin = round((_FIELD // 2 - centre).item())
    return min(max(begin, 0), _FIELD - len(masses))


def _distance(points: torch.Tensor, starts: torch.Tensor, ends: torch.Tensor) -> torch.Tensor:
    """How far points ``(p, 2)`` are from the nearest of the lines between `starts` and `ends`, ``(n, 2)``: ``(p,)``.

    Multiplied out, so that the large tables ``(p, n)`` are few: a pad is read while it is drawn on.
    """
    along = ends - starts
    length = (along**2).sum(dim=1).clamp(min=1e-12)
    towards = points @ along.T - (starts * along).sum(dim=1)
    share = (towards / length).clamp(0, 1)
    to_start = (points**2).sum(dim=1, keepdim=True) - 2 * points @ starts.T + (starts**2).sum(dim=1)
    return (to_start + share * (share * length - 2 * towards)).amin(dim=1).clamp(min=0).sqrt()
