"""The journal of what is being typed, in the ledger's database: encrypted like it, written as durably."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from clerk_app.domain.ids import CaseId
from clerk_app.domain.typed import TypedPlace, TypedState
from clerk_app.store.connection import Connection, Row
from clerk_app.store.encoding import clean_json, read_time, stored_time

if TYPE_CHECKING:
    from clerk_app.usecases.ports import Clock

MOST_STATES = 500  # of one place in one case; older ones are thinned out
_COLUMNS = "sequence, case_id, place, at, actor, content, ended"


class SqlJournal:
    """Implements ``usecases.journal.Journal``. Its connection is opened with the first word typed."""

    def __init__(self, open_connection: Callable[[], Connection], actor: str, clock: Clock) -> None:
        self._open, self._actor, self._clock = open_connection, actor, clock

    @cached_property
    def _connection(self) -> Connection:
        return self._open()

    def keep(self, case_id: CaseId, place: TypedPlace, fields: Mapping[str, object]) -> None:
        """See the protocol."""
        content = msgspec.json.encode(clean_json(dict(fields)), order="sorted").decode("utf-8")
        connection = self._connection
        with connection.transaction("typed"):
            last = connection.one(
                "SELECT content, ended FROM typed WHERE case_id = ?1 AND place = ?2 "
                "ORDER BY sequence DESC LIMIT 1",
                (case_id, place.value),
            )
            if last is not None and last == (content, 0):
                return
            connection.execute(
                "INSERT INTO typed (case_id, place, at, actor, content) VALUES (?,?,?,?,?)",
                (case_id, place.value, stored_time(self._clock.now()), self._actor, content),
            )
            self._thin_out(case_id, place)

    def end(self, case_id: CaseId, place: TypedPlace) -> None:
        """See the protocol."""
        with self._connection.transaction("typed"):
            self._connection.execute(
                "UPDATE typed SET ended = 1 WHERE case_id = ?1 AND place = ?2 AND ended = 0",
                (case_id, place.value),
            )

    def states(self, case_id: CaseId, place: TypedPlace) -> list[TypedState]:
        """See the protocol."""
        rows = self._connection.rows(
            f"SELECT {_COLUMNS} FROM typed WHERE case_id = ?1 AND place = ?2 ORDER BY sequence DESC",  # noqa: S608
            (case_id, place.value),
        )
        return [_as_state(row) for row in rows]

    def unfinished(self, case_id: CaseId | None = None) -> list[TypedState]:
        """See the protocol."""
        rows = self._connection.rows(
            f"SELECT {_COLUMNS} FROM typed WHERE sequence IN ("  # noqa: S608
            "SELECT max(sequence) FROM typed WHERE ended = 0 AND (?1 IS NULL OR case_id = ?1) "
            "GROUP BY case_id, place) ORDER BY sequence DESC",
            (case_id,),
        )
        return [_as_state(row) for row in rows]

    def remember(self, name: str, value: object) -> None:
        """See the protocol."""
        with self._connection.transaction("kept"):
            if value is None:
                self._connection.execute("DELETE FROM kept WHERE actor = ? AND name = ?", (self._actor, name))
                return
            content = msgspec.json.encode(clean_json(value)).decode("utf-8")
            self._connection.execute(
                "INSERT INTO kept VALUES (?,?,?) ON CONFLICT(actor, name) DO UPDATE SET "
                "content = excluded.content",
                (self._actor, name, content),
            )

    def close(self) -> None:
        """Closes what was opened."""
        if "_connection" in self.__dict__:
            self._connection.close()

    def _thin_out(self, case_id: CaseId, place: TypedPlace) -> None:
        """Beyond the most, every second one of the older half goes."""
        found = self._connection.rows(
            "SELECT sequence FROM typed WHERE case_id = ?1 AND place = ?2 ORDER BY sequence",
            (case_id, place.value),
        )
        if len(found) > MOST_STATES:
            gone = [row[0] for row in found[1 : MOST_STATES // 2 : 2]]
            marks = ",".join("?" * len(gone))
            self._connection.execute(f"DELETE FROM typed WHERE sequence IN ({marks})", gone)  # noqa: S608


def _as_state(row: Row) -> TypedState:
    fields: dict[str, Any] = msgspec.json.decode(row[5])
    return TypedState(
        row[0], CaseId(row[1]), TypedPlace(row[2]), read_time(row[3]), row[4], fields, bool(row[6])
    )
