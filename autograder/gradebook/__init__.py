"""All that knows nbgrader: the steps that we plug into it, bulk grading, its folders, its database, feedback."""

__all__: list[str] = []
