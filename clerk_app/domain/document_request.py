"""Nachforderung: what is missing, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.gaps import GapOrigin, RequestItem, same_words
from clerk_app.domain.wording import tidy


@dataclass(frozen=True)
class DocumentRequest:
    """Nachforderung (VwVfG § 26 (2)): what is missing and the day it is due.

    ``note`` is the clerk's own text after the items, ``enclosures`` what comes with the letter, ``language``
    a second language beside German; None takes the language of the case. ``received`` is what an earlier
    request asked for and what has come; ``reminder`` how often the applicant was asked for one of the items
    before.

    Raises ClerkError ITEMS_MISSING without a single item, DUE_IN_PAST when ``due_on`` is before ``today``.
    """

    items: tuple[RequestItem, ...]
    due_on: date
    note: str = ""
    enclosures: tuple[str, ...] = ()
    language: str | None = None
    received: tuple[str, ...] = ()
    reminder: int = 0

    @staticmethod
    def checked(
        items: Sequence[RequestItem | str], due_on: date, today: date, note: str = ""
    ) -> DocumentRequest:
        """A request that is worth sending: blank items dropped, documents before statements and otherwise in
        order, duplicates and control characters removed."""
        kept: dict[str, RequestItem] = {}
        for each in items:
            item = RequestItem(each) if isinstance(each, str) else each
            text = " ".join(tidy(item.text).split())
            if text:
                kept.setdefault(same_words(text), replace(item, text=text))
        if not kept:
            raise ClerkError(ErrorCode.ITEMS_MISSING)
        if due_on < today:
            raise ClerkError(ErrorCode.DUE_IN_PAST, {"due_on": due_on.isoformat()})
        found = DocumentRequest(tuple(kept.values()), due_on, tidy(note))
        return replace(found, items=(*found.documents, *found.statements))

    @property
    def documents(self) -> tuple[RequestItem, ...]:
        """What is to be sent in."""
        return tuple(item for item in self.items if item.origin is not GapOrigin.STATEMENT)

    @property
    def statements(self) -> tuple[RequestItem, ...]:
        """What is to be told."""
        return tuple(item for item in self.items if item.origin is GapOrigin.STATEMENT)
