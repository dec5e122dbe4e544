"""The clerk's hand on the outbox: take back, try again, mark as posted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from clerk_app.domain.case import Arrival
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import EntryId, SubmissionId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.outbox import FINAL_STATES, WITHDRAWABLE_STATES, OutboxEntry, OutboxKind, OutboxState
from clerk_app.usecases.handover_reminder import end_reminder
from clerk_app.usecases.ports import CaseReads, Clock, Ledger, LedgerTransaction
from clerk_app.usecases.taking_over import take_over_entry


@dataclass(frozen=True)
class OutboxWork:
    """An entry leaves the outbox only delivered, posted, or withdrawn by a clerk; none is deleted."""

    reads: CaseReads
    ledger: Ledger
    clock: Clock

    def resolve(self, text: str) -> EntryId:
        """The one entry whose id is or begins with ``text``. Raises ClerkError ENTRY_UNKNOWN, with the
        ``count`` of entries when it is the beginning of several."""
        wanted = text.strip().lower()
        found = [e.entry_id for e in self.reads.outbox() if wanted and e.entry_id.startswith(wanted)]
        if len(found) != 1:
            several = {"count": len(found)} if found else {}
            raise ClerkError(ErrorCode.ENTRY_UNKNOWN, {"entry": text, **several})
        return found[0]

    def withdraw(self, entry_id: EntryId) -> OutboxEntry:
        """Takes an entry back, with what accompanies it. A case forwarded by it is this office's again.

        Raises ClerkError ENTRY_UNKNOWN, or ENTRY_NOT_WITHDRAWABLE once it has left the house.
        """
        with self.ledger.transaction("withdraw") as transaction:
            entry = _existing(transaction, entry_id)
            if entry.state not in WITHDRAWABLE_STATES:
                raise ClerkError(
                    ErrorCode.ENTRY_NOT_WITHDRAWABLE, {"entry": entry_id, "state": entry.state.value}
                )
            if transaction.forwarded_by(entry.case_id) == entry_id:
                end_reminder(transaction, self.reads.case_file(entry.case_id), entry_id, ActKind.DATE_REMOVED)
            transaction.move(entry_id, OutboxState.WITHDRAWN)
            for companion in self._companions(entry_id):
                now = transaction.entry(companion)
                if now is not None and now.state in WITHDRAWABLE_STATES:
                    if self.ledger.desktop is not None:  # it belongs to whoever has the letter
                        take_over_entry(transaction, now, self.ledger.desktop, "")
                    transaction.move(companion, OutboxState.WITHDRAWN)
            return _existing(transaction, entry_id)

    def retry(self, entry_id: EntryId) -> OutboxEntry:
        """Makes an entry due at once; a returned one is queued again.

        Raises ClerkError ENTRY_UNKNOWN, ENTRY_NOT_RETRYABLE for one that is finished, HELD_CASE_CHANGED for
        one the case has overtaken: that wants ``send_nevertheless``; or CASE_ALREADY_FORWARDED.
        """
        with self.ledger.transaction("retry") as transaction:
            entry = _existing(transaction, entry_id)
            if entry.state is OutboxState.RETURNED and self.arrived_since(entry):
                raise ClerkError(ErrorCode.HELD_CASE_CHANGED, {"entry": entry_id})
            if entry.state in FINAL_STATES or entry.state is OutboxState.TO_POST:
                raise ClerkError(
                    ErrorCode.ENTRY_NOT_RETRYABLE, {"entry": entry_id, "state": entry.state.value}
                )
            if entry.state is OutboxState.RETURNED:
                _require_ours(transaction, entry)
                transaction.move(entry_id, OutboxState.QUEUED)
            transaction.append(Act(ActKind.RETRY_ASKED, entry.case_id, entry_id))
            return _existing(transaction, entry_id)

    def arrived_since(self, entry: OutboxEntry) -> tuple[Arrival, ...]:
        """What arrived in the entry's case after it was frozen and is not answered for (served = signed)."""
        case = self.reads.case_file(entry.case_id)
        return () if case is None else case.arrived_beside(entry.basis)

    def send_nevertheless(
        self, entry_id: EntryId, seen: Collection[SubmissionId] | None = None
    ) -> OutboxEntry:
        """A clerk has seen what arrived and lets the entry leave all the same: an act of its own, kept with
        the submissions it covers. One that was held goes on; a letter may be printed.

        ``seen`` are the newcomers the clerk was shown; None means all there are. Raises ClerkError
        ENTRY_UNKNOWN, ENTRY_NOT_RETRYABLE when nothing holds the entry, HELD_CASE_CHANGED when more arrived
        than was seen.
        """
        with self.ledger.transaction("send nevertheless") as transaction:
            entry = _existing(transaction, entry_id)
            new = {arrival.submission_id for arrival in self.arrived_since(entry)}
            if not new or entry.state in FINAL_STATES:
                raise ClerkError(
                    ErrorCode.ENTRY_NOT_RETRYABLE, {"entry": entry_id, "state": entry.state.value}
                )
            if seen is not None and not new <= set(seen):
                raise ClerkError(ErrorCode.HELD_CASE_CHANGED, {"entry": entry_id})
            _require_ours(transaction, entry)
            basis = sorted({*entry.basis, *new})
            transaction.append(Act(ActKind.SENT_NEVERTHELESS, entry.case_id, entry_id, {"basis": basis}))
            if entry.state is OutboxState.RETURNED:
                transaction.move(entry_id, OutboxState.QUEUED)
            if entry.state is not OutboxState.TO_POST:
                transaction.append(Act(ActKind.RETRY_ASKED, entry.case_id, entry_id))
            return _existing(transaction, entry_id)

    def mark_posted(self, entry_id: EntryId, posted_on: date | None = None) -> OutboxEntry:
        """Records that a letter went to the post on that day; None means today, in the office's zone.

        The day counts for the fiction of notification (VwVfG § 41 (2)), so it must be possible: not in the
        future, not before the letter was made. Raises ClerkError ENTRY_UNKNOWN, ENTRY_NOT_TO_POST,
        POSTED_ON_WRONG.
        """
        on = office_day(self.clock.now()) if posted_on is None else posted_on
        with self.ledger.transaction("mark posted") as transaction:
            self._require_possible(transaction, entry_id, OutboxState.TO_POST, on)
            transaction.move(entry_id, OutboxState.POSTED, {"posted_on": on.isoformat()})
            return _existing(transaction, entry_id)

    def correct_posted(self, entry_id: EntryId, posted_on: date) -> OutboxEntry:
        """Corrects the day a posted letter went to the post: an act of its own, which keeps the old day.
        Nothing is recorded when it is the same day.

        Raises ClerkError ENTRY_UNKNOWN, ENTRY_NOT_TO_POST for an entry not posted, POSTED_ON_WRONG.
        """
        with self.ledger.transaction("correct posted") as transaction:
            entry = self._require_possible(transaction, entry_id, OutboxState.POSTED, posted_on)
            if entry.posted_on == posted_on:
                return entry
            was = None if entry.posted_on is None else entry.posted_on.isoformat()
            payload = {"was": was, "posted_on": posted_on.isoformat()}
            transaction.append(Act(ActKind.POSTED_CORRECTED, entry.case_id, entry_id, payload))
            return _existing(transaction, entry_id)

    def _require_possible(
        self, transaction: LedgerTransaction, entry_id: EntryId, state: OutboxState, on: date
    ) -> OutboxEntry:
        entry = _existing(transaction, entry_id)
        if entry.state is not state:
            raise ClerkError(ErrorCode.ENTRY_NOT_TO_POST, {"entry": entry_id, "state": entry.state.value})
        made_on, today = office_day(entry.created_at), office_day(self.clock.now())
        if not made_on <= on <= today:
            raise ClerkError(
                ErrorCode.POSTED_ON_WRONG, {"posted_on": on, "earliest": made_on, "latest": today}
            )
        return entry

    def send_by_post(self, entry_id: EntryId) -> OutboxEntry:
        """Turns a returned entry into a letter. Raises ClerkError ENTRY_UNKNOWN, ENTRY_NOT_RETRYABLE,
        CASE_ALREADY_FORWARDED."""
        with self.ledger.transaction("send by post") as transaction:
            entry = _existing(transaction, entry_id)
            if entry.state is not OutboxState.RETURNED:
                raise ClerkError(
                    ErrorCode.ENTRY_NOT_RETRYABLE, {"entry": entry_id, "state": entry.state.value}
                )
            _require_ours(transaction, entry)
            transaction.move(entry_id, OutboxState.TO_POST)
            return _existing(transaction, entry_id)

    def _companions(self, entry_id: EntryId) -> list[EntryId]:
        return [e.entry_id for e in self.reads.outbox() if e.accompanies == entry_id]


def _require_ours(transaction: LedgerTransaction, entry: OutboxEntry) -> None:
    """A request or decision that came back does not leave again once another authority has the case."""
    ours_only = entry.kind in (OutboxKind.DECISION, OutboxKind.DOCUMENT_REQUEST)
    if ours_only and transaction.forwarded_by(entry.case_id) is not None:
        raise ClerkError(ErrorCode.CASE_ALREADY_FORWARDED, {"case": entry.case_reference})


def _existing(transaction: LedgerTransaction, entry_id: EntryId) -> OutboxEntry:
    entry = transaction.entry(entry_id)
    if entry is None:
        raise ClerkError(ErrorCode.ENTRY_UNKNOWN, {"entry": entry_id})
    return entry
