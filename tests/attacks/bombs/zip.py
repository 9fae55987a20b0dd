"""Unpacks an archive of a few kilobytes to gigabytes."""
# deserves: 18
# layers: needed

import gzip
import zlib

small = zlib.compress(zlib.compress(b"\0" * 2**27))
large = zlib.decompress(zlib.decompress(small))
kept = [bytes(large) + b"x" for _ in range(8)]
packed = gzip.compress(b"\0" * 2**24)
while True:
    kept.append(gzip.decompress(packed) * 16)
