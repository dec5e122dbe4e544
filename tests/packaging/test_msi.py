"""The Windows installer: its description always, its tables and files where one was built."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import pytest

from clerk_app import __version__
from clerk_app.system.policy import WINDOWS_KEY
from clerk_app.system.policy_keys import KEYS

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "packaging" / "msi"
#: Never changes: an installer with another one would not find what it is to replace.
UPGRADE_CODE = "685E1FB9-5F6B-5E47-BD70-47A6C3397C34"
MSI = ROOT / "build" / "amtsstube.msi"
WIX = {"w": "http://schemas.microsoft.com/wix/2006/wi"}


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A staged tree in small, with names that are hard on identifiers."""
    for name in (
        "python.exe", "pythonw.exe", "amtsstube.ico", "Lib/os.pyc", "Lib/site-packages/PySide6/Qt6Core.dll",
        "Lib/site-packages/Ä & ö/a b.txt", "Lib/site-packages/Ä & ö/a_b.txt",
        "Lib/site-packages/" + "x" * 80 + "/y.pyc", "doc/LICENSE",
    ):  # fmt: skip
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path / "tree"


def test_the_description_names_every_file_once(tree: Path) -> None:
    text = load("make_msi").wxs(tree, "1.2.3", tree.parent)
    product = ET.fromstring(text.encode()).find("w:Product", WIX)
    assert product is not None
    sources = sorted(each.get("Source", "") for each in product.iterfind(".//w:File", WIX))
    there = [path for path in tree.rglob("*") if path.is_file()]
    assert sources == sorted(f"tree/{path.relative_to(tree).as_posix()}" for path in there)
    inside = [each for part in product for each in part.iter() if not each.tag.endswith("Media")]
    identifiers = [each.get("Id", "") for each in inside if each.get("Id") and "Ref" not in each.tag]
    assert len(identifiers) == len(set(identifiers))
    assert [each for each in identifiers if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]{0,71}", each)] == []
    components = {each.get("Id") for each in product.iterfind(".//w:Component", WIX)}
    assert {each.get("Id") for each in product.iterfind(".//w:ComponentRef", WIX)} == components
    guids = [each.get("Guid") for each in product.iterfind(".//w:Component", WIX)]
    assert len(guids) == len(set(guids))
    for component in product.iterfind(".//w:Component", WIX):
        assert len([each for each in component if each.get("KeyPath") == "yes"]) == 1


def test_upgrades_find_each_other_and_products_differ(tree: Path) -> None:
    maker = load("make_msi")
    one, two, again = (
        ET.fromstring(maker.wxs(tree, version, tree.parent).encode()).find("w:Product", WIX)
        for version in ("1.2.3", "1.3.0", "1.2.3")
    )
    assert one is not None
    assert two is not None
    assert again is not None
    assert one.get("UpgradeCode") == two.get("UpgradeCode") == UPGRADE_CODE
    assert one.get("Id") == again.get("Id") != two.get("Id")
    assert one.find("w:MajorUpgrade", WIX) is not None


def test_every_policy_can_be_given_as_a_property(tree: Path) -> None:
    maker = load("make_msi")
    root = ET.fromstring(maker.wxs(tree, "1.2.3", tree.parent).encode())
    found = {
        (each.get("Key"), each.get("Name"), each.get("Value"))
        for each in root.iterfind(".//w:RegistryValue", WIX)
    }
    for key in KEYS:
        assert (f"{WINDOWS_KEY}\\{key.section}", key.short, f"[{maker.property_of(key)}]") in found
    secure = maker.afterwards()[0]
    assert all(maker.property_of(key) in secure for key in KEYS)


def test_the_same_content_is_the_same_package(tree: Path) -> None:
    maker = load("make_msi")
    before = maker.digest(tree)
    assert maker.digest(tree) == before
    (tree / "Lib" / "os.pyc").write_bytes(b"other")
    assert maker.digest(tree) != before


# -- the one that was built ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built() -> Path:
    if not MSI.exists() or not shutil.which("msiinfo"):
        pytest.skip("no installer was built here (make msi), or msitools are missing")
    return MSI


def said(*command: str | Path) -> str:
    done = subprocess.run([str(each) for each in command], capture_output=True, check=True)
    return done.stdout.decode("cp1252" if "export" in command else "utf-8")


def table(msi: Path, name: str) -> list[list[str]]:
    return [line.rstrip("\r").split("\t") for line in said("msiinfo", "export", msi, name).splitlines()[3:]]


def test_tables_of_the_built_installer(built: Path) -> None:
    properties = {row[0]: row[1] for row in table(built, "Property")}
    assert properties["ProductVersion"] == __version__
    assert properties["UpgradeCode"] == f"{{{str(load('make_msi').UPGRADE).upper()}}}"
    assert properties["ALLUSERS"] == "1"
    conditions = {row[0]: (row[3], row[4]) for row in table(built, "Component")}
    for key in KEYS:
        name = load("make_msi").property_of(key)
        attributes, condition = conditions[f"p.{name}"]
        assert condition == name
        assert int(attributes) & 16, "a policy stays when the program goes"
    assert len(conditions) < 1600, "what Windows Installer bears in one feature"
    (shortcut,) = table(built, "Shortcut")
    assert shortcut[4:6] == ["[INSTALLDIR]pythonw.exe", "-m clerk_app"]
    assert {row[0] for row in table(built, "Upgrade")} == {properties["UpgradeCode"]}
    assert not [row for row in table(built, "CustomAction") if int(row[1]) & 0x3F not in (19, 51)], (
        "no code runs"
    )


def test_files_of_the_built_installer(built: Path, tmp_path: Path) -> None:
    text = said("msiextract", "-l", built)
    names = {line.partition("Amtsstube/")[2] for line in text.splitlines()}
    package = "Lib/site-packages/clerk_app"
    for needed in (
        "python.exe", "pythonw.exe", "python311.dll", "python311._pth", "clerk-app.cmd", "DLLs/_ssl.pyd",
        f"{package}/__main__.pyc", f"{package}/efile/check_bundle.py", "doc/sbom.cdx.json", "doc/LICENSE",
        "Lib/site-packages/PySide6/plugins/platforms/qwindows.dll",
        "Lib/site-packages/PySide6/Qt6Widgets.dll",
    ):  # fmt: skip
        assert needed in names, needed
    parts = {name.removeprefix(f"{package}/").split("/")[0] for name in names if name.startswith(package)}
    assert {"_resources", "_translations"} <= parts
    unwanted = re.compile(r"/pip/|opengl32sw|Qt6Qml|Qt6Quick|/tests?/|\.pyi$|/tkinter/|\.so$|/Scripts/")
    assert sorted(name for name in names if unwanted.search(name)) == []
    sources = {name for name in names if name.endswith(".py")}
    assert sources == {f"{package}/efile/check_bundle.py"}, "all else is compiled"


@pytest.mark.skipif(
    os.environ.get("CLERK_WINE_TRIAL") != "1", reason="CLERK_WINE_TRIAL=1 installs it under Wine (2 min)"
)
def test_installed_under_wine_it_does_the_main_job(built: Path) -> None:
    done = subprocess.run([HERE / "wine" / "trial.sh", built], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
