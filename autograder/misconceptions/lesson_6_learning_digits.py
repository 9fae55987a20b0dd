"""Known wrong answers to lesson 6.

`mnist_accuracy` has no stub. What goes wrong there goes wrong in `network_gradients` or `train_network` first.
"""

import torch

from autograder.misconceptions import misconception


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
    "The weights' slopes are right. The biases' are averaged twice: in the blame, and once more by mean().",
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
    "torch's cross_entropy applies softmax itself and wants the scores. You gave it shares, so softmax came twice.",
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
    "Your `return` stands inside the loop, so only the first parameter makes its step.",
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
    "torch's cross_entropy applies softmax itself and wants the scores. You gave it shares, so softmax came twice.",
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
    "`-=` trained the very tensors that you were given, so the place where training started is lost.",
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
