"""Raises an exception with a text of 200 MB, a chain of a thousand causes, and a very long name."""
# answers: init_params softmax forward softmax_examples
# deserves: 15

turns = iter(range(10**9))


def predict_digits(probs):
    kind = next(turns) % 3
    if kind == 0:
        raise ValueError("x" * 200_000_000)
    if kind == 1:
        error = None
        for _ in range(100_000):
            new = ValueError("why")
            new.__cause__ = error
            error = new
        raise error
    raise type("N" * 10**6, (Exception,), {})("\ud800\0\x1b[31m")
