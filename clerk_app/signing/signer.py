"""Signieren: PAdES baseline B-B to B-LTA (ETSI EN 319 142-1) into the letter's own empty field.

The field keeps its empty appearance: every visible stamp the library can draw brings a font that breaks
PDF/A. What a reader sees is printed in the letter.
"""

from __future__ import annotations

import io
import logging
from datetime import datetime

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import NoOpStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import CertificateStore, SimpleCertificateStore

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.signature import SignatureLevel
from clerk_app.signing.algorithms import digest_for, rsa_mechanism
from clerk_app.signing.blocking import finished
from clerk_app.signing.finish import SIGNATURE_FIELD
from clerk_app.signing.keys import SigningKey, require_suitable, require_usable
from clerk_app.signing.proofs import Proofs, ProofServices, as_asn1, as_der, usage_of
from clerk_app.signing.web import no_time_stamp

_LOG = logging.getLogger(__name__)
_BESIDE_CERTIFICATES = 3072  # bytes: signed attributes, names, algorithms, and a signature of 8,192 bits


class _KeptKeySigner(signers.Signer):
    """pyHanko's signer over a key that is already parsed. Its own parses and checks RSA keys every time."""

    def __init__(self, key: SigningKey) -> None:
        registry: CertificateStore = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        registry.register_multiple([as_asn1(certificate) for certificate in key.chain])
        certificate = as_asn1(key.certificate)
        super().__init__(
            signing_cert=certificate,
            cert_registry=registry,
            signature_mechanism=(
                rsa_mechanism(digest_for(key.certificate), pss=key.pss)
                if certificate.public_key.algorithm == "rsa"
                else None
            ),
        )
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The raw signature."""
        return self._key.sign(data, digest_algorithm)


class PdfSigner:
    """Signs letters; holds nothing, may be used from any thread."""

    def sign(
        self,
        pdf: bytes,
        key: SigningKey,
        *,
        reason: str,
        location: str,
        at: datetime,
        level: SignatureLevel = SignatureLevel.B_B,
        proofs: Proofs | None = None,
    ) -> bytes:
        """The signed document. ``at`` is the signing time the signature claims; aware.

        Raises CERTIFICATE_EXPIRED and SIGNING_KEY_UNSUITABLE before anything is signed, and SIGNING_FAILED
        (params ``cause``: "no-field", "already-signed", "library") or NOT_A_PDF. Above B-B also
        SIGNATURE_LEVEL_UNREACHABLE, TIMESTAMP_UNAVAILABLE and what ``Proofs.require_valid`` says.
        """
        require_suitable(key.certificate, key.reference)
        require_usable(key.certificate, at, key.reference)
        if not pdf.startswith(b"%PDF-"):
            raise ClerkError(ErrorCode.NOT_A_PDF, {}, Disposition.BUG)
        try:
            begun = proofs or ProofServices().begin()
            return finished(_sign, pdf, key, reason, location, at, level, begun)
        except ClerkError as error:
            if error.code in (ErrorCode.TIMESTAMP_UNAVAILABLE, ErrorCode.REVOCATION_UNAVAILABLE):
                error.params.setdefault("level", level.value)
            raise
        except Exception as error:
            _LOG.error("signing failed: %s", type(error).__name__)
            raise ClerkError(
                ErrorCode.SIGNING_FAILED, {"key": key.reference, "cause": "library"}, Disposition.ASK_CLERK
            ) from error


async def _sign(
    pdf: bytes,
    key: SigningKey,
    reason: str,
    location: str,
    at: datetime,
    level: SignatureLevel,
    proofs: Proofs,
) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    _require_empty_field(writer, key.reference)
    digest = digest_for(key.certificate)
    stamper = proofs.stamper(level)
    context = await _context(key, level, proofs)
    metadata = signers.PdfSignatureMetadata(
        field_name=SIGNATURE_FIELD,
        md_algorithm=digest,
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason or None,
        location=location or None,
        embed_validation_info=context is not None,
        use_pades_lta=level is SignatureLevel.B_LTA,
        validation_context=context,
        signer_key_usage=usage_of(key.certificate),
    )
    signer = signers.PdfSigner(
        metadata, _KeptKeySigner(key), timestamper=stamper, stamp_style=NoOpStampStyle()
    )
    session = signer.init_signing_session(writer, existing_fields_only=True)
    session.system_time = at
    # The key's own certificate was accepted above: what is refused now is the time stamp authority's.
    try:
        material = await session.perform_presign_validation(writer)
    except ClerkError:
        raise
    except Exception as error:
        raise no_time_stamp("not-trusted") from error
    document = session.prepare_tbs_document(
        validation_info=material, bytes_reserved=await _room_for(key, stamper, digest)
    )
    prepared, output = document.digest_tbs_document()
    signed = await document.perform_signature(
        document_digest=prepared.document_digest,
        pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=at),
    )
    await signed.post_signature_processing(output)
    output.seek(0)
    return bytes(output.read())


async def _context(key: SigningKey, level: SignatureLevel, proofs: Proofs) -> ValidationContext | None:
    """Validation material from B-LT on; the certificate is judged before the key is used."""
    if not level.at_least(SignatureLevel.B_LT):
        return None
    context = proofs.context(key.chain)
    await proofs.require_valid(key.certificate, context, key.reference)
    return context


async def _room_for(key: SigningKey, stamper: TimeStamper | None, digest: str) -> int:
    """Hexadecimal digits to reserve. Knowing it saves the library's dry run, half of the time; every digit
    too many is read one by one when the signature is verified.

    A first time stamp, fetched once per batch, tells how large they are, and that the service answers at all:
    better known before the key is used than after.
    """
    certificates = sum(len(as_der(each)) for each in (key.certificate, *key.chain))
    room = 2 * (certificates + _BESIDE_CERTIFICATES)
    if stamper is None:
        return room
    sample = await stamper.async_dummy_response(digest)
    return room + 2 * (3 * len(sample.dump()) // 2)


def _require_empty_field(writer: IncrementalPdfFileWriter, reference: str) -> None:
    for name, value, _ in fields.enumerate_sig_fields(writer):
        if name == SIGNATURE_FIELD:
            if value is None:
                return
            raise ClerkError(ErrorCode.SIGNING_FAILED, {"key": reference, "cause": "already-signed"})
    raise ClerkError(ErrorCode.SIGNING_FAILED, {"key": reference, "cause": "no-field"})
