"""Who has which case open, and a hint that something happened. Nothing rests on either.

One thread with one connection of its own. When the server is gone it tries again; nobody has anything open.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import psycopg

from clerk_app.domain.errors import ClerkError
from clerk_app.domain.ids import CaseId
from clerk_app.team.connection import Rows

BEAT_S = 10.0
_GONE_AFTER_S = 35  # a desktop that has not been heard of for three beats
_GLANCE_S = 0.5

Presence = Mapping[CaseId, tuple[str, ...]]


class TeamWatch:
    """Anwesenheit. ``show`` may be called from any thread; listeners are told on the watch's own."""

    def __init__(
        self,
        connect: Callable[[], Rows],
        office_id: str,
        desktop_id: str,
        actor: str,
        on_news: Callable[[], None],
        *,
        beat_s: float = BEAT_S,
    ) -> None:
        self._connect = connect
        self._office_id = office_id
        self._desktop_id = UUID(desktop_id)
        self._actor = actor
        self._on_news = on_news
        self._beat_s = beat_s
        self._lock = threading.Lock()
        self._changed = threading.Event()
        self._stopping = threading.Event()
        self._case: CaseId | None = None
        self._others: Presence = {}
        self._listeners: tuple[Callable[[Presence], None], ...] = ()
        self._thread = threading.Thread(target=self._run, name="team-watch", daemon=True)

    def start(self) -> None:
        """Begins to watch."""
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """Leaves; whether the thread ended in time."""
        self._stopping.set()
        self._changed.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def show(self, case_id: CaseId | None) -> None:
        """The person here has this case open now (None: none). Returns at once."""
        with self._lock:
            if case_id == self._case:
                return
            self._case = case_id
        self._changed.set()

    def others(self, case_id: CaseId) -> tuple[str, ...]:
        """Who else has it open, by name."""
        with self._lock:
            return self._others.get(case_id, ())

    def subscribe(self, listener: Callable[[Presence], None]) -> Callable[[], None]:
        """Tells ``listener`` whenever others open or leave cases; the result ends that."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def end() -> None:
            with self._lock:
                self._listeners = tuple(kept for kept in self._listeners if kept is not listener)

        return end

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._connect() as connection:
                    connection.execute("LISTEN amtsstube")
                    self._watch(connection)
                    self._leave(connection)
            except (psycopg.Error, ClerkError):
                pass  # the sync thread tells the person that the server is gone
            self._heard({})
            self._changed.clear()
            if not self._stopping.is_set():
                self._changed.wait(self._beat_s)

    def _watch(self, connection: Rows) -> None:
        while not self._stopping.is_set():
            self._changed.clear()
            with self._lock:
                case_id = self._case
            self._tell(connection, case_id)
            self._heard(self._ask(connection))
            self._listen(connection)

    def _listen(self, connection: Rows) -> None:
        """Until the next beat, a change here, or news. Several hints in a row are one."""
        waited = 0.0
        while waited < self._beat_s and not self._changed.is_set():
            news = [note.payload for note in connection.notifies(timeout=_GLANCE_S)]
            waited += _GLANCE_S
            if self._office_id in news:
                self._on_news()
                return

    def _tell(self, connection: Rows, case_id: CaseId | None) -> None:
        with connection.transaction():
            connection.execute(
                "DELETE FROM presence WHERE desktop_id = %s AND case_id IS DISTINCT FROM %s",
                (self._desktop_id, case_id),
            )
            if case_id is not None:
                connection.execute(
                    "INSERT INTO presence (office_id, case_id, desktop_id, actor) VALUES (%s, %s, %s, %s) "
                    "ON CONFLICT (office_id, desktop_id, case_id) DO UPDATE SET seen_at = now()",
                    (self._office_id, case_id, self._desktop_id, self._actor),
                )

    def _ask(self, connection: Rows) -> Presence:
        rows: list[Any] = connection.execute(
            "SELECT case_id, array_agg(DISTINCT actor ORDER BY actor) FROM presence "
            "WHERE office_id = %s AND desktop_id <> %s AND seen_at > now() - make_interval(secs => %s) "
            "GROUP BY case_id",
            (self._office_id, self._desktop_id, _GONE_AFTER_S),
        ).fetchall()
        return {CaseId(row[0]): tuple(row[1]) for row in rows}

    def _leave(self, connection: Rows) -> None:
        connection.execute("DELETE FROM presence WHERE desktop_id = %s", (self._desktop_id,))

    def _heard(self, others: Presence) -> None:
        with self._lock:
            if others == self._others:
                return
            self._others, listeners = others, self._listeners
        for listener in listeners:
            listener(others)
