"""Sends data out by UDP, DNS, netlink, raw and vsock sockets, and listens on ports of its own."""
# deserves: 18
# layers: needed

import socket

for family, kind, address in (
    (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 53)),
    (socket.AF_NETLINK, socket.SOCK_RAW, (0, 0)),
    (socket.AF_INET, socket.SOCK_RAW, ("127.0.0.1", 0)),
    (socket.AF_PACKET, socket.SOCK_RAW, ("lo", 0)),
    (socket.AF_VSOCK, socket.SOCK_STREAM, (2, 2024)),
    (socket.AF_ALG, socket.SOCK_SEQPACKET, ("hash", "sha256")),
):
    try:
        with socket.socket(family, kind) as visitor:
            loot(f"a socket of family {family}")
    except OSError:
        continue
try:
    socket.getaddrinfo("localhost", 80)
    socket.create_server(("127.0.0.1", 0))
except OSError:
    pass
else:
    loot("a port of its own")
for handle in open_sockets():
    try:
        socket.socket(fileno=handle).sendto(b"x", b"\0" + machine.marker.encode() + b"-name")
    except OSError:
        continue
    break
