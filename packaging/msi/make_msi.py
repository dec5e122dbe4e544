"""Writes the installer's description (WiX 3) for a staged tree and builds it with wixl.

Per machine, without a question asked, upgrade by major versions. One component per folder: Windows Installer
counts components, and a folder is replaced as a whole anyway. A policy key can be given as a property
(OFFICE_PROFILE, UPDATES_CHANNEL, …); it is written where group policies write, and stays when the program
goes: it is the admin's word.

What wixl 0.101 cannot say goes in through msibuild: conditions and permanence of components, and which
properties are secure.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import tomllib
import uuid
from collections.abc import Iterator
from pathlib import Path
from string import Template
from xml.sax.saxutils import quoteattr as quoted

from clerk_app.system.policy import WINDOWS_KEY
from clerk_app.system.policy_keys import KEYS, PolicyKey

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NAMESPACE = uuid.UUID("3f1b7c52-9a0d-5d8e-8a44-6a1f0f6c2b90")  # never changes
UPGRADE = uuid.uuid5(NAMESPACE, "upgrade-code")  # the product's, for its whole life
_PERMANENT = 16  # msidbComponentAttributesPermanent
_REGISTRY_KEY_PATH = 4
_WIN64 = 256


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tree", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    parser.add_argument("--version", default=project["version"])
    chosen = parser.parse_args()
    tree, out = chosen.tree.resolve(), chosen.out.resolve()
    description = out.with_suffix(".wxs")
    description.write_text(wxs(tree, chosen.version, out.parent), encoding="utf-8")
    out.unlink(missing_ok=True)
    at = f"@{os.environ['SOURCE_DATE_EPOCH']}"
    faked = ["faketime", "-f", _moment(at)] if shutil.which("faketime") else []
    subprocess.run(
        [*faked, "wixl", "-a", "x64", "-o", str(out), description.name], check=True, cwd=out.parent
    )
    for statement in afterwards():
        subprocess.run(["msibuild", str(out), "-q", statement], check=True)
    package = uuid.uuid5(NAMESPACE, digest(tree) + chosen.version)
    subprocess.run(
        [
            *faked,
            "msibuild",
            str(out),
            "-s",
            f"Amtsstube {chosen.version}",
            "Amtsstube",
            "x64;1031",
            f"{{{str(package).upper()}}}",
        ],
        check=True,
    )
    print(f"{out} {out.stat().st_size / 1e6:.1f} MB")


def wxs(tree: Path, version: str, beside: Path) -> str:
    """The description; file names relative to ``beside``, for wixl knows no others."""
    product = uuid.uuid5(NAMESPACE, f"product {version}")
    names = Names()
    folders = "\n".join(_folder(tree, tree, names, beside, 4))
    settled = "\n".join(_settled(key) for key in KEYS)
    refs = "\n".join(
        f'      <ComponentRef Id="{each}"/>' for each in [*names.components, "c.menu", *map(_component, KEYS)]
    )
    return Template((HERE / "amtsstube.wxs.in").read_text(encoding="utf-8")).substitute(
        product=str(product).upper(),
        upgrade=str(UPGRADE).upper(),
        version=version,
        icon=quoted(os.path.relpath(tree / "amtsstube.ico", beside)),
        menu=_guid("menu"),
        folders=folders,
        settled=settled,
        refs=refs,
    )


class Names:
    """Identifiers of the installer: at most 72 letters, digits, dots and underscores, each once."""

    def __init__(self) -> None:
        self._given: dict[str, str] = {}
        self.components: list[str] = []

    def of(self, kind: str, place: str) -> str:
        """The identifier of a file or folder."""
        name = f"{kind}.{re.sub(r'[^A-Za-z0-9_.]', '_', place)}"
        if len(name) > 60 or self._given.get(name, place) != place:
            name = f"{kind}.{uuid.uuid5(NAMESPACE, place).hex}"
        self._given[name] = place
        return name


def _folder(folder: Path, tree: Path, names: Names, beside: Path, depth: int) -> Iterator[str]:
    indent = "  " * depth
    place = folder.relative_to(tree).as_posix()
    files = sorted(path for path in folder.iterdir() if path.is_file())
    if files:
        component = names.of("c", place)
        names.components.append(component)
        yield f'{indent}<Component Id="{component}" Guid="{_guid("folder " + place)}" Win64="yes">'
        for at, path in enumerate(files):
            inside = path.relative_to(tree).as_posix()
            key = ' KeyPath="yes"' if at == 0 else ""
            source = quoted(os.path.relpath(path, beside))
            name = f'Id="{names.of("f", inside)}" Name={quoted(path.name)}'
            yield f"{indent}  <File {name} Source={source}{key}/>"
        yield f"{indent}</Component>"
    for path in sorted(path for path in folder.iterdir() if path.is_dir()):
        inside = path.relative_to(tree).as_posix()
        yield f'{indent}<Directory Id="{names.of("d", inside)}" Name={quoted(path.name)}>'
        yield from _folder(path, tree, names, beside, depth + 1)
        yield f"{indent}</Directory>"


def _settled(key: PolicyKey) -> str:
    """A policy value from a property of the installation."""
    return (
        f'          <Component Id="{_component(key)}" Guid="{_guid("policy " + key.name)}" Win64="yes">\n'
        f'            <RegistryValue Root="HKLM" Key="{WINDOWS_KEY}\\{key.section}" Name="{key.short}" '
        f'Type="string" Value="[{property_of(key)}]" KeyPath="yes"/>\n'
        f"          </Component>"
    )


def property_of(key: PolicyKey) -> str:
    """The property of the installation that settles a key: OFFICE_PROFILE for office.profile."""
    return key.name.replace(".", "_").upper()


def afterwards() -> list[str]:
    """What wixl cannot say, as SQL."""
    properties = ["WIX_UPGRADE_DETECTED", "WIX_DOWNGRADE_DETECTED", "INSTALLDIR", *map(property_of, KEYS)]
    secure = "UPDATE `Property` SET `Value` = '{}' WHERE `Property` = 'SecureCustomProperties'"
    statements = [secure.format(";".join(properties))]
    attributes = _PERMANENT | _WIN64 | _REGISTRY_KEY_PATH
    change = "UPDATE `Component` SET `Condition` = '{}', `Attributes` = {} WHERE `Component` = '{}'"
    return statements + [change.format(property_of(key), attributes, _component(key)) for key in KEYS]


def digest(tree: Path) -> str:
    """Names the content, so that the same content is the same package."""
    found = hashlib.sha256()
    for path in sorted(path for path in tree.rglob("*") if path.is_file()):
        found.update(f"{path.relative_to(tree).as_posix()}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _component(key: PolicyKey) -> str:
    return f"p.{property_of(key)}"


def _guid(text: str) -> str:
    return str(uuid.uuid5(NAMESPACE, text)).upper()


def _moment(at: str) -> str:
    return subprocess.run(
        ["date", "-u", "-d", at, "+%Y-%m-%d %H:%M:%S"], capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    main()
