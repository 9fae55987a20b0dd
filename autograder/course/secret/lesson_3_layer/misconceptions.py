"""Known wrong answers to lesson 3."""

import torch

from autograder.judging.misconceptions import misconception


@misconception(
    "Your neurons are rows of W. In this course each neuron is a column.",
    "Which number of inputs and neurons does the shape of W name first, and which does yours?",
)
def stack_neurons__neurons_as_rows(ws, bs):
    W = torch.stack(ws)
    b = torch.stack(bs)
    return W, b


@misconception(
    "The shape is right, but reshape deals the numbers out anew: each column mixes weights of several neurons.",
    "Should the first column hold the first neuron? Look at yours.",
)
def stack_neurons__reshaped(ws, bs):
    W = torch.cat(ws).reshape(len(ws[0]), len(ws))
    b = torch.stack(bs)
    return W, b


@misconception(
    "You laid all weights end to end in one row. A layer keeps the neurons side by side, in a matrix.",
    "What does torch.stack do that torch.cat does not?",
)
def stack_neurons__end_to_end(ws, bs):
    W = torch.cat(ws)
    b = torch.stack(bs)
    return W, b


@misconception(
    "Your biases stand in a column, (h, 1). They should be flat, (h,), one for each neuron.",
    "What would a column of biases do when it is added to the rows of X @ W?",
)
def stack_neurons__bias_column(ws, bs):
    W = torch.stack(ws, dim=1)
    b = torch.stack(bs).reshape(-1, 1)
    return W, b


@misconception(
    "Your biases are a table of one row, (1, h). They should be flat, (h,).",
    "How many dimensions do h numbers need?",
)
def stack_neurons__bias_table(ws, bs):
    W = torch.stack(ws, dim=1)
    b = torch.stack(bs).reshape(1, -1)
    return W, b


@misconception(
    "You added the biases up. Each neuron keeps its own.",
    "How many biases has a layer of two neurons?",
)
def stack_neurons__biases_summed(ws, bs):
    W = torch.stack(ws, dim=1)
    b = sum(bs)
    return W, b


@misconception(
    "You added each bias to the weights of its neuron. They stay apart: a bias joins the sum without an input.",
    "Is a bias multiplied by anything?",
)
def stack_neurons__bias_in_weights(ws, bs):
    columns = []
    for i in range(len(ws)):
        columns.append(ws[i] + bs[i])
    return torch.stack(columns, dim=1), torch.stack(bs)


@misconception(
    "You returned W without the biases.",
    "How many results does the function promise?",
)
def stack_neurons__weights_only(ws, bs):
    return torch.stack(ws, dim=1)


@misconception(
    "A layer of one neuron loses its column: where a dimension has the size 1, yours is dropped.",
    "Which shape should W have for a single neuron with three inputs?",
)
def stack_neurons__squeezed(ws, bs):
    W = torch.stack(ws, dim=1).squeeze()
    b = torch.stack(bs).squeeze()
    return W, b


@misconception(
    "W and b have changed places.",
    "In which order does the text below the function's name promise them?",
)
def stack_neurons__swapped(ws, bs):
    W = torch.stack(ws, dim=1)
    b = torch.stack(bs)
    return b, W


@misconception(
    "You added the neurons up into one. Side by side, each keeps its own weights.",
    "How many columns should W have?",
)
def stack_neurons__neurons_summed(ws, bs):
    W = sum(ws)
    b = torch.stack(bs)
    return W, b


@misconception(
    "There is no such dimension. They are counted from 0, and a flat tensor such as one neuron's weights has only one.",
    "How many dimensions has one neuron's w, and how many has W? What are their numbers?",
    any_numbers=True,
)
def stack_neurons__no_such_dimension(ws, bs):
    W = torch.stack(ws, dim=2)
    b = torch.stack(bs)
    return W, b


@misconception(
    "torch.cat lays tensors end to end, and a bias has no end: it is a single number, without dimensions.",
    "How did you join the weights, which become a matrix? What could do the same for numbers?",
)
def stack_neurons__biases_laid_end_to_end(ws, bs):
    W = torch.stack(ws, dim=1)
    b = torch.cat(bs)
    return W, b


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
    "The sigmoid is missing: these are the weighted sums, not the neurons' answers.",
    "Can an answer be above 1? Can yours?",
)
def layer_forward__no_sigmoid(X, W, b):
    return X @ W + b


