"""Known wrong answers to lesson 4."""

import torch

from autograder.judging.misconceptions import misconception


@misconception(
    "The weights are not scaled: with many inputs the sums become large, and the sigmoids saturate.",
    "By what should each weight be divided, so that a sum keeps its size however many inputs there are?",
)
def init_params__not_scaled(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1], generator=generator)
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "You divided by the square root of the number of neurons. What counts is the number of inputs, the fan-in.",
    "How many products does one neuron of the layer add up?",
)
def init_params__scaled_by_neurons(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1], generator=generator) / sizes[i + 1] ** 0.5
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "You divided by the number of inputs itself. The square root is missing, and the weights are far too small.",
    "With 784 inputs, is each weight to be divided by 784 or by 28?",
)
def init_params__no_square_root(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1], generator=generator) / sizes[i]
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "You multiplied by the square root of the fan-in, where you should divide: more inputs must mean smaller weights.",
    "What happens to a sum of 784 products if each weight is 28 times as large?",
)
def init_params__multiplied_by_root(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1], generator=generator) * sizes[i] ** 0.5
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "All layers are scaled by the fan-in of the first. Each layer has a fan-in of its own.",
    "How many inputs has a neuron of the second layer?",
)
def init_params__first_fan_in_for_all(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    scale = 1 / sizes[0] ** 0.5
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1], generator=generator) * scale
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "All weights start at 0. Then all neurons of a layer are twins, and stay twins for ever.",
    "What makes two neurons different before anything has been learned?",
)
def init_params__all_zero(sizes, seed):
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i + 1}"] = torch.zeros(sizes[i], sizes[i + 1])
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "Your weights are drawn evenly from 0 to 1, so none is negative. They should lie around 0.",
    "Which torch function draws from a normal distribution, rand or another one?",
)
def init_params__only_positive(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i + 1}"] = torch.rand(sizes[i], sizes[i + 1], generator=generator) / sizes[i] ** 0.5
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "Your biases are drawn at random. They start at 0; the random weights make the neurons different enough.",
    "What does the lesson say that a bias starts at?",
)
def init_params__random_biases(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1], generator=generator) / sizes[i] ** 0.5
        params[f"b{i + 1}"] = torch.randn(sizes[i + 1], generator=generator)
    return params


@misconception(
    "Your matrices are turned over, (neurons, inputs), as torch keeps them. Here each neuron is a column.",
    "A batch (m, 784) meets W1. Which number of W1 must be 784?",
)
def init_params__transposed(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i + 1}"] = torch.randn(sizes[i + 1], sizes[i], generator=generator) / sizes[i] ** 0.5
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "You gave a bias to each input of a layer. It is the neurons that have one.",
    "W1 is (784, 64). How many biases does that layer need?",
)
def init_params__bias_per_input(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1], generator=generator) / sizes[i] ** 0.5
        params[f"b{i + 1}"] = torch.zeros(sizes[i])
    return params


@misconception(
    "Your keys count from 0: W0, b0. The first layer's are W1 and b1.",
    "What does the loop variable start at, and what should the name start at?",
)
def init_params__counts_from_zero(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i}"] = torch.randn(sizes[i], sizes[i + 1], generator=generator) / sizes[i] ** 0.5
        params[f"b{i}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "The seed is never used, so nobody can draw the same network a second time.",
    "What has to be seeded, and what has to draw from it?",
)
def init_params__ignores_seed(sizes, seed):
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1]) / sizes[i] ** 0.5
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "You seed anew for each layer, so all layers begin with the same random numbers.",
    "How often should a generator be made: once for each layer, or once for a network?",
)
def init_params__seeds_each_layer(sizes, seed):
    params = {}
    for i in range(len(sizes) - 1):
        generator = torch.Generator().manual_seed(seed)
        params[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1], generator=generator) / sizes[i] ** 0.5
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "You wrote it for two layers. There may be any number of sizes, and each pair of neighbours makes a layer.",
    "How many layers do four sizes make?",
)
def init_params__two_layers_only(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    d, h, k = sizes[:3]
    return {
        "W1": torch.randn(d, h, generator=generator) / d**0.5,
        "b1": torch.zeros(h),
        "W2": torch.randn(h, k, generator=generator) / h**0.5,
        "b2": torch.zeros(k),
    }


@misconception(
    "Whatever seed you are given, your network begins with the same numbers: the seed does not reach the generator.",
    "With which number is your generator seeded?",
)
def init_params__always_the_same_seed(sizes, seed):
    generator = torch.Generator()
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1], generator=generator) / sizes[i] ** 0.5
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "Your biases start at 1. They start at 0; the random weights make the neurons different enough.",
    "What does the lesson say that a bias starts at?",
)
def init_params__biases_of_one(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1], generator=generator) / sizes[i] ** 0.5
        params[f"b{i + 1}"] = torch.ones(sizes[i + 1])
    return params


