"""Writes modules and settings into its folder, home and temporary folder for the next submission to import."""
# answers: none
# deserves: 0
# layers: needed

import os
import tempfile

for folder in (".", os.path.expanduser("~"), tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm"):
    for name in (machine.marker, "torch.py", "usercustomize.py", ".pdbrc", ".pythonrc.py"):
        try:
            with open(os.path.join(folder, name), "x") as file:
                file.write("raise SystemExit")
        except OSError:
            pass
