"""Built and signed packages: the same bytes for the same content, and no byte changes unseen."""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
import random
import zipfile
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.package import FaultReason as R
from clerk_app.domain.package import PackageFaultyError
from clerk_app.services.packages.archive import archive_name, build, complete, mark_of
from clerk_app.services.packages.files import PackageFiles, read_package
from clerk_app.services.packages.lint import lint
from clerk_app.services.packages.packing import pack
from clerk_app.services.packages.reading import describe, manifest_of
from clerk_app.services.packages.signature import key_id, sign, signer
from tests.services.packages.small import APP, small_files, write

KEY = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


def private_pem(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey, password: bytes = b"") -> bytes:
    guard: KeySerializationEncryption = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, guard)


def public_pem(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture
def small(tmp_path: Path) -> PackageFiles:
    return write(tmp_path / "small", small_files())


@pytest.fixture
def signed(small: PackageFiles) -> bytes:
    return sign(build(small), private_pem(KEY))


def refused(files: PackageFiles, *trusted: bytes) -> tuple[ErrorCode, dict[str, object]]:
    with pytest.raises(ClerkError) as caught:
        signer(files, trusted)
    return caught.value.code, caught.value.params


def test_the_same_content_gives_the_same_bytes(tmp_path: Path, small: PackageFiles) -> None:
    first = build(small)
    shuffled = dict(reversed(small_files().items()))
    assert build(write(tmp_path / "again", shuffled)) == first
    assert build(read_package(first)) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.testzip() is None
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist() == sorted(archive.namelist())
        assert {"base.toml", "contents.json"} <= set(archive.namelist())
    assert build(small.with_file("lists.toml", b"")) != first
    assert archive_name(manifest_of(small)) == "de.beispiel.marktstand-1.0.0.zip"


def test_a_package_keeps_the_base_it_was_built_with(small: PackageFiles) -> None:
    changed = complete(small)["base.toml"].replace(b"processing_days = 90", b"processing_days = 91")
    built = read_package(build(small.with_file("base.toml", changed)))
    assert built["base.toml"] == changed
    assert build(built) == build(small.with_file("base.toml", changed))


def test_folder_archive_and_signed_archive_bear_one_mark(small: PackageFiles, signed: bytes) -> None:
    manifest = manifest_of(small)
    marks = {mark_of(files, manifest) for files in (small, read_package(build(small)), read_package(signed))}
    assert len(marks) == 1
    assert describe(small).package in marks
    assert mark_of(small.with_file("fees.toml", b""), manifest) not in marks


def test_a_signature_by_a_trusted_publisher_is_named(small: PackageFiles, signed: bytes) -> None:
    files = read_package(signed)
    assert files.altered == ()
    assert signer(files, [public_pem(OTHER), public_pem(KEY)]) == key_id(KEY.public_key())
    assert lint(files, APP) == ()
    assert signer(read_package(build(small)), [public_pem(KEY)]) is None
    assert signer(small, []) is None
    assert sign(signed, private_pem(KEY)) == signed, "Ed25519 gives the same signature again"
    assert signer(read_package(sign(signed, private_pem(OTHER))), [public_pem(OTHER)]) is not None


def test_a_key_may_have_a_password_and_a_certificate(small: PackageFiles) -> None:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Herausgeber")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
        .sign(KEY, None)
    )
    guarded = private_pem(KEY, b"geheim")
    files = read_package(sign(build(small), guarded, b"geheim"))
    assert signer(files, [certificate.public_bytes(Encoding.PEM)]) == key_id(KEY.public_key())
    for password, code in (
        (None, ErrorCode.SIGNING_PASSWORD_NEEDED),
        (b"", ErrorCode.SIGNING_PASSWORD_NEEDED),
        (b"falsch", ErrorCode.SIGNING_PASSWORD_WRONG),
    ):
        with pytest.raises(ClerkError) as caught:
            sign(build(small), guarded, password)
        assert caught.value.code is code


@pytest.mark.parametrize(
    ("pem", "reason"),
    [
        (private_pem(ec.generate_private_key(ec.SECP256R1())), "algorithm"),
        (public_pem(KEY), "not-pem"),
        (b"no key", "not-pem"),
    ],
)
def test_other_keys_do_not_sign(small: PackageFiles, pem: bytes, reason: str) -> None:
    with pytest.raises(ClerkError) as caught:
        sign(build(small), pem)
    assert (caught.value.code, caught.value.params) == (
        ErrorCode.SIGNING_KEY_UNSUITABLE,
        {"reason": reason},
    )


def test_an_unknown_publisher_is_not_believed(signed: bytes) -> None:
    files = read_package(signed)
    mine = key_id(KEY.public_key())
    assert refused(files) == (ErrorCode.PACKAGE_SIGNER_UNKNOWN, {"signer": mine})
    assert refused(files, public_pem(OTHER)) == (ErrorCode.PACKAGE_SIGNER_UNKNOWN, {"signer": mine})
    for wrong in (b"no key", public_pem(ec.generate_private_key(ec.SECP256R1())), private_pem(KEY)):
        assert refused(files, wrong)[0] is ErrorCode.KEY_FILE_INVALID


