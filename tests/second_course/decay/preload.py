"""What each process that is going to run students' code has imported before it is confined."""

import decay

__all__ = ["preload"]


def preload():
    """The notebooks import `decay`, and a confined process does not find it."""
    assert decay.check