@misconception(
    "The biases are missing: your dict holds weights only.",
    "Which keys does the text below the function's name ask for?",
)
def init_params__weights_only(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1], generator=generator) / sizes[i] ** 0.5
    return params


@misconception(
    "The weights are missing: your dict holds biases only.",
    "Which keys does the text below the function's name ask for?",
)
def init_params__biases_only(sizes, seed):
    params = {}
    for i in range(len(sizes) - 1):
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "Your matrices are square: as many rows as columns. The rows of a layer are its inputs, the columns its neurons.",
    "Which two of the sizes belong to the first layer?",
)
def init_params__neurons_on_both_sides(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i + 1}"] = torch.randn(sizes[i + 1], sizes[i + 1], generator=generator) / sizes[i + 1] ** 0.5
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "Your first layer is missing: its W1 and b1 are not in your dict.",
    "Write down by hand the values that your loop variable takes for three sizes.",
)
def init_params__skips_first_layer(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for i in range(1, len(sizes) - 1):
        params[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1], generator=generator) / sizes[i] ** 0.5
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "Your dict comes back empty: nothing is ever put into it.",
    "Write down by hand the values that your loop variable takes for three sizes.",
)
def init_params__no_layers(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for i in range(len(sizes), 1):
        params[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1], generator=generator) / sizes[i] ** 0.5
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "Your weights are divided by half the fan-in, where its square root is wanted. ** is the power; * only multiplies.",
    "With 784 inputs, is each weight to be divided by 784 or by 28?",
)
def init_params__half_of_the_inputs(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1], generator=generator) / sizes[i] * 0.5
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "You made a layer for each of the sizes. A layer lies between two of them, so there is one fewer.",
    "How many layers do three sizes make?",
)
def init_params__layer_too_many(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for layer in range(len(sizes)):
        inputs, neurons = sizes[layer - 1], sizes[layer]
        params[f"W{layer}"] = torch.randn(inputs, neurons, generator=generator) / inputs**0.5
        params[f"b{layer}"] = torch.zeros(neurons)
    return params


@misconception(
    "You asked for a size behind the last one. Your loop runs one turn too far, or looks one place too far ahead.",
    "Write down by hand which sizes the last turn of your loop asks for.",
)
def init_params__beyond_the_sizes(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for i in range(len(sizes)):
        params[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1], generator=generator) / sizes[i] ** 0.5
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "Your scores stand in one pair of brackets. Softmax takes a table, one row an image, even if there is one image.",
    "How many pairs of brackets has a table of one row?",
)
def softmax_examples__flat_scores():
    return [([2, 1, 0], [0.665, 0.245, 0.090]), ([0, 0], [0.5, 0.5])]


@misconception(
    "These are tables of scores without their shares. An example says what goes in and what should come out.",
    "What should softmax give for your first table?",
)
def softmax_examples__no_shares():
    return [[[2, 1, 0]], [[0, 0]]]


@misconception(
    "That is one example. What is asked for is a list of examples, and a list has brackets around it, however short.",
    "Which brackets go around all your pairs?",
)
def softmax_examples__one_pair():
    return ([[2, 1, 0]], [[0.665, 0.245, 0.090]])


