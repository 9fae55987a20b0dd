"""The questions, three to each lesson from 1 on, all from the lessons before it."""

import random
from collections.abc import Callable, Mapping

from autograder.course.recall._asked import Asked, say

# --- from lesson 0


def count_numbers(rng: random.Random) -> Asked:
    """How many parameters a small network has."""
    d, h, k = rng.randint(2, 6), rng.randint(3, 8), rng.randint(2, 5)
    right = d * h + h + h * k + k
    return Asked(
        f"A network has {d} inputs, {h} hidden neurons and {k} neurons at the end. How many parameters is that?",
        right,
        f"{d} · {h} weights and {h} biases, then {h} · {k} weights and {k} biases.",
        (
            (right - h - k, "You counted the weights and forgot the biases: each neuron has one."),
            (right + d, "You gave each input a bias as well. An input is no neuron, it has none."),
            (d * h + h, "That is the first layer alone."),
            (d + h + k, "You counted neurons. What is asked for are the weights between them, and the biases."),
        ),
    )


def inputs_at_the_end(rng: random.Random) -> Asked:
    """How many numbers a neuron of the last layer gets."""
    side, h = rng.choice((8, 12, 16, 20)), rng.choice((15, 25, 30, 40))
    return Asked(
        f"An image of {side} × {side} pixels goes through {h} hidden neurons to 10 neurons at the end. How many inputs "
        "has one of those 10?",
        h,
        "It sees the hidden numbers and nothing else, one from each hidden neuron.",
        (
            (side * side, "That is the pixels. They go to the hidden neurons, and no further."),
            (side * side + h, "The pixels don't reach the last layer."),
            (10, "That is how many such neurons there are, and not what comes into one of them."),
            (10 * h, "That is for all ten together. One of them is asked for."),
            (h + 1, "The bias is a parameter, and no input."),
        ),
    )


def without_looking(rng: random.Random) -> Asked:
    """How often one is right who never looks."""
    malignant = rng.randint(6, 22)
    right = (50 - malignant) / 50
    return Asked(
        f'Of 50 samples {malignant} are malignant. Somebody says "benign" to each, without looking. For what share of '
        "them is that right, between 0 and 1?",
        right,
        f"{50 - malignant} of 50 are benign. A rule that looks has to beat that.",
        (
            (malignant / 50, "That is the share for which it is wrong."),
            (50 - malignant, "That is how many. A share is a part of the whole: divide by 50."),
            (100 * right, "That is per cent. A share lies between 0 and 1."),
        ),
    )


# --- from lesson 1


def sum_of_a_neuron(rng: random.Random) -> Asked:
    """A weighted sum and a bias."""
    (x0, x1), w0, w1 = rng.sample(range(2, 6), 2), rng.randint(2, 5), -rng.randint(2, 5)
    b = rng.choice((-4, -3, 3, 4))
    without = w0 * x0 + w1 * x1
    return Asked(
        f"A neuron has the weights ({w0}, {say(w1)}) and the bias {say(b)}. Its inputs are ({x0}, {x1}). What is its "
        "sum, before the sigmoid?",
        without + b,
        f"{w0} · {x0} − {-w1} · {x1} {'+' if b > 0 else '−'} {abs(b)}.",
        (
            (without, "You left out the bias."),
            (without - b, "You took the bias away. It is added, with its own sign."),
            (w0 * x0 - w1 * x1 + b, "One weight is below 0: its product is taken away."),
            (w0 + w1 + x0 + x1 + b, "You added weights and inputs. Each input is multiplied by its weight first."),
        ),
    )


def fires_from(rng: random.Random) -> Asked:
    """From where on a neuron fires."""
    w, cut = rng.choice((2, 4, 5, 8)), rng.choice((0.5, 1.5, 2.5, 3))
    b = -w * cut
    return Asked(
        f"A neuron with one input has w = {w} and b = {say(b)}. Above which x does it fire?",
        cut,
        f"It fires where {w} · x − {say(-b)} is above 0, so where x is above {say(-b)} / {w}.",
        (
            (-cut, "Look at the sign: w · x has to make up for a bias below 0."),
            (1 / cut, "Upside down: the bias is divided by the weight."),
            (-b, "That is what w · x has to exceed. Which x is it then?"),
            (b, "That is the bias. Where is w · x + b equal to 0?"),
        ),
    )


