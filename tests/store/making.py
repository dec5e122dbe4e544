"""Makers of what goes into a store."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from clerk_app.domain.application import Application, Attachment, CaseFacts, ReplyChannel
from clerk_app.domain.case import MailboxKey
from clerk_app.domain.ids import AttachmentId, CaseId, DestinationId, DocumentId, EntryId, SubmissionId
from clerk_app.domain.outbox import OutboxKind, Outgoing, OutgoingDocument
from clerk_app.sync.ports import AuthenticationTags, Opened, Original, StorePage, Waiting

DATA_KEY = bytes(range(32))
DESTINATION = DestinationId("11111111-1111-4111-8111-111111111111")
MAILBOX = MailboxKey("service-bw", DESTINATION)
START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


class SteppingClock:
    """Every look at it is a second later, unless it is set."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def new_id() -> str:
    return str(uuid.uuid4())


def event(kind: str, submission_id: str, at: datetime) -> str:
    claims = {
        "jti": new_id(),
        "iss": "https://portal.example",
        "iat": int(at.timestamp()),
        "sub": f"submission:{submission_id}",
        "events": {f"https://schema.fitko.de/fit-connect/events/{kind}": {}},
    }
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{body}.c2ln"


def make_original(
    case_id: str | None = None,
    *,
    submission_id: str | None = None,
    at: datetime = START,
    attachments: dict[AttachmentId, bytes | Path] | None = None,
) -> Original:
    submission = SubmissionId(submission_id or new_id())
    return Original(
        waiting=Waiting(submission, CaseId(case_id or new_id()), DESTINATION),
        portal="service-bw",
        api_version=2,
        submission=b'{"encryptedData":"abc.def"}',
        event_log=(event("submit-submission", submission, at),),
        verification_keys={"kid-1": {"kty": "RSA", "n": "AQAB"}},
        attachments=attachments or {},
        fetched_at=at + timedelta(minutes=5),
    )


def make_opened(
    original: Original | None = None,
    *,
    case_id: str | None = None,
    applicant: str = "Anna Müller",
    text: str = "Kinderreisepass\nHauptstraße 5",
    at: datetime = START,
    channel: str | None = "idBundDeMailbox",
    due_on: date | None = None,
    municipality: str = "Musterhausen",
    service: str = "Reisepass",
    language: str = "",
) -> tuple[Opened, CaseFacts]:
    bodies: dict[AttachmentId, bytes | Path] = {AttachmentId(new_id()): b"a.b.c.d.jwe-as-received"}
    source = original or make_original(case_id, at=at, attachments=bodies)
    content = json.dumps({"name": applicant}).encode()
    application = Application(
        submission_id=source.waiting.submission_id,
        case_id=source.waiting.case_id,
        destination_id=DESTINATION,
        portal="service-bw",
        service_identifier="urn:de:fim:leika:leistung:99115005060000",
        service_name=service,
        schema_uri="https://schema.example/form",
        content=content,
        content_media_type="application/json",
        content_sha512=hashlib.sha512(content).hexdigest(),
        metadata={"$schema": "2.1.0", "nested": {"list": [1, "zwei"]}},
        attachments=tuple(
            Attachment(attachment_id, f"Nachweis {n}.pdf", "application/pdf", 17, "ab" * 64)
            for n, attachment_id in enumerate(source.attachments)
        ),
        submitted_at=at,
        reply_channel=None if channel is None else ReplyChannel(channel, {"mailboxUuid": "m-1"}),
        applied_on=at.date(),
        warnings=("service-differs",),
    )
    facts = CaseFacts(
        service=service,
        leika_key="99115005060000",
        applicant=applicant,
        applicant_sort_key=applicant,
        municipality=municipality,
        due_on=due_on,
        search_text=f"{applicant}\n{text}",
        language=language,
    )
    tags = AuthenticationTags("meta-tag", "data-tag", dict.fromkeys(source.attachments, "tag"))
    return Opened(source, application, tags, "https://schema.example/set-payload/1.2.2"), facts


def make_outgoing(
    case_id: str,
    *,
    kind: OutboxKind = OutboxKind.DECISION,
    at: datetime = START,
    channel: str | None = "idBundDeMailbox",
) -> Outgoing:
    return Outgoing(
        entry_id=EntryId(new_id()),
        case_id=CaseId(case_id),
        kind=kind,
        channel=channel,
        portal="service-bw",
        destination_id=DESTINATION,
        answers_submission_id=SubmissionId(new_id()),
        case_reference="2026-7KQ4-M2XR",
        service_name="Reisepass",
        service_identifier=None,
        recipient_name="Anna Müller",
        title="Bescheid",
        text="Sehr geehrte Frau Müller",
        created_at=at,
        address={"mailboxUuid": "m-1"},
        documents=(
            OutgoingDocument(
                DocumentId(new_id()), "bescheid.pdf", "application/pdf", 3, "aa" * 32, "bb" * 64
            ),
        ),
        structured={"outcome": "granted"},
        due_on=date(2026, 12, 24),
    )


def page(*opened: tuple[Opened, CaseFacts]) -> StorePage:
    return StorePage(list(opened))
