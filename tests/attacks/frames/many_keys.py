"""Answers with a dict of very many and very long keys, which a message would list."""
# lesson: 6-learning-digits
# answers: layer_slopes
# deserves: 2


def network_gradients(X, y, params):
    return {f"{number}" * 9: number for number in range(40_000)}
