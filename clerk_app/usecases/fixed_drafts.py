"""Festgeschriebene Entwürfe: what the signature folder and the review share."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from clerk_app.domain.case import CaseFile
from clerk_app.domain.decision import DraftDecision, Wording
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.folder import DraftPlace, EndReason, FrozenDraft, WaitingDraft
from clerk_app.domain.ids import EntryId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.usecases.deciding import Deciding
from clerk_app.usecases.draft_rules import drafted_by
from clerk_app.usecases.ports import CaseDocuments, CaseReads, Ledger, LedgerTransaction


@dataclass(frozen=True)
class FixedDrafts:
    """Fixes drafts to the byte, shows them, and gives them back.

    What people look at, release and sign is one paper, kept sealed in the case; its hash names it.
    """

    reads: CaseReads
    ledger: Ledger
    documents: CaseDocuments
    deciding: Deciding

    def fix(self, draft: DraftDecision, place: DraftPlace) -> WaitingDraft:
        """Renders the draft, seals the paper and lays it down at ``place``.

        A fixed draft of the same case that is worth nothing any more makes room. Raises ClerkError as
        ``Deciding.sign`` for what stands against signing, DRAFT_ALREADY_WAITING, and for the folder
        REVIEW_MISSING when four eyes are due.
        """
        case = self.deciding.unblocked(draft)
        reference = case.row.case_reference
        if place is DraftPlace.FOLDER and self.deciding.review_due(case):
            raise ClerkError(ErrorCode.REVIEW_MISSING, {"case": reference})
        paper = self.deciding.preview(draft)
        frozen = FrozenDraft(
            draft=draft,
            document_id=self.documents.keep(draft.case_id, paper, f"Entwurf-{reference}.pdf"),
            sha256=hashlib.sha256(paper).hexdigest(),
            authors=tuple(sorted(drafted_by(case) | {self.ledger.actor})),
            case_reference=reference,
            service=case.row.service,
            recipient_name=case.row.applicant,
        )
        with self.ledger.transaction("fix draft") as transaction:
            other = transaction.draft_of(draft.case_id)
            if other is not None and (why := why_worthless(other, draft.change_token)) is not None:
                _give_back(transaction, other, why)
            if not _is_saved(case, draft):
                transaction.append(Act(ActKind.DRAFTED, draft.case_id, None, _saved_form(draft)))
            transaction.freeze(frozen, place)
            return _known(transaction.draft(draft.entry_id), draft.entry_id)

    def resolve(self, text: str) -> EntryId:
        """The one waiting draft whose id, or whose case's reference, is or begins with ``text``.

        Raises ClerkError DRAFT_UNKNOWN, with the ``count`` when it is the beginning of several.
        """
        wanted = text.strip().lower()
        found = [
            each.draft_id
            for each in self.reads.waiting_drafts()
            if wanted and (each.draft_id.startswith(wanted) or each.case_reference.lower().startswith(wanted))
        ]
        if len(found) != 1:
            several = {"count": len(found)} if found else {}
            raise ClerkError(ErrorCode.DRAFT_UNKNOWN, {"entry": text, **several})
        return found[0]

    def known(self, draft_id: EntryId) -> WaitingDraft:
        """The fixed draft, whatever became of it. Raises ClerkError DRAFT_UNKNOWN."""
        return _known(self.reads.fixed_draft(draft_id), draft_id)

    def paper(self, draft_id: EntryId) -> bytes:
        """The paper to be looked at, to the byte what will be signed.

        Raises ClerkError DRAFT_UNKNOWN, DOCUMENT_MISSING, DOCUMENT_DAMAGED.
        """
        draft = self.known(draft_id)
        paper = self.documents.read(draft.case_id, draft.document_id)
        if hashlib.sha256(paper).hexdigest() != draft.sha256:
            raise ClerkError(ErrorCode.DOCUMENT_DAMAGED, {"document": draft.document_id}, Disposition.GIVE_UP)
        return paper

    def seen(self, draft_id: EntryId, shown: bytes) -> WaitingDraft:
        """Records that the clerk was shown ``shown``: it counts only when that is this very paper.

        Raises ClerkError DRAFT_UNKNOWN, DRAFT_NOT_WAITING, DRAFT_CHANGED.
        """
        digest = hashlib.sha256(shown).hexdigest()
        with self.ledger.transaction("draft seen") as transaction:
            draft = waiting_in(transaction, draft_id)
            if draft.sha256 != digest:
                raise ClerkError(ErrorCode.DRAFT_CHANGED, {"case": draft.case_reference})
            if self.ledger.actor not in draft.seen_by:
                transaction.append(Act(ActKind.DRAFT_SEEN, draft.case_id, draft_id, {"sha256": digest}))
            return _known(transaction.draft(draft_id), draft_id)

    def give_back(self, draft_id: EntryId, reason: EndReason) -> bool:
        """Makes it an ordinary draft again; what was written stays. False when it did not wait any more."""
        with self.ledger.transaction("give draft back") as transaction:
            draft = transaction.draft(draft_id)
            if draft is None or not draft.waits:
                return False
            _give_back(transaction, draft, reason)
            return True

    def take_out(self, draft_id: EntryId) -> WaitingDraft:
        """As ``give_back``, because a clerk wants it. Raises ClerkError DRAFT_UNKNOWN, DRAFT_NOT_WAITING."""
        with self.ledger.transaction("take draft out") as transaction:
            _give_back(transaction, waiting_in(transaction, draft_id), EndReason.TAKEN_OUT)
            return _known(transaction.draft(draft_id), draft_id)

    def worthless(self, draft: WaitingDraft) -> EndReason | None:
        """Why a waiting draft can neither be released nor signed as it is, or None."""
        return why_worthless(draft, self.reads.change_token(draft.case_id))


def waiting_in(transaction: LedgerTransaction, draft_id: EntryId) -> WaitingDraft:
    """The draft as it stands in the transaction. Raises ClerkError DRAFT_UNKNOWN, DRAFT_NOT_WAITING."""
    draft = _known(transaction.draft(draft_id), draft_id)
    if not draft.waits:
        raise ClerkError(ErrorCode.DRAFT_NOT_WAITING, {"case": draft.case_reference})
    return draft


def _known(draft: WaitingDraft | None, draft_id: EntryId) -> WaitingDraft:
    if draft is None:
        raise ClerkError(ErrorCode.DRAFT_UNKNOWN, {"entry": draft_id})
    return draft


def why_worthless(draft: WaitingDraft, change_token: str) -> EndReason | None:
    """Why a fixed draft can neither be released nor signed as it is, in a case with this change token."""
    if draft.edited_by is not None:
        return EndReason.DRAFT_CHANGED
    return EndReason.CASE_CHANGED if draft.change_token != change_token else None


def _give_back(transaction: LedgerTransaction, draft: WaitingDraft, reason: EndReason) -> None:
    transaction.append(Act(ActKind.DRAFT_GIVEN_BACK, draft.case_id, draft.draft_id, {"reason": reason.value}))


def _saved_form(draft: DraftDecision) -> dict[str, object]:
    """What ``CaseWork.save_draft`` keeps of it."""
    return {"outcome": draft.outcome.value, **draft.wording.payload()}


def _is_saved(case: CaseFile, draft: DraftDecision) -> bool:
    """Whether what the draft says is the last that was saved in the case."""
    saved = next((e.details for e in reversed(case.history) if e.kind == ActKind.DRAFTED.value), None)
    if saved is None:
        return False
    kept = {"outcome": saved.get("outcome"), **Wording.from_payload(saved).payload()}
    return kept == _saved_form(draft)
