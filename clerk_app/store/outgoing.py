"""Outgoing entries between domain objects and stored text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import msgspec

from clerk_app.domain.ids import CaseId, EntryId, SubmissionId
from clerk_app.domain.outbox import (
    OutboxEntry,
    OutboxKind,
    OutboxState,
    Outgoing,
    Receipt,
    RemoteRef,
    SignedLog,
)
from clerk_app.store.connection import Row
from clerk_app.store.encoding import (
    clean_json,
    from_json,
    read_optional_date,
    read_optional_time,
    read_time,
    stored_time,
)
from clerk_app.store.own_entries import OURS

# Column order of ``as_entry``.
ENTRY_COLUMNS = (
    "o.entry_id, o.case_id, o.kind, o.channel, o.portal, o.state, o.created_at, o.changed_at, o.hold_until, "
    "o.remote, o.receipt, o.problems, o.case_reference, o.recipient_name, o.title, o.accompanies, "
    "o.payload_sha256, s.attempts, s.next_try_at, s.last_error, o.posted_on, o.basis, "
    f"NOT {OURS}"
)


def entry_query(where: str, schema: str = "main") -> str:
    """SELECT of entries with their schedule; ``where`` is SQL of ours and may go on with ORDER BY."""
    return (
        f"SELECT {ENTRY_COLUMNS} FROM {schema}.outbox_state o "  # noqa: S608
        f"LEFT JOIN {schema}.schedule s ON s.entry_id = o.entry_id WHERE {where}"
    )


def as_entry(row: Row) -> OutboxEntry:
    """An entry from a row of ``entry_query``."""
    remote, receipt = from_json(row[9]), from_json(row[10])
    return OutboxEntry(
        entry_id=EntryId(row[0]),
        case_id=CaseId(row[1]),
        kind=OutboxKind(row[2]),
        channel=row[3],
        portal=row[4],
        state=OutboxState(row[5]),
        created_at=read_time(row[6]),
        changed_at=read_time(row[7]),
        hold_until=read_time(row[8]),
        remote=None if remote is None else msgspec.convert(remote, RemoteRef),
        receipt=None if receipt is None else msgspec.convert(receipt, Receipt),
        problems=tuple(cast("list[str]", from_json(row[11]))),
        case_reference=row[12],
        recipient_name=row[13],
        title=row[14],
        accompanies=row[15],
        payload_sha256=row[16],
        attempts=row[17] or 0,
        next_try_at=read_optional_time(row[18]),
        last_error=row[19],
        posted_on=read_optional_date(row[20]),
        basis=tuple(cast("list[SubmissionId]", from_json(row[21]) or [])),
        elsewhere=bool(row[22]),
    )


def outgoing_members(outgoing: Outgoing) -> dict[str, object]:
    """``outgoing`` as JSON members; times in the stored spelling, unstorable characters replaced."""
    members = cast("dict[str, object]", clean_json(msgspec.to_builtins(outgoing)))
    members["created_at"] = stored_time(outgoing.created_at)
    return members


def outgoing_from(members: Mapping[str, object]) -> Outgoing:
    """What ``outgoing_members`` wrote."""
    return msgspec.convert(members, Outgoing)


def remote_members(remote: RemoteRef) -> dict[str, object]:
    """``remote`` as JSON members."""
    return {"remote_id": remote.remote_id, "remote_case_id": remote.remote_case_id}


def receipt_members(receipt: Receipt) -> dict[str, object]:
    """``receipt`` as JSON members."""
    return {
        "event": receipt.event,
        "event_id": receipt.event_id,
        "issued_at": stored_time(receipt.issued_at),
        "token": receipt.token,
    }


def log_members(log: SignedLog) -> dict[str, object]:
    """``log`` as JSON members."""
    return {"tokens": list(log.tokens), "keys": log.keys, "fetched_at": stored_time(log.fetched_at)}
