"""Has every key of the notebook twice, harmless first: two readers may see two notebooks."""
# answers: none
# deserves: 0


def build(notebook, text, machine):
    notebook.write_text('{"cells": [{"cell_type": "code", "source": "print(1)"}], ' + text.strip()[1:])
