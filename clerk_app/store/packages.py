"""Regal der Leistungspakete: archives by the hash of their content, and the register the ledger keeps.

Packages hold nothing personal and lie open; that nobody changed them is proven by the hash in the ledger.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.localized import Localized
from clerk_app.domain.package import InstalledPackage, PackageMark, PackageSource, PackageVersion
from clerk_app.domain.package_register import NO_PACKAGES, PackageRegister
from clerk_app.store import sealed
from clerk_app.store.connection import Connection, Row
from clerk_app.store.encoding import from_json, read_time

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_COLUMNS = "package_id, version, sha256, title, leika_keys, at, actor, source, signer"


class PackageFiles:
    """The folder of archives; safe for all threads."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        self._folder = folder
        self._scratch = scratch

    def read(self, mark: PackageMark) -> bytes:
        """See ``PackageShelf.archive``."""
        try:
            return self._path(mark).read_bytes()
        except OSError as error:
            params = {"package": mark.package_id, "version": str(mark.version)}
            raise ClerkError(ErrorCode.PACKAGE_MISSING, params, Disposition.ASK_CLERK) from error

    def holds(self, mark: PackageMark) -> bool:
        """See ``PackageShelf.holds``."""
        return self._path(mark).is_file()

    def keep(self, mark: PackageMark, content: bytes) -> None:
        """See ``PackageShelf.keep``. An archive that is there is replaced: it may be damaged."""
        path = self._path(mark)
        sealed.private_directory(self._folder)
        part = sealed.part_path(path, self._scratch)
        try:
            descriptor = os.open(
                part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
            )
            with os.fdopen(descriptor, "wb") as sink:
                sink.write(content)
                sink.flush()
                os.fsync(sink.fileno())
            part.replace(path)
            sealed.sync_directory(self._folder)
        except OSError as error:
            raise sealed.disk_error(error) from error
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)

    def _path(self, mark: PackageMark) -> Path:
        if _SHA256.fullmatch(mark.sha256) is None:
            raise ValueError("no SHA-256")
        return self._folder / f"{mark.sha256}.zip"


class StoredPackages:
    """Implements ``usecases.package_ports.PackageShelf``. One object per thread."""

    def __init__(self, connection: Connection, files: PackageFiles) -> None:
        self._connection = connection  # of the ledger, for reading
        self._files = files
        self._read_up_to = 0
        self._register = NO_PACKAGES

    def register(self) -> PackageRegister:
        """See PackageShelf. The table only grows: its last number says whether there is anything new."""
        last = int(self._connection.value("SELECT coalesce(max(sequence), 0) FROM installed_package"))
        if last != self._read_up_to:
            rows = self._connection.rows(
                f"SELECT {_COLUMNS} FROM installed_package WHERE sequence <= ? ORDER BY sequence",  # noqa: S608
                (last,),
            )
            self._register = PackageRegister(tuple(map(_installed, rows)))
            self._read_up_to = last
        return self._register

    def moved(self) -> Mapping[CaseId, PackageMark]:
        """See PackageShelf."""
        rows = self._connection.rows("SELECT package_id, version, sha256, case_id FROM case_package")
        return {CaseId(row[3]): _mark(row[:3]) for row in rows}

    def archive(self, mark: PackageMark) -> bytes:
        """See PackageShelf."""
        return self._files.read(mark)

    def holds(self, mark: PackageMark) -> bool:
        """See PackageShelf."""
        return self._files.holds(mark)

    def keep(self, mark: PackageMark, content: bytes) -> None:
        """See PackageShelf."""
        self._files.keep(mark, content)

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()


def moved_to(connection: Connection, case_id: str, schema: str = "ledger") -> PackageMark | None:
    """The version a clerk moved the case to."""
    row = connection.one(
        f"SELECT package_id, version, sha256 FROM {schema}.case_package WHERE case_id = ?",  # noqa: S608
        (case_id,),
    )
    return None if row is None else _mark(row)


def _installed(row: Row) -> InstalledPackage:
    return InstalledPackage(
        _mark(row[:3]),
        Localized(cast("Mapping[str, str]", from_json(row[3]))),
        tuple(cast("list[str]", from_json(row[4]))),
        read_time(row[5]),
        row[6],
        PackageSource(row[7]),
        row[8],
    )


def _mark(row: Row) -> PackageMark:
    return PackageMark(row[0], PackageVersion.parse(row[1]), row[2])
