"""What is taught, and the only room that an author of lessons edits.

`contents` has the course as a value. `lessons` is what students get of each lesson, `secret` what they never get.
"""

__all__: list[str] = []
