"""Known wrong answers to lesson 8."""

import torch

from autograder.judging.misconceptions import misconception


@misconception(
    "You overwrote labels in a tensor that you go on looking into, so what you have just written counts as a label.",
    "In which tensor do you look, and into which do you write?",
)
def regroup__overwrites(y, groups):
    new = y.clone()
    for number, group in enumerate(groups):
        new[torch.isin(new, torch.tensor(group))] = number
    return new


@misconception(
    "You wrote into the labels that you were given. Whoever still holds them has lost them.",
    "What makes a new tensor of the same shape?",
)
def regroup__in_place(y, groups):
    old = y.clone()
    for number, group in enumerate(groups):
        y[torch.isin(old, torch.tensor(group))] = number
    return y


@misconception(
    "Your groups count from 1. Labels count from 0.",
    "Which number should the first group have?",
)
def regroup__counts_from_one(y, groups):
    new = torch.zeros_like(y)
    for number, group in enumerate(groups):
        new[torch.isin(y, torch.tensor(group))] = number + 1
    return new


@misconception(
    "You gave back each label's place within its group, where the number of the group is asked for.",
    "In [[3, 4], [0, 1]], which group does 4 belong to?",
)
def regroup__place_in_group(y, groups):
    places = {label: place for group in groups for place, label in enumerate(group)}
    return torch.tensor([places[label] for label in y.tolist()])


@misconception(
    "Only the first label of each group is recognised; all others end in group 0.",
    "How do you ask whether a label is any of several?",
)
def regroup__first_label_only(y, groups):
    new = torch.zeros_like(y)
    for number, group in enumerate(groups):
        new[y == group[0]] = number
    return new


@misconception(
    "There are only two answers: whether a label is in the last group. With more groups the others are lost.",
    "How many different numbers can come back for four groups?",
)
def regroup__only_the_last_group(y, groups):
    return torch.isin(y, torch.tensor(groups[-1])).long()


@misconception(
    "You put the labels themselves into groups, as a list of tensors. One number for each label is asked for.",
    "Which shape should come back for eleven labels?",
)
def regroup__list_of_groups(y, groups):
    return [y[torch.isin(y, torch.tensor(group))] for group in groups]


@misconception(
    "You asked which labels of the group come among y. The question is which labels of y are in the group.",
    "isin(A, B) answers once for each number of which of the two?",
)
def regroup__isin_swapped(y, groups):
    new = torch.zeros_like(y)
    for number, group in enumerate(groups):
        new[torch.isin(torch.tensor(group), y)] = number
    return new


@misconception(
    "You handed a list to isin, where torch wants a tensor.",
    "What makes a tensor of a list?",
)
def regroup__isin_of_a_list(y, groups):
    new = torch.zeros_like(y)
    for number, group in enumerate(groups):
        new[torch.isin(y, group)] = number
    return new


@misconception(
    "Every seed deals the same piles: nothing is drawn, or it is always drawn from the same place.",
    "What happens to the piles if the data are sorted by class, and where do you use the seed?",
)
def deal__no_shuffle(m, sizes, seed):
    return list(torch.arange(sum(sizes)).split(list(sizes)))


@misconception(
    "You drew each pile by itself, so an observation can be in two of them.",
    "How many times do you have to shuffle, if nobody may be twice?",
)
def deal__each_pile_by_itself(m, sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randperm(m, generator=generator)[:size] for size in sizes]


@misconception(
    "You drew places with putting back, so one observation may come twice.",
    "What deals cards, and what throws dice?",
)
def deal__dice(m, sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randint(m, (size,), generator=generator) for size in sizes]


@misconception(
    "The seed is not used: each call deals anew, and nobody can repeat what you did.",
    "Which generator does your shuffle draw from?",
)
def deal__seed_unused(m, sizes, seed):
    return list(torch.randperm(m)[: sum(sizes)].split(list(sizes)))


@misconception(
    "Every seed deals the same piles: nothing is drawn, or it is always drawn from the same place.",
    "What happens to the piles if the data are sorted by class, and where do you use the seed?",
)
def deal__fixed_seed(m, sizes, seed):
    generator = torch.Generator().manual_seed(0)
    return list(torch.randperm(m, generator=generator)[: sum(sizes)].split(list(sizes)))


