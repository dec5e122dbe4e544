#!/usr/bin/env bash
# make_venv.sh PYTHON DIRECTORY: a virtual environment, with a clear word when the machine lacks what it needs.
set -euo pipefail
python=$1 venv=$2
"$python" - <<'PY' || { echo "Amtsstube needs Python 3.11, 3.12 or 3.13; '$python' is another one. Set PYTHON=/path/to/python3.13." >&2; exit 1; }
import sys
sys.exit(0 if (3, 11) <= sys.version_info < (3, 14) else 1)
PY
if ! "$python" -m venv "$venv" >/dev/null 2>&1; then
    # Debian splits ensurepip off into python3-venv.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get install -y -q --no-install-recommends python3-venv >/dev/null
    fi
    rm -rf "$venv"
    "$python" -m venv "$venv" || { echo "Cannot create a virtual environment. On Debian/Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
fi
