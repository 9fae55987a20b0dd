"""Turns the flags of cells over: tests become answers, answers become graded by hand, everything is locked."""
# answers: all
# deserves: up to 18

import json


def build(notebook, text, machine):
    content = json.loads(text)
    for cell in content["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        about["grade"], about["solution"] = about.get("solution", False), about.get("grade", False)
        about["task"] = about["locked"] = True
    notebook.write_text(json.dumps(content))
