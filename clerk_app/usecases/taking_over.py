"""Another desktop's entry becomes ours to send: a lost laptop, a colleague who is away."""

from __future__ import annotations

from dataclasses import dataclass

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import EntryId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.outbox import FINAL_STATES, OutboxEntry
from clerk_app.domain.wording import tidy
from clerk_app.usecases.ports import CaseReads, Ledger


@dataclass(frozen=True)
class TakingOver:
    """Übernahme. What the other desktop has announced already is settled by the portal's event log, never
    sent a second time (see ``sync.team.SendingGate``)."""

    reads: CaseReads
    ledger: Ledger

    def take_over(self, entry_id: EntryId, reason: str) -> OutboxEntry:
        """From now on this desktop sends the entry, with what accompanies it. Nothing happens to one it sends
        already.

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
            companions = [each for each in self.reads.outbox() if each.accompanies == entry_id]
            for each in [entry, *companions]:
                if each.elsewhere and each.state not in FINAL_STATES:
                    transaction.append(
                        Act(
                            ActKind.TAKEN_OVER, each.case_id, each.entry_id,
                            {"desktop": desktop, "text": words},
                        )
                    )  # fmt: skip
            return transaction.entry(entry_id) or entry
