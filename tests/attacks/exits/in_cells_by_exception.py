"""Raises SystemExit, KeyboardInterrupt and exit() in cells, and again when the interpreter ends."""
# deserves: 18

import atexit
import os
import sys
import weakref


class Last:
    pass


last = Last()
atexit.register(os._exit, 0)
weakref.finalize(last, os._exit, 0)
sys.excepthook = sys.unraisablehook = lambda *_: os._exit(0)
raise KeyboardInterrupt
