#!/usr/bin/env bash
# Brings the catalogues up to date with the source (extract, update, compile).
# Usage: translations.sh BIN [--check|--missing|--fill FILE]
set -euo pipefail
bin="$1"
shift
exec "$bin/python" "$(dirname "$0")/translations.py" "$@"
