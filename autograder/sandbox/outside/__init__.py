"""The grader's side of the sandbox."""

__all__: list[str] = []
