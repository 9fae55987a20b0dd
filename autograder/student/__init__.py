"""What students run: check, hint, a whole notebook, watch, progress."""
