"""Hands in a symbolic link to a device without an end."""
# deserves: 0


def build(notebook, text, machine):
    notebook.symlink_to("/dev/zero")
