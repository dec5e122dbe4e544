"""Which public keys an event log is checked against, and where they come from.

An Original keeps them by a key that says who published them, so that a log can be checked again offline and
no issuer can pass for another by choosing the same key id:

- ``service:<kid>``: the delivery service's key set;
- ``destination:<destination id>:<kid>``: keys of receiving parties;
- ``encryption:<kid>``: what our own destination publishes under a key id that a sender used and we do not
  hold; an empty object says that it publishes none;
- ``clock:server``: not a key; ``at`` is what the service's clock said when the log was fetched.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import rsa

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.portal import events, keys
from clerk_app.portal.events import Event
from clerk_app.portal.wire import Wire

Jwks = Mapping[str, Mapping[str, object]]
SERVER_CLOCK = "clock:server"
_SERVICE_KEYS_LAST_S = 3600.0
_REFRESH_AT_MOST_EVERY_S = 30.0


def slot_of(issuer: str, kid: str) -> str:
    """Where the key ``kid`` of an event's issuer lies."""
    return f"service:{kid}" if events.is_service(issuer) else f"destination:{issuer.lower()}:{kid}"


def encryption_slot(kid: str) -> str:
    """Where the answer about a destination's encryption key lies."""
    return f"encryption:{kid}"


def key_finder(jwks: Jwks) -> Callable[[Event], rsa.RSAPublicKey | None]:
    """Finds the key for an event among kept keys; None when it is not there or not usable."""

    def find(event: Event) -> rsa.RSAPublicKey | None:
        jwk = jwks.get(slot_of(event.issuer, event.kid))
        if not jwk or jwk.get("alg", "PS512") != "PS512":
            return None
        try:
            return keys.public_key(jwk, operation="verify")
        except ValueError:
            return None

    return find


def server_clock(jwks: Jwks) -> datetime | None:
    """What the service's clock said, if it was kept."""
    at = jwks.get(SERVER_CLOCK, {}).get("at")
    try:
        return datetime.fromisoformat(at) if isinstance(at, str) else None
    except ValueError:
        return None


class PublishedKeys:
    """Fetches and remembers public keys. Shared by all threads of one mailbox."""

    def __init__(
        self,
        wire: Wire,
        own: Mapping[str, Mapping[str, object]],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """``own``: our own signature keys by slot; they need no fetching."""
        self._wire = wire
        self._own = own
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._service: Jwks = {}
        self._service_at_s: float | None = None
        self._party: dict[tuple[str, str], Mapping[str, object]] = {}

    def for_log(self, tokens: Iterable[str]) -> dict[str, Mapping[str, object]]:
        """All published keys the log's events name, by slot. Events that are no events are left for the
        check.

        Raises ClerkError when keys cannot be fetched now.
        """
        found: dict[str, Mapping[str, object]] = {}
        for token in tokens:
            named = events.peek(token)
            if named is None or (slot := slot_of(*named)) in found:
                continue
            issuer, kid = named
            if slot in self._own:
                jwk: Mapping[str, object] | None = self._own[slot]
            elif events.is_service(issuer):
                jwk = self.service_key(kid)
            else:
                jwk = self.of_destination(issuer, kid)
            if jwk:
                found[slot] = jwk
        return found

    def of_destination(self, destination_id: str, kid: str) -> Mapping[str, object] | None:
        """A key a destination publishes; only found keys are remembered."""
        place = (destination_id.lower(), kid)
        known = self._party.get(place)
        if known is not None:
            return known
        try:
            jwk = self._wire.destination_key(*place)
        except ClerkError as error:
            if error.code is ErrorCode.PORTAL_FORBIDDEN:  # someone else's keys may be closed to us
                return None
            raise
        if jwk is not None:
            with self._lock:
                if len(self._party) > 1000:
                    self._party.clear()
                self._party[place] = jwk
        return jwk

    def service_key(self, kid: str) -> Mapping[str, object] | None:
        """A signature key of the delivery service; an unknown one is looked for anew now and then."""
        with self._lock:
            age_s = None if self._service_at_s is None else self._monotonic() - self._service_at_s
            unknown = kid not in self._service
            if (
                age_s is None
                or age_s > _SERVICE_KEYS_LAST_S
                or (unknown and age_s > _REFRESH_AT_MOST_EVERY_S)
            ):
                self._service = self._wire.service_keys()
                self._service_at_s = self._monotonic()
            return self._service.get(kid)
