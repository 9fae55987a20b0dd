"""The stock of evidence, made anew from fresh seeds: ``python tests/course/evidence.py``, between two terms.

What students read goes into `autograder/course/data/evidence/`, and what is right into the secret folder of the lesson.
Then build these lessons: the reference solution reads what it is given, and a build fails where it does not find out.
"""

import gzip
import json
import secrets

import torch

from autograder.course.contents import COURSE
from autograder.course.data import evidence

#: How many pieces each question has in stock, or a few less: as many show one thing as another.
STOCK = 60


def main() -> None:
    """Make the stock of each question, and the key to all."""
    # These networks are small: several threads would wait for one another longer than they work.
    torch.set_num_threads(1)
    for lesson in COURSE.lessons:
        key = {one.name: made(one.name) for one in lesson.questions if one.name in evidence.EVIDENCE}
        if key:
            (lesson.secret / "evidence.json").write_text(json.dumps(key, indent=1) + "\n", encoding="utf-8")


def made(question: str) -> list[str]:
    """Make the stock of one question; what is right for each piece."""
    signs = list(evidence.EVIDENCE[question].signs)
    labels = signs * (STOCK // len(signs))
    secrets.SystemRandom().shuffle(labels)
    # torch looks at 32 bits of a seed: four billion, and each that is tried is a network or a training.
    pieces = [evidence.MADE[question](label, secrets.randbits(63)) for label in labels]
    text = json.dumps(pieces, separators=(",", ":"))
    evidence.stock_file(question).write_bytes(gzip.compress(text.encode(), mtime=0))
    return labels


if __name__ == "__main__":
    main()
