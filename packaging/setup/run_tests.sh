#!/usr/bin/env bash
# Runs the test suite offscreen on all cores. Extra arguments go to pytest.
set -euo pipefail
export QT_QPA_PLATFORM=offscreen LC_ALL=C.UTF-8 PYTHONHASHSEED=0
exec .venv/bin/python -m pytest -n "${CLERK_TEST_WORKERS:-auto}" --dist loadgroup "$@"
