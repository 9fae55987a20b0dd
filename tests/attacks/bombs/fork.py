"""Forks without end."""
# deserves: 18
# layers: needed

import os

while True:
    try:
        os.fork()
    except OSError:
        break
