FACTOR = 3


def triple(x):
    """Three times as much."""
    return FACTOR * x
