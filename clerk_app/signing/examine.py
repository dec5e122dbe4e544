"""Schlüssel ansehen: what can be known of a key before it is used. No PIN is ever needed or spent here.

Made for the moment before signing, again and again: what costs time (files, calls) is remembered for a while,
and a service that does not answer is not asked again at once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.signature import KeyReport, PinTries, Revocation, SignerKind
from clerk_app.signing.blocking import finished
from clerk_app.signing.keys import kind_of, open_key, require_suitable, require_usable
from clerk_app.signing.proofs import Proofs, ProofServices, as_der
from clerk_app.signing.web import Web, cause_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from clerk_app.signing.csc import RemoteAccess

_KNOWN_FOR = timedelta(minutes=10)
_UNKNOWN_FOR = timedelta(minutes=1)
_OUT_OF_REACH = ("unreachable", "slow")


@dataclass(frozen=True)
class Seen:
    """What was learned of a key: certificate, its chain, and how its PIN is wanted."""

    certificate: x509.Certificate | None
    chain: tuple[x509.Certificate, ...] = ()
    needs_pin: bool = True
    pin_for_each: bool = False
    pin_tries: PinTries = PinTries.UNKNOWN
    problem: ErrorCode | None = None


class KeyExaminer:
    """Makes key reports. Not safe for several threads; the letter desk holds its lock meanwhile."""

    def __init__(
        self,
        base: Path,
        services: ProofServices,
        remote: RemoteAccess,
        now: Callable[[], datetime],
    ) -> None:
        """``services`` and ``remote`` should be impatient: a person waits for the report."""
        self._base = base
        self._services = services
        self._remote = remote
        self._now = now
        self._used: dict[str, Seen] = {}
        self._files: dict[tuple[str, int, int], Seen] = {}
        self._credentials: dict[str, tuple[datetime, Seen]] = {}
        self._revocations: dict[bytes, tuple[datetime, Revocation]] = {}
        self._reached: tuple[datetime, bool] | None = None

    def remember(
        self,
        reference: str,
        certificate: x509.Certificate,
        chain: tuple[x509.Certificate, ...],
        *,
        each: bool,
    ) -> None:
        """A key was opened with its PIN: its certificate is known from now on."""
        self._used[reference] = Seen(certificate, chain, pin_for_each=each)

    def report(
        self, reference: str, secret: Callable[[], str] | None, as_kind: SignerKind | None
    ) -> KeyReport:
        """``secret``: the password the profile holds for this key. ``as_kind``: what the profile says it is.
        Never raises for what a key is."""
        seen = self._seen(reference, secret)
        report = KeyReport(
            reference=reference,
            kind=as_kind or SignerKind.PERSONAL,
            pin_tries=seen.pin_tries,
            needs_pin=seen.needs_pin and secret is None,
            pin_for_each=seen.pin_for_each,
            problem=seen.problem.value if seen.problem is not None else None,
        )
        if seen.certificate is None:
            return report
        return self._described(report, seen, seen.certificate, as_kind)

    def _described(
        self, report: KeyReport, seen: Seen, certificate: x509.Certificate, as_kind: SignerKind | None
    ) -> KeyReport:
        revocation = self._revocation(certificate, seen.chain)
        problem = report.problem
        try:
            require_suitable(certificate, report.reference)
            require_usable(certificate, self._now(), report.reference)
        except ClerkError as error:
            problem = problem or error.code.value
        if revocation is Revocation.REVOKED:
            problem = problem or ErrorCode.CERTIFICATE_REVOKED.value
        return replace(
            report,
            kind=kind_of(certificate) or as_kind or SignerKind.PERSONAL,
            subject=_name(certificate.subject),
            issuer=_name(certificate.issuer),
            valid_from=certificate.not_valid_before_utc,
            valid_to=certificate.not_valid_after_utc,
            revocation=revocation,
            problem=problem,
        )

    # what the key itself tells

    def _seen(self, reference: str, secret: Callable[[], str] | None) -> Seen:
        kind = reference.partition(":")[0]
        try:
            if kind == "pkcs12":
                return self._file(reference, secret)
            if kind == "pkcs11":
                return self._card(reference)
            if kind == "csc":
                return self._credential(reference)
        except ClerkError as error:
            return Seen(None, problem=error.code)
        return Seen(None, problem=ErrorCode.USAGE)

    def _file(self, reference: str, secret: Callable[[], str] | None) -> Seen:
        """A file is opened only where that needs nobody: without a password, or with the profile's."""
        path = self._base / Path(reference.removeprefix("pkcs12:")).expanduser()
        try:
            status = path.stat()
        except OSError:
            return Seen(None, problem=ErrorCode.SIGNING_KEY_MISSING)
        state = (reference, status.st_mtime_ns, status.st_size)
        if state not in self._files:
            try:
                key = open_key(reference, self._base, secret or (lambda: None))
                self._files[state] = Seen(key.certificate, key.chain, needs_pin=secret is not None)
                key.close()
            except ClerkError as error:
                if error.code is ErrorCode.SIGNING_PASSWORD_NEEDED:
                    return self._used.get(reference, Seen(None))
                return Seen(None, problem=error.code)
        return self._files[state]

    def _card(self, reference: str) -> Seen:
        from clerk_app.signing import tokens

        parsed = tokens.CardReference.parse(reference)
        token = tokens.find_token(parsed)
        tries = tokens.pin_tries(token.flags)
        used = self._used.get(reference)
        with token.open() as session:
            found = tokens.certificates_on(session)
        signer = tokens.likely_signer(parsed, found)
        certificate = signer.certificate if signer is not None else used.certificate if used else None
        return Seen(
            certificate,
            tuple(each.certificate for each in found if tokens.is_authority(each.certificate)),
            needs_pin=tokens.needs_login(token) and not tokens.asks_itself(token),
            pin_for_each=used is not None and used.pin_for_each,
            pin_tries=tries,
            problem=ErrorCode.SIGNING_PIN_LOCKED if tries is PinTries.LOCKED else None,
        )

    def _credential(self, reference: str) -> Seen:
        from clerk_app.signing.csc import CscService

        known = self._credentials.get(reference)
        if known is not None and self._now() < known[0]:
            return known[1]
        lasts = _KNOWN_FOR
        try:
            found = CscService(reference, self._remote).credential()
            needs = found.needs_pin or found.needs_otp
            problem = None if found.enabled else ErrorCode.SIGNING_KEY_UNSUITABLE
            seen = Seen(found.certificate, found.chain, needs, found.needs_otp, problem=problem)
        except ClerkError as error:
            seen, lasts = Seen(None, problem=error.code), _UNKNOWN_FOR
        self._credentials[reference] = (self._now() + lasts, seen)
        return seen

    # what others say of it

    def _revocation(self, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> Revocation:
        mark = as_der(certificate)
        known = self._revocations.get(mark)
        if known is not None and self._now() < known[0]:
            return known[1]
        found = self._asked(certificate, chain)
        settled = found in (Revocation.GOOD, Revocation.REVOKED)
        self._revocations[mark] = (self._now() + (_KNOWN_FOR if settled else _UNKNOWN_FOR), found)
        return found

    def _asked(self, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> Revocation:
        if not _says_whom_to_ask(certificate):
            return Revocation.NOT_CHECKED
        # Whom the profile believes is another question: here the issuers that came with the key will do.
        believed = (*self._services.trust(), *(as_der(each) for each in chain))
        watched = _Watched(self._services.web)
        proofs = Proofs(replace(self._services, trust=lambda: believed, web=watched))
        try:
            finished(proofs.require_valid, certificate, proofs.context(chain), "")
        except ClerkError as error:
            if error.code is ErrorCode.CERTIFICATE_REVOKED:
                return Revocation.REVOKED
            return Revocation.UNKNOWN if watched.answered else Revocation.NOT_CHECKED
        return Revocation.GOOD if watched.answered else Revocation.NOT_CHECKED

    def time_stamps_in_reach(self) -> bool:
        """Whether the time stamp service answers at all, with whatever. No time stamp is asked for."""
        if self._reached is None or self._now() >= self._reached[0]:
            watched = _Watched(self._services.web)
            with contextlib.suppress(ClerkError):  # the kind of refusal does not matter
                watched("GET", self._services.timestamp_url or "", (), 65536)
            lasts = _KNOWN_FOR if watched.answered else _UNKNOWN_FOR
            self._reached = (self._now() + lasts, watched.answered)
        return self._reached[1]


class _Watched:
    """A way out that notes whether anybody answered."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self.answered = False

    def __call__(
        self,
        method: str,
        url: str,
        accept: Collection[str],
        max_bytes: int,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        try:
            answer = self._web(method, url, accept, max_bytes, body, headers)
        except ClerkError as error:
            self.answered = self.answered or cause_of(error) not in _OUT_OF_REACH
            raise
        self.answered = True
        return answer


def _says_whom_to_ask(certificate: x509.Certificate) -> bool:
    extensions = certificate.extensions
    try:
        extensions.get_extension_for_class(x509.CRLDistributionPoints)
        return True
    except x509.ExtensionNotFound:
        pass
    try:
        access = extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return False
    return any(each.access_method == AuthorityInformationAccessOID.OCSP for each in access)


def _name(name: x509.Name) -> str:
    """A name for people: common name, else whatever there is."""
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()
