"""What changed, in ids: the only thing that crosses from a commit to the window."""

from __future__ import annotations

from dataclasses import dataclass

from clerk_app.domain.ids import CaseId, EntryId


@dataclass(frozen=True)
class ChangeSet:
    """Ids touched by one committed transaction. ``arrived`` are cases that did not exist before.
    ``everything`` asks for a fresh start (the cache was built again)."""

    arrived: frozenset[CaseId] = frozenset()
    changed: frozenset[CaseId] = frozenset()
    outbox: frozenset[EntryId] = frozenset()
    everything: bool = False

    def __bool__(self) -> bool:
        return bool(self.arrived or self.changed or self.outbox or self.everything)

    def __or__(self, other: ChangeSet) -> ChangeSet:
        return ChangeSet(
            self.arrived | other.arrived,
            (self.changed | other.changed) - self.arrived - other.arrived,
            self.outbox | other.outbox,
            self.everything or other.everything,
        )
