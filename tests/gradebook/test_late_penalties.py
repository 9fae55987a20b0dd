"""Late penalties: nbgrader's own plug-ins decide, and lateness is counted as nbgrader counts it."""

import datetime

import pytest
from nbgrader.api import Assignment, SubmittedAssignment
from nbgrader.converters import Autograde
from nbgrader.plugins import LateSubmissionPlugin
from traitlets.config import Config

from autograder.gradebook.late_penalties import class_penalty, seconds_late

NOON = datetime.datetime(2030, 1, 1, 12)
HOUR = datetime.timedelta(hours=1)


class HalfPointAnHour(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late / 7200


def converter(**settings):
    config = Config()
    for option, value in settings.items():
        config.AssignLatePenalties[option] = value
    return Autograde(config=config)


@pytest.mark.parametrize("timestamp", [None, NOON - HOUR, NOON, NOON + 3 * HOUR])
@pytest.mark.parametrize("extension", [None, HOUR, 5 * HOUR])
def test_lateness_is_as_nbgrader_counts_it(timestamp, extension):
    submission = SubmittedAssignment(timestamp=timestamp, extension=extension)
    submission.assignment = Assignment(name="ps1", duedate=NOON)
    assert seconds_late(timestamp, NOON, extension) == submission.total_seconds_late


def test_nobody_is_late_where_there_is_no_due_date():
    assert seconds_late(NOON, None, None) == 0.0
    assert seconds_late(NOON, None, HOUR) == 0.0


def test_plug_in_of_the_class_decides_and_never_takes_more_than_there_is():
    penalty = class_penalty(converter(plugin_class=HalfPointAnHour))
    assert penalty("ada", 6.0, 7200.0) == 1.0
    assert penalty("ada", 0.5, 7200.0) == 0.5


def test_no_penalty_where_the_step_is_switched_off_or_missing():
    assert class_penalty(converter(enabled=False)) is None
    without = converter()
    without.autograde_preprocessors = []
    assert class_penalty(without) is None
