"""Reads the time and the kind out of security event tokens, for the timeline only.

The adapter of the portal has verified them before anything is stored; nothing is decided here.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from clerk_app.store.encoding import clean_text


@dataclass(frozen=True)
class PortalEvent:
    """One event of a case's log. ``kind`` is the last part of the event's URI, ``subject`` as received."""

    event_id: str
    at: datetime
    kind: str
    subject: str


def read_events(log: Iterable[str]) -> Iterator[PortalEvent]:
    """The events of ``log`` that can be read; anything else is passed over."""
    for token in log:
        event = _read(token)
        if event is not None:
            yield event


def _read(token: str) -> PortalEvent | None:
    try:
        body = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        (uri,) = claims["events"]
        return PortalEvent(
            clean_text(str(claims["jti"])),
            datetime.fromtimestamp(int(claims["iat"]), UTC),
            clean_text(str(uri)).rstrip("/").rpartition("/")[2],
            clean_text(str(claims.get("sub", ""))),
        )
    except (
        IndexError,
        ValueError,
        KeyError,
        TypeError,
        OverflowError,
        OSError,
        RecursionError,
        binascii.Error,
    ):
        return None
