"""What can go wrong with the wire."""

__all__ = ["Closed", "OutOfTime", "WireError"]


class WireError(Exception):
    """The other side sent something that is not a frame of ours."""


class Closed(WireError):
    """The other side is gone."""


class OutOfTime(WireError):
    """No frame came before the deadline."""
