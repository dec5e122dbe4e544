"""``package sign``, ``lint`` and ``build``: what was wanted, which file, what now."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from clerk_app.cli.package_tools import build_package, lint_package, sign_package
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.services.packages.archive import build
from clerk_app.texts.errors import sentence
from tests.services.packages.small import small_files, write

PUBLIC = Ed25519PrivateKey.generate().public_key()
KEYS = {
    "public": PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "algorithm": generate_private_key(SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    ),
    "not-pem": b"abc",
    "no-file": None,
}


@pytest.mark.parametrize("reason", KEYS)
def test_a_key_that_does_not_fit_is_told_with_what_is_wanted(tmp_path: Path, reason: str) -> None:
    archive, key = tmp_path / "x.zip", tmp_path / "key.pem"
    content = build(write(tmp_path / "folder", small_files()))
    archive.write_bytes(content)
    if (pem := KEYS[reason]) is not None:
        key.write_bytes(pem)
    with pytest.raises(ClerkError) as caught:
        sign_package(Namespace(package=archive, key=key, output=None))
    assert (caught.value.code, caught.value.params["reason"]) == (ErrorCode.PACKAGE_KEY_UNFIT, reason)
    said = sentence(caught.value)
    assert all(word in said for word in (str(key), "Ed25519", "PEM", "--key")), said
    assert archive.read_bytes() == content


def test_a_path_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    nowhere = tmp_path / "none"
    for tool in (lint_package, build_package, sign_package):
        with pytest.raises(ClerkError) as caught:
            tool(
                Namespace(package=nowhere, output=tmp_path, key=nowhere, samples=False, verbose=0, json=False)
            )
        assert caught.value.code is ErrorCode.PACKAGE_NOT_FOUND
        assert sentence(caught.value).startswith(f"{nowhere} gibt es nicht.")


def test_who_builds_is_asked_to_correct_and_not_to_write_to_the_publisher(tmp_path: Path) -> None:
    files = small_files()
    files["package.toml"] = files["package.toml"].replace('"file-5"', '"for-ever"')
    write(tmp_path / "folder", files)
    with pytest.raises(ClerkError) as caught:
        build_package(Namespace(package=tmp_path / "folder", output=tmp_path / "out", json=True))
    said = sentence(caught.value)
    assert caught.value.code is ErrorCode.PACKAGE_NOT_BUILT
    assert "package.toml, Zeile" in said
    assert "Herausgeber" not in said
