"""Sends arrays with negative, enormous and overflowing shapes, unknown dtypes, and too few or too many bytes."""
# answers: init_params forward predict_digits softmax_examples
# deserves: 14

arrays = [
    (["array", "float32", [-1, -4]], b"\0" * 16),
    (["array", "float32", [0, 2**62, 2**62]], b""),
    (["array", "float32", [0, 2**64 - 1]], b""),
    (["array", "float32", [2**32, 2**32]], b"\0" * 64),
    (["array", "object", [1]], b"\0" * 8),
    (["array", "bool", [16]], b"\x02" * 16),
    (["array", "float32", [1] * 5000], b"\0" * 4),
]
turn = 0


def softmax(z):
    global turn
    turn += 1
    node, blob = arrays[turn % len(arrays)]
    frame({"type": "returned", "pair": ["several", [node, None], False]}, blob)
    while True:
        pass
