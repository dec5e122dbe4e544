"""Lays out what is installed on Windows: interpreter, locked packages, program, licences. Nothing is run.

The interpreter goes in as it is, signed by its makers: the locked-down children start it again with their own
options. ``python311._pth`` beside it isolates it: no variable and no user folder reaches the module search.
Python files go in compiled, believed without a look at times: the program's folder cannot be written by those
who use it.
"""

from __future__ import annotations

import argparse
import os
import py_compile
import re
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bundle"))
from papers import papers

HERE = Path(__file__).resolve().parent
ICON = HERE.parent / "appimage" / "de.amtsstube.Amtsstube.svg"
PYTHON = "3.11.9"
_BINARIES = (
    "python.exe",
    "pythonw.exe",
    "python3.dll",
    "python311.dll",
    "vcruntime140.dll",
    "vcruntime140_1.dll",
)
_NO_STDLIB = re.compile(
    r"^(test|idlelib|tkinter|turtledemo|lib2to3|ensurepip|venv|site-packages|pydoc_data|distutils|msilib)(/|$)|"
    r"(^|/)(__pycache__|tests?)(/|$)|^(turtle|antigravity|this)\.py$"
)
_NO_DLL = re.compile(r"^(tcl|tk|_tkinter|_test|_ctypes_test|_msi|winsound|zlib1|.*\.(ico|cat)$)")
#: What names the machine that built it.
_OF_THE_BUILDER = {"RECORD", "INSTALLER", "direct_url.json", "REQUESTED", "uv_cache.json"}
#: What the program hands out as it is written: the checker inside every proof bundle.
_AS_TEXT = {"check_bundle.py"}
_QT_MODULES = "Core|Gui|Widgets|Network|PrintSupport|Svg|SvgWidgets"
#: Parts of packages nobody uses here; on Windows Qt's plugins lie directly below PySide6.
_NO_PACKAGE = re.compile(
    r"(^|/)(__pycache__|tests?)/|^(bin|Scripts|share|pip|setuptools|wheel)(/|-)|\.(pyi|pdb|lib|h|c|cpp)$|"
    rf"^PySide6/(Qt(?!({_QT_MODULES})\.pyd$)\w+\.pyd$|Qt6(?!({_QT_MODULES})\.dll$)\w+\.dll$|"
    r"(qml|metatypes|resources|typesystems|include|glue|scripts|doc|lib|modules)/|[^/]+\.(exe|json)$|"
    r"opengl32sw\.dll$|pyside6qml|plugins/(?!(platforms/(qwindows|qoffscreen)|styles/|iconengines/|tls/|printsupport/|"
    r"imageformats/(qjpeg|qsvg|qico|qgif|qtiff|qwebp)))|translations/(?!qt(base)?_(de|en)\.qm))"
)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--python", "--site", "--out"):
        parser.add_argument(option, type=Path, required=True)
    chosen = parser.parse_args()
    out: Path = chosen.out
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    interpreter(chosen.python, out)
    packages(chosen.site, out / "Lib" / "site-packages")
    papers(chosen.site, out / "doc", chosen.python / "LICENSE.txt", PYTHON)
    starters(out)
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    for path in [out, *out.rglob("*")]:
        os.utime(path, (epoch, epoch))
    files = [path for path in out.rglob("*") if path.is_file()]
    print(f"{len(files)} files, {sum(path.stat().st_size for path in files) / 1e6:.1f} MB")


def interpreter(source: Path, out: Path) -> None:
    """Python without what nobody starts."""
    for name in _BINARIES:
        shutil.copyfile(source / name, out / name)
    (out / "DLLs").mkdir()
    for path in sorted((source / "DLLs").iterdir()):
        if path.suffix in (".pyd", ".dll") and not _NO_DLL.match(path.name):
            shutil.copyfile(path, out / "DLLs" / path.name)
    for path in sorted((source / "Lib").rglob("*")):
        relative = path.relative_to(source / "Lib").as_posix()
        if path.is_file() and not _NO_STDLIB.search(relative):
            _put(path, out / "Lib" / relative, f"Lib/{relative}")
    lines = ("Lib", "DLLs", "Lib\\site-packages", "import site")
    (out / "python311._pth").write_text("\r\n".join(lines) + "\r\n", encoding="ascii", newline="")


def packages(site: Path, target: Path) -> None:
    """What the lock file says, without the parts nobody uses."""
    for path in sorted(site.rglob("*")):
        relative = path.relative_to(site).as_posix()
        if path.is_dir() or _NO_PACKAGE.search(relative):
            continue
        if ".dist-info/" in relative and path.name in _OF_THE_BUILDER:
            continue
        _put(path, target / relative, f"Lib/site-packages/{relative}")


def starters(out: Path) -> None:
    """For the command line; the window is started by the menu entry. And the icon."""
    lines = ("@echo off", "setlocal", "set PYTHONUTF8=1", '"%~dp0python.exe" -m clerk_app %*')
    (out / "clerk-app.cmd").write_text("\r\n".join(lines) + "\r\n", encoding="ascii", newline="")
    from PIL import Image
    from PySide6.QtCore import QByteArray
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    app = QGuiApplication.instance() or QGuiApplication([])
    sizes = (16, 24, 32, 48, 64, 256)
    renderer = QSvgRenderer(QByteArray(ICON.read_bytes()))
    image = QImage(256, 256, QImage.Format.Format_RGBA8888)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    pixels = Image.frombuffer("RGBA", (256, 256), bytes(image.constBits()), "raw", "RGBA", 0, 1)
    pixels.save(out / "amtsstube.ico", sizes=[(size, size) for size in sizes])
    del app


def _put(source: Path, target: Path, named: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.name in _AS_TEXT:
        shutil.copyfile(source, target)
    if source.suffix == ".py":
        py_compile.compile(
            str(source),
            cfile=str(target.with_suffix(".pyc")),
            dfile=named,
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
    else:
        shutil.copyfile(source, target)


if __name__ == "__main__":
    main()
