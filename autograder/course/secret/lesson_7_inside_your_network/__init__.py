"""What only the grader has of this lesson."""

__all__: list[str] = []
