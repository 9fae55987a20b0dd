"""A picture that carries its description, and a picture in words: for readers who cannot see it."""

from html import escape

__all__ = ["described", "in_words"]

#: How wide a picture has to be for its words to be read, in pixels; narrower ones are shown as they are.
_LEGIBLE = 640


def described(png: str, alt: str) -> str:
    """A picture, given by its base64, as HTML. Of a PNG beside its description JupyterLab and nbconvert's usual page
    show the PNG alone; HTML brings the description along. On a narrow page it stays legible, and is moved sideways."""
    picture = f'<img src="data:image/png;base64,{png}" alt="{escape(alt)}" style="max-width:max(100%,{_LEGIBLE}px)">'
    return f'<div style="overflow-x:auto">{picture}</div>'


def in_words(alt: str) -> dict[str, str]:
    """A picture's description as an output of its own, folded up: its text for each MIME type.

    Where a page shows the PNG alone, the description has to follow; and some who see the picture want it in words too.
    """
    words = f"<details><summary>The picture in words</summary>{escape(alt)}</details>"
    return {"text/html": words, "text/plain": alt}
