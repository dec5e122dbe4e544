"""Nachforderung: asking the applicant for what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from clerk_app.domain.decision import QueuedRequest
from clerk_app.domain.document_request import DocumentRequest
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.letter import Letter
from clerk_app.domain.outbox import OutboxKind
from clerk_app.domain.wording import tidy
from clerk_app.usecases.case_work import readable_case
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

    def proposed_due_on(self, case_id: CaseId) -> date:
        """The day the office would propose, by the service's rules."""
        return self.due_dates.request_due_on(readable_case(self.reads, case_id), self.clock.now())

    def preview(self, case_id: CaseId, items: Sequence[str], due_on: date | None = None) -> Letter:
        """The letter as it would be sent."""
        case = readable_case(self.reads, case_id)
        now = self.clock.now()
        due = due_on or self.due_dates.request_due_on(case, now)
        return self.writer.document_request(case, DocumentRequest(tuple(items), due), now)

    def request(
        self,
        case_id: CaseId,
        items: Sequence[str],
        due_on: date | None = None,
        *,
        note: str = "",
        enclosures: Sequence[str] = (),
        language: str | None = None,
        at_once: bool = False,
    ) -> QueuedRequest:
        """Freezes and queues a request.

        Raises ClerkError ITEMS_MISSING, DUE_IN_PAST, CASE_UNKNOWN, CASE_NOT_READABLE,
        LANGUAGE_NOT_OFFERED, or CASE_ALREADY_DECIDED: after a decision nothing may be asked for any more.
        """
        case = readable_case(self.reads, case_id)
        now = self.clock.now()
        due = due_on or self.due_dates.request_due_on(case, now)
        wanted = DocumentRequest.checked(list(items), due, self.due_dates.today(now), note)
        wanted = replace(wanted, enclosures=tuple(filter(None, map(tidy, enclosures))), language=language)
        if is_decided(case):
            raise ClerkError(ErrorCode.CASE_ALREADY_DECIDED, {"case": case.row.case_reference})
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
                "items": [{"text": item} for item in wanted.items],
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
        return QueuedRequest(outgoing.entry_id, case_id, way.channel, wanted.items, wanted.due_on, hold_until)
