"""Writes a file into every folder that others look into: temporary folders, libraries, homes, the package itself."""
# deserves: 18
# layers: needed, loots without

import os
import site
import sys

here = os.getcwd()
for place in [*machine.places, *sys.path, *site.getsitepackages(), os.path.dirname(here), sys.prefix]:
    if os.path.realpath(place or ".").startswith(
        (here, os.environ["HOME"])
    ):  # with all layers /tmp is a folder in our own
        continue
    try:
        with open(os.path.join(place, machine.marker), "w"):
            pass
        os.remove(os.path.join(place, machine.marker))
    except OSError:
        continue
    loot(f"{place} can be written")
