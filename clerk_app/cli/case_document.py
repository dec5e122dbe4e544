"""A case as the JSON document of ``clerk-app case``: stable member names, nothing hidden."""

from __future__ import annotations

import json
from datetime import date, datetime

from clerk_app.cli.output import plain
from clerk_app.cli.packages import mark_document
from clerk_app.cli.related import related_document
from clerk_app.domain.application import Application
from clerk_app.domain.case import AttachmentKey, CaseFile, CaseRow
from clerk_app.domain.deadlines import Deadline, office_day
from clerk_app.domain.gaps import GapList
from clerk_app.domain.outbox import OutboxEntry
from clerk_app.texts.derivations import derivation
from clerk_app.usecases.desk import Desk


def row_document(row: CaseRow) -> dict[str, object]:
    """One line of ``cases``."""
    return {
        "case_id": row.case_id,
        "case_reference": row.case_reference,
        "service": row.service,
        "leika_key": row.leika_key,
        "applicant": row.applicant,
        "municipality": row.municipality,
        "arrived_at": row.arrived_at,
        "due_on": row.due_on,
        "remind_on": row.remind_on,
        "remind_kind": row.remind_kind,
        "status": row.status,
        "portal": row.portal,
        "channel": row.channel,
        "attachments": row.attachment_count,
        "unread": row.unread,
        "assigned_to": row.assigned_to,
    }


def entry_document(entry: OutboxEntry) -> dict[str, object]:
    """One entry of ``outbox``."""
    receipt = entry.receipt
    return {
        "entry_id": entry.entry_id,
        "case_id": entry.case_id,
        "case_reference": entry.case_reference,
        "kind": entry.kind,
        "channel": entry.channel,
        "portal": entry.portal,
        "state": entry.state,
        "title": entry.title,
        "created_at": entry.created_at,
        "changed_at": entry.changed_at,
        "hold_until": entry.hold_until,
        "attempts": entry.attempts,
        "next_try_at": entry.next_try_at,
        "last_error": entry.last_error,
        "problems": entry.problems,
        "accompanies": entry.accompanies,
        "posted_on": entry.posted_on,
        "remote": None
        if entry.remote is None
        else {"id": entry.remote.remote_id, "case_id": entry.remote.remote_case_id},
        "receipt": None
        if receipt is None
        else {
            "event": receipt.event,
            "event_id": receipt.event_id,
            "issued_at": receipt.issued_at,
            "token": receipt.token,
        },
    }


def case_document(desk: Desk, case: CaseFile, now: datetime) -> dict[str, object]:
    """Everything about one case. ``fields`` is the form as filed when it is JSON (byte-true text and its hash
    stand in ``applications[].content``), else the labelled values read from it."""
    document = row_document(case.row)
    document["attachments"] = [
        {
            "id": item.attachment.attachment_id,
            "submission_id": item.submission_id,
            "filename": item.attachment.filename,
            "description": item.attachment.description,
            "media_type": item.attachment.media_type,
            "purpose": item.attachment.purpose,
            "size": item.attachment.size_bytes,
            "sha512": item.attachment.sha512,
            "arrived_at": item.arrived_at,
        }
        for item in case.attachments
    ]
    document["documents"] = [
        {
            "id": item.document_id,
            "filename": item.filename,
            "media_type": item.media_type,
            "kind": item.kind,
            "entry_id": item.entry_id,
            "size": item.size_bytes,
            "sha256": item.sha256,
        }
        for item in case.issued
    ]
    document["history"] = [
        {"at": event.at, "actor": event.actor, "kind": event.kind, "details": event.details}
        for event in case.history
    ]
    document["outgoing"] = [entry_document(entry) for entry in case.outgoing]
    forwarded = case.forwarded
    document["forwarded"] = (
        None
        if forwarded is None
        else {
            "authority": forwarded.office.name,
            "ars": forwarded.office.ars or None,
            "reason": forwarded.reason,
            "first_received_on": forwarded.first_received_on,
            "forwarded_at": forwarded.at,
            "handed_over_at": forwarded.handed_over_at,
        }
    )
    document["quarantine"] = case.quarantine_code
    package = desk.versions.of_case(case)
    document["package"] = None if package.mark is None else mark_document(package.mark)
    document["newer_package"] = None if package.newer is None else mark_document(package.newer.mark)
    document["applications"] = [_application(item) for item in case.applications]
    document["fields"] = _fields(desk, case) if case.applications else {}
    document["form"] = _form(desk, case) if case.applications else []
    document["checks"] = [
        {
            "id": check.check_id,
            "level": check.level,
            "text": str(check.text),
            "path": check.path,
            "evidence": check.evidence or None,
            "advice": None if check.advice is None else str(check.advice),
            "ask": None if check.ask is None else str(check.ask),
        }
        for check in (desk.assessor.checks(case) if case.applications else ())
    ]
    document["deadlines"] = [
        deadline_document(item) for item in (desk.assessor.deadlines(case, now) if case.applications else ())
    ]
    document["related"] = related_document(desk.reads.related(case.row.case_id))
    document["gaps"] = gaps_document(desk.gaps.of(case), office_day(now)) if case.applications else None
    return document


