#!/usr/bin/env bash
# smoke.sh APPIMAGE: the AppImage alone, with an empty home and no Python on the way, does the main job.
set -euo pipefail
image=$(realpath "$1")
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
run() { env -i HOME="$home" PATH=/usr/bin:/bin LC_ALL=C.UTF-8 "$@"; }
run "$image" --appimage-version
run "$image" --appimage-extract-and-run --version
run APPIMAGE_EXTRACT_AND_RUN=1 "$image" demo --headless --keep "$home/kept"
ls "$home/kept"
