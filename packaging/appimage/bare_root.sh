#!/usr/bin/env bash
# bare_root.sh APPIMAGE: an empty Debian (debootstrap) without Python or Qt, with the libraries Qt asks of a host;
# there the AppImage does the main job. Needs root, debootstrap and a Debian mirror as this machine's apt knows it.
set -euo pipefail
image=$(realpath "$1")
root=$(mktemp -d /var/tmp/bare-debian.XXXXXX)
cleanup() {
    umount "$root/proc" "$root/dev/shm" 2>/dev/null || true
    rm -rf --one-file-system "$root"
}
trap cleanup EXIT
mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -v security | sort -u | head -1)
# the libraries of section "Voraussetzungen" in the README; no Python
libraries=libgl1,libegl1,libfontconfig1,libdbus-1-3,libglib2.0-0,libxkbcommon0,ca-certificates
debootstrap --variant=minbase --no-check-gpg --include="$libraries" bookworm "$root" "$mirror" >/dev/null
chroot "$root" sh -c 'command -v python3' && { echo "there is a Python in the bare root" >&2; exit 1; }
mount -t proc proc "$root/proc"
mkdir -p "$root/dev/shm" && mount -t tmpfs tmpfs "$root/dev/shm"
cp "$image" "$root/clerk-app.AppImage"
mkdir "$root/desk"  # home of the account in there
chroot "$root" env -i HOME=/desk PATH=/usr/bin:/bin LC_ALL=C.UTF-8 APPIMAGE_EXTRACT_AND_RUN=1 \
    /clerk-app.AppImage demo --headless --keep /desk/kept
