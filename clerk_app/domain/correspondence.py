"""Schriftverkehr: letters that decide nothing, from the clerk's wish to the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.letter import Letter, LetterKind
from clerk_app.domain.wording import tidy

CORRESPONDENCE_KINDS = (
    LetterKind.HEARING,
    LetterKind.INTERIM_NOTICE,
    LetterKind.FORWARDING_NOTICE,
    LetterKind.RECEIPT,
    LetterKind.NOTIFICATION,
)
"""The kinds a clerk writes as correspondence: decisions and document requests have acts of their own."""

ASKING_KINDS = frozenset({LetterKind.DOCUMENT_REQUEST, LetterKind.HEARING, LetterKind.NOTIFICATION})
"""Kinds whose due date is the applicant's; any other date in a letter is what the office promises."""


@dataclass(frozen=True)
class Correspondence:
    """What a clerk wants to write. ``authority`` is where a forwarded application went, with its address;
    ``first_received_on`` the day it first reached an authority, None: the day it reached this one.
    ``language`` None takes the language of the case."""

    kind: LetterKind
    text: str = ""
    due_on: date | None = None
    authority: str = ""
    enclosures: tuple[str, ...] = ()
    language: str | None = None
    first_received_on: date | None = None

    def tidied(self) -> Correspondence:
        """The same without control characters and blank items."""
        return replace(
            self,
            text=tidy(self.text),
            authority=tidy(self.authority),
            enclosures=tuple(text for text in map(tidy, self.enclosures) if text),
        )

    def payload(self) -> dict[str, object]:
        """As JSON, for the ledger; ``from_payload`` reads it back."""
        return {
            "letter": self.kind.value,
            "text": self.text,
            "due_on": _as_text(self.due_on),
            "authority": self.authority,
            "enclosures": list(self.enclosures),
            "language": self.language,
            "first_received_on": _as_text(self.first_received_on),
        }

    @staticmethod
    def from_payload(payload: Mapping[str, object]) -> Correspondence | None:
        """What a draft kept; None when its kind is none of ours. Other parts that cannot be read are left
        out."""
        kind = next((kind for kind in CORRESPONDENCE_KINDS if kind.value == payload.get("letter")), None)
        if kind is None:
            return None
        listed = payload.get("enclosures")
        language = payload.get("language")
        return Correspondence(
            kind,
            str(payload.get("text") or ""),
            _as_day(payload.get("due_on")),
            str(payload.get("authority") or ""),
            tuple(str(text) for text in listed) if isinstance(listed, list | tuple) else (),
            language if isinstance(language, str) else None,
            _as_day(payload.get("first_received_on")),
        )

    @property
    def answer_due_on(self) -> date | None:
        """Until when the applicant is asked to answer; None when nothing is asked."""
        return self.due_on if self.kind in ASKING_KINDS else None


def _as_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _as_day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


@dataclass(frozen=True)
class LetterLanguages:
    """Sprachen of a case's letters: what may stand beside German here, and what the applicant asked for."""

    offered: tuple[str, ...] = ()  # BCP 47
    wished: str | None = None


@dataclass(frozen=True)
class DraftLetter:
    """Entwurf of a letter that decides nothing."""

    entry_id: EntryId
    case_id: CaseId
    wanted: Correspondence
    letter: Letter
    change_token: str
    created_at: datetime


@dataclass(frozen=True)
class QueuedLetter:
    """A letter that waits in the outbox."""

    entry_id: EntryId
    case_id: CaseId
    kind: LetterKind
    channel: str | None
    due_on: date | None
    sha256: str
    pdf: bytes
    hold_until: datetime

    @property
    def asks(self) -> bool:
        """Whether the applicant is asked to answer."""
        return self.due_on is not None and self.kind in ASKING_KINDS
