"""Signing: what comes out verifies elsewhere too, and what must not be signed is refused before."""

from __future__ import annotations

import asyncio
import io
import threading
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.letter import BulletList
from clerk_app.domain.signature import Verdict
from clerk_app.signing.keys import SigningKey, SoftwareKey, open_key
from clerk_app.signing.notice import render
from clerk_app.signing.signer import PdfSigner
from clerk_app.signing.verify import verify
from tests.signing.conftest import Authority
from tests.signing.samples import AT, PASSWORD, certificate, decision, write_p12


def sign(pdf: bytes, key: SigningKey, at: object = AT) -> bytes:
    return PdfSigner().sign(pdf, key, reason="Bescheid", location="Musterhausen", at=at)  # type: ignore[arg-type]


def refused(pdf: bytes, key: SigningKey, at: object = AT) -> ClerkError:
    with pytest.raises(ClerkError) as caught:
        sign(pdf, key, at)
    return caught.value


@pytest.mark.parametrize("kind", ["rsa", "p256", "p384", "p521"])
def test_every_kind_of_key_signs(
    kind: str, tmp_path: Path, authority: Authority, rsa_key: rsa.RSAPrivateKey, unsigned: bytes
) -> None:
    curves = {"p256": ec.SECP256R1(), "p384": ec.SECP384R1(), "p521": ec.SECP521R1()}
    key = rsa_key if kind == "rsa" else ec.generate_private_key(curves[kind])
    reference = write_p12(tmp_path / "k.p12", key, certificate(key, issuer=authority.issuer))
    signed = sign(unsigned, open_key(reference, tmp_path, lambda: PASSWORD))
    report = verify(signed, trust_roots=[authority.root], at=AT)
    assert report.verdict is Verdict.VALID
    assert report.signature is not None
    assert report.signature.level == "B-B"
    assert report.signature.signing_at == AT
    assert (
        report.signature.algorithm
        == {
            "rsa": "rsassa_pss/sha256",
            "p256": "sha256_ecdsa/sha256",
            "p384": "sha384_ecdsa/sha384",
            "p521": "sha512_ecdsa/sha512",
        }[kind]
    )


def test_the_letter_itself_is_untouched(unsigned: bytes, signed: bytes) -> None:
    assert signed.startswith(unsigned)
    with pikepdf.open(io.BytesIO(signed)) as document:
        signature = document.Root.AcroForm.Fields[0].V
        assert str(signature.SubFilter) == "/ETSI.CAdES.detached"
        assert str(signature.Reason) == "Bescheid"
        assert str(signature.Location) == "Musterhausen"


def test_signing_twice_is_refused(signed: bytes, seal: SigningKey) -> None:
    error = refused(signed, seal)
    assert (error.code, error.params["cause"]) == (ErrorCode.SIGNING_FAILED, "already-signed")


def test_no_place_to_sign(seal: SigningKey) -> None:
    pdf = render(decision(BulletList(("Lageplan",))), AT).pdf
    error = refused(pdf, seal)
    assert (error.code, error.params["cause"]) == (ErrorCode.SIGNING_FAILED, "no-field")


@pytest.mark.parametrize("garbage", [b"", b"hello", b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(range(256)) * 20])
def test_what_is_no_pdf_is_not_signed(garbage: bytes, seal: SigningKey) -> None:
    assert refused(garbage, seal).code in (ErrorCode.NOT_A_PDF, ErrorCode.SIGNING_FAILED)


@pytest.mark.parametrize("shift", [timedelta(days=-101), timedelta(days=701)])
def test_out_of_date_certificates_are_refused_before_signing(
    shift: timedelta, unsigned: bytes, seal: SigningKey
) -> None:
    assert refused(unsigned, seal, AT + shift).code is ErrorCode.CERTIFICATE_EXPIRED


def test_an_unsuitable_certificate_is_refused_before_signing(unsigned: bytes) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    for_tls = SoftwareKey("k", certificate(key, usage=("key_agreement",)), (), key)
    assert refused(unsigned, for_tls).code is ErrorCode.SIGNING_KEY_UNSUITABLE


def test_a_key_that_fails_is_a_failure_with_a_code(unsigned: bytes) -> None:
    class Broken:
        reference = "broken"
        pss = True
        chain: tuple[x509.Certificate, ...] = ()
        certificate = certificate(ec.generate_private_key(ec.SECP256R1()))

        def sign(self, message: bytes, digest: str) -> bytes:
            raise OSError("the card was pulled out")

        def close(self) -> None: ...

    error = refused(unsigned, Broken())
    assert (error.code, error.params) == (ErrorCode.SIGNING_FAILED, {"key": "broken", "cause": "library"})


def test_signing_inside_a_running_event_loop(unsigned: bytes, seal: SigningKey, authority: Authority) -> None:
    async def inside() -> bytes:
        return sign(unsigned, seal)

    assert verify(asyncio.run(inside()), trust_roots=[authority.root], at=AT).verdict is Verdict.VALID


def test_worker_threads_share_one_key(unsigned: bytes, seal: SigningKey, authority: Authority) -> None:
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(sign(unsigned, seal))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [verify(pdf, trust_roots=[authority.root], at=AT).verdict for pdf in made] == [Verdict.VALID] * 4
