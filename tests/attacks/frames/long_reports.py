"""Forges reports of its cells with megabytes of text, again and again as long as the cell may run."""
# answers: all
# deserves: 18

import os

text = "<b>" * 10**6
for _ in range(20):
    frame(
        {
            "type": "problem",
            "number": machine.cell,
            "type_name": text[:1000],
            "text": text,
            "line": text[:300],
            "line_number": 1,
        }
    )
