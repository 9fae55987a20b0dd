"""Grading notebooks elsewhere: the file's bytes go there, the JSON of the result comes back."""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import msgspec

from autograder.grading.cluster.engine import Journey, run_tasks_on_cluster
from autograder.grading.grader import Grader
from autograder.grading.pool import crashed
from autograder.grading.submissions import Submission
from autograder.judging.course import Course
from autograder.judging.results import SubmissionResult
from autograder.notebooks.reading import NotebookError, read_bytes


class _Sent(msgspec.Struct, array_like=True):
    student: str
    assignment: str
    path: str
    notes: tuple[str, ...]
    notebook: bytes
    problem: str | None


def grade_submissions_on_cluster(
    submissions: Collection[Submission], course: Course, **settings: Any
) -> Iterator[SubmissionResult]:
    """Grade submissions on a cluster and yield each result as it comes, in no particular order.

    Args:
        submissions: their notebooks are read here, one batch after the other.
        course: whose lessons.
        settings: where and how; see `run_tasks_on_cluster`.
    """
    return run_tasks_on_cluster(submissions, Journey(_pack, _grading, _unpack), crashed, course, **settings)


def _pack(submission: Submission) -> bytes:
    try:
        notebook, problem = read_bytes(submission.path), None
    except NotebookError as error:
        notebook, problem = b"", str(error)
    sent = _Sent(submission.student, submission.assignment, str(submission.path), submission.notes, notebook, problem)
    return msgspec.msgpack.encode(sent)


def _grading(grader: Grader) -> Callable[[bytes], bytes]:
    def grade(packed: bytes) -> bytes:
        sent = msgspec.msgpack.decode(packed, type=_Sent)

        def read(_: Path) -> bytes:
            if sent.problem is not None:
                raise NotebookError(sent.problem)
            return sent.notebook

        submission = Submission(sent.student, sent.assignment, Path(sent.path), sent.notes)
        return msgspec.json.encode(grader.grade(submission, read))

    return grade


def _unpack(submission: Submission, result: bytes) -> SubmissionResult:
    return msgspec.json.decode(result, type=SubmissionResult)
