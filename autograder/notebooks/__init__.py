"""Reading what was submitted, and nothing else: notebooks as data, and texts from students that are safe to show.

The modules are `reading` and `text`; nothing here runs any code of a notebook.
"""

__all__: list[str] = []
