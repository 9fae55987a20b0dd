"""Nests what stands in a cell, its source, its tags and its id, a hundred thousand levels deep."""
# deserves: 0

import json


def build(notebook, text, machine):
    deep = "[" * 100_000 + "]" * 100_000
    cells = [
        f'{{"cell_type": "code", "source": "", "metadata": {{"tags": {deep}, "nbgrader": {deep}}}, "outputs": {deep}}}'
    ]
    notebook.write_text(f'{{"nbformat": 4, "nbformat_minor": 5, "metadata": {{}}, "cells": [{", ".join(cells)}]}}')
