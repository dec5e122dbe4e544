"""Vier-Augen-Prinzip and fixed drafts: what must hold before a paper is signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clerk_app.domain.case import CaseFile
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.decision import DraftDecision, Finding, FindingLevel
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.folder import DraftPlace, EndReason, ReviewPolicy, WaitingDraft
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.outbox import OutboxKind
from clerk_app.usecases.ports import CaseReads, LedgerTransaction

ReviewDue = Callable[[CaseFile], bool]
"""Whether the decision in a case needs a second clerk."""


def never_due(case: CaseFile) -> bool:
    """An office without the four-eyes rule."""
    return False


@dataclass(frozen=True)
class FourEyesRule:
    """Vier-Augen-Prinzip as this office applies it. Organisational; no general statute asks for it (domain
    reference 3, assumed)."""

    policy: ReviewPolicy
    of_service: ReviewDue

    def __call__(self, case: CaseFile) -> bool:
        """See ReviewDue."""
        if self.policy is ReviewPolicy.BY_SERVICE:
            return self.of_service(case)
        return self.policy is ReviewPolicy.ALWAYS


def drafted_by(case: CaseFile) -> frozenset[str]:
    """Everyone who saved a text for the decision that is being made now."""
    found: set[str] = set()
    for event in case.history:
        if event.kind == ActKind.DRAFTED.value:
            found.add(event.actor)
        elif event.kind == ActKind.QUEUED.value and event.details.get("kind") == OutboxKind.DECISION.value:
            found.clear()
    return frozenset(found)


def require_signable(waiting: WaitingDraft | None, case: CaseFile, sha256: str, *, review_due: bool) -> None:
    """Raises what stands against signing the paper with this hash.

    ``waiting`` is what is known of the draft; None for one that was never fixed: signed on the spot, which
    the four-eyes rule forbids. Raises ClerkError REVIEW_MISSING, REVIEW_OWN_DRAFT, REVIEW_OUTDATED,
    DRAFT_NOT_WAITING, DRAFT_CHANGED.
    """
    code = _why_not(waiting, sha256, review_due=review_due)
    if code is not None:
        raise ClerkError(code, {"case": case.row.case_reference})


def overtaken_findings(reads: CaseReads, draft: DraftDecision) -> list[Finding]:
    """Tells of a paper, perhaps a colleague's, that waits in the same case and that this draft would void."""
    codes = {DraftPlace.FOLDER: "paper-in-folder", DraftPlace.REVIEW: "paper-in-review"}
    return [
        Finding(
            codes[each.place],
            FindingLevel.WARN,
            (("since", office_day(each.frozen_at).isoformat()), ("who", each.frozen_by)),
        )
        for each in reads.waiting_drafts()
        if each.case_id == draft.case_id and each.draft_id != draft.entry_id
    ]


def end_overtaken(transaction: LedgerTransaction, draft: DraftDecision) -> None:
    """Gives back the paper that waits in the case this draft decides, so that its history says so."""
    other = transaction.draft_of(draft.case_id)
    if other is not None and other.draft_id != draft.entry_id:
        why = {"reason": EndReason.ALREADY_DECIDED.value}
        transaction.append(Act(ActKind.DRAFT_GIVEN_BACK, other.case_id, other.draft_id, why))


def _why_not(waiting: WaitingDraft | None, sha256: str, *, review_due: bool) -> ErrorCode | None:
    if waiting is None:
        return ErrorCode.REVIEW_MISSING if review_due else None
    if waiting.place is DraftPlace.REVIEW:
        return ErrorCode.REVIEW_MISSING
    if waiting.place is not DraftPlace.FOLDER:
        return ErrorCode.DRAFT_NOT_WAITING
    if review_due and waiting.released_by is None:
        return ErrorCode.REVIEW_MISSING
    if waiting.edited_by is not None or waiting.sha256 != sha256:
        return ErrorCode.DRAFT_CHANGED if waiting.released_by is None else ErrorCode.REVIEW_OUTDATED
    if waiting.released_by in waiting.authors:
        return ErrorCode.REVIEW_OWN_DRAFT
    return None
