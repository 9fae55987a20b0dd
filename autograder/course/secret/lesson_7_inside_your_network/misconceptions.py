"""Known wrong answers to lesson 7."""

import torch

from autograder.judging.misconceptions import misconception


@misconception(
    "These are the hidden numbers themselves. The question asks which images they belong to.",
    "topk has two answers. What is the other one called?",
)
def most_exciting__values(hidden, neuron, k):
    return hidden[:, neuron].topk(k).values


@misconception(
    "These images excite the neuron least.",
    "Which end of the order did you take?",
)
def most_exciting__weakest(hidden, neuron, k):
    return hidden[:, neuron].topk(k, largest=False).indices


@misconception(
    "The images are the right ones, in the wrong order: the strongest should come first.",
    "From which end do you read what argsort gives?",
)
def most_exciting__weakest_of_them_first(hidden, neuron, k):
    return hidden[:, neuron].argsort()[-k:]


@misconception(
    "You looked along a row: what all neurons say to one image. The question is about one neuron and all images.",
    "Is a neuron a row or a column of hidden?",
)
def most_exciting__row(hidden, neuron, k):
    return hidden[neuron].topk(k).indices


@misconception(
    "You put the images in the order of the batch. They should stand in the order of how much they excite the neuron.",
    "What should the first place in your answer mean?",
)
def most_exciting__sorted_by_place(hidden, neuron, k):
    return hidden[:, neuron].topk(k).indices.sort().values


@misconception(
    "Your places count from 1. In this course, as in Python, the first image has the place 0.",
    "Which place has the first row of a tensor?",
)
def most_exciting__counts_from_one(hidden, neuron, k):
    return hidden[:, neuron].topk(k).indices + 1


@misconception(
    "All images come back in order. Only the first k are wanted.",
    "How many places did the caller ask for?",
)
def most_exciting__all_images(hidden, neuron, k):
    return hidden[:, neuron].argsort(descending=True)


@misconception(
    "Only the strongest image comes back, whatever k is.",
    "What finds the k largest, and not the largest alone?",
)
def most_exciting__only_one(hidden, neuron, k):
    return hidden[:, neuron].argmax()


@misconception(
    "You asked for the largest numbers of the whole table, of all neurons together.",
    "Where in your line does the neuron's number stand?",
)
def most_exciting__all_neurons(hidden, neuron, k):
    return hidden.flatten().topk(k).indices


@misconception(
    "You asked a column for its places without asking for its largest numbers first.",
    "Which method of a tensor finds the k largest?",
)
def most_exciting__topk_missing(hidden, neuron, k):
    return hidden[:, neuron].indices


@misconception(
    "You made the neuron say 0. To a neuron that mostly says 0.9 that is a loud message, and every score moves.",
    "What should it say, so that the next layer learns nothing about the image and is not pushed either?",
)
def ablate__zero(hidden, neurons):
    silent = hidden.clone()
    silent[:, neurons] = 0
    return silent


@misconception(
    "You made the neuron say one half. A neuron may have another mean, and then every score moves.",
    "What does this neuron say on average, over all images?",
)
def ablate__half(hidden, neurons):
    silent = hidden.clone()
    silent[:, neurons] = 0.5
    return silent


@misconception(
    "You took the mean of the whole table. Each neuron has a mean of its own.",
    "Over which dimension are the images added up?",
)
def ablate__mean_of_all(hidden, neurons):
    silent = hidden.clone()
    silent[:, neurons] = hidden.mean()
    return silent


@misconception(
    "The neurons that are taken out share one mean. Each should say its own.",
    "How many numbers should a mean over the images leave, where several neurons are taken out?",
)
def ablate__one_mean_for_all_chosen(hidden, neurons):
    silent = hidden.clone()
    if len(neurons):
        silent[:, neurons] = hidden[:, neurons].mean()
    return silent


@misconception(
    "You changed rows: images were taken out, not neurons.",
    "In hidden (m, h), which of the two indices is the neuron's?",
)
def ablate__rows(hidden, neurons):
    silent = hidden.clone()
    silent[neurons] = hidden.mean(dim=0)
    return silent


@misconception(
    "You took out the neurons that were to stay, and kept those that were to go.",
    "Which columns should be as before?",
)
def ablate__the_others(hidden, neurons):
    silent = hidden.mean(dim=0).expand_as(hidden).clone()
    silent[:, neurons] = hidden[:, neurons]
    return silent


