"""What every call on the wire has in common: calls, answers, refusals, ids, paging."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

PROBLEMS = "https://schema.fitko.de/fit-connect/submission-api/problems/"
JSON = "application/json"
JOSE = "application/jose"
PROBLEM_JSON = "application/problem+json"

# The official pattern for JWE strings is wider than a compact JWE; we want five base64url parts.
_JWE = re.compile(r"\A[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\Z")
_UUID = re.compile(r"\A[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
SERVICE_IDENTIFIER = re.compile(r"\Aurn:[a-z0-9][a-z0-9-]{0,31}:[a-z0-9()+,.:=@;$_!*'%/?#-]+\Z")
REGION = re.compile(r"\ADE[0-9]{0,12}\Z")


class Refusal(Exception):  # noqa: N818 - it is an answer, not a mistake
    """The delivery service says no: becomes an ``application/problem+json`` answer."""

    def __init__(
        self, status: int, name: str, detail: str = "", *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {name}: {detail}")
        self.status = status
        self.name = name
        self.detail = detail
        self.headers = dict(headers or {})


@dataclass(frozen=True)
class Answer:
    """What goes back over the wire."""

    status: int
    body: bytes = b""
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One call as received. Header names are lower case; ``path`` is without the query."""

    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def media_type(self) -> str:
        """Content type without parameters, lower case."""
        return self.headers.get("content-type", "").split(";", 1)[0].strip().lower()

    def json_object(self, *, wrong_type_status: int = 400) -> dict[str, Any]:
        """The body as JSON object.

        Raises ``Refusal`` 400 for broken JSON, ``wrong_type_status`` for another content type.
        """
        if self.media_type() != JSON:
            raise Refusal(wrong_type_status, "unsupported-media-type", "expected application/json")
        try:
            value = json.loads(self.body.decode("utf-8"))
        except (UnicodeDecodeError, ValueError, RecursionError):
            raise Refusal(400, "malformed-request", "the body is not JSON") from None
        if not isinstance(value, dict):
            raise Refusal(400, "malformed-request", "the body is not a JSON object")
        return value

    def jose_text(self, *, wrong_type_status: int = 415) -> str:
        """The body as compact JOSE text; 415 (or what is given) for another content type."""
        if self.media_type() != JOSE:
            raise Refusal(wrong_type_status, "unsupported-media-type", "expected application/jose")
        try:
            return self.body.decode("ascii")
        except UnicodeDecodeError:
            raise Refusal(400, "malformed-request", "the body is not compact JOSE") from None


def json_answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """A JSON answer with the header the OpenAPI asks for."""
    body = json.dumps(value, separators=(",", ":")).encode("ascii")
    return Answer(status, body, JSON, {"Cache-Control": "no-cache", **(headers or {})})


def refusal_answer(refusal: Refusal) -> Answer:
    """RFC 7807 document for a refusal."""
    value: dict[str, object] = {
        "type": PROBLEMS + refusal.name,
        "title": refusal.name.replace("-", " ").capitalize(),
        "status": refusal.status,
        "detail": refusal.detail or refusal.name.replace("-", " "),
        "instance": f"urn:uuid:{uuid.uuid4()}",
    }
    return Answer(refusal.status, json.dumps(value).encode("ascii"), PROBLEM_JSON, refusal.headers)


def is_uuid(text: object) -> bool:
    """Whether ``text`` is a UUID in its canonical form (either case)."""
    return isinstance(text, str) and _UUID.match(text.lower()) is not None


def uuid_or(text: object, status: int, name: str) -> str:
    """``text`` as lower-case UUID, or the given refusal."""
    if not is_uuid(text):
        raise Refusal(status, name, "not a UUID")
    return str(text).lower()


def jwe_or_refuse(text: object, member: str, status: int = 422) -> str:
    """``text`` when it looks like a compact JWE (five parts, base64url), else a refusal naming ``member``."""
    if not isinstance(text, str) or _JWE.match(text) is None:
        raise Refusal(status, "invalid-jwe", f"{member} is not a compact JWE")
    return text


def page_of(
    query: Mapping[str, str], *, status: int = 400, default: int = 100, most: int = 500
) -> tuple[int, int]:
    """``(limit, offset)`` from the query; ``status`` when outside 1..500 or below 0."""

    def number(name: str, fallback: int, low: int, high: int) -> int:
        raw = query.get(name)
        if raw is None:
            return fallback
        if re.fullmatch(r"[0-9]{1,10}", raw) is None or not low <= int(raw) <= high:
            raise Refusal(status, "invalid-paging", f"{name} must be a whole number from {low} to {high}")
        return int(raw)

    return number("limit", default, 1, most), number("offset", 0, 0, 2**31 - 1)


def paged(name: str, items: Sequence[object], limit: int, offset: int) -> dict[str, object]:
    """The list envelope of the API."""
    part = list(items[offset : offset + limit])
    return {"count": len(part), "offset": offset, "totalCount": len(items), name: part}
