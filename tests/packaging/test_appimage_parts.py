"""What the AppImage is made of, as far as it can be checked without building it."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
from importlib.metadata import distributions
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

PARTS = Path(__file__).resolve().parents[2] / "packaging" / "appimage"


def load(name: str, room: str = "appimage") -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, PARTS.parent / room / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_bill_of_materials_is_whole_and_the_same_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    sbom = load("sbom", "bundle")
    found = sorted(distributions(), key=lambda each: each.metadata["Name"].lower())
    text = sbom.document(found)
    assert text == sbom.document(found)
    bill = json.loads(text)
    names = {each["name"] for each in bill["components"]}
    assert {"cpython", "CPython"} & names
    locked = sbom.locked_hashes(sbom.LOCK.read_text("utf-8"))
    assert {"pyside6-essentials", "psycopg", "sqlcipher3", "httpx"} <= set(locked)
    assert set(locked) - {name.lower() for name in names} <= {
        "pyobjc-core",
        "pyobjc-framework-cocoa",
        "pyobjc-framework-systemconfiguration",
        "colorama",
        "pywin32-ctypes",
        "tzdata",
        "win32-setctime",
    }
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digests in locked.values() for digest in digests)
    assert bill["metadata"]["timestamp"] == "2026-01-01T00:00:00Z"


def test_menu_entry_and_description_name_the_same_program() -> None:
    name = load("make_appimage").NAME
    entry = (PARTS / f"{name}.desktop").read_text("utf-8")
    assert f"Icon={name}\n" in entry
    tree = ElementTree.parse(PARTS / f"{name}.metainfo.xml")
    assert tree.findtext("id") == name
    assert tree.findtext("launchable") == f"{name}.desktop"
    assert ElementTree.parse(PARTS / f"{name}.svg").getroot().tag.endswith("svg")


def test_what_is_left_out_is_nothing_the_program_loads() -> None:
    pattern = load("make_appimage")._NO_PACKAGE
    kept = (
        "PySide6/QtWidgets.abi3.so", "PySide6/QtSvg.abi3.so", "PySide6/Qt/lib/libQt6Svg.so.6",
        "PySide6/Qt/plugins/platforms/libqxcb.so", "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/translations/qtbase_de.qm", "clerk_app/_resources/fonts/x.ttf", "psycopg_binary/pq.so",
        "pypdfium2_raw/libpdfium.so", "clerk_app/preview/child.py",
    )  # fmt: skip
    left = (
        "PySide6/Qt/qml/QtQuick/x.so", "PySide6/QtQml.abi3.so", "PySide6/Qt/translations/qtbase_fr.qm",
        "PySide6/designer", "pip/__init__.py",
    )  # fmt: skip
    assert [name for name in kept if pattern.search(name)] == []
    assert [name for name in left if not pattern.search(name)] == []


@pytest.mark.parametrize("script", ["build.sh", "build_runtime.sh", "smoke.sh", "bare_root.sh"])
def test_scripts_are_valid_and_runnable(script: str) -> None:
    path = PARTS / script
    assert path.stat().st_mode & 0o111
    bash = shutil.which("bash")
    assert bash is not None
    subprocess.run([bash, "-n", path], check=True)
