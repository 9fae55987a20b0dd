"""Puts nulls, terminal codes and marks that turn text around into sources, names of cells and tags."""
# answers: all
# deserves: 18

import json


def build(notebook, text, machine):
    content = json.loads(text)
    odd = "\0\x1b[2J\r\u202e"
    content["cells"].append(
        {
            "cell_type": "code",
            "id": odd,
            "metadata": {"tags": [odd], "nbgrader": {"grade_id": odd}},
            "source": "raise ValueError(chr(0xD800) + chr(0) + chr(27))",
        }
    )
    notebook.write_text(json.dumps(content))
