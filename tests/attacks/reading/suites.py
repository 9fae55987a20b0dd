"""Reads hidden tests, recorded answers and known wrong answers, as sources and as compiled files."""
# answers: none
# deserves: 0
# layers: needed, loots without

import glob
import os

for name in ("secret/*", "lessons/*", "secret/*/__pycache__", "lessons/*/__pycache__", "secret", "lessons"):
    for path in glob.glob(f"{machine.package}/course/{name}/*"):
        if os.path.isfile(path):
            with open(path, "rb") as file:
                loot(f"{path} {file.read(100)}")
