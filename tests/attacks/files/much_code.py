"""Hands in 4 MB of code, in lines that take Python gigabytes to parse."""
# deserves: 0

import json


def build(notebook, text, machine):
    content = json.loads(text)
    content["cells"].append({"cell_type": "code", "id": "x", "metadata": {}, "source": "x=1\n" * 10**6, "outputs": []})
    notebook.write_text(json.dumps(content))
