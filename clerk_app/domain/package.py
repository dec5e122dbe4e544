"""Leistungspaket: what a package says of itself, and which one a case goes by.

What a package describes stands in ``service_package``; its format in ``resources/packages/FORMAT.md``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import total_ordering
from types import MappingProxyType

from clerk_app.domain.deadlines import ProcedureLaw
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.localized import Localized

_VERSION = re.compile(r"(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})", re.ASCII)


@total_ordering
@dataclass(frozen=True, slots=True)
class PackageVersion:
    """Version of a package (Semantic Versioning 2.0.0, without pre-release parts)."""

    major: int
    minor: int
    patch: int

    @staticmethod
    def parse(text: str) -> PackageVersion:
        """Raises ValueError for anything but three numbers."""
        found = _VERSION.fullmatch(text)
        if found is None:
            raise ValueError(f"no version: {text!r}")
        return PackageVersion(*map(int, found.groups()))

    def __lt__(self, other: PackageVersion) -> bool:
        return (self.major, self.minor, self.patch) < (other.major, other.minor, other.patch)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


@dataclass(frozen=True, slots=True)
class PackageMark:
    """Which package, exactly: ``sha256`` is the lower-case hex digest of the archive's ``contents.json``."""

    package_id: str
    version: PackageVersion
    sha256: str


@dataclass(frozen=True, slots=True)
class AcceptedSchema:
    """A form the package understands, as ``submissionSchemas`` of a destination name it."""

    uri: str
    media_type: str
    file: str | None = None  # the package's own copy


@dataclass(frozen=True, slots=True)
class AppRange:
    """Programme versions a package goes with: from ``first`` to before ``before`` (None: open)."""

    first: PackageVersion
    before: PackageVersion | None = None

    def holds(self, version: PackageVersion) -> bool:
        """Whether that programme can use the package."""
        return self.first <= version and (self.before is None or version < self.before)


@dataclass(frozen=True)
class Manifest:
    """What a package says of itself. ``unreviewed`` are languages nobody qualified has read."""

    package_id: str
    version: PackageVersion
    title: Localized
    leika_keys: tuple[str, ...]
    schemas: tuple[AcceptedSchema, ...]
    languages: tuple[str, ...]
    unreviewed: tuple[str, ...]
    publisher: str
    changes: str
    app: AppRange
    replaces: tuple[str, ...]
    retention: str


class PackageSource(StrEnum):
    """Where an installed package came from."""

    BUNDLED = "bundled"  # ships with the program and is trusted with it
    FILE = "file"


@dataclass(frozen=True)
class InstalledPackage:
    """A package this office works with. ``leika_keys`` are governed by it for cases that arrive from ``at``
    on; ``signer`` is the publisher's key id (SHA-256 of its public key), None for bundled and unsigned ones.
    """

    mark: PackageMark
    title: Localized
    leika_keys: tuple[str, ...]
    at: datetime
    actor: str
    source: PackageSource
    signer: str | None = None


@dataclass(frozen=True, slots=True)
class PackageFault:
    """What is wrong with a package: where, and why. ``line`` counts from 1, None where no line can be named;
    ``reason`` is a stable word the texts turn into a sentence with ``params``."""

    file: str
    line: int | None
    reason: str
    params: tuple[tuple[str, str], ...] = ()
    warning: bool = False  # worth saying, no reason to refuse

    @property
    def place(self) -> tuple[str, int, str]:
        """For sorting: by file, line and reason."""
        return self.file, self.line or 0, self.reason


class PackageFaultyError(ClerkError):
    """A package is refused; ``faults`` say where and why, all of them."""

    def __init__(self, faults: tuple[PackageFault, ...]) -> None:
        first = faults[0]
        params = {"file": first.file, "line": first.line, "reason": first.reason, "count": len(faults)}
        super().__init__(ErrorCode.PACKAGE_FAULTY, params)
        self.faults = faults


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """Rechtsgrundlage with its time, Land and procedure law (None: any). A ``text`` with a full stop
    stands in letters as a sentence of its own. ``translations`` by language."""

    key: str
    text: str
    valid_from: date
    valid_until: date | None = None
    land: str | None = None
    assumed: bool = False
    law: ProcedureLaw | None = None
    translations: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def holds(self, on: date, land: str | None = None) -> bool:
        """Whether it is in force on that day in that Land."""
        dated = self.valid_from <= on and (self.valid_until is None or on < self.valid_until)
        return dated and (self.land is None or land is None or self.land == land)
