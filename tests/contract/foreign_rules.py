"""The foreign portal's book-keeping: cases, submissions, replies, event logs and the rules between them.

Written from the OpenAPI file and the public documentation alone; it shares no code with the product.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import RLock
from typing import Any
from uuid import UUID, uuid4

from tests.contract import foreign_jose as jose

EVENTS = "https://schema.fitko.de/fit-connect/events/"
PROBLEMS = "https://schema.fitko.de/fit-connect/events/problems/"
SET_SCHEMA = "https://schema.fitko.de/fit-connect/set-payload/1.2.2/set-payload.schema.json"
SERVICE_URN = re.compile(r"^urn:[a-z0-9][a-z0-9-]{0,31}:[a-z0-9()+,.:=@;$_!*'%/?#-]+$")


class Refused(Exception):
    """An error answer: status and problem."""

    def __init__(self, status: int, problem: str, detail: str = "") -> None:
        super().__init__(status, problem, detail)
        self.status, self.problem, self.detail = status, problem, detail


@dataclass
class Habits:
    """Choices the specification leaves to a service."""

    base_path: str = "/submission-api"
    jwks_at_root: bool = False
    issuer: str = "https://zustelldienst.example.org/fit-connect/"
    page_cap: int = 500
    totals: bool = True
    decorated: bool = False
    chunked: bool = False
    upper_headers: bool = False
    charset: bool = False
    upper_ids: bool = False
    rate_headers: bool = False
    token_answer: dict[str, object] = field(default_factory=lambda: {"expires_in": 1800})
    separate_sender: bool = False
    reply_receipt: str = "service"  # or "none", "stranger"
    bridge_accepts: bool = True


@dataclass
class Parcel:
    """A submission or a reply."""

    kind: str
    parcel_id: str
    case_id: str
    destination_id: str
    announced: list[str]
    service: dict[str, str]
    version: int
    state: str = "incomplete"
    metadata: str | None = None
    content: str | None = None
    attachments: dict[str, str] = field(default_factory=dict)

    def tags(self) -> dict[str, object]:
        assert self.metadata is not None
        tags: dict[str, object] = {"metadata": jose.tag(self.metadata)}
        if self.content is not None:
            tags["data"] = jose.tag(self.content)
        if self.attachments:
            tags["attachments"] = {key: jose.tag(body) for key, body in self.attachments.items()}
        return tags


@dataclass
class Place:
    """A destination: who may read it, its keys, its services."""

    destination_id: str
    encryption: Any
    signing: Any
    services: list[str]
    schemas: list[dict[str, str]]
    subscriber: str
    older_keys: list[Any] = field(default_factory=list)

    def published(self) -> dict[str, dict[str, Any]]:
        keys = [self.encryption, self.signing, *self.older_keys]
        return {key["kid"]: jose.public_jwk(key) for key in keys}


@dataclass
class Books:
    """Everything the service knows. All access holds ``lock``."""

    habits: Habits
    service_key: Any
    places: dict[str, Place] = field(default_factory=dict)
    parcels: dict[str, Parcel] = field(default_factory=dict)
    logs: dict[str, list[str]] = field(default_factory=dict)
    posted: list[dict[str, Any]] = field(default_factory=list)  # claims of events subscribers sent, as taken
    lock: RLock = field(default_factory=RLock)
    forge: Callable[[str, dict[str, Any]], str] | None = None  # how the service signs; None: properly

    def show(self, identifier: str) -> str:
        """An id as this service spells it."""
        return identifier.upper() if self.habits.upper_ids else identifier

    # senders

    def announce(
        self,
        destination_id: str,
        announced: list[str],
        service: dict[str, str],
        version: int,
        case_id: str | None,
    ) -> Parcel:
        place = self._place(destination_id)
        if not SERVICE_URN.match(service.get("identifier", "")) or not service.get("name"):
            raise Refused(400, "schema-violation", "service")
        if service["identifier"] not in place.services:
            raise Refused(422, "service-not-offered")
        if case_id is not None and _id(case_id) not in self.logs:
            raise Refused(404, "case-not-found")
        parcel = Parcel(
            "submission",
            str(uuid4()),
            _id(case_id) if case_id else str(uuid4()),
            place.destination_id,
            [_id(item) for item in announced],
            service,
            version,
        )
        return self._open(parcel)

    def announce_reply(self, case_id: str, announced: list[str], version: int) -> Parcel:
        if _id(case_id) not in self.logs:
            raise Refused(404, "case-not-found")
        parcel = Parcel(
            "reply", str(uuid4()), _id(case_id), "", [_id(item) for item in announced], {}, version
        )
        return self._open(parcel)

    def _open(self, parcel: Parcel) -> Parcel:
        if len(set(parcel.announced)) != len(parcel.announced):
            raise Refused(400, "schema-violation", "announcedAttachments")
        self.parcels[parcel.parcel_id] = parcel
        self.logs.setdefault(parcel.case_id, [])
        self.record(parcel, f"create-{parcel.kind}", {}, with_schema=False)
        return parcel

    def put_attachment(self, parcel: Parcel, attachment_id: str, body: str) -> None:
        if parcel.state != "incomplete":
            raise Refused(409, "already-submitted")
        if _id(attachment_id) not in parcel.announced:
            raise Refused(422, "attachment-not-announced")
        self._check_jwe(parcel, body, needs_cty=False)
        parcel.attachments[_id(attachment_id)] = body

    def submit(self, parcel: Parcel, metadata: str, content: str | None) -> None:
        if parcel.state != "incomplete":
            raise Refused(409, "already-submitted")
        if set(parcel.announced) != set(parcel.attachments):
            raise Refused(422, "attachments-missing")
        if parcel.version == 2 and content is None:
            raise Refused(400, "schema-violation", "encryptedData")
        for body in (metadata, content):
            if body is not None:
                self._check_jwe(parcel, body, needs_cty=parcel.version == 2)
        parcel.metadata, parcel.content, parcel.state = metadata, content, "submitted"
        self.record(parcel, f"submit-{parcel.kind}", {"authenticationTags": parcel.tags()})
        self._after_submit(parcel)

    def _check_jwe(self, parcel: Parcel, body: str, *, needs_cty: bool) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_=-]+(\.[A-Za-z0-9_=-]*){4}", body):
            raise Refused(400, "schema-violation", "JWE")
        header = jose.protected(body)
        if header.get("alg") != "RSA-OAEP-256" or header.get("enc") != "A256GCM" or not header.get("kid"):
            raise Refused(422, "invalid-jwe-header", "alg, enc, kid")
        if parcel.version == 2 and "zip" in header:
            raise Refused(422, "invalid-jwe-header", "zip")
        if needs_cty and header.get("cty") not in ("application/json", "application/xml"):
            raise Refused(422, "invalid-jwe-header", "cty")

    def _after_submit(self, parcel: Parcel) -> None:
        if parcel.kind == "reply":
            if self.habits.reply_receipt == "service":
                self.record(parcel, "accept-reply", {"authenticationTags": parcel.tags()})
            elif self.habits.reply_receipt == "stranger":
                claims = self.claims(parcel, "accept-reply", {"authenticationTags": parcel.tags()})
                claims["iss"] = str(uuid4())
                self.logs[parcel.case_id].append(jose.sign_event(self.service_key, claims, kid=str(uuid4())))
            return
        place = self.places[parcel.destination_id]
        self.record(parcel, "notify-submission", {"notifyType": "new-submission-ping"})
        if place.subscriber == "bridge" and self.habits.bridge_accepts:
            self.bridge_takes(parcel)

    def bridge_takes(self, parcel: Parcel, verdict: str = "accept-submission") -> None:
        """The bridge accepts or rejects, as a subscriber of its own."""
        place = self.places[parcel.destination_id]
        payload: dict[str, Any] = {"authenticationTags": parcel.tags()}
        if verdict == "reject-submission":
            payload = {"problems": [{"type": f"{PROBLEMS}mailbox-unknown", "title": "x", "instance": "data"}]}
        claims = self.claims(parcel, verdict, payload) | {"iss": place.destination_id}
        self.logs[parcel.case_id].append(jose.sign_event(place.signing, claims))
        parcel.state = "accepted" if verdict.startswith("accept") else "rejected"

    # events

    def claims(self, parcel: Parcel, event: str, payload: Mapping[str, object]) -> dict[str, Any]:
        return {
            "$schema": SET_SCHEMA,
            "jti": str(uuid4()),
            "iss": self.habits.issuer,
            "iat": int(time.time()),
            "sub": f"{parcel.kind}:{self.show(parcel.parcel_id)}",
            "txn": f"case:{self.show(parcel.case_id)}",
            "events": {EVENTS + event: self._spelled(payload)},
        }

    def _spelled(self, payload: Mapping[str, object]) -> dict[str, object]:
        spelled = dict(payload)
        tags = spelled.get("authenticationTags")
        if isinstance(tags, dict) and "attachments" in tags:
            shown = {self.show(key): value for key, value in tags["attachments"].items()}
            spelled["authenticationTags"] = tags | {"attachments": shown}
        if self.habits.decorated:
            spelled["unknownMember"] = {"nested": [1, 2]}
        return spelled

    def record(
        self, parcel: Parcel, event: str, payload: Mapping[str, object], *, with_schema: bool = True
    ) -> None:
        """An event of the delivery service itself."""
        claims = self.claims(parcel, event, payload)
        if not with_schema:
            del claims["$schema"]
        if self.habits.decorated:
            claims["extra"] = "member"
        if self.forge is not None:
            self.logs[parcel.case_id].append(self.forge(event, claims))
        else:
            self.logs[parcel.case_id].append(jose.sign_event(self.service_key, claims))

    def take_event(self, client: str, case_id: str, compact: str) -> None:
        """A subscriber's event, checked as strictly as the documentation allows."""
        log = self.logs.get(_id(case_id))
        if log is None:
            raise Refused(404, "case-not-found")
        try:
            claims = self._verified(compact)
        except ValueError as error:
            raise Refused(422, "set-invalid", str(error)) from error
        kind, _, identifier = str(claims.get("sub", "")).partition(":")
        parcel = self.parcels.get(_id(identifier))
        if parcel is None or kind != "submission" or not jose.same_id(parcel.case_id, case_id):
            raise Refused(422, "set-invalid", "sub")
        place = self.places[parcel.destination_id]
        if place.subscriber != client:
            raise Refused(403, "forbidden")
        event = self._check_claims(claims, parcel, case_id)
        if parcel.state != "submitted":
            raise Refused(409, "invalid-state-transition", parcel.state)
        log.append(compact)
        self.posted.append(claims)
        parcel.state = "accepted" if event == "accept-submission" else "rejected"
        parcel.metadata = parcel.content = None
        parcel.attachments.clear()
        self.record(parcel, "delete-submission", {}, with_schema=False)

    def _verified(self, compact: str) -> dict[str, Any]:
        header = jose.protected(compact)
        if set(header) != {"typ", "alg", "kid"}:
            raise ValueError(f"header members {sorted(header)}")
        for place in self.places.values():
            if place.signing["kid"] == header["kid"]:
                public = jose.verifier(place.signing)
                claims = jose.read_event({header["kid"]: public}, compact)
                if claims.get("iss") != place.destination_id:
                    raise ValueError("iss is not the destination this key belongs to")
                return claims
        raise ValueError("kid is not registered")

    def _check_claims(self, claims: dict[str, Any], parcel: Parcel, case_id: str) -> str:
        submit = next(
            each
            for each in (_unverified(text) for text in self.logs[parcel.case_id])
            if EVENTS + "submit-submission" in each["events"]
            and each["sub"].endswith(self.show(parcel.parcel_id))
        )
        events = claims.get("events")
        checks = {
            "$schema": claims.get("$schema") == submit.get("$schema"),
            "jti": _is_id(claims.get("jti")) and claims["jti"] not in {each["jti"] for each in self.posted},
            "iat": isinstance(claims.get("iat"), int) and abs(claims["iat"] - time.time()) < 300,
            "iss": claims.get("iss") == parcel.destination_id,
            "txn": jose.same_id(str(claims.get("txn")).removeprefix("case:"), case_id)
            and str(claims.get("txn")).startswith("case:"),
            "events": isinstance(events, dict) and len(events) == 1,
        }
        wrong = [name for name, fine in checks.items() if not fine]
        if wrong:
            raise Refused(422, "set-invalid", ", ".join(wrong))
        assert isinstance(events, dict)
        uri, payload = next(iter(events.items()))
        event = uri.removeprefix(EVENTS)
        if event == "accept-submission":
            if _plain_tags(payload.get("authenticationTags")) != _plain_tags(parcel.tags()):
                raise Refused(422, "set-invalid", "authenticationTags")
        elif event == "reject-submission":
            problems = payload.get("problems")
            if not problems or not all(_is_problem(each) for each in problems):
                raise Refused(422, "set-invalid", "problems")
        else:
            raise Refused(422, "set-invalid", "event")
        return str(event)

    def _place(self, destination_id: str) -> Place:
        place = self.places.get(_id(destination_id))
        if place is None:
            raise Refused(404, "destination-not-found")
        return place


def _unverified(compact: str) -> dict[str, Any]:
    return jose.protected(compact.split(".", 1)[1])


def _plain_tags(tags: object) -> object:
    if not isinstance(tags, dict):
        return None
    plain = dict(tags)
    plain["attachments"] = {_id(key): value for key, value in (tags.get("attachments") or {}).items()}
    return plain


def _is_problem(problem: object) -> bool:
    return (
        isinstance(problem, dict)
        and str(problem.get("type", "")).startswith(PROBLEMS)
        and bool(problem.get("title"))
        and bool(problem.get("instance"))
    )


def _is_id(text: object) -> bool:
    return jose.same_id(text, text)


def _id(text: str) -> str:
    try:
        return str(UUID(text))
    except (ValueError, AttributeError, TypeError) as error:
        raise Refused(400, "not-a-uuid") from error
