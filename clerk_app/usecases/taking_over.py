"""Another desktop's entry becomes ours to send: a lost laptop, a colleague who is away."""

from __future__ import annotations

from dataclasses import dataclass

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import EntryId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.outbox import FINAL_STATES, OutboxEntry
from clerk_app.domain.wording import tidy
from clerk_app.usecases.ports import CaseReads, Ledger, LedgerTransaction


@dataclass(frozen=True)
class TakingOver:
    """Übernahme. What the other desktop has announced already is settled by the portal's event log, never
    sent a second time (see ``sync.team.SendingGate``)."""

    reads: CaseReads
    ledger: Ledger

    def take_over(self, entry_id: EntryId, reason: str) -> OutboxEntry:
        """From now on this desktop sends the entry, with what accompanies it and what it accompanies: a
        letter and its status line are never parted. Nothing happens to one it sends already.

        Raises ClerkError ENTRY_UNKNOWN, ENTRY_NOT_RETRYABLE for one that is finished,
        TAKE_OVER_REASON_MISSING, TEAM_NOT_JOINED.
        """
        if not (words := tidy(reason)):
            raise ClerkError(ErrorCode.TAKE_OVER_REASON_MISSING, {}, Disposition.ASK_CLERK)
        desktop = self.ledger.desktop
        if desktop is None:
            raise ClerkError(ErrorCode.TEAM_NOT_JOINED, {}, Disposition.ASK_CLERK)
        with self.ledger.transaction("take over") as transaction:
            entry = transaction.entry(entry_id)
            if entry is None:
                raise ClerkError(ErrorCode.ENTRY_UNKNOWN, {"entry": entry_id})
            if entry.state in FINAL_STATES:
                raise ClerkError(
                    ErrorCode.ENTRY_NOT_RETRYABLE, {"entry": entry_id, "state": entry.state.value}
                )
            head = entry.accompanies or entry_id
            for each in self.reads.outbox():
                if head in (each.entry_id, each.accompanies):
                    take_over_entry(transaction, each, desktop, words)
            return transaction.entry(entry_id) or entry


def take_over_entry(transaction: LedgerTransaction, entry: OutboxEntry, desktop: str, words: str) -> None:
    """Makes one entry this desktop's, unless it is so already or nothing is left to send."""
    if entry.elsewhere and entry.state not in FINAL_STATES:
        payload = {"desktop": desktop, "text": words}
        transaction.append(Act(ActKind.TAKEN_OVER, entry.case_id, entry.entry_id, payload))
