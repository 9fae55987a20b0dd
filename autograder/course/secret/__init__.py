"""Tests that students never get: the same lessons and the same questions, with inputs drawn fresh at each grading."""
