"""Keys: what opens, what is refused, and with which code."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.signing.keys import open_key, require_usable
from clerk_app.signing.practice import FILE_NAME, ensure_practice_key, practice_authority
from tests.signing.samples import AT, PASSWORD, certificate, write_p12


def refused(reference: str, base: Path, password: str | None = PASSWORD) -> ClerkError:
    with pytest.raises(ClerkError) as caught:
        open_key(reference, base, lambda: password)
    return caught.value


@pytest.fixture(scope="session")
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def test_a_key_without_password_opens_without_asking(
    tmp_path: Path, ec_key: ec.EllipticCurvePrivateKey
) -> None:
    reference = write_p12(tmp_path / "a.p12", ec_key, certificate(ec_key), password=None)
    asked: list[int] = []

    def ask() -> str | None:
        asked.append(1)
        return None

    assert open_key(reference, tmp_path, ask).certificate.subject.rfc4514_string().startswith("CN=Siegel")
    assert not asked


def test_password_wrong_needed_and_right(tmp_path: Path, ec_key: ec.EllipticCurvePrivateKey) -> None:
    reference = write_p12(tmp_path / "a.p12", ec_key, certificate(ec_key))
    assert refused(reference, tmp_path, "falsch").code is ErrorCode.SIGNING_PASSWORD_WRONG
    assert refused(reference, tmp_path, "").code is ErrorCode.SIGNING_PASSWORD_WRONG
    assert refused(reference, tmp_path, None).code is ErrorCode.SIGNING_PASSWORD_NEEDED
    assert open_key(reference, tmp_path, lambda: PASSWORD).reference == reference


def test_a_missing_file_and_a_directory(tmp_path: Path) -> None:
    assert refused("pkcs12:nowhere.p12", tmp_path).code is ErrorCode.SIGNING_KEY_MISSING
    assert refused("pkcs12:.", tmp_path).code is ErrorCode.SIGNING_KEY_MISSING


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a key",
        b"-----BEGIN PRIVATE KEY-----\nMIIB\n",
        b"\x30\x82\x01",
        b"\x30\x00",
    ],
)
def test_a_file_that_is_no_pkcs12(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.p12").write_bytes(content)
    error = refused("pkcs12:a.p12", tmp_path)
    assert error.code is ErrorCode.KEY_FILE_INVALID
    assert error.params["path"] == "a.p12"


def test_a_cut_key_file_is_no_wrong_password(tmp_path: Path, ec_key: ec.EllipticCurvePrivateKey) -> None:
    write_p12(tmp_path / "a.p12", ec_key, certificate(ec_key))
    whole = (tmp_path / "a.p12").read_bytes()
    (tmp_path / "a.p12").write_bytes(whole[: len(whole) // 2])
    assert refused("pkcs12:a.p12", tmp_path).code is ErrorCode.KEY_FILE_INVALID


def test_certificate_without_key(tmp_path: Path, ec_key: ec.EllipticCurvePrivateKey) -> None:
    reference = write_p12(tmp_path / "a.p12", None, None, (certificate(ec_key),))
    error = refused(reference, tmp_path)
    assert (error.code, error.params["cause"]) == (ErrorCode.SIGNING_KEY_UNSUITABLE, "no-private-key")


def test_key_without_certificate(tmp_path: Path, ec_key: ec.EllipticCurvePrivateKey) -> None:
    error = refused(write_p12(tmp_path / "a.p12", ec_key, None), tmp_path)
    assert (error.code, error.params["cause"]) == (ErrorCode.SIGNING_KEY_UNSUITABLE, "no-certificate")


def test_keys_of_the_wrong_kind(tmp_path: Path, ec_key: ec.EllipticCurvePrivateKey) -> None:
    edwards = ed25519.Ed25519PrivateKey.generate()
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    odd = ec.generate_private_key(ec.SECP256K1())
    for key, cause in ((edwards, "algorithm"), (short, "too-short"), (odd, "algorithm")):
        error = refused(write_p12(tmp_path / "a.p12", key, certificate(key)), tmp_path)
        assert (error.code, error.params["cause"]) == (ErrorCode.SIGNING_KEY_UNSUITABLE, cause)
    for_tls = certificate(ec_key, usage=("key_agreement",))
    error = refused(write_p12(tmp_path / "a.p12", ec_key, for_tls), tmp_path)
    assert error.params["cause"] == "key-usage"


def test_a_certificate_without_key_usage_may_sign(tmp_path: Path, ec_key: ec.EllipticCurvePrivateKey) -> None:
    reference = write_p12(tmp_path / "a.p12", ec_key, certificate(ec_key, usage=None))
    assert open_key(reference, tmp_path, lambda: PASSWORD)


def test_in_date_at_its_very_limits_and_not_beyond(ec_key: ec.EllipticCurvePrivateKey) -> None:
    cert = certificate(ec_key)
    begins, ends = cert.not_valid_before_utc, cert.not_valid_after_utc
    require_usable(cert, begins, "k")
    require_usable(cert, ends, "k")
    for at, cause in (
        (begins - timedelta(seconds=1), "not-yet-valid"),
        (ends + timedelta(seconds=1), "expired"),
    ):
        with pytest.raises(ClerkError) as caught:
            require_usable(cert, at, "k")
        assert caught.value.code is ErrorCode.CERTIFICATE_EXPIRED
        assert caught.value.params["cause"] == cause


@pytest.mark.parametrize("reference", ["", "pkcs12", "pkcs12:", "file:a.p12", "pkcs11:", "pkcs11:/x.so"])
def test_references_nobody_understands(tmp_path: Path, reference: str) -> None:
    assert refused(reference, tmp_path).code is ErrorCode.USAGE


def test_practice_key_is_made_once_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = ensure_practice_key(tmp_path / "home", "Stadt Musterhausen", AT)
    again = ensure_practice_key(tmp_path / "home", "Stadt Musterhausen", AT + timedelta(days=300))
    assert first == again
    assert first.path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in first.path.parent.iterdir()] == [FILE_NAME]
    assert practice_authority(tmp_path / "home") == first.authority_certificate
    assert practice_authority(tmp_path) is None


def test_practice_key_says_what_it_is(tmp_path: Path) -> None:
    made = ensure_practice_key(
        tmp_path, "Große Kreisstadt Musterhausen an der Oberen Donau und am Neckar bei Ulm", AT
    )
    key = open_key(made.reference, Path("/nowhere"), lambda: made.password)
    assert "ÜBUNG – nicht rechtsgültig" in key.certificate.subject.rfc4514_string()
    assert "ÜBUNG – nicht rechtsgültig" in key.certificate.issuer.rfc4514_string()
    assert len(key.chain) == 1


@pytest.mark.parametrize("change", ["expiring", "damaged", "other office"])
def test_practice_key_is_made_anew_when_it_must(tmp_path: Path, change: str) -> None:
    first = ensure_practice_key(tmp_path, "Stadt A", AT)
    at, office = AT, "Stadt A"
    if change == "expiring":
        at = AT + timedelta(days=3 * 365 - 10)
    elif change == "damaged":
        first.path.write_bytes(first.path.read_bytes()[:100])
    else:
        office = "Stadt B"
    again = ensure_practice_key(tmp_path, office, at)
    assert again.authority_certificate != first.authority_certificate
    require_usable(open_key(again.reference, tmp_path, lambda: again.password).certificate, at, "k")


def test_practice_key_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ClerkError) as caught:
        ensure_practice_key(tmp_path / "file", "Stadt A", AT)
    assert caught.value.code is ErrorCode.HOME_NOT_WRITABLE
