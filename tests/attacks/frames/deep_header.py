"""Sends four megabytes of opening brackets as a header."""
# answers: none
# deserves: 0

header = b"\x91" * (4 * 2**20 - 8)
raw(len(header).to_bytes(4, "big") + header)
