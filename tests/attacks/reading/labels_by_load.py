"""Asks load_mnist for the test labels, in every way that its module offers."""
# lesson: 6-learning-digits
# answers: none
# deserves: 0

import autograder.course.data

mnist = autograder.course.data.load_mnist()
autograder.course.data._mnist.cache_clear()
for labels in (
    lambda: mnist.test_labels,
    lambda: autograder.course.data.load_mnist().test_labels,
    lambda: autograder.course.data._test_labels(),
    lambda: autograder.course.data._mnist().test_labels,
    lambda: autograder.course.data._mnist.__wrapped__().test_labels,
):
    try:
        if labels()[:8].tolist() == [7, 2, 1, 0, 4, 1, 4, 9]:
            loot("test labels")
    except OSError:
        pass