def test_a_signature_of_somebody_else_under_a_trusted_name_is_broken(signed: bytes) -> None:
    files = read_package(sign(signed, private_pem(OTHER)))
    claimed = {**json.loads(files["signature.json"]), "key": key_id(KEY.public_key())}
    forged = files.with_file("signature.json", json.dumps(claimed).encode())
    assert refused(forged, public_pem(KEY)) == (
        ErrorCode.PACKAGE_SIGNATURE_BROKEN,
        {"file": "contents.json"},
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"algorithm": "none", "key": "", "signature": ""}',
        b'{"algorithm": "Ed25519", "key": 1, "signature": ""}',
        b"[" * 10_000,
    ],
)
def test_a_signature_file_that_is_none_is_broken(signed: bytes, content: bytes) -> None:
    files = read_package(pack(read_package(signed).with_file("signature.json", content)))
    assert refused(files, public_pem(KEY)) == (
        ErrorCode.PACKAGE_SIGNATURE_BROKEN,
        {"file": "signature.json"},
    )


def test_a_changed_file_is_named(small: PackageFiles, signed: bytes) -> None:
    files = read_package(signed)
    fee = files["fees.toml"].replace(b"12.50", b"99.50")
    changed = read_package(pack(files.with_file("fees.toml", fee)))
    assert [(fault.file, fault.reason) for fault in changed.altered] == [("fees.toml", R.CONTENTS_WRONG)]
    assert [(fault.file, fault.reason) for fault in lint(changed, APP)] == [("fees.toml", R.CONTENTS_WRONG)]
    assert refused(changed, public_pem(KEY)) == (ErrorCode.PACKAGE_SIGNATURE_BROKEN, {"file": "fees.toml"})
    with pytest.raises(PackageFaultyError):
        sign(pack(files.with_file("fees.toml", fee)), private_pem(KEY))

    without = read_package(pack(files.without("fees.toml", "base.toml")))
    assert {fault.file for fault in without.altered} == {"fees.toml", "base.toml"}
    more = read_package(pack(files.with_file("samples/mehr.json", b"{}")))
    assert refused(more, public_pem(KEY))[1] == {"file": "samples/mehr.json"}


def test_a_recomputed_table_of_contents_breaks_the_signature(small: PackageFiles, signed: bytes) -> None:
    signature = read_package(signed)["signature.json"]
    other = complete(small.with_file("fees.toml", b"")).with_file("signature.json", signature)
    files = read_package(pack(other))
    assert files.altered == ()
    assert refused(files, public_pem(KEY)) == (
        ErrorCode.PACKAGE_SIGNATURE_BROKEN,
        {"file": "contents.json"},
    )
    bare = read_package(pack(other.without("contents.json")))
    assert refused(bare, public_pem(KEY))[0] is ErrorCode.PACKAGE_SIGNATURE_BROKEN


def test_the_same_files_packed_otherwise_are_not_the_package(signed: bytes) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in read_package(signed).items():
            archive.writestr(zipfile.ZipInfo(name), content)
    files = read_package(target.getvalue(), "x.zip")
    assert [(fault.file, fault.reason) for fault in files.altered] == [("x.zip", R.ARCHIVE_NOT_AS_BUILT)]
    assert refused(files, public_pem(KEY))[0] is ErrorCode.PACKAGE_SIGNATURE_BROKEN


def test_a_flipped_byte_anywhere_is_noticed(signed: bytes) -> None:
    """Every byte of the archive's bookkeeping, and a sample of those of its texts."""
    bookkeeping = signed.index(b"PK\x01\x02")
    headers = [at + offset for at in _all(signed, b"PK\x03\x04") for offset in range(30)]
    texts = random.Random(7).sample(range(bookkeeping), 400)
    for at in sorted({*headers, *texts, *range(bookkeeping, len(signed))}):
        bit = 1 << (at % 8)
        changed = signed[:at] + bytes([signed[at] ^ bit]) + signed[at + 1 :]
        assert not believed(changed), f"byte {at} changed unseen"


@pytest.mark.parametrize("extra", [b"\0", b"PK\x05\x06" + bytes(18)])
def test_nothing_can_be_put_before_or_after_an_archive(signed: bytes, extra: bytes) -> None:
    assert believed(signed)
    assert not believed(signed + extra)
    assert not believed(extra + signed)


def test_a_signature_is_over_the_contents_alone(signed: bytes) -> None:
    files = read_package(signed)
    signature = json.loads(files["signature.json"])
    KEY.public_key().verify(base64.b64decode(signature["signature"]), files["contents.json"])
    assert signature["algorithm"] == "Ed25519"


def believed(archive: bytes) -> bool:
    """Whether it is taken, or passes for an unsigned package."""
    try:
        signer(read_package(archive), [public_pem(KEY)])
    except ClerkError as error:
        return error.code not in (ErrorCode.PACKAGE_FAULTY, ErrorCode.PACKAGE_SIGNATURE_BROKEN)
    return True


def _all(content: bytes, part: bytes) -> list[int]:
    found, at = [], content.find(part)
    while at >= 0:
        found.append(at)
        at = content.find(part, at + 1)
    return found
