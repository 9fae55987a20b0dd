"""Forks without end."""
# deserves: 18
# walls: needed

import os

while True:
    try:
        os.fork()
    except OSError:
        break
