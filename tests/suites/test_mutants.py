"""Wrong answers made by rule, without a look at the misconceptions, lose points."""

import importlib.util
from pathlib import Path

import pytest
import torch

from autograder.calls import Namespace
from autograder.lessons import LESSONS, find_question, questions
from autograder.reference import ReferenceSolutions
from autograder.runner import with_suites


def _bank():
    path = Path(__file__).parent.parent / "bank" / "mutants.py"
    spec = importlib.util.spec_from_file_location("bank_mutants", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BANK = _bank()

MUTANTS = {mutant.name: mutant for lesson in LESSONS for mutant in BANK.mutants(lesson)}

#: Seeds of two gradings, each with hidden inputs of its own.
SEEDS = (1, 2)

#: Changes that leave an answer right, each with the reason.
EQUIVALENT = {
    "predict: return (torch.sigmoid(x @ w + b) > 0.5).long() → return torch.sigmoid(x @ w + b) > 0.5": (
        "True and False are 1 and 0: values are judged and not dtypes."
    ),
    "cost: return ((a - y) ** 2).mean() → return ((y - a) ** 2).mean()": "A square has no sign.",
    "train_neuron: losses.append(((a - y) ** 2).mean().item()) → losses.append(((y - a) ** 2).mean().item())": (
        "A square has no sign."
    ),
    "train_neuron: losses.append(((a - y) ** 2).mean().item()) → losses.append(((a - y) ** 2).mean())": (
        "A tensor without dimensions is a number."
    ),
    "train_neuron: return (w, b, torch.tensor(losses)) → return (w, b, losses)": (
        "A list of numbers is read as a tensor."
    ),
    "stack_neurons: b = torch.stack([torch.as_tensor(bias, dtype=W.dtype) for bias in bs]) → "
    "b = [torch.as_tensor(bias, dtype=W.dtype) for bias in bs]": "A list of numbers is read as a tensor.",
    "stack_neurons: b = torch.stack([torch.as_tensor(bias, dtype=W.dtype) for bias in bs]) → "
    "b = torch.stack([torch.as_tensor(bias) for bias in bs])": "Biases come as float32, like the weights.",
    "stack_neurons: b = torch.stack([torch.as_tensor(bias, dtype=W.dtype) for bias in bs]) → "
    "b = torch.stack([bias for bias in bs])": "Biases come as tensors without dimensions, as lesson 1 has them.",
    "from_torch: return (weight.T.clone(), bias.clone()) → return (weight.T, bias.clone())": (
        "A view is as good as a copy: nothing is changed through it."
    ),
    "from_torch: return (weight.T.clone(), bias.clone()) → return (weight.T.clone(), bias)": (
        "The same tensor is as good as a copy: nothing is changed through it."
    ),
    "prepare_images: return images.flatten(start_dim=1).to(torch.float32) / 255 → "
    "return images.flatten(start_dim=1) / 255": "/ makes float32 of uint8.",
    "train_network: params = {name: value.detach().clone().requires_grad_() for name, value in params.items()} → "
    "params = {name: value.clone().requires_grad_() for name, value in params.items()}": (
        "What is handed in does not ask for gradients, so there is nothing to detach from."
    ),
    "train_network: return {name: value.detach() for name, value in params.items()} → "
    "return {name: value for name, value in params.items()}": "Whether a tensor asks for gradients is not judged.",
}


@pytest.fixture(scope="module")
def results():
    """Each mutant's results, one for each seed, by name."""

    def grade_all(suites):
        graded = {}
        for name, mutant in MUTANTS.items():
            lesson, question = find_question(mutant.question)
            names = {"torch": torch, "__name__": "__main__"}
            exec(compile(mutant.source, name, "exec"), names)
            torch.manual_seed(0)  # for those that lost their own generator
            graded[name] = [
                suites.run(lesson, Namespace(names), seed=seed, question=question.name)[0] for seed in SEEDS
            ]
        return graded

    return with_suites(grade_all, ReferenceSolutions(), LESSONS)


def test_every_function_has_mutants():
    assert len(MUTANTS) == sum(len(BANK.mutants(lesson)) for lesson in LESSONS)  # names are unique
    assert len(MUTANTS) >= 350
    mutated = {mutant.question for mutant in MUTANTS.values()}
    assert mutated == {question.name for _, question in questions() if question.signature}


@pytest.mark.parametrize("name", [name for name in MUTANTS if name not in EQUIVALENT])
def test_loses_points(results, name):
    for result in results[name]:
        # The warm-up is worth no points; there, a wrong answer is one that does not pass.
        assert result.outcome != "passed"
        assert result.score < result.max_score or result.max_score == 0


def test_the_others_are_right_indeed(results):
    assert set(EQUIVALENT) <= set(MUTANTS)
    for name in EQUIVALENT:
        assert [result.outcome for result in results[name]] == ["passed", "passed"]
