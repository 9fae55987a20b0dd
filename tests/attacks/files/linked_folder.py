"""Hands in a folder that is a symbolic link to another student's folder."""
# deserves: 0

import os


def build(notebook, text, machine):
    notebook.parent.rmdir()
    notebook.parent.symlink_to(os.path.dirname(machine.other))
