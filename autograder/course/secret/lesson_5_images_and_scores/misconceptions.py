"""Known wrong answers to lesson 5."""

import torch

from autograder.judging.misconceptions import misconception


@misconception(
    "The pixels still go up to 255. Sums of such numbers saturate every sigmoid.",
    "By what must full ink be divided to become 1?",
)
def prepare_images__not_scaled(images):
    return images.reshape(len(images), 784).float()


@misconception(
    "The pixels are scaled, but each image is still a square. The network wants a row.",
    "How many numbers are 28 lines of 28 pixels, laid end to end?",
)
def prepare_images__not_flattened(images):
    return images.float() / 255


@misconception(
    "All images run into one long row. Each image keeps a row of its own.",
    "Which dimension of (m, 28, 28) must survive?",
)
def prepare_images__one_long_row(images):
    return images.flatten().float() / 255


@misconception(
    "You divided by the brightest pixel that you found, so pale images become as dark as any others.",
    "Which number is full ink, whichever images are there?",
)
def prepare_images__by_brightest_of_batch(images):
    X = images.flatten(1).float()
    return X / X.max().clamp(min=1)


@misconception(
    "You divided by the brightest pixel that you found, so pale images become as dark as any others.",
    "Which number is full ink, whichever images are there?",
)
def prepare_images__by_brightest_of_image(images):
    X = images.flatten(1).float()
    brightest = X.max(dim=1, keepdim=True).values
    return X / brightest.clamp(min=1)


@misconception(
    "You divided by 256. There are 256 values, but the largest of them is 255, so full ink falls short of 1.",
    "What does a pixel of 255 become?",
)
def prepare_images__by_256(images):
    return images.flatten(1).float() / 256


@misconception(
    "Your numbers are whole: every pixel below 255 becomes 0, and all the greys are lost.",
    "What should a pixel of 51 become, and which dtype can hold that?",
)
def prepare_images__whole_division(images):
    return images.flatten(1) // 255


@misconception(
    "Your numbers are whole: every pixel below 255 becomes 0, and all the greys are lost.",
    "What should a pixel of 51 become, and which dtype can hold that?",
)
def prepare_images__back_to_whole_numbers(images):
    return (images.flatten(1) / 255).to(torch.uint8)


@misconception(
    "Your table is turned over, (784, m): each image is a column. It should be a row.",
    "Three images: how many rows has X?",
)
def prepare_images__images_as_columns(images):
    return images.flatten(1).T.float() / 255


@misconception(
    "You read the images column by column. Their lines are laid end to end, the top one first.",
    "Where does the pixel in row 2, column 3 land, and where should it?",
)
def prepare_images__column_by_column(images):
    return images.transpose(1, 2).reshape(len(images), 784).float() / 255


@misconception(
    "Ink and paper have changed places: where there is no ink you have 1.",
    "What should a pixel of 0 become?",
)
def prepare_images__inverted(images):
    return 1 - images.flatten(1).float() / 255


@misconception(
    "Your numbers run from -1 to 1. Here no ink is 0 and full ink is 1.",
    "What should a pixel of 0 become?",
)
def prepare_images__minus_one_to_one(images):
    return images.flatten(1).float() / 127.5 - 1


@misconception(
    "You made the images black and white. Grey pixels should keep their grey.",
    "What should a pixel of 51 become?",
)
def prepare_images__black_and_white(images):
    return (images.flatten(1) > 127).float()


@misconception(
    "A single image loses its row: where a dimension has the size 1, yours is dropped.",
    "Which shape has a batch of one image?",
)
def prepare_images__squeezed(images):
    return (images.flatten(1).float() / 255).squeeze()


@misconception(
    "You multiplied, so the pixels grow where they should shrink.",
    "What should a pixel of 255 become?",
)
def prepare_images__multiplied(images):
    return images.flatten(1).float() * 255


@misconception(
    "Your fraction is turned over: you divide by the pixels, and a pixel without ink is 0.",
    "What should a pixel of 0 become?",
)
def prepare_images__turned_over(images):
    return 255 / images.flatten(1).float()


@misconception(
    "Where a probability is 0, the logarithm is minus infinity. The lesson's floor is missing.",
    "As what does a probability below 1e-12 count?",
)
def cross_entropy__infinite(probs, y):
    right = probs[torch.arange(len(y)), y]
    return -torch.log(right).mean()


@misconception(
    "You took logarithms of all probabilities. Where one is 0, the product 0 · log(0) is nan, even beside the label.",
    "Which probabilities must you look at, and what counts in place of 0?",
)
def cross_entropy__nan(probs, y):
    target = torch.nn.functional.one_hot(y, probs.shape[1])
    return -(target * torch.log(probs)).sum(dim=1).mean()


