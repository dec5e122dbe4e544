"""What a verification needs from several rooms: believed authorities, the text, the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from clerk_app.bootstrap.letters_side import PRACTICE_SIGNING, TrustRoots, TrustServices
from clerk_app.bootstrap.premises import Premises
from clerk_app.cli.entrance import GlobalOptions
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.signature import VerificationReport
from clerk_app.system.clock import SystemClock
from clerk_app.system.profile import NetworkProfile, load_profile
from clerk_app.usecases.ports import CaseDocuments, CaseReads, Ledger, LetterOffice
from clerk_app.usecases.verifying import Verifier, Verifying

_ANSWER_TYPES = (
    "application/ocsp-response",
    "application/pkix-crl",
    "application/x-pkcs7-crl",
    "application/x-x509-crl",
    "application/octet-stream",
    "binary/octet-stream",
)
_LARGEST_ANSWER = 32 << 20


def verify_document(
    options: GlobalOptions, pdf: bytes, *, online: bool, trust: Sequence[Path]
) -> VerificationReport:
    """On the command line. Needs no office; with one named, its record and its authorities count.

    Raises ClerkError KEY_FILE_INVALID for a ``trust`` file without a certificate, and what reading a named
    profile may say.
    """
    from clerk_app.system.paths import choose_home

    home = choose_home(options.home)
    if (options.home or options.profile) and home.has_databases:
        from clerk_app.bootstrap.sync_side import open_whole_premises

        with (
            suppress(ClerkError),  # an office that does not open keeps nobody from verifying
            open_whole_premises(options.home, options.profile, lock=False) as premises,
        ):
            return _at_office(premises, pdf, trust, online=online)
    profile = load_profile(options.profile) if options.profile else None
    believed = (*(profile.signing.trust if profile else ()), *trust)
    network = profile.network if profile else NetworkProfile()
    roots = TrustRoots(believed, home.keys / PRACTICE_SIGNING)()
    with verifier(roots, SystemClock(), network if online else None) as judge:
        return without_office(judge).verify(pdf)


def _at_office(premises: Premises, pdf: bytes, trust: Sequence[Path], *, online: bool) -> VerificationReport:
    profile = premises.profile
    believed = (*profile.signing.trust, *trust)
    roots = TrustRoots(believed, premises.home.keys / PRACTICE_SIGNING)()
    reads = premises.store.reads()
    ledger = premises.store.ledger(premises.actor)
    try:
        with verifier(roots, premises.clock, profile.network if online else None) as judge:
            documents = premises.store.documents()
            verifying = replace(without_office(judge), reads=reads, ledger=ledger, documents=documents)
            return verifying.verify(pdf)
    finally:
        reads.close()
        ledger.close()


def desk_verifying(
    premises: Premises, letters: LetterOffice, reads: CaseReads, ledger: Ledger, documents: CaseDocuments
) -> Verifying:
    """For a desk: its letter office judges, its record is compared."""

    def online(pdf: bytes) -> VerificationReport:
        profile = premises.profile
        roots = TrustRoots(profile.signing.trust, premises.home.keys / PRACTICE_SIGNING)()
        with verifier(roots, premises.clock, profile.network, practice=profile.practice) as judge:
            return judge(pdf)

    verifying = without_office(letters.verify)
    return replace(verifying, reads=reads, ledger=ledger, documents=documents, online=online)


def without_office(judge: Verifier) -> Verifying:
    """Signatures, and the decision against the words of the letter."""
    return Verifying(judge, _attached, text_of)


@contextmanager
def verifier(
    roots: Sequence[bytes], clock: SystemClock, network: NetworkProfile | None, *, practice: bool = False
) -> Iterator[Verifier]:
    """Judges with these authorities at the present moment; asks online only where ``network`` is given."""
    services = TrustServices(network, clock.now, practice=practice) if network is not None else None

    def fetch(url: str, body: bytes | None) -> bytes:
        assert services is not None  # noqa: S101 - handed in only then
        headers = {"Content-Type": "application/ocsp-request"} if body is not None else None
        method = "GET" if body is None else "POST"
        status, answer = services.call(method, url, _ANSWER_TYPES, _LARGEST_ANSWER, body, headers)
        if status != 200:
            raise ClerkError(ErrorCode.REVOCATION_UNAVAILABLE, {}, Disposition.RETRY)
        return answer

    def judge(pdf: bytes) -> VerificationReport:
        from clerk_app.signing.verify import verify

        at: datetime = clock.now()
        return verify(pdf, trust_roots=tuple(roots), at=at, fetch=fetch if services else None)

    try:
        yield judge
    finally:
        if services is not None:
            services.close()


def text_of(pdf: bytes) -> str:
    """The text of a document, read in the preview's confined child.

    Raises PREVIEW_REFUSED, PREVIEW_FAILED.
    """
    from clerk_app.preview.renderer import Renderer

    with Renderer() as renderer:
        return renderer.text(pdf)


def _attached(pdf: bytes) -> bytes | None:
    from clerk_app.signing.pdf_reading import attached_decision

    return attached_decision(pdf)
