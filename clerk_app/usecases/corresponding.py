"""Schriftverkehr: hearing, interim notice, forwarding notice, receipt, any letter that decides nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime

from clerk_app.domain.case import CaseFile
from clerk_app.domain.correspondence import (
    CORRESPONDENCE_KINDS,
    Correspondence,
    DraftLetter,
    LetterLanguages,
    QueuedLetter,
)
from clerk_app.domain.decision import Finding, FindingLevel
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.letter import LetterKind
from clerk_app.domain.outbox import OutboxKind, Outgoing
from clerk_app.domain.signature import Verdict
from clerk_app.usecases.case_work import readable_case
from clerk_app.usecases.deciding import AskPassword
from clerk_app.usecases.ports import (
    CaseDocuments,
    CaseReads,
    Clock,
    Ledger,
    LedgerTransaction,
    LetterOffice,
    LetterWriter,
    RequestDueDates,
    as_document,
)
from clerk_app.usecases.preflight import (
    as_error,
    forwarded_findings,
    incomplete_findings,
    post_findings,
    translation_findings,
    worst_first,
)
from clerk_app.usecases.sending import (
    ACCOUNT_STATUS,
    Deliverable,
    TakeBack,
    Way,
    frozen_entry,
    is_decided,
    new_entry_id,
    queue_with_status,
    way_to,
)

FILE_NAMES = {
    LetterKind.HEARING: "Anhoerung",
    LetterKind.INTERIM_NOTICE: "Zwischennachricht",
    LetterKind.FORWARDING_NOTICE: "Abgabenachricht",
    LetterKind.RECEIPT: "Eingangsbestaetigung",
    LetterKind.NOTIFICATION: "Mitteilung",
}
# They speak of an application that is still open; what it says must be what the clerk saw.
_OPEN_CASE_ONLY = frozenset({LetterKind.HEARING, LetterKind.INTERIM_NOTICE, LetterKind.FORWARDING_NOTICE})


def no_password() -> str | None:
    """For letters that are not signed."""
    return None


@dataclass(frozen=True)
class Corresponding:
    """Writes letters that decide nothing and queues them. Nothing is sent here."""

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
        """Until when the office would ask for an answer, by the service's rules."""
        return self.due_dates.request_due_on(readable_case(self.reads, case_id), self.clock.now())

    def languages(self, case_id: CaseId) -> LetterLanguages:
        """In which languages letters of this case may be written, and which one the applicant asked for."""
        return self.writer.languages(readable_case(self.reads, case_id), self.clock.now())

    def way(self, case_id: CaseId) -> Way:
        """How a letter would reach the applicant."""
        return way_to(readable_case(self.reads, case_id), self.deliverable, decision=False)

    def draft(self, case_id: CaseId, wanted: Correspondence) -> DraftLetter:
        """The letter as data, made from the case as it stands now. A hearing without a day gets the proposed
        one.

        Raises ClerkError CASE_UNKNOWN, CASE_NOT_READABLE, LETTER_INCOMPLETE (``missing``: what the clerk must
        add), DUE_NOT_MEANT, DUE_IN_PAST, LANGUAGE_NOT_OFFERED.
        """
        if wanted.kind not in CORRESPONDENCE_KINDS:
            raise ValueError(f"{wanted.kind.value} is no correspondence")
        case = readable_case(self.reads, case_id)
        now = self.clock.now()
        wanted = wanted.tidied()
        if wanted.kind is LetterKind.HEARING and wanted.due_on is None:
            wanted = replace(wanted, due_on=self.due_dates.request_due_on(case, now))
        if wanted.due_on is not None and wanted.due_on < self.due_dates.today(now):
            raise ClerkError(ErrorCode.DUE_IN_PAST, {"due_on": wanted.due_on.isoformat()})
        letter = self.writer.notice(case, wanted, now)
        return DraftLetter(new_entry_id(), case_id, wanted, letter, case.change_token, now)

    def preview(self, draft: DraftLetter) -> bytes:
        """The PDF of a draft, unsigned."""
        return self.letters.render(draft.letter, draft.created_at)

    def preflight(self, draft: DraftLetter) -> tuple[Finding, ...]:
        """What stands against sending, worst first. Checked again by ``send`` whatever a view showed."""
        case = readable_case(self.reads, draft.case_id)
        way = way_to(case, self.deliverable, decision=False)
        findings = [
            *self._blocking(draft, case),
            *translation_findings(draft.letter),
            *post_findings(draft.letter, way, "letter-by-post"),
        ]
        return worst_first(findings)

    def send(
        self,
        draft: DraftLetter,
        ask_password: AskPassword = no_password,
        key_reference: str | None = None,
        *,
        at_once: bool = False,
    ) -> QueuedLetter:
        """Freezes and queues a letter; signs it first when its template has a signature place.

        Raises ClerkError CASE_ALREADY_DECIDED, CASE_ALREADY_FORWARDED, CASE_CHANGED, PREFLIGHT_FAILED, and
        what a key brings. When it raises, nothing was queued.
        """
        outgoing, pdf = self.frozen(draft, ask_password, key_reference)
        hold_until = self.take_back.hold_until(self.clock.now(), at_once=at_once)
        with self.ledger.transaction("queue letter") as transaction:
            self.queue(transaction, draft, outgoing, hold_until)
        return queued_letter(draft, outgoing, pdf, hold_until)

    def frozen(
        self,
        draft: DraftLetter,
        ask_password: AskPassword = no_password,
        key_reference: str | None = None,
    ) -> tuple[Outgoing, bytes]:
        """What ``send`` would queue, with its PDF. Raises as ``send``."""
        self._unblocked(draft)
        pdf = self.preview(draft)
        if draft.letter.is_signed:
            pdf = self._signed(pdf, ask_password, key_reference)
        return self._frozen(draft, self._unblocked(draft), pdf), pdf

    def queue(
        self, transaction: LedgerTransaction, draft: DraftLetter, outgoing: Outgoing, hold_until: datetime
    ) -> None:
        """Queues what ``frozen`` gave, as a part of ``transaction``. Raises ClerkError CASE_ALREADY_DECIDED,
        CASE_ALREADY_FORWARDED for what was faster."""
        kind, case = draft.wanted.kind, {"case": outgoing.case_reference}
        if kind in _OPEN_CASE_ONLY and transaction.decision_of(draft.case_id) is not None:
            raise ClerkError(ErrorCode.CASE_ALREADY_DECIDED, case)
        if _needs_own_case(draft.wanted) and transaction.forwarded_by(draft.case_id) is not None:
            raise ClerkError(ErrorCode.CASE_ALREADY_FORWARDED, case)
        queue_with_status(transaction, outgoing, ACCOUNT_STATUS.get(kind), hold_until)

    def _signed(self, pdf: bytes, ask_password: AskPassword, key_reference: str | None) -> bytes:
        signed, signature = self.letters.sign(pdf, key_reference, ask_password)
        if signature.verdict not in (Verdict.VALID, Verdict.VALID_UNTRUSTED):
            raise ClerkError(
                ErrorCode.SIGNATURE_INVALID, {"verdict": signature.verdict.value}, Disposition.BUG
            )
        return signed

    def _unblocked(self, draft: DraftLetter) -> CaseFile:
        case = readable_case(self.reads, draft.case_id)
        for finding in self._blocking(draft, case):
            raise as_error(finding, case)
        return case

    def _blocking(self, draft: DraftLetter, case: CaseFile) -> list[Finding]:
        findings = []
        if draft.wanted.kind in _OPEN_CASE_ONLY:
            if is_decided(case):
                findings.append(Finding("already-decided", FindingLevel.BLOCK))
            if case.change_token != draft.change_token:
                findings.append(Finding("case-changed", FindingLevel.BLOCK))
        if _needs_own_case(draft.wanted):
            findings += forwarded_findings(case)
        return [*findings, *incomplete_findings(draft.letter)]

    def _frozen(self, draft: DraftLetter, case: CaseFile, pdf: bytes) -> Outgoing:
        wanted = draft.wanted
        filename = f"{FILE_NAMES[wanted.kind]}-{case.row.case_reference}.pdf"
        document_id = self.documents.keep(draft.case_id, pdf, filename)
        way = way_to(case, self.deliverable, decision=False)
        told: dict[str, object] = {
            "kind": draft.letter.facts.get("kind", wanted.kind.value),
            "letter": wanted.kind.value,
            "caseReference": case.row.case_reference,
            "sha256": hashlib.sha256(pdf).hexdigest(),
            "postReason": way.reason,
            "signed": draft.letter.is_signed,
        }
        if wanted.due_on is not None:
            told["dueOn"] = wanted.due_on.isoformat()
        if wanted.authority:
            told["forwardedTo"] = wanted.authority
            told["firstReceivedOn"] = draft.letter.facts.get("firstReceivedOn")
        return frozen_entry(
            case,
            way,
            postal_address=draft.letter.recipient,
            entry_id=draft.entry_id,
            kind=OutboxKind.LETTER,
            title=draft.letter.subject,
            text=self.writer.message_text(draft.letter),
            created_at=self.clock.now(),
            documents=(as_document(document_id, filename, "application/pdf", pdf),),
            structured=told,
            due_on=wanted.answer_due_on,
            basis=case.basis if wanted.kind in _OPEN_CASE_ONLY else (),
        )


def queued_letter(draft: DraftLetter, outgoing: Outgoing, pdf: bytes, hold_until: datetime) -> QueuedLetter:
    """What was queued, in short."""
    return QueuedLetter(
        draft.entry_id,
        draft.case_id,
        draft.wanted.kind,
        outgoing.channel,
        draft.wanted.due_on,
        hashlib.sha256(pdf).hexdigest(),
        pdf,
        hold_until,
    )


def _needs_own_case(wanted: Correspondence) -> bool:
    """Whether the letter says or asks what only the competent authority may: it speaks of an open case, or
    wants an answer."""
    return wanted.kind in _OPEN_CASE_ONLY or wanted.answer_due_on is not None
