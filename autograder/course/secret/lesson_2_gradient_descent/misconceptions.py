"""Known wrong answers to lesson 2."""

import torch

from autograder.judging.misconceptions import misconception


@misconception(
    "You expect another number than the mean of the squares: their sum, perhaps, or the mean of the distances.",
    "Two squares are 0.25 and 0.0625. What is their mean?",
)
def cost_examples__sums():
    return [
        ([[0], [1.0986]], [0, 1], [1], 0, 0.3125),
        ([[1], [1], [-1]], [1, 0, 0], [1000], 0, 1),
    ]


@misconception(
    "Your observations stand in one pair of brackets. X is a table, one row an observation, even for one input.",
    "How many pairs of brackets has a table with one column?",
)
def cost_examples__flat_observations():
    return [([0, 1.0986], [0, 1], [1], 0, 0.156), ([5], [1], [1], -5, 0.25)]


@misconception(
    "An example of a cost has five parts, and labels are one of them. Yours have more parts, or fewer.",
    "Does a neuron that says 0.9 cost much or little? What must you know to tell?",
)
def cost_examples__no_labels():
    return [([[0], [1.0986]], [1], 0, 0.156), ([[5]], [1], -5, 0.25)]


@misconception(
    "In your examples the squares add up to their own mean: there is a single one, or all of them are 0.",
    "How many observations does it take to tell a sum from a mean?",
)
def cost_examples__single_observations():
    return [([[5]], [1], [1], -5, 0.25), ([[1.0986]], [1], [1], 0, 0.0625), ([[0]], [0], [1], 0, 0.25)]


@misconception(
    "In none of your examples does the bias change the cost. Whoever forgets the bias gets them right, too.",
    "Which weight and which bias make a sum of 0 without being 0?",
)
def cost_examples__always_one_half():
    return [([[1], [2]], [0, 1], [0], 0, 0.25), ([[3], [1], [2]], [1, 1, 0], [0], 0, 0.25)]


@misconception(
    "You went h to both sides and divided by h. From one place to the other it is twice as far.",
    "How far apart are w - h and w + h?",
)
def numeric_gradient__divides_by_h(f, w, h=1e-3):
    slopes = torch.zeros_like(w)
    for i in range(w.numel()):
        right, left = w.clone(), w.clone()
        right.view(-1)[i] += h
        left.view(-1)[i] -= h
        slopes.view(-1)[i] = (f(right) - f(left)) / h
    return slopes


@misconception(
    "Your slopes are half of what they should be: the climb is that over h, on one side, and it is divided by 2h.",
    "How far apart are the two places whose heights you compare?",
)
def numeric_gradient__one_side_by_2h(f, w, h=1e-3):
    slopes = torch.zeros_like(w)
    for i in range(w.numel()):
        right = w.clone()
        right.view(-1)[i] += h
        slopes.view(-1)[i] = (f(right) - f(w)) / (2 * h)
    return slopes


@misconception(
    "Left and right are swapped, so every slope has the wrong sign: where f climbs you measure a fall.",
    "If f is larger on the right than on the left, should the slope be above or below 0?",
)
def numeric_gradient__wrong_sign(f, w, h=1e-3):
    slopes = torch.zeros_like(w)
    for i in range(w.numel()):
        right, left = w.clone(), w.clone()
        right.view(-1)[i] += h
        left.view(-1)[i] -= h
        slopes.view(-1)[i] = (f(left) - f(right)) / (2 * h)
    return slopes


@misconception(
    "You measured how far f climbs, and not how steeply: the division by the distance is missing.",
    "A road climbs 10 m. What else must you know to tell how steep it is?",
)
def numeric_gradient__not_divided(f, w, h=1e-3):
    slopes = torch.zeros_like(w)
    for i in range(w.numel()):
        right, left = w.clone(), w.clone()
        right.view(-1)[i] += h
        left.view(-1)[i] -= h
        slopes.view(-1)[i] = f(right) - f(left)
    return slopes


@misconception(
    "You moved all parameters together and got one number. Each parameter has a slope of its own.",
    "Which entries of w may differ when you measure the slope along its first entry?",
)
def numeric_gradient__all_at_once(f, w, h=1e-3):
    return (f(w + h) - f(w - h)) / (2 * h)


