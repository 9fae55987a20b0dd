"""Ends its process in a cell."""
# deserves: 18

import os

os._exit(0)
