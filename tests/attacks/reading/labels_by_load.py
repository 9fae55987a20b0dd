"""Asks load_mnist for the test labels, in every way that its module offers."""
# lesson: 6-learning-digits
# answers: none
# deserves: 0

import autograder.data

mnist = autograder.data.load_mnist()
autograder.data._mnist.cache_clear()
for labels in (
    lambda: mnist.test_labels,
    lambda: autograder.data.load_mnist().test_labels,
    lambda: autograder.data._test_labels(),
    lambda: autograder.data._mnist().test_labels,
    lambda: autograder.data._mnist.__wrapped__().test_labels,
):
    try:
        if labels()[:8].tolist() == [7, 2, 1, 0, 4, 1, 4, 9]:
            loot("test labels")
    except OSError:
        pass