@misconception(
    "You moved all parameters together each time, so every slope is the sum of all of them.",
    "Which entries of w may differ when you measure the slope along entry i?",
)
def numeric_gradient__same_slope_everywhere(f, w, h=1e-3):
    slopes = torch.zeros_like(w)
    for i in range(w.numel()):
        slopes.view(-1)[i] = (f(w + h) - f(w - h)) / (2 * h)
    return slopes


@misconception(
    "Your slopes come back in one flat row. They should stand in the shape of w.",
    "If w is a 2 × 3 table, where is the slope along w[1, 2] to be found?",
)
def numeric_gradient__flat(f, w, h=1e-3):
    slopes = []
    for i in range(w.numel()):
        away = torch.zeros(w.numel())
        away[i] = h
        away = away.reshape(w.shape)
        slopes.append(((f(w + away) - f(w - away)) / (2 * h)).item())
    return torch.tensor(slopes)


@misconception(
    "Your step has a fixed size; the argument h is never used.",
    "What should change when somebody calls your function with h = 1?",
)
def numeric_gradient__ignores_h(f, w, h=1e-3):
    eps = 1e-3
    slopes = torch.zeros_like(w)
    for i in range(w.numel()):
        right, left = w.clone(), w.clone()
        right.view(-1)[i] += eps
        left.view(-1)[i] -= eps
        slopes.view(-1)[i] = (f(right) - f(left)) / (2 * eps)
    return slopes


@misconception(
    "Your loop moves a whole row of w at a time. For a flat w that is one entry, for a table it is several.",
    "How many slopes does a 2 × 3 table have, and how often does your loop turn?",
)
def numeric_gradient__row_at_a_time(f, w, h=1e-3):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        right, left = w.clone(), w.clone()
        right[i] += h
        left[i] -= h
        slopes[i] = (f(right) - f(left)) / (2 * h)
    return slopes


@misconception(
    "You moved the entries of w itself, so whoever gave you w finds it changed.",
    "Does `right = w` make a second tensor, or a second name for the same one?",
)
def numeric_gradient__changes_w(f, w, h=1e-3):
    slopes = torch.zeros_like(w)
    for i in range(w.numel()):
        before = f(w)
        right = w
        right.view(-1)[i] += h
        slopes.view(-1)[i] = (f(right) - before) / h
    return slopes


@misconception(
    "All your slopes are 0: f is asked about the same place twice. Either nothing has been moved, or two names stand "
    "for one and the same tensor.",
    "Print the two places that you give to f. Do they differ? What makes a second tensor with the same numbers?",
)
def numeric_gradient__two_names_one_tensor(f, w, h=1e-3):
    slopes = torch.zeros_like(w)
    for i in range(w.numel()):
        right = w
        left = w
        right.view(-1)[i] += h
        left.view(-1)[i] -= h
        slopes.view(-1)[i] = (f(right) - f(left)) / (2 * h)
    return slopes


@misconception(
    "Each entry stays moved when the next one is measured, so you drift away from the place you were asked about.",
    "Where should all other entries be while you measure one of them?",
)
def numeric_gradient__not_moved_back(f, w, h=1e-3):
    moved = w.clone()
    slopes = torch.zeros_like(w)
    for i in range(w.numel()):
        before = f(moved)
        moved.view(-1)[i] += h
        slopes.view(-1)[i] = (f(moved) - before) / h
    return slopes


@misconception(
    "h has come to stand above the line: you divide by 2 alone and multiply by h. Perhaps brackets are missing.",
    "In what order does Python work out a / 2 * h?",
)
def numeric_gradient__missing_brackets(f, w, h=1e-3):
    slopes = torch.zeros_like(w)
    for i in range(w.numel()):
        right, left = w.clone(), w.clone()
        right.view(-1)[i] += h
        left.view(-1)[i] -= h
        slopes.view(-1)[i] = (f(right) - f(left)) / 2 * h
    return slopes


@misconception(
    "You divided by 2 alone. How far apart the two places are depends on h.",
    "How far is it from w - h to w + h?",
)
def numeric_gradient__divides_by_two(f, w, h=1e-3):
    slopes = torch.zeros_like(w)
    for i in range(w.numel()):
        right, left = w.clone(), w.clone()
        right.view(-1)[i] += h
        left.view(-1)[i] -= h
        slopes.view(-1)[i] = (f(right) - f(left)) / 2
    return slopes


