"""How each question went, which misconceptions are behind it, and what that says about tomorrow's lesson."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import get_args

from autograder.judging.course import Course
from autograder.judging.diagnosis import explanations
from autograder.judging.results import QuestionResult, Status, SubmissionResult

from ._schema import Answer, Mistake, QuestionReport

#: How many things to teach are named.
TEACH = 3

#: Finds how a misconception is typically written, given its id and who had it: student and lesson.
FindAnswer = Callable[[str, Sequence[SubmissionResult]], Answer | None]


def count_questions(
    results: Iterable[SubmissionResult], course: Course, find_answer: FindAnswer
) -> tuple[QuestionReport, ...]:
    """Every question of every lesson that was graded, in the order of the course."""
    asked: dict[tuple[str, str], list[tuple[SubmissionResult, QuestionResult]]] = {}
    for result in results:
        for question in result.questions if result.problem is None else ():
            asked.setdefault((result.assignment, question.name), []).append((result, question))
    order = {(lesson.name, question.name): place for place, (lesson, question) in enumerate(course.questions())}
    keys = sorted(asked, key=lambda key: (order.get(key, len(order)), key))
    return tuple(_report(*key, asked[key], course, find_answer) for key in keys)


def to_teach(questions: Iterable[QuestionReport]) -> tuple[str, ...]:
    """Names of the questions that the class lost most on, the worst first; none that nobody lost anything on.

    The loss of a question is the sum over students of the share of its points that they lost, so that a question that
    five students have not reached yet never comes before one that fifty have got half wrong.
    """
    lossy = [one for one in questions if one.lost * one.begun > 0]
    return tuple(one.name for one in sorted(lossy, key=lambda one: -one.lost * one.begun)[:TEACH])


def _report(
    lesson: str,
    name: str,
    answers: Sequence[tuple[SubmissionResult, QuestionResult]],
    course: Course,
    find_answer: FindAnswer,
) -> QuestionReport:
    statuses = Counter(question.outcome for _, question in answers)
    begun = [question for result, question in answers if _is_begun(result)]
    failed = Counter(test.title for question in begun for test in question.tests if test.outcome != "passed")
    return QuestionReport(
        lesson=lesson,
        name=name,
        max_score=answers[-1][1].max_score,
        statuses={status: statuses[status] for status in get_args(Status)},
        begun=len(begun),
        lost=sum(map(_lost, begun)) / len(begun) if begun else 0.0,
        mistakes=tuple(_mistakes(answers, course, find_answer)),
        fails_most=failed.most_common(1)[0][0] if failed else "",
    )


def _mistakes(
    answers: Sequence[tuple[SubmissionResult, QuestionResult]], course: Course, find_answer: FindAnswer
) -> Iterable[Mistake]:
    who: dict[str, list[SubmissionResult]] = {}
    together: Counter[str] = Counter()
    for result, question in answers:
        ids = [id for id in (question.misconception, question.second) if id is not None]
        for id in ids:
            who.setdefault(id, []).append(result)
            together[id] += len(ids) > 1
    for id in sorted(who, key=lambda id: (-len(who[id]), id)):
        asked = course.find_question(id.partition("/")[0])
        known = explanations(asked[0], id) if asked is not None else []
        diagnosis, pointer = known[0] if known else ("", "")  # it was graded by another version
        yield Mistake(id, len(who[id]), together[id], diagnosis, pointer, find_answer(id, who[id]))


def _is_begun(result: SubmissionResult) -> bool:
    return any(question.outcome != "not_attempted" for question in result.questions)


def _lost(question: QuestionResult) -> float:
    if question.max_score:
        return 1 - question.score / question.max_score
    return sum(test.outcome != "passed" for test in question.tests) / max(1, len(question.tests))
