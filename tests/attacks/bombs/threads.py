"""Starts threads until no more can be started."""
# deserves: 18
# layers: needed

import threading
import time

count = 0
try:
    while count < 5000:
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
        count += 1
except RuntimeError:
    pass
if count > 500:
    loot(f"{count} threads")
