"""Zustellnachweis: gathers what proves a delivery, has a bundle made of it, and records that."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from clerk_app.domain.case import CaseFile
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.ledger import Act, ActKind, LedgerEntry
from clerk_app.domain.outbox import OutboxEntry, OutboxKind, OutboxState, OutgoingDocument
from clerk_app.domain.proof import Proof, ProofMatter, ProofTimes, ProvenDocument
from clerk_app.usecases.case_work import readable_case
from clerk_app.usecases.filed_documents import delivery_log
from clerk_app.usecases.ports import ArrivalLogs, CaseDocuments, CaseReads, Ledger, LetterOffice, ProofMaker

# Acts about the way out only: what colleagues wrote about the draft is nobody else's business.
_SHOWN = frozenset(
    {
        ActKind.QUEUED,
        ActKind.MOVED,
        ActKind.RETRY_ASKED,
        ActKind.SENT_NEVERTHELESS,
        ActKind.POSTED_CORRECTED,
    }
)
_LEFT = frozenset(
    {
        OutboxState.ANNOUNCED.value,
        OutboxState.UPLOADED.value,
        OutboxState.IN_DOUBT.value,
        OutboxState.SUBMITTED.value,
        OutboxState.DELIVERED.value,
        OutboxState.POSTED.value,
    }
)


@dataclass(frozen=True)
class Proving:
    """Makes proof bundles. The same state gives the same bytes, however often it is asked for."""

    reads: CaseReads
    ledger: Ledger
    documents: CaseDocuments
    letters: LetterOffice
    arrivals: ArrivalLogs
    maker: ProofMaker
    office: str
    practice: bool

    def prove(self, case_id: CaseId, sink: BinaryIO, entry_id: EntryId | None = None) -> Proof:
        """Writes the bundle about the case's decision, or about another entry of its outbox.

        Raises ClerkError CASE_UNKNOWN, CASE_NOT_READABLE, ENTRY_UNKNOWN, PROOF_NO_DECISION,
        PROOF_NOTHING_SENT, DOCUMENT_MISSING, DOCUMENT_DAMAGED, LEDGER_DAMAGED; OSError of ``sink``. What
        stands in ``sink`` counts only when this returns.
        """
        case = readable_case(self.reads, case_id)
        if (refusal := why_no_proof(case, entry_id)) is not None:
            raise refusal
        entry = _wanted(case, entry_id)
        made = self.maker.bundle(self._matter(case, entry), sink)
        with self.ledger.transaction("proof") as transaction:
            payload = {"manifest_sha256": made.manifest_sha256}
            transaction.append(Act(ActKind.PROVED, case_id, entry.entry_id, payload))
        return made

    def _matter(self, case: CaseFile, entry: OutboxEntry) -> ProofMatter:
        about = tuple(
            each
            for each in self.ledger.entries(entry.case_id)
            if each.act.subject_id == entry.entry_id and each.act.kind in _SHOWN
        )
        outgoing = self.ledger.outgoing(entry.entry_id)
        documents = tuple(self._proven(entry.case_id, each) for each in outgoing.documents)
        return ProofMatter(
            office=self.office,
            practice=self.practice,
            service=outgoing.service_name,
            entry=entry,
            documents=documents,
            times=_times(entry, documents, about),
            delivery=delivery_log(self.ledger, entry),
            arrivals={
                each.submission_id: self.arrivals.arrival_log(entry.case_id, each.submission_id)
                for each in case.applications
            },
            ledger=about,
        )

    def _proven(self, case_id: CaseId, described: OutgoingDocument) -> ProvenDocument:
        content = self.documents.read(case_id, described.document_id)
        if hashlib.sha256(content).hexdigest() != described.sha256:
            raise ClerkError(
                ErrorCode.DOCUMENT_DAMAGED, {"document_id": described.document_id}, Disposition.GIVE_UP
            )
        return ProvenDocument(described, content, self.letters.verify(content))


def why_no_proof(case: CaseFile, entry_id: EntryId | None = None) -> ClerkError | None:
    """What stands against a proof of the case's decision (or of ``entry_id``); None when nothing does."""
    try:
        entry = _wanted(case, entry_id)
    except ClerkError as error:
        return error
    left = any(
        event.kind == ActKind.MOVED.value
        and event.details.get("entry_id") == entry.entry_id
        and event.details.get("to") in _LEFT
        for event in case.history
    )
    if left:
        return None
    params = {"case": entry.case_reference, "state": entry.state.value}
    return ClerkError(ErrorCode.PROOF_NOTHING_SENT, params)


def _wanted(case: CaseFile, entry_id: EntryId | None) -> OutboxEntry:
    if entry_id is not None:
        for entry in case.outgoing:
            if entry.entry_id == entry_id and entry.kind is not OutboxKind.STATUS:
                return entry
        raise ClerkError(ErrorCode.ENTRY_UNKNOWN, {"entry": entry_id})
    decisions = [
        entry
        for entry in case.outgoing
        if entry.kind is OutboxKind.DECISION and entry.state is not OutboxState.WITHDRAWN
    ]
    if not decisions:
        raise ClerkError(ErrorCode.PROOF_NO_DECISION, {"case": case.row.case_reference})
    return decisions[-1]


def _times(
    entry: OutboxEntry, documents: Sequence[ProvenDocument], about: Sequence[LedgerEntry]
) -> ProofTimes:
    signatures = [each.report.signature for each in documents]
    signed = [each.signing_at for each in signatures if each is not None and each.signing_at is not None]
    posted = next((each for each in reversed(about) if each.act.payload.get("posted_on")), None)
    handed = _last(about, OutboxState.SUBMITTED)
    delivered = entry.receipt is not None and entry.state is OutboxState.DELIVERED
    return ProofTimes(
        signed_at=max(signed, default=None),
        queued_at=next((each.at for each in about if each.act.kind is ActKind.QUEUED), None),
        handed_over_at=handed.at if handed is not None else None,
        delivered_at=entry.receipt.issued_at if entry.receipt is not None and delivered else None,
        posted_on=entry.posted_on,
        posted_by=posted.actor if posted is not None else None,
    )


def _last(about: Sequence[LedgerEntry], to: OutboxState) -> LedgerEntry | None:
    return next((each for each in reversed(about) if each.act.payload.get("to") == to.value), None)
