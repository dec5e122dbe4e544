"""A whole public key infrastructure on this machine: authorities, revocation, time stamps, over real HTTP.

``Pki`` makes the certificates and serves them: ``/tsa`` (RFC 3161), ``/ocsp`` (RFC 6960), ``/root.crl`` and
``/ca.crl`` (RFC 5280), ``/ca.crt``. Everything listens on 127.0.0.1, on a port of its own. Its services can
be made to fail by name (``broken``), certificates can be revoked later (``revoke``), and ``hits`` counts
calls, so that a test can say that nothing was asked.
"""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

TSA_REFUSAL = b"\x30\x05\x30\x03\x02\x01\x02"
"""A time stamp authority that says: rejection (RFC 3161, 2.4.2)."""
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
P12_PASSWORD = "Straße 17"
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
END = datetime(2040, 1, 1, tzinfo=UTC)
REVOKED_AT = datetime(2025, 6, 1, tzinfo=UTC)
FAULTS = ("500", "garbage", "html", "empty", "huge", "silent", "refused")
"""How a service can fail: ``silent`` never answers, ``huge`` never ends, ``refused`` says no in its words."""


@dataclass(frozen=True)
class Identity:
    """Somebody with a key and a certificate."""

    name: str
    key: Key
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def der(self) -> bytes:
        """The certificate, DER."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def p12(self, folder: Path, password: str = P12_PASSWORD) -> str:
        """Writes a PKCS#12 file and returns its reference."""
        path = folder / f"{self.name}.p12"
        protection: serialization.KeySerializationEncryption = (
            serialization.BestAvailableEncryption(password.encode())
            if password
            else serialization.NoEncryption()
        )
        path.write_bytes(
            pkcs12.serialize_key_and_certificates(
                self.name.encode(), self.key, self.certificate, list(self.chain), protection
            )
        )
        return f"pkcs12:{path}"


