"""Sends a header of a million parts in a million levels of small lists, and one of four million sizes."""
# answers: none
# deserves: 0

import msgspec

frame({"type": "returned", "pair": ["several", [["several", [None] * 3, True]] * 150_000, True]})
header = msgspec.msgpack.encode(([0] * 4_000_000, {"type": "ready"}))
raw(len(header).to_bytes(4, "big") + header)
