#!/usr/bin/env bash
# Gradescope runs this once, when the autograder is built: a Python of its own, with the tested versions.
set -euo pipefail

root="${AUTOGRADER_ROOT:-/autograder}"
course="$root/source/course"

enough() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# The course needs Python 3.11. Ubuntu 24.04 has 3.12; Ubuntu 22.04 has 3.10, and a 3.11 beside it.
find_python() {
    for name in python3.13 python3.12 python3.11 python3; do
        if enough "$name"; then command -v "$name"; return; fi
    done
    return 1
}

if ! python="$(find_python)"; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq || true
    for name in python3.12 python3.11; do
        if apt-get install -y -qq --no-install-recommends "$name" "$name-venv"; then break; fi
    done
    if ! python="$(find_python)"; then
        echo "There is no Python 3.11 or newer here. Choose a base image with Ubuntu 24.04 or newer." >&2
        exit 1
    fi
fi

if [ ! -x "$root/venv/bin/python" ]; then
    "$python" -m venv "$root/venv"
fi

# torch for processors only: on Linux, PyPI's own brings gigabytes of GPU libraries.
"$root/venv/bin/python" -m pip install --disable-pip-version-check --no-cache-dir \
    --extra-index-url https://download.pytorch.org/whl/cpu \
    -r "$course/requirements.txt" -c "$course/constraints.txt"

# The course itself needs no installing, only to be found.
site="$("$root/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
echo "$course" > "$site/course.pth"

# A submission is run as nobody, and has to read Python and its libraries.
chmod -R go+rX "$root/venv" "$course"
