"""A foreign signer: an authority with revocation service and time stamps, all in this process, no server.

Documents are signed with pyHanko directly, as another program would sign them, at any of the four levels and
at any moment of the past.
"""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfTimeStamper, signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.signing.samples import AT, der, name

YEAR = timedelta(days=365)
OCSP_URL = "http://ocsp.invalid/"
CRL_URL = "http://crl.invalid/wurzel.crl"
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def new_key(*, stamping: bool = False) -> Key:
    """A P-256 key, quick to make and to use; pyHanko's time stamper in the process wants RSA."""
    if stamping:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class Identity:
    """A key with its certificate."""

    key: Key
    certificate: x509.Certificate

    @property
    def asn1(self) -> asn1_x509.Certificate:
        """The certificate as pyHanko knows it."""
        return asn1_x509.Certificate.load(der(self.certificate))

    @property
    def asn1_key(self) -> asn1_keys.PrivateKeyInfo:
        """The private key as pyHanko knows it."""
        blob = self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return asn1_keys.PrivateKeyInfo.load(blob)


@dataclass
class ForeignAuthority:
    """Root authority that also answers OCSP, issues CRLs and stamps times. Ends when told."""

    root: Identity
    stamper: Identity
    revoked: dict[int, datetime] = field(default_factory=dict)

    @classmethod
    def make(
        cls,
        begins_at: datetime = AT - 5 * YEAR,
        ends_at: datetime = AT + 20 * YEAR,
        common: str = "Fremde CA",
    ) -> ForeignAuthority:
        """A new authority."""
        key = new_key()
        subject = name(common)
        certificate = (
            _builder(subject, subject, key, begins_at, ends_at)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage("key_cert_sign", "crl_sign"), critical=True)
            .sign(key, hashes.SHA256())
        )
        made = cls(Identity(key, certificate), Identity(key, certificate))
        made.stamper = made.issue("Fremder Zeitstempel", begins_at, ends_at, stamping=True)
        return made

    @property
    def trust(self) -> list[bytes]:
        """The roots to believe, DER."""
        return [der(self.root.certificate)]

    def issue(
        self,
        common: str = "Erika Fremd",
        begins_at: datetime = AT - YEAR,
        ends_at: datetime = AT + 3 * YEAR,
        *,
        stamping: bool = False,
        revocation: bool = True,
    ) -> Identity:
        """A certificate of this authority. ``revocation``: it says where to ask whether it was revoked."""
        key = new_key(stamping=stamping)
        builder = (
            _builder(name(common), self.root.certificate.subject, key, begins_at, ends_at)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage("digital_signature", "content_commitment"), critical=True)
        )
        if stamping:
            builder = builder.add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
            )
        if revocation:
            where = x509.UniformResourceIdentifier(OCSP_URL)
            access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, where)
            point = x509.DistributionPoint([x509.UniformResourceIdentifier(CRL_URL)], None, None, None)
            builder = builder.add_extension(
                x509.AuthorityInformationAccess([access]), critical=False
            ).add_extension(x509.CRLDistributionPoints([point]), critical=False)
        return Identity(key, builder.sign(self.root.key, hashes.SHA256()))

    def revoke(self, who: Identity, at: datetime) -> None:
        """From now on answers and lists say so."""
        self.revoked[who.certificate.serial_number] = at

    def ocsp_answer(self, who: Identity, at: datetime, life: timedelta = timedelta(days=7)) -> bytes:
        """The signed answer about a certificate, DER."""
        revoked_at = self.revoked.get(who.certificate.serial_number)
        gone = revoked_at is not None and revoked_at <= at
        builder = (
            ocsp.OCSPResponseBuilder()
            .add_response(
                who.certificate,
                self.root.certificate,
                hashes.SHA1(),
                ocsp.OCSPCertStatus.REVOKED if gone else ocsp.OCSPCertStatus.GOOD,
                at,
                at + life,
                revoked_at if gone else None,
                x509.ReasonFlags.key_compromise if gone else None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.NAME, self.root.certificate)
        )
        return builder.sign(self.root.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def revocation_list(self, at: datetime, life: timedelta = timedelta(days=7)) -> bytes:
        """The list of revoked certificates, DER."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.certificate.subject)
            .last_update(at)
            .next_update(at + life)
            .add_extension(x509.CRLNumber(1), critical=False)
        )
        for serial, revoked_at in self.revoked.items():
            if revoked_at <= at:
                entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(revoked_at)
                builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self.root.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def time_stamper(self, at: datetime, stamper: Identity | None = None) -> DummyTimeStamper:
        """Stamps this very moment."""
        who = stamper or self.stamper
        store = SimpleCertificateStore()
        store.register(self.root.asn1)
        return DummyTimeStamper(who.asn1, who.asn1_key, certs_to_embed=store, fixed_dt=at)

    def context(self, at: datetime, *identities: Identity) -> ValidationContext:
        """What pyHanko needs to gather proofs for these certificates at this moment."""
        answers = [
            asn1_ocsp.OCSPResponse.load(self.ocsp_answer(who, at)) for who in (*identities, self.stamper)
        ]
        lists = [asn1_crl.CertificateList.load(self.revocation_list(at))]
        return ValidationContext(
            trust_roots=[self.root.asn1],
            moment=at + timedelta(seconds=30),
            crls=lists,
            ocsps=answers,
            allow_fetching=False,
            revocation_mode="hard-fail",
        )


def foreign_sign(
    pdf: bytes,
    authority: ForeignAuthority,
    who: Identity,
    *,
    level: str = "B-B",
    at: datetime = AT,
    field_name: str = "Sig1",
    certify: MDPPerm | None = None,
    stamped: bool | None = None,
    cades: bool = True,
) -> bytes:
    """``pdf`` signed at this level at this moment. ``stamped`` overrides whether a time stamp is taken."""
    long_term = level in ("B-LT", "B-LTA")
    signer = signers.SimpleSigner(
        signing_cert=who.asn1,
        signing_key=who.asn1_key,
        cert_registry=_store(authority),
    )
    metadata = PdfSignatureMetadata(
        field_name=field_name,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES if cades else SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
        embed_validation_info=long_term,
        use_pades_lta=level == "B-LTA",
        validation_context=authority.context(at, who) if long_term else None,
        certify=certify is not None,
        docmdp_permissions=certify or MDPPerm.FILL_FORMS,
    )
    takes_stamp = level != "B-B" if stamped is None else stamped
    signer_of_pdf = signers.PdfSigner(
        metadata,
        signer=signer,
        timestamper=authority.time_stamper(at) if takes_stamp else None,
        stamp_style=_nothing_visible() if _has_field(pdf, field_name) else None,
    )
    out = signer_of_pdf.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    return bytes(out.getvalue())


def add_archive_stamp(pdf: bytes, authority: ForeignAuthority, at: datetime, who: Identity) -> bytes:
    """One more archive time stamp, with fresh proofs, as an archivist adds it before the old one ends."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    stamper = PdfTimeStamper(authority.time_stamper(at))
    reader = PdfFileReader(io.BytesIO(pdf))
    out = stamper.update_archival_timestamp_chain(
        reader, authority.context(at, who), output=io.BytesIO(), in_place=False
    )
    return bytes(out.getvalue())


def _nothing_visible() -> StaticStampStyle | None:
    from pyhanko.pdf_utils.content import RawContent

    return StaticStampStyle(background=RawContent(b""), border_width=0)


def _has_field(pdf: bytes, field_name: str) -> bool:
    return f"({field_name})".encode() in pdf


def _store(authority: ForeignAuthority) -> SimpleCertificateStore:
    store = SimpleCertificateStore()
    store.register(authority.root.asn1)
    return store


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Key, begins_at: datetime, ends_at: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins_at)
        .not_valid_after(ends_at)
    )


def usage(*wanted: str) -> x509.KeyUsage:
    """A key usage extension."""
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement "
        "key_cert_sign crl_sign encipher_only decipher_only"
    )
    return x509.KeyUsage(**{each: each in wanted for each in names.split()})
