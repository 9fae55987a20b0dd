"""Nests the notebook's JSON half a million levels deep."""
# deserves: 0


def build(notebook, text, machine):
    notebook.write_text('{"nbformat": 4, "cells": [], "metadata": ' + "[" * 500_000 + "]" * 500_000 + "}")
