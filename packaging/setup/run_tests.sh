#!/usr/bin/env bash
# Runs the test suite offscreen on all cores. Extra arguments go to pytest. One worker more than there are cores:
# many tests wait for a disk, a portal or a Java machine, and another one can use the time.
set -euo pipefail
export QT_QPA_PLATFORM=offscreen LC_ALL=C.UTF-8 PYTHONHASHSEED=0
workers="${CLERK_TEST_WORKERS:-$(($(getconf _NPROCESSORS_ONLN) + 1))}"
exec .venv/bin/python -m pytest -n "$workers" --dist loadgroup "$@"
