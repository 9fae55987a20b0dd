"""The reference solutions are right: each is compared with torch's own functions and with autograd."""

import functools
import itertools

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course import functions
from autograder.course.contents import COURSE
from autograder.judging.calling import Namespace, Returned
from autograder.judging.reference import load_solution
from autograder.judging.values import plain

many = settings(max_examples=40, deadline=None)


@functools.cache
def _solution(lesson_name):
    return load_solution(COURSE.find_lesson(lesson_name), COURSE.solutions)


def solve(question, *arguments):
    """Call the reference solution of a question."""
    outcome = _solution(COURSE.find_question(question)[0].name).call(question, arguments, seconds=60)
    assert isinstance(outcome, Returned), outcome
    return outcome.value


@st.composite
def sizes(draw, count, largest=6):
    return [draw(st.integers(1, largest)) for _ in range(count)]


seeds = st.integers(0, 2**31)


def normal(seed, *shapes):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=generator) for shape in shapes]


def close(actual, expected):
    torch.testing.assert_close(torch.as_tensor(actual), expected, rtol=1e-4, atol=1e-5)


@many
@given(sizes(3), seeds)
def test_count_parameters_counts_those_of_torch(sizes, seed):
    layers = torch.nn.Sequential(*(torch.nn.Linear(a, b) for a, b in itertools.pairwise(sizes)))
    assert int(solve("count_parameters", tuple(sizes))) == sum(p.numel() for p in layers.parameters())


def test_count_parameters_of_the_lesson():
    assert int(solve("count_parameters", (784, 64, 10))) == 50_890


@many
@given(sizes(2), seeds)
def test_neuron_is_a_torch_linear_with_a_sigmoid(sizes, seed):
    m, n = sizes
    X, w, b = normal(seed, (m, n), (n,), ())
    z = F.linear(X, w[None], b[None])[:, 0]
    close(solve("weighted_sum", X, w, b), z)
    close(solve("weighted_sum", X[0], w, b), z[0])
    close(solve("sigmoid", 30 * X), torch.sigmoid(30 * X))


@many
@given(sizes(2), seeds)
def test_cost_and_gradients_of_a_neuron_are_those_of_autograd(sizes, seed):
    m, n = sizes
    X, w, b = normal(seed, (m, n), (n,), ())
    y = torch.randint(2, (m,), generator=torch.Generator().manual_seed(seed))
    w.requires_grad_(), b.requires_grad_()
    loss = F.mse_loss(torch.sigmoid(X @ w + b), y.float())
    dw, db = torch.autograd.grad(loss, (w, b))
    found_dw, found_db = solve("neuron_gradients", X, y, w, b)
    close(found_dw, dw), close(found_db, db)


@many
@given(seeds, st.sampled_from([functions.bowl, functions.tilted_plane, functions.valley, functions.waves]))
def test_numeric_gradient_is_near_that_of_autograd(seed, f):
    (w,) = normal(seed, (2, 3))
    w.requires_grad_()
    (exact,) = torch.autograd.grad(f(w), w)
    torch.testing.assert_close(solve("numeric_gradient", f, w.detach()), exact, rtol=1e-2, atol=2e-2)


@many
@given(seeds)
def test_training_a_neuron_is_torch_sgd(seed):
    X, w, b = normal(seed, (7, 2), (2,), ())
    y = torch.randint(2, (7,), generator=torch.Generator().manual_seed(seed))
    theirs = [w.clone().requires_grad_(), b.clone().requires_grad_()]
    optimizer = torch.optim.SGD(theirs, lr=0.7)
    losses = []
    for _ in range(5):
        optimizer.zero_grad()
        loss = F.mse_loss(torch.sigmoid(X @ theirs[0] + theirs[1]), y.float())
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    found_w, found_b, found_losses = solve("train_neuron", X, y, w, b, 0.7, 5)
    close(found_w, theirs[0].detach()), close(found_b, theirs[1].detach())
    close(torch.as_tensor(found_losses), torch.tensor(losses))


@many
@given(sizes(3), seeds)
def test_layer_is_torch_linear_with_its_transposed_weight(sizes, seed):
    m, d, h = sizes
    X, W, b = normal(seed, (m, d), (d, h), (h,))
    close(solve("linear", X, W, b), F.linear(X, W.T, b))
    layer = torch.nn.Linear(d, h)
    own_W, own_b = solve("from_torch", layer.weight.detach(), layer.bias.detach())
    close(solve("linear", X, own_W, own_b), layer(X).detach())


@many
@given(sizes(2), seeds, st.sampled_from([1.0, 1000.0]))
def test_softmax_is_torch_softmax(sizes, seed, scale):
    (z,) = normal(seed, tuple(sizes))
    close(solve("softmax", scale * z), torch.softmax(scale * z, dim=1))


