"""Known wrong answers to lesson 1."""

import torch

from autograder.judging.misconceptions import misconception


@misconception(
    "The bias is missing: your sum ends after the last weighted input.",
    "What does the neuron answer when all its inputs are 0?",
)
def weighted_sum__no_bias(x, w, b):
    return x @ w


@misconception(
    "You took the bias away; it is added.",
    "Which sign stands before b in the formula?",
)
def weighted_sum__bias_subtracted(x, w, b):
    return x @ w - b


@misconception(
    "You added the bias to every product, so it comes in once for each input. It belongs in the sum once.",
    "Of three inputs and one bias, how many terms has the sum?",
)
def weighted_sum__bias_per_input(x, w, b):
    return (x * w + b).sum(dim=-1)


@misconception(
    "You took the mean of the products; the neuron adds them up.",
    "What would a fourth input do to a sum, and what to a mean?",
)
def weighted_sum__mean(x, w, b):
    return (x * w).mean(dim=-1) + b


@misconception(
    "You divided by the sum of the weights. That is a weighted mean, and a neuron takes a weighted sum.",
    "What would a weighted mean do with weights that add up to 0?",
)
def weighted_sum__weighted_mean(x, w, b):
    return (x * w).sum(dim=-1) / w.sum() + b


@misconception(
    "You multiplied, and did not add up: there is still one number for each input.",
    "How many numbers does one neuron say about one observation?",
)
def weighted_sum__not_summed(x, w, b):
    return x * w + b


@misconception(
    "You added up everything in the batch. Each observation, which is one row, gets a sum of its own.",
    "Along which of its two dimensions does a row of x run?",
)
def weighted_sum__sums_whole_batch(x, w, b):
    return torch.sum(x * w) + b


@misconception(
    "Your sum runs down the columns, from one observation to the next. It should run along each row.",
    "Which dim of x (m, n) should be gone afterwards, m or n?",
)
def weighted_sum__sums_columns(x, w, b):
    return (x * w).sum(dim=0) + b


@misconception(
    "Your sums stand in a column, (m, 1). They should be a flat (m,), like the labels.",
    "What shape must the weights have, so that the product keeps no second dimension?",
)
def weighted_sum__column(x, w, b):
    return x @ w.reshape(-1, 1) + b


@misconception(
    "You put the weighted sum through the sigmoid. That comes later: this function is the sum alone.",
    "Can a weighted sum be larger than 1? Can yours?",
)
def weighted_sum__with_sigmoid(x, w, b):
    return torch.sigmoid(x @ w + b)


@misconception(
    "You added inputs and weights; each input is multiplied by its weight.",
    "What should an input count whose weight is 0?",
)
def weighted_sum__adds_weights(x, w, b):
    return (x + w).sum(dim=-1) + b


@misconception(
    "Your function returns nothing. A number that is printed, or kept inside the function, cannot be used any further.",
    "Which word hands a result back to whoever called the function?",
)
def weighted_sum__prints(x, w, b):
    z = x @ w + b
    print(z)


@misconception(
    "Rows and weights do not meet: the weights stand first in your product, or x is turned over. Each row of x "
    "should meet the weights.",
    "Write the shapes side by side, (n,) and (m, n). Which two numbers meet in the middle?",
)
def weighted_sum__weights_first(x, w, b):
    return w @ x + b


@misconception(
    "The sign in the exponent is turned round, so your curve falls where it should climb.",
    "Should sigmoid(5) be near 1 or near 0?",
)
def sigmoid__wrong_sign(z):
    return 1 / (1 + torch.exp(z))


@misconception(
    "For large z your answer is nan. On paper it is the same curve; in float32 e^z becomes inf there, and inf / "
    "inf is no number.",
    "Which of the two forms in the lesson never has inf on both sides of the line?",
)
def sigmoid__overflows(z):
    return torch.exp(z) / (1 + torch.exp(z))


@misconception(
    "You have what belongs below the line, and no 1 is divided by it. Perhaps brackets are missing: Python divides "
    "before it adds.",
    "What all belongs below the line of the fraction, and what above it?",
)
def sigmoid__missing_brackets(z):
    return 1 / 1 + torch.exp(-z)


@misconception(
    "The 1 below the line is missing, so your curve grows beyond 1.",
    "What is 1 / e⁰, and what should sigmoid(0) be?",
)
def sigmoid__missing_one(z):
    return 1 / torch.exp(-z)


@misconception(
    "That is tanh, a curve of the same form that runs from -1 to 1. The sigmoid runs from 0 to 1.",
    "What should come out at 0?",
)
def sigmoid__tanh(z):
    return torch.tanh(z)


