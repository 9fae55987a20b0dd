"""What of a file system a submission may read, as a list."""

from pathlib import Path

import pytest

from autograder.sandbox.confinement import paths


@pytest.fixture
def library(tmp_path):
    """A folder of libraries: our package with three files, another one, and links."""
    library = tmp_path / "site-packages"
    for name in (
        *("autograder/__init__.py", "autograder/course/secret/suite.py", "autograder/judging/__init__.py"),
        *("torch/__init__.py", "course/secret/answers.py", "course/public.py"),
    ):
        (library / name).parent.mkdir(parents=True, exist_ok=True)
        (library / name).touch()
    (library / "link").symlink_to("course/secret")
    (library / "other").symlink_to("torch")
    return library


def leaves(library, *private):
    package = library / "autograder"
    public = (str(package / "__init__.py"), str(package / "judging"))
    found = paths.Readable((str(library),), public, tuple(str(library / one) for one in private), str(package))
    return [str(Path(path).relative_to(library)) for path in sorted(found.leaves())], found.hidden_within()


def test_the_package_is_taken_out_of_the_libraries_but_for_its_public_parts(library):
    found, hidden = leaves(library)
    assert found == ["autograder/__init__.py", "autograder/judging", "course", "link", "other", "torch"]
    assert hidden == []


def test_what_is_private_is_taken_out_too_and_links_to_it(library):
    found, hidden = leaves(library, "course/secret", "autograder/course/secret", "autograder/judging/__init__.py")
    assert found == ["autograder/__init__.py", "course/public.py", "other", "torch"]
    assert hidden == [str(library / "autograder/judging/__init__.py"), str(library / "course/secret")]


def test_on_this_machine_nothing_readable_holds_what_is_hidden(tmp_path):
    (tmp_path / "secret").touch()
    found = paths.readable([str(tmp_path / "secret"), str(tmp_path / "nowhere")])
    assert found.private == (str(tmp_path / "secret"),)
    for leaf in found.leaves():
        for secret in paths.secrets(found.private):
            assert not Path(secret).is_relative_to(leaf), (leaf, secret)


def test_libraries_and_the_package_cannot_be_private():
    for private in (paths.PACKAGE, paths.PACKAGE / "judging", Path("/")):
        with pytest.raises(ValueError, match="cannot be hidden"):
            paths.readable([str(private)])