@many
@given(sizes(4), seeds)
def test_network_is_torch_sequential(sizes, seed):
    m, d, h, k = sizes
    X, W1, b1, W2, b2 = normal(seed, (m, d), (d, h), (h,), (h, k), (k,))
    params = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    probs = torch.softmax(F.linear(torch.sigmoid(F.linear(X, W1.T, b1)), W2.T, b2), dim=1)
    close(solve("forward", X, params), probs)
    assert torch.equal(solve("predict_digits", probs), probs.argmax(dim=1))


def test_initial_weights_are_scaled_by_fan_in():
    params = solve("init_params", (900, 400, 300), 3)
    assert {name: tuple(value.shape) for name, value in params.items()} == {
        "W1": (900, 400), "b1": (400,), "W2": (400, 300), "b2": (300,),
    }  # fmt: skip
    assert params["W1"].std().item() == pytest.approx(1 / 30, rel=0.02)
    assert params["W2"].std().item() == pytest.approx(1 / 20, rel=0.02)
    assert not params["b1"].any()
    assert not params["b2"].any()


@many
@given(sizes(2), seeds)
def test_scores_are_those_of_torch(sizes, seed):
    m, k = sizes
    (z,) = normal(seed, (m, k))
    probs = torch.softmax(z, dim=1)
    y = torch.randint(k, (m,), generator=torch.Generator().manual_seed(seed))
    close(solve("cross_entropy", probs, y), F.nll_loss(torch.log(probs), y))
    close(solve("cross_entropy", probs, y), F.cross_entropy(z, y))


def test_cross_entropy_is_finite_where_a_probability_is_0():
    assert 10 < float(solve("cross_entropy", torch.tensor([[0.0, 1.0]]), torch.tensor([0]))) < 110


@many
@given(st.integers(1, 4), seeds)
def test_prepared_images_are_flat_and_between_0_and_1(m, seed):
    images = torch.randint(256, (m, 28, 28), generator=torch.Generator().manual_seed(seed)).to(torch.uint8)
    close(solve("prepare_images", images), images.reshape(m, 784).float() / 255)


@many
@given(sizes(4), seeds)
def test_gradients_of_the_network_are_those_of_autograd(sizes, seed):
    m, d, h, k = sizes
    X, W1, b1, W2, b2 = normal(seed, (m, d), (d, h), (h,), (h, k), (k,))
    y = torch.randint(k, (m,), generator=torch.Generator().manual_seed(seed))
    params = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    leaves = {name: value.clone().requires_grad_() for name, value in params.items()}
    logits = torch.sigmoid(X @ leaves["W1"] + leaves["b1"]) @ leaves["W2"] + leaves["b2"]
    F.cross_entropy(logits, y).backward()
    found = solve("network_gradients", X, y, params)
    assert set(found) == set(params)
    for name in params:
        close(found[name], leaves[name].grad)
    # The three stages lead to the same slopes.
    hidden = torch.sigmoid(X @ W1 + b1)
    delta2 = solve("blame_at_scores", torch.softmax(hidden @ W2 + b2, dim=1), y)
    dW2, db2 = solve("layer_slopes", hidden, delta2)
    dW1, db1 = solve("layer_slopes", X, solve("blame_at_hidden", delta2, W2, hidden))
    for name, slope in {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}.items():
        close(slope, leaves[name].grad)


@many
@given(seeds, st.integers(1, 3))
def test_full_batch_training_is_torch_sgd(seed, epochs):
    X, W1, b1, W2, b2 = normal(seed, (6, 3), (3, 4), (4,), (4, 2), (2,))
    y = torch.randint(2, (6,), generator=torch.Generator().manual_seed(seed))
    params = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    leaves = {name: value.clone().requires_grad_() for name, value in params.items()}
    optimizer = torch.optim.SGD(leaves.values(), lr=0.5)
    for _ in range(epochs):
        optimizer.zero_grad()
        logits = torch.sigmoid(X @ leaves["W1"] + leaves["b1"]) @ leaves["W2"] + leaves["b2"]
        F.cross_entropy(logits, y).backward()
        optimizer.step()
    found = solve("train_network", X, y, params, 0.5, 6, epochs, 0)
    for name in params:
        close(found[name], leaves[name].detach())


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_no_reference_answer_needs_another(lesson):
    """Each answer alone, without the lesson's other functions, still passes its own tests."""
    from autograder.instructor.demo.pretend_class import reference_answers
    from autograder.judging.reference import ReferenceSolutions
    from autograder.judging.runner import with_suites

    answers = reference_answers(lesson, COURSE)

    def work(suites):
        results = []
        for name, source in answers.items():
            names = {}
            exec(f"import torch\nfrom torch import nn\nfrom autograder.data import load_evidence\n{source}", names)
            results += suites.run(lesson, Namespace(names), seed=5, question=name)
        return results

    for result in with_suites(work, COURSE, ReferenceSolutions(COURSE), (lesson,)):
        assert result.outcome == "passed", result


def test_reference_solutions_return_plain_new_tensors():
    z = torch.zeros(2, 3)
    answer = solve("softmax", z)
    assert type(answer) is torch.Tensor
    assert torch.equal(plain(z), torch.zeros(2, 3))
