"""Hands in what is not UTF-8: nulls, half characters, UTF-16, two byte-order marks."""
# deserves: 0


def build(notebook, text, machine):
    notebook.write_bytes(b"\xef\xbb\xbf\xef\xbb\xbf" + text.encode("utf-16") + b"\0" * 1000 + b"\xed\xa0\x80")
