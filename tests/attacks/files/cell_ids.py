"""Swaps and repeats names of graded cells, so that a right answer might count for another question."""
# answers: softmax
# deserves: 4

import json


def build(notebook, text, machine):
    content = json.loads(text)
    for cell in content["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("grade"):
            about["grade_id"] = "softmax"
            cell["id"] = "softmax"
    content["cells"] += content["cells"][-5:]
    notebook.write_text(json.dumps(content))
