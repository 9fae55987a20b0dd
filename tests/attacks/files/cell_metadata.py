"""Gives cells the tags and flags of other graders: skip-execution, raises-exception, remove_cell, a score of its own."""
# answers: none
# deserves: 0

import json


def build(notebook, text, machine):
    content = json.loads(text)
    for cell in content["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception", "nbgrader-skip", 7, None, ["x"]]
        cell["metadata"]["score"] = cell["metadata"]["points"] = 18
        if cell["cell_type"] == "code":
            cell["outputs"] = [
                {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": "18"}}
            ]
    notebook.write_text(json.dumps(content))
