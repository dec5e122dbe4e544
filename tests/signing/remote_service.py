"""A stand-in for a remote signing service: CSC API v1 over real HTTP on this machine, with faults by name."""

from __future__ import annotations

import base64
import contextlib
import json
import secrets
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature

from tests.signing.pki import Identity

PIN = "4711"
TOKEN = "bearer-word"
PSS_OID, RSA_OID, EC_OID = "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2"


@dataclass
class Account:
    """A key at the service and its rules."""

    identity: Identity
    scal: int = 1
    pin: bool = True
    otp: bool = False
    multisign: int = 100
    pss: bool = True
    enabled: bool = True
    raw_ec: bool = False
    lifetime_s: int = 3600
    wrong: int = 0
    lent: dict[str, tuple[int, list[str] | None]] = field(default_factory=dict)


class RemoteService:
    """Serves accounts by credential id. Use as a context."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.hits: Counter[str] = Counter()
        self.asked: list[dict[str, Any]] = []
        self.fault: str | None = None
        self.otp = "000000"
        self.client = ("office", "secret")
        self.released = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.service = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> RemoteService:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def reference(self, credential: str) -> str:
        """How the program names the key."""
        return f"csc:http://127.0.0.1:{self._server.server_address[1]}/csc/v1?credential={credential}"

    @contextlib.contextmanager
    def broken(self, fault: str) -> Iterator[None]:
        """Inside, every call fails: 500, garbage, html, silent, forbidden (401)."""
        self.fault = fault
        try:
            yield
        finally:
            self.fault = None

    def answer(self, call: str, wanted: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Status and body."""
        account = self.accounts.get(str(wanted.get("credentialID")))
        if account is None:
            return _error("invalid_request", "Invalid parameter credentialID")
        if call == "credentials/info":
            return 200, _info(account)
        if call == "credentials/sendOTP":
            self.otp = f"{secrets.randbelow(10**6):06}"
            return 200, {}
        if call == "credentials/authorize":
            return self._authorize(account, wanted)
        if call == "signatures/signHash":
            return _sign(account, wanted)
        return 404, {}

    def _authorize(self, account: Account, wanted: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if account.wrong >= 3:
            return _error("invalid_request", "The PIN is locked")
        if account.pin and wanted.get("PIN") != PIN:
            account.wrong += 1
            return _error("invalid_pin", "The PIN is not valid")
        if account.otp and wanted.get("OTP") != self.otp:
            return _error("invalid_otp", "The OTP is not valid")
        self.otp = secrets.token_hex(8)
        pinned = wanted.get("hash")
        if account.scal == 2 and not pinned:
            return _error("invalid_request", "Missing parameter hash")
        if not 1 <= wanted["numSignatures"] <= account.multisign:
            return _error("invalid_request", "Invalid parameter numSignatures")
        sad = secrets.token_hex(16)
        account.lent[sad] = (wanted["numSignatures"], pinned)
        return 200, {"SAD": sad, "expiresIn": account.lifetime_s}


def _info(account: Account) -> dict[str, Any]:
    identity = account.identity
    is_ec = isinstance(identity.key, ec.EllipticCurvePrivateKey)
    algorithms = [EC_OID] if is_ec else [RSA_OID, *([PSS_OID] if account.pss else [])]
    chain = [identity.der, *(Identity("", identity.key, each).der for each in identity.chain)]
    return {
        "key": {"status": "enabled" if account.enabled else "disabled", "algo": algorithms, "len": 256},
        "cert": {"status": "valid", "certificates": [base64.b64encode(der).decode() for der in chain]},
        "authMode": "explicit",
        "SCAL": str(account.scal),
        "PIN": {"presence": "true" if account.pin else "false"},
        "OTP": {"presence": "true" if account.otp else "false", "type": "online"},
        "multisign": account.multisign,
    }


def _sign(account: Account, wanted: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    left, pinned = account.lent.get(str(wanted.get("SAD")), (0, None))
    listed = wanted["hash"]
    if left < len(listed) or (account.scal == 2 and listed != pinned):
        return _error("invalid_request", "Invalid parameter SAD")
    account.lent[wanted["SAD"]] = (left - len(listed), pinned)
    made = [_signature(account, base64.b64decode(each), wanted) for each in listed]
    return 200, {"signatures": [base64.b64encode(each).decode() for each in made]}


def _signature(account: Account, digest: bytes, wanted: dict[str, Any]) -> bytes:
    key, prehashed = account.identity.key, Prehashed(hashes.SHA256())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        made = key.sign(digest, ec.ECDSA(prehashed))
        if not account.raw_ec:
            return made
        r, s = decode_dss_signature(made)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    if wanted["signAlgo"] == PSS_OID:
        assert wanted["signAlgoParams"]
        return key.sign(digest, padding.PSS(padding.MGF1(hashes.SHA256()), 32), prehashed)
    return key.sign(digest, padding.PKCS1v15(), prehashed)


def _error(word: str, sentence: str) -> tuple[int, dict[str, Any]]:
    return 400, {"error": word, "error_description": sentence}


class _Server(ThreadingHTTPServer):
    service: RemoteService
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Silent."""

    def do_POST(self) -> None:
        service = self.server.service
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        call = self.path.removeprefix("/csc/v1/")
        service.hits[call] += 1
        if service.fault == "silent":
            service.released.wait(60)
            self.close_connection = True
        elif service.fault == "500":
            self._send(500, b"broken", "text/plain")
        elif service.fault == "garbage":
            self._send(200, b"{nothing", "application/json")
        elif service.fault == "html":
            self._send(200, b"<html>", "text/html")
        elif call == "oauth2/token":
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            good = (form["client_id"], form["client_secret"]) == service.client
            answer = {"access_token": TOKEN} if good else {"error": "invalid_client"}
            self._send(200 if good else 401, json.dumps(answer).encode())
        elif service.fault == "forbidden" or self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._send(401, json.dumps({"error": "invalid_token"}).encode())
        else:
            wanted = json.loads(body)
            service.asked.append({"call": call, **wanted})
            status, found = service.answer(call, wanted)
            self._send(status, json.dumps(found).encode())

    def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
        if body == b"{}":
            status, body = 204, b""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
