"""Reads one case whole: applications, attachments, timeline, what went out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

import msgspec

from clerk_app.domain.application import Application, Attachment, ReplyChannel
from clerk_app.domain.case import CaseAttachment, CaseFile, CaseRow, HistoryEvent, IssuedDocument
from clerk_app.domain.forwarding import forwarded_in
from clerk_app.domain.ids import AttachmentId, CaseId, DestinationId, DocumentId, SubmissionId
from clerk_app.domain.ledger import ActKind
from clerk_app.store.case_submissions import submissions_of
from clerk_app.store.connection import Connection, Row
from clerk_app.store.documents import attachment_document
from clerk_app.store.encoding import from_json, read_time, to_json
from clerk_app.store.outgoing import as_entry, entry_query
from clerk_app.store.packages import moved_to
from clerk_app.store.projections import payload_of

PORTAL_ACTOR = "portal"
_SETTLED_EVENTS = {
    "accepted": "accept-submission",
    "rejected": "reject-submission",
    "contested": "contested",
}


def read(connection: Connection, row: CaseRow) -> CaseFile:
    """The file of the case shown in ``row``."""
    case_id = row.case_id
    applications, attachments = _applications(connection, case_id)
    entries = connection.rows(
        "SELECT at, actor, kind, subject_id, payload FROM ledger.entry WHERE case_id = ? ORDER BY sequence",
        (case_id,),
    )
    outgoing = tuple(
        as_entry(found)
        for found in connection.rows(
            entry_query("o.case_id = ? ORDER BY o.queued_sequence", "ledger"), (case_id,)
        )
    )
    history = _history(connection, case_id, entries)
    quarantine = connection.value("SELECT quarantine_code FROM cases WHERE case_id = ?", (case_id,))
    return CaseFile(
        row=row,
        applications=tuple(applications),
        attachments=tuple(attachments),
        history=history,
        outgoing=outgoing,
        issued=_issued(entries),
        change_token=change_token(connection, case_id),
        quarantine_code=quarantine,
        basis=submissions_of(connection, case_id),
        moved_to=moved_to(connection, case_id),
        forwarded=forwarded_in(case_id, history),
    )


def _applications(connection: Connection, case_id: CaseId) -> tuple[list[Application], list[CaseAttachment]]:
    applications: list[Application] = []
    attachments: list[CaseAttachment] = []
    for found in connection.rows(
        "SELECT s.id, s.submission_id, s.destination_id, s.portal, a.* FROM submission s "
        "JOIN application a ON a.submission = s.id WHERE s.case_id = ? "
        "ORDER BY a.submitted_at, s.received_at, s.submission_id",
        (case_id,),
    ):
        own = tuple(
            Attachment(AttachmentId(part[0]), *part[1:])
            for part in connection.rows(
                "SELECT attachment_id, filename, media_type, size_bytes, sha512, purpose, description "
                "FROM attachment WHERE submission = ? ORDER BY ordinal",
                (found[0],),
            )
        )
        application = as_application(case_id, found, own)
        applications.append(application)
        attachments.extend(
            CaseAttachment(
                attachment,
                application.submission_id,
                attachment_document(application.submission_id, attachment.attachment_id),
                application.submitted_at,
            )
            for attachment in own
        )
    return applications, attachments


def as_application(case_id: CaseId, found: Row, attachments: tuple[Attachment, ...]) -> Application:
    """``found``: the submission's key, id, destination and portal, and the row of ``application``."""
    _key, submission_id, destination_id, portal, _submission, *values = found
    channel, consents = from_json(values[8]), values[9]
    return Application(
        submission_id=SubmissionId(submission_id),
        case_id=case_id,
        destination_id=DestinationId(destination_id),
        portal=portal,
        service_identifier=values[1],
        service_name=values[2],
        schema_uri=values[3],
        content=bytes(values[4]),
        content_media_type=values[5],
        content_sha512=values[6],
        metadata=cast("Mapping[str, object]", from_json(values[7])),
        attachments=attachments,
        submitted_at=read_time(values[0]),
        reply_channel=None if channel is None else msgspec.convert(channel, ReplyChannel),
        consents_to_electronic_decision=None if consents is None else bool(consents),
        applied_on=None if values[10] is None else date.fromisoformat(values[10]),
        portal_application_id=values[11],
        sender_reference=values[12],
        warnings=tuple(cast("list[str]", from_json(values[13]))),
    )


