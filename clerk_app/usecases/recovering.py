"""Which typed words are owed to the clerk: newer than any draft kept, in a case that is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from clerk_app.domain.case import OPEN_STATUSES, CaseFile, CaseRow
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.typed import TypedPlace, TypedState, typed_lines
from clerk_app.usecases.journal import Journal
from clerk_app.usecases.ports import CaseReads

_KEPT_BY: Mapping[TypedPlace, frozenset[str]] = {
    TypedPlace.DECISION: frozenset({ActKind.DRAFTED.value}),
    TypedPlace.LETTER: frozenset({ActKind.LETTER_DRAFTED.value}),
    TypedPlace.REQUEST: frozenset(),
    TypedPlace.NOTE: frozenset(),
}


@dataclass(frozen=True)
class Recovered:
    """Typed words with the case they belong to."""

    row: CaseRow
    state: TypedState


def typed_of(journal: Journal, case: CaseFile) -> dict[TypedPlace, TypedState]:
    """What was typed in a case and is newer than any draft of it."""
    return {
        state.place: state
        for state in journal.unfinished(case.row.case_id)
        if state.at > _kept_at(case, state.place)
    }


def recovered(journal: Journal, reads: CaseReads) -> Sequence[Recovered]:
    """The same for all cases still worked on, newest first; what holds no words is owed to nobody."""
    found = []
    for state in journal.unfinished():
        case = reads.case_file(state.case_id)
        if case is None or case.row.status not in OPEN_STATUSES or not typed_lines(state.fields):
            continue
        if state.at > _kept_at(case, state.place):
            found.append(Recovered(case.row, state))
    return found


def _kept_at(case: CaseFile, place: TypedPlace) -> datetime:
    """When a draft of it was last kept; the very beginning if never."""
    kinds = _KEPT_BY[place]
    times = [event.at for event in case.history if event.kind in kinds]
    return max(times, default=datetime.min.replace(tzinfo=case.row.arrived_at.tzinfo))
