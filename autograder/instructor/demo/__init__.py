"""The whole course at work, on a class that is made up."""

__all__: list[str] = []
