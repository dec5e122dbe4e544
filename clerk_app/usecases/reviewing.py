"""Mitzeichnung: a second clerk looks at a decision and releases it, or sends it back with a reason."""

from __future__ import annotations

from dataclasses import dataclass

from clerk_app.domain.decision import DraftDecision
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.folder import DraftPlace, EndReason, WaitingDraft
from clerk_app.domain.ids import EntryId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.wording import tidy
from clerk_app.usecases.fixed_drafts import FixedDrafts, waiting_in
from clerk_app.usecases.ports import LedgerTransaction


@dataclass(frozen=True)
class Reviewing:
    """The four-eyes rule, one paper at a time. A released decision lies in the signature folder."""

    drafts: FixedDrafts

    def submit(self, draft: DraftDecision) -> WaitingDraft:
        """Gives a draft to another clerk. Raises as ``FixedDrafts.fix``."""
        return self.drafts.fix(draft, DraftPlace.REVIEW)

    def waiting(self) -> tuple[WaitingDraft, ...]:
        """What waits for a second clerk, oldest first."""
        return tuple(each for each in self.drafts.reads.waiting_drafts() if each.place is DraftPlace.REVIEW)

    def why_not_release(self, draft: WaitingDraft) -> ErrorCode | None:
        """Why this clerk cannot release it now, or None. Checked again by ``release``."""
        if draft.place is not DraftPlace.REVIEW:
            return ErrorCode.DRAFT_NOT_WAITING
        if self.drafts.ledger.actor in draft.authors:
            return ErrorCode.REVIEW_OWN_DRAFT
        if self.drafts.worthless(draft) is not None:
            return ErrorCode.REVIEW_OUTDATED
        return None if self.drafts.ledger.actor in draft.seen_by else ErrorCode.DRAFT_NOT_SEEN

    def release(self, draft_id: EntryId) -> WaitingDraft:
        """Releases this very paper for signing; it lies in the folder then.

        Raises ClerkError DRAFT_UNKNOWN, DRAFT_NOT_WAITING, REVIEW_OWN_DRAFT for anybody who had a hand in
        it, DRAFT_NOT_SEEN, REVIEW_OUTDATED when case or draft changed (then it is a draft again).
        """
        overtaken = self.drafts.worthless(self.drafts.known(draft_id))
        with self.drafts.ledger.transaction("release draft") as transaction:
            draft = self._in_review(transaction, draft_id)
            if self.drafts.ledger.actor in draft.authors:
                raise ClerkError(ErrorCode.REVIEW_OWN_DRAFT, {"case": draft.case_reference})
            if overtaken is None and draft.edited_by is None:
                if self.drafts.ledger.actor not in draft.seen_by:
                    raise ClerkError(ErrorCode.DRAFT_NOT_SEEN, {"case": draft.case_reference})
                payload = {"sha256": draft.sha256, "change_token": draft.change_token}
                transaction.append(Act(ActKind.REVIEW_RELEASED, draft.case_id, draft_id, payload))
                return waiting_in(transaction, draft_id)
        self.drafts.give_back(draft_id, overtaken or EndReason.DRAFT_CHANGED)
        raise ClerkError(ErrorCode.REVIEW_OUTDATED, {"case": draft.case_reference})

    def send_back(self, draft_id: EntryId, reason: str) -> WaitingDraft:
        """Returns it to whoever wrote it, with words. It is an ordinary draft then.

        Raises ClerkError REVIEW_REASON_MISSING, DRAFT_UNKNOWN, DRAFT_NOT_WAITING, or REVIEW_OWN_DRAFT: one's
        own is taken out, not returned.
        """
        if not (words := tidy(reason)):
            raise ClerkError(ErrorCode.REVIEW_REASON_MISSING)
        with self.drafts.ledger.transaction("return draft") as transaction:
            draft = self._in_review(transaction, draft_id)
            if self.drafts.ledger.actor in draft.authors:
                raise ClerkError(ErrorCode.REVIEW_OWN_DRAFT, {"case": draft.case_reference})
            transaction.append(Act(ActKind.REVIEW_RETURNED, draft.case_id, draft_id, {"text": words}))
            found = transaction.draft(draft_id)
        return found or draft

    @staticmethod
    def _in_review(transaction: LedgerTransaction, draft_id: EntryId) -> WaitingDraft:
        draft = waiting_in(transaction, draft_id)
        if draft.place is not DraftPlace.REVIEW:
            raise ClerkError(ErrorCode.DRAFT_NOT_WAITING, {"case": draft.case_reference})
        return draft