@misconception(
    "You cut the columns out, so the table is narrower and no longer fits the weights behind it.",
    "How many numbers does the second layer expect for each image?",
)
def ablate__cut_out(hidden, neurons):
    return hidden[:, [n for n in range(hidden.shape[1]) if n not in neurons]]


@misconception(
    "You changed the table that you were given. Whoever still holds it has lost the numbers.",
    "What makes a copy of a tensor?",
)
def ablate__in_place(hidden, neurons):
    hidden[:, neurons] = hidden[:, neurons].mean(dim=0)
    return hidden


@misconception(
    "Only the first of the neurons is taken out.",
    "Where does your loop end, or your return stand?",
)
def ablate__first_only(hidden, neurons):
    silent = hidden.clone()
    for neuron in neurons:
        silent[:, neuron] = hidden[:, neuron].mean()
        return silent
    return silent


@misconception(
    "The neurons that should be taken out say what they said before.",
    "What do you put into their columns of the copy?",
)
def ablate__unchanged(hidden, neurons):
    return hidden.clone()


@misconception(
    "You made each neuron say the sum of what it says to all images. It should say the mean.",
    "By what do you divide a sum to get the mean?",
)
def ablate__sum(hidden, neurons):
    silent = hidden.clone()
    silent[:, neurons] = hidden[:, neurons].sum(dim=0)
    return silent


@misconception(
    "You took the mean of each row, and a row belongs to an image. The mean of each neuron is asked for.",
    "Along which dimension does your mean add up, and which one runs over the images?",
)
def ablate__mean_for_each_image(hidden, neurons):
    silent = hidden.clone()
    silent[:, neurons] = hidden[:, neurons].mean(dim=1)
    return silent


@misconception(
    "You took weights for untrained that are not. Untrained weights are all small; learning makes some of them grow.",
    "Between which numbers do the weights lie, and with which did the network begin?",
)
def which_weights__always_untrained():
    return ("solutions", ["untrained"] * 5)


@misconception(
    "You took weights for those of hidden neurons that are not. Hidden neurons have strokes, and stand for no digit.",
    "Are there strokes in the middle? Could neuron 0 stand for the digit 0?",
)
def which_weights__always_hidden_layer():
    return ("solutions", ["hidden layer"] * 5)


@misconception(
    "You saw neurons that each stand for a digit where there are none. Such a neuron 0 is a ring with a dark middle.",
    "What would neurons 0 and 1 look like if they stood for the digits 0 and 1?",
)
def which_weights__always_no_hidden_layer():
    return ("solutions", ["no hidden layer"] * 5)


@misconception(
    "You saw scrambled pixels where there are none. They leave noise of which some weights have grown, at the rim too.",
    "Is there noise in the middle? Did weights grow?",
)
def which_weights__always_scrambled():
    return ("solutions", ["scrambled pixels"] * 5)


@misconception(
    "You took a step for too large that is not. Too large a step leaves weights far above 1, shaped like images.",
    "How large is the largest weight?",
)
def which_weights__always_large():
    return ("solutions", ["step too large"] * 5)


@misconception(
    "What leaves the image on one side comes in again on the other, as torch.roll does it.",
    "What should stand where nothing has moved to?",
)
def shift_images__rolls_round(images, right, down):
    return torch.roll(images, (down, right), dims=(1, 2))


@misconception(
    "Rows and columns are swapped: what should go to the right goes down, and the other way round.",
    "In (m, rows, columns), along which dimension does an image move to the right?",
)
def shift_images__axes_swapped(images, right, down):
    return torch.nn.functional.pad(images, (down, -down, right, -right))


@misconception(
    "The images move the wrong way in both directions: to the left and up where right and down were asked for.",
    "A pixel from column 0 moves by 1 to the right. In which column does it end?",
)
def shift_images__backwards(images, right, down):
    return torch.nn.functional.pad(images, (-right, right, -down, down))


@misconception(
    "To the right and to the left are mixed up; up and down are as they should be.",
    "A pixel from column 0 moves by 1 to the right. In which column does it end?",
)
def shift_images__left_for_right(images, right, down):
    return torch.nn.functional.pad(images, (-right, right, down, -down))


@misconception(
    "Up and down are mixed up; to the right and to the left are as they should be. Row 0 is at the top.",
    "A pixel from row 0 moves down by 1. In which row does it end?",
)
def shift_images__up_for_down(images, right, down):
    return torch.nn.functional.pad(images, (right, -right, -down, down))


