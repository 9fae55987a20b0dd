"""Fills the notebook's metadata with nonsense: kernels to start, languages, widgets, nbgrader versions."""
# answers: none
# deserves: 0

import json


def build(notebook, text, machine):
    content = json.loads(text)
    content["metadata"] = {
        "kernelspec": {"name": "../../bin/sh", "argv": ["touch", f"/tmp/{machine.marker}"], "language": 7},
        "language_info": [[[["python"]]]],
        "nbgrader": {"score": 18, "checksum": "0" * 10**6},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": "x" * 10**6}},
        "papermill": {"parameters": {"__import__('os').system('touch')": 1}},
    }
    notebook.write_text(json.dumps(content))
