"""Hands in a folder with a notebook's name."""
# deserves: 0


def build(notebook, text, machine):
    notebook.mkdir()