@misconception(
    "Equal scores alone tell little: whoever gives every score of a row the same share gets them right, too.",
    "Which scores have you worked by hand whose shares differ?",
)
def softmax_examples__equal_scores():
    return [([[0, 0]], [[0.5, 0.5]]), ([[1, 1], [2, 2]], [[0.5, 0.5], [0.5, 0.5]])]


@misconception(
    "All your tables have one row. Where rows are mixed up with one another, that does not show.",
    "What could go wrong with two images that cannot go wrong with one?",
)
def softmax_examples__single_rows():
    return [([[2, 1, 0]], [[0.665, 0.245, 0.090]]), ([[1.0986, 0]], [[0.75, 0.25]])]


@misconception(
    "Your examples have small scores only. Whoever writes e to the power of a score down as it stands passes them all.",
    "What is e to the power of 1000 in float32?",
)
def softmax_examples__small_scores():
    return [([[2, 1, 0]], [[0.665, 0.245, 0.090]]), ([[0, 0], [1.0986, 0]], [[0.5, 0.5], [0.75, 0.25]])]


@misconception(
    "Your columns add up to 1, not your rows: the sum runs over the batch (dim=0).",
    "Which index of z counts the observations, and which the classes?",
)
def softmax__sums_columns(z):
    powers = torch.exp(z - z.max())
    return powers / powers.sum(dim=0)


@misconception(
    "All entries of the table together add up to 1. Each row should do so by itself.",
    "Of how many shares does one observation consist?",
)
def softmax__sums_whole_table(z):
    powers = torch.exp(z - z.max())
    return powers / powers.sum()


@misconception(
    "e¹⁰⁰⁰ is too large for float32: it becomes inf, and inf / inf is nan.",
    "What may be taken away from all scores of a row without a change to the shares?",
)
def softmax__overflows(z):
    powers = torch.exp(z)
    return powers / powers.sum(dim=1, keepdim=True)


@misconception(
    "You took away the maximum of the whole table. In a row far below it every e^z becomes 0, and 0 / 0 is nan.",
    "Whose maximum brings the largest score of every row to 0?",
)
def softmax__one_maximum_for_all(z):
    powers = torch.exp(z - z.max())
    return powers / powers.sum(dim=1, keepdim=True)


@misconception(
    "You took away the maximum of each column. Shares don't change only if the same number is taken from a whole row.",
    "Along which dim does a row run?",
)
def softmax__column_maximum(z):
    powers = torch.exp(z - z.max(dim=0).values)
    return powers / powers.sum(dim=1, keepdim=True)


@misconception(
    "The sums of the rows have lost their dimension, so they are divided along the wrong way or don't fit at all.",
    "Which shape must m sums have to be divided row by row into (m, k)?",
)
def softmax__no_keepdim(z):
    powers = torch.exp(z - z.max(dim=1, keepdim=True).values)
    return powers / powers.sum(dim=1)


@misconception(
    "You divided the scores themselves by their sum. With scores below 0 that gives negative shares.",
    "What makes each score positive without losing the order?",
)
def softmax__no_exp(z):
    return z / z.sum(dim=1, keepdim=True)


@misconception(
    "That is the sigmoid, which looks at each entry by itself. Softmax makes the entries of a row share a 1.",
    "What is the sum of your first row?",
)
def softmax__sigmoid(z):
    return torch.sigmoid(z)


@misconception(
    "You stopped after exp: positive numbers, but not shares yet.",
    "By what must a row be divided to add up to 1?",
)
def softmax__not_divided(z):
    return torch.exp(z - z.max(dim=1, keepdim=True).values)


@misconception(
    "Softmax is applied twice, which moves all shares towards each other.",
    "What happens to the shares (1, 0) if they are taken for scores?",
)
def softmax__twice(z):
    shares = torch.softmax(z, dim=1)
    return torch.softmax(shares, dim=1)


