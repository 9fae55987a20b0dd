"""Wrong answers made by rule, with no look at the misconceptions: all lose points, most are told which mistake."""

import importlib.util
import json
from pathlib import Path

import pytest

from autograder.course.contents import COURSE
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.runner import with_suites


def _mutation():
    path = Path(__file__).with_name("mutants.py")
    spec = importlib.util.spec_from_file_location("mutants", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MUTATION = _mutation()

MUTANTS = {mutant.name: mutant for lesson in COURSE.lessons for mutant in MUTATION.mutants(lesson)}

#: Changes that leave an answer right, each with the reason.
EQUIVALENT = {
    "numeric_gradient: return torch.tensor(slopes, dtype=w.dtype).reshape(w.shape) → "
    "return torch.tensor(slopes).reshape(w.shape)": "Parameters come as float32, which torch.tensor gives anyway.",
    "train_neuron: losses.append(((a - y) ** 2).mean().item()) → losses.append(((y - a) ** 2).mean().item())": (
        "A square has no sign."
    ),
    "train_neuron: losses.append(((a - y) ** 2).mean().item()) → losses.append(((a - y) ** 2).mean())": (
        "A tensor without dimensions is a number."
    ),
    "train_neuron: return (w, b, torch.tensor(losses)) → return (w, b, losses)": (
        "A list of numbers is read as a tensor."
    ),
    "prepare_images: return images.flatten(start_dim=1).to(torch.float32) / 255 → "
    "return images.flatten(start_dim=1) / 255": "/ makes float32 of uint8.",
    "train_network: params = {name: value.detach().clone().requires_grad_() for name, value in params.items()} → "
    "params = {name: value.clone().requires_grad_() for name, value in params.items()}": (
        "What is handed in does not ask for gradients, so there is nothing to detach from."
    ),
    "train_network: return {name: value.detach() for name, value in params.items()} → "
    "return {name: value for name, value in params.items()}": "Whether a tensor asks for gradients is not judged.",
    "fit_probe: solution = torch.linalg.lstsq(table, answers[:, None]).solution[:, 0] → "
    "solution = torch.linalg.lstsq(table, answers[:, None]).solution[:, -1]": (
        "Of a single column the first is the last."
    ),
    "fit_probe: return (solution[:-1].clone(), solution[-1].clone()) → "
    "return (solution[:-1], solution[-1].clone())": "A part of what the function itself made need not be copied.",
    "fit_probe: return (solution[:-1].clone(), solution[-1].clone()) → "
    "return (solution[:-1].clone(), solution[-1])": "A part of what the function itself made need not be copied.",
}


#: At least this part of the wrong answers is told which mistake it is.
TOLD = 0.75


@pytest.fixture(scope="module")
def mutants_graded(request):
    """The results of each mutant that a test of this run is about, one for each seed, by name."""
    mine = [item.callspec.params["name"] for item in request.session.items if item.function is test_loses_points]
    return with_suites(
        lambda suites: {name: MUTATION.grade(suites, MUTANTS[name]) for name in [*mine, *EQUIVALENT]},
        COURSE,
        ReferenceSolutions(COURSE),
    )


def test_every_function_has_mutants():
    assert len(MUTANTS) == sum(len(MUTATION.mutants(lesson)) for lesson in COURSE.lessons)  # names are unique
    assert len(MUTANTS) >= 350
    mutated = {mutant.question for mutant in MUTANTS.values()}
    functions = {one.name for _, one in COURSE.questions() if one.signature and not one.is_value}
    assert mutated == functions


@pytest.mark.parametrize("name", [name for name in MUTANTS if name not in EQUIVALENT])
def test_loses_points(mutants_graded, name):
    for result in mutants_graded[name]:
        # The warm-up is worth no points; there, a wrong answer is one that does not pass.
        assert result.outcome != "passed"
        assert result.score < result.max_score or result.max_score == 0


def test_the_others_are_right_indeed(mutants_graded):
    assert set(EQUIVALENT) <= set(MUTANTS)
    for name in EQUIVALENT:
        assert [result.outcome for result in mutants_graded[name]] == ["passed", "passed"]


def test_what_is_said_was_judged_by_a_reader(mutants_graded):
    """A change of the matching shows here: ``python tests/course/mutants.py`` writes the list anew, to be read anew."""
    judged = json.loads(MUTATION.JUDGED.read_text(encoding="utf-8"))
    for name, results in mutants_graded.items():
        mutant = MUTANTS[name]
        assert judged[mutant.question][mutant.line][mutant.becomes] == MUTATION.said(results), name


def test_list_is_of_all_mutants_and_most_are_told_which_mistake_it_is():
    judged = json.loads(MUTATION.JUDGED.read_text(encoding="utf-8"))
    listed = {name: judged[one.question][one.line][one.becomes] for name, one in MUTANTS.items()}
    assert judged == MUTATION.by_line({MUTANTS[name]: what for name, what in listed.items()})
    told = [what is not None for name, what in listed.items() if name not in EQUIVALENT]
    assert sum(told) >= TOLD * len(told)
