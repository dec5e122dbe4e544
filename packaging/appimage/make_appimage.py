"""Puts interpreter, packages and program into one file that runs on a bare desktop.

The interpreter goes in as it is, not frozen: the locked-down children start it again with their own options.
"""

from __future__ import annotations

import argparse
import compileall
import os
import py_compile
import re
import shutil
import struct
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bundle"))
from papers import papers

NAME = "de.amtsstube.Amtsstube"
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"

#: Parts of the standard library nobody starts here.
_NO_STDLIB = {
    "test", "idlelib", "tkinter", "turtledemo", "ensurepip", "lib2to3", "__pycache__", "site-packages",
    "distutils", "pydoc_data", "dist-packages",
}  # fmt: skip
#: Parts of packages nobody uses here: Qt's QML, designers, translations of languages we do not speak.
_NO_PACKAGE = re.compile(
    r"(^|/)(__pycache__|tests?/|PySide6/(Qt/(qml|metatypes|resources|libexec)/|.*\.pyi$|typesystems/|include/|glue/|"
    r"scripts/|support/generate_pyi|(assistant|designer|linguist|lrelease|lupdate|qmlformat|qmllint|qmlls|"
    r"qmlcachegen|qmlimportscanner|qmltyperegistrar|balsam|balsamui|svgtoqml|lconvert)$)|"
    r"PySide6/Qt(Qml|Quick|QuickControls2|QuickTest|QuickWidgets|Designer|Help|UiTools|Test|OpenGL|OpenGLWidgets|"
    r"Sql|Concurrent|Xml)\.abi3\.so$|"
    r"PySide6/Qt/lib/libQt6(Qml|Quick|Designer|Help|UiTools|Test|Labs|VirtualKeyboard|WaylandCompositor|Sql|"
    r"Concurrent|LanguageServer|Shader|EglFS|JsonRpc)[^/]*$|"
    r"PySide6/Qt/plugins/(qmltooling|designer|platforminputcontexts/libqtvirtual|egldeviceintegrations|generic|"
    r"sqldrivers|platformthemes/libqgtk3|platforms/libq(eglfs|linuxfb|vnc|vkkhr|minimal)|networkinformation|"
    r"wayland-graphics-integration-server|tls/libqcertonly)|"
    r"PySide6/Qt/translations/(?!qt(base)?_(de|en)\.qm)|pip($|/|-)|setuptools|wheel/|bin/)"
)
#: What the host brings: C library, graphics, fonts, the session bus.
_OF_THE_HOST = re.compile(
    r"^(ld-linux|lib(c|m|dl|rt|pthread|util|resolv|nsl|gcc_s|stdc\+\+|GL|EGL|GLX|GLdispatch|OpenGL|drm|gbm|X11|"
    r"X11-xcb|xcb|Xau|Xdmcp|fontconfig|freetype|expat|dbus-1|glib-2\.0|gio-2\.0|gobject-2\.0|gmodule-2\.0|"
    r"gthread-2\.0|pcre2-8|z|systemd|cap|gcrypt|gpg-error|lzma|lz4|zstd|bsd|md|brotlicommon|brotlidec|png16|"
    r"selinux|mount|blkid|wayland-(client|cursor|egl))[.-])"
)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--site", "--runtime", "--work", "--out"):
        parser.add_argument(option, type=Path, required=True)
    chosen = parser.parse_args()
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    directory = chosen.work / "AppDir"
    shutil.rmtree(directory, ignore_errors=True)
    interpreter(directory)
    packages(chosen.site, directory)
    libraries(directory)
    papers(
        chosen.site,
        directory / "usr/share/doc/amtsstube",
        Path(sysconfig.get_path("stdlib")) / "LICENSE.txt",
    )
    desktop(directory)
    bytecode(directory)
    settle(directory, epoch)
    image(directory, chosen.runtime, chosen.out)
    print(f"{chosen.out} {chosen.out.stat().st_size / 1e6:.1f} MB")


def interpreter(directory: Path) -> None:
    """Python without what nobody starts; found by its place, so it may lie anywhere."""
    base = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    binary = directory / "usr/bin/python3"
    binary.parent.mkdir(parents=True)
    shutil.copy2(base, binary)
    stdlib = Path(sysconfig.get_path("stdlib"))
    target = directory / "usr/lib" / f"python{VERSION}"

    def unwanted(folder: str, names: list[str]) -> set[str]:
        found = {name for name in names if name in _NO_STDLIB or name.startswith("config-")}
        if Path(folder).name == "lib-dynload":
            found |= {name for name in names if re.match(r"_(tkinter|test|ctypes_test|xx)", name)}
        return found

    shutil.copytree(stdlib, target, ignore=unwanted, symlinks=False)
    if sysconfig.get_config_var("Py_ENABLE_SHARED"):
        shared = Path(sys.base_prefix) / "lib" / sysconfig.get_config_var("INSTSONAME")
        shutil.copy2(shared, directory / "usr/lib" / shared.name)
    for path in [binary, *directory.glob("usr/lib/libpython*"), *target.glob("lib-dynload/*.so")]:
        subprocess.run(["strip", "--strip-unneeded", path], check=True)
    (target / "site-packages").mkdir(exist_ok=True)


