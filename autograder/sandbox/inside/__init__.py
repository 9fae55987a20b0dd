"""What runs in a student's process, or becomes one."""

__all__: list[str] = []
