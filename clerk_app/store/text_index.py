"""Takes the words of attachments and notes into the full-text index, a little at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from clerk_app.domain.attachment_text import PAGE_BREAK, AttachmentText, TextCoverage, TextState, WantedText
from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.ids import AttachmentId, CaseId, SubmissionId
from clerk_app.store import case_rows
from clerk_app.store.bus import ChangeBus
from clerk_app.store.case_texts import texts_of
from clerk_app.store.connection import Connection
from clerk_app.store.encoding import clean_text, from_json

_NOTES_UP_TO = "notes-up-to"


class TextIndex:
    """Implements ``usecases.reading_texts.TextIndex``. Belongs to the thread that uses it; writes little and
    briefly, because the sync writes the same database."""

    def __init__(self, connection: Connection, ledger: Connection, bus: ChangeBus) -> None:
        self._connection, self._ledger, self._bus = connection, ledger, bus

    def wanted(self, limit: int) -> Sequence[WantedText]:
        """See the protocol. Newest first: those are looked for."""
        rows = self._connection.rows(
            "SELECT w.sha512, s.case_id, s.submission_id, a.attachment_id, a.size_bytes FROM text_wanted w "
            "JOIN submission s ON s.id = w.submission "
            "JOIN attachment a ON a.submission = w.submission AND a.ordinal = w.ordinal "
            "ORDER BY w.submission DESC LIMIT ?",
            (limit,),
        )
        return [
            WantedText(row[0], CaseId(row[1]), SubmissionId(row[2]), AttachmentId(row[3]), row[4])
            for row in rows
        ]

    def put(self, sha512: str, text: AttachmentText) -> None:
        """See the protocol."""
        pages = PAGE_BREAK.join(clean_text(page.replace("\x00", " ")) for page in text.pages)
        with self._connection.transaction("attachment text"):
            self._connection.execute(
                "INSERT INTO attachment_text VALUES (?,?,?,?) ON CONFLICT(sha512) DO UPDATE SET "
                "state = excluded.state, pages = excluded.pages, reason = excluded.reason",
                (sha512, text.state.value, pages, text.reason),
            )
            self._connection.execute("DELETE FROM text_wanted WHERE sha512 = ?", (sha512,))
            cases = self._connection.rows(
                "SELECT DISTINCT s.case_id FROM attachment a JOIN submission s ON s.id = a.submission "
                "WHERE a.sha512 = ? AND s.case_key IS NOT NULL",
                (sha512,),
            )
            if pages:
                self._reindex(row[0] for row in cases)
        if pages and cases:
            self._bus.publish(ChangeSet(changed=frozenset(CaseId(row[0]) for row in cases)))

    def take_notes(self, limit: int = 200) -> int:
        """See the protocol."""
        done = int(case_rows.recall(self._connection, _NOTES_UP_TO) or 0)
        head = int(self._ledger.value("SELECT ifnull(max(sequence), 0) FROM entry"))
        if head < done:  # another ledger was put there: its notes are other ones
            with self._connection.transaction("other notes"):
                told = self._connection.rows("SELECT DISTINCT case_id FROM note_text")
                self._connection.execute("DELETE FROM note_text")
                self._reindex(row[0] for row in told)
                case_rows.remember(self._connection, _NOTES_UP_TO, "0")
            done = 0
        if head == done:
            return 0
        entries = self._ledger.rows(
            "SELECT sequence, case_id, payload FROM entry WHERE sequence > ? AND sequence <= ? "
            "AND kind = 'noted' AND case_id IS NOT NULL ORDER BY sequence LIMIT ?",
            (done, head, limit),
        )
        up_to = entries[-1][0] if len(entries) == limit else head
        with self._connection.transaction("notes"):
            self._connection.execute_many(
                "INSERT OR REPLACE INTO note_text VALUES (?,?,?)",
                [(sequence, case_id, _note(payload)) for sequence, case_id, payload in entries],
            )
            self._reindex(dict.fromkeys(entry[1] for entry in entries))
            case_rows.remember(self._connection, _NOTES_UP_TO, str(up_to))
        return head - up_to

    def want_scans_again(self) -> int:
        """See the protocol."""
        with self._connection.transaction("scans again"):
            self._connection.execute(
                "INSERT OR REPLACE INTO text_wanted SELECT t.sha512, a.submission, a.ordinal "
                "FROM attachment_text t JOIN attachment a ON a.sha512 = t.sha512 WHERE t.state = 'scan'"
            )
            self._connection.execute("DELETE FROM attachment_text WHERE state = 'scan'")
        return int(self._connection.value("SELECT count(*) FROM text_wanted"))

    def close(self) -> None:
        """Closes both connections."""
        self._ledger.close()
        self._connection.close()

    def _reindex(self, case_ids: Iterable[str]) -> None:
        for case_id in case_ids:
            attachments, notes = texts_of(self._connection, case_id)
            self._connection.execute(
                "UPDATE case_text SET attachments = ?1, notes = ?2 "
                "WHERE id = (SELECT id FROM cases WHERE case_id = ?3) "
                "AND (attachments <> ?1 OR notes <> ?2)",
                (attachments, notes, case_id),
            )


def coverage(connection: Connection) -> TextCoverage:
    """How much of the attachments is known."""
    states: dict[str, int] = dict(
        connection.rows("SELECT state, count(*) FROM attachment_text WHERE state <> 'read' GROUP BY 1")
    )
    scans, refused = states.get(TextState.SCAN.value, 0), states.get(TextState.REFUSED.value, 0)
    known = int(connection.value("SELECT count(*) FROM attachment_text"))
    wanted = int(connection.value("SELECT count(*) FROM text_wanted"))
    return TextCoverage(known - scans - refused, wanted, scans, refused)


def _note(payload: str) -> str:
    found = cast("dict[str, Any]", from_json(payload))
    return clean_text(str(found.get("text", "")).replace("\x00", " "))
