"""Grading one submission, and many of them side by side.

`grader` grades one, `pool` many on this machine, `cluster` many on others.
"""

__all__: list[str] = []