def _person(common: str, given: str, family: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DE"),
            x509.NameAttribute(NameOID.GIVEN_NAME, given),
            x509.NameAttribute(NameOID.SURNAME, family),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _organisation(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DE"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Stadt Musterhausen"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def _usage(*names: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: name in names for name in _USAGES})


class Pki:
    """Root → signing authority → people and seals; made lazily, served over HTTP. Use as a context."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """``now``: the services' clock; tests with a time of their own hand it in."""
        self.now = now
        self.hits: Counter[str] = Counter()
        self.faults: dict[str, str] = {}
        self.revoked: dict[int, datetime] = {}
        self.released = threading.Event()
        self._lock = threading.RLock()
        self._made: dict[str, Identity] = {}
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.pki = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Pki:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def tsa_url(self) -> str:
        """The time stamp authority."""
        return f"{self.url}/tsa"

    @contextlib.contextmanager
    def broken(self, service: str, fault: str) -> Iterator[None]:
        """Inside, ``service`` (tsa, ocsp, crl, crt) fails as ``fault`` says; see FAULTS."""
        assert fault in FAULTS
        self.faults[service] = fault
        try:
            yield
        finally:
            del self.faults[service]

    def revoke(self, identity: Identity, at: datetime) -> None:
        """From now on OCSP and CRL say that ``identity`` is revoked since ``at``."""
        self.revoked[identity.certificate.serial_number] = at

    # authorities

    @cached_property
    def root(self) -> Identity:
        """The root everybody is asked to believe."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _organisation("Testwurzel")
        builder = self._builder(name, name, key, BEGIN, END)
        certificate = (
            builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
            .sign(key, hashes.SHA256())
        )
        return Identity("root", key, certificate)

    @cached_property
    def ca(self) -> Identity:
        """The authority that issues people's certificates."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(
            _organisation("Test-Signaturdienst"), self.root.certificate.subject, key, BEGIN, END
        )
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        builder = builder.add_extension(self._crl("root"), critical=False)
        return Identity("ca", key, self._signed(builder, self.root), (self.root.certificate,))

    @cached_property
    def responder(self) -> Identity:
        """Signs OCSP answers."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(_organisation("Test-OCSP"), self.ca.certificate.subject, key, BEGIN, END)
        builder = builder.add_extension(_usage("digital_signature"), critical=True)
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False
        )
        builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
        return Identity("ocsp", key, self._signed(builder, self.ca), (self.ca.certificate,))

    @cached_property
    def tsa(self) -> Identity:
        """Signs time stamps."""
        key = rsa.generate_private_key(65537, 2048)
        builder = self._builder(
            _organisation("Test-Zeitstempel"), self.root.certificate.subject, key, BEGIN, END
        )
        builder = builder.add_extension(_usage("digital_signature"), critical=True)
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
        builder = builder.add_extension(self._crl("root"), critical=False)
        return Identity("tsa", key, self._signed(builder, self.root), (self.root.certificate,))

    # people and seals

    @property
    def personal(self) -> Identity:
        """A clerk, RSA-3072."""
        return self._once("personal", lambda: self._end("personal", rsa_key(3072)))

    @property
    def personal_ec(self) -> Identity:
        """A clerk, P-256."""
        return self._once("personal-ec", lambda: self._end("personal-ec"))

    @property
    def seal(self) -> Identity:
        """The office's seal, P-256."""
        return self._once(
            "seal", lambda: self._end("seal", subject=_organisation("Siegel Stadt Musterhausen"))
        )

    @property
    def seal_rsa(self) -> Identity:
        """The office's seal, RSA-3072."""
        return self._once(
            "seal-rsa",
            lambda: self._end("seal-rsa", rsa_key(3072), subject=_organisation("Siegel Stadt Musterhausen")),
        )

    @property
    def expired(self) -> Identity:
        """Ran out in 2023."""
        return self._once("expired", lambda: self._end("expired", end=datetime(2023, 1, 1, tzinfo=UTC)))

    @property
    def expiring(self) -> Identity:
        """Runs out in ten days."""
        return self._once("expiring", lambda: self._end("expiring", end=self.now() + timedelta(days=10)))

    @property
    def revoked_one(self) -> Identity:
        """Revoked since 2025-06-01."""

        def make() -> Identity:
            made = self._end("revoked")
            self.revoke(made, REVOKED_AT)
            return made

        return self._once("revoked", make)

    @property
    def wrong_usage(self) -> Identity:
        """A certificate for encryption."""
        return self._once("wrong-usage", lambda: self._end("wrong-usage", usage=("key_encipherment",)))

    @property
    def self_signed(self) -> Identity:
        """Vouches for itself."""

        def make() -> Identity:
            key = ec.generate_private_key(ec.SECP256R1())
            name = _person("Selbst Gemacht", "Selbst", "Gemacht")
            builder = self._builder(name, name, key, BEGIN, END)
            builder = builder.add_extension(_usage("digital_signature", "content_commitment"), critical=True)
            return Identity("self-signed", key, builder.sign(key, hashes.SHA256()))

        return self._once("self-signed", make)

    def issue(self, name: str, **kwargs: Any) -> Identity:
        """One more identity: see ``_end`` for what may be said of it."""
        return self._end(name, **kwargs)

    def _end(
        self,
        name: str,
        key: Key | None = None,
        *,
        subject: x509.Name | None = None,
        begin: datetime = BEGIN,
        end: datetime = END,
        usage: tuple[str, ...] = ("digital_signature", "content_commitment"),
    ) -> Identity:
        key = key or ec.generate_private_key(ec.SECP256R1())
        subject = subject or _person(f"Jörg Schäfer ({name})", "Jörg", "Schäfer")
        builder = self._builder(subject, self.ca.certificate.subject, key, begin, end)
        builder = builder.add_extension(_usage(*usage), critical=True)
        builder = builder.add_extension(
            x509.AuthorityInformationAccess(
                [
                    x509.AccessDescription(
                        AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(f"{self.url}/ocsp")
                    ),
                    x509.AccessDescription(
                        AuthorityInformationAccessOID.CA_ISSUERS,
                        x509.UniformResourceIdentifier(f"{self.url}/ca.crt"),
                    ),
                ]
            ),
            critical=False,
        )
        builder = builder.add_extension(self._crl("ca"), critical=False)
        return Identity(name, key, self._signed(builder, self.ca), (self.ca.certificate,))

    def _once(self, name: str, make: Callable[[], Identity]) -> Identity:
        with self._lock:
            if name not in self._made:
                self._made[name] = make()
            return self._made[name]

    def _builder(
        self, subject: x509.Name, issuer: x509.Name, key: Key, begin: datetime, end: datetime
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(end)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )

    def _signed(self, builder: x509.CertificateBuilder, issuer: Identity) -> x509.Certificate:
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        return builder.add_extension(identifier, critical=False).sign(issuer.key, hashes.SHA256())

    def _crl(self, issuer: str) -> x509.CRLDistributionPoints:
        where = x509.UniformResourceIdentifier(f"{self.url}/{issuer}.crl")
        return x509.CRLDistributionPoints([x509.DistributionPoint([where], None, None, None)])

    # what is answered

    def answer(self, path: str, body: bytes) -> tuple[str, bytes] | None:
        """Content type and body for a call; None when there is nothing there."""
        if path == "/tsa":
            return "application/timestamp-reply", self._time_stamp(body)
        if path == "/ocsp":
            return "application/ocsp-response", self._ocsp(body)
        if path in ("/root.crl", "/ca.crl"):
            issuer = self.root if path == "/root.crl" else self.ca
            return "application/pkix-crl", self._revocation_list(issuer)
        if path == "/ca.crt":
            return "application/pkix-cert", self.ca.der
        return None

    def _time_stamp(self, body: bytes) -> bytes:
        wanted = tsp.TimeStampReq.load(body)
        private = self.tsa.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        stamper = DummyTimeStamper(
            asn1_x509.Certificate.load(self.tsa.der),
            asn1_keys.PrivateKeyInfo.load(private),
            fixed_dt=self.now().replace(microsecond=0),
        )
        return bytes(stamper.request_tsa_response(wanted).dump())

    def _ocsp(self, body: bytes) -> bytes:
        wanted = ocsp.load_der_ocsp_request(body)
        now = self.now()
        revoked = self.revoked.get(wanted.serial_number)
        builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
            wanted.issuer_name_hash,
            wanted.issuer_key_hash,
            wanted.serial_number,
            wanted.hash_algorithm,
            ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
            now - timedelta(minutes=1),
            now + timedelta(hours=12),
            revoked,
            x509.ReasonFlags.key_compromise if revoked else None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self.responder.certificate)
        builder = builder.certificates([self.responder.certificate])
        with contextlib.suppress(x509.ExtensionNotFound):
            nonce = wanted.extensions.get_extension_for_class(x509.OCSPNonce).value
            builder = builder.add_extension(nonce, critical=False)
        return builder.sign(self.responder.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def _revocation_list(self, issuer: Identity) -> bytes:
        now = self.now()
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.certificate.subject)
            .last_update(now - timedelta(minutes=1))
            .next_update(now + timedelta(days=1))
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False
            )
        )
        for serial, at in self.revoked.items() if issuer is self.ca else ():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at)
            reason = x509.CRLReason(x509.ReasonFlags.key_compromise)
            builder = builder.add_revoked_certificate(entry.add_extension(reason, critical=False).build())
        return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    """A new RSA key; slow for large ones."""
    return rsa.generate_private_key(65537, bits)


