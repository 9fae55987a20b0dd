"""Reads MNIST's test labels from their file."""
# lesson: 6-learning-digits
# answers: none
# deserves: 0
# walls: needed, loots without

import autograder.data

try:
    labels = autograder.data._true_labels()
except OSError:
    pass
else:
    loot(labels[:8].tolist())
