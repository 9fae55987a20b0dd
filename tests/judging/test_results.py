"""The contract that others build on: one JSON object for each submission, field by field."""

import io
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.judging.results import (
    Comparison,
    QuestionResult,
    Status,
    SubmissionResult,
    TestResult,
    question_result,
    signed_by_others,
    status_of,
    written,
)

STATUSES = get_args(Status)

ROWS = TestResult(
    name="test_rows_sum_to_one",
    title="Each row of softmax(z) adds up to 1.",
    hidden=False,
    earned=0.0,
    points=2.0,
    outcome="failed",
    message="The result should be 1 at [0], got 2.",
    seconds=0.003,
    kind="values",
    comparison=Comparison("cells", ((1.0, "nan"),), ((1.0, 1.0),), (0, 1)),
)
LARGE = TestResult(
    name="test_large",
    title="Logits in the thousands give probabilities, never nan.",
    hidden=True,
    earned=4.0,
    points=4.0,
    outcome="passed",
    message="",
    seconds=0.002,
    measured={"accuracy": 0.946},
)
SUBMISSION = SubmissionResult(
    student="student-07",
    assignment="4-network",
    score=13.0,
    max_score=18.0,
    seconds=0.31,
    confinement={"namespaces": True, "seccomp": True, "landlock": True, "rlimits": True},
    notes=("The graded cell of forward is missing; the functions were graded all the same.",),
    questions=(question_result("softmax", (ROWS, LARGE), "softmax/sums_columns"),),
)


def as_json(result):
    return msgspec.json.decode(msgspec.json.encode(result))


def test_submission_has_exactly_these_fields():
    fields = as_json(SUBMISSION)
    assert fields.pop("questions")
    assert fields == {
        "schema": 1,
        "student": "student-07",
        "assignment": "4-network",
        "score": 13.0,
        "max_score": 18.0,
        "seconds": 0.31,
        "confinement": {"namespaces": True, "seccomp": True, "landlock": True, "rlimits": True},
        "problem": None,
        "notes": ["The graded cell of forward is missing; the functions were graded all the same."],
        "refused": [],
        "widened": {},
    }


def test_question_has_exactly_these_fields():
    (fields,) = as_json(SUBMISSION)["questions"]
    assert len(fields.pop("tests")) == 2
    assert fields == {
        "name": "softmax",
        "score": 4.0,
        "max_score": 6.0,
        "outcome": "partial",
        "misconception": "softmax/sums_columns",
        "second": None,
        "note": "",
    }


def test_test_has_exactly_these_fields():
    first, second = as_json(SUBMISSION)["questions"][0]["tests"]
    assert first == {
        "name": "test_rows_sum_to_one",
        "title": "Each row of softmax(z) adds up to 1.",
        "hidden": False,
        "earned": 0.0,
        "points": 2.0,
        "outcome": "failed",
        "message": "The result should be 1 at [0], got 2.",
        "seconds": 0.003,
        "measured": {},
        "kind": "values",
        "signed": "",
        "comparison": {
            "picture": "cells",
            "actual": [[1.0, "nan"]],
            "expected": [[1.0, 1.0]],
            "index": [0, 1],
            "inputs": [],
        },
    }
    assert (second["kind"], second["comparison"]) == ("", None)
    assert (second["hidden"], second["measured"]) == (True, {"accuracy": 0.946})


def test_an_answer_that_is_signed_by_somebody_else_is_named():
    signed = question_result("which_bug", (ROWS, msgspec.structs.replace(LARGE, signed="Ada")))
    unsigned = question_result("softmax", (ROWS,))
    assert signed_by_others("ada", [signed, unsigned]) == []
    umlaut = question_result("which_bug", (msgspec.structs.replace(LARGE, signed="Jo\u0308rg"),))
    assert signed_by_others("j\u00f6rg", [umlaut]) == []
    assert signed_by_others("ben", [signed, unsigned]) == [
        "`which_bug` is signed 'Ada', and was handed in by 'ben': the evidence was not the student's own."
    ]


def test_result_is_one_line():
    assert b"\n" not in msgspec.json.encode(SUBMISSION)


def test_result_comes_back_from_its_line():
    assert msgspec.json.decode(msgspec.json.encode(SUBMISSION), type=SubmissionResult) == SUBMISSION


def test_each_result_is_written_before_it_is_passed_on():
    """The last one as well: whoever has it in hand may be stopped there."""
    file = io.StringIO()
    results = [msgspec.structs.replace(SUBMISSION, student=name) for name in ("ada", "ben", "eve")]
    for number, result in enumerate(written(results, file)):
        assert result is results[number]
        lines = [msgspec.json.decode(line, type=SubmissionResult) for line in file.getvalue().splitlines()]
        assert lines == results[: number + 1]


def test_line_of_a_later_version_with_more_fields_can_be_read():
    later = msgspec.json.encode({**as_json(SUBMISSION), "mood": "good"})
    assert msgspec.json.decode(later, type=SubmissionResult) == SUBMISSION


def test_status_that_is_none_of_the_six_is_refused():
    line = msgspec.json.encode(SUBMISSION).replace(b'"partial"', b'"excellent"')
    with pytest.raises(msgspec.ValidationError, match="excellent"):
        msgspec.json.decode(line, type=SubmissionResult)


def test_question_adds_up_its_tests():
    result = question_result("softmax", (ROWS, LARGE))
    assert (result.score, result.max_score, result.outcome, result.misconception) == (4.0, 6.0, "partial", None)
    assert result.tests == (ROWS, LARGE)


def test_question_without_tests_is_not_attempted():
    assert question_result("softmax", ()) == QuestionResult("softmax", 0, 0, "not_attempted", None, ())


@pytest.mark.parametrize(
    ("tests", "question"),
    [
        (["passed", "passed"], "passed"),
        (["passed", "failed"], "partial"),
        (["passed", "error"], "partial"),
        (["passed", "timeout"], "partial"),
        (["passed", "not_attempted"], "partial"),
        (["failed", "failed"], "failed"),
        (["failed", "error"], "error"),
        (["timeout", "error"], "error"),
        (["failed", "timeout"], "timeout"),
        (["failed", "not_attempted"], "failed"),
        (["not_attempted", "not_attempted"], "not_attempted"),
    ],
)
def test_statuses_of_tests_make_the_questions(tests, question):
    assert status_of(tests) == question


@given(st.lists(st.sampled_from([status for status in STATUSES if status != "partial"]), min_size=1))
def test_status_does_not_depend_on_the_order(statuses):
    assert status_of(statuses) == status_of(statuses[::-1]) == status_of(sorted(statuses))
    assert (status_of(statuses) == "passed") == (set(statuses) == {"passed"})
    assert (status_of(statuses) in ("passed", "partial")) == ("passed" in statuses)


def test_a_form_alone_is_not_partly_correct():
    """A belief that costs more than knowing nothing has a form, and is worth nothing."""
    form = msgspec.structs.replace(ROWS, points=0.0, outcome="passed")
    asked = question_result("softmax", (form, ROWS))
    assert (asked.score, asked.max_score, asked.outcome) == (0, 2, "failed")
    # Where nothing is to be had, what passes counts as before.
    assert question_result("softmax", (form, msgspec.structs.replace(ROWS, points=0.0))).outcome == "partial"
    some = msgspec.structs.replace(ROWS, earned=0.5, outcome="partial")
    assert question_result("softmax", (form, some)).outcome == "partial"
