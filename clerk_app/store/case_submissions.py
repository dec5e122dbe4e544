"""Which submissions stand in a case by now: what the lock on outgoing entries asks the cache."""

from __future__ import annotations

from collections.abc import Callable

from clerk_app.domain.ids import CaseId, SubmissionId
from clerk_app.store.connection import Connection


def submissions_of(connection: Connection, case_id: CaseId) -> tuple[SubmissionId, ...]:
    """Every submission that stands in the case, readable or not, by id."""
    return tuple(
        row[0]
        for row in connection.rows(
            "SELECT submission_id FROM submission WHERE case_key = (SELECT id FROM cases WHERE case_id = ?) "
            "ORDER BY submission_id",
            (case_id,),
        )
    )


class CaseSubmissions:
    """Looks into the cache beside a ledger that is being written; its connection is opened at first use, by
    the thread that asks.

    The cache is not locked meanwhile: the sync thread, which alone writes it, is the one that asks.
    """

    def __init__(self, open_reader: Callable[[], Connection]) -> None:
        self._open = open_reader
        self._connection: Connection | None = None

    def of(self, case_id: CaseId) -> tuple[SubmissionId, ...]:
        """See ``submissions_of``."""
        if self._connection is None:
            self._connection = self._open()
        return submissions_of(self._connection, case_id)

    def close(self) -> None:
        """Closes what was opened."""
        if self._connection is not None:
            self._connection.close()
