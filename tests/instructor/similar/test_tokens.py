"""What is compared of a student's code: not its names, its spaces, its comments; and any text can be read."""

from hypothesis import given
from hypothesis import strategies as st

from autograder.instructor.similar._tokens import read_code


def forms(source):
    return [token.form for token in read_code(source).tokens]


def test_names_of_ones_own_spaces_and_comments_make_no_difference():
    assert forms("def f(z):\n    top = torch.exp(z)  # first\n    return top / top.sum()") == forms(
        "def g( scores ):\n\n  # another\n  e=torch.exp( scores )\n\n  return e/e.sum()"
    )


def test_what_is_called_and_numbers_do():
    assert forms("torch.exp(z)") != forms("torch.log(z)")
    assert forms("z * 2") != forms("z * 3")
    assert forms("len(z)") != forms("sum(z)")


def test_docstring_is_the_lessons_and_other_strings_are_alike():
    assert forms('def f(z):\n    """Says."""\n    return z["a"]') == forms("def f(z):\n    return z['bc']")


def test_names_and_comments_are_known_with_their_places():
    source = "größe = z.sum()  # Die  GANZE Summe!\nreturn größe"
    code = read_code(source)
    assert [source[start:end] for start, end in code.names["größe"]] == ["größe", "größe"]
    assert set(code.names) == {"größe", "z"}
    ((start, end),) = code.comments.values()
    assert list(code.comments) == ["die ganze summe"]
    assert source[start:end] == "# Die  GANZE Summe!"


def test_code_that_breaks_off_is_read_to_its_end():
    assert forms("x = 1\ny = (x +\nz = 'abc\nreturn x")[-2:] == ["return", "v"]
    assert forms("if x:\n        y = 1\n    z = 2")[-3:] == ["v", "=", "2"]


@given(st.text(st.sampled_from("abz ='\"#()[]:.,\n\t\\0é\r\f\u2028"), max_size=80))
def test_any_text_can_be_read_and_tokens_stand_where_they_are_said_to(source):
    end = 0
    for token in read_code(source).tokens:
        assert token.start >= end
        assert token.text in (source[token.start : token.end], "\n")
        end = token.end
