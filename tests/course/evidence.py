"""The stock of evidence, made anew from fresh seeds: ``python tests/course/evidence.py``, between two terms.

What students read goes into `autograder/course/data/evidence/`, and what is right into the secret folder of the lesson.
Then build that lesson: its reference solution reads what it is given, and a build fails where it does not find out.
"""

import json
import secrets

from autograder.course.contents import COURSE
from autograder.course.data import evidence

#: How many pieces each question has in stock.
STOCK = 60

LESSON = COURSE.find_lesson("8-your-own-question")


def main() -> None:
    """Make the stock of each question, and the key to all."""
    key = {}
    for question, asked in evidence.EVIDENCE.items():
        labels = list(asked.signs) * (STOCK // len(asked.signs))
        secrets.SystemRandom().shuffle(labels)
        # Seeds so large that nobody finds one again by trying.
        pieces = [evidence.MADE[question](label, secrets.randbits(63)) for label in labels]
        lines = ",\n".join(json.dumps(piece) for piece in pieces)
        stock = COURSE.home / "autograder" / "course" / "data" / "evidence" / f"{question}.json"
        stock.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
        key[question] = labels
    (LESSON.secret / "evidence.json").write_text(json.dumps(key, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