def opinion_on_the_other_side(rng: random.Random) -> Asked:
    """The sigmoid of -z, from that of z."""
    z, p = rng.choice(((0.5, 0.62), (1, 0.73), (1.5, 0.82), (2, 0.88)))
    return Asked(
        f"sigmoid({z}) is {p}. What is sigmoid(−{z}), to two decimals?",
        1 - p,
        f"The curve is as far above 0 on the left as it is below 1 on the right: 1 − {p}.",
        (
            (-p, "A sigmoid lies between 0 and 1, never below."),
            (p, "That is the same as on the other side. The curve climbs all the way."),
            (0, "It comes close to 0 far on the left, and never gets there."),
            (0.5, "That is at z = 0. To the left of it the curve is lower."),
        ),
    )


# --- from lesson 2


def cost_of_two(rng: random.Random) -> Asked:
    """A mean of squares."""
    high, low = rng.choice((0.4, 0.5, 0.6)), rng.choice((0.2, 0.3, 0.4, 0.5))
    squares = (1 - high) ** 2 + low**2
    return Asked(
        f"A neuron says {high} of a sample with the label 1, and {low} of one with the label 0. What is its cost on "
        "both, a mean of squares?",
        squares / 2,
        f"The distances are {say(1 - high)} and {low}, their squares {say((1 - high) ** 2)} and {say(low**2)}. "
        "The cost is the mean of these.",
        (
            (squares, "That is the sum of the squares. The cost is their mean."),
            ((1 - high + low) / 2, "You took the mean of the distances. They are squared first."),
            ((high**2 + low**2) / 2, "You squared what the neuron said. Squared is how far that is from the label."),
        ),
    )


def step_downhill(rng: random.Random) -> Asked:
    """One step of gradient descent."""
    theta, slope, lr = rng.randint(1, 5), rng.choice((-4, -3, -2, 2, 3, 4)), rng.choice((0.1, 0.2, 0.5))
    sign = "−" if slope > 0 else "+"
    return Asked(
        f"A weight is {theta}, the slope there is {say(slope)}, and lr is {lr}. What is the weight after one step?",
        theta - lr * slope,
        f"Against the slope, by lr times the slope: {theta} {sign} {lr} · {abs(slope)}.",
        (
            (theta + lr * slope, "That goes uphill. A step goes against the slope."),
            (theta - slope, "You forgot lr: the step would be as long as the slope."),
            (-lr * slope, "That is the step. Where does it lead to, from the old weight?"),
            (lr * slope, "That is lr times the slope. The old weight less that is the new one."),
        ),
    )


def slope_measured(rng: random.Random) -> Asked:
    """A slope from two heights."""
    slope, height = rng.choice((-4, -3, -2, 2, 3, 4)), rng.randint(2, 6)
    left, right = height - 0.1 * slope, height + 0.1 * slope
    return Asked(
        f"A curve has the height {say(left)} at w = 0.9, and {say(right)} at w = 1.1. How steep is it at w = 1?",
        slope,
        f"From the left to the right it goes from {say(left)} to {say(right)}, over a way of 0.2: the difference "
        "divided by the way.",
        (
            (-slope, "The sign is the other way round: right less left. Does the curve climb?"),
            (2 * slope, "You divided by 0.1. From 0.9 to 1.1 it is 0.2."),
            (0.2 * slope, "That is how much it climbs. Divide by the way."),
            (height, "That is the height in the middle. How fast does it change?"),
        ),
    )


# --- from lesson 3


def shape_of_sums(rng: random.Random) -> Asked:
    """The shape of X @ W + b."""
    m, d, h = rng.sample(range(2, 10), 3)
    return Asked(
        f"`X` has the shape ({m}, {d}) and `W` the shape ({d}, {h}). Which shape has `X @ W + b`?",
        (m, h),
        f"{m} observations meet {h} neurons: a row for each observation, a column for each neuron.",
        (
            ((h, m), "Rows and columns are swapped: an observation stays a row."),
            ((m, d), "That is `X`. The product has a column for each neuron."),
            ((d, h), "That is `W`. The product has a row for each observation."),
            ((m, d * h), f"The {d} inputs are added up, so they are not there any more."),
        ),
    )


def second_column(rng: random.Random) -> Asked:
    """The sum of one neuron, out of a matrix."""
    a, b, c, d = rng.sample(range(1, 7), 4)
    x, y = rng.sample(range(1, 4), 2)
    b0, b1 = rng.sample((1, 2, 3), 2)
    return Asked(
        f"`W` is [[{a}, {b}], [{c}, {d}]], `b` is ({b0}, {b1}), and the input is ({x}, {y}). What is the sum of neuron "
        "1, counted from 0?",
        x * b + y * d + b1,
        f"Its weights stand in column 1: {b} and {d}. So {x} · {b} + {y} · {d} + {b1}.",
        (
            (x * c + y * d + b1, "You took row 1 of `W`. A neuron is a column."),
            (x * a + y * c + b0, "That is neuron 0, the first column."),
            (x * b + y * d, "You left out its bias."),
            (x * b + y * d + b0, "That is the bias of the other neuron."),
        ),
    )


