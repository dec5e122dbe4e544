"""The office's place on the server. Implements ``sync.team.TeamServer``. One object per thread."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import AttachmentId, CaseId, DestinationId, DocumentId, SubmissionId
from clerk_app.domain.ledger import COUNTY_ACTS, MACHINE
from clerk_app.sync.ports import EncryptedBody, IntakeState
from clerk_app.sync.team import (
    Cursor,
    EntryPage,
    PlacedEntry,
    RoutingFacts,
    SharedDocument,
    SharedEntry,
    SharedOriginal,
)
from clerk_app.team.connection import Rows
from clerk_app.team.failures import translated
from clerk_app.team.keys import DesktopKeys, OfficeKeys, is_signed_by, read_entry, write_entry
from clerk_app.team.roster import Roster, TeamDesktop

PIECE_BYTES = 1 << 20
_INTAKE_LOCK = 0x414D5449  # "AMTI"
_COMPRESSED, _PLAIN = b"z", b"p"
_COUNTY_KINDS = frozenset(kind.value for kind in COUNTY_ACTS)


class OfficeServer:
    """Seals what goes out, opens and checks what comes in. Raises ClerkError TEAM_…"""

    def __init__(self, connection: Rows, roster: Roster, desktop_id: str, keys: DesktopKeys) -> None:
        self._connection = connection
        self._office_id = roster.office_id
        self._roster = roster
        self._desktop_id = desktop_id
        self._keys = keys
        self._desktops: Mapping[str, TeamDesktop] = roster.desktops()
        self._office_keys: OfficeKeys = roster.keys(desktop_id, keys)
        own = self._desktops.get(desktop_id)
        if own is not None and own.revoked_at is not None:
            raise ClerkError(ErrorCode.TEAM_REVOKED, {"desktop": own.label}, Disposition.ASK_CLERK)
        if own is None or own.admitted_at is None or self._office_keys.newest == 0:
            params = {"fingerprint": keys.public.fingerprint}
            raise ClerkError(ErrorCode.TEAM_NOT_ADMITTED, params, Disposition.ASK_CLERK)

    def place(self, entries: Sequence[SharedEntry]) -> None:
        """One transaction. What is there already is passed over by the server."""
        if not entries:
            return
        rows = [
            (
                UUID(entry.entry_id), UUID(entry.desktop), entry.kind, entry.case_id,
                self._office_keys.seal("entry", entry.entry_id, _packed(write_entry(entry, self._keys.sign))),
            )
            for entry in entries
        ]  # fmt: skip
        ids, desktops, kinds, cases, sealed = (list(column) for column in zip(*rows, strict=True))
        generation = self._office_keys.newest
        with translated(), self._connection.transaction():
            self._connection.execute(
                "INSERT INTO entry (office_id, entry_id, desktop_id, kind, case_id, generation, sealed) "
                "SELECT %s, new.entry_id, new.desktop_id, new.kind, new.case_id, %s, new.sealed "
                "FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::bytea[]) "
                "WITH ORDINALITY AS new (entry_id, desktop_id, kind, case_id, sealed, place) "
                "ORDER BY new.place",
                (self._office_id, generation, ids, desktops, kinds, cases, sealed),
            )

    def entries_after(self, cursor: Cursor, limit: int) -> EntryPage:
        """The next ``limit`` entries."""
        with translated(), self._connection.transaction():
            head = self._connection.execute(
                "SELECT number FROM counter WHERE office_id = %s AND stream = 'entry'", (self._office_id,)
            ).fetchone()
            rows: list[Any] = self._connection.execute(
                "SELECT number, entry_id, desktop_id, author, kind, case_id, generation, sealed, chain "
                "FROM entry WHERE office_id = %s AND number > %s ORDER BY number LIMIT %s",
                (self._office_id, cursor.number, limit),
                binary=True,
            ).fetchall()
        last = Cursor(rows[-1][0], bytes(rows[-1][8]).hex()) if rows else cursor
        return EntryPage(
            [self._placed(row) for row in rows], last, int(str(head[0])) if head else last.number
        )

    def holds(self, cursor: Cursor) -> bool:
        """See TeamServer."""
        with translated():
            row: Any = self._connection.execute(
                "SELECT chain FROM entry WHERE office_id = %s AND number = %s",
                (self._office_id, cursor.number),
            ).fetchone()
        return row is not None and bytes(row[0]).hex() == cursor.chain

    def place_documents(self, documents: Sequence[SharedDocument]) -> None:
        """See TeamServer."""
        with translated(), self._connection.transaction():
            for document in documents:
                self._connection.execute(
                    "INSERT INTO document (office_id, document_id, case_id, generation, sealed) "
                    "VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                    (
                        self._office_id, document.document_id, document.case_id, self._office_keys.newest,
                        self._office_keys.seal(
                            "document", f"{document.case_id}/{document.document_id}", document.content
                        ),
                    ),
                )  # fmt: skip

    def lacking_documents(
        self, wanted: Sequence[tuple[CaseId, DocumentId]]
    ) -> Sequence[tuple[CaseId, DocumentId]]:
        """See TeamServer."""
        if not wanted:
            return []
        with translated():
            rows = self._connection.execute(
                "SELECT document_id FROM document WHERE office_id = %s AND document_id = ANY (%s)",
                (self._office_id, [document_id for _case_id, document_id in wanted]),
            ).fetchall()
        held = {str(row[0]) for row in rows}
        return [each for each in wanted if each[1] not in held]

    def document(self, case_id: CaseId, document_id: DocumentId) -> SharedDocument | None:
        """See TeamServer. Raises TEAM_DAMAGED for one that does not open."""
        with translated():
            row: Any = self._connection.execute(
                "SELECT generation, sealed FROM document "
                "WHERE office_id = %s AND document_id = %s AND case_id = %s",
                (self._office_id, document_id, case_id),
                binary=True,
            ).fetchone()
        if row is None:
            return None
        content = self._open(row[0], "document", f"{case_id}/{document_id}", bytes(row[1]))
        return SharedDocument(case_id, document_id, content)

    def place_original(self, original: SharedOriginal) -> None:
        """Whole or not at all: a submission without its attachments would be taken for complete."""
        with translated(), self._connection.transaction():
            for attachment_id, body in original.attachments.items():
                for piece, content in enumerate(_pieces(body)):
                    self._connection.execute(
                        "INSERT INTO original_piece VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                        (self._office_id, original.submission_id, attachment_id, piece, content),
                    )
            self._connection.execute(
                "INSERT INTO original (office_id, submission_id, case_id, destination_id, portal, state, "
                "settled_at, envelope) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                (
                    self._office_id, original.submission_id, original.case_id, original.destination_id,
                    original.portal, original.state.value,
                    original.settled_at.isoformat() if original.settled_at else None, original.envelope,
                ),
            )  # fmt: skip

    def lacking_originals(self, submission_ids: Sequence[SubmissionId]) -> frozenset[SubmissionId]:
        """See TeamServer."""
        with translated():
            rows = self._connection.execute(
                "SELECT submission_id FROM original WHERE office_id = %s AND submission_id = ANY (%s)",
                (self._office_id, list(submission_ids)),
            ).fetchall()
        return frozenset(submission_ids) - {SubmissionId(str(row[0])) for row in rows}

    def settle_originals(self, states: Mapping[SubmissionId, tuple[IntakeState, datetime]]) -> None:
        """See TeamServer."""
        with translated(), self._connection.transaction():
            for submission_id, (state, at) in sorted(states.items()):
                self._connection.execute(
                    "UPDATE original SET state = %s, settled_at = %s "
                    "WHERE office_id = %s AND submission_id = %s AND state <> %s",
                    (state.value, at.isoformat(), self._office_id, submission_id, state.value),
                )

    def originals_after(self, number: int, limit: int) -> Sequence[SharedOriginal]:
        """See TeamServer."""
        with translated():
            rows: list[Any] = self._connection.execute(
                "SELECT submission_id, case_id, destination_id, portal, state, settled_at, envelope, number "
                "FROM original WHERE office_id = %s AND number > %s ORDER BY number LIMIT %s",
                (self._office_id, number, limit),
                binary=True,
            ).fetchall()
        return [
            SharedOriginal(
                SubmissionId(row[0]), CaseId(row[1]), DestinationId(row[2]), row[3], IntakeState(row[4]),
                datetime.fromisoformat(row[5]) if row[5] else None, bytes(row[6]), number=row[7],
            )
            for row in rows
        ]  # fmt: skip

    def attachments(self, submission_id: SubmissionId) -> Mapping[AttachmentId, EncryptedBody]:
        """The attachments' JWEs, as received."""
        with translated():
            rows: list[Any] = self._connection.execute(
                "SELECT attachment_id, body FROM original_piece "
                "WHERE office_id = %s AND submission_id = %s ORDER BY attachment_id, piece",
                (self._office_id, submission_id),
                binary=True,
            ).fetchall()
        bodies: dict[AttachmentId, list[bytes]] = {}
        for attachment_id, body in rows:
            bodies.setdefault(AttachmentId(attachment_id), []).append(bytes(body))
        return {attachment_id: b"".join(pieces) for attachment_id, pieces in bodies.items()}

    def note_routing(self, facts: Sequence[RoutingFacts]) -> None:
        """What the county sees; the first day of receipt and the county's direction stay as they are."""
        with translated(), self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO routing (office_id, case_id, case_reference, leika_key, service, municipality, "
                "portal, arrived_at, first_received_on, due_on, status, assigned, proposal, proposal_reason) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) "
                "ON CONFLICT (office_id, case_id) DO UPDATE SET service = excluded.service, "
                "municipality = excluded.municipality, due_on = excluded.due_on, status = excluded.status, "
                "assigned = excluded.assigned, proposal = excluded.proposal, "
                "proposal_reason = excluded.proposal_reason",
                [
                    (
                        self._office_id, fact.case_id, fact.case_reference, fact.leika_key, fact.service,
                        fact.municipality, fact.portal, fact.arrived_at, fact.first_received_on, fact.due_on,
                        fact.status, fact.assigned, fact.proposal, fact.proposal_reason,
                    )
                    for fact in facts
                ],
            )  # fmt: skip

    @contextmanager
    def intake(self) -> Iterator[bool]:
        """A session lock, so it ends with the connection, however that ends. Where a wire-compatible database
        knows no such lock every desktop may fetch at once: costly, not wrong (intake is idempotent)."""
        place = zlib.crc32(self._office_id.encode()) - 2**31
        with translated():
            row = self._connection.execute(
                "SELECT pg_try_advisory_lock(%s, %s)", (_INTAKE_LOCK, place)
            ).fetchone()
        got = row == (True,)
        try:
            yield got
        finally:
            if got and not self._connection.closed:
                with translated():
                    self._connection.execute("SELECT pg_advisory_unlock(%s, %s)", (_INTAKE_LOCK, place))

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def _placed(self, row: Any) -> PlacedEntry:
        number, entry_id, desktop_id, author, kind, case_id, generation, sealed = row[:8]
        entry_id = str(entry_id)
        if generation == 0:
            return self._county(number, entry_id, str(author), kind, bytes(sealed))
        try:
            entry = read_entry(_unpacked(self._open(generation, "entry", entry_id, bytes(sealed))))
        except ClerkError as error:
            if error.code is not ErrorCode.TEAM_DAMAGED:
                raise
            return PlacedEntry(number, entry_id, str(author), None, "unreadable")
        fault = self._fault(entry, entry_id, str(desktop_id), kind, case_id)
        return PlacedEntry(number, entry_id, str(author), None if fault else entry, fault)

    def _fault(
        self, entry: SharedEntry, entry_id: str, desktop_id: str, kind: str, case_id: str | None
    ) -> str | None:
        """Why an entry that opened is not believed."""
        if (entry.entry_id, entry.kind, entry.case_id, entry.desktop) != (
            entry_id, kind, case_id, desktop_id,
        ):  # fmt: skip
            return "label-differs"
        if entry.desktop not in self._desktops:
            self._desktops = self._roster.desktops()
        writer = self._desktops.get(entry.desktop)
        if writer is None:
            return "desktop-unknown"
        if not is_signed_by(entry, writer.keys.sign):
            return "signature"
        if entry.actor not in (MACHINE, writer.actor):
            return "other-person"
        return None

    def _county(self, number: int, entry_id: str, author: str, kind: str, content: bytes) -> PlacedEntry:
        try:
            entry = read_entry(content)
        except ClerkError:
            return PlacedEntry(number, entry_id, author, None, "unreadable")
        if (entry.entry_id, entry.kind, entry.desktop) != (entry_id, kind, "") or kind not in _COUNTY_KINDS:
            return PlacedEntry(number, entry_id, author, None, "label-differs")
        if entry.actor != author:
            return PlacedEntry(number, entry_id, author, None, "other-person")
        return PlacedEntry(number, entry_id, author, entry)

    def _open(self, generation: int, kind: str, name: str, sealed: bytes) -> bytes:
        try:
            return self._office_keys.open(generation, kind, name, sealed)
        except ClerkError as error:
            if error.code is not ErrorCode.TEAM_KEY_MISSING:
                raise
        self._office_keys = self._roster.keys(self._desktop_id, self._keys)  # a colleague changed the key
        return self._office_keys.open(generation, kind, name, sealed)


def _packed(content: bytes) -> bytes:
    smaller = zlib.compress(content, 1)
    return _COMPRESSED + smaller if len(smaller) < len(content) else _PLAIN + content


def _unpacked(content: bytes) -> bytes:
    """Undoes ``_packed``. Who could seal this holds the office's key; a bound guards against mistakes."""
    if content[:1] == _PLAIN:
        return content[1:]
    opener = zlib.decompressobj()
    try:
        plain = opener.decompress(content[1:], 256 << 20)
    except zlib.error as error:
        raise ClerkError(ErrorCode.TEAM_DAMAGED, {"name": "entry"}) from error
    if opener.unconsumed_tail:
        raise ClerkError(ErrorCode.TEAM_DAMAGED, {"name": "entry"})
    return plain


def _pieces(body: EncryptedBody) -> Iterator[bytes]:
    if isinstance(body, Path):
        with body.open("rb") as source:
            while piece := source.read(PIECE_BYTES):
                yield piece
        return
    for start in range(0, len(body), PIECE_BYTES):
        yield body[start : start + PIECE_BYTES]
