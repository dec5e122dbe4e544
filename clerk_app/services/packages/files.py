"""The files of a service package, from a folder or from a ZIP, read without trusting either.

A package is a closed set of small UTF-8 texts (``resources/packages/FORMAT.md``, 1). Whatever does not belong
is refused by name: other files, links, paths that lead out, names that differ by case only, encrypted or
oversized entries. Nothing is ever unpacked to the disk.
"""

from __future__ import annotations

import json
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from struct import error as StructError  # noqa: N812 - it is an exception

from clerk_app.domain.package import FaultReason as R
from clerk_app.domain.package import PackageFault, PackageFaultyError
from clerk_app.services.packages.packing import CONTENTS, SIGNATURE, contents_of, pack

MOST_FILES = 200
LARGEST_FILE_BYTES = 2_000_000
LARGEST_PACKAGE_BYTES = 20_000_000
_LARGEST_ARCHIVE_BYTES = LARGEST_PACKAGE_BYTES + 1_000_000  # the rest is the archive's own bookkeeping

MANIFEST = "package.toml"
FORM = "form.toml"
CHECKS = "checks.toml"
EVIDENCE = "evidence.toml"
LETTERS = "letters.toml"
FEES = "fees.toml"
LISTS = "lists.toml"
SAMPLES = "samples.toml"
BASE = "base.toml"
TOML_FILES = (MANIFEST, FORM, CHECKS, EVIDENCE, LETTERS, FEES, LISTS, SAMPLES)
_ARCHIVE_ONLY = (BASE, CONTENTS, SIGNATURE)

_OWN_JSON = re.compile(r"(samples|schemas)/[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.json", re.ASCII)
_FOLDERS = ("samples/", "schemas/")
_ENTRY_MARK = b"PK\x01\x02"  # begins every entry of a ZIP's directory
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,  # unknown methods, passwords
    StructError,
    ValueError,
    OSError,
)


