"""How a test ended, and the sentences that say so."""

import logging
from typing import NamedTuple

from autograder.judging import diagnosis, messages
from autograder.judging._run import SuiteRun, SuiteTest
from autograder.judging.assertions import Mismatch
from autograder.judging.drawing import comparison_of
from autograder.judging.evidence import LONGEST_ID
from autograder.judging.outcomes import CallFailed, Missing, Raised, ReferenceFailed, Stopped, TestCall
from autograder.judging.results import Comparison, Status, TestResult
from autograder.notebooks.text import legible

__all__ = ["MAX_MESSAGE", "observed", "result_of_test"]

_log = logging.getLogger(__name__)

#: Longest message that a student reads; what came back may have a hundred thousand parts to list.
MAX_MESSAGE = 4_000


def result_of_test(run: SuiteRun) -> TestResult:
    """The result of the test that has run."""
    test = run.test
    judgement = _judge(run)
    return TestResult(
        name=test.item.name,
        title=test.title,
        hidden=test.hidden,
        earned=round(judgement.share * test.points, 2) if judgement.share < 1 else test.points,
        points=test.points,
        outcome=judgement.status,
        message=legible(judgement.message, MAX_MESSAGE),
        seconds=round(run.seconds, 6),
        measured=run.measured,
        signed=legible(" ".join(run.signed), LONGEST_ID),
        kind=judgement.kind,
        comparison=judgement.comparison,
    )


def observed(test: SuiteTest, made_calls: list[TestCall], error: BaseException | None) -> diagnosis.Observation:
    """What a test saw, for diagnosis."""
    made = [(call.arguments, call.outcome) for call in made_calls]
    if test.varies:
        return diagnosis.facets_of_verdict("passed" if error is None else "failed", error, made)
    return diagnosis.facets_of_calls(made)


class Judgement(NamedTuple):
    """How a test ended, the sentences that say so, and what `TestResult` keeps beside them."""

    status: Status
    message: str = ""
    kind: str = ""
    comparison: Comparison | None = None
    share: float = 0.0


def _judge(run: SuiteRun) -> Judgement:
    """How the test that has run ended."""
    error = run.error
    if isinstance(error, ReferenceFailed):
        raise error
    if error is None:
        return Judgement("passed", share=1.0)
    if isinstance(error, CallFailed):
        # Asked of the error and not of `run.calls`: what a shared fixture raised is raised again for every test.
        return _judge_call(error.call, run)
    # A test may stumble over None in many ways, and there is one thing to say of all.
    nothing = next((call for call in run.calls if getattr(call.outcome, "value", 0) is None), None)
    if nothing is not None:
        return Judgement("failed", messages.nothing_returned(nothing), "none")
    last = run.calls[-1] if run.calls else None
    if isinstance(error, Mismatch):
        drawn = None if run.test.hidden else comparison_of(error, last, run.test.picture)
        status: Status = "partial" if error.share else "failed"
        return Judgement(status, messages.mismatch(error, last), error.kind, drawn, error.share)
    if last is not None:
        # The test itself stumbled over an answer that no check of ours foresaw. That is an answer gone wrong, and may
        # be a mistake of ours beside it.
        _log.warning("%s stumbled over an answer of %s", run.test.name, last.name, exc_info=error)
        return Judgement("failed", messages.unreadable(last), "type")
    raise RuntimeError(f"{run.test.name} failed before it called anything of the student's: {error!r}") from error


def _judge_call(call: TestCall, run: SuiteRun) -> Judgement:
    match call.outcome:
        case Raised(untouched=True, where=where) if where == call.name:
            return Judgement("not_attempted", messages.NOT_ATTEMPTED)
        case Missing():
            why = run.missing.get(call.name)
            if why:
                return Judgement("error", why)
            question = call.lesson.find(call.name)
            is_value = question is not None and question.is_value
            return Judgement("not_attempted", messages.missing(call.name, call.outcome, is_value))
        case Stopped(by="time"):
            return Judgement("timeout", messages.out_of_time(call, run.test.seconds))
    return Judgement("error", messages.call_failed(call))
