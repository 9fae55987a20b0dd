"""Known wrong answers: each loses points, each is told from the others, and what it says is fit for a student."""

import ast

import pytest
import torch

from autograder.course.contents import COURSE
from autograder.instructor.demo.pretend_class import reference_answers
from autograder.judging import diagnosis
from autograder.judging.calling import Namespace
from autograder.judging.misconceptions import misconceptions
from autograder.judging.reference import ReferenceSolutions
from autograder.judging.runner import with_suites

ALL = {known.id: known for lesson in COURSE.lessons for known in misconceptions(lesson)}

#: Every function has at least this many. `count_parameters` and `linear`, one line each, do too.
LEAST = 6
#: Every value that is asked for has at least this many: what else is wrong with it, its tests say.
LEAST_OF_VALUES = 3

#: Seeds of gradings, each with hidden inputs of its own; `make test` has the first.
SEEDS = range(1, 21)

#: No visible or hidden test can tell these apart, so both must say what is true of either.
ALIKE = {
    # A generator seeded anew in each epoch deals the order that was dealt before the first.
    ("train_network/seeds_each_epoch", "train_network/shuffles_once"),
    # With either, one epoch counts; which one shows in nothing but the order of its images.
    ("train_network/restarts_each_epoch", "train_network/returns_after_first_epoch"),
    # Whole numbers are what both end with.
    ("prepare_images/back_to_whole_numbers", "prepare_images/whole_division"),
}


def answer(known):
    """The wrong answer as the names of a notebook in which it was typed, with nothing imported but torch."""
    names = {"torch": torch, "__name__": "__main__"}
    exec(compile(known.source, known.id, "exec"), names)
    return names


#: What the visible tests cannot see: these lose hidden points only, so a student's own machine knows nothing of them.
UNSEEN = {
    "accuracy_examples/all_right",
    "deal/cuts_first",
    "how_many_right/expects_too_little",
    "how_many_right/expects_too_much",
    "init_params/seeds_each_layer",
    "init_params/two_layers_only",
    "network_gradients/classes_from_labels",
    "numeric_gradient/not_moved_back",
    "prepare_images/squeezed",
    "softmax/one_maximum_for_all",
    "softmax_examples/single_rows",
    "softmax_examples/small_scores",
    "train_network/seeds_each_epoch",
    "train_network/shuffles_batches",
    "train_network/shuffles_once",
    "which_bug/always_no_label",
    "which_bug/always_no_mean",
    "which_bug/always_no_sigmoid_slope",
    "which_bug/always_right",
    "which_bug/always_wrong_sign",
    "which_table/always_good",
    "which_table/always_left_out",
    "which_table/always_moved",
    "which_table/always_shuffled",
    "which_table/always_smallest",
    "which_table/always_swapped",
    "which_table/always_untrained",
    "which_training/always_by_heart",
    "which_training/always_good",
    "which_training/always_large",
    "which_training/always_small",
    "which_weights/always_hidden_layer",
    "which_weights/always_large",
    "which_weights/always_no_hidden_layer",
    "which_weights/always_scrambled",
    "which_weights/always_untrained",
}


def asked_for(request, fixture):
    """The wrong answers whose tests run here and want that fixture."""
    items = [item for item in request.session.items if fixture in item.fixturenames and hasattr(item, "callspec")]
    names = {getattr(item.callspec.params.get("known"), "id", item.callspec.params.get("name")) for item in items}
    return {name: known for name, known in ALL.items() if name in names}


@pytest.fixture(scope="module")
def graded(request, few):
    """Each wrong answer's results: one for each seed."""
    wanted, seeds = asked_for(request, "graded"), few(SEEDS, 1)

    def work(suites):
        return {name: [_result(suites, known, seed) for seed in seeds] for name, known in wanted.items()}

    return with_suites(work, COURSE, ReferenceSolutions(COURSE))


@pytest.fixture(scope="module")
def self_checked(request):
    """Each wrong answer's result where only the visible tests are installed."""
    wanted = asked_for(request, "self_checked")

    def work(suites):
        return {name: _result(suites, known, 0) for name, known in wanted.items()}

    return with_suites(work, COURSE, ReferenceSolutions(COURSE), hidden=False)


def _result(suites, known, seed):
    lesson, _ = COURSE.find_question(known.question)
    (result,) = suites.run(lesson, Namespace(answer(known)), seed=seed, question=known.question)
    return result


@pytest.mark.parametrize("known", ALL.values(), ids=ALL)
def test_loses_points(graded, known):
    for result in graded[known.id]:
        # The warm-up is worth no points; there, a wrong answer is one that does not pass.
        assert result.outcome != "passed"
        assert result.score < result.max_score or result.max_score == 0


@pytest.mark.parametrize("known", ALL.values(), ids=ALL)
def test_is_an_answer_to_its_question(known):
    found = COURSE.find_question(known.question)
    assert found is not None
    assert known in misconceptions(found[0])
    function = answer(known)[known.question]
    assert function.__code__.co_varnames[: function.__code__.co_argcount] == found[1].parameters
    (definition,) = ast.parse(known.source).body
    assert definition.name == known.question
    assert known.id == f"{known.question}/{known.function.__name__.partition('__')[2]}"


def test_there_are_enough_of_them():
    assert len(ALL) == sum(len(misconceptions(lesson)) for lesson in COURSE.lessons)  # ids are unique
    assert len(ALL) >= 120
    for _, question in COURSE.questions():
        count = sum(known.question == question.name for known in ALL.values())
        # `mnist_accuracy` has no function of its own.
        least = LEAST_OF_VALUES if question.is_value else LEAST
        assert count >= least if question.signature else count == 0


