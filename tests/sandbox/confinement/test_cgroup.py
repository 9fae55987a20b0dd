"""Control groups; a folder stands in for the kernel's."""

from autograder.sandbox.confinement import cgroup


def test_a_group_is_made_and_bounds_what_is_in_it(tmp_path):
    (tmp_path / "cgroup.subtree_control").write_text("cpu memory pids\n")
    folder = cgroup.enter(1000, 10, tmp_path)
    assert (folder / "memory.max").read_text() == "1000"
    assert (folder / "pids.max").read_text() == "10"
    assert cgroup.is_enforced(folder, 1000)
    (folder / "memory.max").write_text("max")
    assert not cgroup.is_enforced(folder, 1000)


def test_no_group_without_controllers(tmp_path):
    (tmp_path / "cgroup.subtree_control").write_text("cpu\n")
    assert cgroup.enter(1000, 10, tmp_path) is None
    assert cgroup.enter(1000, 10, tmp_path / "nowhere") is None