@misconception(
    "The images move to the right or left alone, and never up or down.",
    "Where in your function is `down` used?",
)
def shift_images__never_down(images, right, down):
    return torch.nn.functional.pad(images, (right, -right, 0, 0))


@misconception(
    "What was left free is filled with 1, which is full ink. It should be empty paper.",
    "Which number stands for no ink?",
)
def shift_images__ink_comes_in(images, right, down):
    moved = torch.nn.functional.pad(images, (right, -right, down, -down))
    free = torch.nn.functional.pad(torch.ones_like(images), (right, -right, down, -down)) == 0
    return torch.where(free, torch.ones_like(images), moved)


@misconception(
    "The images become smaller: what falls out is cut off, and nothing is put in on the other side.",
    "Which shape should come back?",
)
def shift_images__cut_off(images, right, down):
    rows, columns = images.shape[1:]
    return images[:, max(-down, 0) : rows - max(down, 0), max(-right, 0) : columns - max(right, 0)].clone()


@misconception(
    "You gave two names to more than two things. The shape of images has three numbers: how many there are, their "
    "rows, and their columns.",
    "What is the shape of two images with 4 rows and 5 columns?",
)
def shift_images__shape_of_one_image(images, right, down):
    rows, columns = images.shape
    moved = torch.zeros_like(images)
    block = images[:, max(-down, 0) : rows - max(down, 0), max(-right, 0) : columns - max(right, 0)]
    moved[:, max(down, 0) : rows + min(down, 0), max(right, 0) : columns + min(right, 0)] = block
    return moved


@misconception(
    "The block that you copy is not as large as its place, not even where nothing moves. A slice ends before its "
    "second number.",
    "How many rows has x[1:3]? Print the shapes of both sides of your assignment.",
    any_numbers=True,
)
def shift_images__end_counted_in(images, right, down):
    rows, columns = images.shape[1:]
    top, left, height, width = max(down, 0), max(right, 0), rows - abs(down), columns - abs(right)
    moved = torch.zeros_like(images)
    block = images[:, max(-down, 0) : rows - max(down, 0), max(-right, 0) : columns - max(right, 0)]
    moved[:, top : top + height - 1, left : left + width - 1] = block
    return moved


@misconception(
    "Where images move up or down, the block that you copy and its place differ in size.",
    "Of 4 rows that move down by 1, how many stay in the image? Which are they before, and which after?",
    any_numbers=True,
)
def shift_images__all_rows_copied(images, right, down):
    rows, columns = images.shape[1:]
    moved = torch.zeros_like(images)
    block = images[:, :, max(-right, 0) : columns - max(right, 0)]
    moved[:, max(down, 0) : rows + min(down, 0), max(right, 0) : columns + min(right, 0)] = block
    return moved


@misconception(
    "Where images move to the right or left, the block that you copy and its place differ in size.",
    "Of 5 columns that move right by 1, how many stay in the image? Which are they before, and which after?",
    any_numbers=True,
)
def shift_images__all_columns_copied(images, right, down):
    rows, columns = images.shape[1:]
    moved = torch.zeros_like(images)
    block = images[:, max(-down, 0) : rows - max(down, 0), :]
    moved[:, max(down, 0) : rows + min(down, 0), max(right, 0) : columns + min(right, 0)] = block
    return moved


@misconception(
    "To the right and down all is well. To the left and up at once, the block that you copy and its place differ in "
    "size.",
    "With right = −1 and down = −1, which pixel of the old images comes first, and where does it go?",
    any_numbers=True,
)
def shift_images__right_and_down_only(images, right, down):
    rows, columns = images.shape[1:]
    moved = torch.zeros_like(images)
    moved[:, down:, right:] = images[:, : rows - down, : columns - right]
    return moved


@misconception(
    "You sliced from the end. Where a number is 0 that leaves nothing, for −0 is 0 and a slice up to 0 is empty.",
    "How many columns has x[:, :-right] if right is 0?",
)
def shift_images__minus_zero(images, right, down):
    moved = torch.zeros_like(images)
    moved[:, down:, right:] = images[:, :-down, :-right]
    return moved


