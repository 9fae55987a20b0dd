"""Announces a header of four gigabytes and sends none of it."""
# answers: none
# deserves: 0

raw(b"\xff\xff\xff\xff" + b"x" * 100)
