"""Entscheidung: the outcome a clerk chose and the draft that carries it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from clerk_app.domain.gaps import GapItem
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.letter import Letter
from clerk_app.domain.signature import SignatureSummary
from clerk_app.domain.wording import tidy


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
    ``no_hearing_reason`` says why nobody was heard before an adverse act (VwVfG § 28 (2) and (3)); it stands
    in the file, not in the letter.
    """

    reasons: str = ""
    template: str | None = None
    provisions: tuple[str, ...] = ()
    fees: tuple[FeeItem, ...] | None = None
    enclosures: tuple[str, ...] = ()
    language: str | None = None
    no_hearing_reason: str = ""

    def tidied(self) -> Wording:
        """The same without control characters and without items nobody filled in."""
        return replace(
            self,
            reasons=tidy(self.reasons),
            provisions=_kept(self.provisions),
            fees=None if self.fees is None else tuple(fee for fee in map(_tidy_fee, self.fees) if fee.text),
            enclosures=_kept(self.enclosures),
            no_hearing_reason=tidy(self.no_hearing_reason),
        )

    def payload(self) -> dict[str, object]:
        """As JSON, for the ledger; ``from_payload`` reads it back."""
        fees = None
        if self.fees is not None:
            fees = [{"text": fee.text, "euros": str(fee.euros), "basis": fee.basis} for fee in self.fees]
        return {
            "reasons": self.reasons,
            "template": self.template,
            "provisions": list(self.provisions),
            "fees": fees,
            "enclosures": list(self.enclosures),
            "language": self.language,
            "no_hearing_reason": self.no_hearing_reason,
        }

    @staticmethod
    def from_payload(payload: Mapping[str, object]) -> Wording:
        """The wording a draft kept; older drafts kept the reasons only. What cannot be read is left out."""
        fees = payload.get("fees")
        return Wording(
            reasons=_text(payload.get("reasons")),
            template=_text(payload.get("template")) or None,
            provisions=_texts(payload.get("provisions")),
            fees=tuple(_read_fees(fees)) if isinstance(fees, list | tuple) else None,
            enclosures=_texts(payload.get("enclosures")),
            language=_text(payload.get("language")) or None,
            no_hearing_reason=_text(payload.get("no_hearing_reason")),
        )


def _kept(items: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text for text in map(tidy, items) if text)


def _tidy_fee(fee: FeeItem) -> FeeItem:
    return FeeItem(tidy(fee.text), fee.euros, tidy(fee.basis))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(filter(None, map(_text, value))) if isinstance(value, list | tuple) else ()


def _read_fees(items: list[object] | tuple[object, ...]) -> list[FeeItem]:
    found = []
    for item in items:
        if isinstance(item, Mapping):
            try:
                euros = Decimal(_text(item.get("euros")))
            except InvalidOperation:
                continue
            found.append(FeeItem(_text(item.get("text")), euros, _text(item.get("basis"))))
    return found


@dataclass(frozen=True)
class DraftDecision:
    """Bescheidentwurf: the letter as data, and the state of the case it was made from.

    ``change_token`` is compared again before signing: a case that changed meanwhile is never signed blindly.
    """

    entry_id: EntryId
    case_id: CaseId
    outcome: Outcome
    wording: Wording
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
    here: tuple[GapItem, ...] = ()
