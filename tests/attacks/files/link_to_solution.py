"""Hands in a symbolic link to the reference solution."""
# deserves: 0


def build(notebook, text, machine):
    notebook.symlink_to(f"{machine.solutions}/4-network/4-network.ipynb")