def gaps_document(found: GapList, today: date) -> dict[str, object]:
    """What is missing, and when the office's target stood for it."""
    return {
        "items": [
            {
                "id": item.gap_id,
                "origin": item.origin,
                "key": item.key,
                "text": item.text,
                "state": item.state,
                "open": item.is_open,
                "left_out": item.left_out,
                "came_back": item.came_back,
                "asked_by": item.asked_by,
                "attachments": [_attachment_key(key) for key in item.attachments],
                "offered": [_attachment_key(key) for key in item.offered],
                "reason": item.reason or None,
                "decided_by": item.decided_by or None,
            }
            for item in found.items
        ],
        "missing": len(found.open_items),
        "loose": [_attachment_key(key) for key in found.loose],
        "waiting": found.waiting,
        "answer_due_on": found.answer_due_on,
        "pauses": [
            {
                "since": pause.since,
                "until": pause.until,
                "latest": pause.latest,
                "days": pause.days(today),
                "requests": pause.requests,
            }
            for pause in found.pauses
        ],
        "target": None if found.target is None else deadline_document(found.target),
    }


def _attachment_key(key: AttachmentKey) -> dict[str, object]:
    return {"submission_id": key.submission_id, "attachment_id": key.attachment_id}


def _application(application: Application) -> dict[str, object]:
    reply = application.reply_channel
    return {
        "submission_id": application.submission_id,
        "submitted_at": application.submitted_at,
        "service_identifier": application.service_identifier,
        "schema_uri": application.schema_uri,
        "applied_on": application.applied_on,
        "sender_reference": application.sender_reference,
        "consents_to_electronic_decision": application.consents_to_electronic_decision,
        "reply_channel": None if reply is None else {"kind": reply.kind, "address": dict(reply.address)},
        "warnings": application.warnings,
        "metadata": dict(application.metadata),
        "content": {
            "media_type": application.content_media_type,
            "size": len(application.content),
            "sha512": application.content_sha512,
            "text": application.content.decode("utf-8", "replace"),
        },
    }


def _fields(desk: Desk, case: CaseFile) -> object:
    try:
        fields = json.loads(case.first.content, parse_constant=_no_number)
        plain(fields)  # nested deeper than it can be told
        return fields
    except (ValueError, RecursionError):
        return {row.path: row.value for row in desk.assessor.form(case, case.first).rows()}


def _no_number(name: str) -> object:
    raise ValueError(name)  # NaN and Infinity are no JSON: what we say must be read by others


def _form(desk: Desk, case: CaseFile) -> list[dict[str, object]]:
    view = desk.assessor.form(case, case.first)
    return [
        {"group": group.title, "label": row.label, "value": row.value, "path": row.path}
        for group in view.groups
        for row in group.rows
    ]


def deadline_document(deadline: Deadline) -> dict[str, object]:
    """One deadline with its derivation, as steps and as a sentence."""
    return {
        "kind": deadline.kind,
        "due_on": deadline.due_on,
        "derivation": derivation(deadline),
        "text": deadline.text or None,
        "date_id": deadline.date_id or None,
        "entry_id": deadline.entry_id or None,
        "paused_until": deadline.paused_until,
        "basis": deadline.basis,
        "assumed": deadline.assumed,
        "steps": [
            {"kind": step.kind, "on": step.on, "amount": step.amount, "note": step.note}
            for step in deadline.steps
        ],
    }
