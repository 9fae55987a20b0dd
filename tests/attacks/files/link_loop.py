"""Hands in a symbolic link to itself, and a folder that contains itself."""
# deserves: 0


def build(notebook, text, machine):
    notebook.symlink_to(notebook)
    (notebook.parent / "again").symlink_to(notebook.parent)