def weight_in_torch(rng: random.Random) -> Asked:
    """How torch keeps a layer's weights."""
    d, h = rng.sample(range(2, 10), 2)
    return Asked(
        f"A layer has {d} inputs and {h} neurons. Which shape has the `weight` of torch's `nn.Linear({d}, {h})`?",
        (h, d),
        "torch keeps the transpose of our `W`: one row a neuron.",
        (
            ((d, h), "That is our `W`. What does torch do with it?"),
            ((h, d + 1), "The bias is kept apart from the weights."),
            ((1, h), "That is as many numbers as there are biases."),
        ),
    )


# --- from lesson 4


def share_of_the_last(rng: random.Random) -> Asked:
    """Softmax, from e^z on."""
    powers = list(rng.choice(((1, 3, 6), (2, 3, 5), (1, 2, 7), (1, 4, 5))))
    rng.shuffle(powers)
    last = powers[-1]
    return Asked(
        f"For three scores, e^z is {powers[0]}, {powers[1]} and {last}. Which share does softmax give to the last?",
        last / 10,
        f"Divide by the sum of all three: {last} / 10.",
        (
            (last, "That is not divided yet. Shares add up to 1."),
            (last / max(powers), "You divided by the largest. Divide by the sum, so that shares add up to 1."),
            (last / (10 - last), "You divided by the sum of the others. The last one belongs to the whole as well."),
            (1 / 3, "A third each would be right for equal scores."),
        ),
    )


def scores_moved(rng: random.Random) -> Asked:
    """What softmax makes of scores that are all larger by the same."""
    share, more = rng.choice((0.2, 0.3, 0.6)), rng.choice((2, 4, 5))
    return Asked(
        f"A class got the share {share}. Now {more} is added to every score, its own too. Which share does it get?",
        share,
        "Only the differences between scores count, and they are as before.",
        (
            (share + more, "A share is never above 1. The scores have moved, and not the shares."),
            (share * more, "The scores have moved, and not the shares."),
            (1, "It would be nearly all of it if its own score alone had grown."),
        ),
    )


def hidden_numbers(rng: random.Random) -> Asked:
    """The shape of the hidden numbers of a batch."""
    m, h = rng.sample((5, 8, 12, 20, 32), 2)
    return Asked(
        f"A network has 784 inputs, {h} hidden neurons and 10 at the end. {m} images go through. Which shape do the "
        "hidden numbers have?",
        (m, h),
        "One row an image, one column a hidden neuron.",
        (
            ((h, m), "Rows and columns are swapped: an image stays a row."),
            ((m, 10), "That is what comes out at the end."),
            ((784, h), "That is the first layer's `W`."),
            ((m, 784), "That is what goes in."),
        ),
    )


# --- from lesson 5


def cost_of_shares(rng: random.Random) -> Asked:
    """Cross-entropy of two images."""
    surprise = {0.8: 0.22, 0.5: 0.69, 0.4: 0.92, 0.2: 1.61, 0.1: 2.3}
    one, other = rng.sample(sorted(surprise), 2)
    total = surprise[one] + surprise[other]
    return Asked(
        f"The right digit of one image got the share {one}, that of another {other}. The surprises −ln p are "
        f"{surprise[one]} and {surprise[other]}. What is the cross-entropy of the two?",
        total / 2,
        "It is the mean surprise at the right answers.",
        (
            (total, "That is the sum. The cost is the mean over the images."),
            (-total / 2, "The sign is lost: −ln p is above 0, and so is the cost."),
            ((one + other) / 2, "That is the mean of the shares. Asked for is the mean of the surprises."),
        ),
    )


def place_in_the_row(rng: random.Random) -> Asked:
    """Where a pixel lands when an image is laid flat."""
    row, column = rng.sample(range(2, 12), 2)
    return Asked(
        f"An image of 28 × 28 pixels is laid flat. At which place lands the pixel in row {row}, column {column}, all "
        "counted from 0?",
        28 * row + column,
        f"{row} whole rows of 28 come before it, and {column} pixels of its own row.",
        (
            (28 * column + row, "Rows and columns are swapped: rows are laid end to end."),
            (28 * (row - 1) + column, f"Counted from 0, there are {row} whole rows before row {row}."),
            (28 * row + column + 1, "You counted the pixel itself. The first one lands at place 0."),
            (row * column, "Whole rows come first: how many pixels are in one?"),
        ),
    )


