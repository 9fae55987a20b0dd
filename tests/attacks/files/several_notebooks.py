"""Hands in two notebooks, neither with the name asked for, one of them right."""
# answers: all
# deserves: 0


def build(notebook, text, machine):
    (notebook.parent / "a.ipynb").write_text(text)
    (notebook.parent / "b.ipynb").write_text(text.replace("def ", "def not_"))
