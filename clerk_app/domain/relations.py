"""Dubletten- und Verlaufsradar: other local cases that have something to do with this one, and why.

It explains and never blocks, and what it knows never leaves the machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clerk_app.domain.case import CaseRow


class RelationKind(StrEnum):
    """Why two cases belong together."""

    SAME_PERSON = "same-person"  # search form of the name and date of birth
    SAME_NAME = "same-name"  # search form of the name; one of them has no date of birth
    SAME_ADDRESS = "same-address"  # search form of street, house number and postcode
    SAME_ATTACHMENT = "same-attachment"  # SHA-512 of a document


@dataclass(frozen=True, slots=True)
class Relation:
    """One reason. ``detail`` is what they share, as it was written: a name, an address, file names."""

    kind: RelationKind
    detail: str


@dataclass(frozen=True)
class RelatedCase:
    """Another case with every reason, strongest first. ``same_service``: it may be the same application
    twice; otherwise it is history."""

    row: CaseRow
    relations: tuple[Relation, ...]
    same_service: bool
