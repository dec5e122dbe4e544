"""Entscheidung: the outcome a clerk chose and the draft that carries it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.letter import Letter
from clerk_app.domain.signature import SignatureSummary


class Outcome(StrEnum):
    """Ergebnis der Entscheidung."""

    GRANTED = "granted"
    REFUSED = "refused"
    PARTLY_GRANTED = "partly-granted"


@dataclass(frozen=True)
class FeeItem:
    """Gebührenposition: what for, how much, and by which rule."""

    text: str
    euros: Decimal
    basis: str = ""


@dataclass(frozen=True)
class Wording:
    """What a clerk adds to a letter's template.

    ``provisions`` are Nebenbestimmungen (VwVfG § 36). ``fees`` None takes the template's. ``language`` None
    takes the language of the case; German is always written, another language beside it.
    """

    reasons: str = ""
    template: str | None = None
    provisions: tuple[str, ...] = ()
    fees: tuple[FeeItem, ...] | None = None
    enclosures: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True)
class DraftDecision:
    """Bescheidentwurf: the letter as data, and the state of the case it was made from.

    ``change_token`` is compared again before signing: a case that changed meanwhile is never signed blindly.
    """

    entry_id: EntryId
    case_id: CaseId
    outcome: Outcome
    reasons: str
    letter: Letter
    change_token: str
    created_at: datetime


class FindingLevel(StrEnum):
    """How much a pre-flight finding weighs."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True)
class Finding:
    """One result of the pre-flight check before signing: a code, its blanks, and its weight."""

    code: str
    level: FindingLevel
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class QueuedDecision:
    """A signed decision that waits in the outbox."""

    entry_id: EntryId
    case_id: CaseId
    channel: str | None
    sha256: str
    signature: SignatureSummary
    pdf: bytes
    hold_until: datetime


@dataclass(frozen=True)
class QueuedRequest:
    """A document request that waits in the outbox."""

    entry_id: EntryId
    case_id: CaseId
    channel: str | None
    items: tuple[str, ...]
    due_on: date
    hold_until: datetime
