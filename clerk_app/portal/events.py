"""Security event tokens: reading a case's log with all checks, and writing our own (domain reference 1.8)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.portal import base64url, strict_json
from clerk_app.portal.keys import PrivateKey

EVENTS = "https://schema.fitko.de/fit-connect/events/"
DEFAULT_EVENT_SCHEMA = "https://schema.fitko.de/fit-connect/set-payload/1.2.2/set-payload.schema.json"
MAX_TOKEN = 1 << 20
MAX_AHEAD = timedelta(minutes=5)
_EARLIEST = 1_577_833_200  # 2020-01-01, the smallest iat the standard allows
_LATEST = 253_402_300_799
_PSS = padding.PSS(padding.MGF1(hashes.SHA512()), 64)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
_OUR_EVENTS = uuid.UUID("6d0c1f3e-7b0e-5f0a-9a55-3c1d1a7be7a1")  # namespace of the ids of events we issue
_FORBIDDEN = frozenset({"crit", "jku", "jwk", "x5u", "x5c", "b64"})

# Events the service issues itself, and those that belong to the receiving or the sending side. reject is
# issued by the receiver, or by the service when nobody fetched for too long. notify-/forward-reply are
# assumed.
_SERVICE_ONLY = frozenset(
    f"{verb}-{noun}" for verb in ("create", "submit", "notify", "delete") for noun in ("submission", "reply")
)
_PARTY_ONLY = frozenset({"accept-submission", "forward-submission", "forward-reply"})
_KNOWN = (
    _SERVICE_ONLY | _PARTY_ONLY | {"reject-submission", "reject-reply", "accept-reply"}
)  # who issues accept-reply is not documented: either is allowed
# Order within one object's life. notify may come at any time after create.
_RANK = {"create": 0, "submit": 1, "forward": 2, "accept": 3, "reject": 3, "delete": 4}
_ONCE = frozenset({"create", "submit", "accept", "reject", "delete"})


@dataclass(frozen=True)
class Event:
    """One event of a case's log. ``name`` is short ("submit-submission") for known events, else the URI.

    ``verified`` is False for an event about another object whose issuer's key nobody publishes any more;
    nothing is concluded from such an event.
    """

    name: str
    event_id: str
    issuer: str
    issued_at: datetime
    subject: str
    payload: Mapping[str, object]
    schema: str
    kid: str
    token: str
    verified: bool = True

    @property
    def uri(self) -> str:
        """The event's full URI."""
        return EVENTS + self.name if self.name in _KNOWN else self.name

    @property
    def by_service(self) -> bool:
        """Whether the delivery service issued it."""
        return is_service(self.issuer)


def forged(reason: str, **params: object) -> ClerkError:
    """The log holds something that cannot have been issued as it claims."""
    return ClerkError(ErrorCode.EVENT_LOG_FORGED, {"reason": reason, **params}, Disposition.ASK_CLERK)


def disordered(reason: str, **params: object) -> ClerkError:
    """The log tells a story that cannot have happened in that order."""
    return ClerkError(ErrorCode.EVENT_LOG_DISORDERED, {"reason": reason, **params}, Disposition.ASK_CLERK)


@lru_cache(maxsize=256)
def _read_header(segment: str) -> str:
    """The kid of an acceptable protected header."""
    try:
        raw = base64url.decode(segment.encode("ascii"))
        header = strict_json.parse_object(raw, max_bytes=4096, max_depth=8)
    except ValueError:
        raise forged("header") from None
    if header.get("typ") != "secevent+jwt":
        raise forged("typ")
    if header.get("alg") != "PS512":
        raise forged("alg")
    if header.keys() & _FORBIDDEN:
        raise forged("header member")
    kid = header.get("kid")
    if not isinstance(kid, str) or not 1 <= len(kid) <= 256:
        raise forged("kid")
    return kid


def read_event(token: str, case_id: str) -> Event:
    """Structure and claims of one event; its signature is not looked at here. Raises EVENT_LOG_FORGED."""
    if len(token) > MAX_TOKEN or not token.isascii():
        raise forged("token")
    parts = token.split(".")
    if len(parts) != 3:
        raise forged("token")
    kid = _read_header(parts[0])
    try:
        raw = base64url.decode(parts[1].encode("ascii"))
        claims = strict_json.parse_object(raw, max_bytes=MAX_TOKEN, max_depth=16)
    except ValueError:
        raise forged("claims") from None
    event_id, issuer = _text(claims, "jti"), _text(claims, "iss")
    subject, transaction = _text(claims, "sub"), _text(claims, "txn").lower()
    issued = claims.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int) or not _EARLIEST <= issued <= _LATEST:
        raise forged("iat")
    if transaction != f"case:{case_id.lower()}":
        raise forged("txn")
    kind, _, object_id = subject.partition(":")
    object_id = object_id.lower()
    if kind not in ("submission", "reply") or _UUID.match(object_id) is None:
        raise forged("sub")
    stated = claims.get("events")
    if not isinstance(stated, dict) or len(stated) != 1:
        raise forged("events")
    ((uri, payload),) = stated.items()
    if payload is None:
        payload = {}
    if not isinstance(uri, str) or not isinstance(payload, dict):
        raise forged("events")
    name = uri.removeprefix(EVENTS)
    if name in _KNOWN and not name.endswith(f"-{kind}"):
        raise forged("sub", event=name)
    schema = claims.get("$schema", "")
    if not isinstance(schema, str):
        raise forged("$schema")
    known_name = name if name in _KNOWN else uri
    at = datetime.fromtimestamp(issued, UTC)
    return Event(known_name, event_id, issuer, at, f"{kind}:{object_id}", payload, schema, kid, token)


