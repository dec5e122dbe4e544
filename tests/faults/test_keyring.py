"""Row 19: a real gnome-keyring on a bus of its own, in eight states. Never plain text, never a silent loss,
and the municipality's recovery key opens what the keyring lost."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.faults.desktop_keyring import PASSWORD, Desktop, installed
from tests.matrix import record

ROW = "19 key store states, real gnome-keyring"
PROFILE = """\
[authority]
name = "Stadt Musterhausen"
ars = "081110000000"
land = "BW"

[[mailbox]]
portal = "service-bw"
api_version = 2
token_url = "https://portal.example/token"
submission_url = "https://portal.example/submission-api/"
destination_id = "7a2c8d1e-0f34-4b56-9a78-bc90de12f345"
client_id = "office"
client_secret = "keyring:mailbox-1"
decryption_keys = ["file:keys/enc.jwk"]
signing_key = "file:keys/sig.jwk"
"""
State = Callable[[Desktop, str], None]


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    if not installed():
        if os.environ.get("CI") == "true":
            pytest.fail("gnome-keyring and dbus are not installed, and under CI=true their tests must run")
        pytest.skip("gnome-keyring or dbus is not installed")
    with TemporaryDirectory(prefix="ks-") as folder:  # the path of a socket has 107 bytes at most
        made = Desktop(Path(folder) / "s")
        made.start()
        (made.root / "profile.toml").write_text(PROFILE)
        yield made
        made.stop()


class Office:
    """A real office (no practice home) in a session; ``mutant``: see ``keyring_client``."""

    def __init__(self, desktop: Desktop, mutant: str = "") -> None:
        self.desktop, self.mutant = desktop, mutant
        self.home = desktop.root / "home"

    def run(self, *argv: str) -> subprocess.CompletedProcess[str]:
        profile = str(self.desktop.root / "profile.toml")
        return self.desktop.client(
            self.mutant, "--home", str(self.home), "--profile", profile, *argv, "--json"
        )

    def code(self, *argv: str) -> str:
        """How a command ended: OK or the error's code."""
        done = self.run(*argv)
        document = json.loads(done.stdout) if done.stdout.startswith("{") else {}
        return "OK" if done.returncode == 0 else str(document.get("error", {}).get("code", done.stderr))

    @property
    def key_name(self) -> str:
        return f"data-key:{json.loads((self.home / 'office.json').read_text())['home_id']}"

    def holdings(self) -> dict[str, bytes]:
        """What must never change unasked."""
        names = ("ledger.db", "cache.db", "key.proof", "keys/data-key.check", "keys/data-key.recovery.json")
        return {n: (self.home / n).read_bytes() for n in names if (self.home / n).exists()}


def _none(desktop: Desktop, _name: str) -> None:
    desktop.extra["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={desktop.root}/nobody"


def _locked(desktop: Desktop, _name: str) -> None:
    desktop.kill_keyring()
    desktop.unlock(None)


def _null(desktop: Desktop, _name: str) -> None:
    desktop.extra["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"


def _plaintext(desktop: Desktop, _name: str) -> None:
    desktop.extra["PYTHON_KEYRING_BACKEND"] = "tests.faults.plain_backend.PlaintextKeyring"


def _killed(desktop: Desktop, _name: str) -> None:
    desktop.kill_keyring()


def _changed(desktop: Desktop, _name: str) -> None:
    desktop.kill_keyring()
    desktop.keyrings.rename(desktop.keyrings.with_name("keyrings-before"))
    desktop.keyrings.mkdir()
    desktop.unlock()


def _wrong(desktop: Desktop, name: str) -> None:
    desktop.keep(name, base64.b64encode(b"w" * 32).decode())


def _lost(desktop: Desktop, name: str) -> None:
    desktop.forget(name)


NO_ANSWER, UNSAFE, MISSING = {"KEYRING_UNAVAILABLE"}, {"KEYRING_UNSAFE"}, {"DATA_KEY_MISSING"}
STATES: dict[str, tuple[State, set[str]]] = {
    "none": (_none, NO_ANSWER),
    "locked": (_locked, NO_ANSWER),
    "null": (_null, UNSAFE),
    "plaintext": (_plaintext, UNSAFE),
    "killed": (_killed, NO_ANSWER),
    "changed": (_changed, MISSING),
    "wrong": (_wrong, {"DATA_KEY_WRONG"}),
    "lost": (_lost, MISSING),
}


def _put_right(desktop: Desktop, state: str, name: str, key: str) -> None:
    desktop.extra.clear()
    if state in ("locked", "killed"):
        desktop.kill_keyring()
        desktop.unlock(PASSWORD)
    elif state == "changed":
        desktop.kill_keyring()
        desktop.keyrings.rename(desktop.keyrings.with_name("keyrings-new"))
        desktop.keyrings.with_name("keyrings-before").rename(desktop.keyrings)
        desktop.unlock()
    elif state in ("wrong", "lost"):
        desktop.keep(name, key)


def violations(desktop: Desktop, mutant: str, states: dict[str, tuple[State, set[str]]]) -> list[str]:
    """What went wrong in an office that has data, and in one that is just being opened, in these states."""
    found: list[str] = []
    office = Office(desktop)
    assert office.code("cases") == "OK"
    key = desktop.kept(office.key_name)
    assert key is not None
    name, before = office.key_name, office.holdings()
    for state, (bring_about, expected) in states.items():
        bring_about(desktop, name)
        office.mutant = mutant
        said = office.code("cases")
        if said not in expected:
            found.append(f"{state}: {said}")
        if office.holdings() != before:
            found.append(f"{state}: what was kept has changed")
        if state in ("null", "plaintext", "none", "killed"):
            fresh = Office(desktop, mutant)
            fresh.home = desktop.root / f"fresh-{state}"
            if fresh.code("cases") == "OK" or (fresh.home / "ledger.db").exists():
                found.append(f"{state}: a new office keeps data without a safe key")
        if state in ("lost", "changed") and desktop.kept(name) is not None:
            found.append(f"{state}: another key was made")
        found += [f"{state}: key in plain sight in {path}" for path in _in_plain_sight(desktop, key)]
        office.mutant = ""
        _put_right(desktop, state, name, key)
        if (after := office.code("cases")) != "OK":
            found.append(f"{state}: put right, it says {after}")
            break
    return found


def _in_plain_sight(desktop: Desktop, key: str) -> list[Path]:
    raw = base64.b64decode(key)
    spelled = (key.encode(), raw, raw.hex().encode(), b"data-key:")
    return [
        path
        for path in desktop.root.rglob("*")
        if path.is_file() and any(each in path.read_bytes() for each in spelled)
    ]


def test_in_eight_states_nothing_is_lost_and_nothing_lies_open(desktop: Desktop) -> None:
    found = violations(desktop, "", STATES)
    record(ROW, len(STATES), len(found))
    assert found == []


@pytest.mark.parametrize(
    ("mutant", "state"), [("any", "null"), ("any", "plaintext"), ("another", "lost"), ("anew", "locked")]
)
def test_a_client_that_is_careless_with_its_key_is_caught(desktop: Desktop, mutant: str, state: str) -> None:
    assert violations(desktop, mutant, {state: STATES[state]}) != []


@pytest.fixture
def recovery(desktop: Desktop, tmp_path: Path) -> tuple[str, str]:
    """The municipality's recovery key: public, and private behind a password the session knows."""
    private = rsa.generate_private_key(65537, 3072)
    (tmp_path / "public.pem").write_bytes(
        private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    (tmp_path / "private.pem").write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"safe"),
        )
    )
    desktop.extra["CLERK_RECOVERY_PASSWORD"] = "safe"
    return str(tmp_path / "public.pem"), str(tmp_path / "private.pem")


