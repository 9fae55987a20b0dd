"""Which notebook is graded: by what is in it, whatever it is called."""

import json

import pytest

from autograder.gradebook.chosen_notebooks import NotChosen, Released, choose

RELEASED = {"ps1": Released(frozenset({"test"}), {"answer": "def f(): ..."})}
TWO = {**RELEASED, "ps2": Released(frozenset({"other"}), {"answer-2": "def g(): ..."})}


@pytest.fixture
def write(tmp_path, code_cell, notebook):
    """``write("ps1.ipynb", "def f(): return 1", test="test")``: a notebook with an answer and a graded cell."""

    def make(name, answer="def f(): ...", *, test="test", cell="answer"):
        cells = [code_cell(answer, grade_id=cell, solution=True)]
        cells += [code_cell("assert f()", grade_id=test, grade=True, locked=True)] if test else []
        (tmp_path / name).write_bytes(notebook(*cells))
        return tmp_path / name

    return make


@pytest.fixture
def chosen(tmp_path):
    return lambda released=RELEASED: choose(sorted(tmp_path.glob("*.ipynb")), released)


def test_renamed_notebook_is_recognised(write, chosen):
    path = write("Homework (final).ipynb", "def f(): return 1")
    assert chosen() == ({"ps1": path}, ("The notebook is called Homework (final).ipynb instead of ps1.ipynb.",))


def test_blank_notebook_beside_the_worked_copy_does_not_count(write, chosen):
    write("ps1.ipynb")
    copy = write("ps1 copy.ipynb", "def f(): return 1")
    assert chosen() == (
        {"ps1": copy},
        ("ps1.ipynb is as it was released; ps1 copy.ipynb, which was worked on, was graded.",),
    )


def test_right_name_counts_where_both_were_worked_on_and_that_is_told(write, chosen):
    mine = write("ps1.ipynb", "def f(): return 1")
    write("ps1 (1).ipynb", "def f(): return 2")
    found = chosen()
    assert found.paths == {"ps1": mine}
    assert found.notes == ("ps1.ipynb was graded, and not ps1 (1).ipynb.",)


def test_several_that_differ_without_the_right_name_are_refused_and_the_same_twice_is_not(write, chosen):
    write("a.ipynb", "def f(): return 1")
    write("b.ipynb", "def f(): return 1")
    assert chosen().paths["ps1"].name == "a.ipynb"
    write("c.ipynb", "def f(): return 2")
    with pytest.raises(NotChosen, match=r"There are 3 notebooks of this assignment that differ.*a\.ipynb, b\.ipynb"):
        chosen()


@pytest.mark.parametrize("name", ["ps1.ipynb", "ps1 copy.ipynb"])
def test_another_assignment_s_notebook_is_a_sentence(write, chosen, name):
    write(name, test="softmax", cell="softmax-answer")
    with pytest.raises(NotChosen) as refused:
        chosen()
    if name == "ps1.ipynb":
        assert str(refused.value).startswith("ps1.ipynb is the notebook of another assignment: it asks for softmax.")
    else:
        assert str(refused.value).startswith("There is no notebook ps1.ipynb in the folder, under whatever name")


def test_right_name_with_another_lesson_in_it_gives_way_to_the_right_contents(write, chosen):
    write("ps1.ipynb", test="softmax", cell="softmax-answer")
    copy = write("x.ipynb", "def f(): return 1")
    assert chosen().paths == {"ps1": copy}


def test_unreadable_notebook_gives_way_to_a_worked_copy_and_else_is_told_as_such(write, chosen, tmp_path):
    broken = tmp_path / "ps1.ipynb"
    broken.write_text("{")
    assert chosen().paths == {"ps1": broken}
    copy = write("ps1 copy.ipynb", "def f(): return 1")
    assert chosen() == ({"ps1": copy}, ("ps1.ipynb cannot be graded; ps1 copy.ipynb was.",))


def test_each_of_several_is_found_and_one_may_be_missing(write, chosen):
    first = write("one.ipynb", "def f(): return 1")
    second = write("two.ipynb", "def g(): return 1", test="other", cell="answer-2")
    assert chosen(TWO).paths == {"ps1": first, "ps2": second}
    second.unlink()
    assert chosen(TWO).paths == {"ps1": first}


def test_notebook_without_graded_cells_counts_by_its_name(write, chosen):
    path = write("ps1.ipynb", "def f(): return 1", test="")
    assert chosen().paths == {"ps1": path}


def test_links_are_never_followed(write, chosen, tmp_path):
    target = write("hidden.txt", "def f(): return 1")
    (tmp_path / "link.ipynb").symlink_to(target)
    with pytest.raises(NotChosen):
        chosen()


def test_cells_are_compared_and_not_files(write, chosen):
    """Outputs and spaces at the end are nobody's work."""
    path = write("ps1.ipynb", "def f(): ...\n")
    content = json.loads(path.read_text())
    content["metadata"] = {"a": 1}
    path.write_text(json.dumps(content))
    copy = write("copy.ipynb", "def f(): return 1")
    assert chosen().paths == {"ps1": copy}
