"""What students run: check, hint, a whole notebook, watch, progress."""

__all__: list[str] = []
