"""Known wrong answers to lesson 3."""

import torch

from autograder.judging.misconceptions import misconception


@misconception(
    "Your neurons are rows of W. In this course each neuron is a column, with as many rows as there are inputs.",
    "An observation has three numbers. How many rows has your W?",
)
def linear_examples__neurons_as_rows():
    return [([[1, 0, 2]], [[1, 2, 3], [-1, 0, 4]], [0.5, -2], [[7.5, 5]])]


@misconception(
    "Your observation stands in one pair of brackets. X is a table, one row an observation, even if there is one.",
    "How many pairs of brackets has a table of one row?",
)
def linear_examples__flat_observation():
    return [([1, 0, 2], [[1, -1], [2, 0], [3, 4]], [0.5, -2], [7.5, 5])]


@misconception(
    "An example has four parts, and the sums that should come out are one of them. Yours have more parts, or fewer.",
    "What should come out of your first example?",
)
def linear_examples__no_sums():
    return [([[1, 0, 2]], [[1, -1], [2, 0], [3, 4]], [0.5, -2]), ([[2]], [[4]], [1])]


@misconception(
    "That is one example. What is asked for is a list of examples, and a list has brackets around it, however short.",
    "Which brackets go around all your examples?",
)
def linear_examples__one_example():
    return ([[1, 0, 2]], [[1, -1], [2, 0], [3, 4]], [0.5, -2], [[7.5, 5]])


@misconception(
    "None of your sums is right yet. Perhaps they end before the biases are added.",
    "What does a neuron say of an observation that is all zeros?",
)
def linear_examples__biases_left_out():
    return [
        ([[1, 0, 2]], [[1, -1], [2, 0], [3, 4]], [0.5, -2], [[7, 7]]),
        ([[1, 2], [0, 1]], [[1, 0], [3, 1]], [10, 20], [[7, 2], [3, 1]]),
    ]


@misconception(
    "Whoever turns a square W over passes your examples: none of your W is square, or turned over it is the same.",
    "In which shape of W does nothing complain?",
)
def linear_examples__never_square():
    return [
        ([[1, 0, 2]], [[1, -1], [2, 0], [3, 4]], [0.5, -2], [[7.5, 5]]),
        ([[2], [3]], [[4]], [1], [[9], [13]]),
    ]


@misconception(
    "The biases are missing: your sums end after the last weighted input.",
    "What should a neuron say about an observation that is all zeros?",
)
def linear__no_bias(X, W, b):
    return X @ W


@misconception(
    "In your product W is turned over, by you or by torch's own linear, which wants it so. Our neurons are "
    "columns already.",
    "Write the shapes under X and W. Do the inner numbers agree?",
)
def linear__transposed(X, W, b):
    return X @ W.T + b


@misconception(
    "You turned W over where the shapes allow it. For a square W both ways fit, and only one of them is right.",
    "Does the meaning of rows and columns depend on how many there are?",
)
def linear__transposed_where_it_fits(X, W, b):
    if W.shape[1] == X.shape[1]:
        W = W.T
    return X @ W + b


@misconception(
    "W stands first. In a matrix product the order matters: rows of the first meet columns of the second.",
    "Which of the two has the observations as rows?",
)
def linear__weights_first(X, W, b):
    return W @ X + b


@misconception(
    "X and W meet entry by entry. A weighted sum multiplies a row with a column, and adds up.",
    "Which sign does torch have for the matrix product, and which for entry by entry?",
)
def linear__entry_by_entry(X, W, b):
    return X * W + b


@misconception(
    "You gave a bias to each observation, down the rows. It belongs to each neuron, along the columns.",
    "Does a neuron change its bias from one image to the next?",
)
def linear__bias_per_observation(X, W, b):
    return X @ W + b.reshape(-1, 1)


@misconception(
    "You added all biases together and gave their sum to everyone. Each neuron has its own.",
    "Which of the biases should the second column get?",
)
def linear__biases_summed(X, W, b):
    return X @ W + b.sum()


@misconception(
    "You took the biases away; they are added.",
    "Which sign stands before b in the formula?",
)
def linear__bias_subtracted(X, W, b):
    return X @ W - b