@misconception(
    "All piles came back as one tensor. A list with one tensor for each pile is asked for.",
    "What cuts a tensor into pieces of given lengths?",
)
def deal__not_cut(m, sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randperm(m, generator=generator)[: sum(sizes)]


@misconception(
    "Your places count from 1, so the first observation is in no pile and one place does not exist.",
    "Which place has the first row of a tensor?",
)
def deal__counts_from_one(m, sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    return list((torch.randperm(m, generator=generator) + 1)[: sum(sizes)].split(list(sizes)))


@misconception(
    "The piles are shuffled inside only: the first pile always holds the first observations, in another order.",
    "Do you shuffle before you cut, or after?",
)
def deal__cuts_first(m, sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    return [
        pile[torch.randperm(len(pile), generator=generator)] for pile in torch.arange(sum(sizes)).split(list(sizes))
    ]


@misconception(
    "Your model is right more often than somebody who always names the larger group. So its number does not flatter.",
    "How many of your observations belong to the larger group?",
)
def flattering__has_found_something_out():
    return ([0, 1] * 10, [1, 1] + [0, 1] * 9)


@misconception(
    "Your model is right as often as somebody who always names the larger group, and not less often.",
    "How often may the model be wrong, and still be right for nine of ten?",
)
def flattering__is_the_habit():
    return ([0] * 19 + [1], [0] * 20)


@misconception(
    "Your model is right for fewer than nine of ten. With few observations there is no room between that and a habit.",
    "How many of twenty observations may be wrong, and how many of ten?",
)
def flattering__too_often_wrong():
    return ([0] * 9 + [1], [0] * 8 + [1, 0])


@misconception(
    "Only one group occurs in your case. Then there is nothing to find out.",
    "Which observation could a model be wrong about that never learned the other group?",
)
def flattering__one_group():
    return ([0] * 20, [1, 1] + [0] * 18)


@misconception(
    "You asked a number for a part of it, with square brackets. m, the seed and each size are numbers, without parts.",
    "Which of your names is a number, and which is the order of all observations?",
)
def deal__part_of_a_number(m, sizes, seed):
    return list(m[: sum(sizes)].split(list(sizes)))


@misconception(
    "Each observation came back as a pile of its own. You have the order, and have not cut it.",
    "What cuts a tensor into pieces of given lengths?",
)
def deal__piles_of_one(m, sizes, seed):
    generator = torch.Generator().manual_seed(seed)
    return list(torch.randperm(m, generator=generator)[: sum(sizes)])


@misconception(
    "You took a check for right that is not. One layer may agree while the other does not.",
    "Do both numbers agree for all four parameters?",
)
def which_bug__always_right():
    return ("solutions", ["right"] * 5)


@misconception(
    "You missed a mean where none is missing. Without it all slopes are too large, by one factor.",
    "What do you get when you divide right by left, row by row?",
)
def which_bug__always_no_mean():
    return ("solutions", ["no mean"] * 5)


@misconception(
    "You blamed the sigmoid where it is innocent. Its slope matters to the first layer alone.",
    "Which two parameters cannot know of the hidden sigmoid's slope?",
)
def which_bug__always_no_sigmoid_slope():
    return ("solutions", ["no sigmoid slope"] * 5)


@misconception(
    "You missed the label where it was taken away. Without it all blame is above 0, and the last biases see that.",
    "Is there a slope of b2 below 0 on the right?",
)
def which_bug__always_no_label():
    return ("solutions", ["no label"] * 5)


@misconception(
    "You saw a wrong sign where something else is wrong. With a wrong sign each slope keeps its size.",
    "Without their signs, are both numbers the same in every row?",
)
def which_bug__always_wrong_sign():
    return ("solutions", ["wrong sign"] * 5)


@misconception(
    "You called a training good that is not. What matters is where the cost ends that was held out, and that it rests.",
    "Where do both curves end, and do they lie together there?",
)
def which_training__always_good():
    return ("solutions", ["good"] * 6)


@misconception(
    "You took a step for too small that is not. Under too small a step the cost falls evenly, at the end as well.",
    "Is the last stretch of the solid curve as steep as the first?",
)
def which_training__always_small():
    return ("solutions", ["step too small"] * 6)


@misconception(
    "You took a step for too large that is not. Under too large a step the cost of the training images leaps.",
    "How often does the solid curve go up?",
)
def which_training__always_large():
    return ("solutions", ["step too large"] * 6)


@misconception(
    "You saw learning by heart where there is none. Its solid curve goes down to almost 0, and the dashed one climbs.",
    "Are the images known that it was trained on?",
)
def which_training__always_by_heart():
    return ("solutions", ["by heart"] * 6)


@misconception(
    "You called a table good that is not. In a good one the diagonal is full, from the 0 to the 9.",
    "Which of the ten digits is read as itself?",
)
def which_table__always_good():
    return ("solutions", ["good"] * 6)


@misconception(
    "You saw labels swapped where they are not. Then there are two digits, and each is read as the other.",
    "Are there two large numbers off the diagonal, one above it and one below?",
)
def which_table__always_swapped():
    return ("solutions", ["labels swapped"] * 6)


@misconception(
    "You missed a digit where none was left out. A network never names a digit that it has not learned.",
    "Is there exactly one column in which nothing stands?",
)
def which_table__always_left_out():
    return ("solutions", ["digit left out"] * 6)


@misconception(
    "You took images for moved that are not. Where they are moved, some digits are still read and others are mixed up.",
    "Do the rows differ? Are more right than by guessing, and fewer than by reading?",
)
def which_table__always_moved():
    return ("solutions", ["images moved"] * 6)


@misconception(
    "You took labels for shuffled that are not. Shuffled labels leave ten rows that are alike, and no column empty.",
    "Can you tell from a row which digit it belongs to? Is each digit read about equally often?",
)
def which_table__always_shuffled():
    return ("solutions", ["labels shuffled"] * 6)


@misconception(
    "You blamed the smallest score where the largest was taken. The smallest belongs to what the image is surely not.",
    "How often would it be right: never, sometimes, or mostly?",
)
def which_table__always_smallest():
    return ("solutions", ["smallest score"] * 6)


@misconception(
    "You took a network for untrained that is not. An untrained one answers the same few digits, whatever it sees.",
    "How many columns hold nearly all answers?",
)
def which_table__always_untrained():
    return ("solutions", ["untrained"] * 6)
