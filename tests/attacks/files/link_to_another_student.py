"""Hands in a symbolic link to another student's notebook."""
# deserves: 0


def build(notebook, text, machine):
    notebook.symlink_to(machine.other)