def packages(site: Path, directory: Path) -> None:
    """What the lock file says, without the parts nobody uses."""
    target = directory / "usr/lib" / f"python{VERSION}" / "site-packages"
    for path in sorted(site.rglob("*")):
        relative = path.relative_to(site)
        if path.is_dir() or _NO_PACKAGE.search(relative.as_posix()):
            continue
        if "dist-info" in relative.as_posix() and path.name in (
            "RECORD",
            "INSTALLER",
            "direct_url.json",
            "REQUESTED",
        ):
            continue  # they name this machine's paths
        place = target / relative
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, place)


def libraries(directory: Path) -> None:
    """Copies what the interpreter's own modules need beyond a bare host, and tells them where it lies."""
    place = directory / "usr/lib"
    modules = sorted(place.glob(f"python{VERSION}/lib-dynload/*.so"))
    waiting, done = [*modules, directory / "usr/bin/python3"], set[str]()
    while waiting:
        for name, found in needed(waiting.pop()):
            if name in done or _OF_THE_HOST.match(name) or name.startswith("libpython"):
                continue
            done.add(name)
            shutil.copy2(found, place / name)
            waiting.append(place / name)
    for path in modules:
        subprocess.run(["patchelf", "--set-rpath", "$ORIGIN/../..", path], check=True)
    for path in (directory / "usr/bin/python3", *place.glob("lib*.so*")):
        rpath = "$ORIGIN/../lib" if path.parent.name == "bin" else "$ORIGIN"
        subprocess.run(["patchelf", "--set-rpath", rpath, path], check=True)


def needed(path: Path) -> Iterator[tuple[str, Path]]:
    """Libraries ``path`` asks for, with where they lie here."""
    told = subprocess.run(["ldd", path], capture_output=True, text=True, check=False).stdout
    for match in re.finditer(r"^\s*(\S+) => (/\S+)", told, re.MULTILINE):
        yield match[1], Path(match[2])


def desktop(directory: Path) -> None:
    """Starter, menu entry, icon, description for software centres."""
    starter = directory / "AppRun"
    starter.write_text(
        "#!/bin/sh\n"
        'here=${APPDIR:-$(dirname "$(readlink -f "$0")")}\n'
        "unset PYTHONHOME PYTHONPATH QT_PLUGIN_PATH\n"
        "export PYTHONDONTWRITEBYTECODE=1 PYTHONNOUSERSITE=1\n"
        'exec "$here/usr/bin/python3" -m clerk_app "$@"\n',
        encoding="utf-8",
    )
    starter.chmod(0o755)
    applications = directory / "usr/share/applications"
    applications.mkdir(parents=True)
    shutil.copy2(HERE / f"{NAME}.desktop", directory / f"{NAME}.desktop")
    shutil.copy2(HERE / f"{NAME}.desktop", applications / f"{NAME}.desktop")
    subprocess.run(["desktop-file-validate", directory / f"{NAME}.desktop"], check=True)
    metainfo = directory / "usr/share/metainfo"
    metainfo.mkdir(parents=True)
    shutil.copy2(HERE / f"{NAME}.metainfo.xml", metainfo / f"{NAME}.metainfo.xml")
    icons = directory / "usr/share/icons/hicolor/scalable/apps"
    icons.mkdir(parents=True)
    shutil.copy2(HERE / f"{NAME}.svg", icons / f"{NAME}.svg")
    shutil.copy2(HERE / f"{NAME}.svg", directory / f"{NAME}.svg")
    (directory / ".DirIcon").symlink_to(f"{NAME}.svg")


def bytecode(directory: Path) -> None:
    """Compiled ahead, believed without a look at times: the image is read-only and always the same."""
    library = directory / "usr/lib" / f"python{VERSION}"
    compileall.compile_dir(
        library, quiet=2, force=True, workers=1, stripdir=str(directory),
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )  # fmt: skip


def settle(directory: Path, epoch: int) -> None:
    """One time and plain rights for everything."""
    for path in [directory, *directory.rglob("*")]:
        os.utime(path, (epoch, epoch), follow_symlinks=False)
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def image(directory: Path, runtime: Path, out: Path) -> None:
    """Runtime and file system, one behind the other."""
    packed = out.with_suffix(".squashfs")
    packed.unlink(missing_ok=True)
    subprocess.run(
        ["mksquashfs", directory, packed, "-root-owned", "-noappend", "-no-xattrs", "-comp", "zstd", "-b",
         "32768", "-Xcompression-level", "19", "-quiet", "-no-progress"],
        check=True,
    )  # fmt: skip
    head = runtime.read_bytes()
    if head[:4] != b"\x7fELF" or head[8:11] != b"AI\x02" or struct.calcsize("P") != 8:
        raise SystemExit("this is no runtime of a type-2 AppImage")
    with out.open("wb") as sink:
        sink.write(head)
        sink.write(packed.read_bytes())
    out.chmod(0o755)
    packed.unlink()


if __name__ == "__main__":
    main()
