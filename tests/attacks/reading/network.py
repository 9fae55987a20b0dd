"""Connects to ports of this machine, to the internet, to Unix sockets by path and by name."""
# deserves: 18
# layers: needed, loots without

import socket

for family, address in (
    (socket.AF_INET, ("127.0.0.1", machine.port)),
    (socket.AF_INET, ("1.1.1.1", 80)),
    (socket.AF_UNIX, machine.socket),
    (socket.AF_UNIX, f"\0{machine.marker}-name"),
    (socket.AF_INET6, ("::1", machine.port)),
):
    try:
        with socket.socket(family) as visitor:
            visitor.settimeout(0.1)
            visitor.connect(address)
            loot(visitor.recv(100))
    except OSError:
        continue
