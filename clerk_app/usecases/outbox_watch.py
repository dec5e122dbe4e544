"""Watching the outbox: what waits, why, what arrived meanwhile, and which legal dates it is about to miss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clerk_app.domain.case import Arrival, CaseFile, HistoryEvent
from clerk_app.domain.deadlines import Deadline, DeadlineKind
from clerk_app.domain.ids import EntryId
from clerk_app.domain.outbox import FINAL_STATES, OutboxEntry, OutboxKind
from clerk_app.domain.outbox_time import pressing, waited
from clerk_app.usecases.ports import Assessor, CaseReads, Clock, Ledger

#: Reading a case and its deadlines takes a few milliseconds; the oldest entries are looked at first.
MOST_ASSESSED = 200


@dataclass(frozen=True)
class Watched:
    """What is known of an entry beside its own state.

    ``arrivals`` came in after it was frozen and nobody has answered for them; ``pressing`` are legal dates
    nearer than the time it has been stuck; ``post_reason`` is the code of why it goes by post.
    """

    entry: OutboxEntry
    arrivals: tuple[Arrival, ...] = ()
    pressing: tuple[Deadline, ...] = ()
    post_reason: str = ""


@dataclass(frozen=True)
class EntryStory:
    """One entry told in full: ``steps`` are the lines of the ledger about it, oldest first."""

    watched: Watched
    steps: tuple[HistoryEvent, ...]
    filename: str
    size_bytes: int
    sha256: str
    signed: bool = False  # whether the document carries a signature of this office


@dataclass(frozen=True)
class OutboxWatch:
    """Looks at the outbox; changes nothing."""

    reads: CaseReads
    ledger: Ledger
    assessor: Assessor
    clock: Clock

    def all(self) -> tuple[Watched, ...]:
        """Every entry but the status lines, newest first."""
        entries = [each for each in self.reads.outbox() if each.kind is not OutboxKind.STATUS]
        stuck = self._stuck(entries)
        return tuple(stuck.get(each.entry_id) or Watched(each) for each in entries)

    def pressing(self) -> tuple[Watched, ...]:
        """Entries that are about to make a legal date be missed, the most urgent first."""
        entries = [
            each for each in self.reads.outbox(include_final=False) if each.kind is not OutboxKind.STATUS
        ]
        found = [each for each in self._stuck(entries).values() if each.pressing]
        return tuple(sorted(found, key=lambda each: each.pressing[0].due_on))

    def of_case(self, case: CaseFile) -> tuple[Watched, ...]:
        """The case's entries that are not finished, oldest first."""
        return tuple(
            self._watched(each, case)
            for each in case.outgoing
            if each.kind is not OutboxKind.STATUS and each.state not in FINAL_STATES
        )

    def story(self, entry_id: EntryId) -> EntryStory | None:
        """One entry in full; None when there is none with this id. Raises ClerkError LEDGER_DAMAGED."""
        entry = self.reads.outbox_entry(entry_id)
        if entry is None:
            return None
        outgoing = self.ledger.outgoing(entry_id)
        case = self.reads.case_file(entry.case_id)
        steps = (
            ()
            if case is None
            else tuple(event for event in case.history if event.details.get("entry_id") == entry_id)
        )
        first = outgoing.documents[0] if outgoing.documents else None
        watched = Watched(entry) if case is None else self._watched(entry, case)
        reason = str(outgoing.structured.get("postReason") or "")
        return EntryStory(
            Watched(entry, watched.arrivals, watched.pressing, reason),
            steps,
            first.filename if first else "",
            first.size_bytes if first else 0,
            first.sha256 if first else "",
            entry.kind is OutboxKind.DECISION or outgoing.structured.get("signed") is True,
        )

    def _stuck(self, entries: list[OutboxEntry]) -> Mapping[EntryId, Watched]:
        """What is due and not out, assessed; the longest waiting first, so many that nobody waits for it."""
        now = self.clock.now()
        stuck = [each for each in entries if each.state not in FINAL_STATES and waited(each, now)]
        stuck.sort(key=lambda each: each.created_at)
        cases: dict[str, CaseFile | None] = {}
        found = {}
        for entry in stuck[:MOST_ASSESSED]:
            if entry.case_id not in cases:
                cases[entry.case_id] = self.reads.case_file(entry.case_id)
            case = cases[entry.case_id]
            if case is not None:
                found[entry.entry_id] = self._watched(entry, case)
        return found

    def _watched(self, entry: OutboxEntry, case: CaseFile) -> Watched:
        now = self.clock.now()
        if entry.state in FINAL_STATES:
            return Watched(entry)
        deadlines = list(self.assessor.deadlines(case, now)) if case.applications else []
        target = case.row.due_on
        if target is not None and not any(each.kind is DeadlineKind.PROCESSING for each in deadlines):
            # the target counts until the decision is out, though a list of deadlines no longer names it
            deadlines.append(Deadline(DeadlineKind.PROCESSING, target, ()))
        return Watched(entry, case.arrived_beside(entry.basis), pressing(deadlines, entry, now))
