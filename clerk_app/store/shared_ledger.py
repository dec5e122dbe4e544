"""The ledger as the team's exchange sees it. Implements ``sync.team.SharedLedger``. One object per thread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import CaseId, DocumentId, EntryId
from clerk_app.domain.ledger import ActKind, LedgerEntry
from clerk_app.domain.package import PackageMark, PackageVersion
from clerk_app.store import projections
from clerk_app.store.connection import Connection, Row
from clerk_app.store.documents import Documents
from clerk_app.store.encoding import stored_time
from clerk_app.store.ledger import LedgerStore
from clerk_app.store.ledger_write import ENTRY_ROW, LedgerWrite, ledger_entry
from clerk_app.store.own_entries import OURS
from clerk_app.store.packages import PackageFiles
from clerk_app.sync.team import Cursor, EntryPage, PlacedEntry, SharedDocument, SharedEntry

if TYPE_CHECKING:
    from clerk_app.usecases.ports import Clock

PACKAGES = CaseId("packages")
"""Stands in for a case where the document is the archive of a service package, named by its hash."""
_NEWEST_CURSORS, _SPARSE = 200, 1000
_SHARED = "e.entry_id, e.at, e.actor, e.kind, e.case_id, e.subject_id, e.payload"
_ROW = ", ".join(f"e.{name.strip()}" for name in ENTRY_ROW.split(","))
_OPEN = "('QUEUED', 'ANNOUNCED', 'UPLOADED', 'IN_DOUBT', 'SUBMITTED')"


class TeamMarks:
    """What this desktop remembers about its team, in the encrypted ledger."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, name: str) -> str | None:
        """The mark, or None."""
        return cast(
            "str | None", self._connection.value("SELECT value FROM team_mark WHERE name = ?", (name,))
        )

    def put(self, name: str, value: str) -> None:
        """Writes the mark (inside or outside a transaction)."""
        self._connection.execute(
            "INSERT INTO team_mark VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
            (name, value),
        )


