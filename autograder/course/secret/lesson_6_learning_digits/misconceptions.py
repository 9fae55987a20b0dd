"""Known wrong answers to lesson 6.

`mnist_accuracy` has no stub. What goes wrong there goes wrong in `network_gradients` or `train_network` first.
"""

import torch

from autograder.judging.misconceptions import misconception


@misconception(
    "You added up over the images and never divided by their number, so the slopes grow with the batch.",
    "Costs are means. At which single place does the number of images enter?",
)
def network_gradients__sum(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = probs - torch.nn.functional.one_hot(y, probs.shape[1])
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "You divided by the number of images twice. The blame at the scores carries the mean along to everything after it.",
    "At how many places in your function does len(y) stand?",
)
def network_gradients__mean_taken_twice(X, y, params):
    m = len(y)
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / m
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1 / m, "b1": d1.sum(dim=0) / m, "W2": hidden.T @ d2 / m, "b2": d2.sum(dim=0) / m}


@misconception(
    "The weights' slopes are right. The biases' are averaged twice: divided by the number of images once too often.",
    "After the division, is a sum or a mean left to take?",
)
def network_gradients__bias_averaged_twice(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.mean(dim=0), "W2": hidden.T @ d2, "b2": d2.mean(dim=0)}


@misconception(
    "All slopes have the wrong sign: you took label minus share.",
    "A class got a share without deserving it. Should the slope at its score be above or below 0?",
)
def network_gradients__wrong_sign(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (torch.nn.functional.one_hot(y, probs.shape[1]) - probs) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "The second layer is right. In the first, the slope of the hidden sigmoid is missing.",
    "By what is the blame multiplied when it passes back through a sigmoid?",
)
def network_gradients__no_sigmoid_slope(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "In the slope of the hidden sigmoid you used the weighted sums, where the bent numbers belong.",
    "The slope is at most ¼. Can z (1 - z) be larger?",
)
def network_gradients__slope_at_sum(X, y, params):
    z = X @ params["W1"] + params["b1"]
    hidden = torch.sigmoid(z)
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * z * (1 - z)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "You multiplied the blame at the scores by p (1 - p). For softmax with cross-entropy, shares minus labels is all.",
    "The blame at the scores is simple. Which factor of yours is not in the lesson's formula?",
)
def network_gradients__slope_at_the_end_too(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) * probs * (1 - probs) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "Softmax came twice: your shares went through it again. torch's own cross_entropy does that, because it "
    "wants scores.",
    "What does nn.functional.cross_entropy expect as its first argument?",
)
def network_gradients__softmax_twice(X, y, params):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    loss = torch.nn.functional.cross_entropy(probs, y)
    loss.backward()
    return {name: value.grad for name, value in params.items()}


@misconception(
    "These are the slopes of a squared error, the cost of lesson 2. This lesson goes down the cross-entropy.",
    "Which cost did lesson 5 prepare for learning?",
)
def network_gradients__squared_error(X, y, params):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    target = torch.nn.functional.one_hot(y, probs.shape[1])
    loss = ((probs - target) ** 2).sum(dim=1).mean()
    loss.backward()
    return {name: value.grad for name, value in params.items()}