@misconception(
    "You moved the block within the images that you were given: they have changed, and where nothing was put the old "
    "ink remains.",
    "What makes a new tensor that is empty?",
)
def shift_images__in_place(images, right, down):
    rows, columns = images.shape[1:]
    block = images[:, max(-down, 0) : rows - max(down, 0), max(-right, 0) : columns - max(right, 0)]
    images[:, max(down, 0) : rows + min(down, 0), max(right, 0) : columns + min(right, 0)] = block
    return images


@misconception(
    "The block has moved, but where nothing was put the old ink remains. It should be empty paper.",
    "What stands in your new tensor before you put the block into it?",
)
def shift_images__old_ink_remains(images, right, down):
    rows, columns = images.shape[1:]
    moved = images.clone()
    block = images[:, max(-down, 0) : rows - max(down, 0), max(-right, 0) : columns - max(right, 0)]
    moved[:, max(down, 0) : rows + min(down, 0), max(right, 0) : columns + min(right, 0)] = block
    return moved


@misconception(
    "Nothing moves: you copy a block to the place where it was, and wipe the rest.",
    "With right = 1, where does the old block begin, and where the new one?",
)
def shift_images__wiped_only(images, right, down):
    rows, columns = images.shape[1:]
    top, left, bottom, end = max(down, 0), max(right, 0), rows + min(down, 0), columns + min(right, 0)
    moved = torch.zeros_like(images)
    moved[:, top:bottom, left:end] = images[:, top:bottom, left:end]
    return moved


@misconception(
    "Up and down nothing moves: you copy rows to the place where they were, and wipe the rest.",
    "With down = 1, in which row does the old block begin, and in which the new one?",
)
def shift_images__rows_wiped_only(images, right, down):
    top, bottom = max(down, 0), images.shape[1] + min(down, 0)
    moved = torch.zeros_like(images)
    moved[:, top:bottom] = torch.nn.functional.pad(images, (right, -right))[:, top:bottom]
    return moved


@misconception(
    "To the right and left nothing moves: you copy columns to the place where they were, and wipe the rest.",
    "With right = 1, in which column does the old block begin, and in which the new one?",
)
def shift_images__columns_wiped_only(images, right, down):
    left, end = max(right, 0), images.shape[2] + min(right, 0)
    moved = torch.zeros_like(images)
    moved[:, :, left:end] = torch.nn.functional.pad(images, (0, 0, down, -down))[:, :, left:end]
    return moved


@misconception(
    "There is no bias: at images to which all neurons say 0, your probe could only answer 0.",
    "Which column beside the hidden numbers would have the bias as its weight?",
)
def fit_probe__no_bias(hidden, answers):
    return torch.linalg.lstsq(hidden, answers[:, None]).solution[:, 0], torch.tensor(0.0)


@misconception(
    "Weights and bias come back in the wrong order: first w, then b.",
    "In which order does the text below the function's name list them?",
)
def fit_probe__bias_first(hidden, answers):
    table = torch.cat([hidden, torch.ones(len(hidden), 1)], dim=1)
    solution = torch.linalg.lstsq(table, answers[:, None]).solution[:, 0]
    return solution[-1], solution[:-1]


@misconception(
    "Everything comes back in one tensor. Two results are wanted: the weights, and the bias.",
    "Which entry of your solution belongs to the column of ones?",
)
def fit_probe__one_tensor(hidden, answers):
    table = torch.cat([hidden, torch.ones(len(hidden), 1)], dim=1)
    solution = torch.linalg.lstsq(table, answers[:, None]).solution[:, 0]
    return solution


@misconception(
    "Your weights are a column, (h, 1), where they should be flat, (h,).",
    "The solution has one column for each column of answers. How do you take out that column?",
)
def fit_probe__column(hidden, answers):
    table = torch.cat([hidden, torch.ones(len(hidden), 1)], dim=1)
    solution = torch.linalg.lstsq(table, answers[:, None]).solution[:, 0]
    return solution[:-1, None], solution[-1]


@misconception(
    "The bias has the wrong sign.",
    "For the line by hand, is the answer at a hidden number of 0 above or below 0?",
)
def fit_probe__bias_subtracted(hidden, answers):
    table = torch.cat([hidden, torch.ones(len(hidden), 1)], dim=1)
    solution = torch.linalg.lstsq(table, answers[:, None]).solution[:, 0]
    return solution[:-1], -solution[-1]


