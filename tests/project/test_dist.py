"""What would be published: the wheel and the source archive, and that both can be made wherever the sources lie.

`make dist` looks at what it has put into the folder that the variable DIST names. Otherwise these tests build both.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.parser import BytesParser

import pytest
from packaging.metadata import Metadata
from packaging.version import Version

from autograder.course.contents import COURSE
from autograder.sandbox import boundary

HOME = COURSE.home


def hatchling(folder, *arguments):
    """What hatchling prints."""
    command = [sys.executable, "-m", "hatchling", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def git(folder, *arguments):
    """What git prints."""
    someone = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *someone, *arguments], cwd=folder, capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    """The folder with all that would be published."""
    if "DIST" in os.environ:
        return HOME / os.environ["DIST"]
    folder = tmp_path_factory.mktemp("dist")
    hatchling(HOME, "build", "-d", str(folder))
    return folder


@pytest.fixture(scope="module")
def version():
    """What the sources here are called."""
    return hatchling(HOME, "version")


@pytest.fixture(scope="module")
def wheel(dist, version):
    """The wheel of this version."""
    return dist / f"neurons_to_network-{version}-py3-none-any.whl"


@pytest.fixture(scope="module")
def archive(dist, version):
    """The source archive of this version."""
    return dist / f"neurons_to_network-{version}.tar.gz"


@pytest.fixture(scope="module")
def unpacked(archive, tmp_path_factory):
    """The source archive, unpacked."""
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    return next(folder.iterdir())


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_wheel_holds_nothing_of_the_graders_side_and_all_of_the_other(wheel):
    with zipfile.ZipFile(wheel) as file:
        names = file.namelist()
    package = {name.removeprefix("autograder/") for name in names if name.startswith("autograder/")}
    assert package == {part for part in boundary.files() if boundary.side_of(part) is not boundary.Side.GRADER}
    assert {name.partition("/")[0] for name in names} == {
        "autograder",
        f"{'-'.join(wheel.name.split('-')[:2])}.dist-info",
    }


def test_source_archive_is_the_repository(unpacked):
    """Nothing that git ignores, and all the rest."""
    listed = git(HOME, "ls-files", "-z", "--cached", "--others", "--exclude-standard").decode().split("\0")
    ours = {name for name in listed if name and (HOME / name).is_file()}
    theirs = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    assert theirs - ours == {"PKG-INFO"}
    assert ours - theirs == set()


def test_wheel_of_the_source_archive_is_the_same(unpacked, wheel, tmp_path):
    hatchling(unpacked, "build", "-t", "wheel", "-d", str(tmp_path))
    (again,) = tmp_path.glob("*.whl")
    assert again.name == wheel.name
    assert digest(again) == digest(wheel)


def test_metadata_are_as_an_index_wants_them(wheel, unpacked, version):
    with zipfile.ZipFile(wheel) as file:
        raw = file.read(f"neurons_to_network-{version}.dist-info/METADATA")
        names = file.namelist()
    assert raw == (unpacked / "PKG-INFO").read_bytes()
    metadata = Metadata.from_email(raw, validate=True)
    assert (metadata.name, str(metadata.version)) == ("neurons-to-network", version)
    assert metadata.license_expression == "MIT"
    for path in metadata.license_files:
        assert f"neurons_to_network-{version}.dist-info/licenses/{path}" in names
    assert BytesParser().parsebytes(raw)["Description-Content-Type"] == "text/markdown"
    assert (HOME / "README.md").read_text(encoding="utf-8").strip() in (metadata.description or "")


def test_students_zips_carry_this_wheel(dist, wheel):
    if "DIST" not in os.environ:
        pytest.skip("only make dist makes them")
    kits = sorted(dist.glob("*.zip"))
    assert {kit.stem for kit in kits} >= {*(lesson.name for lesson in COURSE.lessons), COURSE.data_name}
    for kit in kits:
        with zipfile.ZipFile(kit) as file:
            assert file.read(f"{kit.stem}/{wheel.name}") == wheel.read_bytes()


# --- versions

#: What everything is called where there is no git; tests/project/test_files.py compares it with the changelog.
NEWEST = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["version"][
    "fallback-version"
]


@pytest.fixture
def sources(tmp_path):
    """As much of the sources as a wheel needs, in no repository."""
    folder = tmp_path / "sources"
    (folder / "autograder").mkdir(parents=True)
    for name in ("pyproject.toml", "README.md", "LICENSE", "autograder/__init__.py"):
        shutil.copy(HOME / name, folder / name)
    return folder


def test_without_git_it_is_the_newest_version_of_the_changelog(sources, tmp_path):
    hatchling(sources, "build", "-t", "wheel", "-d", str(tmp_path))
    assert [path.name for path in tmp_path.glob("*.whl")] == [f"neurons_to_network-{NEWEST}-py3-none-any.whl"]


def test_version_is_the_tag_and_counts_commits_after_it(sources, tmp_path):
    """And a clone without tags has one too, as has an archive of it that lies in somebody's repository."""
    git(sources, "init", "-q")
    git(sources, "add", "-A")
    git(sources, "commit", "-q", "-m", "One")
    untagged = Version(hatchling(sources, "version"))
    assert untagged.dev == 1
    assert untagged > Version(NEWEST)
    git(sources, "tag", "v7.2.0")
    assert hatchling(sources, "version") == "7.2.0"
    git(sources, "commit", "-q", "-m", "Two", "--allow-empty")
    assert hatchling(sources, "version") == "7.2.1.dev1"
    (sources / "README.md").write_text("Changed, and not committed.")
    assert hatchling(sources, "version") == "7.2.1.dev1"

    outside = tmp_path / "outside"
    outside.mkdir()
    git(outside, "init", "-q")
    (tmp_path / "sources.tar").write_bytes(git(sources, "archive", "--prefix=inside/", "HEAD"))
    with tarfile.open(tmp_path / "sources.tar") as file:
        file.extractall(outside, filter="data")
    assert hatchling(outside / "inside", "version") == NEWEST
