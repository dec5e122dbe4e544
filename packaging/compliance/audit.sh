#!/usr/bin/env bash
# audit.sh OUT: known vulnerabilities of everything in the lock files, as CycloneDX with VEX analysis fields. Needs the
# network. pip-audit says "none found" for packages it could not look up at all: here that is a failure.
set -euo pipefail
out=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q pip-audit
"$work/venv/bin/pip-audit" --require-hashes -r "$root/packaging/locks/runtime.txt" --format cyclonedx-json -o "$out" \
    --strict --progress-spinner off
# A known hole must be found, or nothing was looked up.
printf 'jinja2==2.4.1\n' >"$work/known.txt"
if "$work/venv/bin/pip-audit" --no-deps -r "$work/known.txt" --progress-spinner off >"$work/known.log" 2>&1; then
    echo "the database was not reached: $(tail -1 "$work/known.log")" >&2
    rm -f "$out"
    exit 1
fi
echo "$out"
