"""The practice portal as peer: an honest other side that shares no protocol code with the client."""

from __future__ import annotations

import hashlib
import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from clerk_app.domain.application import Application
from clerk_app.domain.ids import CaseId, DestinationId, DocumentId, EntryId, SubmissionId
from clerk_app.domain.outbox import OutboxKind, Outgoing, OutgoingDocument
from clerk_app.portal.config import Limits, MailboxConfig, NetworkConfig, OfficeConfig, ZbpConfig
from clerk_app.portal.office import PortalOffice, build_office
from clerk_app.sandbox.server import RunningSandbox

PDF = b"%PDF-1.7 signed decision " * 400


def mailbox_configs(profile: Path, **changes: Any) -> list[MailboxConfig]:
    """What ``bootstrap`` makes of a profile file."""

    def text(reference: str) -> str:
        return (profile.parent / reference.removeprefix("file:")).read_text()

    document = tomllib.loads(profile.read_text())
    bridge = document["zbp"]
    zbp = ZbpConfig(
        DestinationId(bridge["destination_id"]),
        text(bridge["certificate"]).encode(),
        lambda: text(bridge["private_key"]),
        bridge["sender_name"],
    )
    configs = []
    for each in document["mailbox"]:
        given = {
            "portal": each["portal"],
            "api_version": each["api_version"],
            "token_url": each["token_url"],
            "submission_url": each["submission_url"],
            "destination_id": each["destination_id"],
            "client_id": each["client_id"],
            "client_secret": lambda reference=each["client_secret"]: text(reference),
            "decryption_keys": [json.loads(text(reference)) for reference in each["decryption_keys"]],
            "signing_key": json.loads(text(each["signing_key"])),
            "zbp": zbp,
        }
        configs.append(MailboxConfig(**{**given, **changes}))
    return configs


def office_of(
    sandbox: RunningSandbox,
    *,
    network: NetworkConfig | None = None,
    limits: Limits | None = None,
    **changes: Any,
) -> PortalOffice:
    """All authorities of the practice portal as one office; waits are not waited."""
    configs = [config for profile in sandbox.profiles for config in mailbox_configs(profile, **changes)]
    config = OfficeConfig(configs, network or NetworkConfig(read_timeout_s=10), limits or Limits())
    return build_office(config, sleep=lambda seconds: None)


def outgoing_for(
    application: Application, kind: OutboxKind = OutboxKind.DECISION, **changes: Any
) -> Outgoing:
    """An entry that answers ``application`` over the way it offers."""
    channel = application.reply_channel
    given: dict[str, Any] = {
        "entry_id": EntryId("0b6f4b60-0000-4000-8000-00000000000" + str(list(OutboxKind).index(kind))),
        "case_id": CaseId(application.case_id),
        "kind": kind,
        "channel": channel.kind if channel else None,
        "portal": application.portal,
        "destination_id": DestinationId(application.destination_id),
        "answers_submission_id": SubmissionId(application.submission_id),
        "case_reference": "MU-2026-000017",
        "service_name": application.service_name or "",
        "service_identifier": application.service_identifier,
        "recipient_name": "Żaneta Đurić-Müller",
        "title": "Ihr Bescheid",
        "text": "Guten Tag,\n\nanbei Ihr Bescheid.",
        "created_at": datetime(2026, 11, 24, 9, 30, 15, tzinfo=UTC),
        "address": dict(channel.address) if channel else {},
        "portal_application_id": application.portal_application_id,
        "documents": (document("bescheid.pdf", PDF),) if kind is not OutboxKind.STATUS else (),
        "structured": {"kind": kind.value},
    }
    return Outgoing(**{**given, **changes})


def document(filename: str, content: bytes) -> OutgoingDocument:
    return OutgoingDocument(
        DocumentId(hashlib.md5(filename.encode()).hexdigest()),
        filename,
        "application/pdf",
        len(content),
        hashlib.sha256(content).hexdigest(),
        hashlib.sha512(content).hexdigest(),
    )
