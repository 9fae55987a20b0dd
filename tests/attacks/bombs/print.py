"""Prints without an end, with print, to the descriptors, to the original streams, and to stderr."""
# deserves: 18

import os
import sys

text = "x" * 10**6
for _ in range(300):
    print(text)
    print(text, file=sys.stderr)
    for stream in (1, 2):
        os.write(stream, text.encode())
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            stream.write(text)