@misconception(
    "You multiplied by the distance. Steepness is height divided by distance.",
    "A road climbs 10 m over a longer way. Is it steeper, or less steep?",
)
def numeric_gradient__multiplied(f, w, h=1e-3):
    slopes = torch.zeros_like(w)
    for i in range(w.numel()):
        right, left = w.clone(), w.clone()
        right.view(-1)[i] += h
        left.view(-1)[i] -= h
        slopes.view(-1)[i] = (f(right) - f(left)) * (2 * h)
    return slopes


@misconception(
    "Your fraction is turned over: the way stands above the line, and the climb below it.",
    "Where f is flat, is the slope 0, or without limit?",
)
def numeric_gradient__turned_over(f, w, h=1e-3):
    slopes = torch.zeros_like(w)
    for i in range(w.numel()):
        right, left = w.clone(), w.clone()
        right.view(-1)[i] += h
        left.view(-1)[i] -= h
        slopes.view(-1)[i] = (2 * h) / (f(right) - f(left))
    return slopes


@misconception(
    "You added the two values of f. The climb is what lies between them, their difference.",
    "On flat ground, f is the same on both sides. What should the slope be there?",
)
def numeric_gradient__adds_both_sides(f, w, h=1e-3):
    slopes = torch.zeros_like(w)
    for i in range(w.numel()):
        right, left = w.clone(), w.clone()
        right.view(-1)[i] += h
        left.view(-1)[i] -= h
        slopes.view(-1)[i] = (f(right) + f(left)) / (2 * h)
    return slopes


@misconception(
    "You divided a single value of f, and subtracted nothing. How high a place is says nothing about the slope there.",
    "Which two heights must you know to tell how far a road climbs?",
)
def numeric_gradient__right_side_only(f, w, h=1e-3):
    slopes = torch.zeros_like(w)
    for i in range(w.numel()):
        right, left = w.clone(), w.clone()
        right.view(-1)[i] += h
        left.view(-1)[i] -= h
        slopes.view(-1)[i] = f(right) / (2 * h)
    return slopes


@misconception(
    "Your slopes are half of what they should be: the climb is that over h, on one side, and it is divided by 2h.",
    "How far apart are the two places whose heights you compare?",
)
def numeric_gradient__left_side_by_2h(f, w, h=1e-3):
    slopes = torch.zeros_like(w)
    for i in range(w.numel()):
        right, left = w.clone(), w.clone()
        right.view(-1)[i] += h
        left.view(-1)[i] -= h
        slopes.view(-1)[i] = (f(w) - f(left)) / (2 * h)
    return slopes


@misconception(
    "What you add to w is a flat row, so your function works for a row of parameters and fails for a matrix.",
    "For w of shape (2, 3), what shape has the tensor that you add to it?",
)
def numeric_gradient__one_dimension_only(f, w, h=1e-3):
    slopes = torch.zeros_like(w)
    for i in range(w.numel()):
        away = torch.zeros(w.numel())
        away[i] = h
        slopes.view(-1)[i] = (f(w + away) - f(w - away)) / (2 * h)
    return slopes


@misconception(
    "A whole number is wanted where you give a tensor. How often a loop runs, for example, is a count.",
    "What tells how many entries a tensor has?",
)
def numeric_gradient__counts_with_a_tensor(f, w, h=1e-3):
    slopes = torch.zeros_like(w)
    for i in range(w):
        away = torch.zeros_like(w)
        away[i] = h
        slopes[i] = (f(w + away) - f(w - away)) / (2 * h)
    return slopes


@misconception(
    "Your list of slopes is still empty when the loop is over: nothing was ever put into it.",
    "Which line keeps the slope that you have just measured?",
)
def numeric_gradient__empty_tensor(f, w, h=1e-3):
    slopes = []
    for i in range(w.numel()):
        away = torch.zeros(w.numel())
        away[i] = h
        away = away.reshape(w.shape)
        (f(w + away) - f(w - away)) / (2 * h)
    return torch.tensor(slopes).reshape(w.shape)


@misconception(
    "Your list of slopes is still empty when the loop is over: nothing was ever put into it.",
    "Which line keeps the slope that you have just measured?",
)
def numeric_gradient__nothing_collected(f, w, h=1e-3):
    slopes = []
    for i in range(w.numel()):
        away = torch.zeros(w.numel())
        away[i] = h
        away = away.reshape(w.shape)
        (f(w + away) - f(w - away)) / (2 * h)
    return torch.stack(slopes).reshape(w.shape)


