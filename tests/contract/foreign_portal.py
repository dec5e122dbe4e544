"""A delivery service that is not ours: HTTP side (standard library only).

Independent of ``clerk_app``: written from the official OpenAPI file and the public documentation, with the
habits a real service may have and the practice portal does not.
"""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from secrets import token_urlsafe
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

from tests.contract import foreign_jose as jose
from tests.contract.foreign_rules import Books, Habits, Parcel, Place, Refused

UUID_PART = r"([0-9A-Fa-f-]{32,36})"
TOKEN_PATH = "/auth/realms/public/protocol/token"


@dataclass
class Answer:
    status: int
    body: bytes | None = None
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Call:
    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Fault:
    """Something that goes wrong ``times`` times for calls that match."""

    method: str
    pattern: str
    answer: Answer | None = None  # None: the connection is closed without a word
    times: int = 1
    after: bool = False  # the call has its effect first
    skip: int = 0
    act: Callable[[], object] | None = None


class ForeignPortal:
    """Runs on two ports (API, token) while it is entered as a context."""

    def __init__(self, key_cache: Path, habits: Habits | None = None) -> None:
        self.keys = key_cache
        self.habits = habits or Habits()
        self.service_key = jose.private_key(key_cache, "service", "sign")
        self.books = Books(self.habits, self.service_key)
        self.jwks: list[dict[str, Any]] = [
            {"kty": "EC", "crv": "P-256", "kid": "an-elliptic-key", "x": "AAAA", "y": "AAAA", "alg": "ES256"},
            jose.public_jwk(jose.private_key(key_cache, "service-old", "sign")),
            {"kty": "oct-of-the-future", "kid": "future"},
            jose.public_jwk(self.service_key),
            {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        ]
        self.clients: dict[str, str] = {}
        self.senders: set[str] = set()
        self.tokens: dict[str, str] = {}
        self.token_calls = 0
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.complaints: list[str] = []
        self._servers: list[_Server] = []

    def __enter__(self) -> Self:
        self._servers = [_Server(self, self._api), _Server(self, self._token)]
        for server in self._servers:
            server.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.end()

    @property
    def submission_url(self) -> str:
        return f"http://127.0.0.1:{self._servers[0].server_port}{self.habits.base_path}"

    @property
    def token_url(self) -> str:
        return f"http://127.0.0.1:{self._servers[1].server_port}{TOKEN_PATH}"

    def add_place(self, name: str, services: list[str], *, subscriber: str | None = None) -> Place:
        """A destination with keys of its own; ``subscriber`` may read it."""
        place = Place(
            str(uuid4()),
            jose.private_key(self.keys, f"{name}-enc", "unwrapKey"),
            jose.private_key(self.keys, f"{name}-sig", "sign"),
            services,
            [
                {
                    "schemaUri": "https://schema.fitko.de/fim/s0_1.0.0.schema.json",
                    "mimeType": "application/json",
                }
            ],
            subscriber or "",
        )
        self.books.places[place.destination_id] = place
        if subscriber and subscriber != "bridge":
            self.clients.setdefault(subscriber, token_urlsafe(16))
        return place

    def complain(self, status: int, text: str) -> None:
        """Remembered, so that a test can say that the client never did anything wrong."""
        self.complaints.append(f"{status} {text}")

    def made(self, method: str, pattern: str) -> list[Call]:
        """Calls so far."""
        return [call for call in self.calls if call.method == method and re.search(pattern, call.path)]

    # token server

    def _token(self, call: Call) -> Answer:
        if call.path != TOKEN_PATH or call.method != "POST":
            raise Refused(404, "no-such-page")
        self.token_calls += 1
        form = parse_qs(call.body.decode())
        media_type = call.headers.get("content-type", "").split(";")[0]
        client = form.get("client_id", [""])[0]
        fine = (
            media_type == "application/x-www-form-urlencoded"
            and form.get("grant_type") == ["client_credentials"]
            and "authorization" not in call.headers
            and form.get("client_secret") == [self.clients.get(client, "\0")]
        )
        if not fine:
            return self._json(401, {"error": "invalid_client"})
        if "scope" in form:
            return self._json(400, {"error": "invalid_scope"})
        token = token_urlsafe(24)
        self.tokens[token] = client
        answer = {"access_token": token, "token_type": "bearer", "scope": "subscribe", "not-before-policy": 0}
        return self._json(200, answer | self.habits.token_answer)

    # API server

    def _api(self, call: Call) -> Answer:
        base = self.habits.base_path
        if call.path == ("" if self.habits.jwks_at_root else base) + "/.well-known/jwks.json":
            return self._json(200, {"keys": self.jwks})
        found = re.fullmatch(re.escape(base) + r"/v([12])(/.*)", call.path)
        if not found:
            raise Refused(404, "no-such-page")
        version, path = int(found[1]), found[2]
        public = self._public(call.method, path, version)
        if public is not None:
            return public
        client = self._signed_in(call)
        for method, pattern, act in self._routes():
            matched = re.fullmatch(pattern, path)
            if matched and method == call.method:
                return act(call, client, version, *matched.groups())
        raise Refused(404, "no-such-page")

    def _routes(self) -> list[tuple[str, str, Callable[..., Answer]]]:
        parcel = rf"/(?:submissions|replies)/{UUID_PART}"
        return [
            ("GET", "/submissions", self._list),
            ("GET", rf"/submissions/{UUID_PART}", self._get),
            ("GET", rf"/submissions/{UUID_PART}/attachments/{UUID_PART}", self._get_attachment),
            ("GET", rf"/cases/{UUID_PART}/events", self._events),
            ("POST", rf"/cases/{UUID_PART}/events", self._post_event),
            ("POST", "/submissions", self._announce),
            ("POST", "/replies", self._announce_reply),
            ("PUT", rf"{parcel}/attachments/{UUID_PART}", self._put_attachment),
            ("PUT", parcel, self._submit),
        ]

    def _public(self, method: str, path: str, version: int) -> Answer | None:
        found = re.fullmatch(rf"/destinations/{UUID_PART}(?:/keys/([^/]+))?", path)
        if method != "GET" or not found:
            return None
        place = self.books.places.get(found[1].lower())
        if place is None:
            raise Refused(404, "destination-not-found")
        if found[2] is not None:
            key = place.published().get(unquote(found[2]))
            if key is None:
                raise Refused(404, "key-not-found")
            return self._json(200, key, {"Cache-Control": "no-cache"})
        services = [
            {"identifier": urn, "regions": ["DE"], "submissionSchemas": place.schemas}
            for urn in place.services
        ]
        return self._json(
            200,
            {
                "destinationId": self.books.show(place.destination_id),
                "encryptionKid": place.encryption["kid"],
                "metadataVersions": ["2.1.0", "1.3.0"],
                "publicServices" if version == 2 else "services": services,
                "status": "active",
            },
            {"Cache-Control": "no-cache"},
        )

    def _signed_in(self, call: Call) -> str:
        if not call.headers.get("user-agent"):
            raise Refused(403, "no-user-agent")
        kind, _, token = call.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or token not in self.tokens:
            raise Refused(401, "token-invalid")
        return self.tokens[token]

    def _parcel(self, identifier: str, client: str | None = None) -> Parcel:
        parcel = self.books.parcels.get(identifier.lower())
        if parcel is None:
            raise Refused(404, "submission-not-found")
        if client is not None and self.books.places[parcel.destination_id].subscriber != client:
            raise Refused(403, "forbidden")
        return parcel

    def _page(self, call: Call, member: str, items: list[Any]) -> Answer:
        limit, offset = int(call.query.get("limit", "100")), int(call.query.get("offset", "0"))
        if not 1 <= limit <= 500 or offset < 0:
            raise Refused(400, "bad-request", "limit")
        shown = items[offset : offset + min(limit, self.habits.page_cap)]
        answer: dict[str, Any] = {member: shown}
        if self.habits.totals:
            answer |= {"count": len(shown), "offset": offset, "totalCount": len(items)}
        return self._json(200, answer)

    def _list(self, call: Call, client: str, version: int) -> Answer:
        show = self.books.show
        wanted = call.query.get("destinationId")
        if wanted is not None:
            place = self.books.places.get(wanted.lower())
            if place is None or place.subscriber != client:
                raise Refused(403, "forbidden")
        rows = [
            self._decorated(
                {
                    "destinationId": show(parcel.destination_id),
                    "submissionId": show(parcel.parcel_id),
                    "caseId": show(parcel.case_id),
                }
            )
            for parcel in self.books.parcels.values()
            if parcel.kind == "submission"
            and parcel.state == "submitted"
            and self.books.places[parcel.destination_id].subscriber == client
            and wanted in (None, parcel.destination_id)
        ]
        return self._page(call, "submissions", rows)

    def _get(self, call: Call, client: str, version: int, identifier: str) -> Answer:
        parcel = self._parcel(identifier, client)
        if parcel.state != "submitted":
            raise Refused(404, "submission-not-found")
        show = self.books.show
        shown: dict[str, Any] = {
            "destinationId": show(parcel.destination_id),
            "submissionId": show(parcel.parcel_id),
            "caseId": show(parcel.case_id),
            "attachments": [show(each) for each in parcel.announced],
            "serviceType" if version == 1 else "publicService": parcel.service,
            "encryptedMetadata": parcel.metadata,
        }
        if parcel.content is not None:
            shown["encryptedData"] = parcel.content
        return self._json(200, self._decorated(shown))

    def _get_attachment(self, call: Call, client: str, version: int, identifier: str, which: str) -> Answer:
        parcel = self._parcel(identifier, client)
        body = parcel.attachments.get(which.lower())
        if parcel.state != "submitted" or body is None:
            raise Refused(404, "attachment-not-found")
        return Answer(200, body.encode(), "application/jose")

    def _events(self, call: Call, client: str, version: int, case_id: str) -> Answer:
        log = self.books.logs.get(case_id.lower())
        if log is None:
            raise Refused(404, "case-not-found")
        return self._page(call, "eventLog", log)

    def _post_event(self, call: Call, client: str, version: int, case_id: str) -> Answer:
        self._need_type(call, "application/jose")
        self.books.take_event(client, case_id, call.body.decode())
        return Answer(204)

    def _announce(self, call: Call, client: str, version: int) -> Answer:
        self._may_send(client)
        wish = self._wish(call)
        service = wish.get("publicService" if version == 2 else "serviceType")
        if not isinstance(service, dict) or not isinstance(wish.get("announcedAttachments"), list):
            raise Refused(400, "schema-violation", "service, announcedAttachments")
        parcel = self.books.announce(
            str(wish.get("destinationId")), wish["announcedAttachments"], service, version, wish.get("caseId")
        )
        return self._json(201, self._ids(parcel))

    def _announce_reply(self, call: Call, client: str, version: int) -> Answer:
        wish = self._wish(call)
        parcel = self.books.announce_reply(str(wish.get("caseId")), wish["announcedAttachments"], version)
        return self._json(201, {"replyId": parcel.parcel_id, "caseId": self.books.show(parcel.case_id)})

    def _put_attachment(self, call: Call, client: str, version: int, identifier: str, which: str) -> Answer:
        self._need_type(call, "application/jose")
        self.books.put_attachment(self._parcel(identifier), which, call.body.decode())
        return Answer(204)

    def _submit(self, call: Call, client: str, version: int, identifier: str) -> Answer:
        wish = self._wish(call)
        parcel = self._parcel(identifier)
        if not isinstance(wish.get("encryptedMetadata"), str):
            raise Refused(400, "schema-violation", "encryptedMetadata")
        self.books.submit(parcel, wish["encryptedMetadata"], wish.get("encryptedData"))
        return self._json(202 if version == 1 else 200, self._ids(parcel))

    def _may_send(self, client: str) -> None:
        if self.habits.separate_sender and client not in self.senders:
            raise Refused(403, "forbidden", "scope send-submissions is missing")

    def _ids(self, parcel: Parcel) -> dict[str, Any]:
        show = self.books.show
        ids = {"destinationId": show(parcel.destination_id), "caseId": show(parcel.case_id)}
        return self._decorated(ids | {f"{parcel.kind}Id": show(parcel.parcel_id)})

    def _wish(self, call: Call) -> dict[str, Any]:
        self._need_type(call, "application/json")
        try:
            wish = json.loads(call.body)
        except ValueError as error:
            raise Refused(400, "schema-violation", "JSON") from error
        if not isinstance(wish, dict):
            raise Refused(400, "schema-violation", "object")
        return wish

    @staticmethod
    def _need_type(call: Call, wanted: str) -> None:
        if call.headers.get("content-type", "").split(";")[0].strip() != wanted:
            raise Refused(415, "unsupported-media-type")

    def _decorated(self, shown: dict[str, Any]) -> dict[str, Any]:
        if self.habits.decorated:
            shown |= {
                "_links": {"self": "x"},
                "submittedAt": "2026-11-24T06:00:00Z",
                "priority": None,
                "tags": [],
            }
        return shown

    def _json(self, status: int, document: object, headers: dict[str, str] | None = None) -> Answer:
        content_type = "application/json; charset=utf-8" if self.habits.charset else "application/json"
        return Answer(status, json.dumps(document).encode(), content_type, headers or {})

    def answer(self, side: Callable[[Call], Answer], call: Call) -> Answer | None:
        """The answer to one call; None closes the connection."""
        with self.books.lock:
            self.calls.append(call)
            fault = self._fault(call)
            if fault is not None and fault.act is not None:
                fault.act()
            if fault is not None and not fault.after and fault.act is None:
                return fault.answer
            try:
                answer = side(call)
            except Refused as refused:
                self.complain(
                    refused.status, f"{call.method} {call.path}: {refused.problem} {refused.detail}"
                )
                answer = self.problem(refused.status, refused.problem, refused.detail)
            return fault.answer if fault is not None and fault.act is None else answer

    def _fault(self, call: Call) -> Fault | None:
        for fault in self.faults:
            if fault.method == call.method and re.search(fault.pattern, call.path):
                if fault.skip:
                    fault.skip -= 1
                elif fault.times:
                    fault.times -= 1
                    return fault
        return None

    def problem(self, status: int, name: str, detail: str = "", **headers: str) -> Answer:
        """An RFC 7807 answer with a type nobody has seen before."""
        document = {"type": f"https://example.org/other-problems/{name}", "title": name, "status": status}
        document |= {"detail": detail, "instance": "about:blank", "traceId": token_urlsafe(8)}
        shown = {key.replace("_", "-"): value for key, value in headers.items()}
        media_type = "application/problem+json;charset=UTF-8"
        return Answer(status, json.dumps(document).encode(), media_type, shown)


class _Server(ThreadingHTTPServer):
    """Closes every connection when it ends, so that no thread outlives a test."""

    daemon_threads = False

    def __init__(self, portal: ForeignPortal, side: Callable[[Call], Answer]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.portal, self.side = portal, side
        self.open_sockets: set[socket.socket] = set()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self.shutdown()
        self._thread.join()
        for each in list(self.open_sockets):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.open_sockets.add(self.connection)

    def finish(self) -> None:
        self.server.open_sockets.discard(self.connection)
        super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited name
        """Says nothing."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        headers = {key.lower(): value for key, value in self.headers.items()}
        call = Call(self.command, parts.path, query, headers, self._body(headers))
        answer = self.server.portal.answer(self.server.side, call)
        if answer is None:
            self.close_connection = True
            return
        try:
            self._send(answer)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _body(self, headers: Mapping[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() != "chunked":
            return self.rfile.read(int(headers.get("content-length", "0")))
        body = bytearray()
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return bytes(body)

    def _send(self, answer: Answer) -> None:
        habits = self.server.portal.habits
        self.send_response(answer.status)
        headers = dict(answer.headers)
        if answer.body is not None:
            headers["Content-Type"] = answer.content_type
            if habits.chunked:
                headers["Transfer-Encoding"] = "chunked"
            else:
                headers["Content-Length"] = str(len(answer.body))
        if habits.rate_headers:
            headers |= {"RateLimit-Limit": "100", "RateLimit-Remaining": "0", "RateLimit-Reset": "60"}
        for name, value in headers.items():
            self.send_header(name.upper() if habits.upper_headers else name, value)
        self.end_headers()
        if answer.body is None:
            return
        if not habits.chunked:
            self.wfile.write(answer.body)
            return
        for start in range(0, len(answer.body), 7001):
            piece = answer.body[start : start + 7001]
            self.wfile.write(f"{len(piece):X}\r\n".encode() + piece + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")
