"""Nachforderung: what is missing, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.wording import tidy


@dataclass(frozen=True)
class DocumentRequest:
    """Nachforderung (VwVfG § 26 (2)): what is missing and the day it is due.

    ``note`` is the clerk's own text after the items, ``enclosures`` what comes with the letter, ``language``
    a second language beside German; None takes the language of the case.

    Raises ClerkError ITEMS_MISSING without a single item, DUE_IN_PAST when ``due_on`` is before ``today``.
    """

    items: tuple[str, ...]
    due_on: date
    note: str = ""
    enclosures: tuple[str, ...] = ()
    language: str | None = None

    @staticmethod
    def checked(
        items: list[str] | tuple[str, ...], due_on: date, today: date, note: str = ""
    ) -> DocumentRequest:
        """A request that is worth sending: blank items dropped, order kept, duplicates and control
        characters removed."""
        kept = tuple(dict.fromkeys(item for item in (" ".join(tidy(each).split()) for each in items) if item))
        if not kept:
            raise ClerkError(ErrorCode.ITEMS_MISSING)
        if due_on < today:
            raise ClerkError(ErrorCode.DUE_IN_PAST, {"due_on": due_on.isoformat()})
        return DocumentRequest(kept, due_on, tidy(note))