@misconception(
    "The bias is the mean of the answers. It would be, if the hidden numbers were 0 on average.",
    "What does your probe say to an average image, and what should it say?",
)
def fit_probe__bias_is_the_mean(hidden, answers):
    table = torch.cat([hidden, torch.ones(len(hidden), 1)], dim=1)
    solution = torch.linalg.lstsq(table, answers[:, None]).solution[:, 0]
    return solution[:-1], answers.mean()


@misconception(
    "You fitted to answers −1 and 1, so the probe is twice as steep. Here they are 0 and 1, and yes begins at ½.",
    "What should your probe say to an image whose answer is no?",
)
def fit_probe__minus_one_and_one(hidden, answers):
    table = torch.cat([hidden, torch.ones(len(hidden), 1)], dim=1)
    solution = torch.linalg.lstsq(table, (2 * answers - 1)[:, None]).solution[:, 0]
    return solution[:-1], solution[-1]


@misconception(
    "You split the solution at the wrong end: with the ones in the last column, the bias comes last.",
    "Where did you put the column of ones, and where did you look for its weight?",
)
def fit_probe__splits_at_the_wrong_end(hidden, answers):
    table = torch.cat([hidden, torch.ones(len(hidden), 1)], dim=1)
    solution = torch.linalg.lstsq(table, answers[:, None]).solution[:, 0]
    return solution[1:], solution[0]


@misconception(
    "You fitted answers that were centred, and gave the bias 0. What was taken away first is missing now.",
    "What does the probe say on average, and what are the answers on average?",
)
def fit_probe__centred_without_bias(hidden, answers):
    table = torch.cat([hidden, torch.ones(len(hidden), 1)], dim=1)
    solution = torch.linalg.lstsq(table, answers[:, None]).solution[:, 0]
    return solution[:-1], torch.tensor(0.0)


@misconception(
    "A hidden neuron still says what the one at its place says now. Other numbers behind it are no other neuron.",
    "Which numbers decide what a hidden neuron says?",
)
def same_answers__as_it_is():
    return {"W1": [[1, -2], [3, 0.5]], "b1": [0.5, -1], "W2": [[2, -1], [0.5, 1]], "b2": [0, 1]}


@misconception(
    "The neurons have changed places, and the second layer does not fit them. A row of W2 is the votes of one neuron.",
    "Which part of W2 belongs to a neuron, a row or a column?",
)
def same_answers__votes_stay_behind():
    return {"W1": [[-2, 1], [0.5, 3]], "b1": [-1, 0.5], "W2": [[2, -1], [0.5, 1]], "b2": [0, 1]}


@misconception(
    "The two neurons are still there, on each other's chairs. No hidden neuron may say what one of the two says.",
    "What does a neuron say whose weights and bias have all changed their signs?",
)
def same_answers__other_chairs():
    return {"W1": [[-2, 1], [0.5, 3]], "b1": [-1, 0.5], "W2": [[0.5, 1], [2, -1]], "b2": [0, 1]}


@misconception(
    "A neuron that says 1 - a in place of a needs two things behind it: votes of the other sign, and another bias.",
    "What is (1 - a) times -v, and what is missing to a times v?",
)
def same_answers__forgets_what_is_missing():
    return {"W1": [[-1, 2], [-3, -0.5]], "b1": [-0.5, 1], "W2": [[-2, 1], [-0.5, -1]], "b2": [0, 1]}


@misconception(
    "A hidden neuron of yours is a new one. Doubling before the bend and halving behind it cancel only without a bend.",
    "What are sigmoid(1) and sigmoid(2), and is one of them twice the other?",
)
def same_answers__doubled_and_halved():
    return {"W1": [[2, -4], [6, 1]], "b1": [1, -2], "W2": [[1, -0.5], [0.25, 0.5]], "b2": [0, 1]}


@misconception(
    "You set the ones below the hidden numbers, as more rows. They should stand beside them, as one more column.",
    "Which dim of cat makes a table wider?",
)
def fit_probe__ones_below(hidden, answers):
    table = torch.cat([hidden, torch.ones(len(hidden), 1)])
    solution = torch.linalg.lstsq(table, answers[:, None]).solution[:, 0]
    return solution[:-1], solution[-1]


@misconception(
    "Your ones are a row, (1, m), and a row cannot stand beside a table with m rows. They should be a column.",
    "How many rows and how many columns should the ones have for six images?",
)
def fit_probe__row_of_ones(hidden, answers):
    table = torch.cat([hidden, torch.ones(1, len(hidden))], dim=1)
    solution = torch.linalg.lstsq(table, answers[:, None]).solution[:, 0]
    return solution[:-1], solution[-1]


