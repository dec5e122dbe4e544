"""Post: letters are put together for the printer. Marking them as posted is another act."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import EntryId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.letter import Letter
from clerk_app.domain.outbox import OutboxEntry, OutboxState
from clerk_app.domain.post import PostalLetter, PrintJob
from clerk_app.usecases.ports import CaseDocuments, CaseReads, Clock, Ledger

_ON_PAPER = frozenset({OutboxState.TO_POST, OutboxState.POSTED})


class CoverWriter(Protocol):
    """Writes the sheet with the address (Anschriftenblatt)."""

    def cover_sheet(self, letter: PostalLetter, at: datetime) -> Letter: ...


class PostPress(Protocol):
    """Makes one PDF for the printer of several."""

    def page_count(self, pdf: bytes) -> int: ...

    def bundle(self, letters: Sequence[tuple[Letter, bytes]], at: datetime) -> bytes:
        """Each cover sheet before its document, all in one. Raises LETTER_INCOMPLETE, GLYPH_MISSING."""
        ...


@dataclass(frozen=True)
class PostWork:
    """What a clerk does with letters that go by post."""

    reads: CaseReads
    ledger: Ledger
    documents: CaseDocuments
    covers: CoverWriter
    press: PostPress
    clock: Clock

    def waiting(self) -> tuple[EntryId, ...]:
        """Everything that waits for the post, oldest first."""
        found = [e for e in self.reads.outbox(include_final=False) if e.state is OutboxState.TO_POST]
        return tuple(each.entry_id for each in reversed(found))

    def print_job(self, entry_ids: Sequence[EntryId]) -> PrintJob:
        """Puts these letters together and records that they were printed.

        A single letter that its case has overtaken raises; among several it is left out and named in
        ``held``. Raises ClerkError ENTRY_UNKNOWN, ENTRY_NOT_TO_POST, HELD_CASE_CHANGED (when nothing is left
        to print), DOCUMENT_DAMAGED when a document is not the signed one, LETTER_INCOMPLETE without an
        address.
        """
        now = self.clock.now()
        printed: list[OutboxEntry] = []
        held: list[EntryId] = []
        parts: list[tuple[Letter, bytes]] = []
        for entry_id in entry_ids:
            entry = self._letter(entry_id)
            if entry.state is OutboxState.TO_POST and self._overtaken(entry):
                held.append(entry_id)
                continue
            parts.append(self._part(entry, now))
            printed.append(entry)
        if not parts:
            code = ErrorCode.HELD_CASE_CHANGED if held else ErrorCode.ENTRY_NOT_TO_POST
            raise ClerkError(code, {"entry": held[0]} if held else {})
        pdf = self.press.bundle(parts, now)
        with self.ledger.transaction("print letters") as transaction:
            for entry in printed:
                transaction.append(Act(ActKind.PRINTED, entry.case_id, entry.entry_id))
        pages = self.press.page_count(pdf)
        return PrintJob(pdf, pages, tuple(each.entry_id for each in printed), tuple(held))

    def _letter(self, entry_id: EntryId) -> OutboxEntry:
        entry = self.reads.outbox_entry(entry_id)
        if entry is None:
            raise ClerkError(ErrorCode.ENTRY_UNKNOWN, {"entry": entry_id})
        if entry.state not in _ON_PAPER:
            raise ClerkError(ErrorCode.ENTRY_NOT_TO_POST, {"entry": entry_id, "state": entry.state.value})
        return entry

    def _overtaken(self, entry: OutboxEntry) -> bool:
        case = self.reads.case_file(entry.case_id)
        return case is not None and bool(case.arrived_beside(entry.basis))

    def _part(self, entry: OutboxEntry, now: datetime) -> tuple[Letter, bytes]:
        outgoing = self.ledger.outgoing(entry.entry_id)
        if not outgoing.documents:
            raise ClerkError(ErrorCode.LETTER_INCOMPLETE, {"missing": "document"})
        document = outgoing.documents[0]
        pdf = self.documents.read(entry.case_id, document.document_id)
        if hashlib.sha256(pdf).hexdigest() != document.sha256:
            raise ClerkError(ErrorCode.DOCUMENT_DAMAGED, {"document_id": document.document_id})
        address = outgoing.postal_address or ((outgoing.recipient_name,) if outgoing.recipient_name else ())
        letter = PostalLetter(
            address,
            outgoing.case_reference,
            outgoing.title,
            document.filename,
            document.sha256,
            self.press.page_count(pdf),
        )
        return self.covers.cover_sheet(letter, now), pdf
