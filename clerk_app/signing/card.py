"""Karte: signature cards and security modules over PKCS#11.

A reference is ``pkcs11:MODULE?token=LABEL``; MODULE is the path of the vendor's library. Tried with SoftHSM
only: how a real card counts wrong PINs and asks for each signature is untested.

One wrong PIN must stay one: a card locks itself after three, and a batch that goes on after the first would
use them up. So a PIN is tried once, and a key that refused it stays shut.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pkcs11
from cryptography import x509
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, UserAlreadyLoggedIn
from pkcs11.mechanisms import MGF
from pkcs11.util.ec import encode_ecdsa_signature

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.signing.keys import PasswordSource, SigningKey, require_suitable, unsuitable

_HASHED_PSS = {
    "sha256": (Mechanism.SHA256_RSA_PKCS_PSS, Mechanism.SHA256, MGF.SHA256, 32),
    "sha384": (Mechanism.SHA384_RSA_PKCS_PSS, Mechanism.SHA384, MGF.SHA384, 48),
    "sha512": (Mechanism.SHA512_RSA_PKCS_PSS, Mechanism.SHA512, MGF.SHA512, 64),
}
_WRONG_PIN = (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange)
_GONE = (pkcs11.NoSuchToken, pkcs11.TokenNotPresent, pkcs11.DeviceRemoved, pkcs11.TokenNotRecognised)


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
    ) -> None:
        self.reference = reference
        self.certificate = certificate
        self.chain = chain
        self._session = session
        self._private_key = private_key
        self._asks_every_time = _asks_every_time(private_key)
        self._pin = pin
        self._shut = False

    def sign(self, message: bytes, digest: str) -> bytes:
        """RSASSA-PSS or ECDSA on the card. After a refused PIN every further call is refused here."""
        if self._shut:
            raise wrong_pin(self.reference)
        extra: dict[str, Any] = {"pin": self._pin} if self._asks_every_time else {}
        try:
            if self._private_key.key_type == KeyType.EC:
                hashed = hashlib.new(digest, message).digest()
                raw = self._private_key.sign(hashed, mechanism=Mechanism.ECDSA, **extra)
                return bytes(encode_ecdsa_signature(raw))
            mechanism, *parameters = _HASHED_PSS[digest]
            return bytes(
                self._private_key.sign(
                    message, mechanism=mechanism, mechanism_param=tuple(parameters), **extra
                )
            )
        except pkcs11.PKCS11Error as error:
            if isinstance(error, (*_WRONG_PIN, pkcs11.PinLocked)):
                self._shut = True
            raise _translated(error, self.reference) from error

    def close(self) -> None:
        """End the session; the card forgets that the PIN was given."""
        self._pin = ""
        try:
            self._session.close()
        except pkcs11.PKCS11Error:
            return  # the card is gone already


def open_card(reference: str, pin: PasswordSource) -> SigningKey:
    """Open the first key on the token whose certificate is in date and may sign.

    Raises SIGNING_KEY_MISSING (no module, no such token), SIGNING_PASSWORD_NEEDED, SIGNING_PASSWORD_WRONG,
    SIGNING_KEY_UNSUITABLE (params ``cause``, also "pin-locked"), USAGE for a malformed reference.
    """
    module, label = _parsed(reference)
    token = _token(module, label, reference)
    secret = pin()
    if secret is None:
        raise ClerkError(ErrorCode.SIGNING_PASSWORD_NEEDED, {"key": reference})
    try:
        session = token.open(user_pin=secret)
    except UserAlreadyLoggedIn as error:
        raise ClerkError(
            ErrorCode.SIGNING_FAILED, {"key": reference, "cause": "card-in-use"}, Disposition.RETRY
        ) from error
    except pkcs11.PKCS11Error as error:
        raise _translated(error, reference) from error
    try:
        return _first_usable(reference, session, secret)
    except pkcs11.PKCS11Error as error:
        session.close()
        raise _translated(error, reference) from error
    except ClerkError:
        session.close()
        raise


def wrong_pin(reference: str) -> ClerkError:
    """The error for a PIN the card refused."""
    return ClerkError(ErrorCode.SIGNING_PASSWORD_WRONG, {"key": reference})


def _parsed(reference: str) -> tuple[str, str]:
    module, _, query = reference.removeprefix("pkcs11:").partition("?")
    label = parse_qs(query).get("token", [""])[0]
    if not module or not label:
        raise ClerkError(ErrorCode.USAGE, {"value": reference, "expected": "pkcs11:MODULE?token=LABEL"})
    return module, label


def _token(module: str, label: str, reference: str) -> Any:
    try:
        library = pkcs11.lib(module)
    except (RuntimeError, OSError, pkcs11.PKCS11Error) as error:
        raise ClerkError(ErrorCode.SIGNING_KEY_MISSING, {"key": reference, "path": module}) from error
    try:
        return library.get_token(token_label=label)
    except pkcs11.NoSuchToken:
        library.reinitialize()  # a card put in again is seen only after this
    try:
        return library.get_token(token_label=label)
    except pkcs11.PKCS11Error as error:
        raise _translated(error, reference) from error


def _first_usable(reference: str, session: Any, pin: str) -> CardKey:
    certificates: Mapping[bytes, x509.Certificate] = {
        bytes(found[Attribute.ID]): x509.load_der_x509_certificate(bytes(found[Attribute.VALUE]))
        for found in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
    }
    private_keys = {
        bytes(found[Attribute.ID]): found
        for found in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
    }
    own = [(key_id, certificate) for key_id, certificate in certificates.items() if key_id in private_keys]
    if not own:
        raise unsuitable(reference, "no-certificate" if private_keys else "no-private-key")
    refusal: ClerkError | None = None
    now = datetime.now(UTC)
    own.sort(key=lambda pair: pair[1].not_valid_after_utc < now)  # an expired one only if there is no other
    for key_id, certificate in own:
        try:
            require_suitable(certificate, reference)
        except ClerkError as error:
            refusal = error
            continue
        chain = tuple(other for other_id, other in certificates.items() if other_id not in private_keys)
        return CardKey(reference, session, private_keys[key_id], certificate, chain, pin)
    raise refusal or unsuitable(reference, "key-usage")


def _asks_every_time(private_key: Any) -> bool:
    """CKA_ALWAYS_AUTHENTICATE: usual for keys of qualified certificates."""
    try:
        return bool(private_key[Attribute.ALWAYS_AUTHENTICATE])
    except pkcs11.PKCS11Error:
        return False


def _translated(error: Exception, reference: str) -> ClerkError:
    """The one table from PKCS#11 failures to codes."""
    if isinstance(error, _WRONG_PIN):
        return wrong_pin(reference)
    if isinstance(error, pkcs11.PinLocked):
        return unsuitable(reference, "pin-locked")
    if isinstance(error, _GONE):
        return ClerkError(ErrorCode.SIGNING_KEY_MISSING, {"key": reference})
    return ClerkError(
        ErrorCode.SIGNING_FAILED, {"key": reference, "cause": type(error).__name__}, Disposition.ASK_CLERK
    )
