#!/usr/bin/env bash
# lock.sh BIN: resolves the dependencies for Linux and Windows, Python 3.11 to 3.13, with hashes and without addresses.
set -euo pipefail
bin=$1
"$bin/pip" install -q uv
compile() { "$bin/uv" pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate "$@"; }
compile pyproject.toml -o packaging/locks/runtime.txt
printf 'hatchling>=1.33\neditables\n' | compile - -o packaging/locks/build.txt
compile pyproject.toml --group dev -c packaging/locks/runtime.txt -o packaging/locks/dev.txt
if grep -nE '://|index-url|find-links' packaging/locks/*.txt; then echo "a lock file carries an address" >&2; exit 1; fi
