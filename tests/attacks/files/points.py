"""Changes the points of its graded cells: a thousand, minus one, nan, infinity, text, and a number of a megabyte."""
# answers: softmax
# deserves: 4

import json


def build(notebook, text, machine):
    content = json.loads(text)
    points = iter([1e3, -1, float("nan"), float("inf"), "eighteen", "1" * 10**6] * 10)
    for cell in content["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["points"] = next(points)
    notebook.write_text(json.dumps(content).replace("NaN", "1e9").replace("Infinity", "1e999"))
