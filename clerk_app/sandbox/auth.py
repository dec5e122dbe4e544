"""OAuth: client credentials in the form body, tokens for half an hour."""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from urllib.parse import parse_qs

from clerk_app.sandbox.model import Client
from clerk_app.sandbox.state import Portal
from clerk_app.sandbox.wire import JSON, Answer, Call, Refusal

TOKEN_LIFETIME_S = 1800
SCOPES = "https://schema.fitko.de/fit-connect/oauth/scopes/"


class Authority:
    """Issues and checks bearer tokens (random, kept in memory)."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._lock = threading.Lock()
        self._tokens: dict[str, tuple[str, float]] = {}  # token -> client id, expiry
        self._refused_once: set[str] = set()

    def token(self, call: Call) -> Answer:
        """POST /token."""
        if call.media_type() != "application/x-www-form-urlencoded":
            return _oauth_error(400, "invalid_request")
        form = {key: values[0] for key, values in parse_qs(call.body.decode("utf-8", "replace")).items()}
        if "authorization" in call.headers:
            return _oauth_error(401, "invalid_client")  # HTTP Basic is not accepted
        if form.get("grant_type") != "client_credentials":
            return _oauth_error(400, "unsupported_grant_type")
        client = self._portal.clients.get(form.get("client_id", ""))
        secret = form.get("client_secret", "").encode("utf-8")
        if client is None or not hmac.compare_digest(client.client_secret.encode("utf-8"), secret):
            return _oauth_error(401, "invalid_client")
        scopes = ["send-submissions"]
        if client.subscriber:
            scopes += ["subscribe-destinations", "manage-destinations"]
        token = secrets.token_urlsafe(48)
        now_s = self._portal.clock()
        with self._lock:
            self._tokens = {t: entry for t, entry in self._tokens.items() if entry[1] > now_s}
            self._tokens[token] = (client.client_id, now_s + TOKEN_LIFETIME_S)
        return _json(
            200,
            {
                "access_token": token,
                "token_type": "Bearer",
                "expires_in": TOKEN_LIFETIME_S,
                "scope": " ".join(SCOPES + scope for scope in scopes),
            },
        )

    def client_of(self, call: Call) -> Client:
        """The client behind the bearer token, or 401."""
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        with self._lock:
            entry = self._tokens.get(token) if scheme.lower() == "bearer" else None
            if entry is None or entry[1] <= self._portal.clock():
                raise _unauthorized("no valid access token")
            client_id = entry[0]
            faults = self._portal.faults
            if not faults.is_on("expired-token"):
                self._refused_once.clear()
            elif client_id not in self._refused_once and faults.is_on("expired-token", call.path):
                self._refused_once.add(client_id)
                del self._tokens[token]
                raise _unauthorized("the access token has expired")
            if faults.strike("token-always-expired", call.path):
                del self._tokens[token]
                raise _unauthorized("the access token has expired")
        return self._portal.clients[client_id]

    def holder(self, token: str) -> str | None:
        """Client id behind a token, whatever faults are on."""
        with self._lock:
            entry = self._tokens.get(token)
        return entry[0] if entry is not None and entry[1] > self._portal.clock() else None

    def subscriber_of(self, call: Call) -> Client:
        """The client, when it may receive at all; else 403."""
        client = self.client_of(call)
        if not client.subscriber:
            raise Refusal(403, "missing-permission", "this client may only send")
        return client


def _unauthorized(detail: str) -> Refusal:
    return Refusal(401, "unauthorized", detail, headers={"WWW-Authenticate": "Bearer"})


def _json(status: int, value: object) -> Answer:
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    return Answer(status, json.dumps(value).encode("ascii"), JSON, headers)


def _oauth_error(status: int, error: str) -> Answer:
    return _json(status, {"error": error})
