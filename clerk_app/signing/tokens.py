"""Finding cards: modules, tokens, what a card tells without a PIN, and its failures as our codes.

A reference is ``pkcs11:MODULE?token=LABEL[&key=LABEL]``; MODULE is the path of the vendor's library.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pkcs11
from cryptography import x509
from pkcs11 import Attribute, ObjectClass, TokenFlag

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.signature import PinTries
from clerk_app.signing.pins import locked_pin, wrong_pin

WRONG_PIN = (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange)
_ABSENT = (pkcs11.NoSuchToken, pkcs11.TokenNotPresent, pkcs11.TokenNotRecognised, pkcs11.SlotIDInvalid)
_PULLED = (
    pkcs11.DeviceRemoved,
    pkcs11.ObjectHandleInvalid,
    pkcs11.KeyHandleInvalid,
    pkcs11.SessionHandleInvalid,
    pkcs11.SessionClosed,
)


@dataclass(frozen=True)
class CardReference:
    """Which key on which card. ``key`` empty: the best one."""

    text: str
    module: str
    label: str
    key: str

    @classmethod
    def parse(cls, text: str) -> CardReference:
        """Raises USAGE for anything else."""
        module, _, query = text.removeprefix("pkcs11:").partition("?")
        parts = parse_qs(query)
        label = parts.get("token", [""])[0]
        if not module or not label:
            raise ClerkError(ErrorCode.USAGE, {"value": text, "expected": "pkcs11:MODULE?token=LABEL"})
        return cls(text, module, label, parts.get("key", [""])[0])


def find_token(reference: CardReference) -> Any:
    """The token. A card put in again is seen only after the module was started anew; that is done here.

    Raises SIGNING_KEY_MISSING (``cause``: "no-module", "no-token").
    """
    try:
        library = pkcs11.lib(reference.module)
    except (RuntimeError, OSError) as error:  # PKCS11Error is a RuntimeError
        params = {"key": reference.text, "path": reference.module, "cause": "no-module"}
        raise ClerkError(ErrorCode.SIGNING_KEY_MISSING, params) from error
    try:
        try:
            return _present(library, reference)
        except pkcs11.PKCS11Error:
            library.reinitialize()
            return _present(library, reference)
    except (pkcs11.NoSuchToken, pkcs11.MultipleTokensReturned) as error:
        raise missing(reference.text, "no-token") from error
    except pkcs11.PKCS11Error as error:
        raise translated(error, reference.text) from error


def _present(library: Any, reference: CardReference) -> Any:
    """The token as it is now; a session proves that it is really there, old listings survive pulling."""
    token = library.get_token(token_label=reference.label)
    token.open().close()
    return token


def card_name(token: Any) -> str:
    """What tells this card from others."""
    return f"{token.manufacturer_id}/{bytes(token.serial).hex()}"


def pin_tries(flags: Any) -> PinTries:
    """What a token's flags say of its PIN (PKCS#11 2.40, CK_TOKEN_INFO)."""
    if flags & TokenFlag.USER_PIN_LOCKED:
        return PinTries.LOCKED
    if flags & TokenFlag.USER_PIN_FINAL_TRY:
        return PinTries.FINAL
    return PinTries.LOW if flags & TokenFlag.USER_PIN_COUNT_LOW else PinTries.PLENTY


def tries_now(token: Any) -> PinTries:
    """The flags read anew; UNKNOWN when the card does not answer."""
    try:
        return pin_tries(token.slot.get_token().flags)
    except pkcs11.PKCS11Error:
        return PinTries.UNKNOWN


def asks_itself(token: Any) -> bool:
    """Whether the reader has a key pad of its own: then the PIN never passes through this program."""
    return bool(token.flags & TokenFlag.PROTECTED_AUTHENTICATION_PATH)


def needs_login(token: Any) -> bool:
    """Whether keys are to be had only after signing in."""
    return bool(token.flags & TokenFlag.LOGIN_REQUIRED)


@dataclass(frozen=True)
class CardCertificate:
    """A certificate on a card with the names its key goes by."""

    key_id: bytes
    label: str
    certificate: x509.Certificate


def certificates_on(session: Any) -> list[CardCertificate]:
    """All readable certificates that this session may see."""
    found = []
    for item in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        attributes = _attributes(item)
        try:
            certificate = x509.load_der_x509_certificate(attributes.get(Attribute.VALUE, b""))
        except ValueError:
            continue
        label = attributes.get(Attribute.LABEL, "")
        found.append(CardCertificate(attributes.get(Attribute.ID, b""), str(label), certificate))
    return found


def _attributes(item: Any) -> Mapping[Attribute, Any]:
    values = {}
    for name in (Attribute.ID, Attribute.LABEL, Attribute.VALUE):
        try:
            value = item[name]
        except pkcs11.PKCS11Error:
            continue
        values[name] = value if isinstance(value, str) else bytes(value)
    return values


def likely_signer(reference: CardReference, found: list[CardCertificate]) -> CardCertificate | None:
    """The certificate that would sign, as far as can be told without a PIN: named, in date, no authority."""
    wanted = [
        each
        for each in found
        if not is_authority(each.certificate) and (not reference.key or each.label == reference.key)
    ]
    now = datetime.now(UTC)
    wanted.sort(key=lambda each: each.certificate.not_valid_after_utc < now)
    return wanted[0] if wanted else None


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether it may issue certificates."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def missing(reference: str, cause: str) -> ClerkError:
    """The error for a key that is not there now."""
    return ClerkError(ErrorCode.SIGNING_KEY_MISSING, {"key": reference, "cause": cause})


def translated(error: Exception, reference: str, tries: PinTries = PinTries.UNKNOWN) -> ClerkError:
    """The one table from PKCS#11 failures to codes."""
    if isinstance(error, WRONG_PIN):
        return locked_pin(reference) if tries is PinTries.LOCKED else wrong_pin(reference, tries)
    if isinstance(error, pkcs11.PinLocked):
        return locked_pin(reference)
    if isinstance(error, _PULLED):
        return missing(reference, "token-gone")
    if isinstance(error, _ABSENT):
        return missing(reference, "no-token")
    if isinstance(error, pkcs11.UserAlreadyLoggedIn | pkcs11.AnotherUserAlreadyLoggedIn):
        return ClerkError(
            ErrorCode.SIGNING_FAILED, {"key": reference, "cause": "card-in-use"}, Disposition.RETRY
        )
    return ClerkError(
        ErrorCode.SIGNING_FAILED, {"key": reference, "cause": type(error).__name__}, Disposition.ASK_CLERK
    )
