"""A picture in words, for readers who cannot see it."""

from html import escape

__all__ = ["in_words"]


def in_words(alt: str) -> dict[str, str]:
    """A picture's description as an output of its own, folded up: its text for each MIME type.

    JupyterLab and GitHub show a PNG without its description, so the description has to follow.
    """
    words = f"<details><summary>The picture in words</summary>{escape(alt)}</details>"
    return {"text/html": words, "text/plain": alt}
