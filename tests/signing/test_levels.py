"""Signature levels against real services: a level is reached as a whole, or nothing is signed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from clerk_app.domain.errors import ClerkError
from clerk_app.domain.errors import ErrorCode as E
from clerk_app.domain.signature import SignatureLevel as L
from clerk_app.domain.signature import SignerKind, SigningDemand, Verdict
from clerk_app.portal.config import NetworkConfig
from clerk_app.portal.trust_services import TrustServiceCalls
from clerk_app.signing.desk import LetterDesk
from clerk_app.signing.notice import render
from clerk_app.signing.proofs import load_authorities
from tests.signing.pki import P12_PASSWORD, Identity, Pki
from tests.signing.samples import decision

Office = Callable[..., LetterDesk]


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def web() -> Iterator[TrustServiceCalls]:
    calls = TrustServiceCalls(NetworkConfig(), now=now, patience_s=5)
    yield calls
    calls.close()


@pytest.fixture(scope="module")
def impatient() -> Iterator[TrustServiceCalls]:
    calls = TrustServiceCalls(NetworkConfig(), now=now, patience_s=0.2)
    yield calls
    calls.close()


@pytest.fixture(scope="module")
def letter() -> bytes:
    return render(decision(), now()).pdf


@pytest.fixture
def office(pki: Pki, web: TrustServiceCalls, tmp_path: Path) -> Office:
    def made(identity: Identity | None = None, **more: object) -> LetterDesk:
        options: dict[str, object] = {
            "base": tmp_path,
            "default_key": (identity or pki.personal_ec).p12(tmp_path),
            "trust_roots": lambda: [pki.root.der],
            "timestamp_url": pki.tsa_url,
            "web": web,
        }
        return LetterDesk(**(options | more))  # type: ignore[arg-type]

    return made


def sign(desk: LetterDesk, letter: bytes, level: L, signer: SignerKind | None = None) -> bytes:
    return desk.sign(letter, None, lambda: P12_PASSWORD, SigningDemand(level, signer))[0]


def refused(desk: LetterDesk, letter: bytes, level: L, signer: SignerKind | None = None) -> ClerkError:
    with pytest.raises(ClerkError) as caught:
        sign(desk, letter, level, signer)
    return caught.value


@pytest.mark.parametrize("level", list(L))
@pytest.mark.parametrize("name", ["personal", "seal"])
def test_every_level_with_rsa_and_ec(pki: Pki, office: Office, letter: bytes, level: L, name: str) -> None:
    desk = office(getattr(pki, name))
    _, signature = desk.sign(letter, None, lambda: P12_PASSWORD, SigningDemand(level))
    assert signature.verdict is Verdict.VALID
    assert signature.level == level.value


def test_the_higher_of_office_and_letter_counts(office: Office, letter: bytes) -> None:
    desk = office(least_level=L.B_T)
    assert desk.level() is L.B_T
    assert desk.level(SigningDemand(L.B_LT)) is L.B_LT
    _, signature = desk.sign(letter, None, lambda: P12_PASSWORD)
    assert signature.level == "B-T"


def test_b_b_asks_nobody(pki: Pki, office: Office, letter: bytes) -> None:
    before = pki.hits.copy()
    sign(office(), letter, L.B_B)
    assert pki.hits == before


def test_a_batch_asks_about_certificates_once(pki: Pki, office: Office, letter: bytes) -> None:
    desk = office()
    before = pki.hits.copy()
    with desk.keys_kept():
        for _ in range(4):
            sign(desk, letter, L.B_LTA)
    assert pki.hits["ocsp"] - before["ocsp"] <= 1
    assert pki.hits["crl"] - before["crl"] <= 2
    assert pki.hits["tsa"] - before["tsa"] <= 1 + 2 * 4, "two per document, and one to learn their size"


def test_a_document_carries_what_was_asked_for_its_own_certificates(
    pki: Pki, office: Office, letter: bytes, tmp_path: Path
) -> None:
    desk = office()
    alone = sign(desk, letter, L.B_LT)
    other = pki.seal.p12(tmp_path)
    with desk.keys_kept():
        first = desk.sign(letter, other, lambda: P12_PASSWORD, SigningDemand(L.B_LT))[0]
        second = sign(desk, letter, L.B_LT)
    for signed in (alone, first, second):
        with pikepdf.open(io.BytesIO(signed)) as document:
            assert (len(document.Root.DSS.OCSPs), len(document.Root.DSS.CRLs)) == (1, 1)


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("500", "broken"),
        ("garbage", "not-itself"),
        ("html", "not-itself"),
        ("empty", "not-itself"),
        ("huge", "not-itself"),
        ("refused", "refused"),
    ],
)
def test_no_time_stamp_no_signature(pki: Pki, office: Office, letter: bytes, fault: str, cause: str) -> None:
    desk = office()
    with pki.broken("tsa", fault):
        error = refused(desk, letter, L.B_T)
    assert (error.code, error.params["cause"]) == (E.TIMESTAMP_UNAVAILABLE, cause)
    assert error.params["level"] == "B-T"
    assert sign(desk, letter, L.B_T), "and again as soon as the service is back"


def test_a_silent_or_absent_service(
    pki: Pki, office: Office, impatient: TrustServiceCalls, letter: bytes
) -> None:
    with pki.broken("tsa", "silent"):
        error = refused(office(web=impatient), letter, L.B_T)
    assert (error.code, error.params["cause"]) == (E.TIMESTAMP_UNAVAILABLE, "slow")
    error = refused(office(timestamp_url="http://127.0.0.1:9/tsa"), letter, L.B_T)
    assert (error.code, error.params["cause"]) == (E.TIMESTAMP_UNAVAILABLE, "unreachable")
    error = refused(office(web=None), letter, L.B_LTA)
    assert error.code is E.REVOCATION_UNAVAILABLE


def test_a_stamp_over_something_else_is_no_stamp(pki: Pki, office: Office, letter: bytes) -> None:
    class Other(Pki):
        def answer(self, path: str, body: bytes) -> tuple[str, bytes] | None:
            return super().answer(path, body.replace(body[24:40], b"\0" * 16))

    with Other() as lying:
        error = refused(office(timestamp_url=lying.tsa_url), letter, L.B_T)
    assert (error.code, error.params["cause"]) == (E.TIMESTAMP_UNAVAILABLE, "wrong-stamp")


def test_a_time_stamp_authority_nobody_believes(pki: Pki, office: Office, letter: bytes) -> None:
    with Pki() as stranger:
        error = refused(office(timestamp_url=stranger.tsa_url), letter, L.B_LT)
    assert (error.code, error.params["cause"]) == (E.TIMESTAMP_UNAVAILABLE, "not-trusted")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("revoked_one", E.CERTIFICATE_REVOKED),
        ("expired", E.CERTIFICATE_EXPIRED),
        ("wrong_usage", E.SIGNING_KEY_UNSUITABLE),
        ("self_signed", E.CERTIFICATE_UNTRUSTED),
    ],
)
def test_certificates_that_must_not_sign(pki: Pki, office: Office, letter: bytes, name: str, code: E) -> None:
    error = refused(office(getattr(pki, name)), letter, L.B_LT)
    assert error.code is code
    if name == "revoked_one":
        assert str(error.params["revoked_on"]) == "2025-06-01"


def test_revocation_nobody_can_tell(pki: Pki, office: Office, letter: bytes) -> None:
    desk = office()
    with pki.broken("crl", "500"), pki.broken("ocsp", "garbage"):
        assert refused(desk, letter, L.B_LT).code is E.REVOCATION_UNAVAILABLE
    with pki.broken("ocsp", "refused"):
        assert sign(desk, letter, L.B_LT), "the list says it as well"


def test_an_authority_this_office_does_not_believe(office: Office, letter: bytes) -> None:
    with Pki() as stranger:
        desk = office(trust_roots=lambda: [stranger.root.der])
        assert refused(desk, letter, L.B_LT).code is E.CERTIFICATE_UNTRUSTED


@pytest.mark.parametrize(
    ("more", "cause"), [({"timestamp_url": None}, "timestamp_url"), ({"trust_roots": tuple}, "trust")]
)
def test_a_level_the_profile_gives_no_service_for(
    office: Office, letter: bytes, more: dict[str, object], cause: str
) -> None:
    error = refused(office(**more), letter, L.B_LTA)
    assert (error.code, error.params["cause"]) == (E.SIGNATURE_LEVEL_UNREACHABLE, cause)


def test_who_must_sign(pki: Pki, office: Office, letter: bytes) -> None:
    seal, person = office(pki.seal), office(pki.personal_ec)
    assert sign(seal, letter, L.B_B, SignerKind.SEAL)
    assert sign(person, letter, L.B_B, SignerKind.PERSONAL)
    assert refused(seal, letter, L.B_B, SignerKind.PERSONAL).params["cause"] == "not-personal"
    assert refused(person, letter, L.B_B, SignerKind.SEAL).params["cause"] == "not-a-seal"


def test_authorities_from_files(pki: Pki, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    pem = tmp_path / "both.pem"
    pem.write_bytes(
        pki.root.certificate.public_bytes(Encoding.PEM) + pki.ca.certificate.public_bytes(Encoding.PEM)
    )
    der = tmp_path / "root.der"
    der.write_bytes(pki.root.der)
    assert load_authorities([pem, der]) == (pki.root.der, pki.ca.der, pki.root.der)
    broken = tmp_path / "broken.pem"
    empty = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    for content in (b"", b"not a certificate", empty):
        broken.write_bytes(content)
        with pytest.raises(ClerkError) as caught:
            load_authorities([broken])
        assert (caught.value.code, caught.value.params["path"]) == (E.KEY_FILE_INVALID, "broken.pem")
    with pytest.raises(ClerkError) as caught:
        load_authorities([tmp_path / "absent.pem"])
    assert caught.value.params["cause"] == "missing"
