"""Writer of the portal's word: seals originals, then commits a page of rows in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import msgspec

from clerk_app.domain.case import MailboxKey
from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.ids import CaseId, DestinationId, SubmissionId
from clerk_app.store import case_rows
from clerk_app.store.bus import ChangeBus
from clerk_app.store.case_rows import Refreshed
from clerk_app.store.catching_up import read_facts
from clerk_app.store.connection import Connection, Row
from clerk_app.store.encoding import from_json, stored_time, to_json
from clerk_app.store.events import read_events
from clerk_app.store.originals import Originals
from clerk_app.sync.ports import (
    ApplicationReader,
    AuthenticationTags,
    IntakeState,
    KnownIntake,
    Original,
    Problem,
    StoredPage,
    StorePage,
    Waiting,
)

if TYPE_CHECKING:
    from datetime import datetime

    from clerk_app.usecases.ports import Clock

log = logging.getLogger(__name__)

_KNOWN = "submission_id, case_id, destination_id, state, fingerprint, tags, problems, event_schema"
# A submission moves on only from these: what is settled is never stored again.
_REPLACEABLE = (IntakeState.QUARANTINED.value, IntakeState.TO_REJECT.value)


class CacheIntake:
    """Implements ``sync.ports.IntakeStore``. Belongs to the sync thread."""

    def __init__(
        self,
        connection: Connection,
        ledger: Connection,
        originals: Originals,
        bus: ChangeBus,
        clock: Clock,
        seen: Path,
    ) -> None:
        self._connection = connection
        self._seen = seen  # beside the cache: how many pages it has held
        self._ledger = ledger  # read-only: which cases are closed for good
        self._originals = originals
        self._bus = bus
        self._clock = clock

    def known(self, submission_ids: Iterable[SubmissionId]) -> Mapping[SubmissionId, KnownIntake]:
        """What is stored of these submissions."""
        found: dict[SubmissionId, KnownIntake] = {}
        wanted = list(submission_ids)
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ",".join("?" * len(part))
            rows = self._connection.rows(
                f"SELECT {_KNOWN} FROM submission WHERE submission_id IN ({marks})",  # noqa: S608
                part,
            )
            found |= {known.waiting.submission_id: known for known in map(_known, rows)}
        return found

    def unsettled(self, mailbox: MailboxKey) -> Sequence[KnownIntake]:
        """Stored or to be rejected, and not confirmed; oldest first."""
        rows = self._connection.rows(
            f"SELECT {_KNOWN} FROM submission WHERE portal = ? AND destination_id = ? "  # noqa: S608
            "AND state IN ('stored', 'to-reject') ORDER BY id",
            (mailbox.portal, mailbox.destination_id),
        )
        return [_known(row) for row in rows]

    def store(self, mailbox: MailboxKey, page: StorePage) -> StoredPage:
        """Seals every original durably, then commits all rows. Storing a page again changes nothing."""
        self._originals.keep(
            [opened.original for opened, _facts in page.opened]
            + [defective.original for defective in page.defective]
            + [unreadable.original for unreadable, _fingerprint in page.unreadable]
        )
        readable: set[CaseId] = set()
        touched: set[CaseId] = set()
        with self._connection.transaction("intake page"):
            for opened, facts in page.opened:
                key = self._submission(
                    mailbox,
                    opened.original,
                    IntakeState.STORED,
                    event_schema=opened.event_schema,
                    tags=to_json(msgspec.to_builtins(opened.tags)),
                )
                if key is None:
                    continue
                case_rows.insert_application(self._connection, key, opened.application, facts)
                self._events(opened.original)
                readable.add(opened.original.waiting.case_id)
            for defective in page.defective:
                key = self._submission(
                    mailbox,
                    defective.original,
                    IntakeState.TO_REJECT,
                    code=defective.code,
                    event_schema=defective.event_schema,
                    problems=to_json(msgspec.to_builtins(defective.problems)),
                )
                if key is not None:
                    touched.add(defective.original.waiting.case_id)
            for unreadable, fingerprint in page.unreadable:
                key = self._submission(
                    mailbox,
                    unreadable.original,
                    IntakeState.QUARANTINED,
                    code=unreadable.code,
                    code_params=to_json(unreadable.params),
                    fingerprint=fingerprint,
                )
                if key is not None:
                    touched.add(unreadable.original.waiting.case_id)
            touched |= readable
            done = {case_id: case_rows.refresh(self._connection, case_id) for case_id in sorted(touched)}
            pages = case_rows.next_page(self._connection)
        note_seen(self._seen, pages)
        self._bus.publish(
            ChangeSet(
                arrived=frozenset(case_id for case_id, how in done.items() if how is Refreshed.NEW),
                changed=frozenset(case_id for case_id, how in done.items() if how is not Refreshed.NEW),
            )
        )
        joined = frozenset(case_id for case_id in readable if done[case_id] is Refreshed.CHANGED)
        return StoredPage(frozenset(readable) - joined, joined)

    def settle(self, submissions: Mapping[SubmissionId, IntakeState]) -> None:
        """The portal confirmed: one transaction for all."""
        now = self._clock.now()
        cases: dict[SubmissionId, CaseId] = {}
        with self._connection.transaction("settle"):
            for submission_id, state in submissions.items():
                case_id = self._connection.value(
                    "SELECT case_id FROM submission WHERE submission_id = ?", (submission_id,)
                )
                if case_id is None:
                    log.warning("settled submission %s is not stored", submission_id)
                    continue
                cases[submission_id] = case_id
                self._connection.execute(
                    "UPDATE submission SET state = ?, settled_at = ? WHERE submission_id = ?",
                    (state.value, stored_time(now), submission_id),
                )
        for submission_id, case_id in cases.items():
            self._originals.settled(case_id, submission_id, submissions[submission_id], now)
        self._bus.publish(ChangeSet(changed=frozenset(cases.values())))

    def synced(self, mailbox: MailboxKey, at: datetime) -> None:
        """Remembers the round, and takes over from the ledger which cases are closed for good."""
        closed = self._newly_closed()
        with self._connection.transaction("synced"):
            self._connection.execute(
                "INSERT INTO mailbox VALUES (?, ?, ?) "
                "ON CONFLICT(portal, destination_id) DO UPDATE SET synced_at = excluded.synced_at",
                (mailbox.portal, mailbox.destination_id, stored_time(at)),
            )
            if closed:
                self._connection.execute_many(
                    "UPDATE cases SET closed = 1 WHERE case_id = ? AND closed = 0 AND quarantined = 0",
                    [(case_id,) for case_id, _sequence in closed],
                )
                case_rows.remember(self._connection, "closed-up-to", str(closed[-1][1]))

    def originals(self) -> Iterable[Original]:
        """Every sealed original, for building the cache again."""
        return self._originals.all()

    def read_facts(self, reader: ApplicationReader, limit: int) -> int:
        """See ``sync.ports.IntakeStore``."""
        return read_facts(self._connection, reader, limit)

    def close(self) -> None:
        """Closes its connections."""
        self._connection.close()
        self._ledger.close()

    def _newly_closed(self) -> list[Row]:
        done = int(case_rows.recall(self._connection, "closed-up-to") or 0)
        return self._ledger.rows(
            "SELECT case_id, closed_sequence FROM case_state WHERE closed_sequence > ? "
            "ORDER BY closed_sequence",
            (done,),
        )

    def _submission(
        self,
        mailbox: MailboxKey,
        original: Original,
        state: IntakeState,
        *,
        code: ErrorCode | None = None,
        code_params: str | None = None,
        fingerprint: str = "",
        event_schema: str = "",
        tags: str | None = None,
        problems: str | None = None,
    ) -> int | None:
        """Inserts or replaces the submission's row; its key, or None when it is stored already."""
        waiting = original.waiting
        stored = self._connection.one(
            "SELECT id, state FROM submission WHERE submission_id = ?", (waiting.submission_id,)
        )
        if stored is not None and stored[1] not in _REPLACEABLE:
            return None
        # a cache built anew learns from the envelope's name that the portal knows already; what was accepted
        # and does not open any more stays quarantined, or nobody would see it
        settled = self._originals.settled_state(waiting.case_id, waiting.submission_id)
        settled_at = None
        if settled is not None and (
            settled[0] is IntakeState.REJECTED or state is not IntakeState.QUARANTINED
        ):
            state, settled_at = settled[0], stored_time(settled[1])
        values = (
            waiting.case_id,
            mailbox.portal,
            mailbox.destination_id,
            state.value,
            stored_time(original.fetched_at),
            settled_at,
            None if code is None else code.value,
            code_params,
            fingerprint,
            event_schema,
            tags,
            problems,
        )
        if stored is not None:
            self._connection.execute(
                "UPDATE submission SET case_id = ?, portal = ?, destination_id = ?, state = ?, "
                "received_at = ?, settled_at = ?, code = ?, code_params = ?, fingerprint = ?, "
                "event_schema = ?, tags = ?, problems = ? WHERE id = ?",
                (*values, stored[0]),
            )
            return int(stored[0])
        self._connection.execute(
            "INSERT INTO submission(case_id, portal, destination_id, state, received_at, settled_at, code, "
            "code_params, fingerprint, event_schema, tags, problems, submission_id) "
            "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (*values, waiting.submission_id),
        )
        return int(self._connection.value("SELECT last_insert_rowid()"))

    def _events(self, original: Original) -> None:
        self._connection.execute_many(
            "INSERT INTO portal_event VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [
                (original.waiting.case_id, event.event_id, stored_time(event.at), event.kind, event.subject)
                for event in read_events(original.event_log)
            ],
        )


def note_seen(path: Path, pages: int) -> None:
    """Notes beside the cache how many pages it holds: an older copy put in its place is found out by it.
    Written after COMMIT and not synced, so it is never ahead of the cache by itself."""
    try:
        path.write_text(str(pages), encoding="ascii")
    except OSError:
        log.warning("the cache's page number could not be noted")


def read_seen(path: Path) -> int:
    """What ``note_seen`` wrote; 0 when there is nothing to be read."""
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0


def _known(row: Row) -> KnownIntake:
    tags, problems = from_json(row[5]), from_json(row[6])
    return KnownIntake(
        state=IntakeState(row[3]),
        fingerprint=row[4],
        waiting=Waiting(SubmissionId(row[0]), CaseId(row[1]), DestinationId(row[2])),
        tags=None if tags is None else msgspec.convert(tags, AuthenticationTags),
        problems=tuple(msgspec.convert(entry, Problem) for entry in cast("list[object]", problems or [])),
        event_schema=row[7],
    )