class SharedLedgerStore:
    """See the module."""

    def __init__(
        self, ledger: LedgerStore, documents: Documents, packages: PackageFiles, clock: Clock
    ) -> None:
        self._ledger = ledger
        self._connection = ledger.connection
        self._documents = documents
        self._packages = packages
        self._clock = clock
        self.marks = TeamMarks(ledger.connection)

    @property
    def desktop(self) -> str:
        """Raises ClerkError TEAM_NOT_JOINED."""
        found = self.marks.get("desktop")
        if found is None:
            raise ClerkError(ErrorCode.TEAM_NOT_JOINED, {}, Disposition.ASK_CLERK)
        return found

    def begin_team(self, desktop_id: str, keys: str, office_id: str) -> None:
        """Remembers who this desktop is in its team; one transaction."""
        with self._connection.transaction("begin team"):
            for name, value in (("desktop", desktop_id), ("desktop-keys", keys), ("office", office_id)):
                self.marks.put(name, value)

    def unplaced_count(self) -> int:
        """How many entries of ours the server does not hold yet."""
        begin = int(self.marks.get("placed-up-to") or 0)
        return int(
            self._connection.value(
                "SELECT count(*) FROM entry e LEFT JOIN placed p ON p.sequence = e.sequence "
                "WHERE e.sequence > ? AND p.number IS NULL AND coalesce(p.desktop, '?') <> ''",
                (begin,),
            )
        )

    def cursor(self) -> Cursor:
        """See SharedLedger."""
        row = self._connection.one("SELECT number, chain FROM team_cursor ORDER BY number DESC LIMIT 1")
        return Cursor() if row is None else Cursor(*row)

    def cursors(self) -> Sequence[Cursor]:
        """See SharedLedger."""
        rows = self._connection.rows("SELECT number, chain FROM team_cursor ORDER BY number DESC")
        return [*(Cursor(*row) for row in rows), Cursor()]

    def unplaced(self, limit: int, after: int = 0) -> Sequence[tuple[int, SharedEntry]]:
        """See SharedLedger."""
        begin = max(after, int(self.marks.get("placed-up-to") or 0))
        rows = self._connection.rows(
            f"SELECT e.sequence, {_SHARED}, p.desktop, p.signature FROM entry e "  # noqa: S608
            "LEFT JOIN placed p ON p.sequence = e.sequence "
            "WHERE e.sequence > ? AND p.number IS NULL AND coalesce(p.desktop, '?') <> '' "
            "ORDER BY e.sequence LIMIT ?",
            (begin, limit),
        )
        own = self.desktop
        return [(row[0], _shared(row[1:8], row[8] or own, row[9] or "")) for row in rows]

    def take_in(self, page: EntryPage) -> int:
        """See SharedLedger. Raises ClerkError TEAM_NEWER for an act this program does not know yet: taking in
        the rest without it would show something wrong."""
        new = 0
        touched: set[str] = set()
        with self._ledger.transaction("take in") as write:
            self.marks.put("taking-in", "1")  # see the migration: four eyes are judged in the team's order
            for placed in page.entries:
                new += self._take_in(write, placed, touched)
            for case_id in sorted(touched):
                if self._is_out_of_order(case_id):
                    projections.replay_case(self._connection, case_id, ledger_entry, _ROW)
            self._connection.execute("DELETE FROM team_mark WHERE name = 'taking-in'")
            self._connection.execute(
                "INSERT INTO team_cursor VALUES (?, ?) ON CONFLICT(number) DO UPDATE "
                "SET chain = excluded.chain",
                (page.cursor.number, page.cursor.chain),
            )
            self._thin_cursors()
            self._note_placed()
        return new

    def go_back_to(self, cursor: Cursor) -> None:
        """See SharedLedger."""
        with self._ledger.transaction("team went back"):
            cases = [
                row[0]
                for row in self._connection.rows(
                    "SELECT DISTINCT e.case_id FROM placed p JOIN entry e ON e.sequence = p.sequence "
                    "WHERE p.number > ? AND e.case_id IS NOT NULL",
                    (cursor.number,),
                )
            ]
            self._connection.execute("UPDATE placed SET number = NULL WHERE number > ?", (cursor.number,))
            self._connection.execute("DELETE FROM team_cursor WHERE number > ?", (cursor.number,))
            self._connection.execute("DELETE FROM set_aside WHERE number > ?", (cursor.number,))
            self.marks.put("placed-up-to", "0")
            self._note_placed()
            for case_id in cases:
                projections.replay_case(self._connection, case_id, ledger_entry, _ROW)

    def documents_of(self, entries: Sequence[SharedEntry]) -> Sequence[tuple[CaseId, DocumentId]]:
        """See SharedLedger."""
        found: dict[tuple[CaseId, DocumentId], None] = {}
        for entry in entries:
            for each in _documents_in(entry.kind, entry.case_id, projections.payload_of(entry.payload)):
                found[each] = None
        return list(found)

    def wanted_documents(self, limit: int) -> Sequence[tuple[CaseId, DocumentId]]:
        """See SharedLedger. What was asked for longest ago first comes with the rowless key order: any."""
        rows = self._connection.rows("SELECT case_id, document_id FROM wanted_document LIMIT ?", (limit,))
        return [(CaseId(row[0]), DocumentId(row[1])) for row in rows]

    def document(self, case_id: CaseId, document_id: DocumentId) -> SharedDocument | None:
        """See SharedLedger."""
        if case_id == PACKAGES:
            mark = PackageMark("", PackageVersion.parse("0.0.0"), document_id)
            return SharedDocument(case_id, document_id, self._packages.read(mark)) if self._packages.holds(
                mark
            ) else None  # fmt: skip
        if not self._documents.exists(case_id, document_id, "document"):
            return None
        content = b"".join(self._documents.unseal(case_id, document_id, "document"))
        return SharedDocument(case_id, document_id, content)

    def keep_document(self, document: SharedDocument) -> None:
        """See SharedLedger. The file first: a want that outlives it is fetched once more."""
        if document.case_id == PACKAGES:
            mark = PackageMark("", PackageVersion.parse("0.0.0"), document.document_id)
            self._packages.keep(mark, document.content)
        elif not self._documents.exists(document.case_id, document.document_id, "document"):
            self._documents.seal(document.case_id, document.document_id, "document", [document.content])
        with self._connection.transaction("document came"):
            self._connection.execute(
                "DELETE FROM wanted_document WHERE case_id = ? AND document_id = ?",
                (document.case_id, document.document_id),
            )

    def is_ours_to_send(self, entry_id: EntryId) -> bool:
        """See SharedLedger."""
        found = self._connection.one(
            f"SELECT 1 FROM outbox_state o WHERE o.entry_id = ? AND o.state IN {_OPEN} AND {OURS} "  # noqa: S608
            "AND EXISTS (SELECT 1 FROM placed p WHERE p.sequence = o.queued_sequence "
            "AND p.number IS NOT NULL)",
            (entry_id,),
        )
        return found is not None

    def set_aside(self) -> Sequence[tuple[int, str, str]]:
        """Entries that were not believed: number, author, fault. For ``doctor``."""
        rows = self._connection.rows("SELECT number, author, fault FROM set_aside ORDER BY number")
        return [(row[0], row[1], row[2]) for row in rows]

    def close(self) -> None:
        """Closes the ledger it writes to."""
        self._ledger.close()

    def _take_in(self, write: LedgerWrite, placed: PlacedEntry, touched: set[str]) -> bool:
        entry = placed.entry
        if entry is None:
            self._connection.execute(
                "INSERT INTO set_aside VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (
                    placed.number, placed.entry_id, placed.author, placed.fault or "",
                    stored_time(self._clock.now()),
                ),
            )  # fmt: skip
            return False
        known = self._connection.value("SELECT sequence FROM entry WHERE entry_id = ?", (entry.entry_id,))
        new = known is None
        if new:
            self._append(write, entry)
            known = write.head[0]
        self._connection.execute(
            "INSERT INTO placed VALUES (?, ?, ?, ?) ON CONFLICT(sequence) DO UPDATE "
            "SET number = excluded.number",
            (known, placed.number, entry.desktop, entry.signature),
        )
        if entry.case_id is not None:
            touched.add(entry.case_id)
        return new

    def _append(self, write: LedgerWrite, entry: SharedEntry) -> None:
        if entry.kind not in _KINDS:
            raise ClerkError(ErrorCode.TEAM_NEWER, {"name": entry.kind}, Disposition.ASK_CLERK)
        taken = write.take_in(entry)
        for case_id, document_id in _documents_in(entry.kind, entry.case_id, taken.act.payload):
            if not self._holds(case_id, document_id):
                self._connection.execute(
                    "INSERT INTO wanted_document VALUES (?, ?) ON CONFLICT DO NOTHING", (case_id, document_id)
                )

    def _holds(self, case_id: CaseId, document_id: DocumentId) -> bool:
        if case_id == PACKAGES:
            return self._packages.holds(PackageMark("", PackageVersion.parse("0.0.0"), document_id))
        return self._documents.exists(case_id, document_id, "document")

    def _is_out_of_order(self, case_id: str) -> bool:
        """Whether our order of the case's entries is not the team's."""
        last = 0
        ended = False
        for (number,) in self._connection.rows(
            "SELECT p.number FROM entry e LEFT JOIN placed p ON p.sequence = e.sequence "
            "WHERE e.case_id = ? ORDER BY e.sequence",
            (case_id,),
        ):
            if number is None:
                ended = True
            elif ended or number < last:
                return True
            else:
                last = number
        return False

    def _note_placed(self) -> None:
        begin = int(self.marks.get("placed-up-to") or 0)
        first_open = self._connection.value(
            "SELECT e.sequence FROM entry e LEFT JOIN placed p ON p.sequence = e.sequence "
            "WHERE e.sequence > ? AND p.number IS NULL AND coalesce(p.desktop, '?') <> '' "
            "ORDER BY e.sequence LIMIT 1",
            (begin,),
        )
        if first_open is None:
            first_open = int(self._connection.value("SELECT coalesce(max(sequence), 0) FROM entry")) + 1
        self.marks.put("placed-up-to", str(first_open - 1))

    def _thin_cursors(self) -> None:
        """The newest stay, of the older ones a few: enough to find where a restored server ends."""
        edge = self._connection.value(
            "SELECT number FROM team_cursor ORDER BY number DESC LIMIT 1 OFFSET ?", (_NEWEST_CURSORS,)
        )
        if edge is not None:
            self._connection.execute(
                "DELETE FROM team_cursor WHERE number <= ?1 AND number NOT IN "
                "(SELECT max(number) FROM team_cursor WHERE number <= ?1 GROUP BY number / ?2)",
                (edge, _SPARSE),
            )


