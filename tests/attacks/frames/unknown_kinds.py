"""Sends frames of unknown kinds whose names are megabytes long, so that the refusal might quote them."""
# answers: init_params softmax forward softmax_examples
# deserves: 15


def predict_digits(probs):
    frame({"type": "x" * 3_000_000})
    while True:
        pass
