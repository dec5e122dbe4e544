#!/usr/bin/env bash
# build_runtime.sh OUT: the small program at the head of the AppImage, statically linked; the same bytes every time.
# Debian: gcc libc6-dev libsquashfuse-dev libfuse3-dev zlib1g-dev libzstd-dev binutils
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$1
lib=/usr/lib/x86_64-linux-gnu
gcc -std=gnu11 -Os -Wall -Wextra -Wno-unused-result -D_FILE_OFFSET_BITS=64 -DRUNTIME_VERSION='"1"' \
    -ffile-prefix-map="$here"=. -ffunction-sections -fdata-sections -fstack-protector-strong \
    -I/usr/include/fuse3 -static -Wl,--gc-sections,--build-id=none,-z,relro,-z,now \
    -o "$out" "$here/runtime.c" $lib/libsquashfuse_ll.a $lib/libfuse3.a $lib/libzstd.a $lib/libz.a -lpthread
strip --strip-all "$out"
printf 'AI\x02' | dd of="$out" bs=1 seek=8 conv=notrunc status=none # the mark of a type-2 AppImage