@misconception(
    "You handed a list to lstsq, which wants one table.",
    "What sets two tables side by side and makes one of them?",
)
def fit_probe__list_of_tables(hidden, answers):
    table = [hidden, torch.ones(len(hidden), 1)]
    solution = torch.linalg.lstsq(table, answers[:, None]).solution[:, 0]
    return solution[:-1], solution[-1]


@misconception(
    "You asked for a dimension that the tensor does not have. They are counted from 0: a table has a dim=0 and a "
    "dim=1.",
    "Which of the two makes a table wider?",
    any_numbers=True,
)
def fit_probe__no_such_dimension(hidden, answers):
    table = torch.cat([hidden, torch.ones(len(hidden), 1)], dim=2)
    solution = torch.linalg.lstsq(table, answers[:, None]).solution[:, 0]
    return solution[:-1], solution[-1]


@misconception(
    "There is no column of ones. So the last number of the solution is a neuron's weight, and you took it for a bias.",
    "How many numbers should the solution have for h neurons and a bias?",
)
def fit_probe__last_weight_for_a_bias(hidden, answers):
    solution = torch.linalg.lstsq(hidden, answers[:, None]).solution[:, 0]
    return solution[:-1], solution[-1]


@misconception(
    "You put the answers first and the table second, so lstsq looked for weights that make hidden numbers of answers.",
    "In lstsq(A, B), which of the two should A @ S come near to?",
)
def fit_probe__lstsq_swapped(hidden, answers):
    table = torch.cat([hidden, torch.ones(len(hidden), 1)], dim=1)
    solution = torch.linalg.lstsq(answers[:, None], table).solution[:, 0]
    return solution[:-1], solution[-1]


@misconception(
    "You asked a table with a single column for its second. The solution has one column, and they are counted from 0.",
    "Which place has the first column of a table?",
)
def fit_probe__second_column(hidden, answers):
    table = torch.cat([hidden, torch.ones(len(hidden), 1)], dim=1)
    solution = torch.linalg.lstsq(table, answers[:, None]).solution[:, 1]
    return solution[:-1], solution[-1]


@misconception(
    "Only the first neuron's weight comes back. Each hidden neuron has one.",
    "How many weights are wanted for three hidden neurons?",
)
def fit_probe__first_weight_only(hidden, answers):
    table = torch.cat([hidden, torch.ones(len(hidden), 1)], dim=1)
    solution = torch.linalg.lstsq(table, answers[:, None]).solution[:, 0]
    return solution[:1], solution[-1]


@misconception(
    "The last neuron's weight is missing: you left out two numbers at the end of the solution, and one is the bias.",
    "How many numbers of the solution are no weights of neurons?",
)
def fit_probe__one_weight_short(hidden, answers):
    table = torch.cat([hidden, torch.ones(len(hidden), 1)], dim=1)
    solution = torch.linalg.lstsq(table, answers[:, None]).solution[:, 0]
    return solution[:-2], solution[-1]


@misconception(
    "No weights come back: your slice ends at 0, before the first of them.",
    "Where should the slice of the weights end, if the bias is the last number?",
)
def fit_probe__no_weights(hidden, answers):
    table = torch.cat([hidden, torch.ones(len(hidden), 1)], dim=1)
    solution = torch.linalg.lstsq(table, answers[:, None]).solution[:, 0]
    return solution[:0], solution[-1]


@misconception(
    "The weights are right, but what you gave as the bias is the first neuron's weight.",
    "Where in the table did you put the ones? There is their weight in the solution.",
)
def fit_probe__first_weight_for_a_bias(hidden, answers):
    table = torch.cat([hidden, torch.ones(len(hidden), 1)], dim=1)
    solution = torch.linalg.lstsq(table, answers[:, None]).solution[:, 0]
    return solution[:-1], solution[0]


@misconception(
    "The weights are right, but what you gave as the bias is the last neuron's weight.",
    "Where in the table did you put the ones? There is their weight in the solution.",
)
def fit_probe__neighbour_for_a_bias(hidden, answers):
    table = torch.cat([hidden, torch.ones(len(hidden), 1)], dim=1)
    solution = torch.linalg.lstsq(table, answers[:, None]).solution[:, 0]
    return solution[:-1], solution[-2]
