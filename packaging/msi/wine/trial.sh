#!/usr/bin/env bash
# trial.sh MSI [NEWER_MSI]: installs, runs the main job headless, upgrades, refuses to go back, uninstalls, in a Wine
# of its own. Needs wine (64 bit) and gcc-mingw-w64-x86-64. Says at the end what was tried; ends with 1 at the first
# thing that is not so.
set -euo pipefail
msi=$(realpath "$1") newer=${2:+$(realpath "$2")}
here=$(cd "$(dirname "$0")" && pwd)
place=$(mktemp -d)
trap 'wineserver -k || true; rm -rf "$place" || { sleep 2; rm -rf "$place"; }' EXIT
export WINEPREFIX=$place/wine WINEDEBUG=-all WINEDLLOVERRIDES=mscms=n QT_QPA_PLATFORM=offscreen
unset DISPLAY
run() { wine "$@" </dev/null 2>&1 | cat; }
tried() { echo "ok   $*"; }
fail() { echo "FAIL $*" >&2; exit 1; }
run wineboot -i >/dev/null
for kind in icuuc mscms bcryptprimitives; do
    x86_64-w64-mingw32-gcc -O2 -s -shared "-D${kind^^}" -o "$WINEPREFIX/drive_c/windows/system32/$kind.dll" "$here/stubs.c" -ladvapi32
done
program="$WINEPREFIX/drive_c/Program Files/Amtsstube"
files="$WINEPREFIX/drive_c/users/$(id -un)/AppData/Local/clerk-app"
mkdir -p "$files" && echo mine >"$files/kept.txt"
clerk() { run "$program/python.exe" -m clerk_app "$@"; }

run msiexec /i "$(winepath -w "$msi")" /qn 'OFFICE_PROFILE=C:\ProgramData\Amtsstube\profil.toml' DELIVERY_TAKE_BACK_S=120
[ -f "$program/python.exe" ] || fail "nothing was installed"
find "$WINEPREFIX/drive_c" -name Amtsstube.lnk | grep -q . || fail "no entry in the start menu"
tried "silent installation, $(find "$program" -type f | wc -l) files, start menu"
version=$(clerk --version | tr -d '\r')
[[ $version == "clerk-app "* ]] || fail "--version says: $version"
tried "$version"
clerk policy | grep -q 'delivery.take_back_s: 120' || fail "the policy given at installation is not read"
clerk policy | grep -q '^office.mailboxes: nicht' || fail "a policy that was not given is there"
tried "properties became policies of the machine, and only those given"
clerk demo --headless --keep 'C:\demo' | tee "$place/demo.txt" | tail -1
grep -q '\[18/18\].*✓' "$place/demo.txt" || fail "the main job: $(tail -3 "$place/demo.txt")"
[ -f "$WINEPREFIX/drive_c/demo/zustellnachweis.zip" ] || fail "no proof was written"
tried "the main job, headless, 18 steps, pictures and signed PDF"
clerk support-bundle 'C:\hilfe.zip' >/dev/null
[ -s "$WINEPREFIX/drive_c/hilfe.zip" ] || fail "no support bundle"
tried "support bundle"
rm "$program/clerk-app.cmd"
run msiexec /fa "$(winepath -w "$msi")" /qn || true
if [ -f "$program/clerk-app.cmd" ]; then tried "repair: a file that was deleted is back"; else echo "??   repair: this Wine puts nothing back"; fi
if [ -n "$newer" ]; then
    run msiexec /i "$(winepath -w "$newer")" /qn
    found=$(clerk --version | tr -d '\r')
    [ "$(run wine reg query 'HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall' /s | grep -c 'DisplayName.*Amtsstube')" -le 1 ] || fail "both versions are listed"
    clerk policy | grep -q 'delivery.take_back_s: 120' || fail "the upgrade lost a policy"
    tried "upgrade: one version listed ($found), policies kept"
    run msiexec /i "$(winepath -w "$msi")" /qn && fail "an older version was installed over a newer one"
    tried "an older version is refused"
    msi=$newer
fi
run msiexec /x "$(winepath -w "$msi")" /qn
[ ! -e "$program/python.exe" ] || fail "the program is still there"
[ "$(cat "$files/kept.txt")" = mine ] || fail "user data is gone"
tried "uninstalled; user data and policies left"
