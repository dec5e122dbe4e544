"""Calls of the Cloud Signature Consortium's API, version 1 (CSC API 1.0.4), and what their answers mean."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography import x509

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.signing.keys import unsuitable
from clerk_app.signing.pins import locked_pin, wrong_pin

if TYPE_CHECKING:
    from clerk_app.signing.web import Web

_MAX_BYTES = 1 << 20
_JSON_OR_NOTHING = ()  # sending a one-time password may be answered with nothing


@dataclass(frozen=True)
class RemoteAccess:
    """How this office reaches remote signing services: a bearer token, or a client that fetches one."""

    web: Web
    access_token: Callable[[], str] | None = None
    client_id: str | None = None
    client_secret: Callable[[], str] | None = None


@dataclass(frozen=True)
class Credential:
    """What the service says of a key (``credentials/info``)."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    algorithms: frozenset[str]  # object identifiers
    needs_pin: bool
    needs_otp: bool
    sends_otp: bool
    pins_hashes: bool  # SCAL 2: each authorisation names the hashes it is for
    most_at_once: int
    enabled: bool


class CscService:
    """One credential at one service. ``reference`` is ``csc:URL?credential=ID``."""

    def __init__(self, reference: str, access: RemoteAccess) -> None:
        address, _, query = reference.removeprefix("csc:").partition("?")
        credential = parse_qs(query).get("credential", [""])[0]
        if not address or not credential:
            raise ClerkError(ErrorCode.USAGE, {"value": reference, "expected": "csc:URL?credential=ID"})
        self.reference = reference
        self._base = address.rstrip("/")
        self._credential = credential
        self._access = access
        self._token: str | None = None

    def credential(self) -> Credential:
        """Asks for the key's certificate and rules. Needs no PIN."""
        answer = self._call("credentials/info", {"certificates": "chain", "authInfo": True})
        try:
            listed = [
                x509.load_der_x509_certificate(base64.b64decode(each))
                for each in answer["cert"]["certificates"]
            ]
            key = answer["key"]
            return Credential(
                certificate=listed[0],
                chain=tuple(listed[1:]),
                algorithms=frozenset(str(each) for each in key["algo"]),
                needs_pin=_presence(answer, "PIN"),
                needs_otp=_presence(answer, "OTP"),
                sends_otp=str(answer.get("OTP", {}).get("type", "")) == "online",
                pins_hashes=str(answer.get("SCAL", "1")) == "2",
                most_at_once=max(1, int(answer.get("multisign", 1))),
                enabled=str(key.get("status", "enabled")) == "enabled",
            )
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            raise self.unavailable("not-itself") from error

    def send_otp(self) -> None:
        """Has the service send its one-time password to the person."""
        self._call("credentials/sendOTP", {})

    def authorise(
        self, count: int, hashes: list[str] | None, pin: str | None, otp: str | None
    ) -> tuple[str, float]:
        """Signature activation data for ``count`` signatures, and for how many seconds they hold.

        Raises SIGNING_PASSWORD_WRONG, SIGNING_PIN_LOCKED, SIGNING_SERVICE_UNAVAILABLE.
        """
        wanted: dict[str, object] = {"numSignatures": count}
        wanted |= {name: value for name, value in (("hash", hashes), ("PIN", pin), ("OTP", otp)) if value}
        answer = self._call("credentials/authorize", wanted)
        try:
            return str(answer["SAD"]), float(answer.get("expiresIn", 3600))
        except (KeyError, TypeError, ValueError) as error:
            raise self.unavailable("not-itself") from error

    def sign_hashes(
        self, sad: str, hashes: list[str], hash_oid: str, sign_oid: str, params: bytes | None
    ) -> list[bytes]:
        """The signatures over base64 ``hashes``, in order."""
        wanted: dict[str, object] = {
            "SAD": sad,
            "hash": hashes,
            "hashAlgo": hash_oid,
            "signAlgo": sign_oid,
        }
        if params is not None:
            wanted["signAlgoParams"] = base64.b64encode(params).decode()
        answer = self._call("signatures/signHash", wanted)
        try:
            made = [base64.b64decode(each, validate=True) for each in answer["signatures"]]
        except (KeyError, TypeError, ValueError, binascii.Error) as error:
            raise self.unavailable("no-signature") from error
        if len(made) != len(hashes):
            raise self.unavailable("no-signature")
        return made

    def unavailable(self, cause: str) -> ClerkError:
        """The error for a service that could not or would not."""
        params = {"key": self.reference, "host": urlsplit(self._base).hostname or "", "cause": cause}
        return ClerkError(ErrorCode.SIGNING_SERVICE_UNAVAILABLE, params, Disposition.RETRY)

    # below

    def _call(self, name: str, wanted: Mapping[str, object]) -> Mapping[str, Any]:
        body = json.dumps({"credentialID": self._credential, **wanted}).encode()
        headers = {"Content-Type": "application/json"}
        if token := self._bearer():
            headers["Authorization"] = f"Bearer {token}"
        status, answer = self._post(name, body, headers)
        if 200 <= status < 300:
            return answer
        raise self._refused(status, answer)

    def _post(self, name: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, Any]]:
        from clerk_app.signing.web import cause_of

        try:
            status, raw = self._access.web(
                "POST", f"{self._base}/{name}", _JSON_OR_NOTHING, _MAX_BYTES, body, headers
            )
        except ClerkError as error:
            raise self.unavailable(cause_of(error)) from error
        try:
            answer = json.loads(raw or b"{}")
        except (ValueError, RecursionError) as error:
            if 200 <= status < 300:
                raise self.unavailable("not-itself") from error
            answer = {}
        return status, answer if isinstance(answer, dict) else {}

    def _bearer(self) -> str | None:
        access = self._access
        if access.access_token is not None:
            return access.access_token()
        if access.client_id is None or access.client_secret is None:
            return None
        if self._token is None:
            form = {
                "grant_type": "client_credentials",
                "client_id": access.client_id,
                "client_secret": access.client_secret(),
            }
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            status, answer = self._post("oauth2/token", urlencode(form).encode(), headers)
            token = answer.get("access_token")
            if not 200 <= status < 300 or not isinstance(token, str):
                raise self.unavailable("refused")
            self._token = token
        return self._token

    def _refused(self, status: int, answer: Mapping[str, Any]) -> ClerkError:
        """CSC API 1.0.4, 10.1: ``error`` is a word, ``error_description`` a sentence for people.

        The words for a wrong PIN differ between services, so the sentence counts as well.
        """
        word = str(answer.get("error", "")).lower()
        says = f"{word} {answer.get('error_description', '')}".lower()
        if status == 401 or word in ("invalid_token", "unauthorized_client", "invalid_client"):
            self._token = None
            return self.unavailable("refused")
        about_pin = any(mark in says.replace("_", " ").split() for mark in ("pin", "otp"))
        if about_pin and ("lock" in says or "block" in says):
            return locked_pin(self.reference)
        if about_pin and status == 400:
            return wrong_pin(self.reference)
        if "credentialid" in says:
            params = {"key": self.reference, "cause": "no-credential"}
            return ClerkError(ErrorCode.SIGNING_KEY_MISSING, params)
        if "credential" in says and ("disabled" in says or "suspended" in says):
            return unsuitable(self.reference, "disabled")
        return self.unavailable("refused")


def _presence(answer: Mapping[str, Any], name: str) -> bool:
    found = answer.get(name)
    presence = found.get("presence", "false") if isinstance(found, dict) else "false"
    return str(presence).lower() in ("true", "optional")
