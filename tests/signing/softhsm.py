"""A card without plastic: SoftHSM tokens for tests, one folder and one configuration per test process."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pkcs11 import Attribute
from pkcs11.util.ec import decode_ec_private_key
from pkcs11.util.rsa import decode_rsa_private_key
from pkcs11.util.x509 import decode_x509_certificate

from tests.signing.pki import Identity

PIN = "123456"
_MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)


def softhsm_module() -> str | None:
    """The path of the module; None where SoftHSM is not installed."""
    found = next((path for path in _MODULES if Path(path).is_file()), None)
    return found if found and shutil.which("softhsm2-util") else None


@dataclass
class SoftHsm:
    """Tokens in one folder. The module reads its configuration once per process, so there is one of these."""

    module: str
    folder: Path
    _count: int = field(default=0, repr=False)

    def token(self, label: str, *identities: Identity, always_authenticate: bool = False) -> str:
        """A new token with these keys, PIN ``PIN``; returns its reference (the first key)."""
        make = ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "1234"]
        subprocess.run(make, check=True, capture_output=True)
        library = pkcs11.lib(self.module)
        library.reinitialize()
        with library.get_token(token_label=label).open(user_pin=PIN, rw=True) as session:
            for number, identity in enumerate(identities, 1):
                for thing in _objects(identity, number, always_authenticate):
                    session.create_object(thing)
        return self.reference(label)

    def reference(self, label: str, key: str = "") -> str:
        """How the program names a key on a token."""
        wanted = f"&key={quote(key)}" if key else ""
        return f"pkcs11:{self.module}?token={quote(label)}{wanted}"

    @contextmanager
    def pulled(self, label: str) -> Iterator[None]:
        """Inside, the token is gone, as if somebody had pulled the card."""
        here = self._directory_of(label)
        away = self.folder.parent / f"away-{here.name}"
        here.rename(away)
        try:
            yield
        finally:
            away.rename(here)

    def _directory_of(self, label: str) -> Path:
        for path in (self.folder / "tokens").iterdir():
            if label.encode() in (path / "token.object").read_bytes():
                return path
        raise LookupError(label)


def _objects(identity: Identity, number: int, always_authenticate: bool) -> list[dict[Attribute, object]]:
    raw = identity.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    decode = (
        decode_ec_private_key
        if isinstance(identity.key, ec.EllipticCurvePrivateKey)
        else decode_rsa_private_key
    )
    shared = {Attribute.ID: bytes([number]), Attribute.LABEL: identity.name, Attribute.TOKEN: True}
    private = decode(raw) | shared
    private |= {Attribute.SIGN: True, Attribute.PRIVATE: True, Attribute.SENSITIVE: True}
    if always_authenticate:
        private[Attribute.ALWAYS_AUTHENTICATE] = True
    objects = [private, _certificate(identity.certificate) | shared | {Attribute.PRIVATE: False}]
    for extra, certificate in enumerate(identity.chain):
        other = {Attribute.ID: bytes([number, 0xCA, extra]), Attribute.TOKEN: True, Attribute.PRIVATE: False}
        objects.append(_certificate(certificate) | other)
    return objects


def _certificate(certificate: x509.Certificate) -> dict[Attribute, object]:
    return dict(decode_x509_certificate(certificate.public_bytes(serialization.Encoding.DER)))


def configured(folder: Path, module: str) -> SoftHsm:
    """SoftHSM over a folder of its own, for this process and its children."""
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir={folder / 'tokens'}\nlog.level=ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    return SoftHsm(module, folder)