@pytest.mark.parametrize("known", ALL.values(), ids=ALL)
def test_explanation_is_fit_for_a_student(known):
    for text in (known.diagnosis, known.pointer):
        assert text == text.strip()
        assert text.endswith((".", "?"))
        assert 20 <= len(text) <= 220
    assert known.pointer != known.diagnosis


@pytest.fixture(scope="module")
def lines_of_solutions(solution_lines):
    """The telling lines of each reference answer, by question."""
    return {
        question: list(solution_lines(source))
        for lesson in COURSE.lessons
        for question, source in reference_answers(lesson, COURSE).items()
    }


@pytest.mark.parametrize("known", ALL.values(), ids=ALL)
def test_explanation_gives_no_solution_away(known, lines_of_solutions):
    for line in lines_of_solutions[known.question]:
        assert line not in known.diagnosis
        assert line not in known.pointer


@pytest.mark.parametrize("known", ALL.values(), ids=ALL)
def test_is_diagnosed_as_itself_by_the_grader(graded, known):
    for result in graded[known.id]:
        assert result.misconception == known.id or tuple(sorted((result.misconception, known.id))) in ALIKE
        assert result.second is None


@pytest.mark.parametrize("known", [known for name, known in ALL.items() if name not in UNSEEN], ids=lambda one: one.id)
def test_is_diagnosed_in_a_self_check(self_checked, known):
    result = self_checked[known.id]
    # Two that hidden tests tell apart may be alike to the visible ones: then they say the same.
    assert result.second is None
    lesson, _ = COURSE.find_question(known.question)
    assert diagnosis.explanations(lesson, result.misconception) == [(known.diagnosis, known.pointer)]


@pytest.mark.parametrize("name", sorted(UNSEEN))
def test_what_passes_a_self_check_is_named(self_checked, name):
    assert self_checked[name].outcome == "passed"
    assert self_checked[name].misconception is None


@pytest.mark.parametrize(("one", "other"), sorted(ALIKE))
def test_those_that_are_alike_say_the_same(one, other):
    assert (ALL[one].diagnosis, ALL[one].pointer) == (ALL[other].diagnosis, ALL[other].pointer)


#: Answers that the tests cannot tell from a known mistake, each with a word that is true of that mistake and not of
#: them. A value is known by how its tests end, so what is said must be true of all that end so.
ENDS_ALIKE = [
    ("exactly_one", "listens", [(1, 0, -0.5), (0, 1, -0.5), (1, 1, -0.5)]),
    ("exactly_one", "Without a bias", [(1, 1, -0.5), (1, 1, -1.5), (-1, 1, -0.5)]),
    ("colleague_counts", "changed places", ((3, 4, 2), 20, 26)),
    ("colleague_counts", "forgets biases", ((3, 4, 2), 22, 30)),
    ("predict_examples", "are 0", [([[3, 1]], [1, 1], -2, [1]), ([[0, 0]], [1, 1], 0, [0])]),
    ("predict_examples", "missing", [([[3, 1]], 1, 1, -2, 1, 0)]),
    ("cost_examples", "one half", [([[0], [0], [1000]], [1, 0, 0], [1], 0, 0.5)]),
    ("cost_examples", "has a single observation", [([[1000], [1000]], [1, 1], [1], 0, 0)]),
    ("cost_examples", "missing", [([[0], [0]], [1, 0], [1], 0, 0.25, 1)]),
    ("stuck_start", "is sure of itself", (0, 5)),
    ("linear_examples", "Your sums end before", [([[1, 0, 2]], [[1, -1], [2, 0], [3, 4]], [0.5, -2], [[7.5, 6]])]),
    ("linear_examples", "is square.", [([[1, 2]], [[1, 0], [0, 1]], [0.5, -2], [[1.5, 0]])]),
    ("linear_examples", "end with the biases", [([[1, 0, 2]], [[1, -1], [2, 0], [3, 4]], [[7.5, 5]])]),
    ("between", "Without a bias the smallest opinion above 0", ([1, 1, 0, -1], -0.5)),
    ("between", "neuron wants two opinions", ([1, 0, 0, 0], -5)),
    ("accuracy_examples", "how many rows are right.", [([[0.2, 0.8], [0.9, 0.1], [0.4, 0.6]], [1, 1, 0], 0.3)]),
    ("accuracy_examples", "two classes", [([[0.6, 0.3, 0.1], [0.1, 0.2, 0.7]], [0, 0], 0.5)]),
    ("right_but_costly", "next to nothing", [[0.4, 0.3, 0.3], [0.3, 0.4, 0.3], [0.3, 0.3, 0.4], [0.4, 0.3, 0.3]]),
]


@pytest.mark.parametrize(("question", "untrue", "value"), ENDS_ALIKE)
def test_what_is_said_is_true_of_all_that_end_so(question, untrue, value):
    lesson, _ = COURSE.find_question(question)

    def work(suites):
        return suites.run(lesson, Namespace({question: value}), question=question)[0]

    result = with_suites(work, COURSE, ReferenceSolutions(COURSE), hidden=False)
    assert result.outcome in ("failed", "partial")
    said = [one.diagnosis for one in diagnosis.explanations(lesson, result.misconception, result.second)]
    assert untrue not in " ".join(said)
