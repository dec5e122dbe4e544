#!/usr/bin/env bash
# screenshots.sh BIN: makes the README's pictures with the practice office, without a display.
set -euo pipefail
bin=$1 folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
QT_QPA_PLATFORM=offscreen "$bin/clerk-app" demo --headless --keep "$folder"
mkdir -p packaging/screenshots
for name in main-window-light review-light decision-preview-dark folder-light outbox-light statistics-light; do
    cp "$folder/$name.png" packaging/screenshots/
done
