"""Aufbewahrung und Aussonderung: until when a case must be kept, and what comes before it is destroyed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from clerk_app.domain.ids import CaseId

#: Years by the class a service package names; None: kept for good.
CLASSES: dict[str, int | None] = {
    "file-5": 5,
    "file-10": 10,
    "tax-10": 10,
    "permit-30": 30,
    "permanent": None,
}


def kept_until(retention: str, closed_on: date, least_years: int = 0) -> date | None:
    """The last day of the class's period; None: never destroyed.

    The period begins with the end of the calendar year in which the file was closed (assumed for every class;
    Aktenordnungen and § 147 (4) AO say so, an office's own plan may say otherwise). ``least_years``: no class
    ends before.
    """
    years = CLASSES.get(retention)
    return None if years is None else date(closed_on.year + max(years, least_years), 12, 31)


@dataclass(frozen=True)
class RetentionLine:
    """A closed case. ``offered_at``: when it was last handed to an archive after its closing.
    ``open_entries``: letters that have not come to their end."""

    case_id: CaseId
    case_reference: str
    service: str
    retention: str
    closed_on: date
    until: date | None
    offered_at: datetime | None
    open_entries: int = 0

    def is_due(self, today: date) -> bool:
        """Whether the period is over."""
        return self.until is not None and self.until < today


def destroyed_digest(rows: list[tuple[object, ...]]) -> str:
    """SHA-256 over what stays of a destroyed case: number, hash, id, time, person, kind, subject per entry.

    The chain can no longer be recomputed where words were taken out; this, itself part of the chain, vouches
    for the rest.
    """
    import hashlib

    from clerk_app.domain.ledger import canonical_json

    return hashlib.sha256(canonical_json([list(row) for row in rows]).encode()).hexdigest()
