"""Prüfen eines Dokuments: its signatures, and whether the decision in it is the recorded one."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from clerk_app.domain.decision_words import differences
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.outbox import OutboxEntry, OutboxKind, OutboxState, OutgoingDocument
from clerk_app.domain.signature import VerificationReport
from clerk_app.domain.verdict import DecisionCheck, Reason
from clerk_app.usecases.ports import CaseDocuments, CaseReads, Ledger

Verifier = Callable[[bytes], VerificationReport]
AttachedDecision = Callable[[bytes], bytes | None]
"""The machine-readable decision inside a document, as it is; None when there is none."""

TextOf = Callable[[bytes], str]
"""The text of a document, from the confined reader. Raises ClerkError."""


@dataclass(frozen=True)
class Verifying:
    """Compares an attached decision with the record, or, without one, with the words around it.

    ``reads``, ``ledger`` and ``documents`` are None where no office is open. ``online`` judges like
    ``verifier`` and asks the authorities whether certificates were revoked; None where there is no way out.
    """

    verifier: Verifier
    attached: AttachedDecision
    text_of: TextOf | None = None
    reads: CaseReads | None = None
    ledger: Ledger | None = None
    documents: CaseDocuments | None = None
    online: Verifier | None = None

    def verify(self, pdf: bytes, *, online: bool = False) -> VerificationReport:
        """Everything that can be said about this document; never raises for what it contains.

        ``online``: a person asked for it; only then anything leaves this machine.
        """
        judge = self.online if online and self.online is not None else self.verifier
        report = judge(pdf)
        decision = report.attached_decision
        if decision is None or not report.signed:
            return report
        recorded = self._recorded(pdf, report)
        if recorded is not None:
            return _by_record(report, same=recorded)
        return self._by_words(pdf, report)

    def _recorded(self, pdf: bytes, report: VerificationReport) -> bool | None:
        """Whether the decision equals what was recorded; None when this office has no record of it."""
        mine = self.attached(pdf)
        found: bool | None = None
        for entry, document in self._issued(report):
            if document.sha256 == report.sha256:
                return True
            kept = self._kept(entry, document)
            if kept is not None:
                theirs = self.attached(kept)
                found = bool(found) or (theirs is not None and _same(mine, theirs))
        return found

    def _issued(self, report: VerificationReport) -> Iterator[tuple[OutboxEntry, OutgoingDocument]]:
        """The documents this office signed in the case the decision names."""
        if self.reads is None or self.ledger is None:
            return
        decision = report.attached_decision or {}
        reference = decision.get("caseReference") or decision.get("case_reference")
        if not isinstance(reference, str):
            return
        for entry in self.reads.outbox():
            if entry.case_reference != reference or entry.kind is OutboxKind.STATUS:
                continue
            if entry.state is OutboxState.WITHDRAWN:
                continue
            try:
                documents = self.ledger.outgoing(entry.entry_id).documents
            except ClerkError:
                continue
            yield from ((entry, document) for document in documents)

    def _kept(self, entry: OutboxEntry, document: OutgoingDocument) -> bytes | None:
        if self.documents is None:
            return None
        try:
            content = self.documents.read(entry.case_id, document.document_id)
        except ClerkError:
            return None
        return content if hashlib.sha256(content).hexdigest() == document.sha256 else None

    def _by_words(self, pdf: bytes, report: VerificationReport) -> VerificationReport:
        if self.text_of is None or report.attached_decision is None:
            return report
        try:
            text = self.text_of(pdf)
        except ClerkError:
            return report
        found = differences(report.attached_decision, text)
        if found is None:
            return report
        if not found:
            return dataclasses.replace(report, decision_check=DecisionCheck.AS_PRINTED, decision_matches=True)
        report = dataclasses.replace(report, decision_check=DecisionCheck.DIFFERS_FROM_PRINT)
        return report.against_decision(Reason.DECISION_CONTRADICTS_LETTER, found)


def _by_record(report: VerificationReport, *, same: bool) -> VerificationReport:
    if same:
        return dataclasses.replace(report, decision_check=DecisionCheck.AS_RECORDED, decision_matches=True)
    report = dataclasses.replace(report, decision_check=DecisionCheck.DIFFERS_FROM_RECORD)
    return report.against_decision(Reason.DECISION_DIFFERS)


def _same(one: bytes | None, other: bytes) -> bool:
    return one is not None and hashlib.sha256(one).digest() == hashlib.sha256(other).digest()
