"""Reads hidden tests, recorded answers and known wrong answers, as sources and as compiled files."""
# answers: none
# deserves: 0
# walls: needed, loots without

import glob
import os

for name in ("suites/hidden", "suites/recorded", "suites", "misconceptions", "suites/hidden/__pycache__"):
    for path in glob.glob(f"{machine.package}/{name}/*"):
        if os.path.isfile(path):
            with open(path, "rb") as file:
                loot(f"{path} {file.read(100)}")
