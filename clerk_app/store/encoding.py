"""How values are spelled on disk: times as sortable text, text without lone surrogates, JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime

from clerk_app.domain.ledger import canonical_json


def clean_text(text: str) -> str:
    """``text`` as it can be stored: surrogate pairs joined, a lone surrogate becomes U+FFFD.

    JSON may carry lone surrogates (escaped D800 to DFFF); no database and no file takes them. Only what is
    stored beside the received bytes is changed, never those bytes.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def clean_json(value: object) -> object:
    """``value`` with every text (keys as well) put through ``clean_text`` and tuples turned into lists."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {clean_text(str(key)): clean_json(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [clean_json(inner) for inner in value]
    if isinstance(value, datetime):
        return stored_time(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def to_json(value: object) -> str:
    """The one spelling of ``value`` that is stored and hashed."""
    return canonical_json(clean_json(value))


def from_json(text: str | None) -> object:
    """What ``to_json`` wrote; None for NULL."""
    return None if text is None else json.loads(text)


def stored_time(at: datetime) -> str:
    """ISO 8601 in UTC with microseconds: equal lengths, so text order is time order.

    Raises ValueError for a naive datetime: a time without a zone is a mistake, never a guess.
    """
    if at.tzinfo is None:
        raise ValueError("a stored time must know its zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def read_time(text: str) -> datetime:
    """The aware UTC time ``stored_time`` wrote."""
    return datetime.fromisoformat(text)


def read_optional_time(text: str | None) -> datetime | None:
    """As ``read_time``; None for NULL."""
    return None if text is None else datetime.fromisoformat(text)


def read_optional_date(text: str | None) -> date | None:
    """A stored date; None for NULL."""
    return None if text is None else date.fromisoformat(text)
