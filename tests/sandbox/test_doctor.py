"""The doctor's attempts: all are refused behind all walls, and none of them is without, or they would prove nothing."""

import os

from autograder.sandbox import doctor

#: The zygote ends a worker that fills the disk, walls or not. An ordinary user is refused some things anyway.
ALWAYS = {"fill_the_disk"}
NEVER_AN_ORDINARY_USERS = {"become_root", "mount"}


def test_all_walls_refuse_everything(zygote):
    report = doctor.probe(zygote)
    assert len(report) > 20
    assert [one for one in report if not one.refused] == []
    assert all(one.said for one in report)


def test_without_walls_everything_succeeds(bare):
    refused = {one.name for one in doctor.probe(bare) if one.refused}
    assert refused - ALWAYS <= (NEVER_AN_ORDINARY_USERS if os.getuid() else set())


def test_each_attempt_says_what_it_is(zygote):
    for one in doctor.probe(zygote):
        assert one.what[0].islower()
        assert not one.what.endswith(".")


def test_it_opens_a_zygote_of_its_own():
    assert all(one.refused for one in doctor.probe())