@misconception(
    "Your slopes are a Python list, which cannot be reshaped: only a tensor has a shape.",
    "What turns a list of numbers into a tensor?",
)
def numeric_gradient__list_has_no_shape(f, w, h=1e-3):
    slopes = []
    for i in range(w.numel()):
        away = torch.zeros(w.numel())
        away[i] = h
        away = away.reshape(w.shape)
        slopes.append((f(w + away) - f(w - away)) / (2 * h))
    return slopes.reshape(w.shape)


@misconception(
    "torch.cat lays tensors end to end, and single numbers have no end: they are without dimensions.",
    "Which other torch function makes one tensor of many, and adds a dimension for it?",
)
def numeric_gradient__joins_numbers(f, w, h=1e-3):
    slopes = []
    for i in range(w.numel()):
        away = torch.zeros(w.numel())
        away[i] = h
        away = away.reshape(w.shape)
        slopes.append((f(w + away) - f(w - away)) / (2 * h))
    return torch.cat(slopes).reshape(w.shape)


@misconception(
    "You divided a single value of f, and subtracted nothing. How high a place is says nothing about the slope there.",
    "Which two heights must you know to tell how far a road climbs?",
)
def numeric_gradient__left_side_only(f, w, h=1e-3):
    slopes = torch.zeros_like(w)
    for i in range(w.numel()):
        left = w.clone()
        left.view(-1)[i] -= h
        slopes.view(-1)[i] = f(left) / (2 * h)
    return slopes


