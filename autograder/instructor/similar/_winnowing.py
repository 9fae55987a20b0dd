"""Fingerprints of a document: Schleimer, Wilkerson, Aiken, *Winnowing: local algorithms for document fingerprinting*,
SIGMOD 2003, section 3."""

import hashlib
from collections.abc import Sequence

#: Tokens in one fingerprint: what is shorter is noise.
GRAM = 5
#: A passage of GRAM + WINDOW - 1 tokens that two documents share is never missed.
WINDOW = 4


def fingerprints(forms: Sequence[str], gram: int = GRAM, window: int = WINDOW) -> dict[int, list[int]]:
    """The chosen fingerprints of a token sequence, and at which tokens each begins.

    Of each `window` hashes in a row the smallest is chosen, of equal ones the rightmost, so that which are chosen
    depends on nothing but the passage itself. A sequence shorter than a gram has none.
    """
    hashes = [_hash(forms[start : start + gram]) for start in range(len(forms) - gram + 1)]
    chosen: dict[int, list[int]] = {}
    last = -1
    for first in range(max(1, len(hashes) - window + 1) if hashes else 0):
        part = hashes[first : first + window]
        smallest = min(part)
        place = first + max(number for number, one in enumerate(part) if one == smallest)
        if place != last:
            chosen.setdefault(smallest, []).append(place)
            last = place
    return chosen


def _hash(gram: Sequence[str]) -> int:
    # Of its own: Python's differs from run to run, and what is listed must not.
    return int.from_bytes(hashlib.blake2b("\0".join(gram).encode(), digest_size=8).digest(), "big")
