"""Fernsignatur: a key that lives at a trust service provider (``csc:URL?credential=ID``).

The person's PIN (or one-time password, or both, divided by a space) authorises signatures; one authorisation
serves a whole batch where the service permits it. Tried against a stand-in of our own, not a real provider.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable

from asn1crypto.algos import DigestAlgorithmId, SignedDigestAlgorithmId
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.signing.algorithms import HASHES, pss_parameters
from clerk_app.signing.csc import Credential, CscService, RemoteAccess
from clerk_app.signing.keys import PasswordSource, require_suitable, unsuitable
from clerk_app.signing.pins import PinGuard, wrong_pin

_PSS = "1.2.840.113549.1.1.10"
_SAFETY_S = 5.0  # an authorisation this close to its end is not relied on


class RemoteKey:
    """A key at a remote service; what authorises it stays in memory until it is closed."""

    def __init__(
        self,
        service: CscService,
        credential: Credential,
        password: PasswordSource,
        guard: PinGuard,
        expected: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.reference = service.reference
        self.certificate: x509.Certificate = credential.certificate
        self.chain = credential.chain
        self._service = service
        self._credential = credential
        self._password = password
        self._guard = guard
        self._expected = max(1, expected)
        self._monotonic = monotonic
        self._pin: str | None = None
        self._sad: str | None = None
        self._left = 0
        self._until_s = 0.0
        self._shut: ClerkError | None = None

    @property
    def pss(self) -> bool:
        """Whether an RSA key signs by RSASSA-PSS: where the service offers it."""
        return _PSS in self._credential.algorithms

    def sign(self, message: bytes, digest: str) -> bytes:
        """The signature, checked against the certificate before it is believed."""
        if self._shut is not None:
            raise self._shut
        hashed = base64.b64encode(hashlib.new(digest, message).digest()).decode()
        try:
            sad = self._authorised(hashed)
        except ClerkError as error:
            if error.code in (ErrorCode.SIGNING_PASSWORD_WRONG, ErrorCode.SIGNING_PIN_LOCKED):
                self._shut = error
            raise
        sign_oid, params = self._algorithm(digest)
        made = self._service.sign_hashes(sad, [hashed], DigestAlgorithmId(digest).dotted, sign_oid, params)
        return self._checked(made[0], message, digest)

    def _authorised(self, hashed: str) -> str:
        credential = self._credential
        if credential.pins_hashes:
            return self._ask(1, [hashed])[0]
        if self._sad is None or self._left < 1 or self._monotonic() > self._until_s:
            count = min(self._expected, credential.most_at_once)
            self._sad, seconds = self._ask(count, None)
            self._left = count
            self._until_s = self._monotonic() + seconds - _SAFETY_S
        self._left -= 1
        self._expected = max(1, self._expected - 1)
        return self._sad

    def _ask(self, count: int, hashes_: list[str] | None) -> tuple[str, float]:
        """One authorisation. A PIN is asked for once and kept; a one-time password is asked for each time."""
        pin, otp = self._secrets()
        if pin:
            self._guard.require_new(self.reference, pin, self.reference)
        try:
            given = self._service.authorise(count, hashes_, pin, otp)
        except ClerkError as error:
            if error.code is ErrorCode.SIGNING_PASSWORD_WRONG and pin:
                self._guard.refused(self.reference, pin)
            raise
        self._guard.accepted(self.reference)
        self._pin = pin
        return given

    def _secrets(self) -> tuple[str | None, str | None]:
        credential = self._credential
        if not credential.needs_pin and not credential.needs_otp:
            return None, None
        if self._pin is not None and not credential.needs_otp:
            return self._pin, None
        if credential.sends_otp:
            self._service.send_otp()
        secret = self._password()
        if secret is None:
            raise ClerkError(
                ErrorCode.SIGNING_PASSWORD_NEEDED, {"key": self.reference}, Disposition.ASK_CLERK
            )
        if not secret.strip():
            raise wrong_pin(self.reference)
        if not credential.needs_otp:
            return secret, None
        if not credential.needs_pin:
            return None, secret.strip()
        parts = secret.rsplit(maxsplit=1)
        if len(parts) != 2:
            raise wrong_pin(self.reference)
        return parts[0], parts[1]

    def _algorithm(self, digest: str) -> tuple[str, bytes | None]:
        if isinstance(self.certificate.public_key(), ec.EllipticCurvePublicKey):
            return SignedDigestAlgorithmId(f"{digest}_ecdsa").dotted, None
        if self.pss:
            return _PSS, pss_parameters(digest).dump()
        return SignedDigestAlgorithmId(f"{digest}_rsa").dotted, None

    def _checked(self, made: bytes, message: bytes, digest: str) -> bytes:
        public, algorithm = self.certificate.public_key(), HASHES[digest]()
        try:
            if isinstance(public, ec.EllipticCurvePublicKey):
                made = _as_der(made, public)
                public.verify(made, message, ec.ECDSA(algorithm))
            elif isinstance(public, rsa.RSAPublicKey):
                public.verify(made, message, self._padding(algorithm), algorithm)
        except (InvalidSignature, ValueError) as error:
            raise self._service.unavailable("wrong-signature") from error
        return made

    def _padding(self, algorithm: hashes.HashAlgorithm) -> padding.AsymmetricPadding:
        if self.pss:
            return padding.PSS(mgf=padding.MGF1(algorithm), salt_length=algorithm.digest_size)
        return padding.PKCS1v15()

    def close(self) -> None:
        """Forget the PIN and the authorisation."""
        self._pin = self._sad = None
        self._left = 0


def open_remote(
    reference: str, access: RemoteAccess, password: PasswordSource, guard: PinGuard, expected: int
) -> RemoteKey:
    """Ask the service for the key. No PIN yet: it is asked for with the first signature.

    Raises SIGNING_SERVICE_UNAVAILABLE, SIGNING_KEY_MISSING ("no-credential"), SIGNING_KEY_UNSUITABLE.
    """
    service = CscService(reference, access)
    credential = service.credential()
    if not credential.enabled:
        raise unsuitable(reference, "disabled")
    require_suitable(credential.certificate, reference)
    return RemoteKey(service, credential, password, guard, expected)


def _as_der(made: bytes, public: ec.EllipticCurvePublicKey) -> bytes:
    """Some services give r and s side by side instead of as a sequence."""
    half = (public.curve.key_size + 7) // 8
    if len(made) == 2 * half and not (made[0] == 0x30 and made[1] == len(made) - 2):
        return encode_dss_signature(int.from_bytes(made[:half], "big"), int.from_bytes(made[half:], "big"))
    return made
