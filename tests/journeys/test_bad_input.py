"""What bad input gets: a code, a sentence in each language, an exit code, and nothing lost."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from clerk_app.sandbox.server import RunningSandbox
from clerk_app.system.instance import InstanceLock
from clerk_app.system.paths import Home
from tests.journeys.conftest import Office


def assert_error(office: Office, argv: list[str], code: str, exit_code: int) -> dict[str, object]:
    """The command fails the same way for a person and for a script."""
    said = office(*argv, "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (exit_code, code), said.err
    assert said.err.startswith(f"{code}: ")
    assert said.err.count("\n") == len(said.document.get("failures", [1])), "one line each"
    error: dict[str, object] = said.document["error"]
    assert error["message"]
    return error


LIES = [
    ("html-login", "PORTAL_NOT_ITSELF", 3),
    ("wrong-content-type", "PORTAL_NOT_ITSELF", 3),
    ("truncated-body", "TRANSFER_INCOMPLETE", 3),
    ("5xx", "PORTAL_DISTURBED", 3),
    ("refuse", "PORTAL_UNREACHABLE", 3),
]


@pytest.mark.parametrize(("fault", "code", "exit_code"), LIES)
def test_a_lying_portal_costs_nothing(
    office: Office, portal: RunningSandbox, fault: str, code: str, exit_code: int
) -> None:
    office.json("sync")
    before = office.json("cases")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    office.json("decide", case_id, "--outcome", "granted", "--now")

    portal.switch_fault(fault)
    assert_error(office, ["sync"], code, exit_code)
    portal.switch_fault(fault, on=False)

    summary = office.json("sync")
    assert (summary["delivered"], summary["waiting"]) == (1, 0)
    assert len(office.json("cases")) == len(before)


@pytest.mark.parametrize("fault", ["429:2", "expired-token:3", "stale-list", "slow:3", "clock-skew"])
def test_a_difficult_portal_is_borne(office: Office, portal: RunningSandbox, fault: str) -> None:
    portal.switch_fault(fault)
    office("sync")
    portal.switch_fault(fault.split(":")[0], on=False)
    office("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    office.json("decide", case_id, "--outcome", "granted", "--now")
    portal.switch_fault(fault)
    office("sync")
    portal.switch_fault(fault.split(":")[0], on=False)

    summary = office.json("sync")
    assert summary["waiting"] == 0
    states = {entry["state"] for entry in office.json("outbox")}
    assert states == {"DELIVERED"}


@pytest.mark.parametrize("point", ["submissions", "attachments", "events"])
def test_an_answer_lost_on_the_way_is_settled(office: Office, portal: RunningSandbox, point: str) -> None:
    portal.switch_fault(f"drop-after-receiving:2:{point}")
    office("sync")
    portal.switch_fault("drop-after-receiving", on=False)
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    decision = office.json("decide", case_id, "--outcome", "granted", "--now")
    portal.switch_fault(f"drop-after-receiving:2:{point}")
    office("sync")
    portal.switch_fault("drop-after-receiving", on=False)
    office.json("sync")

    entry = next(e for e in office.json("outbox") if e["entry_id"] == decision["entry_id"])
    assert entry["state"] == "DELIVERED"
    address = office.json("case", case_id)["applications"][0]["reply_channel"]["address"]
    messages = portal.citizens.mailbox(address["mailboxUuid"]).messages
    arrived = [file.filename for message in messages for file in message.files]
    assert len([name for name in arrived if name.startswith("Bescheid-")]) == 1


@pytest.mark.parametrize("fault", ["forged-event", "reordered-events", "hash-mismatch"])
def test_a_forged_portal_is_never_believed(office: Office, portal: RunningSandbox, fault: str) -> None:
    portal.switch_fault(fault)
    said = office("sync", "--json")
    summary = said.document
    assert summary["received"] == 0
    portal.switch_fault(fault, on=False)
    assert all(row["status"] == "quarantined" for row in office.json("cases"))


def test_wrong_credentials(office: Office, portal: RunningSandbox) -> None:
    text = re.sub(r'client_id = ".*"', 'client_id = "somebody-else"', office.profile.read_text())
    office.profile.write_text(text)

    assert_error(office, ["sync"], "SIGN_IN_FAILED", 4)


def test_a_profile_with_a_typo_names_key_file_and_line(office: Office) -> None:
    text = office.profile.read_text().replace("destination_id", "destinaton_id", 1)
    office.profile.write_text(text)
    line = next(n for n, each in enumerate(text.splitlines(), 1) if "destinaton_id" in each)

    said = office("cases", "--json")

    assert said.exit_code == 2
    error = said.document["error"]
    assert error["code"] in ("PROFILE_KEY_UNKNOWN", "PROFILE_KEY_MISSING")
    for part in ("destinaton_id", str(line), office.profile.name):
        assert part in error["message"], error


def test_a_profile_without_a_needed_key(office: Office) -> None:
    lines = [each for each in office.profile.read_text().splitlines() if not each.startswith("token_url")]
    office.profile.write_text("\n".join(lines) + "\n")

    error = assert_error(office, ["cases"], "PROFILE_KEY_MISSING", 2)
    assert "token_url" in str(error["message"])


def test_no_profile_at_all(office: Office, tmp_path: Path) -> None:
    office.profile = tmp_path / "nowhere.toml"
    assert_error(office, ["cases"], "PROFILE_MISSING", 2)


def test_a_second_instance_is_told_and_harms_nothing(office: Office, portal: RunningSandbox) -> None:
    office.json("sync")
    with InstanceLock(Home(office.home)):
        assert office("cases").exit_code == 0, "reading works beside a running window"
        assert_error(office, ["sync"], "INSTANCE_RUNNING", 5)
    assert office("sync").exit_code == 0


def make_p12(path: Path, password: bytes, days: int = 30) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Siegel Prüfstadt")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(
            x509.KeyUsage(True, True, False, False, False, False, False, False, False), critical=True
        )
        .sign(key, hashes.SHA256())
    )
    locked = serialization.BestAvailableEncryption(password)
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", key, certificate, None, locked))
    return path


def test_an_office_key_and_its_password(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    key = f"pkcs12:{make_p12(tmp_path / 'seal.p12', b'richtig')}"
    decide = ["decide", case_id, "--outcome", "granted", "--sign", key]

    monkeypatch.setenv("CLERK_SIGNING_PASSWORD", "falsch")
    assert_error(office, decide, "SIGNING_PASSWORD_WRONG", 4)
    assert office.json("outbox") == [], "nothing was queued"

    monkeypatch.setenv("CLERK_SIGNING_PASSWORD", "richtig")
    decision = office.json(*decide)
    assert decision["signature"]["subject"] == "Siegel Prüfstadt"


def test_keys_that_cannot_sign(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    monkeypatch.setenv("CLERK_SIGNING_PASSWORD", "x")
    expired = make_p12(tmp_path / "old.p12", b"x", days=-1)
    (tmp_path / "junk.p12").write_bytes(b"no key at all")
    for reference, code in (
        (f"pkcs12:{expired}", "CERTIFICATE_EXPIRED"),
        (f"pkcs12:{tmp_path / 'junk.p12'}", "KEY_FILE_INVALID"),
        (f"pkcs12:{tmp_path / 'none.p12'}", "SIGNING_KEY_MISSING"),
    ):
        said = office("decide", case_id, "--outcome", "granted", "--sign", reference, "--json")
        assert said.document["error"]["code"] == code
        assert said.exit_code != 0
    assert office.json("outbox") == []


def test_verify_tells_a_changed_document_from_an_intact_one(office: Office, tmp_path: Path) -> None:
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    pdf = tmp_path / "bescheid.pdf"
    office.json("decide", case_id, "--outcome", "granted", "--output", str(pdf))
    changed = bytearray(pdf.read_bytes())
    changed[len(changed) // 3] ^= 1
    (tmp_path / "changed.pdf").write_bytes(bytes(changed))
    (tmp_path / "letter.txt").write_text("kein PDF")

    assert office("verify", str(pdf), profile=False).exit_code == 0
    for name in ("changed.pdf", "letter.txt", "missing.pdf"):
        assert office("verify", str(tmp_path / name), profile=False).exit_code == 6
    elsewhere = Office(tmp_path / "other-home", office.profile)
    said = elsewhere("verify", str(pdf), "--json", profile=False)
    assert (said.exit_code, said.document["verdict"]) == (0, "VALID_UNTRUSTED")


@pytest.mark.parametrize("place", ["no/such/folder.pdf", ".", "/dev/null"])
def test_an_output_that_cannot_be_written_is_said_before_signing(
    office: Office, tmp_path: Path, place: str
) -> None:
    office.json("sync")
    case_id = office.case_by("idBundDeMailbox")["case_id"]
    decide = ["decide", case_id, "--outcome", "granted", "--output", str(tmp_path / place)]

    assert_error(office, decide, "OUTPUT_NOT_WRITABLE", 2)
    assert office.json("outbox") == []
    assert list(tmp_path.glob(".clerk-*")) == [], "no half file is left behind"


def test_english_is_spoken_too(office: Office) -> None:
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "clerk_app",
            "--home",
            str(office.home),
            "case",
            "x",
            "--profile",
            "none.toml",
        ],
        capture_output=True,
        text=True,
        env={"CLERK_LANGUAGE": "en", "PATH": "", "HOME": str(office.home), "PYTHONUTF8": "1"},
        check=False,
    )

    assert result.returncode == 2
    assert result.stderr.startswith("PROFILE_MISSING: ")
    assert "profile" in result.stderr.split(":", 1)[1].lower()
    assert "nicht" not in result.stderr
