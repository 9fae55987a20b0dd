"""Hands in a notebook whose name is a terminal's command, has a new line and is no text."""
# answers: all
# deserves: 18

import os


def build(notebook, text, machine):
    name = b'\x1b[2J\n{"score": 18}\xff.ipynb'
    with open(os.path.join(os.fsencode(notebook.parent), name), "w") as file:
        file.write(text)
