"""Keys on cards, with SoftHSM for a card. Skipped where SoftHSM is not installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)

# In a process of its own: the module reads its configuration once and stays in the process for ever.
SCRIPT = """
import sys
from pathlib import Path
import pkcs11
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pkcs11 import Attribute
from pkcs11.util.ec import decode_ec_private_key
from pkcs11.util.rsa import decode_rsa_private_key
from pkcs11.util.x509 import decode_x509_certificate
from clerk_app.domain.errors import ClerkError
from clerk_app.signing.desk import LetterDesk
from tests.signing.samples import AT, certificate, decision, der

module, kind = sys.argv[1:]
key = ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(65537, 2048)
raw = key.private_bytes(
    serialization.Encoding.DER, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
private = (decode_ec_private_key if kind == "ec" else decode_rsa_private_key)(raw)
private |= {Attribute.ID: b"1", Attribute.TOKEN: True, Attribute.SIGN: True}
private |= {Attribute.PRIVATE: True, Attribute.SENSITIVE: True}
cert = certificate(key, common="Karte")
with pkcs11.lib(module).get_token(token_label="Amtskarte").open(user_pin="123456", rw=True) as session:
    session.create_object(private)
    session.create_object(decode_x509_certificate(der(cert)) | {Attribute.ID: b"1", Attribute.TOKEN: True})

desk = LetterDesk(
    base=Path("/"),
    default_key=f"pkcs11:{module}?token=Amtskarte",
    trust_roots=lambda: [der(cert)],
    now=lambda: AT,
)
pdf = desk.render(decision(), AT)
asked = []
with desk.keys_kept():
    for _ in range(3):
        print(desk.sign(pdf, None, lambda: asked.append(1) or "123456")[1].verdict)
print(len(asked))
for reference, pin in (
    (None, "999999"),
    (None, None),
    (f"pkcs11:{module}?token=Andere", "123456"),
    ("pkcs11:/nowhere.so?token=Amtskarte", "123456"),
    ("pkcs11:/nowhere.so", "123456"),
    (None, "123456"),
):
    try:
        print(desk.sign(pdf, reference, lambda: pin)[1].verdict)
    except ClerkError as error:
        print(error.code)
"""


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_card_signs(kind: str, tmp_path: Path) -> None:
    module = next((path for path in MODULES if Path(path).is_file()), None)
    if module is None or shutil.which("softhsm2-util") is None:
        pytest.skip("SoftHSM is not installed")
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir={tmp_path / 'tokens'}\n")
    env = os.environ | {"SOFTHSM2_CONF": str(tmp_path / "softhsm2.conf")}
    make = [
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        "Amtskarte",
        "--pin",
        "123456",
        "--so-pin",
        "1234",
    ]
    subprocess.run(make, env=env, check=True, capture_output=True)
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, module, kind],
        env=env | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.stdout.split() == [
        *("VALID", "VALID", "VALID", "1"),
        "SIGNING_PASSWORD_WRONG",
        "SIGNING_PASSWORD_NEEDED",
        "SIGNING_KEY_MISSING",
        "SIGNING_KEY_MISSING",
        "USAGE",
        "VALID",
    ], run.stderr
