"""Two desktops decided one case: what the decision that counts says, and what ours would have said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import EntryId
from clerk_app.domain.outbox import OutboxEntry, OutboxKind, OutboxState, Outgoing
from clerk_app.usecases.ports import CaseReads, Ledger


class Line(StrEnum):
    """Where a line stands."""

    SAME = "same"
    COUNTS = "counts"  # only in the decision that counts
    RETURNED = "returned"  # only in the one that came back


@dataclass(frozen=True)
class TwoDecisions:
    """Both decisions with who made them, and their texts line by line."""

    counts: OutboxEntry
    counts_by: str
    returned: OutboxEntry
    returned_by: str
    lines: Sequence[tuple[Line, str]]

    @property
    def differ(self) -> bool:
        """Whether they say different things at all."""
        return any(line is not Line.SAME for line, _text in self.lines)


@dataclass(frozen=True)
class Comparing:
    """Zwei Bescheide vergleichen."""

    reads: CaseReads
    ledger: Ledger

    def compare(self, entry_id: EntryId) -> TwoDecisions:
        """The returned decision ``entry_id`` against the one that counts in its case.

        Raises ClerkError ENTRY_UNKNOWN when there is no such pair.
        """
        returned = self.reads.outbox_entry(entry_id)
        counts = next(
            (
                each
                for each in self.reads.outbox()
                if returned is not None
                and each.case_id == returned.case_id
                and each.kind is OutboxKind.DECISION
                and each.state not in (OutboxState.RETURNED, OutboxState.WITHDRAWN)
            ),
            None,
        )
        if returned is None or counts is None:
            raise ClerkError(ErrorCode.ENTRY_UNKNOWN, {"entry": entry_id})
        ours, theirs = self.ledger.outgoing(entry_id), self.ledger.outgoing(counts.entry_id)
        who = {
            entry.act.subject_id: entry.actor
            for entry in self.ledger.entries(returned.case_id)
            if entry.act.kind.value == "queued"
        }
        return TwoDecisions(
            counts,
            who.get(counts.entry_id, ""),
            returned,
            who.get(returned.entry_id, ""),
            list(_lines(theirs, ours)),
        )


def _lines(counts: Outgoing, returned: Outgoing) -> Sequence[tuple[Line, str]]:
    one, other = counts.text.splitlines(), returned.text.splitlines()
    found: list[tuple[Line, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [(Line.SAME, text) for text in one[a:b]]
            continue
        found += [(Line.COUNTS, text) for text in one[a:b]]
        found += [(Line.RETURNED, text) for text in other[c:d]]
    return found
