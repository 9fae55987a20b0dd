"""The filter of system calls as such."""

import pytest

from autograder.sandbox.confinement import seccomp


def test_known_processors():
    for machine in ("x86_64", "aarch64"):
        program = seccomp.build(machine=machine).program
        assert len(program) % 8 == 0
        assert len(program) // 8 < 4096  # the kernel takes no more
    with pytest.raises(OSError, match="riscv64"):
        seccomp.build(machine="riscv64")


def test_without_opening_it_is_shorter():
    assert len(seccomp.build(opening=False).program) == len(seccomp.build(opening=True).program) - 4 * 8