class _Server(ThreadingHTTPServer):
    pki: Pki
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    kinds: ClassVar[dict[str, str]] = {"/root.crl": "crl", "/ca.crl": "crl", "/ca.crt": "crt"}

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Silent."""

    def _serve(self, body: bytes) -> None:
        pki = self.server.pki
        service = self.kinds.get(self.path, self.path.removeprefix("/"))
        pki.hits[service] += 1
        fault = pki.faults.get(service)
        if fault is not None:
            self._fail(fault, service)
            return
        try:
            found = pki.answer(self.path, body)
        except ValueError:
            self._send(400, "text/plain", b"bad request")
            return
        if found is None:
            self._send(404, "text/plain", b"nothing here")
            return
        self._send(200, *found)

    def _fail(self, fault: str, service: str) -> None:
        pki = self.server.pki
        kind = {"tsa": "application/timestamp-reply", "ocsp": "application/ocsp-response"}.get(
            service, "application/pkix-crl"
        )
        if fault == "500":
            self._send(500, "text/plain", b"broken")
        elif fault == "garbage":
            self._send(200, kind, b"\x30\x82\xff\xffgarbage" * 40)
        elif fault == "html":
            self._send(200, "text/html", b"<html><body>Bitte anmelden</body></html>")
        elif fault == "empty":
            self._send(200, kind, b"")
        elif fault == "refused":
            self._send(200, kind, ocsp_refusal() if service == "ocsp" else TSA_REFUSAL)
        elif fault == "silent":
            pki.released.wait(60)
            self.close_connection = True
        else:
            self._send_without_end(kind)

    def _send_without_end(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.close_connection = True
        with contextlib.suppress(OSError):
            while not self.server.pki.released.is_set():
                self.wfile.write(b"\0" * 65536)

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def ocsp_refusal() -> bytes:
    """An OCSP responder that says: try later."""
    refusal = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)
    return refusal.public_bytes(serialization.Encoding.DER)
