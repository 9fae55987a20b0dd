"""What students get of each lesson: the visible suite, hints, and what was recorded for them."""
