"""Reads a package as a receiving system would: with the official schema, and by its own rules."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lxml import etree

X = "{urn:xoev-de:xdomea:schema:3.0.0}"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@lru_cache(maxsize=1)
def schema(shared: Path) -> etree.XMLSchema:
    """The official schema. It names the imported ones by address; the copies beside it are used instead."""
    folder = shared / "reference" / "schemas"

    class Local(etree.Resolver):  # type: ignore[misc]  # lxml has no types
        def resolve(self, url: str, public_id: str, context: object) -> object:
            for name in ("xoev-code.xsd", "latinchars.xsd"):
                if url.endswith(name):
                    (found,) = folder.rglob(name)
                    return self.resolve_filename(str(found), context)
            return None

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Local())
    tree = etree.parse(str(folder / "xdomea-3.0.0" / "xdomea-Nachrichten-AbgabeDurchfuehren.xsd"), parser)
    return etree.XMLSchema(tree)


@lru_cache(maxsize=8)
def code_list(shared: Path, name: str) -> frozenset[str]:
    """The codes of a list."""
    path = shared / "reference" / "schemas" / "xdomea-3.0.0" / "code_lists" / f"{name}.xml"
    rows = etree.parse(str(path)).iter("Row")
    return frozenset(row.findtext("Value/SimpleValue") for row in rows)


@dataclass
class Package:
    """A package that is valid."""

    names: list[str]
    files: dict[str, bytes]
    root: etree._Element

    def texts(self, path: str) -> list[str]:
        return [each.text or "" for each in self.root.iterfind(path.replace("x:", X))]

    def file_of(self, title: str) -> bytes:
        """The primary document of the document (or enclosure) with this subject."""
        for found in self.root.iter(f"{X}Dokument", f"{X}Anlage"):
            if found.findtext(f"{X}AllgemeineMetadaten/{X}Betreff") == title:
                name = found.findtext(f"{X}Version/{X}Format/{X}Primaerdokument/{X}Dateiname")
                return self.files[str(name)]
        raise LookupError(title)


def read_package(path: Path, shared: Path) -> Package:
    """Asserts everything the standard asks of an ``Abgabe.Abgabe.0401`` package."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        files = {name: archive.read(name) for name in names}
    (message,) = [name for name in names if name.endswith("_Abgabe.Abgabe.0401.xml")]
    root = etree.fromstring(files[message])
    official = schema(shared)
    assert official.validate(root), official.error_log
    assert root.prefix == "xdomea"
    process_id = root.findtext(f"{X}Kopf/{X}ProzessID")
    assert message == f"{process_id}_Abgabe.Abgabe.0401.xml"
    named = [each.text for each in root.iter(f"{X}Dateiname")]
    assert sorted([*named, message]) == sorted(names), "every file is named once, and no other is there"
    assert len(set(names)) == len(names)
    for each in named:
        assert UUID.match(each)
        assert re.fullmatch(r"[0-9A-Za-zÀ-ɏ_.-]+", each)
        assert len(each.encode()) < 250
    for where, name in (
        (f"{X}Format/{X}Name", "Dateiformat_1.0"),
        (f"{X}Medium", "Medium_1.0"),
        (f"{X}Vertraulichkeitsstufe", "Vertraulichkeitsstufe_1.0"),
    ):
        for found in root.iterfind(f".//{where}"):
            assert found.findtext("code") in code_list(shared, name)
    ids = [each.text for each in root.iter(f"{X}ID")]
    assert len(set(ids)) == len(ids)
    return Package(names, files, root)
