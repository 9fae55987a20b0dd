"""The doctor's attempts: all layers together refuse each of them, and without layers each succeeds."""

import os

from autograder.sandbox.outside import doctor

#: The zygote ends a worker that fills the disk, layers or not.
ALWAYS = {"fill_the_disk"}
#: What the system refuses an ordinary user anyway, the last only where the package was installed by another one. The
#: grader has made itself opaque, which binds everybody but root.
NOT_FOR_ORDINARY_USERS = {
    *("become_root", "mount", "read_the_graders_memory", "read_the_graders_environment", "trace_the_grader"),
    "change_the_grader_itself",
}


def test_all_layers_refuse_everything():
    report = doctor.try_probes()
    assert len(report) > 20
    assert [one for one in report if not one.refused] == []
    for one in report:
        assert one.message
        assert one.what[0].islower()
        assert not one.what.endswith(".")


def test_without_layers_everything_succeeds(bare):
    refused = {one.name for one in doctor.try_probes(bare) if one.refused}
    assert refused - ALWAYS <= (NOT_FOR_ORDINARY_USERS if os.getuid() else set())
