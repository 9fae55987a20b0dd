"""Grading one submission, and many of them side by side."""
