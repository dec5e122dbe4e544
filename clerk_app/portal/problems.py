"""Technical problems of the standard, as data.

Assumed: names and titles come from memory of the public documentation, the prefix is documented.
``instance`` is documented for the metadata; the other spellings are assumed by likeness. This is the only
place that knows them.
"""

from __future__ import annotations

from collections.abc import Mapping

from clerk_app.domain.errors import ErrorCode
from clerk_app.sync.ports import Problem

PROBLEMS = "https://schema.fitko.de/fit-connect/events/problems/"

TITLES: Mapping[str, str] = {
    "missing-schema": "Schema-Referenz fehlt",
    "schema-violation": "Schema-Fehler",
    "syntax-violation": "Syntax-Fehler",
    "unsupported-schema": "Schema wird nicht unterstützt",
    "unsupported-service": "Verwaltungsleistung wird nicht angeboten",
    "encryption-issue": "Entschlüsselungs-Fehler",
    "hash-mismatch": "Prüfsumme stimmt nicht",
    "incorrect-authentication-tag": "Authentication-Tag ungültig",
    "missing-authentication-tags": "Authentication-Tag fehlt",
    "attachments-mismatch": "Anlagen stimmen nicht überein",
    "missing-attachment": "Anlage fehlt",
    "missing-data": "Fachdaten fehlen",
    "invalid-content": "Inhalt ist ungültig",
    "unsupported-reply-channel": "Rückkanal wird nicht unterstützt",
    "technical-error": "Technischer Fehler",
}

METADATA, DATA, SUBMISSION = "metadata", "data", "submission"

CODES: Mapping[str, ErrorCode] = {
    "encryption-issue": ErrorCode.JWE_REJECTED,
    "hash-mismatch": ErrorCode.HASH_MISMATCH,
    "incorrect-authentication-tag": ErrorCode.TAG_MISMATCH,
    "missing-authentication-tags": ErrorCode.TAG_MISMATCH,
    "schema-violation": ErrorCode.METADATA_INVALID,
    "attachments-mismatch": ErrorCode.ATTACHMENT_MISSING,
    "missing-attachment": ErrorCode.ATTACHMENT_MISSING,
    "missing-data": ErrorCode.CONTENT_MALFORMED,
    "syntax-violation": ErrorCode.CONTENT_MALFORMED,
}


def attachment(attachment_id: str) -> str:
    """``instance`` for an attachment."""
    return f"attachment:{attachment_id}"


def problem(name: str, instance: str, detail: str = "") -> Problem:
    """A problem by its short name. ``detail`` is read by the sender and travels unencrypted: never any
    personal data in it."""
    return Problem(PROBLEMS + name, TITLES[name], detail, instance)


def code_of(found: Problem) -> ErrorCode:
    """The error code our own clerk reads for a problem."""
    return CODES.get(found.type.removeprefix(PROBLEMS), ErrorCode.CONTENT_MALFORMED)


def as_event_member(found: Problem) -> dict[str, str]:
    """The problem as it stands in a reject event. Empty members are left out."""
    members = {"type": found.type, "title": found.title, "detail": found.detail, "instance": found.instance}
    return {name: value for name, value in members.items() if value}