@misconception(
    "You added the surprises up. The cost is their mean, so that batches of any size can be compared.",
    "What should ten copies of the same row cost?",
)
def cross_entropy__sum(probs, y):
    right = probs[torch.arange(len(y)), y]
    return -torch.log(right.clamp(min=1e-12)).sum()


@misconception(
    "The minus is missing. Logarithms of probabilities are negative, and a surprise is not.",
    "What sign has log(0.5)?",
)
def cross_entropy__no_minus(probs, y):
    right = probs[torch.arange(len(y)), y]
    return torch.log(right.clamp(min=1e-12)).mean()


@misconception(
    "You divided by the classes as well: the mean runs over all places of the table, most of which are 0.",
    "How many surprises does one row give?",
)
def cross_entropy__mean_over_classes_too(probs, y):
    target = torch.nn.functional.one_hot(y, probs.shape[1])
    return -(target * torch.log(probs.clamp(min=1e-12))).mean()


@misconception(
    "You counted the logarithms of all classes. Only the share at the right digit counts.",
    "What part does y play in your formula?",
)
def cross_entropy__all_classes(probs, y):
    return -torch.log(probs.clamp(min=1e-12)).sum(dim=1).mean()


@misconception(
    "Your shares went through softmax once more; torch's own cross_entropy does that, because it wants scores.",
    "What does nn.functional.cross_entropy expect as its first argument?",
)
def cross_entropy__softmax_again(probs, y):
    return torch.nn.functional.cross_entropy(probs, y)


@misconception(
    "You returned one surprise for each row. The cost is a single number: their mean.",
    "How do four numbers become one?",
)
def cross_entropy__each_row(probs, y):
    right = probs[torch.arange(len(y)), y]
    return -torch.log(right.clamp(min=1e-12))


@misconception(
    "You took the mean first and the logarithm afterwards. Each row has a surprise of its own; their mean comes last.",
    "In which order does 'mean surprise' want the two?",
)
def cross_entropy__log_of_mean(probs, y):
    right = probs[torch.arange(len(y)), y]
    return -torch.log(right.mean().clamp(min=1e-12))


@misconception(
    "The logarithm is missing: you took the mean of the probabilities, with a minus.",
    "How surprising is what was given a probability of 1? And one of 0?",
)
def cross_entropy__no_logarithm(probs, y):
    right = probs[torch.arange(len(y)), y]
    return -right.mean()


@misconception(
    "You took the logarithm to base 2, and surprises in bits are larger. Here ln is meant, the natural logarithm.",
    "What should a probability of ½ cost: 1 or 0.693?",
)
def cross_entropy__base_two(probs, y):
    right = probs[torch.arange(len(y)), y]
    return -torch.log2(right.clamp(min=1e-12)).mean()


@misconception(
    "You took the logarithm to base 10. Here ln is meant, the natural logarithm.",
    "What should a probability of 0.1 cost: 1 or 2.303?",
)
def cross_entropy__base_ten(probs, y):
    right = probs[torch.arange(len(y)), y]
    return -torch.log10(right.clamp(min=1e-12)).mean()


@misconception(
    "You looked at the largest share of each row. What counts is the share at the label, even if it is small.",
    "Should a network that is sure and wrong cost nothing?",
)
def cross_entropy__of_largest(probs, y):
    largest = probs.max(dim=1).values
    return -torch.log(largest.clamp(min=1e-12)).mean()


@misconception(
    "You took every label's column for every row. Each row should be asked at its own label only.",
    "Which shape has the part of probs that you picked?",
)
def cross_entropy__every_label_in_every_row(probs, y):
    picked = probs[:, y]
    return -torch.log(picked.clamp(min=1e-12)).mean()


@misconception(
    "That is the mean squared error of lesson 2. Cross-entropy is made of logarithms.",
    "Which cost grows without limit as the share at the label goes to 0?",
)
def cross_entropy__squared_error(probs, y):
    target = torch.nn.functional.one_hot(y, probs.shape[1])
    return ((probs - target) ** 2).sum(dim=1).mean()


@misconception(
    "You also charged for the wrong classes, with log(1 - p). With shares that add up to 1, the right one says it all.",
    "Do the other shares need a term of their own?",
)
def cross_entropy__charges_wrong_classes(probs, y):
    target = torch.nn.functional.one_hot(y, probs.shape[1])
    p = probs.clamp(1e-12, 1 - 1e-7)
    return -(target * torch.log(p) + (1 - target) * torch.log(1 - p)).sum(dim=1).mean()


@misconception(
    "Where the probability is 0 you count no surprise at all. That is where the surprise should be largest.",
    "Which should cost more: a probability of 0.01 at the label, or 0?",
)
def cross_entropy__zero_costs_nothing(probs, y):
    right = probs[torch.arange(len(y)), y]
    return -torch.nan_to_num(torch.log(right), neginf=0.0).mean()