_KINDS = frozenset(kind.value for kind in ActKind)


def _documents_in(
    kind: str, case_id: str | None, payload: Mapping[str, object]
) -> Iterator[tuple[CaseId, DocumentId]]:
    """Every ``document_id`` the payload names, wherever it stands."""
    if kind == ActKind.PACKAGE_INSTALLED.value:
        yield PACKAGES, DocumentId(str(payload["sha256"]))
        return
    if case_id is None:
        return
    pending: list[object] = [payload]
    while pending:
        current = pending.pop()
        if isinstance(current, dict):
            named = current.get("document_id")
            if isinstance(named, str):
                yield CaseId(case_id), DocumentId(named)
            pending.extend(current.values())
        elif isinstance(current, list):
            pending.extend(current)


def _shared(row: Row, desktop: str, signature: str) -> SharedEntry:
    entry_id, at, actor, kind, case_id, subject_id, payload = row
    return SharedEntry(entry_id, at, actor, kind, case_id, subject_id, payload, desktop, signature)


def entries_of(connection: Connection, case_id: str) -> list[LedgerEntry]:
    """The case's entries in the team's order."""
    query = f"SELECT {_ROW} FROM entry e {projections.IN_TEAM_ORDER.format(where='WHERE e.case_id = ?')}"  # noqa: S608
    return [ledger_entry(row) for row in connection.rows(query, (case_id,))]
