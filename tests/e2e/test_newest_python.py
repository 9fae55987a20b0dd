"""A student's installation on the newest Python that Debian has, with Debian's own torch: `make machines`, as root.

A Debian unstable is laid into a folder (`debootstrap`), the package is installed there as students install it, and the
reference solutions are checked. Debian's torch keeps threads after the warm-up, so that nothing can be forked.
"""

import os
import re
import shutil
import subprocess

import pytest

from autograder.course.contents import COURSE

pytestmark = [
    pytest.mark.skipif("MACHINES" not in os.environ, reason="lays a Debian into a folder: make machines"),
    pytest.mark.skipif(
        shutil.which("debootstrap") is None or os.geteuid() != 0, reason="needs debootstrap, and root to call it"
    ),
]

MIRROR = os.environ.get("DEBIAN_MIRROR", "http://deb.debian.org/debian")
PACKAGES = "python3,python3-venv,python3-pip,python3-numpy,python3-torch,ca-certificates"
#: What this machine trusts, and how it looks names up: the new one has neither.
OURS = ("/etc/ssl/certs/ca-certificates.crt", "/etc/resolv.conf")


@pytest.fixture(scope="module")
def debian(tmp_path_factory):
    """``debian(command)``: what a shell prints in a Debian unstable in which a student has installed the course.

    With ``namespaces=False`` by an ordinary user's root, to whom the kernel gives no further namespace.
    """
    root = tmp_path_factory.mktemp("debian") / "root"
    subprocess.run(
        ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "unstable", root, MIRROR],
        check=True,
        capture_output=True,
        timeout=1800,
    )
    for path in OURS:
        shutil.copy(path, root / path.lstrip("/"))
    left_out = shutil.ignore_patterns(".venv", ".git", "__pycache__", "tests")
    shutil.copytree(COURSE.home, root / "course", ignore=left_out, symlinks=True)
    work = root / "home" / "Zoë Müller"
    work.mkdir()
    for name in ("1-neuron", "6-learning-digits"):
        shutil.copy(COURSE.find_lesson(name).notebook(COURSE.solutions), work / f"{name} (1).ipynb")

    def run(command, namespaces=True):
        # In a file system of its own, so that nothing is left mounted.
        inside = 'mount --rbind /proc "$1/proc" && mount --rbind /dev "$1/dev" && exec chroot "$1" sh -ec "$2"'
        if not namespaces:
            inside = f"echo 0 > /proc/sys/user/max_user_namespaces && {inside}"
        enter = f"export LANG=C.UTF-8; cd '/home/Zoë Müller'; {command}"
        done = subprocess.run(
            ["unshare", *(() if namespaces else ("-Ur",)), "--mount", "sh", "-c", inside, "sh", str(root), enter],
            capture_output=True,
            text=True,
            timeout=1800,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("python3 -m venv --system-site-packages /venv && /venv/bin/pip install --quiet /course")
    yield run
    shutil.rmtree(root)


def test_all_is_well(debian):
    said = debian("/venv/bin/autograder doctor")
    assert re.match(r"All is well: Python 3\.\d+\.\d+", said), said


@pytest.mark.parametrize("namespaces", [True, False], ids=["namespaces", "no namespaces"])
def test_right_answers_are_right(debian, namespaces):
    """Those that train a network too, which a torch with threads does in no fork."""
    said = debian("/venv/bin/autograder check", namespaces)
    verdicts = re.findall(r"^\w+ +(\S) ", said, re.MULTILINE)
    assert len(verdicts) >= 8
    assert set(verdicts) == {"✓"}, said