@misconception(
    "You put the sums through the sigmoid. That is the next function; this one stops at the weighted sums.",
    "Can a weighted sum be below 0? Can yours?",
)
def linear__with_sigmoid(X, W, b):
    return torch.sigmoid(X @ W + b)


@misconception(
    "The result is turned over: (h, m), a row for each neuron. A row should be an observation.",
    "Four observations and two neurons: which shape is asked for?",
)
def linear__result_transposed(X, W, b):
    return (X @ W + b).T


@misconception(
    "A batch of one loses its row: where a dimension has the size 1, yours is dropped.",
    "Which shape has the result for one observation and two neurons?",
)
def linear__squeezed(X, W, b):
    return (X @ W + b).squeeze()


@misconception(
    "A single row comes back, that of the first observation. Each observation should have one.",
    "What happens at `return` inside a loop?",
)
def linear__first_observation_only(X, W, b):
    for x in X:
        return x @ W + b


@misconception(
    "Your neuron follows the first one, which rises and stays up: it fires for the largest nuclei, too.",
    "Which of the four knows that an area is very large?",
)
def between__rises_and_stays():
    return ([1, 0, 0, 0], -0.5)


@misconception(
    "The neuron for very large nuclei speaks for a yes in your choice. It should speak against it.",
    "What sign has the weight of an opinion that speaks against something?",
)
def between__large_speaks_for():
    return ([1, 0, 0, 1], -0.5)


@misconception(
    "It fires for small areas, too. Without a bias the smallest opinion is enough, and no sigmoid is ever quite 0.",
    "How inclined should the fifth neuron be before it has heard anything?",
)
def between__no_bias():
    return ([1, 0, 0, -1], 0)


@misconception(
    "Your neuron never fires: its bias is too low, or it wants two opinions at once that are never both high.",
    "What do the first and the second neuron say to an area of 1.0?",
)
def between__two_that_exclude_each_other():
    return ([1, 1, 0, 0], -1.5)


@misconception(
    "The weight comes back as torch keeps it, one row a neuron. In this course each neuron is a column.",
    "Which shape has torch's weight for three inputs and two neurons, and which has our W?",
)
def from_torch__not_transposed(weight, bias):
    return weight, bias


@misconception(
    "reshape gives the right shape and deals the numbers out anew, so each column mixes several neurons.",
    "Where should the first row of weight be found in W?",
)
def from_torch__reshaped(weight, bias):
    h, d = weight.shape
    return weight.reshape(d, h), bias


@misconception(
    "You turn the weight over only if it is not square. A square one keeps its neurons as rows, too.",
    "Does the shape tell you whether neurons are rows or columns?",
)
def from_torch__square_left_alone(weight, bias):
    h, d = weight.shape
    if h != d:
        weight = weight.T
    return weight, bias


@misconception(
    "The weight that you were given has been turned over itself, and not a copy of it.",
    "What does the underscore at the end of a torch method tell you?",
)
def from_torch__in_place(weight, bias):
    return weight.t_(), bias


@misconception(
    "Your W and b are the right numbers, and they are torch's own: whoever changes them changes the layer too.",
    "Which call gives a tensor with numbers of its own?",
)
def from_torch__views(weight, bias):
    return weight.T, bias


@misconception(
    "You returned W without the bias.",
    "How many results does the function promise?",
)
def from_torch__weight_only(weight, bias):
    return weight.T


@misconception(
    "Your bias is a column, (h, 1). It stays flat, (h,), as torch keeps it.",
    "Which of the two does torch keep otherwise than we do: the weight, the bias, or both?",
)
def from_torch__bias_column(weight, bias):
    return weight.T, bias.reshape(-1, 1)


@misconception(
    "Your bias has become a table of one row, (1, h). It stays flat, (h,), as torch keeps it.",
    "Which of the two does torch keep otherwise than we do: the weight, the bias, or both?",
)
def from_torch__bias_table(weight, bias):
    return weight.T, bias.unsqueeze(0)


@misconception(
    "You turned the table by a quarter, like a picture. The transpose swaps rows and columns and keeps their order.",
    "Which entry stands at the top left before and after?",
)
def from_torch__quarter_turn(weight, bias):
    return torch.rot90(weight), bias


@misconception(
    "W and b have changed places.",
    "In which order does the text below the function's name promise them?",
)
def from_torch__swapped(weight, bias):
    return bias, weight.T
