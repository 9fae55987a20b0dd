"""What instructors do beside grading: build, release, report, export, compare, and the demo."""

__all__: list[str] = []
