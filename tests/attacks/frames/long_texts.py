"""Forges exceptions and outputs with megabytes of text, control characters and markup, to swamp the results."""
# answers: init_params forward predict_digits softmax_examples
# deserves: up to 14

markup = "<script>alert(1)</script>\x1b[2J\x1b]0;owned\x07" * 90_000
turns = iter(range(10**9))


def softmax(z):
    kind = next(turns) % 4
    if kind == 0:
        frame(
            {
                "type": "raised",
                "type_name": markup,
                "text": "",
                "line": "",
                "line_number": 1,
                "untouched": False,
                "where": "",
            }
        )
    elif kind == 1:
        frame(
            {
                "type": "raised",
                "type_name": "E",
                "text": "",
                "line": markup,
                "line_number": 10**18,
                "untouched": True,
                "where": markup,
            }
        )
    elif kind == 2:
        frame({"type": "missing", "text": markup})
    else:
        frame(
            {
                "type": "returned",
                "pair": ["several", [["mapping", [markup, "x"], [0, ["unsupported", markup[:100], "x"]]], None], False],
            }
        )
    while True:
        pass
