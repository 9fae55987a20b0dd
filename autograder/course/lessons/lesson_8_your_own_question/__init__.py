"""What students get of this lesson."""

__all__: list[str] = []
