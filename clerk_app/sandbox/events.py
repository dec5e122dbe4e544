"""Security event tokens: writing the service's own, checking what receivers post."""

from __future__ import annotations

import threading
import uuid
from typing import TYPE_CHECKING, Any

from clerk_app.sandbox.jose import JoseError, public_key, read_jws, sign_event, verify_ps512
from clerk_app.sandbox.wire import Refusal, is_uuid

if TYPE_CHECKING:
    from clerk_app.sandbox.keys import KeyPair
    from clerk_app.sandbox.model import Destination

EVENTS = "https://schema.fitko.de/fit-connect/events/"
SET_SCHEMA = "https://schema.fitko.de/fit-connect/set-payload/1.2.2/set-payload.schema.json"
ACCEPTED_SET_SCHEMAS = (SET_SCHEMA,)  # 1.0.0 was refused live ("Payload Schema not supported")
EARLIEST_S = 1_577_833_200
CLOCK_TOLERANCE_S = 300
# what a receiver may say about a submission; everything else is the service's word
RECEIVER_EVENTS = frozenset({"accept-submission", "reject-submission", "forward-submission"})


class Event:
    """One entry of an event log. The service's own are signed when first read: filing thousands of
    applications would otherwise spend its time on RSA."""

    def __init__(
        self, claims: dict[str, Any], *, token: str | None = None, key: KeyPair | None = None
    ) -> None:
        self.claims = claims
        self._token: str | None = token
        self._key = key
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Short name, e.g. ``accept-submission``."""
        return str(next(iter(self.claims["events"]))).removeprefix(EVENTS)

    @property
    def subject(self) -> str:
        """``submission:<id>`` or ``reply:<id>``."""
        return str(self.claims["sub"])

    @property
    def token(self) -> str:
        """The compact JWS; the same bytes every time."""
        with self._lock:
            if self._token is None:
                if self._key is None:
                    raise ValueError("an event needs its token or a key")
                self._token = sign_event(self.claims, self._key.private, self._key.kid)
            return self._token


def make_event(
    key: KeyPair,
    issuer: str,
    case_id: str,
    subject: str,
    name: str,
    at_s: float,
    payload: dict[str, Any] | None = None,
) -> Event:
    """A signed event by the delivery service (issuer starts with http) or the bridge (its destination id)."""
    claims = {
        "$schema": SET_SCHEMA,
        "jti": str(uuid.uuid4()),
        "iss": issuer,
        "iat": int(at_s),
        "sub": subject,
        "txn": f"case:{case_id}",
        "events": {EVENTS + name: payload or {}},
    }
    return Event(claims, key=key)


def check_posted_event(
    token: str, case_id: str, destination: Destination, now_s: float
) -> tuple[str, str, dict[str, Any], dict[str, Any]]:
    """Checks a receiver's event against everything the standard says about its form.

    Returns ``(event name, submission id, event payload, claims)``. Raises ``Refusal`` 422 with the reason.
    Whether the transition is allowed and the authentication tags are right is for the caller, who knows
    the submission.
    """

    def wrong(reason: str) -> Refusal:
        return Refusal(422, "invalid-security-event-token", reason)

    try:
        header, claims = read_jws(token)
    except JoseError as error:
        raise wrong(str(error)) from None
    if header.get("typ") != "secevent+jwt":
        raise wrong("typ must be secevent+jwt")
    if header.get("alg") != "PS512":
        raise wrong("alg must be PS512")
    jwk = destination.keys.get(str(header.get("kid")))
    if jwk is None or "verify" not in jwk.get("key_ops", ()):
        raise wrong("kid is not a signature key of this destination")
    if not verify_ps512(token, public_key(jwk)):
        raise wrong("signature does not verify")
    if claims.get("iss") != destination.destination_id:
        raise wrong("iss is not the destination of this case")
    if not is_uuid(claims.get("jti")):
        raise wrong("jti is not a UUID")
    issued = claims.get("iat")
    if not isinstance(issued, int) or isinstance(issued, bool):
        raise wrong("iat is not a whole number")
    if not EARLIEST_S <= issued <= now_s + CLOCK_TOLERANCE_S:
        raise wrong("iat is out of range")
    if str(claims.get("txn")).lower() != f"case:{case_id}":
        raise wrong("txn is not this case")
    kind, _, subject_id = str(claims.get("sub")).partition(":")
    if kind != "submission" or not is_uuid(subject_id):
        raise wrong("sub is not a submission")
    events = claims.get("events")
    if not isinstance(events, dict) or len(events) != 1:
        raise wrong("events must have exactly one member")
    uri, payload = next(iter(events.items()))
    name = uri.removeprefix(EVENTS)
    if not uri.startswith(EVENTS) or name not in RECEIVER_EVENTS:
        raise wrong("event not allowed for a receiver")
    if not isinstance(payload, dict):
        raise wrong("event payload is not an object")
    schema = claims.get("$schema")
    if (schema is not None or payload) and schema not in ACCEPTED_SET_SCHEMAS:
        raise wrong("Payload Schema not supported")
    _check_problems(name, payload, wrong)
    return name, subject_id.lower(), payload, claims


def _check_problems(name: str, payload: dict[str, Any], wrong: Any) -> None:
    problems = payload.get("problems")
    if name == "reject-submission" and not problems:
        raise wrong("a rejection needs problems")
    if problems is None:
        return
    if not isinstance(problems, list):
        raise wrong("problems is not a list")
    for problem in problems:
        if not isinstance(problem, dict) or not all(
            isinstance(problem.get(member), str) for member in ("type", "title")
        ):
            raise wrong("a problem needs type and title")
