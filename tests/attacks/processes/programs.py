"""Starts programs: by subprocess, os.system, exec, posix_spawn, IPython's ! and a shell script of its own."""
# deserves: 18
# layers: needed

import os
import subprocess
import sys

program = f"touch /tmp/{machine.marker}; sleep 60 {machine.marker}"
get_ipython().system(program)
get_ipython().getoutput(program)
with open("script.sh", "w") as file:
    file.write(f"#!/bin/sh\n{program}\n")
os.chmod("script.sh", 0o755)
for start in (
    lambda: subprocess.Popen(["/bin/sh", "-c", program]),
    lambda: os.posix_spawn("/bin/sh", ["sh", "-c", program], {}),
    lambda: subprocess.Popen(["./script.sh"]),
    lambda: subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", machine.marker]),
    lambda: get_ipython().system_raw(program),
    lambda: get_ipython().system_piped(program),
    lambda: os.system(program) and 1 / 0,
    lambda: os.execv("/bin/sh", ["sh", "-c", program]),
):
    try:
        start()
    except (OSError, ZeroDivisionError):
        continue
    loot("a program was started")
