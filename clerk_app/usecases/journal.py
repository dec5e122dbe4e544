"""Mitschrift: nothing that was typed is lost, whether or not anybody made a draft of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from clerk_app.domain.ids import CaseId
from clerk_app.domain.typed import TypedPlace, TypedState


class Journal(Protocol):
    """Keeps states of forms. One object per thread. Writing is durable on return and changes nothing in a
    case: no list is read again for it, and no draft is outdated by it."""

    def keep(self, case_id: CaseId, place: TypedPlace, fields: Mapping[str, object]) -> None:
        """Writes a state down, unless it is the one written last."""
        ...

    def end(self, case_id: CaseId, place: TypedPlace) -> None:
        """What was typed there was sent, or kept as a draft; it stays in the history."""
        ...

    def states(self, case_id: CaseId, place: TypedPlace) -> Sequence[TypedState]:
        """The history of a place, newest first."""
        ...

    def unfinished(self, case_id: CaseId | None = None) -> Sequence[TypedState]:
        """The newest state of every place that was neither sent nor kept, newest first; of one case, or of
        all."""
        ...

    def remember(self, name: str, value: object) -> None:
        """Keeps a small JSON value of this clerk under ``name``, in place of what was kept; None forgets it.
        Nothing of it is an act."""
        ...
