"""Hands in 60 MB, in a single output."""
# deserves: 0

import json


def build(notebook, text, machine):
    content = json.loads(text)
    content["cells"][-1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 60_000_000}]
    notebook.write_text(json.dumps(content))
