#!/usr/bin/env bash
# Qt needs a few system libraries that no wheel carries. Installs them with apt where it may,
# otherwise names the missing ones and how to get them. Does nothing when all are there.
set -euo pipefail
[ "$(uname -s)" = Linux ] || exit 0
needed=(libEGL.so.1:libegl1 libGL.so.1:libgl1 libglib-2.0.so.0:libglib2.0-0 libdbus-1.so.3:libdbus-1-3
        libfontconfig.so.1:libfontconfig1 libxkbcommon.so.0:libxkbcommon0)
wanted=(libxcb-cursor.so.0:libxcb-cursor0 libxcb-icccm.so.4:libxcb-icccm4 libxcb-keysyms.so.1:libxcb-keysyms1
        libxcb-shape.so.0:libxcb-shape0 libxcb-xkb.so.1:libxcb-xkb1 libxkbcommon-x11.so.0:libxkbcommon-x11-0)
PATH="$PATH:/sbin:/usr/sbin"
have() { ldconfig -p 2>/dev/null | grep -qF "$1 "; }
missing=() optional=()
for pair in "${needed[@]}"; do have "${pair%%:*}" || missing+=("${pair##*:}"); done
for pair in "${wanted[@]}"; do have "${pair%%:*}" || optional+=("${pair##*:}"); done
[ ${#missing[@]} -gt 0 ] || [ ${#optional[@]} -gt 0 ] || exit 0
if command -v apt-get >/dev/null; then
    run=""
    if [ "$(id -u)" != 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then run="sudo -n"; else run=none; fi
    fi
    if [ "$run" != none ]; then
        echo "Installing system libraries for Qt: ${missing[*]:-} ${optional[*]:-}"
        $run apt-get update -q >/dev/null || true
        $run env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" "${optional[@]}" >/dev/null && exit 0
    fi
fi
if [ ${#missing[@]} -gt 0 ]; then
    echo "Qt cannot start: these system libraries are missing: ${missing[*]}" >&2
    echo "On Debian/Ubuntu: sudo apt install ${missing[*]} ${optional[*]:-}" >&2
    exit 1
fi
echo "For a window on X11 also install: ${optional[*]} (the headless demo and the tests do without)"
