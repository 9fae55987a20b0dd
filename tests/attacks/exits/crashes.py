"""Crashes the interpreter: a null pointer, abort, an endless recursion in C, and code that is not code."""
# answers: init_params softmax forward softmax_examples
# deserves: 15

turns = iter(range(10**9))


def predict_digits(probs):
    import ctypes
    import os

    kind = next(turns) % 4
    if kind == 0:
        ctypes.string_at(0)
    elif kind == 1:
        os.abort()
    elif kind == 2:
        import sys

        sys.setrecursionlimit(10**9)
        deep = []
        for _ in range(10**6):
            deep = [deep]
        repr(deep)
    else:
        type(predict_digits.__code__)
        predict_digits.__code__ = predict_digits.__code__.replace(co_code=b"\xff\xff" * 100, co_stacksize=1)
        predict_digits(probs)
