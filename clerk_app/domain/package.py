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


class FaultReason(StrEnum):
    """Why a package, or something in it, is refused: stable words that texts turn into sentences. Rules have
    reasons of their own (``RuleReason``), written with ``rule-`` before them."""

    # the files
    PACKAGE_UNREADABLE = "package-unreadable"
    PACKAGE_TOO_LARGE = "package-too-large"
    TOO_MANY_FILES = "too-many-files"
    ARCHIVE_DAMAGED = "archive-damaged"
    ARCHIVE_NOT_AS_BUILT = "archive-not-as-built"
    CONTENTS_WRONG = "contents-wrong"
    PATH_LEADS_OUT = "path-leads-out"
    NAME_NOT_UTF8 = "name-not-utf-8"
    FILE_UNKNOWN = "file-unknown"
    FILE_MISSING = "file-missing"
    FILE_UNUSED = "file-unused"
    FILE_TWICE = "file-twice"
    FILE_IS_LINK = "file-is-link"
    FILE_ENCRYPTED = "file-encrypted"
    FILE_TOO_LARGE = "file-too-large"
    FILE_ONLY_IN_ARCHIVE = "file-only-in-archive"
    COMPRESSION_UNKNOWN = "compression-unknown"
    NOT_UTF8 = "not-utf-8"
    NOT_TOML = "not-toml"
    NOT_JSON = "not-json"
    # the shape
    KEY_UNKNOWN = "key-unknown"
    KEY_MISSING = "key-missing"
    KEY_MALFORMED = "key-malformed"
    GERMAN_MISSING = "german-missing"
    TYPE_WRONG = "type-wrong"
    DATE_WRONG = "date-wrong"
    VALUE_NOT_ALLOWED = "value-not-allowed"
    VALUE_MALFORMED = "value-malformed"
    TEXT_EMPTY = "text-empty"
    TEXT_TOO_LONG = "text-too-long"
    LIST_EMPTY = "list-empty"
    LIST_REPEATS = "list-repeats"
    NUMBER_OUT_OF_RANGE = "number-out-of-range"
    ENTRY_UNUSABLE = "entry-unusable"
    # the meaning
    APP_INCOMPATIBLE = "app-incompatible"
    RANGE_EMPTY = "range-empty"
    DUPLICATE = "duplicate"
    LANGUAGE_UNDECLARED = "language-undeclared"
    LANGUAGE_MISSING = "language-missing"
    REPLACES_ITSELF = "replaces-itself"
    APPEAL_UNKNOWN = "appeal-unknown"
    SCHEMA_INVALID = "schema-invalid"
    SCHEMA_TOO_LARGE = "schema-too-large"
    EVIDENCE_UNKNOWN = "evidence-unknown"
    LEGAL_BASIS_UNKNOWN = "legal-basis-unknown"
    LEGAL_BASIS_NOT_IN_LAND = "legal-basis-not-in-land"
    FEE_UNKNOWN = "fee-unknown"
    FEE_NOT_IN_LAND = "fee-not-in-land"
    DATES_REVERSED = "dates-reversed"
    DATES_OVERLAP = "dates-overlap"
    DATES_GAP = "dates-gap"
    BLANK_UNKNOWN = "blank-unknown"
    BLANK_MALFORMED = "blank-malformed"
    PATH_UNKNOWN = "path-unknown"
    LABEL_MISSING = "label-missing"
    # the samples
    SAMPLES_TOO_FEW = "samples-too-few"
    SAMPLE_NOT_VALID = "sample-not-valid"
    SAMPLE_WARNINGS = "sample-warnings"
    SAMPLE_MISSING = "sample-missing"
    SAMPLE_TEMPLATE_UNKNOWN = "sample-template-unknown"
    SAMPLE_CHECK_UNKNOWN = "sample-check-unknown"
    SAMPLE_BLANK = "sample-blank"
    SAMPLE_FAILED = "sample-failed"
    # worth a second look
    CHECK_SILENT = "check-silent"
    CHECK_NEVER_OPEN = "check-never-open"
    LIST_IN_ONE_LAND = "list-in-one-land"
    BURDEN_WITHOUT_HEARING = "burden-without-hearing"


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


_UNREAD = (FaultReason.NOT_TOML, FaultReason.NOT_JSON)


class PackageFaultyError(ClerkError):
    """A package is refused; ``faults`` say where and why, all of them, hints too. Hints are not counted.

    ``first`` is what it is refused for: a file nobody can read before everything else. ``about`` are more
    params, ``code`` another one for those who write packages.
    """

    def __init__(
        self,
        faults: tuple[PackageFault, ...],
        about: Mapping[str, object] | None = None,
        code: ErrorCode = ErrorCode.PACKAGE_FAULTY,
    ) -> None:
        serious = [fault for fault in faults if not fault.warning] or list(faults)
        first = next((fault for fault in serious if fault.reason in _UNREAD), serious[0])
        params = {"file": first.file, "line": first.line, "reason": first.reason, "count": len(serious)}
        super().__init__(code, {**(about or {}), **params})
        self.faults = faults
        self.first = first


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
