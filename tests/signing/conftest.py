"""Keys, a test authority and one signed letter, made once per session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from clerk_app.signing.keys import SigningKey, open_key
from clerk_app.signing.notice import render
from clerk_app.signing.signer import PdfSigner
from tests.signing.samples import AT, PASSWORD, Key, certificate, decision, der, write_p12


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the tests."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def issuer(self) -> tuple[Key, x509.Certificate]:
        """For ``certificate(issuer=…)``."""
        return self.key, self.certificate

    @property
    def root(self) -> bytes:
        """The certificate to trust, DER."""
        return der(self.certificate)


@pytest.fixture(scope="session")
def authority() -> Authority:
    """The authority the tests' seals come from."""
    key = ec.generate_private_key(ec.SECP256R1())
    cert = certificate(key, common="Testwurzel", usage=("key_cert_sign", "crl_sign"), authority=True)
    return Authority(key, cert)


@pytest.fixture(scope="session")
def rsa_key() -> rsa.RSAPrivateKey:
    """One RSA key for everything: making them is slow."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def key_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where key files of the session lie."""
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="session")
def seal(authority: Authority, key_directory: Path) -> SigningKey:
    """A good P-256 seal, opened."""
    key = ec.generate_private_key(ec.SECP256R1())
    cert = certificate(key, issuer=authority.issuer)
    reference = write_p12(key_directory / "seal.p12", key, cert, (authority.certificate,))
    return open_key(reference, key_directory, lambda: PASSWORD)


@pytest.fixture(scope="session")
def unsigned() -> bytes:
    """One letter, not signed."""
    return render(decision(), AT).pdf


@pytest.fixture(scope="session")
def signed(unsigned: bytes, seal: SigningKey) -> bytes:
    """One letter, signed."""
    return PdfSigner().sign(unsigned, seal, reason="Bescheid", location="Musterhausen", at=AT)
