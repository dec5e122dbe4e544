"""Signed events as they were kept: read, never judged here (that was done when they came)."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from clerk_app.domain.outbox import RemoteRef, SignedLog

_SUBMITTED = ("/submit-submission", "/submit-reply")


@dataclass(frozen=True)
class ReadEvent:
    """One security event token, decoded."""

    header: dict[str, object]
    claims: dict[str, object]
    issued_at: datetime


def read_event(token: str) -> ReadEvent | None:
    """What a compact JWS says; None when it is none."""
    try:
        header, claims = (_decoded(part) for part in token.split(".")[:2])
        return ReadEvent(header, claims, datetime.fromtimestamp(int(str(claims["iat"])), UTC))
    except (ValueError, KeyError, TypeError, OverflowError, OSError, RecursionError):
        return None


def submitted_at(log: SignedLog | None, remote: RemoteRef | None) -> datetime | None:
    """When the delivery service took the entry in, by its own event; None when no such event was kept."""
    if log is None or remote is None:
        return None
    subjects = (f"submission:{remote.remote_id}", f"reply:{remote.remote_id}")
    for token in log.tokens:
        event = read_event(token)
        if event is None or event.claims.get("sub") not in subjects:
            continue
        stated = event.claims.get("events")
        if isinstance(stated, dict) and any(str(uri).endswith(_SUBMITTED) for uri in stated):
            return event.issued_at
    return None


def _decoded(part: str) -> dict[str, object]:
    found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    if not isinstance(found, dict):
        raise TypeError
    return found