@misconception(
    "You asked for row number len(y), for every label. Rows are counted from 0, and that one does not exist.",
    "For five labels, which five rows are meant? How do you name them one by one?",
)
def cross_entropy__no_such_row(probs, y):
    right = probs[len(y), y]
    return -torch.log(right.clamp(min=1e-12)).mean()


@misconception(
    "You expect another number than the fraction that is right: how many rows are right, perhaps, or percent.",
    "Two rows of three are right. Which fraction is that?",
)
def accuracy_examples__counts():
    return [
        ([[0.3, 0.3, 0.4], [0.1, 0.8, 0.1], [0.05, 0.9, 0.05]], [2, 0, 1], 2),
        ([[0.2, 0.8], [0.9, 0.1]], [1, 0], 2),
    ]


@misconception(
    "An example has three parts, and the labels are one of them. Yours have more parts, or fewer.",
    "Which rows of your first table are right, and by which labels?",
)
def accuracy_examples__pairs():
    return [([[0.3, 0.3, 0.4], [0.1, 0.8, 0.1]], 0.5), ([[0.2, 0.8]], 1)]


@misconception(
    "One image has one row of shares, and a table around it; its label stands in brackets, too.",
    "How many pairs of brackets has a table of one row?",
)
def accuracy_examples__one_flat_row():
    return [([0.2, 0.8], 1, 1), ([0.9, 0.1], 1, 0)]


@misconception(
    "Whoever forgets which row has which label passes your examples. Where everybody is right, that does not show.",
    "Which row, with which label, is wrong?",
)
def accuracy_examples__all_right():
    return [([[0.2, 0.8], [0.9, 0.1]], [1, 0], 1), ([[0.3, 0.3, 0.4]], [2], 1)]


@misconception(
    "Wherever a row of yours is right, its share at the label is above a half. With three classes it may be less.",
    "How small may the largest of three shares be?",
)
def accuracy_examples__two_classes():
    return [([[0.2, 0.8], [0.9, 0.1], [0.8, 0.2]], [1, 0, 1], 2 / 3), ([[0.2, 0.8], [0.7, 0.3]], [0, 1], 0)]


@misconception(
    "Your network is right, and still too sure of it. The surer it is, the less it pays.",
    "How small may the largest share of a row be?",
)
def right_but_costly__sure_of_itself():
    return [[0.9, 0.05, 0.05], [0.05, 0.9, 0.05], [0.05, 0.05, 0.9], [0.9, 0.05, 0.05]]


@misconception(
    "The cost is high because the network is wrong. It should be right every time.",
    "At which place of each row should the largest share stand?",
)
def right_but_costly__wrong_every_time():
    return [[0.1, 0.8, 0.1], [0.8, 0.1, 0.1], [0.8, 0.1, 0.1], [0.1, 0.8, 0.1]]


@misconception(
    "Where all three shares are equal, none is the largest, and the network names no class by itself.",
    "How much more than the others does the right share need?",
)
def right_but_costly__all_equal():
    return [[1 / 3, 1 / 3, 1 / 3]] * 4


@misconception(
    "These rows are no shares: they do not add up to 1.",
    "What is left for the other two classes if one has 0.4?",
)
def right_but_costly__no_shares():
    return [[0.3, 0.2, 0.2], [0.2, 0.3, 0.2], [0.2, 0.2, 0.3], [0.3, 0.2, 0.2]]


@misconception(
    "You divided by the brightest pixel of the batch: pale images become too bright, and black ones nan.",
    "Which number is full ink, whichever images are there?",
)
def prepare_images__by_brightest_even_black(images):
    X = images.flatten(1)
    return X / X.max()


@misconception(
    "You moved the mean to 0 and divided by the spread. What is asked for are numbers from 0, no ink, to 1, full ink.",
    "By which number does a pixel of 255 become 1, whichever images are there?",
)
def prepare_images__standardised(images):
    X = images.flatten(1).float() / 255
    return (X - X.mean()) / X.std()


@misconception(
    "You took the mean of all surprises in the table, those of the wrong classes too. Only the label's counts.",
    "Which of the shares in a row tells how surprised the network is by the truth?",
)
def cross_entropy__mean_of_whole_table(probs, y):
    return -torch.log(probs.clamp(min=1e-12)).mean()


@misconception(
    "You took what the label's share lacks to 1. A surprise is minus its logarithm.",
    "What is the surprise at a share of ½?",
)
def cross_entropy__lack_of_share(probs, y):
    return (1 - probs[torch.arange(len(y)), y]).mean()
