"""Signieren: PAdES baseline B-B (ETSI EN 319 142-1) into the letter's own empty field.

The field keeps its empty appearance: every visible stamp the library can draw brings a font that breaks
PDF/A. What a reader sees is printed in the letter.
"""

from __future__ import annotations

import io
import logging
from datetime import datetime

from asn1crypto import x509 as asn1_x509
from asn1crypto.algos import RSASSAPSSParams, SignedDigestAlgorithm
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.stamp import NoOpStampStyle
from pyhanko_certvalidator.registry import CertificateStore, SimpleCertificateStore

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.signing.blocking import finished
from clerk_app.signing.finish import SIGNATURE_FIELD
from clerk_app.signing.keys import SigningKey, require_suitable, require_usable

_LOG = logging.getLogger(__name__)
_BYTES_RESERVED = (
    16384  # room for the signature in hexadecimal; saves the library's dry run, half of the time
)


class _KeptKeySigner(signers.Signer):
    """pyHanko's signer over a key that is already parsed. Its own parses and checks RSA keys every time."""

    def __init__(self, key: SigningKey) -> None:
        registry: CertificateStore = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        registry.register_multiple([_asn1(certificate) for certificate in key.chain])
        certificate = _asn1(key.certificate)
        super().__init__(
            signing_cert=certificate,
            cert_registry=registry,
            signature_mechanism=_rsa_pss() if certificate.public_key.algorithm == "rsa" else None,
        )
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The raw signature."""
        return self._key.sign(data, digest_algorithm)


class PdfSigner:
    """Signs letters; holds nothing, may be used from any thread."""

    def sign(self, pdf: bytes, key: SigningKey, *, reason: str, location: str, at: datetime) -> bytes:
        """The signed document. ``at`` is the signing time the signature claims; aware.

        Raises CERTIFICATE_EXPIRED and SIGNING_KEY_UNSUITABLE before anything is signed, and SIGNING_FAILED
        (params ``cause``: "no-field", "already-signed", "library") or NOT_A_PDF.
        """
        require_suitable(key.certificate, key.reference)
        require_usable(key.certificate, at, key.reference)
        if not pdf.startswith(b"%PDF-"):
            raise ClerkError(ErrorCode.NOT_A_PDF, {}, Disposition.BUG)
        try:
            return finished(_sign(pdf, key, reason, location, at))
        except ClerkError:
            raise
        except Exception as error:
            _LOG.error("signing failed: %s", type(error).__name__)
            raise ClerkError(
                ErrorCode.SIGNING_FAILED, {"key": key.reference, "cause": "library"}, Disposition.ASK_CLERK
            ) from error


async def _sign(pdf: bytes, key: SigningKey, reason: str, location: str, at: datetime) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    _require_empty_field(writer, key.reference)
    metadata = signers.PdfSignatureMetadata(
        field_name=SIGNATURE_FIELD,
        md_algorithm=_digest_for(key.certificate),
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason or None,
        location=location or None,
    )
    signer = signers.PdfSigner(metadata, _KeptKeySigner(key), stamp_style=NoOpStampStyle())
    session = signer.init_signing_session(writer, existing_fields_only=True)
    session.system_time = at
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=_BYTES_RESERVED)
    prepared, output = document.digest_tbs_document()
    await document.perform_signature(
        document_digest=prepared.document_digest,
        pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=at),
    )
    return bytes(output.read())


def _require_empty_field(writer: IncrementalPdfFileWriter, reference: str) -> None:
    for name, value, _ in fields.enumerate_sig_fields(writer):
        if name == SIGNATURE_FIELD:
            if value is None:
                return
            raise ClerkError(ErrorCode.SIGNING_FAILED, {"key": reference, "cause": "already-signed"})
    raise ClerkError(ErrorCode.SIGNING_FAILED, {"key": reference, "cause": "no-field"})


def _rsa_pss() -> SignedDigestAlgorithm:
    """RSASSA-PSS as the keys make it: a salt as long as the digest; the library would take the longest."""
    digest = {"algorithm": "sha256"}
    parameters = {
        "hash_algorithm": digest,
        "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": digest},
        "salt_length": 32,
    }
    return SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": RSASSAPSSParams(parameters)})


def _digest_for(certificate: x509.Certificate) -> str:
    public_key = certificate.public_key()
    if isinstance(public_key, ec.EllipticCurvePublicKey):
        return {"secp384r1": "sha384", "secp521r1": "sha512"}.get(public_key.curve.name, "sha256")
    return "sha256"


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
