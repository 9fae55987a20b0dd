"""What students never get: a folder for each lesson, with its hidden suite, its misconceptions, and right answers."""

__all__: list[str] = []
