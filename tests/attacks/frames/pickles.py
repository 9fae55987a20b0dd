"""Sends a pickle, a torch file and a msgpack extension where a frame should be."""
# answers: none
# deserves: 0

import pickle


class Bomb:
    def __reduce__(self):
        import os

        return os.system, (f"touch /tmp/{machine.marker}",)


payload = pickle.dumps(Bomb())
extension = b"\xc7\x05\x01hello"
for body in (payload, b"PK\x03\x04" + payload, extension):
    raw(len(body).to_bytes(4, "big") + body)
raw(payload)
