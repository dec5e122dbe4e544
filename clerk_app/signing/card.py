"""Karte: signature cards and security modules over PKCS#11.

Tried with SoftHSM only: it never locks, so how a real card counts wrong PINs is taken from its flags.

One wrong PIN must stay one: a card locks itself after three, and a batch that goes on after the first would
use them up. So a PIN is tried once, and a key that refused it stays shut.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import pkcs11
from cryptography import x509
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.mechanisms import MGF
from pkcs11.types import PROTECTED_AUTH
from pkcs11.util.ec import encode_ecdsa_signature

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.signature import PinTries
from clerk_app.signing.keys import PasswordSource, SigningKey, require_suitable, unsuitable
from clerk_app.signing.pins import PinGuard, locked_pin, wrong_pin
from clerk_app.signing.tokens import (
    WRONG_PIN,
    CardReference,
    asks_itself,
    card_name,
    certificates_on,
    find_token,
    is_authority,
    missing,
    pin_tries,
    translated,
    tries_now,
)

_HASHED_PSS = {
    "sha256": (Mechanism.SHA256_RSA_PKCS_PSS, Mechanism.SHA256, MGF.SHA256, 32),
    "sha384": (Mechanism.SHA384_RSA_PKCS_PSS, Mechanism.SHA384, MGF.SHA384, 48),
    "sha512": (Mechanism.SHA512_RSA_PKCS_PSS, Mechanism.SHA512, MGF.SHA512, 64),
}
_HASHED_PKCS1 = {
    "sha256": Mechanism.SHA256_RSA_PKCS,
    "sha384": Mechanism.SHA384_RSA_PKCS,
    "sha512": Mechanism.SHA512_RSA_PKCS,
}


class CardKey:
    """A private key that stays on its card; one session, one user."""

    def __init__(
        self,
        reference: str,
        session: Any,
        private_key: Any,
        certificate: x509.Certificate,
        chain: tuple[x509.Certificate, ...],
        pin: str,
        guard: PinGuard,
    ) -> None:
        self.reference = reference
        self.certificate = certificate
        self.chain = chain
        self._session = session
        self._token = session.token
        self._private_key = private_key
        self._is_ec = private_key.key_type == KeyType.EC
        self._mechanisms = frozenset(self._token.slot.get_mechanisms())
        self._asks_every_time = _asks_every_time(private_key)
        self._pin = pin
        self._guard = guard
        self._shut: ClerkError | None = None

    @property
    def pss(self) -> bool:
        """Whether an RSA key signs by RSASSA-PSS; older cards know PKCS#1 v1.5 alone."""
        return bool(self._mechanisms & {Mechanism.SHA256_RSA_PKCS_PSS, Mechanism.RSA_PKCS_PSS})

    @property
    def pin_for_each(self) -> bool:
        """Whether the card wants the PIN for every signature (CKA_ALWAYS_AUTHENTICATE)."""
        return self._asks_every_time

    def sign(self, message: bytes, digest: str) -> bytes:
        """The signature, made on the card. After a refused PIN every further call is refused here."""
        if self._shut is not None:
            raise self._shut
        extra: dict[str, Any] = {"pin": self._pin} if self._asks_every_time else {}
        try:
            return self._signed(message, digest, extra)
        except pkcs11.PKCS11Error as error:
            refused = translated(error, self.reference, tries_now(self._token))
            if isinstance(error, (*WRONG_PIN, pkcs11.PinLocked)):
                self._guard.refused(card_name(self._token), self._pin)
                self._shut = refused
            raise refused from error

    def _signed(self, message: bytes, digest: str, extra: dict[str, Any]) -> bytes:
        hashed = hashlib.new(digest, message).digest()
        if self._is_ec:
            raw = self._private_key.sign(hashed, mechanism=Mechanism.ECDSA, **extra)
            return bytes(encode_ecdsa_signature(raw))
        if not self.pss:
            return bytes(self._private_key.sign(message, mechanism=_HASHED_PKCS1[digest], **extra))
        mechanism, *parameters = _HASHED_PSS[digest]
        if mechanism not in self._mechanisms:
            mechanism, message = Mechanism.RSA_PKCS_PSS, hashed
        return bytes(
            self._private_key.sign(message, mechanism=mechanism, mechanism_param=tuple(parameters), **extra)
        )

    def close(self) -> None:
        """End the session; the card forgets that the PIN was given."""
        self._pin = ""
        try:
            self._session.close()
        except pkcs11.PKCS11Error:
            return  # the card is gone already


