"""Persons nobody else is called like, and a search for them in every byte a program left behind."""

from __future__ import annotations

import base64
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from clerk_app.sandbox.generator.names import Person

#: What is typed or bears a name carries one of these; nothing else in program, portal or fonts does.
STEM = "Kanarienq"
TYPED = "Zeisigtextq"
_STEMS = tuple(stem.lower().encode() for stem in (STEM, TYPED))
#: Beginnings of documents that lie sealed, never in plain sight; the form's own member names.
_PLAIN = (b"%PDF-", b"\x89PNG\r\n", b"PK\x03\x04", b'"antragsteller"', b"SQLite format 3\x00")
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_MOST_STREAMS, _STREAM_BYTES = 4000, 1 << 16
_LARGE_BYTES = 1 << 25  # a memory image, say: words in plain sight are enough to find


class CanaryPeople:
    """Draws persons with canary names: in the place of the practice portal's own people."""

    def __init__(self, people: Any) -> None:
        self._people = people
        self.drawn = 0

    def draw(self, land: str, postcode: str, city: str) -> Person:
        self.drawn += 1
        name = f"{STEM}{self.drawn:03d}"
        person: Person = self._people.draw(land, postcode, city)
        return replace(
            person,
            given=f"{name}a",
            family=f"{name}",
            birth_name=f"{name}b",
            birth_place=f"{name}stadt",
            street=f"{name}weg",
            email=f"{name}@example.org",
            phone=f"+49 {name}",
            iban=f"DE{name}",
        )


@dataclass(frozen=True)
class Hit:
    """Where something was found that must not lie there."""

    path: str
    how: str


def scan(root: Path, allowed: tuple[str, ...] = ()) -> tuple[int, list[Hit]]:
    """The number of files below ``root`` and what was found in them or in their names.

    ``allowed``: names of folders with what legitimately left the program or never was personal.
    """
    files, hits = 0, []
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if relative.parts[0] in allowed or "/".join(relative.parts[:2]) in allowed:
            continue
        if _named(str(relative).encode("utf-8", "surrogateescape")):
            hits.append(Hit(str(relative), "name"))
        if path.is_file() and not path.is_symlink():
            files += 1
            hits += [Hit(str(relative), how) for how in found_in(path.read_bytes())]
    return files, hits


def found_in(content: bytes) -> set[str]:
    """In which spellings a canary or a plain document stands in ``content``."""
    found = {how for how, spelled in _spellings(content) if _named(spelled)}
    if any(part in content for part in _base64()):
        found.add("base64")
    if any(stem.hex().encode() in content.lower() for stem in (*_STEMS, STEM.encode(), TYPED.encode())):
        found.add("hex")
    found.update(f"plain {mark!r}" for mark in _PLAIN if mark in content)
    return found


def _spellings(content: bytes) -> Iterator[tuple[str, bytes]]:
    yield "text", content
    if len(content) > _LARGE_BYTES:
        return
    yield "wide text", content.replace(b"\x00", b"")
    for at, match in enumerate(_ZLIB.finditer(content)):
        if at >= _MOST_STREAMS:
            break
        unpacked = _inflated(content[match.start() : match.start() + _STREAM_BYTES])
        if unpacked:
            yield "compressed", unpacked
    if content.startswith(b"\x1f\x8b"):
        yield "gzip", zlib.decompressobj(31).decompress(content)


def _inflated(content: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(content, 1 << 22)
    except zlib.error:
        return b""


def _named(content: bytes) -> bool:
    low = content.lower()
    return any(stem in low for stem in _STEMS)


def _base64() -> list[bytes]:
    """The stems at each of the three places they may have in base64, and in all capitals or none."""
    found = []
    for stem in (STEM, TYPED):
        for spelled in (stem.encode(), stem.lower().encode()):
            for before in range(3):
                text = base64.b64encode(b"\x00" * before + spelled)
                found.append(text[4 if before else 0 : len(spelled) * 4 // 3 - 2])
    return found


def members_of(archive: Path) -> bytes:
    """All members of a ZIP file, unpacked."""
    with zipfile.ZipFile(archive) as opened:
        return b"\n".join(opened.read(name) for name in opened.namelist())
