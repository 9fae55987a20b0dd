"""Texts from students: made short, storable, and harmless to show."""

import re

__all__ = ["MAX_TEXT", "legible", "text_of"]

#: Longest text kept of a string or of an unsupported value's description.
MAX_TEXT = 500

#: Control characters but for tabs and ends of lines, and marks that turn the direction of text.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def text_of(value: str) -> str:
    """The beginning of a text, without the half characters (lone surrogates) that no file and no wire can hold."""
    return str(value)[:MAX_TEXT].encode("utf-8", "replace").decode()


def legible(value: str, most: int = MAX_TEXT) -> str:
    """The beginning of a text for people to read: it cannot steer the terminal on which it is shown."""
    return _STEERING.sub("\N{REPLACEMENT CHARACTER}", value[:most]).encode("utf-8", "replace").decode()
