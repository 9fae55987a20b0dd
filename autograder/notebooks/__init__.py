"""Reading what was submitted, and nothing else: notebooks as data, and texts from students that are safe to show.

Nothing here runs any code of a notebook.
"""

__all__: list[str] = []