@misconception(
    "You cut the curve down to 0 and 1. The sigmoid gives what lies between as well: how sure, not only yes or no.",
    "Should sigmoid(0.5) and sigmoid(5) come to the same?",
)
def sigmoid__step(z):
    return (z > 0).float()


@misconception(
    "Below the line you took the power away from 1; it is added to it.",
    "What happens to 1 - e⁰ at z = 0?",
)
def sigmoid__minus(z):
    return 1 / (1 - torch.exp(-z))


@misconception(
    "That is the slope of the sigmoid. It is highest at 0 and falls on both sides.",
    "What should sigmoid(100) be?",
)
def sigmoid__slope(z):
    s = 1 / (1 + torch.exp(-z))
    return s * (1 - s)


@misconception(
    "That is softmax: your numbers share out a 1 among them. The sigmoid looks at each entry by itself.",
    "Should the answer for one entry change when its neighbour does?",
)
def sigmoid__softmax(z):
    return torch.softmax(z, dim=-1)


@misconception(
    "That is ReLU, which cuts off what is below 0 and lets the rest grow. The sigmoid stays between 0 and 1.",
    "What should come out for z = 5?",
)
def sigmoid__relu(z):
    return torch.relu(z)


@misconception(
    "Your function works for a single number and fails for a tensor of many: something in it takes one number only.",
    "Which exp works on each entry of a tensor?",
)
def sigmoid__single_number(z):
    import math

    return 1 / (1 + math.exp(-z))


@misconception(
    "The power of e is missing: with z itself below the line, you divide by 0 at z = 1, and are below 0 beyond.",
    "Which part of the formula makes every z positive?",
)
def sigmoid__no_exp(z):
    return 1 / (1 + -z)


@misconception(
    "You have the power of e alone, which grows without limit to the left. The fraction round it is missing.",
    "Between which two numbers should every answer lie?",
)
def sigmoid__power_alone(z):
    return torch.exp(-z)


@misconception(
    "Your observations stand in one pair of brackets. x is a table, one row an observation, even if there is one.",
    "How many pairs of brackets has a table of one row?",
)
def predict_examples__flat_observation():
    return [([3, 1], [1, -1], 0, 1), ([1, 3], [1, -1], 0, 0)]


@misconception(
    "What you expect is how sure the neuron is. A prediction is the decision that follows: 0 or 1.",
    "What does the neuron do with an opinion of 0.88?",
)
def predict_examples__opinions():
    return [([[3, 1], [1, 3]], [1, -1], 0, [0.88, 0.12]), ([[1]], [2], 0, [0.88])]


@misconception(
    "An example has four parts, and the bias is one of them. Yours have more parts, or fewer.",
    "How inclined is your neuron before it has seen anything?",
)
def predict_examples__no_bias():
    return [([[3, 1], [1, 3]], [1, -1], [1, 0]), ([[1]], [2], [1])]


@misconception(
    "Your neuron fires at a sum of 0. There its hypothesis is exactly one half, and it should exceed it.",
    "What does 'exceeds' say about two numbers that are equal?",
)
def predict_examples__fires_at_half():
    return [([[2, 2]], [1, -1], 0, [1]), ([[1]], [0], 0, [1])]


@misconception(
    "In none of your examples does the bias change a decision. Whoever forgets the bias passes them.",
    "Which bias would turn a yes of yours into a no?",
)
def predict_examples__biases_of_zero():
    return [([[3, 1], [1, 3], [2, 2]], [1, -1], 0, [1, 0, 0]), ([[0.25], [4]], [1], 0, [1, 1])]


@misconception(
    "Your neuron fires for everybody. It misses no cancer, and it frightens every healthy person.",
    "At which area is your cut, and do any samples lie to its left?",
)
def careful_neuron__fires_for_everybody():
    return (10, 1)


@misconception(
    "You moved the cut to the right. Now even more cancers lie below it.",
    "Does the neuron fire to the left or to the right of its cut?",
)
def careful_neuron__moved_to_the_right():
    return (10, -9)


@misconception(
    "Your weight is below 0, so the neuron fires for small nuclei, and cancers have large ones.",
    "What does a weight below 0 say of an input that grows?",
)
def careful_neuron__turned_round():
    return (-10, 5.3)


@misconception(
    "You made both numbers larger by the same factor. The neuron is surer of itself, and its cut is where it was.",
    "What is -b/w, before and after?",
)
def careful_neuron__surer_alone():
    return (20, -14)


