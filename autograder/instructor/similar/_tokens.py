"""A student's code as tokens that stay the same when names, spaces and comments change."""

import builtins
import io
import keyword
import re
import tokenize
from collections.abc import Iterator
from typing import NamedTuple

#: Names that are not a student's own choice.
_GIVEN = {*dir(builtins), *keyword.kwlist, *keyword.softkwlist, "torch", "np", "numpy", "math", "nn", "F"}
#: What is left to compare where Python itself cannot read on.
_ROUGH = re.compile(r"#[^\n]*|\w+(?:\.\d+)?|\"[^\"\n]*\"|'[^'\n]*'|[^\w\s]|\n")


class Token(NamedTuple):
    """One token.

    Attributes:
        form: what is compared: ``v`` for a name of the student's own choice, ``s`` for a string, else its text.
        text: as it was written.
        start: where it begins in the code.
        end: where it ends.
    """

    form: str
    text: str
    start: int
    end: int


class Code(NamedTuple):
    """A cell's code.

    Attributes:
        tokens: in order, without comments.
        names: each name of the student's own choice, with the places where it stands.
        comments: each comment in plain lower-case words, with its place.
    """

    tokens: tuple[Token, ...]
    names: dict[str, list[tuple[int, int]]]
    comments: dict[str, tuple[int, int]]


def read_code(source: str) -> Code:
    """Take code apart, also code that is not Python."""
    tokens: list[Token] = []
    names: dict[str, list[tuple[int, int]]] = {}
    comments: dict[str, tuple[int, int]] = {}
    before = ""
    for text, start, end in _pieces(source):
        if text.startswith("#"):
            words = " ".join(re.findall(r"\w+", text.lower()))
            if words:
                comments[words] = (start, end)
            continue
        if text == "\n" and before in ("", "\n"):
            continue
        is_string = text[-1] in "\"'"
        if is_string and before in ("", "\n"):
            continue  # a docstring is the lesson's
        own = text.isidentifier() and text not in _GIVEN and before != "."
        if own:
            names.setdefault(text, []).append((start, end))
        tokens.append(Token("v" if own else "s" if is_string else text, text, start, end))
        before = text
    return Code(tuple(tokens), names, comments)


def _pieces(source: str) -> Iterator[tuple[str, int, int]]:
    """Text and place of each token, line ends among them, indentation left out."""
    starts = [0]
    for line in source.split("\n"):  # not `splitlines`, which knows other ends of lines than Python's grammar
        starts.append(starts[-1] + len(line) + 1)
    end = 0
    try:
        for kind, text, (row, column), (last, until), _ in tokenize.generate_tokens(io.StringIO(source).readline):
            if kind in (tokenize.INDENT, tokenize.DEDENT, tokenize.NL, tokenize.ENDMARKER):
                continue
            start, end = starts[row - 1] + column, starts[last - 1] + until
            if kind == tokenize.NEWLINE:
                yield "\n", start, start
            elif source[start:end] != text:
                raise SyntaxError("control characters")
            elif text.strip():
                yield text, start, end
    except (tokenize.TokenError, SyntaxError, IndexError):
        for match in _ROUGH.finditer(source, end):
            yield match[0], match.start(), match.end()
