"""The test authorities themselves: an infrastructure that believes everybody would prove nothing."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import timedelta

import pkcs11
import pytest
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import InvalidCertificateError, PathError, PathValidationError, RevokedError
from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend

from clerk_app.signing.blocking import finished
from tests.signing.pki import REVOKED_AT, TSA_REFUSAL, Identity, Pki
from tests.signing.softhsm import PIN, SoftHsm


def fetched(url: str, body: bytes | None = None) -> bytes:
    with urllib.request.urlopen(url, body, timeout=10) as answer:
        return bytes(answer.read())


def asked(pki: Pki, identity: Identity) -> ocsp.OCSPResponse:
    request = ocsp.OCSPRequestBuilder().add_certificate(
        identity.certificate, pki.ca.certificate, hashes.SHA1()
    )
    return ocsp.load_der_ocsp_response(fetched(f"{pki.url}/ocsp", request.build().public_bytes(Encoding.DER)))


def validate(pki: Pki, identity: Identity) -> None:
    """By an independent client, which fetches the issuer, OCSP and CRLs."""
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(pki.root.der)],
        fetchers=RequestsFetcherBackend().get_fetchers(),
        allow_fetching=True,
        revocation_mode="hard-fail",
    )
    validator = CertificateValidator(asn1_x509.Certificate.load(identity.der), validation_context=context)
    finished(validator.async_validate_usage, {"digital_signature"})


@pytest.mark.parametrize("name", ["personal", "personal_ec", "seal", "seal_rsa", "expiring"])
def test_good_certificates_are_good(pki: Pki, name: str) -> None:
    validate(pki, getattr(pki, name))


@pytest.mark.parametrize("name", ["expired", "wrong_usage", "self_signed", "revoked_one"])
def test_bad_certificates_are_bad(pki: Pki, name: str) -> None:
    with pytest.raises((InvalidCertificateError, PathError, PathValidationError)):
        validate(pki, getattr(pki, name))


def test_revocation_is_told_by_ocsp_and_crl(pki: Pki) -> None:
    late = pki.issue("late")
    assert asked(pki, late).certificate_status is ocsp.OCSPCertStatus.GOOD
    answer = asked(pki, pki.revoked_one)
    assert answer.certificate_status is ocsp.OCSPCertStatus.REVOKED
    assert answer.revocation_time_utc == REVOKED_AT
    pki.revoke(late, pki.now() - timedelta(hours=1))
    listed = x509.load_der_x509_crl(fetched(f"{pki.url}/ca.crl"))
    assert listed.get_revoked_certificate_by_serial_number(late.certificate.serial_number) is not None
    assert asked(pki, late).certificate_status is ocsp.OCSPCertStatus.REVOKED
    with pytest.raises(RevokedError):
        validate(pki, late)


def test_services_fail_by_name(pki: Pki) -> None:
    wanted = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"x" * 32},
            "cert_req": True,
        }
    ).dump()
    good = tsp.TimeStampResp.load(fetched(pki.tsa_url, wanted))
    assert good["status"]["status"].native == "granted"
    before = pki.hits["tsa"]
    for fault in ("garbage", "html", "empty", "refused"):
        with pki.broken("tsa", fault):
            answer = fetched(pki.tsa_url, wanted)
            assert answer != good.dump()
            assert (fault == "refused") == (answer == TSA_REFUSAL)
    with pki.broken("tsa", "500"), pytest.raises(urllib.error.HTTPError) as caught:
        fetched(pki.tsa_url, wanted)
    caught.value.close()
    assert pki.hits["tsa"] == before + 5


def test_a_token_holds_keys_and_can_be_pulled(softhsm: SoftHsm) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    with Pki() as own:
        softhsm.token("Probe", Identity("probe", key, own.issue("probe", key=key).certificate))
    library = pkcs11.lib(softhsm.module)
    with library.get_token(token_label="Probe").open(user_pin=PIN) as session:
        assert len(list(session.get_objects({pkcs11.Attribute.LABEL: "probe"}))) == 2
    with softhsm.pulled("Probe"):
        library.reinitialize()
        with pytest.raises(pkcs11.NoSuchToken):
            library.get_token(token_label="Probe")
    library.reinitialize()
    assert library.get_token(token_label="Probe").label == "Probe"
