"""What differs between two versions of a service package, value by value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clerk_app.domain.differences import ChangeKind


class PackagePart(StrEnum):
    """What a change is about."""

    MANIFEST = "manifest"
    SCHEMA = "schema"
    PROCEDURE = "procedure"
    DEADLINES = "deadlines"
    LEGAL_BASIS = "legal-basis"
    VIEW = "view"  # order, what letters repeat, where the language stands
    LABEL = "label"
    GROUP = "group"
    FORMAT = "format"
    VALUE = "value"
    PERSON = "person"
    CHECK = "check"
    RULE = "rule"
    EVIDENCE = "evidence"
    TEMPLATE = "template"
    NOTICE = "notice"
    BLOCK = "block"
    FEE = "fee"
    LIST = "list"
    NUMBER = "number"
    SAMPLE = "sample"
    FILE = "file"  # a schema's copy or a sample's form


@dataclass(frozen=True, slots=True)
class PackageChange:
    """One difference. ``name`` says which of its kind (an id, a path); dated entries add their Land and first
    day. ``field`` is the key below it that changed (``warning.de``), empty when the whole thing came or went.
    ``before`` and ``after`` are as the package writes them. ``of_base``: the common base changed, not the
    package itself."""

    part: PackagePart
    name: str
    kind: ChangeKind
    field: str = ""
    before: str = ""
    after: str = ""
    of_base: bool = False