@misconception(
    "You returned the logarithms of the shares.",
    "Can a share be negative? Can yours?",
)
def softmax__logarithms(z):
    return torch.log_softmax(z, dim=1)


@misconception(
    "The shares are right, but the scores that you were given have changed, too.",
    "Which way of writing a subtraction makes a new tensor?",
)
def softmax__in_place(z):
    z -= z.max(dim=1, keepdim=True).values
    powers = torch.exp(z)
    return powers / powers.sum(dim=1, keepdim=True)


@misconception(
    "Cutting the scores off at a limit avoids inf, and makes all large scores equal.",
    "What are the shares of 1000 and 1001, and what are yours?",
)
def softmax__cut_off(z):
    powers = torch.exp(z.clamp(-80, 80))
    return powers / powers.sum(dim=1, keepdim=True)


@misconception(
    "Where e^z is too large, your shares are 0 and the row no longer adds up to 1. That hides the trouble "
    "instead of mending it.",
    "How can exp be kept from becoming inf in the first place?",
)
def softmax__hides_nan(z):
    powers = torch.exp(z)
    return torch.nan_to_num(powers / powers.sum(dim=1, keepdim=True))


@misconception(
    "The sign of the scores is turned round: the largest score gets the smallest share.",
    "Which score should get the largest share?",
)
def softmax__wrong_sign(z):
    powers = torch.exp(-(z - z.min(dim=1, keepdim=True).values))
    return powers / powers.sum(dim=1, keepdim=True)


@misconception(
    "What you take away from a row is not its largest score. Beside one of -1000, the power of e at 1000 is then "
    "inf, and inf / inf is nan.",
    "Which score of a row must become 0, so that no power of it can overflow?",
)
def softmax__minimum(z):
    powers = torch.exp(z - z.min(dim=1, keepdim=True).values)
    return powers / powers.sum(dim=1, keepdim=True)


@misconception(
    "Your subtraction is turned round, so the largest score gets the smallest share.",
    "Which score of a row should get the largest share?",
)
def softmax__maximum_minus_scores(z):
    powers = torch.exp(z.max(dim=1, keepdim=True).values - z)
    return powers / powers.sum(dim=1, keepdim=True)


@misconception(
    "The powers of e are missing: you shared out the scores themselves, after taking the maximum away.",
    "What makes each score positive without losing the order?",
)
def softmax__shifted_without_exp(z):
    shifted = z - z.max(dim=1, keepdim=True).values
    return shifted / shifted.sum(dim=1, keepdim=True)


@misconception(
    "You divided by the mean of each row. With k classes, your rows add up to k and not to 1.",
    "By what must the numbers 1, 1 and 2 be divided to become shares?",
)
def softmax__divides_by_mean(z):
    powers = torch.exp(z - z.max(dim=1, keepdim=True).values)
    return powers / powers.mean(dim=1, keepdim=True)


@misconception(
    "The maximum is taken along each row, which is right. The sum runs down the columns, from one observation to the "
    "next.",
    "What do your rows add up to, and what do your columns?",
)
def softmax__columns_after_row_maximum(z):
    powers = torch.exp(z - z.max(dim=1, keepdim=True).values)
    return powers / powers.sum(dim=0, keepdim=True)


@misconception(
    "The maxima of the rows have lost their dimension, so they are taken away along the wrong way or don't fit at all.",
    "Which shape must m maxima have to be taken from (m, k) row by row?",
)
def softmax__maximum_without_keepdim(z):
    powers = torch.exp(z - z.max(dim=1).values)
    return powers / powers.sum(dim=1, keepdim=True)


@misconception(
    "z.max along a dim returns two things: the largest scores and their places. You subtracted both of them.",
    "Print what z.max(dim=1) gives. Which of its two parts do you need?",
)
def softmax__maximum_with_places(z):
    powers = torch.exp(z - z.max(dim=1, keepdim=True))
    return powers / powers.sum(dim=1, keepdim=True)


@misconception(
    "You asked for a dimension that the tensor does not have. They are counted from 0: a table has a dim=0 and a "
    "dim=1.",
    "Which of the two runs along a row?",
    any_numbers=True,
)
def softmax__dim_two(z):
    return torch.softmax(z, dim=2)


