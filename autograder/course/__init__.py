"""What is taught: the course, its lessons, pictures and data."""
