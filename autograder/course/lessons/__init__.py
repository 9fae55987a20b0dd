"""What students get: a folder for each lesson, with its visible suite, its hints, and what was recorded for them."""

__all__: list[str] = []
