"""The command line: `main`, and one file a group of commands."""
