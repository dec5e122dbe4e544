#!/usr/bin/env bash
# build.sh BIN OUT: builds the AppImage from the lock file. BIN: the environment's bin directory. Offline once the
# packages are there. SOURCE_DATE_EPOCH (by default the last commit's time) makes it the same bytes every time.
set -euo pipefail
bin=$1 out=$2
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
packages=(gcc libc6-dev libsquashfuse-dev libfuse3-dev zlib1g-dev libzstd-dev squashfs-tools binutils desktop-file-utils patchelf file)
missing=()
for package in "${packages[@]}"; do dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package"); done
if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" != 0 ]; then
        echo "Es fehlen: ${missing[*]} (sudo apt install ${missing[*]})" >&2
        exit 1
    fi
    apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
fi
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct)}
export PYTHONHASHSEED=0 LC_ALL=C.UTF-8 TZ=UTC
stage=$root/build/appimage
rm -rf "$stage"
mkdir -p "$stage/wheel" "$stage/site" "$(dirname "$out")"
"$bin/pip" wheel -q --no-deps --no-build-isolation -w "$stage/wheel" "$root"
"$bin/pip" install -q --no-compile --require-hashes --target "$stage/site" -r "$root/packaging/locks/runtime.txt"
"$bin/pip" install -q --no-compile --no-deps --target "$stage/site" "$stage"/wheel/*.whl
"$here/build_runtime.sh" "$stage/runtime"
"$bin/python" "$here/make_appimage.py" --site "$stage/site" --runtime "$stage/runtime" --work "$stage" --out "$out"
