"""Hands in a million empty cells."""
# deserves: 0


def build(notebook, text, machine):
    cells = ",".join(['{"cell_type":"code","metadata":{},"source":""}'] * 1_000_000)
    notebook.write_text(f'{{"nbformat":4,"nbformat_minor":5,"metadata":{{}},"cells":[{cells}]}}')
