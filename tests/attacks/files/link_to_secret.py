"""Hands in a symbolic link to a secret, hoping that a message quotes it."""
# deserves: 0


def build(notebook, text, machine):
    notebook.symlink_to(machine.gradebook)