@misconception(
    "Your curve is the arctangent, brought between 0 and 1. It nears both far more slowly than a sigmoid.",
    "Which function does the lesson's formula have below the line?",
)
def sigmoid__arctangent(z):
    return torch.atan(z) / torch.pi + 0.5


@misconception(
    "Your curve is softsign, z / (1 + |z|), brought between 0 and 1. It nears both far more slowly than a sigmoid.",
    "Which function does the lesson's formula have below the line?",
)
def sigmoid__softsign(z):
    return 0.5 * (z / (1 + z.abs()) + 1)


@misconception(
    "Yours is a straight line that is cut off at 0 and at 1. The sigmoid is a curve, and reaches neither.",
    "What does the formula give for z = 1? Work it out on paper and compare.",
)
def sigmoid__straight_line(z):
    return (z / 6 + 0.5).clamp(0, 1)


@misconception(
    "Yours is a straight line that is cut off at 0 and at 1. The sigmoid is a curve, and reaches neither.",
    "What does the formula give for z = 1? Work it out on paper and compare.",
)
def sigmoid__steeper_straight_line(z):
    return (z / 5 + 0.5).clamp(0, 1)


@misconception(
    "Yours is a straight line that is cut off at 0 and at 1. The sigmoid is a curve, and reaches neither.",
    "What does the formula give for z = 1? Work it out on paper and compare.",
)
def sigmoid__line_through_four(z):
    return (z / 4 + 0.5).clamp(0, 1)


@misconception(
    "Your numbers are those of powers of 2. The formula has powers of e, which is 2.718.",
    "Which function of torch takes powers of e?",
)
def sigmoid__base_two(z):
    return 1 / (1 + 2.0 ** (-z))


@misconception(
    "Your numbers are those of powers of 10. The formula has powers of e, which is 2.718.",
    "Which function of torch takes powers of e?",
)
def sigmoid__base_ten(z):
    return 1 / (1 + 10.0 ** (-z))


@misconception(
    "Your curve is that of the normal distribution. It has the form of a sigmoid and comes near 0 and 1 faster.",
    "What does the lesson's formula give for z = 2?",
)
def sigmoid__normal_distribution(z):
    return 0.5 * (1 + torch.erf(z / 2**0.5))


@misconception(
    "Your curve is as steep as a sigmoid's of twice z: each number is the sigmoid of 2z.",
    "What stands in the exponent?",
)
def sigmoid__of_twice_z(z):
    return torch.sigmoid(2 * z)


@misconception(
    "Your curve is flatter: each number is the sigmoid of half of z.",
    "What stands in the exponent?",
)
def sigmoid__of_half_z(z):
    return torch.sigmoid(z / 2)


@misconception(
    "Your numbers are the logarithm of what they should be.",
    "Which of torch's functions did you call, and what does its name say?",
)
def sigmoid__logarithm(z):
    return torch.nn.functional.logsigmoid(z)


@misconception(
    "Your numbers are those of softplus, which grows without end. The sigmoid stays below 1.",
    "What is divided by what in the formula?",
)
def sigmoid__softplus(z):
    return torch.nn.functional.softplus(z)


@misconception(
    "z is squared in your exponent, so that z and -z give the same.",
    "What should happen for a z that is negative?",
)
def sigmoid__z_squared(z):
    return 1 / (1 + torch.exp(-(z**2)))


@misconception(
    "The sign of z is lost in your exponent, so that z and -z give the same.",
    "What should happen for a z that is negative?",
)
def sigmoid__of_size(z):
    return 1 / (1 + torch.exp(-z.abs()))


@misconception(
    "Your numbers are right, and rounded to two decimals.",
    "Does the lesson ask for rounding?",
)
def sigmoid__two_decimals(z):
    return torch.round(torch.sigmoid(z), decimals=2)


@misconception(
    "Your numbers are right, and rounded to three decimals.",
    "Does the lesson ask for rounding?",
)
def sigmoid__three_decimals(z):
    return torch.round(torch.sigmoid(z), decimals=3)


@misconception(
    "Your sum is that of the sizes of the products. A negative product should make the sum smaller.",
    "What happened to the signs on the way?",
)
def weighted_sum__sizes(x, w, b):
    return (x * w).abs().sum(dim=-1) + b


@misconception(
    "You returned the running totals. Only the last of them, with the bias, is the weighted sum.",
    "How many numbers should come back for one observation?",
)
def weighted_sum__running_totals(x, w, b):
    return (x * w).cumsum(dim=-1) + b
