"""Marks into nbgrader's gradebook."""

from collections.abc import Iterable
from datetime import UTC, datetime

from autograder.results import SubmissionResult


def write_grades(results: Iterable[SubmissionResult], database: str, course_id: str) -> None:
    """Enter the scores of graded submissions into the gradebook at `database`.

    The lessons must have been released into it. Submissions that could not be graded are left out, as nbgrader
    leaves them out: no mark is better than a wrong one.
    """
    from nbgrader.api import Gradebook

    handed_in = datetime.now(UTC).replace(tzinfo=None)  # nbgrader keeps times in UTC without saying so
    with Gradebook(database, course_id) as gradebook:
        for result in results:
            if result.problem is not None:
                continue
            gradebook.update_or_create_student(result.student)
            with gradebook.db.no_autoflush:  # else SQLAlchemy complains of how nbgrader adds a submission
                gradebook.update_or_create_submission(result.assignment, result.student, timestamp=handed_in)
            for question in result.questions:
                grade = gradebook.find_grade(question.name, result.assignment, result.assignment, result.student)
                grade.auto_score = question.score
                grade.needs_manual_grade = False
            gradebook.db.commit()