@misconception(
    "You blamed the shares themselves: the labels never enter, and every class is told to get less.",
    "What should the right class have had?",
)
def network_gradients__no_labels(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = probs / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "The slopes of the weights are turned over. Each gradient has the shape of its parameter.",
    "Which two shapes must be multiplied, so that the shape of W1 is left?",
)
def network_gradients__transposed(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": d1.T @ X, "b1": d1.sum(dim=0), "W2": d2.T @ hidden, "b2": d2.sum(dim=0)}


@misconception(
    "You added the blame of all neurons of a layer up into one number. Each neuron's bias has a slope of its own.",
    "Over which of its two dimensions is (m, h) to be added up, so that (h,) is left?",
)
def network_gradients__one_bias_slope(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(), "W2": hidden.T @ d2, "b2": d2.sum()}


@misconception(
    "The slopes of the biases are tables of one row, (1, h). They should be flat, (h,), as the biases are.",
    "What keeps a dimension alive that a sum would drop?",
)
def network_gradients__bias_slopes_as_tables(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {
        "W1": X.T @ d1,
        "b1": d1.sum(dim=0, keepdim=True),
        "W2": hidden.T @ d2,
        "b2": d2.sum(dim=0, keepdim=True),
    }


@misconception(
    "The slopes of the biases are missing. They are parameters too, and learn.",
    "Which keys has params, and which has your answer?",
)
def network_gradients__weights_only(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "W2": hidden.T @ d2}


@misconception(
    "Your keys are new names. A gradient goes by the name of its parameter.",
    "Which keys does the text below the function's name ask for?",
)
def network_gradients__other_keys(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"dW1": X.T @ d1, "db1": d1.sum(dim=0), "dW2": hidden.T @ d2, "db2": d2.sum(dim=0)}


@misconception(
    "Your one-hot rows are as wide as the largest label in the batch. A batch without the last digit then has too few.",
    "What tells how many classes the network has?",
)
def network_gradients__classes_from_labels(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y)) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "Your way forward leaves the biases out, so the slopes are those of another network.",
    "Where are b1 and b2 used in your function?",
)
def network_gradients__no_biases_forward(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"])
    probs = torch.softmax(hidden @ params["W2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "You divided by the number of classes as well. The mean runs over the images only.",
    "How many surprises does one image give?",
)
def network_gradients__mean_over_classes_too(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / probs.numel()
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "Your hidden numbers are not bent: the sigmoid is missing on the way forward.",
    "Between which two numbers should a hidden number lie?",
)
def network_gradients__no_sigmoid_forward(X, y, params):
    hidden = X @ params["W1"] + params["b1"]
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "On the way forward the hidden layer's biases are missing, so the slopes are those of another network.",
    "Which of the four entries of params have you not used?",
)
def network_gradients__no_hidden_bias_forward(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "On the way forward you took the hidden layer's biases away; they are added.",
    "Which sign stands before each bias in the formula?",
)
def network_gradients__hidden_bias_subtracted(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] - params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "On the way forward the last layer's biases are missing, so the slopes are those of another network.",
    "Which of the four entries of params have you not used?",
)
def network_gradients__no_last_bias_forward(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "On the way forward you took the last layer's biases away; they are added.",
    "Which sign stands before each bias in the formula?",
)
def network_gradients__last_bias_subtracted(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] - params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "You compared scores with labels. It is shares that are compared with them: softmax is missing.",
    "From what does the lesson take the labels away?",
)
def network_gradients__no_softmax(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = hidden @ params["W2"] + params["b2"]
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "Softmax runs down the columns: it shares a 1 among the images and not among the classes.",
    "Which dim runs along a row?",
)
def network_gradients__softmax_over_batch(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=0)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "You asked for a dimension that the tensor does not have. They are counted from 0: a table has a dim=0 and a "
    "dim=1.",
    "Which of the two runs along a row?",
    any_numbers=True,
)
def network_gradients__dim_two(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=2)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "torch.softmax must be told along which dimension to share out: along the rows or down the columns.",
    "Which dim runs along a row?",
)
def network_gradients__no_dim(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"])
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "You multiplied by the number of images. A mean divides by it.",
    "Should a slope grow or stay if every image comes twice?",
)
def network_gradients__multiplied_by_number(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) * len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "You added the labels to the shares. Blame is what a class got and did not deserve: their difference.",
    "If the shares are right, how much blame should be left?",
)
def network_gradients__adds_labels(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs + torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "Your one-hot rows have ten columns, and this network has another number of classes.",
    "Which part of the shape of the shares counts the classes?",
)
def network_gradients__always_ten_classes(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, 10)) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "You made as many one-hot columns as there are images. There should be one for each class.",
    "Which part of the shape of the shares counts the classes?",
)
def network_gradients__classes_from_images(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[0])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "The second layer is right. In the first, the slope of the hidden sigmoid lacks one of its two factors.",
    "What should that slope be for a hidden number near 0, and what for one near 1?",
)
def network_gradients__slope_without_rest(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "The second layer is right. In the first, the slope of the hidden sigmoid lacks one of its two factors.",
    "What should that slope be for a hidden number near 0, and what for one near 1?",
)
def network_gradients__slope_without_hidden(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "The second layer is right. In the first, the slope of the hidden sigmoid has a wrong sign in its bracket.",
    "What should that slope be for a hidden number near 1?",
)
def network_gradients__slope_with_plus(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 + hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "The second layer is right. In the first, the sign is wrong: the slope of a sigmoid is never below 0.",
    "Which of your brackets is negative for a hidden number between 0 and 1?",
)
def network_gradients__slope_negative(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (hidden - 1)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "The shapes of a matrix product do not fit: a factor must be turned over, or the two stand in the wrong order.",
    "Write both shapes below the product that raised. Which inner numbers should agree, and what should be left?",
    any_numbers=True,
)
def network_gradients__weights_not_turned(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"] * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "Where an entry by entry product stands, or none at all, a matrix product is missing: it multiplies and adds up.",
    "Write the shapes below the line that raised. What should be left of them?",
    any_numbers=True,
)
def network_gradients__weights_entry_by_entry(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "The slopes of b1 are still one row for each image. They should be added up over the images.",
    "Over which of its two dimensions is (m, h) to be added up, so that (h,) is left?",
)
def network_gradients__hidden_bias_not_summed(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1, "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "The slopes of b2 are still one row for each image. They should be added up over the images.",
    "Over which of its two dimensions is (m, k) to be added up, so that (k,) is left?",
)
def network_gradients__last_bias_not_summed(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2}