class _Issuer(msgspec.Struct):
    iss: str


def peek(token: str) -> tuple[str, str] | None:
    """Issuer and key id an event names, unchecked: only to know which key to fetch."""
    parts = token.split(".")
    if len(parts) != 3 or len(token) > MAX_TOKEN:
        return None
    try:
        kid = _read_header(parts[0])
        claims = msgspec.json.decode(base64url.decode(parts[1].encode("ascii")), type=_Issuer)
    except (ClerkError, ValueError, RecursionError):
        return None
    return claims.iss, kid


def is_service(issuer: str) -> bool:
    """Whether an issuer is a delivery service: it is an address then, a party's is its destination id."""
    return issuer.startswith(("https://", "http://"))


def _text(claims: Mapping[str, object], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= 2048:
        raise forged(name)
    return value


def check_signature(event: Event, key: rsa.RSAPublicKey) -> None:
    """Raises EVENT_LOG_FORGED when ``key`` did not sign this event (PS512, salt of 64 bytes)."""
    signed, _, signature = event.token.rpartition(".")
    try:
        key.verify(base64url.decode(signature.encode("ascii")), signed.encode("ascii"), _PSS, hashes.SHA512())
    except (InvalidSignature, ValueError):
        raise forged("signature", event=event.name, event_id=event.event_id) from None


def read_log(
    tokens: Sequence[str],
    *,
    case_id: str,
    key_for: Callable[[Event], rsa.RSAPublicKey | None],
    essential_subject: str,
    not_after: datetime,
) -> tuple[Event, ...]:
    """The whole log of a case, checked. ``not_after`` is the later of our clock and the service's.

    ``key_for`` gives the key published by the event's issuer, or None when there is none to be had. That is a
    forgery for ``essential_subject``; for other objects (an earlier answer signed with a key since
    withdrawn) the event is kept as unverified. Raises EVENT_LOG_FORGED or EVENT_LOG_DISORDERED.
    """
    events: list[Event] = []
    seen: set[str] = set()
    for token in tokens:
        event = read_event(token, case_id)
        if event.event_id in seen:
            raise forged("jti", event_id=event.event_id)
        seen.add(event.event_id)
        if event.issued_at > not_after + MAX_AHEAD:
            raise forged("iat", event_id=event.event_id)
        if (event.name in _SERVICE_ONLY and not event.by_service) or (
            event.name in _PARTY_ONLY and event.by_service
        ):
            raise forged("iss", event=event.name)
        key = key_for(event)
        if key is not None:
            check_signature(event, key)
        elif event.subject == essential_subject:
            raise forged("key", event=event.name, kid=event.kid)
        else:
            event = replace(event, verified=False)
        events.append(event)
    _check_order(event for event in events if event.verified)
    return tuple(events)


def _check_order(events: Iterable[Event]) -> None:
    """The order is the service's sequence, never a clock (two events of one second are common)."""
    reached: dict[str, tuple[int, set[str]]] = {}
    for event in events:
        verb, _, noun = event.name.partition("-")
        if noun not in ("submission", "reply") or verb not in _RANK:
            continue
        rank, past = reached.get(event.subject, (-1, set()))
        if verb in _ONCE and verb in past:
            raise disordered("repeated", event=event.name)
        backwards = _RANK[verb] < rank or (verb in ("accept", "reject") and rank == _RANK[verb])
        unprepared = verb in ("forward", "accept", "reject") and "submit" not in past
        if backwards or unprepared:
            raise disordered("order", event=event.name)
        reached[event.subject] = (max(rank, _RANK[verb]), past | {verb})


class EventSigner:
    """Issues security event tokens in the name of a destination."""

    def __init__(self, destination_id: str, key: PrivateKey, now: Callable[[], datetime]) -> None:
        self._issuer = destination_id
        self.key = key
        self._now = now
        header = msgspec.json.encode({"typ": "secevent+jwt", "alg": "PS512", "kid": key.kid})
        self._header = base64url.encode(header)

    def sign(
        self, name: str, *, subject: str, case_id: str, payload: Mapping[str, object], schema: str
    ) -> str:
        """A compact JWS. The event's id is the same for the same event of the same object, however often it
        is issued, so that a repetition after a lost answer is recognisable as one."""
        claims: dict[str, object] = {
            "$schema": schema or DEFAULT_EVENT_SCHEMA,
            "jti": event_id(self._issuer, subject, name),
            "iss": self._issuer,
            "iat": int(self._now().timestamp()),
            "sub": subject,
            "txn": f"case:{case_id}",
            "events": {EVENTS + name: payload},
        }
        signed = f"{self._header}.{base64url.encode(msgspec.json.encode(claims))}"
        return (
            f"{signed}.{base64url.encode(self.key.key.sign(signed.encode('ascii'), _PSS, hashes.SHA512()))}"
        )


def event_id(issuer: str, subject: str, name: str) -> str:
    """The ``jti`` of an event we issue."""
    return str(uuid.uuid5(_OUR_EVENTS, f"{issuer}/{subject}/{name}"))
