"""Schreibtisch für Schreiben: set, sign, verify. What use cases know as the letter office.

The PDF libraries are loaded on first use: a window that only lists cases does not pay for them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.letter import Letter
from clerk_app.domain.signature import (
    NO_DEMAND,
    KeyReport,
    SignatureLevel,
    SignatureSummary,
    SignerKind,
    SigningDemand,
    VerificationReport,
)
from clerk_app.signing.pins import PinGuard

if TYPE_CHECKING:
    from clerk_app.signing.csc import RemoteAccess
    from clerk_app.signing.examine import KeyExaminer
    from clerk_app.signing.keys import SigningKey
    from clerk_app.signing.proofs import Proofs, ProofServices
    from clerk_app.signing.web import Web


_KEY_IS_LOST = frozenset(
    {
        ErrorCode.SIGNING_KEY_MISSING,
        ErrorCode.SIGNING_PASSWORD_WRONG,
        ErrorCode.SIGNING_PIN_LOCKED,
        ErrorCode.SIGNING_SERVICE_UNAVAILABLE,
    }
)


@dataclass(frozen=True)
class RemoteSignIn:
    """How this office signs in at a remote signing service: a bearer token, or a client that fetches one.
    Secrets are read when they are needed."""

    access_token: Callable[[], str] | None = None
    client_id: str | None = None
    client_secret: Callable[[], str] | None = None


def _now() -> datetime:
    return datetime.now(UTC)


class LetterDesk:
    """Makes letters: data in, finished PDF out; signs them and says what signatures are worth."""

    def __init__(
        self,
        *,
        base: Path,
        default_key: str | None = None,
        trust_roots: Callable[[], Sequence[bytes]] = tuple,
        least_level: SignatureLevel = SignatureLevel.B_B,
        timestamp_url: str | None = None,
        web: Web | None = None,
        quick_web: Web | None = None,
        remote: RemoteSignIn | None = None,
        reason: str = "",
        location: str = "",
        fonts: Path | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        """``base``: the profile's directory, for relative key paths. ``default_key``: when none is named.

        ``trust_roots``: DER certificates of authorities that are believed, when verifying and when proofs are
        gathered. ``least_level``: what every signature must reach. ``web``: the way to time stamps and status
        services; without it only B-B can be reached. ``quick_web``: the same with little patience, for
        looking at keys before they are used. ``remote``: how to sign in at a remote signing service.
        ``reason`` and ``location`` go into every signature.
        """
        self._base = base
        self._default_key = default_key
        self._trust_roots = trust_roots
        self._reason = reason
        self._location = location
        self._fonts = fonts
        self._now = now
        self._least_level = least_level
        self._timestamp_url = timestamp_url
        self._web = web
        self._quick_web = quick_web
        self._remote = remote or RemoteSignIn()
        self._guard = PinGuard()
        self._expected = 1
        self._just_signed: tuple[bytes, VerificationReport] | None = None
        self._kept: dict[str, SigningKey] | None = None
        self._proofs: Proofs | None = None
        self._lock = threading.Lock()

    def render(self, letter: Letter, created_at: datetime) -> bytes:
        """The unsigned PDF. Raises LETTER_INCOMPLETE, GLYPH_MISSING."""
        from clerk_app.signing.notice import render

        return render(letter, created_at, self._fonts).pdf

    def sign(
        self,
        pdf: bytes,
        key_reference: str | None,
        ask_password: Callable[[], str | None],
        demand: SigningDemand = NO_DEMAND,
    ) -> tuple[bytes, SignatureSummary]:
        """The signed document and its signature as verified by ourselves.

        Raises what the key brings (SIGNING_…, KEY_FILE_INVALID, CERTIFICATE_…), what the demanded level
        brings (SIGNATURE_LEVEL_UNREACHABLE, TIMESTAMP_UNAVAILABLE, REVOCATION_UNAVAILABLE), SIGNING_FAILED,
        and SIGNATURE_INVALID when our own signature does not verify.
        """
        from clerk_app.signing.finish import SIGNATURE_FIELD
        from clerk_app.signing.keys import require_kind
        from clerk_app.signing.signer import PdfSigner

        reference = key_reference or self._default_key
        if not reference:
            raise ClerkError(ErrorCode.SIGNING_KEY_MISSING, {"key": ""}, Disposition.ASK_CLERK)
        with self._lock, self._key(reference, ask_password) as key:
            require_kind(key.certificate, demand.signer, reference)
            signed = PdfSigner().sign(
                pdf,
                key,
                reason=self._reason,
                location=self._location,
                at=self._now(),
                level=self.level(demand),
                proofs=self._proofs or self._proof_services().begin(),
            )
        report = self.verify(signed)
        summary = next((each for each in report.signatures if each.field_name == SIGNATURE_FIELD), None)
        if not report.ok or summary is None:
            raise ClerkError(ErrorCode.SIGNATURE_INVALID, {"verdict": report.verdict.value}, Disposition.BUG)
        self._just_signed = (signed, report)
        return signed, summary

    def examine_key(
        self,
        reference: str,
        secret: Callable[[], str] | None = None,
        as_kind: SignerKind | None = None,
    ) -> KeyReport:
        """What is known of a key; ``secret`` is the password the profile holds for it, ``as_kind`` what the
        profile says it is. Needs no PIN and never raises for what a key is."""
        with self._lock:
            return self._examiner.report(reference, secret, as_kind)

    def missing_for(self, level: SignatureLevel) -> str | None:
        """The profile's key without which this level cannot be reached, or None."""
        return self._proof_services().missing_for(level)

    def is_offline_for(self, level: SignatureLevel) -> bool:
        """Whether this level needs a time stamp and its service does not answer now."""
        if not level.at_least(SignatureLevel.B_T):
            return False
        with self._lock:
            return not self._examiner.time_stamps_in_reach()

    def level(self, demand: SigningDemand = NO_DEMAND) -> SignatureLevel:
        """The level a signature will have: the higher of the office's and the letter's."""
        return demand.level if demand.level.at_least(self._least_level) else self._least_level

    def verify(self, pdf: bytes) -> VerificationReport:
        """What the document's signatures are worth; never raises for what it contains."""
        from clerk_app.signing.verify import verify

        just_signed, self._just_signed = self._just_signed, None
        if just_signed is not None and just_signed[0] == pdf:
            return just_signed[1]  # judged a moment ago; whoever asks later is answered anew
        return verify(pdf, trust_roots=tuple(self._trust_roots()), at=self._now())

    @contextmanager
    def keys_kept(self, expected: int = 1) -> Iterator[None]:
        """Batch signing: inside, a key once opened stays open, so its password is asked for once; and what
        was learned of certificates serves all documents. ``expected``: how many signatures it will be."""
        self._kept, self._expected = {}, expected
        self._proofs = self._proof_services().begin()
        try:
            yield
        finally:
            kept, self._kept = self._kept, None
            self._proofs, self._expected = None, 1
            for key in (kept or {}).values():
                key.close()

    @cached_property
    def _examiner(self) -> KeyExaminer:
        from clerk_app.signing.examine import KeyExaminer
        from clerk_app.signing.proofs import ProofServices
        from clerk_app.signing.web import offline

        web = self._quick_web or self._web or offline
        services = ProofServices(self._timestamp_url, self._trust_roots, web)
        return KeyExaminer(self._base, services, self._remote_access(web), self._now)

    def _proof_services(self) -> ProofServices:
        from clerk_app.signing.proofs import ProofServices
        from clerk_app.signing.web import offline

        return ProofServices(self._timestamp_url, self._trust_roots, self._web or offline)

    @contextmanager
    def _key(self, reference: str, ask_password: Callable[[], str | None]) -> Iterator[SigningKey]:
        from clerk_app.signing.keys import open_key

        kept = self._kept
        key = kept.get(reference) if kept is not None else None
        if key is None:
            key = open_key(
                reference,
                self._base,
                ask_password,
                remote=self._remote_access(self._web),
                guard=self._guard,
                expected=self._expected,
            )
            each = bool(getattr(key, "pin_for_each", False))
            self._examiner.remember(reference, key.certificate, key.chain, each=each)
        if kept is not None:
            kept[reference] = key
        try:
            yield key
        except ClerkError as error:
            # A card put in again, a PIN typed anew: that is another session.
            if kept is not None and error.code in _KEY_IS_LOST:
                kept.pop(reference).close()
            raise
        finally:
            if kept is None:
                key.close()

    def _remote_access(self, web: Web | None) -> RemoteAccess:
        from clerk_app.signing.csc import RemoteAccess
        from clerk_app.signing.web import offline

        sign_in = self._remote
        return RemoteAccess(web or offline, sign_in.access_token, sign_in.client_id, sign_in.client_secret)
