"""Nachforderung: asking the applicant for what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from clerk_app.domain.case import CaseFile
from clerk_app.domain.decision import QueuedRequest
from clerk_app.domain.document_request import DocumentRequest
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.gaps import AskedBefore, GapItem, GapList, RequestItem, reminder_level
from clerk_app.domain.ids import CaseId
from clerk_app.domain.letter import Letter
from clerk_app.domain.outbox import OutboxKind
from clerk_app.domain.wording import tidy
from clerk_app.usecases.case_work import readable_case
from clerk_app.usecases.gap_ports import GapReader
from clerk_app.usecases.ports import (
    CaseDocuments,
    CaseReads,
    Clock,
    Ledger,
    LetterOffice,
    LetterWriter,
    RequestDueDates,
    as_document,
)
from clerk_app.usecases.sending import (
    ACCOUNT_STATUS,
    Deliverable,
    TakeBack,
    frozen_entry,
    is_decided,
    new_entry_id,
    queue_with_status,
    require_ours,
    way_to,
)


@dataclass(frozen=True)
class Requesting:
    """Queues document requests. The letter is made and kept even when it travels as a message."""

    reads: CaseReads
    ledger: Ledger
    documents: CaseDocuments
    letters: LetterOffice
    writer: LetterWriter
    due_dates: RequestDueDates
    deliverable: Deliverable
    clock: Clock
    take_back: TakeBack
    gaps: GapReader

    def proposed_due_on(self, case_id: CaseId) -> date:
        """The day the office would propose, by the service's rules."""
        return self.due_dates.request_due_on(readable_case(self.reads, case_id), self.clock.now())

    def preview(
        self, case_id: CaseId, items: Sequence[GapItem | str], due_on: date | None = None, *, note: str = ""
    ) -> Letter:
        """The letter as it would be sent. Raises ClerkError as ``request``."""
        case = readable_case(self.reads, case_id)
        now = self.clock.now()
        return self.writer.document_request(case, self._wanted(case, items, due_on, note, now), now)

    def asked_before(self, case_id: CaseId, items: Sequence[GapItem | str]) -> AskedBefore:
        """What a clerk should know before sending. Raises ClerkError CASE_UNKNOWN, CASE_NOT_READABLE."""
        case = readable_case(self.reads, case_id)
        now = self.clock.now()
        return self._asked_before(self.gaps.gaps(case, now), items, now)

    def request(
        self,
        case_id: CaseId,
        items: Sequence[GapItem | str],
        due_on: date | None = None,
        *,
        note: str = "",
        enclosures: Sequence[str] = (),
        language: str | None = None,
        at_once: bool = False,
        again: bool = False,
    ) -> QueuedRequest:
        """Freezes and queues a request. Items are what the gap list misses, or a clerk's own words; words
        that name something the service knows become that. ``again`` reminds on purpose.

        Raises ClerkError ALREADY_ASKED when all of it is awaited, the answer is not due yet, and nobody said
        ``again``. Raises ClerkError ITEMS_MISSING, DUE_IN_PAST, CASE_UNKNOWN, CASE_NOT_READABLE,
        LANGUAGE_NOT_OFFERED, CASE_ALREADY_DECIDED or CASE_ALREADY_FORWARDED: then nothing may be asked for
        any more.
        """
        case = readable_case(self.reads, case_id)
        now = self.clock.now()
        wanted = self._wanted(case, items, due_on, note, now)
        wanted = replace(wanted, enclosures=tuple(filter(None, map(tidy, enclosures))), language=language)
        if is_decided(case):
            raise ClerkError(ErrorCode.CASE_ALREADY_DECIDED, {"case": case.row.case_reference})
        require_ours(case)
        before = self._asked_before(self.gaps.gaps(case, now), items, now)
        if before.due_on is not None and not again:
            named = ", ".join(item.text for item in wanted.items)
            asked = {"due_on": before.due_on.isoformat(), "items": named}
            raise ClerkError(ErrorCode.ALREADY_ASKED, {"case": case.row.case_reference, **asked})
        letter = self.writer.document_request(case, wanted, now)
        pdf = self.letters.render(letter, now)
        filename = f"Nachforderung-{case.row.case_reference}.pdf"
        document = as_document(self.documents.keep(case_id, pdf, filename), filename, "application/pdf", pdf)
        way = way_to(case, self.deliverable, decision=False)
        outgoing = frozen_entry(
            case,
            way,
            postal_address=letter.recipient,
            entry_id=new_entry_id(),
            kind=OutboxKind.DOCUMENT_REQUEST,
            title=letter.subject,
            text=self.writer.message_text(letter),
            created_at=now,
            documents=(document,),
            structured={
                "kind": "documentRequest",
                "caseReference": case.row.case_reference,
                "dueOn": wanted.due_on.isoformat(),
                "items": [item.frozen() for item in wanted.items],
                **({"reminder": wanted.reminder} if wanted.reminder else {}),
                "postReason": way.reason,
            },
            due_on=wanted.due_on,
            basis=case.basis,
        )
        hold_until = self.take_back.hold_until(now, at_once=at_once)
        with self.ledger.transaction("queue document request") as transaction:
            if transaction.decision_of(case_id) is not None:
                raise ClerkError(ErrorCode.CASE_ALREADY_DECIDED, {"case": case.row.case_reference})
            queue_with_status(transaction, outgoing, ACCOUNT_STATUS[letter.kind], hold_until)
        texts = tuple(item.text for item in wanted.items)
        return QueuedRequest(
            outgoing.entry_id, case_id, way.channel, texts, wanted.due_on, hold_until, before.here
        )

    def _asked_before(self, found: GapList, items: Sequence[GapItem | str], now: datetime) -> AskedBefore:
        said = [each for each in items if isinstance(each, GapItem) or tidy(each).strip()]
        known = [_meant(found, each) for each in said]
        here = {item.gap_id: item for item in known if item is not None and not item.is_open}
        early = bool(known) and found.premature(known, self.due_dates.today(now))
        return AskedBefore(tuple(here.values()), found.answer_due_on if early else None)

    def _wanted(
        self, case: CaseFile, items: Sequence[GapItem | str], due_on: date | None, note: str, now: datetime
    ) -> DocumentRequest:
        """The request with what the gap list knows: which item a clerk's words mean, what has come, how often
        it was asked for."""
        found = self.gaps.gaps(case, now)
        named: list[RequestItem] = []
        known: list[GapItem] = []
        for each in items:
            item = _meant(found, each)
            known += [item] if item is not None else []
            named.append(RequestItem(str(each)) if item is None else RequestItem.of(item))
        due = due_on or self.due_dates.request_due_on(case, now)
        wanted = DocumentRequest.checked(named, due, self.due_dates.today(now), note)
        asked_again = {item.gap_id for item in known}
        received = tuple(item.text for item in found.received if item.gap_id not in asked_again)
        return replace(wanted, received=received, reminder=reminder_level(known))


def _meant(found: GapList, said: GapItem | str) -> GapItem | None:
    """The item as the list has it now; None for words of the clerk's own."""
    if isinstance(said, str):
        return found.worded(said)
    every = (*found.items, *found.rest)
    return next((each for each in every if each.gap_id == said.gap_id), said)