@misconception(
    "The biases are missing from the sums.",
    "What does each neuron say about an observation that is all zeros? Need that be ½?",
)
def layer_forward__no_bias(X, W, b):
    return torch.sigmoid(X @ W)


@misconception(
    "You added the biases after the sigmoid, which pushes answers below 0 or above 1.",
    "In which order do the parts of a neuron come?",
)
def layer_forward__bias_outside(X, W, b):
    return torch.sigmoid(X @ W) + b


@misconception(
    "The sign in the exponent is turned round: your neurons are sure of the opposite.",
    "If a weighted sum is large, should its sigmoid be near 1 or near 0?",
)
def layer_forward__wrong_sign(X, W, b):
    return 1 / (1 + torch.exp(X @ W + b))


@misconception(
    "You used softmax, which makes the neurons share out a 1. In this layer each answers for itself.",
    "May two neurons of this layer both be nearly sure?",
)
def layer_forward__softmax(X, W, b):
    return torch.softmax(X @ W + b, dim=1)


@misconception(
    "You used ReLU. The neurons of this course bend their sums with the sigmoid.",
    "Between which two numbers should an answer lie?",
)
def layer_forward__relu(X, W, b):
    return torch.relu(X @ W + b)


@misconception(
    "You bent the inputs and not the sums. The neurons add up first.",
    "Which comes first on an observation's way, the weights or the sigmoid?",
)
def layer_forward__sigmoid_of_inputs(X, W, b):
    return torch.sigmoid(X) @ W + b


@misconception(
    "The sigmoid is used twice, so all your answers lie between 0.5 and 0.73.",
    "How many times should each sum be bent?",
)
def layer_forward__sigmoid_twice(X, W, b):
    a = torch.sigmoid(X @ W + b)
    return torch.sigmoid(a)


@misconception(
    "In your product W is turned over, by you or by torch's own linear, which wants it so. Our neurons are "
    "columns already.",
    "Write the shapes under X and W. Do the inner numbers agree?",
)
def layer_forward__transposed(X, W, b):
    return torch.sigmoid(X @ W.T + b)


@misconception(
    "You gave a bias to each observation, down the rows. It belongs to each neuron, along the columns.",
    "Does a neuron change its bias from one image to the next?",
)
def layer_forward__bias_per_observation(X, W, b):
    return torch.sigmoid(X @ W + b.reshape(-1, 1))


@misconception(
    "You returned decisions, 0 or 1. The layer's answers say how sure each neuron is.",
    "Where in this lesson is anything compared with ½?",
)
def layer_forward__decides(X, W, b):
    return (torch.sigmoid(X @ W + b) > 0.5).float()


@misconception(
    "A batch of one loses its row: where a dimension has the size 1, yours is dropped.",
    "Which shape has the result for one observation and two neurons?",
)
def layer_forward__squeezed(X, W, b):
    return torch.sigmoid(X @ W + b).squeeze()


@misconception(
    "You took the biases away; they are added to the sums.",
    "Which sign stands before b in the formula?",
)
def layer_forward__bias_subtracted(X, W, b):
    return torch.sigmoid(X @ W - b)


@misconception(
    "W stands first. In a matrix product the order matters: rows of the first meet columns of the second.",
    "Which of the two has the observations as rows?",
)
def layer_forward__weights_first(X, W, b):
    return torch.sigmoid(W @ X + b)


@misconception(
    "X and W meet entry by entry. A weighted sum multiplies a row with a column, and adds up.",
    "Which sign does torch have for the matrix product, and which for entry by entry?",
)
def layer_forward__entry_by_entry(X, W, b):
    return torch.sigmoid(X * W + b)


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


@misconception(
    "For a large weighted sum your activation is nan. In float32 e^z becomes inf there, and inf / inf is no number.",
    "Lesson 1 has two forms of the sigmoid. Which of them stays safe?",
)
def layer_forward__overflows(X, W, b):
    z = X @ W + b
    return torch.exp(z) / (1 + torch.exp(z))


@misconception(
    "Your activations run from -1 to 1: that is tanh. The neurons of this course bend their sums with the sigmoid.",
    "Between which two numbers does a sigmoid lie?",
)
def layer_forward__tanh(X, W, b):
    return torch.tanh(X @ W + b)
