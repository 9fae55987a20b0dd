"""Opens files, pipes, sockets and timers until none are left."""
# deserves: 18
# layers: needed

import os
import socket

kept = []
for make in (os.pipe, socket.socketpair, lambda: os.open("/dev/null", 0)):
    try:
        while len(kept) < 5000:
            kept.append(make())
    except OSError:
        continue
if len(kept) > 1000:
    loot(f"{len(kept)} descriptors")
