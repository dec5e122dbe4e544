"""The data key: never replaced, never in plain sight, practice and real never mixed."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.system.data_key import KEY_BYTES, obtain, restore, unwrap_recovery
from clerk_app.system.office_home import claim_home, read_office
from clerk_app.system.paths import Home, open_home
from clerk_app.system.profile import (
    Authority,
    DeliveryProfile,
    NetworkProfile,
    Profile,
)
from clerk_app.system.signing_profile import SigningProfile


class DictKeyring:
    """A keyring that keeps what it is given."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


class ForgetfulKeyring(DictKeyring):
    """Takes everything, keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        return None


REAL = Profile(
    Authority("Stadt Musterhausen", "081110000000", "BW"),
    (),
    SigningProfile(),
    None,
    False,
    DeliveryProfile(),
    NetworkProfile(),
    Path("profile.toml"),
    "0" * 64,
)
PRACTICE = replace(REAL, practice=True)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home", {})


def code_of(caught: pytest.ExceptionInfo[ClerkError]) -> ErrorCode:
    return caught.value.code


def test_a_practice_key_lies_in_a_file_that_says_so(home: Home) -> None:
    claim_home(home, PRACTICE)
    key = obtain(home, True, create=True)
    assert len(key) == KEY_BYTES
    assert obtain(home, True, create=False) == key
    path = home.keys / "practice.key"
    assert "PRACTICE" in path.read_text()
    assert os.name != "posix" or stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_real_key_lies_in_the_keyring_and_nowhere_in_the_home(home: Home) -> None:
    office = claim_home(home, REAL)
    box = DictKeyring()
    key = obtain(home, False, create=True, keyring=box)
    assert list(box.kept) == [("clerk-app", f"data-key:{office.home_id}")]
    assert obtain(home, False, create=False, keyring=box) == key
    text = next(iter(box.kept.values())).encode()
    for path in home.root.rglob("*"):
        if path.is_file():
            assert text not in path.read_bytes()
            assert key not in path.read_bytes()


def test_a_keyring_that_forgets_is_noticed_before_anything_is_encrypted(home: Home) -> None:
    claim_home(home, REAL)
    with pytest.raises(ClerkError) as caught:
        obtain(home, False, create=True, keyring=ForgetfulKeyring())
    assert code_of(caught) is ErrorCode.KEYRING_UNSAFE


def test_no_key_is_made_unasked(home: Home) -> None:
    claim_home(home, REAL)
    with pytest.raises(ClerkError) as caught:
        obtain(home, False, create=False, keyring=DictKeyring())
    assert code_of(caught) is ErrorCode.DATA_KEY_MISSING


@pytest.mark.parametrize("trace", ["ledger.db", "cache.db", "documents/ab", "keys/data-key.check"])
def test_a_lost_key_is_never_replaced_where_data_exists(home: Home, trace: str) -> None:
    claim_home(home, REAL)
    box = DictKeyring()
    (home.root / trace).write_bytes(b"something encrypted")
    with pytest.raises(ClerkError) as caught:
        obtain(home, False, create=True, keyring=box)
    assert code_of(caught) is ErrorCode.DATA_KEY_MISSING
    assert not box.kept


def test_another_homes_key_is_noticed(home: Home) -> None:
    office = claim_home(home, REAL)
    box = DictKeyring()
    obtain(home, False, create=True, keyring=box)
    other = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
    for kept in (other, "rubbish", ""):
        box.kept["clerk-app", f"data-key:{office.home_id}"] = kept
        with pytest.raises(ClerkError) as caught:
            obtain(home, False, create=True, keyring=box)
        assert code_of(caught) is ErrorCode.DATA_KEY_WRONG


def test_a_damaged_practice_key_is_not_replaced(home: Home) -> None:
    claim_home(home, PRACTICE)
    obtain(home, True, create=True)
    (home.keys / "practice.key").write_text("# nothing here\n")
    with pytest.raises(ClerkError) as caught:
        obtain(home, True, create=True)
    assert code_of(caught) is ErrorCode.DATA_KEY_WRONG


def test_practice_and_real_are_never_mixed(home: Home) -> None:
    claim_home(home, PRACTICE)
    obtain(home, True, create=True)
    with pytest.raises(ClerkError) as caught:
        claim_home(home, REAL)
    assert code_of(caught) is ErrorCode.PROFILE_OTHER_OFFICE
    assert caught.value.params["reason"] == "practice-home"
    with pytest.raises(ClerkError) as caught:
        obtain(home, False, create=True, keyring=DictKeyring())
    assert code_of(caught) is ErrorCode.PROFILE_OTHER_OFFICE


def test_a_practice_home_stays_practice_when_its_marker_is_lost(home: Home) -> None:
    claim_home(home, PRACTICE)
    obtain(home, True, create=True)
    home.office.unlink()
    with pytest.raises(ClerkError):
        claim_home(home, REAL)
    assert claim_home(home, PRACTICE).practice


def test_a_real_home_stays_real_when_its_marker_is_lost(home: Home) -> None:
    claim_home(home, REAL)
    home.ledger_db.write_bytes(b"encrypted")
    home.office.write_text("{damaged")
    with pytest.raises(ClerkError) as caught:
        claim_home(home, PRACTICE)
    assert code_of(caught) is ErrorCode.PROFILE_OTHER_OFFICE
    assert list(home.root.glob("office.json.damaged-*"))


def test_another_office_is_kept_out(home: Home) -> None:
    claim_home(home, REAL)
    other = replace(REAL, authority=Authority("Stadt Beispielstadt", "146120000000", "SN"))
    with pytest.raises(ClerkError) as caught:
        claim_home(home, other)
    assert caught.value.params == {
        "profile_office": "Stadt Beispielstadt",
        "home_office": "Stadt Musterhausen",
        "reason": "other-office",
    }
    renamed = replace(REAL, authority=replace(REAL.authority, name="Stadt Musterhausen am Neckar"))
    assert claim_home(home, renamed) == read_office(home)


def test_an_unclaimed_home_gets_no_key(home: Home) -> None:
    with pytest.raises(ClerkError) as caught:
        obtain(home, True, create=True)
    assert code_of(caught) is ErrorCode.PROFILE_OTHER_OFFICE


def test_the_recovery_key_opens_what_the_keyring_lost(home: Home) -> None:
    private = rsa.generate_private_key(65537, 2048)
    public_pem = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    private_pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    office = claim_home(home, REAL)
    key = obtain(home, False, create=True, keyring=DictKeyring(), recovery_public_key=public_pem)
    fresh = DictKeyring()
    with pytest.raises(ClerkError):
        obtain(home, False, create=True, keyring=fresh)
    recovered = unwrap_recovery(home, private_pem)
    assert recovered == key
    restore(home, recovered, office, fresh)
    assert obtain(home, False, create=False, keyring=fresh) == key
    with pytest.raises(ClerkError) as caught:
        restore(home, bytes(KEY_BYTES), office, fresh)
    assert code_of(caught) is ErrorCode.DATA_KEY_WRONG
    stranger = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(ClerkError) as caught:
        unwrap_recovery(home, stranger)
    assert code_of(caught) is ErrorCode.DATA_KEY_WRONG
