"""Hands in a named pipe, from which nothing ever comes."""
# deserves: 0

import os


def build(notebook, text, machine):
    os.mkfifo(notebook)
