"""Keys of the practice portal: made once per directory, read in milliseconds afterwards."""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import shutil
import sys
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from clerk_app.sandbox.jose import b64u, public_key, unb64u

ENCRYPTION, SIGNATURE = "RSA-OAEP-256", "PS512"
_PUBLIC_OPS = {ENCRYPTION: "wrapKey", SIGNATURE: "verify"}
_PRIVATE_OPS = {ENCRYPTION: "unwrapKey", SIGNATURE: "sign"}

# name -> algorithm. "online-service" is the citizens' side: replies are encrypted for it.
KEYS: dict[str, str] = {
    "delivery-service": SIGNATURE,
    "bridge-encryption": ENCRYPTION,
    "bridge-signature": SIGNATURE,
    "online-service": ENCRYPTION,
    "bw-encryption": ENCRYPTION,
    "bw-signature": SIGNATURE,
    "sn-encryption": ENCRYPTION,
    "sn-encryption-old": ENCRYPTION,  # before a key rollover; some applications are still under way with it
    "sn-signature": SIGNATURE,
}
CERTIFICATES: dict[str, str] = {"bw-zbp": "Stadt Musterhausen", "sn-zbp": "Stadt Beispielsdorf"}


def write_secret(path: Path, content: bytes) -> None:
    """Writes a file only its owner can read, replacing it in one step."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
    temporary.replace(path)


@dataclass(frozen=True)
class KeyPair:
    """One RSA-4096 key with its id."""

    kid: str
    algorithm: str
    private_jwk: dict[str, Any]
    public_jwk: dict[str, Any]

    @cached_property
    def private(self) -> rsa.RSAPrivateKey:
        """Parsed once, on first use; our own file, so its primes are not tested again (0.3 s each)."""
        jwk = self.private_jwk
        n, e, d, p, q, dp, dq, qi = (
            _number(jwk[name]) for name in ("n", "e", "d", "p", "q", "dp", "dq", "qi")
        )
        numbers = rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, rsa.RSAPublicNumbers(e, n))
        return numbers.private_key(unsafe_skip_rsa_key_validation=True)

    @cached_property
    def public(self) -> rsa.RSAPublicKey:
        """The public half."""
        return public_key(self.public_jwk)


def _number(text: str) -> int:
    return int.from_bytes(unb64u(text), "big")


def _text(number: int) -> str:
    return b64u(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _self_signed(key: rsa.RSAPrivateKey, common_name: str) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=3650))
        .sign(key, hashes.SHA512())
    )


def make_key_pair(algorithm: str, common_name: str, bits: int = 4096) -> KeyPair:
    """A fresh key (about a second)."""
    key = rsa.generate_private_key(65537, bits)
    numbers = key.private_numbers()
    public = numbers.public_numbers
    kid = str(uuid.uuid4())
    certificate = _self_signed(key, common_name).public_bytes(serialization.Encoding.DER)
    base = {"kty": "RSA", "alg": algorithm, "kid": kid, "n": _text(public.n), "e": _text(public.e)}
    public_jwk = {
        **base,
        "key_ops": [_PUBLIC_OPS[algorithm]],
        "x5c": [base64.b64encode(certificate).decode("ascii")],
    }
    private_jwk = {
        **base,
        "key_ops": [_PRIVATE_OPS[algorithm]],
        **{
            name: _text(value)
            for name, value in (
                ("d", numbers.d),
                ("p", numbers.p),
                ("q", numbers.q),
                ("dp", numbers.dmp1),
                ("dq", numbers.dmq1),
                ("qi", numbers.iqmp),
            )
        },
    }
    return KeyPair(kid, algorithm, private_jwk, public_jwk)


def _make_jwk_files(folder: Path, name: str) -> None:
    pair = make_key_pair(KEYS[name], f"Practice portal, {name}")
    write_secret(folder / f"{name}.public.jwk", json.dumps(pair.public_jwk, indent=1).encode())
    write_secret(folder / f"{name}.jwk", json.dumps(pair.private_jwk, indent=1).encode())


def make_certificate_files(folder: Path, name: str) -> None:
    """A certificate with its key, as an authority registers it with the mailbox bridge."""
    key = rsa.generate_private_key(65537, 3072)
    certificate = _self_signed(key, CERTIFICATES[name])
    write_secret(folder / f"{name}.pem", certificate.public_bytes(serialization.Encoding.PEM))
    write_secret(
        folder / f"{name}-key.pem",
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )


@contextmanager
def _only_one_at_a_time(folder: Path) -> Iterator[None]:
    """Several test processes may want the same keys at once."""
    if sys.platform == "win32":  # no parallel test runs there
        yield
        return
    import fcntl

    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class KeyRing:
    """All keys of one sandbox directory, in its folder ``keys``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pairs: dict[str, KeyPair] = {}

    def make_missing(self, cache: Path | None = None) -> None:
        """Makes what is not there yet, two at a time. ``cache``: a folder to take ready keys from (tests)."""
        if cache is not None:
            cache.mkdir(parents=True, exist_ok=True, mode=0o700)
            with _only_one_at_a_time(cache):
                KeyRing(cache).make_missing()
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for path in cache.glob("[!.]*"):
                if not (self.folder / path.name).exists():
                    shutil.copy2(path, self.folder / path.name)
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        makers: list[tuple[str, str, Callable[[Path, str], None]]] = [
            *((name, ".jwk", _make_jwk_files) for name in KEYS),
            *((name, "-key.pem", make_certificate_files) for name in CERTIFICATES),
        ]
        missing = [entry for entry in makers if not (self.folder / (entry[0] + entry[1])).exists()]
        if not missing:
            return
        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(maker, self.folder, name) for name, _, maker in missing]:
                done.result()

    def pair(self, name: str) -> KeyPair:
        """The key called ``name`` in ``KEYS``."""
        found = self._pairs.get(name)
        if found is None:
            private = json.loads((self.folder / f"{name}.jwk").read_bytes())
            public = json.loads((self.folder / f"{name}.public.jwk").read_bytes())
            found = self._pairs[name] = KeyPair(private["kid"], private["alg"], private, public)
        return found

    def certificate(self, name: str) -> x509.Certificate:
        """A certificate registered with the mailbox bridge."""
        return x509.load_pem_x509_certificate((self.folder / f"{name}.pem").read_bytes())
