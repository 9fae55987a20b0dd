"""What crosses between the grader and a student's process."""

__all__: list[str] = []
