"""Entries whose words were taken out at the end of retention: what still vouches for them."""

from __future__ import annotations

from clerk_app.domain.ledger import ActKind
from clerk_app.domain.retention import destroyed_digest
from clerk_app.store.connection import Connection, Row
from clerk_app.store.encoding import from_json

TAKEN_OUT = "{}"
_STAYS = "sequence, entry_hash, entry_id, at, actor, kind, subject_id"


def destroyed_rows(connection: Connection, case_id: str, before: int) -> list[Row]:
    """What stays of the entries of a case with a number below ``before``, in order."""
    return connection.rows(
        f"SELECT {_STAYS} FROM entry WHERE case_id = ? AND sequence < ? ORDER BY sequence",  # noqa: S608
        (case_id, before),
    )


class DestroyedCases:
    """Which entries may be without their words."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._last: dict[str, int] = dict(
            connection.rows(
                "SELECT case_id, max(sequence) FROM entry WHERE kind = ? GROUP BY 1",
                (ActKind.DESTROYED.value,),
            )
        )

    def covers(self, case_id: str | None, sequence: int) -> bool:
        """Whether a later act declares the case destroyed."""
        return case_id is not None and sequence < self._last.get(case_id, 0)

    def vouches(self, case_id: str | None, sequence: int, payload: str) -> bool:
        """Whether the act with this number tells the truth about what stays of the entries before it."""
        try:
            told = from_json(payload)
            kept = destroyed_rows(self._connection, str(case_id), sequence)
            return (
                isinstance(told, dict)
                and told.get("entries") == len(kept)
                and told.get("digest") == destroyed_digest(kept)
            )
        except ValueError:
            return False
