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