def _history(connection: Connection, case_id: CaseId, entries: list[Row]) -> tuple[HistoryEvent, ...]:
    events = []
    seen = set()
    for at, kind, subject in connection.rows(
        "SELECT at, kind, subject FROM portal_event WHERE case_id = ? ORDER BY at", (case_id,)
    ):
        seen.add((kind, subject))
        events.append(HistoryEvent(read_time(at), PORTAL_ACTOR, f"portal:{kind}", {"subject": subject}))
    for submission_id, state, settled_at, received_at, code in connection.rows(
        "SELECT submission_id, state, settled_at, received_at, code FROM submission WHERE case_id = ?",
        (case_id,),
    ):
        subject = f"submission:{submission_id}"
        kind = _SETTLED_EVENTS.get(state)
        if kind is not None and settled_at is not None and (kind, subject) not in seen:
            events.append(
                HistoryEvent(read_time(settled_at), PORTAL_ACTOR, f"portal:{kind}", {"subject": subject})
            )
        if code is not None:
            events.append(
                HistoryEvent(
                    read_time(received_at),
                    PORTAL_ACTOR,
                    f"portal:{state}",
                    {"subject": subject, "code": code},
                )
            )
    kinds: dict[str, Mapping[str, object]] = {}
    for at, actor, kind, subject_id, payload in entries:
        events.append(HistoryEvent(read_time(at), actor, kind, _details(kind, subject_id, payload, kinds)))
    return tuple(sorted(events, key=lambda event: event.at))


def _details(
    kind: str, subject_id: str | None, payload: str, kinds: dict[str, Mapping[str, object]]
) -> Mapping[str, object]:
    """What a line of the timeline says; ``kinds`` remembers of each queued entry what it was: its kind, and
    of a letter which one (``letter``)."""
    members = dict(payload_of(payload))
    if kind == ActKind.QUEUED.value:
        outgoing = cast("dict[str, object]", members.pop("outgoing"))
        members |= {name: outgoing[name] for name in ("kind", "channel", "title", "due_on", "structured")}
        structured = cast("Mapping[str, object]", outgoing["structured"])
        members["letter"] = structured.get("letter")
        kinds[str(subject_id)] = {"kind": outgoing["kind"], "letter": members["letter"]}
    elif kind in (ActKind.MOVED.value, ActKind.POSTED_CORRECTED.value):
        members |= kinds.get(str(subject_id), {"kind": None})
        members.pop("log", None)  # for proofs, not for a line of the timeline
    if subject_id is not None:
        members["entry_id"] = subject_id
    return members


def _issued(entries: list[Row]) -> tuple[IssuedDocument, ...]:
    found: list[IssuedDocument] = []
    for _at, _actor, kind, subject_id, payload in entries:
        if kind != ActKind.QUEUED.value:
            continue
        outgoing = cast("dict[str, Any]", payload_of(payload)["outgoing"])
        found.extend(
            IssuedDocument(
                DocumentId(document["document_id"]),
                document["filename"],
                document["media_type"],
                document["size_bytes"],
                document["sha256"],
                outgoing["kind"],
                str(subject_id),
            )
            for document in outgoing["documents"]
        )
    return tuple(found)


def change_token(connection: Connection, case_id: CaseId) -> str:
    """What a decision rests on: the submissions, what was queued and what came back or was withdrawn, and the
    version of the service's package when a clerk moved the case to another.

    Looking, noting, checking and drafting do not count, nor do the machine's steps on the way to the
    citizen: they happen while a clerk decides.
    """
    submissions = connection.rows(
        "SELECT s.submission_id, s.received_at, a.content_sha512 FROM submission s "
        "LEFT JOIN application a ON a.submission = s.id WHERE s.case_id = ? ORDER BY s.submission_id",
        (case_id,),
    )
    sent = [
        [entry_id, state if state in ("WITHDRAWN", "RETURNED") else ""]
        for entry_id, state in connection.rows(
            "SELECT entry_id, state FROM ledger.outbox_state WHERE case_id = ? ORDER BY queued_sequence",
            (case_id,),
        )
    ]
    reopened = connection.value(
        "SELECT count(*) FROM ledger.entry WHERE case_id = ? AND kind = ?", (case_id, ActKind.REOPENED.value)
    )
    rests_on: list[object] = [submissions, sent, reopened]
    if (moved := moved_to(connection, case_id)) is not None:
        rests_on.append(moved.sha256)
    return hashlib.sha256(to_json(rests_on).encode()).hexdigest()[:32]