def open_card(text: str, pin: PasswordSource, guard: PinGuard) -> SigningKey:
    """Open a key on the token: the named one, else the first whose certificate is in date and may sign.

    Raises SIGNING_KEY_MISSING (``cause``: "no-module", "no-token", "token-gone", "no-such-key"),
    SIGNING_PASSWORD_NEEDED, SIGNING_PASSWORD_WRONG (with ``tries``), SIGNING_PIN_LOCKED,
    SIGNING_KEY_UNSUITABLE, USAGE for a malformed reference.
    """
    reference = CardReference.parse(text)
    token = find_token(reference)
    if pin_tries(token.flags) is PinTries.LOCKED:
        raise locked_pin(text)
    session, secret = _signed_in(token, text, pin, guard)
    try:
        return _first_usable(reference, session, secret, guard)
    except pkcs11.PKCS11Error as error:
        session.close()
        raise translated(error, text) from error
    except ClerkError:
        session.close()
        raise


def _signed_in(token: Any, text: str, pin: PasswordSource, guard: PinGuard) -> tuple[Any, str]:
    if asks_itself(token):
        try:
            return token.open(user_pin=PROTECTED_AUTH), ""
        except pkcs11.PKCS11Error as error:
            raise translated(error, text, tries_now(token)) from error
    secret = pin()
    if secret is None:
        raise ClerkError(ErrorCode.SIGNING_PASSWORD_NEEDED, {"key": text})
    if not secret:
        raise wrong_pin(text)  # no card has an empty PIN; it must not cost a try
    card = card_name(token)
    guard.require_new(card, secret, text)
    try:
        session = token.open(user_pin=secret)
    except pkcs11.UserAlreadyLoggedIn:
        # Another key of this card is open in this very program: the card is asked for the PIN once only.
        return token.open(), secret
    except pkcs11.PKCS11Error as error:
        if isinstance(error, (*WRONG_PIN, pkcs11.PinLocked)):
            guard.refused(card, secret)
        raise translated(error, text, tries_now(token)) from error
    guard.accepted(card)
    return session, secret


def _first_usable(reference: CardReference, session: Any, pin: str, guard: PinGuard) -> CardKey:
    found = certificates_on(session)
    private_keys = {
        bytes(key[Attribute.ID]): key
        for key in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
    }
    own = [each for each in found if each.key_id in private_keys]
    if not own:
        raise unsuitable(reference.text, "no-certificate" if private_keys else "no-private-key")
    if reference.key:
        own = [each for each in own if reference.key in (each.label, _label_of(private_keys[each.key_id]))]
        if not own:
            raise missing(reference.text, "no-such-key")
    refusal: ClerkError | None = None
    now = datetime.now(UTC)
    # an expired one only if there is no other
    own.sort(key=lambda each: each.certificate.not_valid_after_utc < now)
    chain = tuple(each.certificate for each in found if is_authority(each.certificate))
    for each in own:
        try:
            require_suitable(each.certificate, reference.text)
        except ClerkError as error:
            refusal = error
            continue
        private_key = private_keys[each.key_id]
        return CardKey(reference.text, session, private_key, each.certificate, chain, pin, guard)
    raise refusal or unsuitable(reference.text, "key-usage")


def _label_of(private_key: Any) -> str:
    try:
        return str(private_key[Attribute.LABEL])
    except pkcs11.PKCS11Error:
        return ""


def _asks_every_time(private_key: Any) -> bool:
    """CKA_ALWAYS_AUTHENTICATE: usual for keys of qualified certificates."""
    try:
        return bool(private_key[Attribute.ALWAYS_AUTHENTICATE])
    except pkcs11.PKCS11Error:
        return False
