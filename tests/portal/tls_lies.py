"""Servers that do not deserve to be trusted: certificates and protocols that are wrong in one way each."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PEM = serialization.Encoding.PEM


@dataclass(frozen=True)
class Issued:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Key


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass
class Recipe:
    """How a certificate is made; the defaults are right for ``localhost``."""

    subject: str = "localhost"
    names: tuple[x509.GeneralName, ...] = (x509.DNSName("localhost"),)
    begins_days: float = -1
    ends_days: float = 30
    authority: bool = False
    usage: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.SERVER_AUTH,)
    digest: hashes.HashAlgorithm = field(default_factory=hashes.SHA256)
    key: Callable[[], Key] = lambda: ec.generate_private_key(ec.SECP256R1())
    path_length: int | None = None
    signs: bool = True


def issue(recipe: Recipe, issuer: Issued | None = None) -> Issued:
    """A certificate by ``issuer``, by itself without one."""
    key, now = recipe.key(), datetime.now(UTC)
    by = issuer or Issued(None, key)  # type: ignore[arg-type]
    issuer_name = _name(recipe.subject) if issuer is None else issuer.certificate.subject
    usage = x509.KeyUsage(
        not recipe.authority,
        False,
        False,
        False,
        False,
        recipe.authority and recipe.signs,
        False,
        False,
        False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(recipe.subject))
        .issuer_name(issuer_name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=recipe.begins_days))
        .not_valid_after(now + timedelta(days=recipe.ends_days))
        .add_extension(x509.BasicConstraints(recipe.authority, recipe.path_length), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False
        )
    )
    if recipe.names:
        builder = builder.add_extension(x509.SubjectAlternativeName(recipe.names), critical=False)
    if recipe.usage and not recipe.authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage(recipe.usage), critical=False)
    return Issued(builder.sign(by.key, recipe.digest), key)  # type: ignore[arg-type]


def _authority(name: str = "Test CA", issuer: Issued | None = None, **changes: object) -> Issued:
    return issue(Recipe(name, names=(), authority=True, **changes), issuer)  # type: ignore[arg-type]


@dataclass
class Served:
    """What a server shows: chain, and changes to its context."""

    chain: list[Issued]
    adjust: Callable[[ssl.SSLContext], None] = lambda context: None


def _ciphers(text: str, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2) -> Callable[[ssl.SSLContext], None]:
    def adjust(context: ssl.SSLContext) -> None:
        with warnings.catch_warnings():  # old protocols are what is tried here
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = version
        context.set_ciphers(text)

    return adjust


def lies(root: Issued) -> dict[str, Served]:
    """Each server is wrong in one way; ``root`` is the authority the client trusts."""

    def leaf(**changes: object) -> list[Issued]:
        return [issue(Recipe(**changes), root)]  # type: ignore[arg-type]

    other = _authority("Fremde CA")
    middle = _authority("Zwischenstelle", root)
    no_authority = issue(Recipe("Keine CA"), root)
    too_deep = _authority("Kurz", root, path_length=0)
    below = _authority("Darunter", too_deep)
    old_middle = _authority("Alt", root, ends_days=-0.5)

    def rsa_key(bits: int) -> Callable[[], Key]:
        return lambda: rsa.generate_private_key(65537, bits)

    return {
        "expired": Served(leaf(begins_days=-40, ends_days=-1)),
        "expired a minute ago": Served(leaf(begins_days=-40, ends_days=-1 / 1440)),
        "not yet valid": Served(leaf(begins_days=1)),
        "another host": Served(leaf(names=(x509.DNSName("portal.example"),))),
        "name in the subject only": Served(leaf(names=())),
        "wildcard of everything": Served(leaf(names=(x509.DNSName("*"),))),
        "host beginning alike": Served(leaf(names=(x509.DNSName("localhost.evil.example"),))),
        "address for a name": Served(leaf(names=(x509.IPAddress(ipaddress.ip_address("127.0.0.1")),))),
        "mail address for a name": Served(leaf(names=(x509.RFC822Name("x@localhost"),))),
        "unknown authority": Served([issue(Recipe(), other)]),
        "signed by itself": Served([issue(Recipe())]),
        "authority of the same name": Served([issue(Recipe(), _authority("Test CA"))]),
        "chain with a gap": Served([issue(Recipe(), middle)]),
        "signed by no authority": Served([issue(Recipe(), no_authority), no_authority]),
        "deeper than allowed": Served([issue(Recipe(), below), below, too_deep]),
        "expired in between": Served([issue(Recipe(), old_middle), old_middle]),
        "for clients only": Served(leaf(usage=(ExtendedKeyUsageOID.CLIENT_AUTH,))),
        "for signing programs": Served(leaf(usage=(ExtendedKeyUsageOID.CODE_SIGNING,))),
        "key of 1024 bits": Served(leaf(key=rsa_key(1024)), _ciphers("DEFAULT@SECLEVEL=0")),
        "TLS 1.1": Served(leaf(), _ciphers("DEFAULT@SECLEVEL=0", ssl.TLSVersion.TLSv1_1)),
        "TLS 1.0": Served(leaf(), _ciphers("DEFAULT@SECLEVEL=0", ssl.TLSVersion.TLSv1)),
        "without forward secrecy": Served(leaf(key=rsa_key(2048)), _ciphers("AES256-SHA:@SECLEVEL=0")),
        "no encryption": Served(leaf(key=rsa_key(2048)), _ciphers("NULL-SHA256:@SECLEVEL=0")),
    }


def honest(root: Issued) -> dict[str, Served]:
    """Servers that must be believed."""
    middle = _authority("Zwischenstelle", root)
    return {
        "direct": Served([issue(Recipe(), root)]),
        "with one in between": Served([issue(Recipe(), middle), middle]),
    }


def trusted_root() -> Issued:
    """The authority of this test."""
    return _authority()


class Server:
    """Says nothing but its TLS; counts who sent it anything afterwards."""

    def __init__(self, served: Served | None, folder: Path, speaks: bytes = b"") -> None:
        self._context: ssl.SSLContext | None = None
        if served is not None:
            leaf = served.chain[0]
            private = leaf.key.private_bytes(
                PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            path = folder / "server.pem"
            path.write_bytes(
                b"".join([*(each.certificate.public_bytes(PEM) for each in served.chain), private])
            )
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.set_ciphers("DEFAULT@SECLEVEL=0")
            context.load_cert_chain(path)
            served.adjust(context)
            self._context = context
        self._speaks = speaks
        self.told: list[bytes] = []
        self._closing = False
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            caller, _address = self._socket.accept()
            with caller:
                if self._closing:
                    return
                caller.settimeout(10)
                try:
                    if self._context is None:
                        caller.sendall(self._speaks)
                        continue
                    with self._context.wrap_socket(caller, server_side=True) as inside:
                        if said := inside.recv(4096):
                            self.told.append(said)
                except (OSError, ssl.SSLError):
                    continue

    def close(self) -> None:
        self._closing = True
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join(20)
        self._socket.close()


def plain_liars() -> Iterator[tuple[str, bytes]]:
    """What speaks no TLS at all."""
    yield "plain HTTP", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    yield "nothing", b""
    yield "garbage", bytes(range(256)) * 4
    yield "an alert", b"\x15\x03\x01\x00\x02\x02\x28"
