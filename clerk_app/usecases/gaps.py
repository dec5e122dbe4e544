"""Lücken: what is missing in a case, ticked off by a clerk, and the next letter about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clerk_app.domain.case import AttachmentKey, CaseFile
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.gaps import GapDraft, GapItem, GapList, GapState, reminder_level
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.letter_templates import TextBlock
from clerk_app.domain.outbox import OutboxKind, OutboxState
from clerk_app.domain.wording import tidy
from clerk_app.usecases.case_work import readable_case
from clerk_app.usecases.gap_ports import GapReader
from clerk_app.usecases.ports import CaseReads, Clock, Ledger, RequestDueDates


@dataclass(frozen=True)
class Gaps:
    """The list of a case and what a clerk says about its items. ``key`` is an item's ``gap_id``, or its key
    alone where only one item has it.

    Each raises ClerkError CASE_UNKNOWN, CASE_NOT_READABLE; acts also GAP_UNKNOWN.
    """

    reads: CaseReads
    ledger: Ledger
    reader: GapReader
    due_dates: RequestDueDates
    clock: Clock

    def of(self, case: CaseFile) -> GapList:
        """The list as it stands. The case must be readable."""
        return self.reader.gaps(case, self.clock.now())

    def of_case(self, case_id: CaseId) -> GapList:
        """The list of a case."""
        return self.of(readable_case(self.reads, case_id))

    def settle(
        self, case_id: CaseId, key: str, reason: str = "", attachments: Sequence[AttachmentKey] = ()
    ) -> GapItem:
        """A clerk says that it is there; ``attachments`` are what it is, where the program did not see it.

        Raises ClerkError ATTACHMENT_UNKNOWN for one that is not in the case.
        """
        return self._say(case_id, key, GapState.SETTLED, reason, tuple(attachments))

    def waive(self, case_id: CaseId, key: str, reason: str) -> GapItem:
        """A clerk does without it. Raises ClerkError GAP_REASON_MISSING for a blank reason."""
        if not tidy(reason):
            raise ClerkError(ErrorCode.GAP_REASON_MISSING, {"item": key})
        return self._say(case_id, key, GapState.WAIVED, reason)

    def reopen(self, case_id: CaseId, key: str) -> GapItem:
        """It is missing after all: nothing that has come so far answers it."""
        return self._say(case_id, key, GapState.MISSING, "")

    def blocks(self, case: CaseFile) -> tuple[TextBlock, ...]:
        """The service's text blocks for a request, in force today, filled."""
        return self.reader.request_blocks(case, self.clock.now())

    def draft(self, case_id: CaseId) -> GapDraft:
        """The next request: everything that is missing, in one letter."""
        case = readable_case(self.reads, case_id)
        now = self.clock.now()
        found = self.reader.gaps(case, now)
        due_on = self.due_dates.request_due_on(case, now)
        called_for = found.called_for(office_day(now))
        return GapDraft(
            found.open_items, found.received, "", due_on, reminder_level(found.open_items), called_for
        )

    def _say(
        self,
        case_id: CaseId,
        key: str,
        state: GapState,
        reason: str,
        attachments: tuple[AttachmentKey, ...] = (),
    ) -> GapItem:
        case = readable_case(self.reads, case_id)
        item = self._named(case, key)
        there = {
            AttachmentKey(each.submission_id, each.attachment.attachment_id) for each in case.attachments
        }
        for each in attachments:
            if each not in there:
                raise ClerkError(
                    ErrorCode.ATTACHMENT_UNKNOWN, {"attachment": each.attachment_id, "case": case_id}
                )
        payload: dict[str, object] = {
            "origin": item.origin.value,
            "key": item.key,
            "text": item.text,
            "state": state.value,
            "reason": tidy(reason),
            "attachments": [
                {"submission_id": each.submission_id, "attachment_id": each.attachment_id}
                for each in attachments or (item.attachments if state is GapState.SETTLED else ())
            ],
            "awaits": self._awaits(case, item, state),
            "seen": list(case.basis) or [each.submission_id for each in case.applications],
        }
        with self.ledger.transaction(ActKind.GAP_SETTLED.value) as transaction:
            transaction.append(Act(ActKind.GAP_SETTLED, case_id, None, payload))
        return self._named(readable_case(self.reads, case_id), item.gap_id)

    def _awaits(self, case: CaseFile, item: GapItem, state: GapState) -> bool:
        """Whether something the applicant was asked for is awaited after this word: another item, this one
        again, or the answer to another letter."""
        others = (each for each in self.of(case).items if each.gap_id != item.gap_id)
        again = state is GapState.MISSING and bool(item.asked_by)
        return again or any(each.is_awaited for each in others) or _asks_otherwise(case)

    def _named(self, case: CaseFile, key: str) -> GapItem:
        found = self.reader.gaps(case, self.clock.now())
        item = found.item(key)
        if item is None:
            known = ", ".join(each.gap_id for each in found.items)
            raise ClerkError(
                ErrorCode.GAP_UNKNOWN, {"item": key, "case": case.row.case_reference, "known": known}
            )
        return item


def _asks_otherwise(case: CaseFile) -> bool:
    """Whether a letter that is no document request named a day and nothing has come since."""
    last = max(each.submitted_at for each in case.applications)
    gone = (OutboxState.WITHDRAWN, OutboxState.RETURNED)
    standing = {
        entry.entry_id
        for entry in case.outgoing
        if entry.kind is OutboxKind.LETTER and entry.state not in gone and entry.created_at > last
    }
    return any(
        event.kind == ActKind.QUEUED.value
        and event.details.get("entry_id") in standing
        and bool(event.details.get("due_on"))
        for event in case.history
    )
