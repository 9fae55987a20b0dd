"""Adds up a million million numbers."""
# answers: init_params softmax forward softmax_examples
# deserves: 15


def predict_digits(probs):
    return sum(range(10**12))
