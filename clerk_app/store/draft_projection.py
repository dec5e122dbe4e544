"""Projections of fixed drafts: where each lies, who wrote on it, who saw it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from clerk_app.domain.ledger import ActKind, LedgerEntry
from clerk_app.store.connection import Connection
from clerk_app.store.encoding import stored_time

TABLES = ("draft_state", "draft_author", "draft_seen")
_WAITS = "place IN ('review', 'folder')"


def apply(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    """Brings the projections up to date with ``entry``."""
    step = _STEPS.get(entry.act.kind)
    if step is not None:
        step(connection, entry, schema)


def _frozen(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    """Both ways in: laid into the folder, or submitted for review first."""
    frozen = cast("Mapping[str, object]", entry.act.payload["frozen"])
    draft = cast("Mapping[str, object]", frozen["draft"])
    letter = cast("Mapping[str, object]", draft["letter"])
    draft_id = entry.act.subject_id
    place: str = "folder" if entry.act.kind is ActKind.FOLDER_ADDED else "review"
    # another desktop fixed one before, in the team's order: this one is an ordinary draft again
    another = connection.value(
        f"SELECT draft_id FROM {schema}.draft_state WHERE case_id = ? AND {_WAITS}",  # noqa: S608
        (entry.act.case_id,),
    )
    connection.execute(
        f"INSERT INTO {schema}.draft_state(draft_id, frozen_sequence, case_id, place, outcome, "  # noqa: S608
        "case_reference, service, recipient_name, title, document_id, sha256, change_token, frozen_by, "
        "frozen_at, end_reason) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            draft_id,
            entry.sequence,
            entry.act.case_id,
            place if another is None else "ended",
            draft["outcome"],
            frozen["case_reference"],
            frozen["service"],
            frozen["recipient_name"],
            letter["subject"],
            frozen["document_id"],
            frozen["sha256"],
            draft["change_token"],
            entry.actor,
            stored_time(entry.at),
            None if another is None else "another-waits",
        ),
    )
    for actor in {entry.actor, *cast("list[str]", frozen["authors"])}:
        _add_author(connection, schema, str(draft_id), actor)


def _add_author(connection: Connection, schema: str, draft_id: str, actor: str) -> None:
    connection.execute(
        f"INSERT INTO {schema}.draft_author VALUES (?, ?) ON CONFLICT DO NOTHING",  # noqa: S608
        (draft_id, actor),
    )


def _edited(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    waiting = connection.value(
        f"SELECT draft_id FROM {schema}.draft_state WHERE case_id = ? AND {_WAITS}",  # noqa: S608
        (entry.act.case_id,),
    )
    if waiting is None:
        return
    connection.execute(
        f"UPDATE {schema}.draft_state SET edited_by = ? WHERE draft_id = ?",  # noqa: S608
        (entry.actor, waiting),
    )
    _add_author(connection, schema, waiting, entry.actor)


def _seen(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    connection.execute(
        f"INSERT INTO {schema}.draft_seen VALUES (?, ?, ?) "  # noqa: S608
        "ON CONFLICT(draft_id, actor) DO UPDATE SET sha256 = excluded.sha256",
        (entry.act.subject_id, entry.actor, entry.act.payload["sha256"]),
    )


def _released(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    """Four eyes: who wrote on a draft does not release it, on whichever desktop."""
    connection.execute(
        f"UPDATE {schema}.draft_state SET place = 'folder', released_by = ?1, released_at = ?2 "  # noqa: S608
        "WHERE draft_id = ?3 AND place = 'review' AND NOT EXISTS ("
        f"SELECT 1 FROM {schema}.draft_author a WHERE a.draft_id = ?3 AND a.actor = ?1)",
        (entry.actor, stored_time(entry.at), entry.act.subject_id),
    )


def _returned(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    _end(connection, schema, entry, "returned", str(entry.act.payload["text"]))


def _given_back(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    _end(connection, schema, entry, str(entry.act.payload["reason"]))


def _end(connection: Connection, schema: str, entry: LedgerEntry, reason: str, remark: str = "") -> None:
    connection.execute(
        f"UPDATE {schema}.draft_state SET place = 'ended', end_reason = ?, remark = ? "  # noqa: S608
        f"WHERE draft_id = ? AND {_WAITS}",
        (reason, remark, entry.act.subject_id),
    )


def _queued(connection: Connection, entry: LedgerEntry, schema: str) -> None:
    """A decision is in the outbox: its own draft is signed, any other of the case is overtaken."""
    outgoing = cast("Mapping[str, object]", entry.act.payload["outgoing"])
    if outgoing["kind"] != "decision":
        return
    connection.execute(
        f"UPDATE {schema}.draft_state SET place = 'signed' WHERE draft_id = ? AND {_WAITS}",  # noqa: S608
        (entry.act.subject_id,),
    )
    connection.execute(
        f"UPDATE {schema}.draft_state SET place = 'ended', end_reason = 'already-decided' "  # noqa: S608
        f"WHERE case_id = ? AND {_WAITS}",
        (entry.act.case_id,),
    )


_STEPS: Mapping[ActKind, Callable[[Connection, LedgerEntry, str], None]] = {
    ActKind.FOLDER_ADDED: _frozen,
    ActKind.REVIEW_SUBMITTED: _frozen,
    ActKind.DRAFTED: _edited,
    ActKind.DRAFT_SEEN: _seen,
    ActKind.REVIEW_RELEASED: _released,
    ActKind.REVIEW_RETURNED: _returned,
    ActKind.DRAFT_GIVEN_BACK: _given_back,
    ActKind.QUEUED: _queued,
}