@misconception(
    "The factor 2 is missing: the slope of (a - y)² along a is twice the distance.",
    "What is the slope of a square?",
)
def neuron_gradients__no_factor_two(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = (a - y) * a * (1 - a)
    return X.T @ d / len(y), d.mean()


@misconception(
    "The slope of the sigmoid is missing from your chain: you go from the cost straight to the weighted sum.",
    "The chain has three links. Which one lies between the hypothesis and the sum?",
)
def neuron_gradients__no_sigmoid_slope(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y)
    return X.T @ d / len(y), d.mean()


@misconception(
    "Two factors of the chain are missing: the 2 of the square, and the slope of the sigmoid. "
    "What is left belongs to another cost, the cross-entropy of lesson 5.",
    "The chain has three links. Which slopes do they have?",
)
def neuron_gradients__of_cross_entropy(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = a - y
    return X.T @ d / len(y), d.mean()


@misconception(
    "All slopes have the wrong sign: the distance, or a bracket further on in your chain, is turned round.",
    "If the hypothesis is too high, does the cost rise or fall as the hypothesis grows?",
)
def neuron_gradients__wrong_sign(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (y - a) * a * (1 - a)
    return X.T @ d / len(y), d.mean()


@misconception(
    "You added up over the observations and did not divide by their number. The cost is a mean, and so are its slopes.",
    "Ten copies of the same data: should the slope become ten times as steep?",
)
def neuron_gradients__sum(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a * (1 - a)
    return X.T @ d, d.sum()


@misconception(
    "dw is right, but db is a sum over the observations. It should be a mean, just as dw is.",
    "By what did you divide dw?",
)
def neuron_gradients__bias_summed(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a * (1 - a)
    return X.T @ d / len(y), d.sum()


@misconception(
    "db is divided by the number of observations twice; dw, which is right, is divided once.",
    "After dividing by len(y), what is left to do, a sum or a mean?",
)
def neuron_gradients__bias_averaged_twice(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a * (1 - a) / len(y)
    return X.T @ d, d.mean()


@misconception(
    "Your dw is a column, (n, 1). It should have the shape of w, (n,).",
    "What could you subtract from w, entry by entry, without a surprise?",
)
def neuron_gradients__weights_column(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = (2 * (a - y) * a * (1 - a) / len(y)).reshape(-1, 1)
    return X.T @ d, d.sum()


@misconception(
    "The input is missing from dw: your weights all get the slope of the bias.",
    "How does w x + b answer when w moves a little? Does it depend on x?",
)
def neuron_gradients__no_input(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a * (1 - a)
    return d.mean() * torch.ones_like(w), d.mean()


@misconception(
    "dw and db have changed places.",
    "In which order does the text below the function's name promise them?",
)
def neuron_gradients__swapped(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a * (1 - a) / len(y)
    return d.sum(), X.T @ d


@misconception(
    "You returned the slopes of the weights only. The bias is a parameter too, and has a slope.",
    "How many results does the function promise?",
)
def neuron_gradients__weights_only(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a * (1 - a) / len(y)
    return X.T @ d


@misconception(
    "In the slope of the sigmoid you used the weighted sum z, where the hypothesis a belongs.",
    "The slope is at most ¼. Can z (1 - z) be larger?",
)
def neuron_gradients__slope_at_sum(X, y, w, b):
    z = X @ w + b
    a = torch.sigmoid(z)
    d = 2 * (a - y) * z * (1 - z) / len(y)
    return X.T @ d, d.sum()


@misconception(
    "db lacks the slope of the sigmoid, which dw has. Both chains share their first two links.",
    "How do the chains to w and to b differ?",
)
def neuron_gradients__bias_without_sigmoid_slope(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a * (1 - a)
    return X.T @ d / len(y), (2 * (a - y)).mean()


@misconception(
    "You took the mean over observations and inputs at once, so every weight gets the same slope.",
    "Of (m, n) numbers, over which of the two is the mean to be taken?",
)
def neuron_gradients__mean_over_inputs_too(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a * (1 - a)
    return (X * d.reshape(-1, 1)).mean() * torch.ones_like(w), d.mean()


@misconception(
    "The sigmoid is missing on the way forward: your hypotheses are the weighted sums themselves.",
    "Between which two numbers must a hypothesis lie? Print yours.",
)
def neuron_gradients__no_sigmoid(X, y, w, b):
    a = X @ w + b
    d = 2 * (a - y) * a * (1 - a) / len(y)
    return X.T @ d, d.sum()


@misconception(
    "The bias is missing on the way forward, so the slopes are those of another neuron.",
    "Which of the four arguments has your function not used?",
)
def neuron_gradients__no_bias(X, y, w, b):
    a = torch.sigmoid(X @ w)
    d = 2 * (a - y) * a * (1 - a) / len(y)
    return X.T @ d, d.sum()


@misconception(
    "On the way forward you took the bias away; it is added to the weighted sum.",
    "Which sign stands before b in the neuron's formula?",
)
def neuron_gradients__bias_subtracted(X, y, w, b):
    a = torch.sigmoid(X @ w - b)
    d = 2 * (a - y) * a * (1 - a) / len(y)
    return X.T @ d, d.sum()


@misconception(
    "On the way forward, rows and weights do not meet: the weights stand first in your product, or X is turned over.",
    "Write the shapes (m, n) and (n,) side by side. Which numbers must meet in the middle?",
)
def neuron_gradients__weights_first(X, y, w, b):
    a = torch.sigmoid(w @ X + b)
    d = 2 * (a - y) * a * (1 - a) / len(y)
    return X.T @ d, d.sum()


@misconception(
    "Where the labels come in, two shapes do not fit: you still have a number for each input, and there should "
    "be one for each observation.",
    "What shape have your hypotheses, and what shape have the labels?",
)
def neuron_gradients__not_summed(X, y, w, b):
    a = torch.sigmoid(X * w + b)
    d = 2 * (a - y) * a * (1 - a) / len(y)
    return d @ X, d.sum()


@misconception(
    "You multiplied by the number of observations. A mean divides by it.",
    "Should the slope grow or stay if every observation comes twice?",
)
def neuron_gradients__multiplied_by_number(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a * (1 - a) * len(y)
    return X.T @ d, d.sum()


@misconception(
    "One factor of the sigmoid's slope is missing. It has two: the hypothesis, and what it lacks to 1.",
    "What should the slope be where the neuron is quite sure, of yes and of no alike?",
)
def neuron_gradients__slope_without_rest(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a / len(y)
    return X.T @ d, d.sum()


@misconception(
    "One factor of the sigmoid's slope is missing. It has two: the hypothesis, and what it lacks to 1.",
    "What should the slope be where the neuron is quite sure, of yes and of no alike?",
)
def neuron_gradients__slope_without_hypothesis(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * (1 - a) / len(y)
    return X.T @ d, d.sum()


@misconception(
    "The slope of the sigmoid has a wrong sign in its bracket: yours grows with the hypothesis, and should fall again.",
    "What should the slope be where the hypothesis is nearly 1?",
)
def neuron_gradients__slope_with_plus(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a * (1 + a) / len(y)
    return X.T @ d, d.sum()


@misconception(
    "The labels never enter: where the distance to the label belongs, you have the hypothesis alone.",
    "If the neuron is right, what should its slopes be?",
)
def neuron_gradients__no_labels(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * a * a * (1 - a) / len(y)
    return X.T @ d, d.sum()


@misconception(
    "The distance between hypothesis and label is missing from your chain, so the labels never enter.",
    "If the neuron is right, what should its slopes be?",
)
def neuron_gradients__no_distance(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * a * (1 - a) / len(y)
    return X.T @ d, d.sum()


@misconception(
    "You added the labels to the hypotheses. It is their difference that tells too high from too low.",
    "If the hypothesis is right, what should be left of it and its label?",
)
def neuron_gradients__adds_labels(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a + y) * a * (1 - a) / len(y)
    return X.T @ d, d.sum()


@misconception(
    "X stands the wrong way round: its rows are observations, and it is over these that must be added up.",
    "Which shape should dw have, and along which dimension of X does that run?",
)
def neuron_gradients__inputs_not_turned(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a * (1 - a) / len(y)
    return X @ d, d.sum()


@misconception(
    "You multiplied X entry by entry. The slope along a weight adds up over all observations.",
    "Which product multiplies and adds up in one go?",
)
def neuron_gradients__inputs_entry_by_entry(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a * (1 - a) / len(y)
    return d * X, d.sum()


@misconception(
    "Your dw has one number for each observation. There should be one for each weight: the inputs are missing.",
    "By what is a weight multiplied on its way into the sum?",
)
def neuron_gradients__blame_for_slopes(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a * (1 - a) / len(y)
    return d, d.sum()


@misconception(
    "Your db has one number for each observation. The bias is a single number, and so is its slope.",
    "How do the shares of all observations become one number?",
)
def neuron_gradients__bias_for_each_observation(X, y, w, b):
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a * (1 - a) / len(y)
    return X.T @ d, d


@misconception(
    "At the bottom of the valley the neuron stays, since there is nothing left to learn. It is right there.",
    "Where is a neuron wrong and yet feels no slope?",
)
def stuck_start__at_the_bottom():
    return (10.3, -7.1)


@misconception(
    "At 0 and 0 the neuron is undecided, and there the sigmoid is steepest: it moves off at once.",
    "How large is a(1 - a) where a is one half?",
)
def stuck_start__undecided():
    return (0, 0)


@misconception(
    "For some cells your neuron is not sure enough: those near its cut, if it has one. They pull it along.",
    "For which area is your sum nearest to 0, and how near does it come?",
)
def stuck_start__steep_but_cutting():
    return (-30, 30)


@misconception(
    "Far from 0 everything is saturated, and you are farther than 10. Nearer by, weight and bias must help each other.",
    "Which sign of the weight pushes a sum that is below 0 further down?",
)
def stuck_start__far_away():
    return (0, -40)


@misconception(
    "Both went uphill, so the cost grows from step to step: a sign is wrong, either in the slopes or in the steps.",
    "Look at your losses. Which way do they go?",
)
def train_neuron__uphill(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w + lr * X.T @ d
        b = b + lr * d.sum()
    return w, b, losses


@misconception(
    "You noted the cost after each step, so the cost at the start is missing from your losses.",
    "Should the first loss be that of a neuron that has learned already?",
)
def train_neuron__losses_after(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
        losses.append(((torch.sigmoid(X @ w + b) - y) ** 2).mean())
    return w, b, losses


@misconception(
    "You noted the cost once more at the end: that is one loss more than there were steps.",
    "For a single step, how many losses should there be?",
)
def train_neuron__one_loss_too_many(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    losses.append(((torch.sigmoid(X @ w + b) - y) ** 2).mean())
    return w, b, losses


@misconception(
    "You returned the last loss only. All of them are wanted, one for each step.",
    "Where can you keep a number so that the next turn of the loop does not overwrite it?",
)
def train_neuron__last_loss_only(X, y, w, b, lr, steps):
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        loss = ((a - y) ** 2).mean()
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, loss


@misconception(
    "The bias never moves: only the weights take their steps.",
    "How many parameters has the neuron, and which of them changes in your loop?",
)
def train_neuron__bias_stays(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
    return w, b, losses


@misconception(
    "You calculated the slopes once, before the loop, and used them for every step. They change as the neuron moves.",
    "Where on the hill was the slope measured that your third step uses?",
)
def train_neuron__slopes_of_start(X, y, w, b, lr, steps):
    losses = []
    a = torch.sigmoid(X @ w + b)
    d = 2 * (a - y) * a * (1 - a) / len(y)
    dw, db = X.T @ d, d.sum()
    for _ in range(steps):
        losses.append(((torch.sigmoid(X @ w + b) - y) ** 2).mean())
        w = w - lr * dw
        b = b - lr * db
    return w, b, losses


@misconception(
    "You moved w first and then calculated the slope for b, at a place where the neuron has never been.",
    "Which should come first: both slopes, or the first move?",
)
def train_neuron__bias_after_weights(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        w = w - lr * X.T @ (2 * (a - y) * a * (1 - a)) / len(y)
        a = torch.sigmoid(X @ w + b)
        b = b - lr * (2 * (a - y) * a * (1 - a)).mean()
    return w, b, losses


@misconception(
    "The slope of the sigmoid is missing, so your neuron does not go straight down its cost.",
    "Which link of the chain lies between hypothesis and weighted sum?",
)
def train_neuron__no_sigmoid_slope(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "Your steps use sums over the observations. The cost is a mean, so its slopes are means too.",
    "Why are your steps as many times too long as there are observations?",
)
def train_neuron__slopes_summed(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "`backward()` adds to the slopes of earlier steps, and yours are never cleared: each step repeats all before it.",
    "What is in w.grad when the second step begins?",
)
def train_neuron__slopes_add_up(X, y, w, b, lr, steps):
    w = w.clone().requires_grad_()
    b = b.clone().requires_grad_()
    losses = []
    for _ in range(steps):
        loss = ((torch.sigmoid(X @ w + b) - y) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
    return w, b, losses


@misconception(
    "The very tensors that you were given have been trained, so the place where training started is lost.",
    "What could you make of w and b before the first step?",
)
def train_neuron__in_place(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w -= lr * X.T @ d
        b -= lr * d.sum()
    return w, b, losses


@misconception(
    "You began at zero. Training starts from the w and b that you are given.",
    "What are the arguments w and b for?",
)
def train_neuron__starts_at_zero(X, y, w, b, lr, steps):
    w = torch.zeros_like(w)
    b = torch.tensor(0.0)
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "Training ends after its first step, however many are asked for. A `return` inside the loop does that.",
    "How far must a line be moved to the left to come after the loop?",
)
def train_neuron__returns_in_loop(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
        return w, b, losses


@misconception(
    "Each step starts again from the w and b you were given, so many steps lead no further than one.",
    "Where should the second step start?",
)
def train_neuron__restarts_each_step(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        new_w = w - lr * X.T @ d
        new_b = b - lr * d.sum()
    return new_w, new_b, losses


@misconception(
    "w and b are handed back without the losses.",
    "How many results does the function promise?",
)
def train_neuron__no_losses(X, y, w, b, lr, steps):
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b


@misconception(
    "The sigmoid is missing: your hypotheses are the weighted sums themselves.",
    "Between which two numbers must a hypothesis lie? Print yours.",
)
def train_neuron__no_sigmoid(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = X @ w + b
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "Your neuron answers without its bias, and so learns as another neuron would.",
    "Where in your loop does b enter the hypothesis?",
)
def train_neuron__no_bias(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "In the weighted sum you took the bias away; it is added.",
    "Which sign stands before b in the neuron's formula?",
)
def train_neuron__bias_subtracted(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w - b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "Rows and weights do not meet: the weights stand first in your product, or X is turned over. Each row of X "
    "should meet the weights.",
    "Write the shapes (m, n) and (n,) side by side. Which numbers must meet in the middle?",
)
def train_neuron__weights_first(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(w @ X + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "Two shapes in your loop do not fit. Where X comes in, a matrix product should multiply and add up; otherwise a "
    "number is left for each input, or for each observation.",
    "Print the shapes of the hypotheses and of both slopes. Which of them is not as it should be?",
    any_numbers=True,
)
def train_neuron__not_summed(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X * w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "The neuron learns as it should, but your losses stay empty: nothing is ever put into them.",
    "At which place in the loop is the cost before the step known?",
)
def train_neuron__no_losses_noted(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "The neuron learns as it should. Your losses are sums over the observations, and the cost is a mean.",
    "Should the losses of twice as many observations be twice as high?",
)
def train_neuron__losses_summed(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).sum())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "The neuron learns as it should. Your losses are means of the distances, without the square.",
    "Can a cost be below 0? Look at your losses.",
)
def train_neuron__losses_not_squared(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append((a - y).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "The neuron learns as it should. In your losses the distances are doubled, and they should be squared.",
    "What is the square of 0.1: 0.2, or something smaller?",
)
def train_neuron__losses_doubled(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) * 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "The neuron learns as it should. In your losses 2 is raised to the distance; it is the distance that is raised.",
    "What should a neuron cost that is exactly right?",
)
def train_neuron__losses_power_of_two(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append((2 ** (a - y)).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "The neuron learns as it should. In your losses the labels are missing: you squared the hypotheses.",
    "What should a neuron cost that is exactly right?",
)
def train_neuron__losses_without_labels(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append((a**2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "The neuron learns as it should. In your losses you added the labels; the cost asks how far they are away.",
    "What should a neuron cost that is exactly right?",
)
def train_neuron__losses_add_labels(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a + y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "You asked a whole row of squares for a single number. The cost is their mean.",
    "How do five squares become one cost?",
)
def train_neuron__losses_not_averaged(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).item())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "The factor 2 is missing from your slopes: each step is half as long as it should be.",
    "What is the slope of a square?",
)
def train_neuron__no_factor_two(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "In your slopes you multiplied by the number of observations. A mean divides by it.",
    "Should a step grow or stay if every observation comes twice?",
)
def train_neuron__multiplied_by_number(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) * len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "One factor of the sigmoid's slope is missing. It has two: the hypothesis, and what it lacks to 1.",
    "What should the slope be where the neuron is quite sure, of yes and of no alike?",
)
def train_neuron__slope_without_rest(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "One factor of the sigmoid's slope is missing. It has two: the hypothesis, and what it lacks to 1.",
    "What should the slope be where the neuron is quite sure, of yes and of no alike?",
)
def train_neuron__slope_without_hypothesis(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "The slope of the sigmoid has a wrong sign in its bracket: yours grows with the hypothesis, and should fall again.",
    "What should the slope be where the hypothesis is nearly 1?",
)
def train_neuron__slope_with_plus(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 + a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "The labels never enter your slopes: where the distance to the label belongs, you have the hypothesis alone.",
    "If the neuron is right, how far should it move?",
)
def train_neuron__no_labels(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * a * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "The distance between hypothesis and label is missing from your slopes, so the labels never enter.",
    "If the neuron is right, how far should it move?",
)
def train_neuron__no_distance(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "In your slopes you added the labels. It is the difference that tells too high from too low.",
    "If the neuron is right, how far should it move?",
)
def train_neuron__adds_labels(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a + y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "The bias goes downhill, and the weights go uphill.",
    "Compare the two lines that move the parameters. What differs?",
)
def train_neuron__weights_uphill(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w + lr * X.T @ d
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "The weights go downhill, and the bias goes uphill.",
    "Compare the two lines that move the parameters. What differs?",
)
def train_neuron__bias_uphill(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b + lr * d.sum()
    return w, b, losses


@misconception(
    "The weights never move: only the bias takes its steps.",
    "How many parameters has the neuron, and which of them change in your loop?",
)
def train_neuron__weights_stay(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w
        b = b - lr * d.sum()
    return w, b, losses


@misconception(
    "The weights move as they should. The slope of the bias is divided by the number of observations twice.",
    "After dividing by len(y), what is left to do, a sum or a mean?",
)
def train_neuron__bias_averaged_twice(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d.mean()
    return w, b, losses


@misconception(
    "Your bias has become a row, one number for each observation. It is a single number, and so is its slope.",
    "How do the shares of all observations become one slope?",
)
def train_neuron__bias_for_each_observation(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * X.T @ d
        b = b - lr * d
    return w, b, losses


@misconception(
    "X stands the wrong way round: its rows are observations, and it is over these that must be added up.",
    "Which shape has the slope of the weights, and along which dimension of X does that run?",
)
def train_neuron__inputs_not_turned(X, y, w, b, lr, steps):
    losses = []
    for _ in range(steps):
        a = torch.sigmoid(X @ w + b)
        losses.append(((a - y) ** 2).mean())
        d = 2 * (a - y) * a * (1 - a) / len(y)
        w = w - lr * (X @ d)
        b = b - lr * d.sum()
    return w, b, losses