@misconception(
    "You multiplied by the sum of the row. Shares are parts of a whole, and a part is made by dividing.",
    "What do your rows add up to?",
)
def softmax__multiplied_by_sum(z):
    powers = torch.exp(z - z.max(dim=1, keepdim=True).values)
    return powers * powers.sum(dim=1, keepdim=True)


@misconception(
    "Your fraction is turned over: the sum of the row stands above the line.",
    "Can a share be larger than 1? Can yours?",
)
def softmax__whole_over_part(z):
    powers = torch.exp(z - z.max(dim=1, keepdim=True).values)
    return powers.sum(dim=1, keepdim=True) / powers


@misconception(
    "keepdim=True keeps the dimension along which you look, and you have named none.",
    "Along which dimension is a row to be looked through?",
)
def softmax__keepdim_without_dim(z):
    powers = torch.exp(z - z.max(dim=1, keepdim=True).values)
    return powers / powers.sum(keepdim=True)


@misconception(
    "keepdim=True keeps the dimension along which you look, and you have named none.",
    "Along which dimension is a row to be looked through?",
)
def softmax__maximum_keepdim_without_dim(z):
    powers = torch.exp(z - z.max(keepdim=True).values)
    return powers / powers.sum(dim=1, keepdim=True)


@misconception(
    "The hidden layer lacks its sigmoid. Two layers without a bend between them are no more than one.",
    "What happens to the hidden sums before the second layer sees them?",
)
def forward__no_sigmoid(X, params):
    hidden = X @ params["W1"] + params["b1"]
    return torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)