@misconception(
    "The slopes of b1 are added up along the rows, so you have one for each image. There is one for each neuron.",
    "Over which of its two dimensions is (m, h) to be added up, so that (h,) is left?",
)
def network_gradients__hidden_bias_along_rows(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=1), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "The slopes of b2 are added up along the rows, so you have one for each image. There is one for each class.",
    "Over which of its two dimensions is (m, k) to be added up, so that (k,) is left?",
)
def network_gradients__last_bias_along_rows(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=1)}


@misconception(
    "The slope of b1 is one number for the whole layer. Each neuron's bias has a slope of its own.",
    "Over which of its two dimensions is (m, h) to be added up, so that (h,) is left?",
)
def network_gradients__hidden_bias_one_slope(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "The slope of b2 is one number for the whole layer. Each neuron's bias has a slope of its own.",
    "Over which of its two dimensions is (m, k) to be added up, so that (k,) is left?",
)
def network_gradients__last_bias_one_slope(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum()}


@misconception(
    "Only the slopes of b1 are wrong: they are divided by the number of images once too often.",
    "After the division, is a sum or a mean left to take?",
)
def network_gradients__hidden_bias_averaged_twice(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.mean(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "Only the slopes of b2 are wrong: they are divided by the number of images once too often.",
    "After the division, is a sum or a mean left to take?",
)
def network_gradients__last_bias_averaged_twice(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.mean(dim=0)}


@misconception(
    "Where an entry by entry product stands, or none at all, a matrix product is missing: it multiplies and adds up.",
    "Write the shapes below the line that raised. What should be left of them?",
    any_numbers=True,
)
def network_gradients__inputs_entry_by_entry(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T * d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "The shapes of a matrix product do not fit: a factor must be turned over, or the two stand in the wrong order.",
    "Write both shapes below the product that raised. Which inner numbers should agree, and what should be left?",
    any_numbers=True,
)
def network_gradients__hidden_not_turned(X, y, params):
    hidden = torch.sigmoid(X @ params["W1"] + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "The shapes of a matrix product do not fit: a factor must be turned over, or the two stand in the wrong order.",
    "Write both shapes below the product that raised. Which inner numbers should agree, and what should be left?",
    any_numbers=True,
)
def network_gradients__factors_swapped(X, y, params):
    hidden = torch.sigmoid(params["W1"] @ X + params["b1"])
    probs = torch.softmax(hidden @ params["W2"] + params["b2"], dim=1)
    d2 = (probs - torch.nn.functional.one_hot(y, probs.shape[1])) / len(y)
    d1 = d2 @ params["W2"].T * hidden * (1 - hidden)
    return {"W1": X.T @ d1, "b1": d1.sum(dim=0), "W2": hidden.T @ d2, "b2": d2.sum(dim=0)}


@misconception(
    "You went uphill. A slope points to where the cost grows; the step goes the other way.",
    "A slope is above 0. Should its parameter grow or shrink?",
)
def sgd_step__uphill(params, grads, lr):
    return {name: params[name] + lr * grads[name] for name in params}


@misconception(
    "The learning rate is missing: every step is as long as the slope itself.",
    "What should change when lr is halved?",
)
def sgd_step__no_learning_rate(params, grads, lr):
    return {name: params[name] - grads[name] for name in params}


@misconception(
    "The step is right, but what you were given has changed, too. A copy of a dict still holds the very same tensors.",
    "What must be new: the dict, its tensors, or both? Which of them does your function make?",
)
def sgd_step__in_place(params, grads, lr):
    for name in params:
        params[name] -= lr * grads[name]
    return params


@misconception(
    "The step is right, but what you were given has changed, too. A copy of a dict still holds the very same tensors.",
    "What must be new: the dict, its tensors, or both? Which of them does your function make?",
)
def sgd_step__same_dict(params, grads, lr):
    for name in params:
        params[name] = params[name] - lr * grads[name]
    return params


@misconception(
    "The step is right, but what you were given has changed, too. A copy of a dict still holds the very same tensors.",
    "What must be new: the dict, its tensors, or both? Which of them does your function make?",
)
def sgd_step__copies_dict_only(params, grads, lr):
    new = dict(params)
    for name in new:
        new[name] -= lr * grads[name]
    return new


@misconception(
    "The biases never move. They have slopes, and learn as the weights do.",
    "Which keys get a new value in your function?",
)
def sgd_step__biases_stay(params, grads, lr):
    new = {}
    for name in params:
        if name.startswith("W"):
            new[name] = params[name] - lr * grads[name]
        else:
            new[name] = params[name]
    return new


@misconception(
    "You returned the changes alone. What is asked for is where the parameters stand after the step.",
    "From where does the step start?",
)
def sgd_step__only_the_change(params, grads, lr):
    return {name: -lr * grads[name] for name in params}


@misconception(
    "You named the four keys of a network with two layers. The dict may have any keys.",
    "How do you go through a dict without knowing its keys?",
)
def sgd_step__two_layers_only(params, grads, lr):
    new = {}
    for name in ["W1", "b1", "W2", "b2"]:
        new[name] = params[name] - lr * grads[name]
    return new


@misconception(
    "Only the first parameter makes its step, and the others come back as they were. A `return` inside the loop "
    "does that.",
    "How far must a line be moved to the left to come after the loop?",
)
def sgd_step__returns_in_loop(params, grads, lr):
    new = dict(params)
    for name in params:
        new[name] = params[name] - lr * grads[name]
        return new


@misconception(
    "You paired parameters and slopes by their order, which may differ. What pairs them is the name.",
    "How do you find the slope that belongs to a name?",
)
def sgd_step__paired_by_order(params, grads, lr):
    new = {}
    slopes = list(grads.values())
    for i, name in enumerate(params):
        new[name] = params[name] - lr * slopes[i]
    return new


@misconception(
    "You returned the parameters as they were: no step is taken.",
    "Where in your answer do grads and lr come in?",
)
def sgd_step__stays(params, grads, lr):
    return {name: params[name] for name in params}


@misconception(
    "The two sides of your subtraction are swapped, so the parameters come out with the wrong sign.",
    "Where should a parameter stay if its slope is 0?",
)
def sgd_step__turned_round(params, grads, lr):
    return {name: lr * grads[name] - params[name] for name in params}


@misconception(
    "Every parameter moves by lr, whatever its slope is.",
    "How should the step differ between steep ground and flat ground?",
)
def sgd_step__no_slope(params, grads, lr):
    return {name: params[name] - lr for name in params}


@misconception(
    "You divided by the slope. A steep slope should make the step long, and yours makes it short.",
    "On flat ground, where the slope is 0, how long should the step be?",
)
def sgd_step__rate_over_slope(params, grads, lr):
    return {name: params[name] - lr / grads[name] for name in params}


@misconception(
    "Going through a dict gives its keys alone, and the key 'W1' was taken apart into 'W' and '1'.",
    "What must you ask a dict for, to get its keys and its values in pairs?",
)
def sgd_step__keys_only(params, grads, lr):
    return {name: value - lr * grads[name] for name, value in params}


@misconception(
    "The images are never shuffled: each epoch goes through them in the order they came in.",
    "What would your network learn last if all zeros came first and all nines at the end?",
)
def train_network__no_shuffle(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    for _ in range(epochs):
        for start in range(0, len(y), batch_size):
            hidden = torch.sigmoid(X[start : start + batch_size] @ params["W1"] + params["b1"])
            z = hidden @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[start : start + batch_size])
            loss.backward()
            with torch.no_grad():
                for value in params.values():
                    value -= lr * value.grad
                    value.grad = None
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "You shuffle, but every epoch goes through the images in the same order. A new order is drawn for each.",
    "How often does your generator draw, and how often is it made?",
)
def train_network__shuffles_once(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(y), generator=generator)
    for _ in range(epochs):
        for rows in order.split(batch_size):
            z = torch.sigmoid(X[rows] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            loss.backward()
            with torch.no_grad():
                for value in params.values():
                    value -= lr * value.grad
                    value.grad = None
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "You shuffled the images and left the labels where they were. Now every label belongs to a stranger.",
    "What must be taken in the new order besides X?",
)
def train_network__labels_not_shuffled(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        X = X[torch.randperm(len(y), generator=generator)]
        for start in range(0, len(y), batch_size):
            hidden = torch.sigmoid(X[start : start + batch_size] @ params["W1"] + params["b1"])
            z = hidden @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[start : start + batch_size])
            loss.backward()
            with torch.no_grad():
                for value in params.values():
                    value -= lr * value.grad
                    value.grad = None
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "The seed is never used, so nobody can repeat your training.",
    "From what does the shuffling draw, and what should the seed be given to?",
)
def train_network__ignores_seed(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    for _ in range(epochs):
        for rows in torch.randperm(len(y)).split(batch_size):
            z = torch.sigmoid(X[rows] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            loss.backward()
            with torch.no_grad():
                for value in params.values():
                    value -= lr * value.grad
                    value.grad = None
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "You drew each image by itself, with luck twice and with bad luck never. An epoch visits every image once.",
    "What does randperm promise that randint does not?",
)
def train_network__draws_with_replacement(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randint(len(y), (len(y),), generator=generator)
        for rows in order.split(batch_size):
            z = torch.sigmoid(X[rows] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            loss.backward()
            with torch.no_grad():
                for value in params.values():
                    value -= lr * value.grad
                    value.grad = None
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "You dropped the last batch of an epoch when it was not full. It is smaller, and still counts.",
    "Ten images in batches of four: how many steps has an epoch?",
)
def train_network__drops_last_batch(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for i in range(len(y) // batch_size):
            rows = order[i * batch_size : (i + 1) * batch_size]
            z = torch.sigmoid(X[rows] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            loss.backward()
            with torch.no_grad():
                for value in params.values():
                    value -= lr * value.grad
                    value.grad = None
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "You divided each batch's slopes by batch_size. The last batch may be smaller, and its slope is a mean, too.",
    "How many images are in the batch that you have in your hands?",
)
def train_network__last_batch_divided_by_full_size(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for rows in order.split(batch_size):
            z = torch.sigmoid(X[rows] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows], reduction="sum") / batch_size
            loss.backward()
            with torch.no_grad():
                for value in params.values():
                    value -= lr * value.grad
                    value.grad = None
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "Your steps use sums over the batch. The cost is a mean, so that a step does not grow with the batch.",
    "What should change in a step if every image of the batch came twice?",
)
def train_network__slopes_summed(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for rows in order.split(batch_size):
            z = torch.sigmoid(X[rows] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows], reduction="sum")
            loss.backward()
            with torch.no_grad():
                for value in params.values():
                    value -= lr * value.grad
                    value.grad = None
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "`backward()` adds to the slopes of earlier steps, and yours are never cleared: each step repeats all before it.",
    "What is in .grad when the second step begins?",
)
def train_network__slopes_add_up(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for rows in order.split(batch_size):
            z = torch.sigmoid(X[rows] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            loss.backward()
            with torch.no_grad():
                for value in params.values():
                    value -= lr * value.grad
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "Softmax came twice: your shares went through it again. torch's own cross_entropy does that, because it "
    "wants scores.",
    "What does nn.functional.cross_entropy expect as its first argument?",
)
def train_network__softmax_twice(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for rows in order.split(batch_size):
            z = torch.sigmoid(X[rows] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(torch.softmax(z, dim=1), y[rows])
            loss.backward()
            with torch.no_grad():
                for value in params.values():
                    value -= lr * value.grad
                    value.grad = None
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "Your network goes down a squared error, the cost of lesson 2. This lesson goes down the cross-entropy.",
    "Which cost did lesson 5 prepare for learning?",
)
def train_network__squared_error(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for rows in order.split(batch_size):
            z = torch.sigmoid(X[rows] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
            probs = torch.softmax(z, dim=1)
            target = torch.nn.functional.one_hot(y[rows], probs.shape[1])
            loss = ((probs - target) ** 2).sum(dim=1).mean()
            loss.backward()
            with torch.no_grad():
                for value in params.values():
                    value -= lr * value.grad
                    value.grad = None
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "You went uphill: the cost grows from step to step.",
    "Which way does a slope point, and which way does the step go?",
)
def train_network__uphill(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for rows in order.split(batch_size):
            z = torch.sigmoid(X[rows] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            loss.backward()
            with torch.no_grad():
                for value in params.values():
                    value += lr * value.grad
                    value.grad = None
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "Your network sees a single batch in each epoch. An epoch goes through all images.",
    "Ten images in batches of four: how many steps has an epoch?",
)
def train_network__first_batch_only(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        rows = torch.randperm(len(y), generator=generator)[:batch_size]
        z = torch.sigmoid(X[rows] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
        loss = torch.nn.functional.cross_entropy(z, y[rows])
        loss.backward()
        with torch.no_grad():
            for value in params.values():
                value -= lr * value.grad
                value.grad = None
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "batch_size is never used: you take one step an epoch, on all images at once.",
    "60,000 images in batches of 16: how many steps has an epoch?",
)
def train_network__no_batches(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        z = torch.sigmoid(X[order] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
        loss = torch.nn.functional.cross_entropy(z, y[order])
        loss.backward()
        with torch.no_grad():
            for value in params.values():
                value -= lr * value.grad
                value.grad = None
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "Only one epoch counts, however many are asked for. Either each one starts again from the given parameters, or "
    "the `return` stands inside the loop.",
    "From which parameters does the second epoch start, and does it run at all?",
)
def train_network__restarts_each_epoch(X, y, params, lr, batch_size, epochs, seed=0):
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        trained = {name: value.clone().requires_grad_() for name, value in params.items()}
        order = torch.randperm(len(y), generator=generator)
        for rows in order.split(batch_size):
            z = torch.sigmoid(X[rows] @ trained["W1"] + trained["b1"]) @ trained["W2"] + trained["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            loss.backward()
            with torch.no_grad():
                for value in trained.values():
                    value -= lr * value.grad
                    value.grad = None
    return {name: value.detach() for name, value in trained.items()}


@misconception(
    "Training began at new random numbers. It starts from the parameters that you are given.",
    "What is the argument params for?",
)
def train_network__starts_anew(X, y, params, lr, batch_size, epochs, seed=0):
    generator = torch.Generator().manual_seed(seed)
    new = {}
    for name, value in params.items():
        new[name] = torch.randn(value.shape, generator=generator) if name.startswith("W") else torch.zeros(value.shape)
        new[name].requires_grad_()
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for rows in order.split(batch_size):
            z = torch.sigmoid(X[rows] @ new["W1"] + new["b1"]) @ new["W2"] + new["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            loss.backward()
            with torch.no_grad():
                for value in new.values():
                    value -= lr * value.grad
                    value.grad = None
    return {name: value.detach() for name, value in new.items()}


@misconception(
    "The very tensors that you were given have been trained, so the place where training started is lost.",
    "What could you make of the parameters before the first step?",
)
def train_network__in_place(X, y, params, lr, batch_size, epochs, seed=0):
    generator = torch.Generator().manual_seed(seed)
    for value in params.values():
        value.requires_grad_()
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for rows in order.split(batch_size):
            z = torch.sigmoid(X[rows] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            loss.backward()
            with torch.no_grad():
                for value in params.values():
                    value -= lr * value.grad
                    value.grad = None
    return params


@misconception(
    "Only the weights learn; the biases stay where they were.",
    "How many of the four entries of params change in your loop?",
)
def train_network__biases_stay(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for rows in order.split(batch_size):
            z = torch.sigmoid(X[rows] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            loss.backward()
            with torch.no_grad():
                for name in ["W1", "W2"]:
                    params[name] -= lr * params[name].grad
                    params[name].grad = None
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "All slopes of an epoch are measured where the epoch began. Each step needs the slope at the parameters of now.",
    "Through which parameters did the second batch of an epoch go?",
)
def train_network__stale_slopes(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        old = {name: value.clone().requires_grad_() for name, value in params.items()}
        order = torch.randperm(len(y), generator=generator)
        for rows in order.split(batch_size):
            z = torch.sigmoid(X[rows] @ old["W1"] + old["b1"]) @ old["W2"] + old["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            loss.backward()
            for name in params:
                params[name] = params[name] - lr * old[name].grad
                old[name].grad = None
    return params


@misconception(
    "You shuffle, but every epoch goes through the images in the same order. A new order is drawn for each.",
    "How often does your generator draw, and how often is it made?",
)
def train_network__seeds_each_epoch(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    for _ in range(epochs):
        generator = torch.Generator().manual_seed(seed)
        order = torch.randperm(len(y), generator=generator)
        for rows in order.split(batch_size):
            z = torch.sigmoid(X[rows] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            loss.backward()
            with torch.no_grad():
                for value in params.values():
                    value -= lr * value.grad
                    value.grad = None
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "You shuffled the batches and not the images: the same images always share a batch.",
    "What has to be cut into batches: the images as they came, or the shuffled ones?",
)
def train_network__shuffles_batches(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    batches = torch.arange(len(y)).split(batch_size)
    for _ in range(epochs):
        for i in torch.randperm(len(batches), generator=generator):
            rows = batches[i]
            z = torch.sigmoid(X[rows] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            loss.backward()
            with torch.no_grad():
                for value in params.values():
                    value -= lr * value.grad
                    value.grad = None
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "Only one epoch counts, however many are asked for. Either each one starts again from the given parameters, or "
    "the `return` stands inside the loop.",
    "From which parameters does the second epoch start, and does it run at all?",
)
def train_network__returns_after_first_epoch(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for rows in order.split(batch_size):
            z = torch.sigmoid(X[rows] @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            loss.backward()
            with torch.no_grad():
                for value in params.values():
                    value -= lr * value.grad
                    value.grad = None
        return {name: value.detach() for name, value in params.items()}


@misconception(
    "Your hidden numbers are not bent: the sigmoid is missing.",
    "Between which two numbers should a hidden number lie?",
)
def train_network__no_sigmoid(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for first in range(0, len(y), batch_size):
            rows = order[first : first + batch_size]
            hidden = X[rows] @ params["W1"] + params["b1"]
            z = hidden @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            slopes = torch.autograd.grad(loss, list(params.values()))
            with torch.no_grad():
                for value, slope in zip(params.values(), slopes, strict=True):
                    value -= lr * slope
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "You took the hidden layer's biases away; they are added.",
    "Which sign stands before each bias in the formula?",
)
def train_network__hidden_bias_subtracted(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for first in range(0, len(y), batch_size):
            rows = order[first : first + batch_size]
            hidden = torch.sigmoid(X[rows] @ params["W1"] - params["b1"])
            z = hidden @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            slopes = torch.autograd.grad(loss, list(params.values()))
            with torch.no_grad():
                for value, slope in zip(params.values(), slopes, strict=True):
                    value -= lr * slope
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "You took the last layer's biases away; they are added.",
    "Which sign stands before each bias in the formula?",
)
def train_network__last_bias_subtracted(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for first in range(0, len(y), batch_size):
            rows = order[first : first + batch_size]
            hidden = torch.sigmoid(X[rows] @ params["W1"] + params["b1"])
            z = hidden @ params["W2"] - params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            slopes = torch.autograd.grad(loss, list(params.values()))
            with torch.no_grad():
                for value, slope in zip(params.values(), slopes, strict=True):
                    value -= lr * slope
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "One of the parameters takes no part on the way forward, so torch finds no slope for it: a bias is missing from "
    "its layer.",
    "Which of the four entries of params do not occur in your scores?",
)
def train_network__bias_unused(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for first in range(0, len(y), batch_size):
            rows = order[first : first + batch_size]
            hidden = torch.sigmoid(X[rows] @ params["W1"])
            z = hidden @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            slopes = torch.autograd.grad(loss, list(params.values()))
            with torch.no_grad():
                for value, slope in zip(params.values(), slopes, strict=True):
                    value -= lr * slope
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "Two shapes do not fit on the way forward. Rows of X, then rows of hidden numbers, meet columns of weights in a "
    "matrix product.",
    "Write the shapes below each product. Do the inner numbers agree?",
    any_numbers=True,
)
def train_network__weights_first(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for first in range(0, len(y), batch_size):
            rows = order[first : first + batch_size]
            hidden = torch.sigmoid(params["W1"] @ X[rows] + params["b1"])
            z = hidden @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            slopes = torch.autograd.grad(loss, list(params.values()))
            with torch.no_grad():
                for value, slope in zip(params.values(), slopes, strict=True):
                    value -= lr * slope
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "Two shapes do not fit on the way forward. Rows of X, then rows of hidden numbers, meet columns of weights in a "
    "matrix product.",
    "Write the shapes below each product. Do the inner numbers agree?",
    any_numbers=True,
)
def train_network__entry_by_entry(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for first in range(0, len(y), batch_size):
            rows = order[first : first + batch_size]
            hidden = torch.sigmoid(X[rows] * params["W1"] + params["b1"])
            z = hidden @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            slopes = torch.autograd.grad(loss, list(params.values()))
            with torch.no_grad():
                for value, slope in zip(params.values(), slopes, strict=True):
                    value -= lr * slope
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "Two shapes do not fit on the way forward. Rows of X, then rows of hidden numbers, meet columns of weights in a "
    "matrix product.",
    "Write the shapes below each product. Do the inner numbers agree?",
    any_numbers=True,
)
def train_network__last_entry_by_entry(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for first in range(0, len(y), batch_size):
            rows = order[first : first + batch_size]
            hidden = torch.sigmoid(X[rows] @ params["W1"] + params["b1"])
            z = hidden * params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            slopes = torch.autograd.grad(loss, list(params.values()))
            with torch.no_grad():
                for value, slope in zip(params.values(), slopes, strict=True):
                    value -= lr * slope
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "Scores and labels have changed places in the cost: it wants the scores first.",
    "In which order does nn.functional.cross_entropy take its two arguments?",
)
def train_network__scores_and_labels_swapped(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for first in range(0, len(y), batch_size):
            rows = order[first : first + batch_size]
            hidden = torch.sigmoid(X[rows] @ params["W1"] + params["b1"])
            z = hidden @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(y[rows], z)
            slopes = torch.autograd.grad(loss, list(params.values()))
            with torch.no_grad():
                for value, slope in zip(params.values(), slopes, strict=True):
                    value -= lr * slope
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "torch does not keep track of your parameters, so it cannot tell any slopes.",
    "How does a tensor learn that its slopes will be asked for?",
)
def train_network__asks_for_no_gradients(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for first in range(0, len(y), batch_size):
            rows = order[first : first + batch_size]
            hidden = torch.sigmoid(X[rows] @ params["W1"] + params["b1"])
            z = hidden @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            slopes = torch.autograd.grad(loss, list(params.values()))
            with torch.no_grad():
                for value, slope in zip(params.values(), slopes, strict=True):
                    value -= lr * slope
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "Going through a dict gives its keys alone, and the key 'W1' was taken apart into 'W' and '1'.",
    "What must you ask a dict for, to get its keys and its values in pairs?",
)
def train_network__keys_only(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.detach().clone().requires_grad_() for name, value in params}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for first in range(0, len(y), batch_size):
            rows = order[first : first + batch_size]
            hidden = torch.sigmoid(X[rows] @ params["W1"] + params["b1"])
            z = hidden @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            slopes = torch.autograd.grad(loss, list(params.values()))
            with torch.no_grad():
                for value, slope in zip(params.values(), slopes, strict=True):
                    value -= lr * slope
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "Your parameters end where they began. Either no step is ever taken, or it makes new tensors that nobody keeps.",
    "After a step, which tensors are in params: the new ones or those from before?",
)
def train_network__steps_lost(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for first in range(0, len(y), batch_size):
            rows = order[first : first + batch_size]
            hidden = torch.sigmoid(X[rows] @ params["W1"] + params["b1"])
            z = hidden @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            slopes = torch.autograd.grad(loss, list(params.values()))
            with torch.no_grad():
                for value, slope in zip(params.values(), slopes, strict=True):
                    value = value - lr * slope
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "Whatever seed you are given, the images are shuffled in the same way: the seed does not reach the generator.",
    "With which number is your generator seeded?",
)
def train_network__always_the_same_seed(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator()
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for first in range(0, len(y), batch_size):
            rows = order[first : first + batch_size]
            hidden = torch.sigmoid(X[rows] @ params["W1"] + params["b1"])
            z = hidden @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            slopes = torch.autograd.grad(loss, list(params.values()))
            with torch.no_grad():
                for value, slope in zip(params.values(), slopes, strict=True):
                    value -= lr * slope
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "In each epoch, the first image of the shuffled order is left out: your batches begin at place 1.",
    "Which number has the first place of a tensor?",
)
def train_network__skips_first_image(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for first in range(1, len(y), batch_size):
            rows = order[first : first + batch_size]
            hidden = torch.sigmoid(X[rows] @ params["W1"] + params["b1"])
            z = hidden @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            slopes = torch.autograd.grad(loss, list(params.values()))
            with torch.no_grad():
                for value, slope in zip(params.values(), slopes, strict=True):
                    value -= lr * slope
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "Your batches hold more labels than images, or more images than labels, and often none at all.",
    "From where to where do your batches of images run, and from where to where those of labels?",
)
def train_network__batches_do_not_match(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for first in range(0, len(y), batch_size):
            rows = order[first : first + batch_size]
            hidden = torch.sigmoid(X[order[first:first]] @ params["W1"] + params["b1"])
            z = hidden @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            slopes = torch.autograd.grad(loss, list(params.values()))
            with torch.no_grad():
                for value, slope in zip(params.values(), slopes, strict=True):
                    value -= lr * slope
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "The images are cut into batches, and the labels are not: a few scores meet all labels.",
    "How many images has a batch, and how many labels do you compare them with?",
)
def train_network__labels_not_batched(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for first in range(0, len(y), batch_size):
            rows = order[first : first + batch_size]
            hidden = torch.sigmoid(X[rows] @ params["W1"] + params["b1"])
            z = hidden @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[order])
            slopes = torch.autograd.grad(loss, list(params.values()))
            with torch.no_grad():
                for value, slope in zip(params.values(), slopes, strict=True):
                    value -= lr * slope
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "Going through a dict gives its keys, which are texts such as 'W1'. From a text no number can be taken away.",
    "What must you ask a dict for, to get its values?",
)
def train_network__keys_for_tensors(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for first in range(0, len(y), batch_size):
            rows = order[first : first + batch_size]
            hidden = torch.sigmoid(X[rows] @ params["W1"] + params["b1"])
            z = hidden @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            slopes = torch.autograd.grad(loss, list(params.values()))
            with torch.no_grad():
                for value, slope in zip(params, slopes, strict=True):
                    value -= lr * slope
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "Every parameter moves by lr, whatever its slope is.",
    "How should the step differ between steep ground and flat ground?",
)
def train_network__no_slope(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for first in range(0, len(y), batch_size):
            rows = order[first : first + batch_size]
            hidden = torch.sigmoid(X[rows] @ params["W1"] + params["b1"])
            z = hidden @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            loss.backward()
            with torch.no_grad():
                for value in params.values():
                    value -= lr
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "One of the parameters takes no part on the way forward, so torch finds no slope for it: a bias is missing from "
    "its layer.",
    "Which of the four entries of params do not occur in your scores?",
)
def train_network__bias_without_slope(X, y, params, lr, batch_size, epochs, seed=0):
    params = {name: value.clone().requires_grad_() for name, value in params.items()}
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=generator)
        for rows in order.split(batch_size):
            z = torch.sigmoid(X[rows] @ params["W1"]) @ params["W2"] + params["b2"]
            loss = torch.nn.functional.cross_entropy(z, y[rows])
            loss.backward()
            with torch.no_grad():
                for value in params.values():
                    value -= lr * value.grad
                    value.grad = None
    return {name: value.detach() for name, value in params.items()}


@misconception(
    "Only weights came back, and no biases. Every parameter takes its step.",
    "Which keys has your new dict, and which has the old one?",
)
def sgd_step__weights_only(params, grads, lr):
    return {name: params[name] - lr * grads[name] for name in params if name.startswith("W")}


@misconception(
    "Your function returns nothing. What it puts into the dict it was given is not what is asked for.",
    "Which line hands a new dict to the caller?",
)
def sgd_step__returns_nothing(params, grads, lr):
    for name in params:
        params[name] = params[name] - lr * grads[name]
