"""Access tokens: client credentials in the body (domain reference 1.3), kept until shortly before they
expire."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.portal import failures, strict_json
from clerk_app.portal.config import Secret
from clerk_app.portal.transport import Answer, Expect, Transport

RENEW_BEFORE_S = 60.0
_LONGEST_LIFE_S = 1800.0
_LIFE_WHEN_UNSAID_S = 300.0
_WRONG_CREDENTIALS = frozenset({"invalid_client", "unauthorized_client", "invalid_grant", "access_denied"})


@dataclass(frozen=True)
class _Token:
    value: str
    renew_at_s: float


class TokenSource:
    """One client's tokens, shared by all threads. Only one thread at a time asks for a new one."""

    def __init__(
        self,
        transport: Transport,
        token_url: str,
        client_id: str,
        client_secret: Secret,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = transport
        self._url = token_url
        self._host = urlsplit(token_url).hostname or ""
        self._client_id = client_id
        self._secret = client_secret
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._token: _Token | None = None

    def token(self) -> str:
        """A token good for a minute at least. Raises ClerkError SIGN_IN_FAILED and all of ``failures``."""
        token = self._token
        if token is not None and self._monotonic() < token.renew_at_s:
            return token.value
        with self._lock:
            token = self._token
            if token is None or self._monotonic() >= token.renew_at_s:
                token = self._token = self._ask()
            return token.value

    def renewed(self, refused: str) -> str:
        """A token other than ``refused``, which the portal no longer accepts."""
        with self._lock:
            if self._token is not None and self._token.value == refused:
                self._token = None
        return self.token()

    def _ask(self) -> _Token:
        asked_at_s = self._monotonic()
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._secret(),
        }
        answer = self._transport.call(
            "POST",
            self._url,
            Expect({"application/json"}, max_bytes=65_536),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            content=urlencode(form).encode("ascii"),
        )
        if not answer.ok:
            raise self._refusal(answer)
        try:
            granted = strict_json.parse_object(answer.body, max_bytes=65_536)
        except strict_json.JsonRejectedError as error:
            raise failures.not_itself(self._host, error.reason) from None
        value, kind = granted.get("access_token"), granted.get("token_type", "Bearer")
        usable = (
            isinstance(value, str) and 0 < len(value) < 16_384 and value.isascii() and value.isprintable()
        )
        if not isinstance(value, str) or not usable or str(kind).lower() != "bearer":
            raise failures.not_itself(self._host, "no token")
        lasts = granted.get("expires_in")
        life_s = float(lasts) if isinstance(lasts, int | float) and lasts > 0 else _LIFE_WHEN_UNSAID_S
        life_s = min(life_s, _LONGEST_LIFE_S)
        return _Token(value, asked_at_s + max(life_s - RENEW_BEFORE_S, life_s / 2))

    def _refusal(self, answer: Answer) -> ClerkError:
        error: object = None
        if answer.content_type.endswith("json"):
            try:
                error = strict_json.parse_object(answer.body, max_bytes=65_536).get("error")
            except strict_json.JsonRejectedError:
                error = None
        params: dict[str, object] = {
            "host": self._host,
            "status": answer.status,
            "client_id": self._client_id,
        }
        if error == "invalid_scope":  # what a client receives that is connected to no destination
            return ClerkError(ErrorCode.PORTAL_FORBIDDEN, params, Disposition.ASK_CLERK)
        if error in _WRONG_CREDENTIALS or answer.status == 401:
            return ClerkError(ErrorCode.SIGN_IN_FAILED, params, Disposition.SIGN_IN)
        return failures.refused(answer.status, self._host, {})