class PackageFiles(Mapping[str, bytes]):
    """The files by name (``samples/x.json``); ``origin`` is the folder or archive they came from. ``altered``
    says what was changed in a built archive after it was built."""

    def __init__(
        self, files: Mapping[str, bytes], origin: str = "", altered: tuple[PackageFault, ...] = ()
    ) -> None:
        self._files = dict(sorted(files.items()))
        self.origin = origin
        self.altered = altered

    def __getitem__(self, name: str) -> bytes:
        return self._files[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def text(self, name: str) -> str:
        """A file as text. All files of a package that was read are UTF-8."""
        return self._files[name].decode("utf-8")

    def with_file(self, name: str, content: bytes) -> PackageFiles:
        """The same package with one file more, or with another content."""
        return PackageFiles({**self._files, name: content}, self.origin)

    def without(self, *names: str) -> PackageFiles:
        """The same package without those files."""
        return PackageFiles({k: v for k, v in self._files.items() if k not in names}, self.origin)


def read_package(source: Path | bytes, origin: str = "") -> PackageFiles:
    """The files of a package: a folder while it is written, a ZIP when it is handed on.

    :raises PackageFaultyError: something in it does not belong or cannot be read; every such file is named
    """
    if isinstance(source, bytes):
        return _from_zip(source, origin or "ZIP")
    try:
        if source.is_dir():
            return _from_folder(source)
        if source.stat().st_size > _LARGEST_ARCHIVE_BYTES:
            raise _refused(source.name, R.PACKAGE_TOO_LARGE, most=str(LARGEST_PACKAGE_BYTES))
        return _from_zip(source.read_bytes(), source.name)
    except OSError as error:
        raise _refused(source.name, R.PACKAGE_UNREADABLE, detail=error.strerror or "") from error


# -- folder ------------------------------------------------------------------------------------------------


def _from_folder(folder: Path) -> PackageFiles:
    faults: list[PackageFault] = []
    found: dict[str, bytes] = {}
    total = 0
    for number, path in enumerate(sorted(folder.rglob("*"))):
        name = path.relative_to(folder).as_posix()
        if number > MOST_FILES + len(_FOLDERS):
            raise _refused(folder.name, R.TOO_MANY_FILES, most=str(MOST_FILES))
        if path.is_symlink():
            faults.append(PackageFault(name, None, R.FILE_IS_LINK))
        elif path.is_dir():
            if f"{name}/" not in _FOLDERS:
                faults.append(PackageFault(name, None, R.FILE_UNKNOWN))
        elif not path.is_file():
            faults.append(PackageFault(name, None, R.FILE_UNKNOWN))
        elif path.stat().st_size > LARGEST_FILE_BYTES:
            faults.append(PackageFault(name, None, R.FILE_TOO_LARGE, _most(LARGEST_FILE_BYTES)))
        else:
            found[name] = path.read_bytes()
            total += len(found[name])
        if total > LARGEST_PACKAGE_BYTES:
            raise _refused(folder.name, R.PACKAGE_TOO_LARGE, most=str(LARGEST_PACKAGE_BYTES))
    faults += [PackageFault(name, None, R.FILE_ONLY_IN_ARCHIVE) for name in _ARCHIVE_ONLY if name in found]
    return _judged(found, faults, folder.name)


# -- ZIP ---------------------------------------------------------------------------------------------------


def _from_zip(content: bytes, origin: str) -> PackageFiles:
    if len(content) > _LARGEST_ARCHIVE_BYTES:
        raise _refused(origin, R.PACKAGE_TOO_LARGE, most=str(LARGEST_PACKAGE_BYTES))
    if content.count(_ENTRY_MARK) > MOST_FILES + len(_FOLDERS):  # before anything is made of them
        raise _refused(origin, R.TOO_MANY_FILES, most=str(MOST_FILES))
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _count(archive, content)
            found = _entries(archive, origin)
        return PackageFiles(found, origin, tuple(_altered(found, content))) if CONTENTS in found else found
    except _DAMAGE as error:
        raise _refused(origin, R.ARCHIVE_DAMAGED) from error


def _entries(archive: zipfile.ZipFile, origin: str) -> PackageFiles:
    faults: list[PackageFault] = []
    found: dict[str, bytes] = {}
    seen: set[str] = set()
    left = LARGEST_PACKAGE_BYTES
    for entry in archive.infolist():
        name = entry.orig_filename  # zipfile cuts and rewrites names; what stands in the archive is judged
        reason = _entry_fault(entry)
        if reason is None and name.casefold() in seen:
            reason = R.FILE_TWICE
        seen.add(name.casefold())
        if reason is not None:
            faults.append(PackageFault(_shown(name), None, reason))
            continue
        if name in _FOLDERS:
            continue
        with archive.open(entry) as source:  # what the header says of the size is not believed
            content = source.read(min(LARGEST_FILE_BYTES, left) + 1)
        left -= len(content)
        if left < 0:
            raise _refused(origin, R.PACKAGE_TOO_LARGE, most=str(LARGEST_PACKAGE_BYTES))
        if len(content) > LARGEST_FILE_BYTES:
            faults.append(PackageFault(name, None, R.FILE_TOO_LARGE, _most(LARGEST_FILE_BYTES)))
            continue
        found[name] = content
    return _judged(found, faults, origin)


def _count(archive: zipfile.ZipFile, content: bytes) -> None:
    """A directory that ends early, or a second one, must not hide files."""
    if content.count(_ENTRY_MARK) != len(archive.infolist()):
        raise zipfile.BadZipFile("not every entry is listed")


def _altered(files: PackageFiles, content: bytes) -> Iterator[PackageFault]:
    """What differs from the archive as it was built: every byte of it follows from its files."""
    try:
        listed = json.loads(files[CONTENTS])["files"]
        counted = json.loads(contents_of(files))["files"]
        names = sorted({*listed, *counted})
        changed = [name for name in names if listed.get(name) != counted.get(name)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        changed = [CONTENTS]
    yield from (PackageFault(name, None, R.CONTENTS_WRONG) for name in changed)
    if not changed and files[CONTENTS] != contents_of(files):
        yield PackageFault(CONTENTS, None, R.CONTENTS_WRONG)
    if BASE not in files:
        yield PackageFault(BASE, None, R.FILE_MISSING)
    if pack(files) != content:
        yield PackageFault(files.origin, None, R.ARCHIVE_NOT_AS_BUILT)


def _entry_fault(entry: zipfile.ZipInfo) -> str | None:
    name, mode = entry.orig_filename, entry.external_attr >> 16
    if not name.isascii() and not entry.flag_bits & 0x800:
        return R.NAME_NOT_UTF8
    parts = name.removesuffix("/").split("/")
    if "\\" in name or ":" in name or "\0" in name or any(part in ("", ".", "..") for part in parts):
        return R.PATH_LEADS_OUT
    if stat.S_ISLNK(mode):
        return R.FILE_IS_LINK
    if entry.flag_bits & 0x41:  # encrypted, strongly encrypted
        return R.FILE_ENCRYPTED
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return R.COMPRESSION_UNKNOWN
    if name.endswith("/"):
        return None if name in _FOLDERS and not entry.file_size else R.FILE_UNKNOWN
    return None


# -- both --------------------------------------------------------------------------------------------------


def _judged(found: Mapping[str, bytes], faults: list[PackageFault], origin: str) -> PackageFiles:
    names = {name.casefold() for name in found}
    if len(names) < len(found):
        faults += [PackageFault(name, None, R.FILE_TWICE) for name in _by_case(found)]
    for name, content in found.items():
        if name not in TOML_FILES and name not in _ARCHIVE_ONLY and not _OWN_JSON.fullmatch(name):
            faults.append(PackageFault(_shown(name), None, R.FILE_UNKNOWN))
            continue
        line = _line_not_utf8(content)
        if line is not None:
            faults.append(PackageFault(name, line, R.NOT_UTF8))
    if len(found) > MOST_FILES:
        faults.append(PackageFault(origin, None, R.TOO_MANY_FILES, (("most", str(MOST_FILES)),)))
    if faults:
        raise PackageFaultyError(tuple(dict.fromkeys(sorted(faults, key=lambda fault: fault.place))))
    return PackageFiles(found, origin)


def _by_case(names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            yield name
        seen.add(name.casefold())


def _line_not_utf8(content: bytes) -> int | None:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return content.count(b"\n", 0, error.start) + 1
    return None


def _shown(name: str) -> str:
    """A name nobody vouches for, fit for a screen."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:120] or "?"


def _most(count: int) -> tuple[tuple[str, str], ...]:
    return (("most", str(count)),)


def _refused(origin: str, reason: str, **params: str) -> PackageFaultyError:
    return PackageFaultyError((PackageFault(_shown(origin), None, reason, tuple(sorted(params.items()))),))