@misconception(
    "You returned the scores. Softmax, which makes shares of them, is missing.",
    "What do your rows add up to?",
)
def forward__no_softmax(X, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    return hidden @ params["W2"] + params["b2"]


@misconception(
    "The last layer ends in a sigmoid. Its ten neurons should share out a 1, and a sigmoid lets each answer by itself.",
    "What do your rows add up to?",
)
def forward__sigmoid_at_end(X, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    return torch.sigmoid(hidden @ params["W2"] + params["b2"])


@misconception(
    "The scores went through the sigmoid before softmax, which presses them all between 0 and 1.",
    "To which of the two layers does the sigmoid belong?",
)
def forward__sigmoid_before_softmax(X, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    z = torch.sigmoid(hidden @ params["W2"] + params["b2"])
    return torch.softmax(z, dim=1)


@misconception(
    "Softmax runs down the columns: it shares a 1 among the observations and not among the classes.",
    "Which dim runs along a row?",
)
def forward__softmax_over_batch(X, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    return torch.softmax(hidden @ params["W2"] + params["b2"], dim=0)


@misconception(
    "Softmax is applied twice, which moves all shares towards each other. A sure network sounds as if it guessed.",
    "What does the second softmax take its input for, and what is it?",
)
def forward__softmax_twice(X, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    return torch.softmax(probs, dim=1)


@misconception(
    "The hidden layer has softmax where it should have the sigmoid. Hidden neurons don't share anything out.",
    "Which of the two bends looks at each neuron by itself?",
)
def forward__softmax_in_hidden_layer(X, params):
    hidden = torch.softmax(X @ params["W1"] + params["b1"], dim=1)
    return torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)


@misconception(
    "The hidden layer uses ReLU. In this course it is bent by the sigmoid.",
    "Between which two numbers should a hidden number lie?",
)
def forward__relu(X, params):
    hidden = torch.relu(X @ params["W1"] + params["b1"])
    return torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)


@misconception(
    "The biases of both layers are missing.",
    "Which of the four entries of params have you used?",
)
def forward__no_biases(X, params):
    hidden = torch.sigmoid(X @ params["W1"])
    return torch.softmax(hidden @ params["W2"], dim=1)


@misconception(
    "The hidden layer's biases are missing.",
    "Which of the four entries of params have you not used?",
)
def forward__no_hidden_bias(X, params):
    hidden = torch.sigmoid(X @ params["W1"])
    return torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)


@misconception(
    "The last layer's biases are missing.",
    "Which of the four entries of params have you not used?",
)
def forward__no_last_bias(X, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    return torch.softmax(hidden @ params["W2"], dim=1)


@misconception(
    "You returned the hidden numbers. The second layer has yet to look at them.",
    "How many classes are there, and how many columns has your answer?",
)
def forward__hidden_only(X, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    return hidden


@misconception(
    "You returned the winning class. What is asked for is the shares of all of them.",
    "Which later function picks the winner?",
)
def forward__picks_winner(X, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    return probs.argmax(dim=1)


@misconception(
    "In the hidden layer you took the biases away; they are added.",
    "Which sign stands before each bias in the formula?",
)
def forward__hidden_bias_subtracted(X, params):
    hidden = torch.sigmoid(X @ params["W1"] - params["b1"])
    return torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)


@misconception(
    "In the last layer you took the biases away; they are added.",
    "Which sign stands before each bias in the formula?",
)
def forward__last_bias_subtracted(X, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    return torch.softmax(hidden @ params["W2"] - params["b2"], dim=1)


@misconception(
    "Weights stand first in one of your products. The order matters: rows of the first meet columns of the second.",
    "Which of the two has the observations as rows?",
)
def forward__hidden_weights_first(X, params):
    hidden = torch.sigmoid(params["W1"] @ X + params["b1"])
    return torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)


@misconception(
    "Weights stand first in one of your products. The order matters: rows of the first meet columns of the second.",
    "Which of the two has the observations as rows?",
)
def forward__last_weights_first(X, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    return torch.softmax(params["W2"] @ hidden + params["b2"], dim=1)


@misconception(
    "Two tables meet entry by entry. A weighted sum multiplies a row with a column, and adds up.",
    "Which sign does torch have for the matrix product, and which for entry by entry?",
)
def forward__hidden_entry_by_entry(X, params):
    hidden = torch.sigmoid(X * params["W1"] + params["b1"])
    return torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)


@misconception(
    "Two tables meet entry by entry. A weighted sum multiplies a row with a column, and adds up.",
    "Which sign does torch have for the matrix product, and which for entry by entry?",
)
def forward__last_entry_by_entry(X, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    return torch.softmax(hidden * params["W2"] + params["b2"], dim=1)


@misconception(
    "You asked for a dimension that the tensor does not have. They are counted from 0: a table has a dim=0 and a "
    "dim=1.",
    "Which of the two runs along a row?",
    any_numbers=True,
)
def forward__dim_two(X, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    return torch.softmax(hidden @ params["W2"] + params["b2"], dim=2)


@misconception(
    "torch.softmax must be told along which dimension to share out: along the rows or down the columns.",
    "Which dim runs along a row?",
)
def forward__no_dim(X, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    return torch.softmax(hidden @ params["W2"] + params["b2"])


@misconception(
    "You looked for the largest share of each column. It is the rows that are observations.",
    "For four rows of ten shares, how many answers should there be?",
)
def predict_digits__over_batch(probs):
    return probs.argmax(dim=0)


@misconception(
    "You looked for the largest share of the whole table and got a single place. Each row has a winner of its own.",
    "Which argument says along what to look?",
)
def predict_digits__whole_table(probs):
    return torch.argmax(probs)


@misconception(
    "You returned the largest shares. What is asked for is where they stand.",
    "max says how much. What says at which place?",
)
def predict_digits__shares(probs):
    return probs.max(dim=1).values


@misconception(
    "Your places count from 1. The digits begin at 0, and so do places in Python.",
    "Which digit belongs to the first column?",
)
def predict_digits__counts_from_one(probs):
    return probs.argmax(dim=1) + 1


@misconception(
    "You looked for a share above ½. With ten classes the winner may well have less.",
    "Which class wins the row (0.3, 0.25, 0.45)?",
)
def predict_digits__above_half(probs):
    return (probs > 0.5).long().argmax(dim=1)


@misconception(
    "You picked the smallest share of each row.",
    "Which class does the network believe in most?",
)
def predict_digits__smallest(probs):
    return probs.argmin(dim=1)


@misconception(
    "Your answers stand in a column, (m, 1). They should be flat, (m,), like the labels.",
    "What would `answers == y` compare if one is a column and the other is flat?",
)
def predict_digits__column(probs):
    return probs.argmax(dim=1, keepdim=True)


@misconception(
    "You rounded the shares to 0 and 1. What is asked for is one whole number for each row: the place of the winner.",
    "Which digit do you read off a row of ten shares?",
)
def predict_digits__rounds(probs):
    return probs.round().long()


@misconception(
    "A batch of one loses its shape (1,): where a dimension has the size 1, yours is dropped.",
    "How many answers does one row have, and in which shape?",
)
def predict_digits__squeezed(probs):
    return probs.argmax(dim=1).squeeze()


@misconception(
    "torch.max along a dim returns two things: the largest shares and their places. Only one of them is asked for.",
    "Which of the two are digits?",
)
def predict_digits__both_results(probs):
    return torch.max(probs, dim=1)


@misconception(
    "You asked for a dimension that the tensor does not have. They are counted from 0: a table has a dim=0 and a "
    "dim=1.",
    "Which of the two runs along a row?",
    any_numbers=True,
)
def predict_digits__dim_two(probs):
    return probs.argmax(dim=2)


@misconception(
    "You returned the shares as they came. What is asked for is one whole number for each row: the winner's place.",
    "For four rows of ten shares, how many numbers should come back?",
)
def predict_digits__nothing_picked(probs):
    return probs


@misconception(
    "What you take away from a row is not its largest score. Beside one of -1000, the power of e at 1000 is then "
    "inf, and inf / inf is nan.",
    "Which score of a row must become 0, so that no power of it can overflow?",
)
def softmax__first_score(z):
    powers = torch.exp(z - z[:, :1])
    return powers / powers.sum(dim=1, keepdim=True)


@misconception(
    "You returned the place of the largest score in each row. What is asked for is a share for every entry.",
    "How many numbers should come back for a row of four scores?",
)
def softmax__place_of_largest(z):
    return z.argmax(dim=1)


@misconception(
    "In each row the largest entry has 1 and all others 0. Softmax gives the others their shares, too.",
    "What do two scores get that are nearly alike?",
)
def softmax__winner_takes_all(z):
    return torch.nn.functional.one_hot(z.argmax(dim=1), z.shape[1]).float()


@misconception(
    "Your shares are those of powers of 2. The formula has powers of e, which is 2.718.",
    "Which function of torch takes powers of e?",
)
def softmax__base_two(z):
    powers = 2.0 ** (z - z.max(dim=1, keepdim=True).values)
    return powers / powers.sum(dim=1, keepdim=True)


@misconception(
    "The spread of your weights is 0.01, whatever the sizes are.",
    "By what should each weight be divided, so that a sum keeps its size however many inputs there are?",
)
def init_params__spread_of_a_hundredth(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i + 1}"] = 0.01 * torch.randn(sizes[i], sizes[i + 1], generator=generator)
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "The spread of your weights is 0.1, whatever the sizes are.",
    "By what should each weight be divided, so that a sum keeps its size however many inputs there are?",
)
def init_params__spread_of_a_tenth(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i + 1}"] = 0.1 * torch.randn(sizes[i], sizes[i + 1], generator=generator)
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params


@misconception(
    "Your weights are spread by the square root of 2 over the number of inputs, which is another rule: He's.",
    "Which number stands above the line in the lesson's rule?",
)
def init_params__he(sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for i in range(len(sizes) - 1):
        params[f"W{i + 1}"] = torch.randn(sizes[i], sizes[i + 1], generator=generator) * (2 / sizes[i]) ** 0.5
        params[f"b{i + 1}"] = torch.zeros(sizes[i + 1])
    return params
