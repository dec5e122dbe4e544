"""Secrets and keyrings: nothing unsafe is used, nothing secret is shown."""

from __future__ import annotations

import json
from pathlib import Path

import keyring.backends.chainer
import keyring.backends.fail
import keyring.backends.null
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc.jwk import RSAKey

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.system.key_files import load_private_jwk, thumbprint
from clerk_app.system.secrets import SecretReference, check_backend, keep_in_keyring


class DictKeyring:
    """A keyring that keeps what it is given."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


class LockedKeyring(DictKeyring):
    """A keyring nobody unlocked."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("Failed to create the collection: Prompt dismissed")


@pytest.mark.parametrize(
    ("backend", "code"),
    [
        (keyring.backends.null.Keyring(), ErrorCode.KEYRING_UNSAFE),  # type: ignore[no-untyped-call]
        (keyring.backends.fail.Keyring(), ErrorCode.KEYRING_UNAVAILABLE),  # type: ignore[no-untyped-call]
        (DictKeyring(), ErrorCode.KEYRING_UNSAFE),
        (object(), ErrorCode.KEYRING_UNSAFE),
    ],
)
def test_backends_outside_the_list_are_refused(backend: object, code: ErrorCode) -> None:
    with pytest.raises(ClerkError) as caught:
        check_backend(backend)
    assert caught.value.code is code


def test_a_chain_is_judged_by_its_first_member_and_never_used_itself() -> None:
    safe = type("Keyring", (), {"__module__": "keyring.backends.SecretService"})()
    plain = type("PlaintextKeyring", (), {"__module__": "keyrings.alt.file"})()
    kind = {"__module__": "keyring.backends.chainer"}
    assert check_backend(type("ChainerBackend", (), {**kind, "backends": [safe, plain]})()) is safe
    with pytest.raises(ClerkError) as caught:
        check_backend(type("ChainerBackend", (), {**kind, "backends": [plain, safe]})())
    assert caught.value.code is ErrorCode.KEYRING_UNSAFE
    with pytest.raises(ClerkError) as caught:
        check_backend(type("ChainerBackend", (), {**kind, "backends": []})())
    assert caught.value.code is ErrorCode.KEYRING_UNAVAILABLE


def test_the_librarys_chain_is_the_class_we_look_for() -> None:
    kind = keyring.backends.chainer.ChainerBackend
    assert (kind.__module__, kind.__qualname__) == ("keyring.backends.chainer", "ChainerBackend")


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("keyring.backends.SecretService", "Keyring"),
        ("keyring.backends.Windows", "WinVaultKeyring"),
        ("keyring.backends.kwallet", "DBusKeyring"),
        ("keyring.backends.macOS", "Keyring"),
    ],
)
def test_the_systems_own_keyrings_are_trusted(module: str, name: str) -> None:
    backend = type(name, (), {"__module__": module})()
    assert check_backend(backend) is backend


def test_a_plaintext_class_in_a_trusted_disguise_of_name_only_is_refused() -> None:
    backend = type("Keyring", (), {"__module__": "keyrings.alt.file"})()
    with pytest.raises(ClerkError) as caught:
        check_backend(backend)
    assert caught.value.params == {"backend": "keyrings.alt.file.Keyring"}


def test_what_cannot_be_read_back_is_not_kept() -> None:
    with pytest.raises(ClerkError) as caught:
        keep_in_keyring(keyring.backends.null.Keyring(), "name", "secret")  # type: ignore[no-untyped-call]
    assert caught.value.code is ErrorCode.KEYRING_UNSAFE


def test_references_lead_to_keyring_environment_and_file(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("from-file\n")
    box = DictKeyring()
    box.set_password("clerk-app", "name", "from-keyring")
    assert SecretReference("keyring:name", tmp_path).resolve({}, box) == "from-keyring"
    assert SecretReference("env:NAME", tmp_path).resolve({"NAME": "from-env"}) == "from-env"
    assert SecretReference("file:secret.txt", tmp_path).resolve({}) == "from-file"


@pytest.mark.parametrize("text", ["keyring:none", "env:NONE", "file:none.txt"])
def test_a_missing_secret_is_named_by_its_reference(text: str, tmp_path: Path) -> None:
    with pytest.raises(ClerkError) as caught:
        SecretReference(text, tmp_path).resolve({}, DictKeyring())
    assert caught.value.code is ErrorCode.SECRET_MISSING
    assert caught.value.params == {"reference": text}


def test_a_locked_keyring_is_not_a_missing_secret(tmp_path: Path) -> None:
    with pytest.raises(ClerkError) as caught:
        SecretReference("keyring:name", tmp_path).resolve({}, LockedKeyring())
    assert caught.value.code is ErrorCode.KEYRING_UNAVAILABLE


def test_a_literal_secret_is_never_shown() -> None:
    reference = SecretReference("geheim")
    assert "geheim" not in repr(reference) + reference.shown


@pytest.fixture(scope="module")
def jwk() -> dict[str, object]:
    key = rsa.generate_private_key(65537, 2048)
    members = RSAKey.import_key(key).as_dict(private=True)
    return {**members, "kid": "key-one"}


def _write(folder: Path, content: object) -> SecretReference:
    (folder / "key.jwk").write_text(content if isinstance(content, str) else json.dumps(content))
    return SecretReference("file:key.jwk", folder)


def test_a_private_key_is_read(tmp_path: Path, jwk: dict[str, object]) -> None:
    found = load_private_jwk(_write(tmp_path, jwk))
    assert found.kid == "key-one"
    assert str(jwk["d"]) not in repr(found)


def test_without_kid_the_thumbprint_names_the_key(tmp_path: Path, jwk: dict[str, object]) -> None:
    plain = {name: value for name, value in jwk.items() if name != "kid"}
    found = load_private_jwk(_write(tmp_path, plain))
    assert found.kid == thumbprint(plain) == RSAKey.import_key(plain).thumbprint()  # type: ignore[arg-type]


def test_broken_key_files_are_named_with_the_reason(tmp_path: Path, jwk: dict[str, object]) -> None:
    without_private = {name: jwk[name] for name in ("kty", "n", "e", "kid")}
    cases: list[tuple[object, str]] = [
        ("not json", "not-json"),
        ("[]", "not-rsa"),
        ({"kty": "EC"}, "not-rsa"),
        (without_private, "not-private"),
        ({**jwk, "p": jwk["q"]}, "inconsistent"),
        ({**jwk, "d": jwk["dp"]}, "inconsistent"),
        ({**jwk, "n": "AQAB"}, "too-short"),
        ("[" * 100_000, "not-json"),
    ]
    for content, reason in cases:
        with pytest.raises(ClerkError) as caught:
            load_private_jwk(_write(tmp_path, content))
        assert caught.value.code is ErrorCode.KEY_FILE_INVALID
        assert caught.value.params == {"path": str(tmp_path / "key.jwk"), "reason": reason}
    with pytest.raises(ClerkError) as caught:
        load_private_jwk(SecretReference("file:gone.jwk", tmp_path))
    assert caught.value.params["reason"] == "missing"