def test_the_recovery_key_opens_what_the_keyring_lost(desktop: Desktop, recovery: tuple[str, str]) -> None:
    public, private = recovery
    office = Office(desktop)
    assert office.code("cases") == "OK"
    assert json.loads(office.run("key", "status").stdout)["recovery"] is None
    assert office.code("key", "wrap", "--public", public) == "OK"
    found = []
    for _ in range(2):  # with the key it was wrapped with, and with the one that came after it
        desktop.forget(office.key_name)
        if office.code("cases") != "DATA_KEY_MISSING":
            found.append("a key was made")
        if office.code("key", "recover", "--private", private) != "OK":
            found.append("not recovered")
        if office.code("cases") != "OK":
            found.append("recovered, it does not open")
        before = desktop.kept(office.key_name)
        assert office.code("key", "rotate") == "OK"
        assert desktop.kept(office.key_name) != before
        assert desktop.kept(f"{office.key_name}:next") is None
        assert office.code("audit", "verify") == "OK"
    record(ROW, 2, len(found))
    assert found == []


def test_a_backup_comes_back_on_a_machine_that_never_had_the_key(
    desktop: Desktop, recovery: tuple[str, str], tmp_path: Path
) -> None:
    public, private = recovery
    office = Office(desktop)
    assert office.code("cases") == "OK"
    kept = str(tmp_path / "kept.zip")
    assert office.code("key", "wrap", "--public", public) == "OK"
    assert office.code("backup", "create", kept) == "OK"
    name = office.key_name
    key = desktop.kept(name)
    assert key is not None
    for spelled in (key.encode(), base64.b64decode(key), base64.b64decode(key).hex().encode()):
        assert spelled not in Path(kept).read_bytes()

    desktop.forget(name)
    office.home.rename(desktop.root / "gone")
    found = []
    if office.code("backup", "restore", kept) != "DATA_KEY_MISSING":
        found.append("restored without a key")
    if desktop.kept(name) is not None or (office.home / "ledger.db").exists():
        found.append("something was made all the same")
    if office.code("backup", "restore", kept, "--private", private) != "OK":
        found.append("not restored")
    if desktop.kept(name) != key:
        found.append("the keyring does not hold the key")
    if office.code("cases") != "OK" or office.code("audit", "verify") != "LEDGER_OLDER":
        found.append("does not open as an older copy")
    assert json.loads(office.run("key", "status").stdout)["recovery"] is not None
    record(ROW, 1, len(found))
    assert found == []


def test_a_backup_of_an_earlier_key_joins_an_office_that_has_another(
    desktop: Desktop, recovery: tuple[str, str], tmp_path: Path
) -> None:
    public, private = recovery
    office = Office(desktop)
    assert office.code("cases") == "OK"
    assert office.code("key", "wrap", "--public", public) == "OK"
    kept = str(tmp_path / "kept.zip")
    assert office.code("backup", "create", kept) == "OK"
    assert office.code("key", "rotate") == "OK"
    now = desktop.kept(office.key_name)
    assert office.code("backup", "restore", kept) == "DATA_KEY_WRONG"
    assert office.code("backup", "restore", kept, "--private", private) == "OK"
    assert desktop.kept(office.key_name) == now, "the backup is sealed for the key of today"
    assert office.code("audit", "verify") == "OK"
