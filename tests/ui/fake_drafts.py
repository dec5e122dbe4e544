"""Fixed drafts in memory: what the ledger's projections of them do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from clerk_app.domain.folder import DraftPlace, EndReason, FrozenDraft, WaitingDraft
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.ledger import Act, ActKind


class FakeDrafts:
    """Follows the acts like the real tables."""

    def __init__(self) -> None:
        self.frozen: dict[EntryId, FrozenDraft] = {}
        self.known: dict[EntryId, WaitingDraft] = {}

    def waiting(self) -> list[WaitingDraft]:
        return [draft for draft in self.known.values() if draft.waits]

    def of_case(self, case_id: CaseId | None) -> WaitingDraft | None:
        return next((draft for draft in self.waiting() if draft.case_id == case_id), None)

    def freeze(self, frozen: FrozenDraft, place: DraftPlace, actor: str, at: datetime) -> None:
        draft = frozen.draft
        self.frozen[draft.entry_id] = frozen
        self.known[draft.entry_id] = WaitingDraft(
            draft_id=draft.entry_id,
            case_id=draft.case_id,
            place=place,
            outcome=draft.outcome,
            case_reference=frozen.case_reference,
            service=frozen.service,
            recipient_name=frozen.recipient_name,
            title=draft.letter.subject,
            document_id=frozen.document_id,
            sha256=frozen.sha256,
            change_token=draft.change_token,
            frozen_by=actor,
            frozen_at=at,
            authors=frozenset({actor, *frozen.authors}),
        )

    def apply(self, act: Act, actor: str, at: datetime) -> None:
        if act.kind is ActKind.DRAFTED:
            found = self.of_case(act.case_id)
            if found is not None:
                self.known[found.draft_id] = replace(found, edited_by=actor, authors=found.authors | {actor})
            return
        if act.kind is ActKind.QUEUED and act.payload.get("kind") == "decision":
            found = self.of_case(act.case_id)
            if found is not None:
                own = found.draft_id == act.subject_id
                reason = None if own else EndReason.ALREADY_DECIDED
                place = DraftPlace.SIGNED if own else DraftPlace.ENDED
                self.known[found.draft_id] = replace(found, place=place, end_reason=reason)
            return
        found = self.known.get(act.subject_id) if act.subject_id is not None else None
        if found is None or not found.waits:
            return
        match act.kind:
            case ActKind.DRAFT_SEEN:
                found = replace(found, seen_by=found.seen_by | {actor})
            case ActKind.REVIEW_RELEASED:
                found = replace(found, place=DraftPlace.FOLDER, released_by=actor, released_at=at)
            case ActKind.REVIEW_RETURNED:
                found = replace(
                    found,
                    place=DraftPlace.ENDED,
                    end_reason=EndReason.RETURNED,
                    remark=str(act.payload["text"]),
                )
            case ActKind.DRAFT_GIVEN_BACK:
                reason = EndReason(str(act.payload["reason"]))
                found = replace(found, place=DraftPlace.ENDED, end_reason=reason)
        self.known[found.draft_id] = found
