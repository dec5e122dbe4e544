"""Which outgoing entries this desktop sends: what it queued, unless another took it over; what it took."""

from __future__ import annotations

from clerk_app.domain.ids import EntryId
from clerk_app.store.connection import Connection

OURS = (
    "coalesce(o.keeper, (SELECT p.desktop FROM placed p WHERE p.sequence = o.queued_sequence), '') "
    "IN ('', coalesce((SELECT m.value FROM team_mark m WHERE m.name = 'desktop'), ''))"
)
"""SQL over ``outbox_state o``. With no team there is neither keeper nor place: everything is ours."""


def is_ours(connection: Connection, entry_id: EntryId) -> bool:
    """Whether this desktop sends the entry. True for one the outbox does not know."""
    found = connection.value(f"SELECT {OURS} FROM outbox_state o WHERE o.entry_id = ?", (entry_id,))  # noqa: S608
    return found is None or bool(found)
