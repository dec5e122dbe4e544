"""Entscheidung: draft, pre-flight, sign, check the own signature, freeze, queue. In this order, always."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from clerk_app.domain.case import CaseFile
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.decision import (
    DraftDecision,
    Finding,
    FindingLevel,
    Outcome,
    QueuedDecision,
    Wording,
)
from clerk_app.domain.decision_choices import DecisionChoices
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.letter import AppealNotice
from clerk_app.domain.outbox import OutboxKind, Outgoing
from clerk_app.domain.signature import SigningOutlook, Verdict
from clerk_app.usecases.case_work import readable_case
from clerk_app.usecases.draft_rules import (
    ReviewDue,
    end_overtaken,
    never_due,
    overtaken_findings,
    require_signable,
)
from clerk_app.usecases.hearing import hearing_findings
from clerk_app.usecases.ports import (
    CaseDocuments,
    CaseReads,
    Clock,
    Ledger,
    LetterOffice,
    LetterWriter,
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
from clerk_app.usecases.signing_preflight import key_findings, letter_findings
from clerk_app.usecases.standing_in import stand_in_findings

AskPassword = Callable[[], str | None]
_NOTHING_ADDED = Wording()


@dataclass(frozen=True)
class Deciding:
    """Makes decisions. Nothing is sent here: a decision that is signed waits in the outbox."""

    reads: CaseReads
    ledger: Ledger
    documents: CaseDocuments
    letters: LetterOffice
    writer: LetterWriter
    deliverable: Deliverable
    clock: Clock
    take_back: TakeBack
    review_due: ReviewDue = never_due

    def draft(self, case_id: CaseId, outcome: Outcome, wording: Wording = _NOTHING_ADDED) -> DraftDecision:
        """The letter as data, made from the case as it stands now.

        Raises ClerkError CASE_UNKNOWN, CASE_NOT_READABLE, TEMPLATE_UNKNOWN.
        """
        case = readable_case(self.reads, case_id)
        now = self.clock.now()
        wording = wording.tidied()
        letter = self.writer.decision(case, outcome, wording, now)
        return DraftDecision(new_entry_id(), case_id, outcome, wording, letter, case.change_token, now)

    def preview(self, draft: DraftDecision) -> bytes:
        """The unsigned PDF of a draft."""
        return self.letters.render(draft.letter, draft.created_at)

    def preflight(self, draft: DraftDecision, key_reference: str | None = None) -> tuple[Finding, ...]:
        """What stands against signing, worst first. Checked again by ``sign`` whatever a view showed."""
        case = readable_case(self.reads, draft.case_id)
        findings = [*self._blocking(draft, case), *self._warnings(draft, case)]
        return worst_first([*findings, *self._about_key(case, key_reference)])

    def choices(self, case_id: CaseId) -> DecisionChoices:
        """What a clerk may choose from. Raises ClerkError CASE_UNKNOWN, CASE_NOT_READABLE."""
        return self.writer.choices(readable_case(self.reads, case_id), self.clock.now())

    def way(self, case_id: CaseId) -> Way:
        """How the decision would reach the applicant."""
        return way_to(readable_case(self.reads, case_id), self.deliverable, decision=True)

    def sign(
        self,
        draft: DraftDecision,
        ask_password: AskPassword,
        key_reference: str | None = None,
        *,
        at_once: bool = False,
    ) -> QueuedDecision:
        """Signs a draft and queues it.

        Raises ClerkError CASE_ALREADY_DECIDED, CASE_ALREADY_FORWARDED, CASE_CHANGED, REASONS_MISSING,
        PREFLIGHT_FAILED, REVIEW_MISSING when four eyes are due, and what the key brings (SIGNING_…,
        CERTIFICATE_EXPIRED). When it raises, nothing was queued.
        """
        self.unblocked(draft)
        return self.sign_paper(draft, self.preview(draft), ask_password, key_reference, at_once=at_once)

    def sign_paper(
        self,
        draft: DraftDecision,
        paper: bytes,
        ask_password: AskPassword,
        key_reference: str | None = None,
        *,
        at_once: bool = False,
    ) -> QueuedDecision:
        """Signs the paper of a draft as it is and queues it. Raises as ``sign``, and for a draft that was
        fixed DRAFT_NOT_WAITING, DRAFT_CHANGED, REVIEW_OUTDATED."""
        digest = hashlib.sha256(paper).hexdigest()
        case = self.unblocked(draft)
        due = self.review_due(case)
        require_signable(self.reads.fixed_draft(draft.entry_id), case, digest, review_due=due)
        for finding in self._about_key(case, key_reference):
            if finding.level is FindingLevel.BLOCK:
                raise as_error(finding, case)
        demand = self.writer.signing_demand(case)
        pdf, signature = self.letters.sign(paper, key_reference, ask_password, demand)
        if signature.verdict not in (Verdict.VALID, Verdict.VALID_UNTRUSTED):
            # Our own signature does not verify: never let such a paper leave the house.
            raise ClerkError(
                ErrorCode.SIGNATURE_INVALID, {"verdict": signature.verdict.value}, Disposition.BUG
            )
        # Typing a PIN takes its time: what arrived meanwhile counts.
        case = self.unblocked(draft)
        due = self.review_due(case)
        outgoing = self._frozen(draft, case, pdf)
        now = self.clock.now()
        hold_until = self.take_back.hold_until(now, at_once=at_once)
        with self.ledger.transaction("queue decision") as transaction:
            if transaction.decision_of(draft.case_id) is not None:
                raise ClerkError(ErrorCode.CASE_ALREADY_DECIDED, {"case": case.row.case_reference})
            require_signable(transaction.draft(draft.entry_id), case, digest, review_due=due)
            end_overtaken(transaction, draft)
            queue_with_status(transaction, outgoing, ACCOUNT_STATUS[draft.letter.kind], hold_until)
            if any(found.code == "hearing-waived" for found in self._hearing(draft, case)):
                waived = {"reason": draft.wording.no_hearing_reason}
                transaction.append(Act(ActKind.HEARING_WAIVED, draft.case_id, draft.entry_id, waived))
        return QueuedDecision(
            outgoing.entry_id,
            draft.case_id,
            outgoing.channel,
            hashlib.sha256(pdf).hexdigest(),
            signature,
            pdf,
            hold_until,
        )

    def needs_review(self, case_id: CaseId) -> bool:
        """Whether a second clerk must release the decision before it is signed (four-eyes rule)."""
        return self.review_due(readable_case(self.reads, case_id))

    def unblocked(self, draft: DraftDecision) -> CaseFile:
        """The case as it stands now. Raises what stands against signing."""
        case = readable_case(self.reads, draft.case_id)
        for finding in self._blocking(draft, case):
            raise as_error(finding, case)
        return case

    def _frozen(self, draft: DraftDecision, case: CaseFile, pdf: bytes) -> Outgoing:
        filename = f"Bescheid-{case.row.case_reference}.pdf"
        document_id = self.documents.keep(draft.case_id, pdf, filename)
        way = way_to(case, self.deliverable, decision=True)
        return frozen_entry(
            case,
            way,
            postal_address=draft.letter.recipient,
            entry_id=draft.entry_id,
            kind=OutboxKind.DECISION,
            title=draft.letter.subject,
            text=self.writer.message_text(draft.letter),
            created_at=self.clock.now(),
            documents=(as_document(document_id, filename, "application/pdf", pdf),),
            structured={
                "kind": "decision",
                "caseReference": case.row.case_reference,
                "outcome": draft.outcome.value,
                "sha256": hashlib.sha256(pdf).hexdigest(),
                "postReason": way.reason,
            },
            basis=case.basis,
        )

    def _blocking(self, draft: DraftDecision, case: CaseFile) -> list[Finding]:
        block = FindingLevel.BLOCK
        findings = []
        if is_decided(case):
            findings.append(Finding("already-decided", block))
        findings += forwarded_findings(case)
        if case.change_token != draft.change_token:
            findings.append(Finding("case-changed", block))
        # VwVfG § 39 (1): reasons, unless the application is granted in full (§ 39 (2) no. 1).
        if draft.outcome is not Outcome.GRANTED and not draft.wording.reasons:
            findings.append(Finding("reasons-missing", block))
        if not any(isinstance(item, AppealNotice) and item.text.strip() for item in draft.letter.blocks):
            findings.append(Finding("appeal-notice-missing", block))
        findings += incomplete_findings(draft.letter)
        findings += [found for found in self._hearing(draft, case) if found.level is block]
        findings += [found for found in self._as_of_today(draft, case) if found.level is block]
        return findings

    def outlook(self, case_id: CaseId, key_reference: str | None = None) -> SigningOutlook:
        """How a decision in this case would be signed now: by whom, at which level, what is asked for."""
        case = readable_case(self.reads, case_id)
        return self.letters.outlook(self.writer.signing_demand(case), key_reference)

    def _about_key(self, case: CaseFile, key_reference: str | None) -> list[Finding]:
        demand = self.writer.signing_demand(case)
        about_key = key_findings(self.letters.outlook(demand, key_reference), demand, self.clock.now())
        return [*stand_in_findings(case, self.ledger.actor, self.reads.stand_ins(), self.clock), *about_key]

    def _as_of_today(self, draft: DraftDecision, case: CaseFile) -> list[Finding]:
        fresh = self.writer.decision(case, draft.outcome, draft.wording, self.clock.now())
        return letter_findings(draft, fresh)

    def _warnings(self, draft: DraftDecision, case: CaseFile) -> list[Finding]:
        way = way_to(case, self.deliverable, decision=True)
        return [
            *overtaken_findings(self.reads, draft),
            *(found for found in self._hearing(draft, case) if found.level is FindingLevel.WARN),
            *(found for found in self._as_of_today(draft, case) if found.level is FindingLevel.WARN),
            *translation_findings(draft.letter),
            *post_findings(draft.letter, way),
        ]

    def _hearing(self, draft: DraftDecision, case: CaseFile) -> list[Finding]:
        now = self.clock.now()
        duty = self.writer.hearing_duty(case, draft.outcome, draft.wording, now)
        return hearing_findings(case, duty, draft.wording, office_day(now))
