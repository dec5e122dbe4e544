"""A small delivery service that lies on command. Threads of its own, stdlib only."""

from __future__ import annotations

import base64
import json
import re
import socket
import ssl
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from clerk_app.domain.ids import DestinationId
from clerk_app.portal.config import Limits, MailboxConfig, NetworkConfig, OfficeConfig
from clerk_app.portal.mailbox import FitConnectMailbox
from clerk_app.portal.office import PortalOffice, build_office
from tests.portal.support import DESTINATION, Draft, TestKeys

CLIENT, SECRET = "clerk-test", "s3cret/with+signs&more"


@dataclass
class Call:
    """One call as the service saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    connection: int


Lie = Callable[["_Handler", Call], None]


@dataclass
class _Ordered:
    part: str
    lie: Lie
    left: int


class FakeService:
    """``with FakeService(keys) as service: service.file(draft); mailbox = service.mailbox()``."""

    def __init__(self, keys: TestKeys, tls: ssl.SSLContext | None = None) -> None:
        self.keys = keys
        self.calls: list[Call] = []
        self.tokens: set[str] = set()
        self.tokens_issued = 0
        self.expires_in: object = 1800
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.drafts: dict[str, Draft] = {}
        self.logs: dict[str, list[str]] = {}
        self.accepted: list[str] = []
        self.published: dict[str, Any] = {
            keys.ours.kid: keys.ours.public,
            keys.lost.kid: keys.lost.public,
            keys.signing.kid: keys.signing.public,
        }
        self.jwks_below_api = True
        self.after_post: Callable[[str], None] | None = None
        self._lies: list[_Ordered] = []
        self._lock = threading.Lock()
        self._offices: list[PortalOffice] = []
        service = self

        class Handler(_Handler):
            fake = service

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._scheme = "http"
        if tls is not None:
            self._scheme = "https"
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> FakeService:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for office in self._offices:
            office.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        host = "localhost" if self._scheme == "https" else "127.0.0.1"
        return f"{self._scheme}://{host}:{self.port}"

    def lie(self, part: str, lie: Lie, times: int = 1) -> None:
        """The next ``times`` calls whose method and path contain ``part`` are answered by ``lie``."""
        with self._lock:
            self._lies.append(_Ordered(part, lie, times))

    def be_honest(self) -> None:
        """Forgets all lies not told yet."""
        with self._lock:
            self._lies.clear()

    def take_lie(self, call: Call) -> Lie | None:
        with self._lock:
            for ordered in self._lies:
                if ordered.left > 0 and ordered.part in f"{call.method} {call.path}":
                    ordered.left -= 1
                    return ordered.lie
        return None

    def file(self, draft: Draft) -> Draft:
        self.drafts[draft.submission_id] = draft
        self.logs.setdefault(draft.case_id, []).extend(draft.log)
        return draft

    def count(self, part: str) -> int:
        return sum(part in f"{call.method} {call.path}" for call in self.calls)

    def config(self, **changes: Any) -> MailboxConfig:
        given: dict[str, Any] = {
            "portal": "service-bw",
            "api_version": 2,
            "token_url": f"{self.url}/token",
            "submission_url": f"{self.url}/submission-api",
            "destination_id": DestinationId(DESTINATION),
            "client_id": CLIENT,
            "client_secret": lambda: SECRET,
            "decryption_keys": [self.keys.ours.private, self.keys.older.private],
            "signing_key": self.keys.signing.private,
        }
        return MailboxConfig(**{**given, **changes})

    def office(
        self, network: NetworkConfig | None = None, limits: Limits | None = None, **changes: Any
    ) -> PortalOffice:
        wait = changes.pop("sleep", lambda seconds: None)
        config = OfficeConfig(
            [self.config(**changes)], network or NetworkConfig(read_timeout_s=5), limits or Limits()
        )
        office = build_office(config, sleep=wait)
        self._offices.append(office)
        return office

    def mailbox(self, **changes: Any) -> FitConnectMailbox:
        return self.office(**changes).mailboxes[0]


class _Handler(BaseHTTPRequestHandler):
    fake: FakeService
    protocol_version = "HTTP/1.1"
    server_version = "fake"
    sys_version = ""
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        pass

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_datetime(self.fake.clock().astimezone(UTC), usegmt=True)

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_PUT = do_GET

    def send(
        self, status: int, body: bytes = b"", content_type: str | None = "application/json", **headers: str
    ) -> None:
        self.send_response(status)
        if content_type is not None:
            self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def send_json(self, value: object, status: int = 200, **headers: str) -> None:
        self.send(status, json.dumps(value).encode(), **headers)

    def problem(self, status: int, name: str) -> None:
        body = json.dumps({"type": f"https://problems.example/{name}", "title": name, "status": status})
        self.send(status, body.encode(), "application/problem+json")

    def reset(self) -> None:
        """RST instead of an answer."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.close_connection = True
        self.connection.close()

    def _answer(self) -> None:
        fake = self.fake
        length = int(self.headers.get("Content-Length", 0))
        call = Call(
            self.command,
            self.path,
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length),
            self.client_address[1],
        )
        fake.calls.append(call)
        lie = fake.take_lie(call)
        if lie is not None:
            lie(self, call)
            return
        self.honest(call)

    def honest(self, call: Call) -> None:
        path = urlsplit(call.path)
        if path.path == "/token":
            self._token(call)
            return
        if path.path.endswith("/.well-known/jwks.json"):
            if self.fake.jwks_below_api or not path.path.startswith("/submission-api"):
                self.send_json({"keys": [self.fake.keys.service.public]})
            else:
                self.problem(404, "not-found")
            return
        if call.headers.get("authorization", "")[7:] not in self.fake.tokens:
            self.problem(401, "unauthorized")
            return
        if not call.headers.get("user-agent"):
            self.problem(403, "no-user-agent")
            return
        query = {name: values[0] for name, values in parse_qs(path.query).items()}
        match = re.fullmatch(r"/submission-api/v[12]/(.*)", path.path)
        parts = match.group(1).split("/") if match else []
        self._api(call, parts, query)

    def _token(self, call: Call) -> None:
        form = {name: values[0] for name, values in parse_qs(call.body.decode()).items()}
        if form.get("client_id") != CLIENT or form.get("client_secret") != SECRET:
            self.send_json({"error": "invalid_client"}, 401)
            return
        token = f"token-{uuid.uuid4()}"
        self.fake.tokens.add(token)
        self.fake.tokens_issued += 1
        self.send_json({"access_token": token, "token_type": "Bearer", "expires_in": self.fake.expires_in})

    def _api(self, call: Call, parts: list[str], query: dict[str, str]) -> None:
        fake = self.fake
        limit, offset = int(query.get("limit", 100)), int(query.get("offset", 0))
        match parts:
            case ["submissions"]:
                listed = [
                    {"destinationId": DESTINATION, "submissionId": d.submission_id, "caseId": d.case_id}
                    for d in fake.drafts.values()
                ]
                page = listed[offset : offset + limit]
                self.send_json(
                    {"count": len(page), "offset": offset, "totalCount": len(listed), "submissions": page}
                )
            case ["submissions", submission_id] if submission_id in fake.drafts:
                self.send_json(fake.drafts[submission_id].body)
            case ["submissions", submission_id, "attachments", attachment_id] if (
                submission_id in fake.drafts and attachment_id in fake.drafts[submission_id].file_jwes
            ):
                jwe = fake.drafts[submission_id].file_jwes[attachment_id]
                self.send(200, jwe, "application/jose")
            case ["cases", case_id, "events"] if call.method == "POST":
                self._post_event(call, case_id)
            case ["cases", case_id, "events"] if case_id in fake.logs:
                log = fake.logs[case_id]
                part = log[offset : offset + limit]
                self.send_json(
                    {"count": len(part), "offset": offset, "totalCount": len(log), "eventLog": part}
                )
            case ["destinations", _, "keys", kid] if kid in fake.published:
                self.send_json(fake.published[kid])
            case _:
                self.problem(404, "not-found")

    def _post_event(self, call: Call, case_id: str) -> None:
        token = call.body.decode()
        claims = json.loads(_unb64u(token.split(".")[1]))
        submission_id = str(claims["sub"]).partition(":")[2]
        if submission_id not in self.fake.drafts:
            self.problem(409, "transition-not-allowed")
            return
        del self.fake.drafts[submission_id]
        self.fake.logs[case_id].append(token)
        self.fake.accepted.append(submission_id)
        self.send(204, content_type=None)


def _unb64u(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
