"""A part of the tiny course."""
