"""Known wrong answers to lesson 0."""

from autograder.judging.misconceptions import misconception


@misconception(
    "With ink in both pixels your third neuron fires, too: there, nobody holds it back.",
    "What should the third neuron do when the second one fires?",
)
def exactly_one__first_opinion_alone():
    return [(1, 1, -0.5), (1, 1, -1.5), (1, 0, -0.5)]


@misconception(
    "With ink in the first pixel alone, your third neuron stays silent. Perhaps your first two say the same there.",
    "Which bias makes a neuron wait until both pixels have ink?",
)
def exactly_one__no_bias():
    return [(1, 1, 0), (1, 1, 0), (1, -1, 0)]


@misconception(
    "With no ink at all, your third neuron fires: the biases are above 0, and a bias is added before anything is seen.",
    "What is the sum of a neuron whose two inputs are 0?",
)
def exactly_one__bias_above_zero():
    return [(1, 1, 0.5), (1, 1, -1.5), (1, -1, 0.5)]


@misconception(
    "With one layer his two lines are right. The bug shows where there is a layer in the middle.",
    "Whose biases does `sizes[-1]` leave out?",
)
def colleague_counts__one_layer():
    return ((5, 4), 24, 24)


@misconception(
    "Your two numbers have changed places: first comes what his lines give, then what is right.",
    "Is his number too small or too large?",
)
def colleague_counts__changed_places():
    return ((3, 2, 4), 20, 18)


@misconception(
    "The number that you call right is not right. Perhaps it leaves out biases, too.",
    "How many biases do 2 hidden neurons and 4 outputs have together?",
)
def colleague_counts__forgets_biases():
    return ((3, 2, 4), 18, 14)


@misconception(
    "You have put most of your belief on more than 2,000. That is a network that has learned something.",
    "How often is a blind guess among ten digits right?",
)
def how_many_right__expects_too_much():
    return {"fewer than 300": 0.05, "300 to 2,000": 0.15, "more than 2,000": 0.8}


@misconception(
    "You have put most of your belief on fewer than 300. Whoever avoids the right digit so well knows something of it.",
    "How often is a blind guess among ten digits right?",
)
def how_many_right__expects_too_little():
    return {"fewer than 300": 0.9, "300 to 2,000": 0.1, "more than 2,000": 0.0}


@misconception(
    "These are percent. A share is a fraction of 1, and all three together are 1.",
    "What is 70 percent as a fraction of 1?",
)
def how_many_right__percent():
    return {"fewer than 300": 10, "300 to 2,000": 80, "more than 2,000": 10}


@misconception(
    "You counted the weights and left out the biases.",
    "Besides its weights, which one number does every neuron have?",
)
def count_parameters__no_biases(sizes):
    total = 0
    for i in range(len(sizes) - 1):
        total += sizes[i] * sizes[i + 1]
    return total


@misconception(
    "You gave a bias to each input of a layer; it is the neurons that have one.",
    "In the sizes (3, 2), which of the two numbers counts neurons?",
)
def count_parameters__bias_per_input(sizes):
    total = 0
    for i in range(len(sizes) - 1):
        total += sizes[i] * sizes[i + 1] + sizes[i]
    return total


@misconception(
    "You counted one bias for a whole layer. Each neuron of it has a bias of its own.",
    "A layer of 64 neurons: how many biases are in it?",
)
def count_parameters__one_bias_per_layer(sizes):
    total = 0
    for i in range(len(sizes) - 1):
        total += sizes[i] * sizes[i + 1] + 1
    return total


@misconception(
    "You gave biases to the inputs too. The first size counts inputs, and inputs have no bias.",
    "How many of the sizes are layers of neurons?",
)
def count_parameters__biases_of_inputs_too(sizes):
    total = sum(sizes)
    for i in range(len(sizes) - 1):
        total += sizes[i] * sizes[i + 1]
    return total


@misconception(
    "You counted the first layer only. Every further layer has weights and biases of its own.",
    "How many pairs of neighbours are there in (784, 64, 10)?",
)
def count_parameters__first_layer_only(sizes):
    inputs, neurons = sizes[0], sizes[1]
    return inputs * neurons + neurons


@misconception(
    "Your count ends one layer too early: the last layer is missing.",
    "Write down by hand the values that your loop variable takes for (3, 2, 4).",
)
def count_parameters__misses_last_layer(sizes):
    total = 0
    for i in range(len(sizes) - 2):
        total += sizes[i] * sizes[i + 1] + sizes[i + 1]
    return total


@misconception(
    "You multiplied all the sizes together. Layers stand behind one another, so their counts are added.",
    "Count each layer by itself first. What do you do with the two counts?",
)
def count_parameters__product_of_sizes(sizes):
    product = 1
    for size in sizes:
        product *= size
    return product


@misconception(
    "You added up the sizes, which counts inputs and neurons. Each neuron has a weight for every one of its inputs.",
    "Two neurons look at three inputs: how many lines must you draw between them?",
)
def count_parameters__counts_neurons(sizes):
    return sum(sizes)


@misconception(
    "Each layer overwrites what was counted before it, so only the last one is left in your total.",
    "After the second turn of your loop, what has become of the first layer's count?",
)
def count_parameters__last_layer_only(sizes):
    for i in range(len(sizes) - 1):
        total = sizes[i] * sizes[i + 1] + sizes[i + 1]
    return total


@misconception(
    "Your total is still 0 at the end: what the loop works out is never put into it.",
    "Which line of your loop gives total a new value?",
)
def count_parameters__stays_zero(sizes):
    total = 0
    for i in range(len(sizes) - 1):
        total + sizes[i] * sizes[i + 1] + sizes[i + 1]
    return total


@misconception(
    "You are 1 too high, whatever the sizes are: your count does not begin at 0.",
    "How many parameters has a network before its first layer is counted?",
)
def count_parameters__starts_at_one(sizes):
    total = 1
    for i in range(len(sizes) - 1):
        total += sizes[i] * sizes[i + 1] + sizes[i + 1]
    return total


@misconception(
    "You added the inputs and the neurons of each layer. Every neuron has a weight for each of its inputs.",
    "Two neurons look at three inputs: how many lines must you draw between them?",
)
def count_parameters__adds_neighbours(sizes):
    total = 0
    for i in range(len(sizes) - 1):
        total += sizes[i] + sizes[i + 1]
    return total
