"""The table of what each target can carry."""

from autograder.instructor.exports import TARGETS, Hidden
from autograder.instructor.exports._targets import CARRIED


def test_every_column_is_a_field_and_every_fact_a_column():
    assert {field for field in TARGETS[0]._fields if field not in ("name", "part", "remark")} == set(CARRIED)


def test_no_two_targets_are_called_the_same():
    assert len({(target.name, target.part) for target in TARGETS}) == len(TARGETS)


def test_hidden_tests_are_run_wherever_marks_are_made():
    left_out = {(target.name, target.part) for target in TARGETS if target.hidden is Hidden.LEFT_OUT}
    assert left_out == {("github-classroom", "student")}