# --- from lesson 6


def steps_taken(rng: random.Random) -> Asked:
    """How many steps a training takes."""
    batches, size, epochs = rng.choice((5, 10, 20)), rng.choice((8, 16, 25)), rng.randint(3, 6)
    m = batches * size
    return Asked(
        f"{m} images, in batches of {size}, for {epochs} epochs. How many steps is that?",
        batches * epochs,
        f"An epoch has {m} / {size} batches, and each batch is one step.",
        (
            (m * epochs, "That would be a step for each image. A step is taken for each batch."),
            (batches, "That is one epoch."),
            (epochs, "That would be a step for each epoch. A step is taken for each batch."),
            (size * epochs, "You multiplied by the size of a batch. How many batches has an epoch?"),
        ),
    )


def blame_of_the_right_class(rng: random.Random) -> Asked:
    """The blame at the score of the right class."""
    share = rng.choice((0.2, 0.3, 0.6, 0.7, 0.8))
    return Asked(
        f"In a batch of one image, the right class got the share {share}. What is the blame at its score?",
        share - 1,
        "Share less label, and the label is 1 there. Below 0 says: this score should go up.",
        (
            (1 - share, "The sign: share less label, not label less share."),
            (share, "That is the blame of a class that is not the right one. Here the label 1 is taken away."),
            (0, "It would be 0 if the share were 1."),
        ),
    )


def blame_at_a_hidden_neuron(rng: random.Random) -> Asked:
    """Blame that goes back through a weight and a sigmoid."""
    blame, weight = rng.choice((-0.8, -0.4, 0.4, 0.8)), rng.choice((-3, -2, 2, 3))
    return Asked(
        f"A score has the blame {say(blame)}. A hidden neuron says a = 0.5, and is tied to that score alone, by the "
        f"weight {say(weight)}. What is the blame at the hidden neuron's sum?",
        blame * weight / 4,
        "Blame times weight, times the slope of the sigmoid: a (1 − a) is a quarter.",
        (
            (blame * weight, "You stopped before the sigmoid: times a (1 − a)."),
            (blame * weight / 2, "You multiplied by a. The sigmoid's slope is a (1 − a)."),
            (blame / 4, "You left out the weight, through which the blame comes."),
            (blame / 2, "Blame times a is the slope of the weight. Asked for is the blame further back."),
        ),
    )


# --- from lesson 7


def cost_of_an_absence(rng: random.Random) -> Asked:
    """How many points of accuracy a neuron is worth."""
    before, lost = rng.choice((960, 970, 980)), rng.choice((20, 30, 40, 50))
    return Asked(
        f"A network reads {before} of 1,000 images. Without neuron 5 it reads {before - lost}. How many points of "
        "accuracy, per cent that is, does its absence cost?",
        lost / 10,
        f"From {before / 10:g} % to {(before - lost) / 10:g} %.",
        (
            (lost, "That is images. A point is one in a hundred, and so ten of these 1,000."),
            (lost / 1000, "That is a share. A point is one in a hundred."),
            (-lost / 10, "A cost is above 0."),
            ((before - lost) / 10, "That is what is left."),
        ),
    )


def pixel_after_a_move(rng: random.Random) -> Asked:
    """Where a pixel is after its image was moved."""
    (row, column), (right, down) = rng.sample(range(10, 16), 2), rng.sample(range(1, 5), 2)
    return Asked(
        f"Moved {right} to the right and {down} down: where is the pixel that was in row {row}, column {column}? "
        "Answer with (row, column).",
        (row + down, column + right),
        "Down adds to the row, right adds to the column.",
        (
            ((row + right, column + down), "Swapped: to the right is another column, and down is another row."),
            ((row - down, column - right), "That is the other way: it would go up and to the left."),
            ((column + right, row + down), "That is (column, row). The row comes first."),
            ((row - down, column + right), "Row 0 is at the top, so down adds to the row."),
        ),
    )


#: By lesson, what is asked at its beginning.
QUESTIONS: Mapping[int, tuple[Callable[[random.Random], Asked], ...]] = {
    1: (count_numbers, inputs_at_the_end, without_looking),
    2: (sum_of_a_neuron, fires_from, without_looking),
    3: (cost_of_two, step_downhill, fires_from),
    4: (shape_of_sums, second_column, opinion_on_the_other_side),
    5: (share_of_the_last, hidden_numbers, slope_measured),
    6: (cost_of_shares, scores_moved, weight_in_torch),
    7: (steps_taken, blame_of_the_right_class, place_in_the_row),
    8: (blame_at_a_hidden_neuron, pixel_after_a_move, cost_of_an_absence),
}
