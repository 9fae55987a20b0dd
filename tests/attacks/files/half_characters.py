"""Puts half characters, which are no text, into a cell's name, tags and source. The file is refused as damaged."""
# answers: all
# deserves: 0

import json


def build(notebook, text, machine):
    content = json.loads(text)
    odd = "\ud800"
    content["cells"].append(
        {"cell_type": "code", "id": odd, "metadata": {"tags": [odd]}, "source": f"raise ValueError('{odd}')"}
    )
    notebook.write_text(json.dumps(content))
