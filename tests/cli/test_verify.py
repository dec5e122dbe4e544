"""``clerk-app verify``: words for people, JSON for programs, an exit code for scripts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from clerk_app.bootstrap.entrance import main
from clerk_app.signing.notice import render
from tests.signing import tampering
from tests.signing.foreign import ForeignAuthority, foreign_sign
from tests.signing.samples import decision, with_facts

NOW = datetime.now(UTC) - timedelta(minutes=5)
STABLE = [
    "verdict",
    "reasons",
    "signed",
    "intact",
    "covers_whole_document",
    "modification",
    "subject",
    "issuer",
    "serial",
    "valid_from",
    "valid_to",
    "trusted",
    "expired",
    "signing_time",
    "level",
    "pdfa_claim",
    "pdfua_claim",
    "attached_decision",
    "decision_matches",
    "sha256",
    "size",
    "signatures",
    "path",
    "documents",
]


@pytest.fixture(scope="module")
def authority() -> ForeignAuthority:
    """An authority that is in date today: the command line judges now."""
    return ForeignAuthority.make(NOW - timedelta(days=400), NOW + timedelta(days=400))


@pytest.fixture(scope="module")
def letter(authority: ForeignAuthority) -> bytes:
    who = authority.issue(begins_at=NOW - timedelta(days=10), ends_at=NOW + timedelta(days=10))
    facts = {"caseReference": "32.1-00001/2026", "outcome": "granted", "fees": [{"euros": "148.50"}]}
    return foreign_sign(render(with_facts(decision(), **facts), NOW).pdf, authority, who, at=NOW, level="B-T")


@pytest.fixture
def root(authority: ForeignAuthority, tmp_path: Path) -> Path:
    path = tmp_path / "root.pem"
    path.write_bytes(authority.root.certificate.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLERK_APP_HOME", str(tmp_path / "nobody"))


def test_a_good_document(
    letter: bytes, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bescheid.pdf"
    path.write_bytes(letter)
    assert main(["verify", str(path), "--trust", str(root), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(STABLE) <= set(told)
    assert (told["verdict"], told["reasons"], told["level"]) == ("VALID", [], "B-T")
    assert told["sentence"].startswith("Gültig signiert von Erika Fremd")
    assert (told["decision_check"], told["decision_matches"]) == ("as-printed", True)
    assert told["time_stamps"][0]["trusted"] is True
    assert told["notes"] == ["REVOCATION_NOT_CHECKED"]
    assert told["findings"][0]["note"] is True

    assert main(["verify", str(path), "--trust", str(root)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("✓ ")
    assert "Zeitstempel der Signatur" in said
    assert "qualifi" not in said.lower()
    assert main(["verify", "-v", str(path)]) == 0
    assert "Seriennummer" in capsys.readouterr().out


def test_documents_that_do_not_pass(
    letter: bytes, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = {
        "changed.pdf": tampering.annotated(letter),
        "broken.pdf": tampering.content_flipped(letter),
        "cut.pdf": letter[:-2000],
        "empty.pdf": b"",
        "container.asice": b"PK\x03\x04 and so on",
    }
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    paths = [str(tmp_path / name) for name in made]
    assert main(["verify", *paths, "--trust", str(root), "--json"]) == 6
    told = json.loads(capsys.readouterr().out)["documents"]
    assert [each["verdict"] for each in told] == ["MODIFIED", "INVALID"] + ["NOT_A_PDF"] * 3
    assert main(["verify", *paths]) == 6
    said = capsys.readouterr().out
    for words in ("Verändert", "Ungültig", "fehlt das Ende", "leer", "ASiC"):
        assert words in said


def test_a_decision_that_contradicts_the_letter(
    authority: ForeignAuthority, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    who = authority.issue(begins_at=NOW - timedelta(days=10), ends_at=NOW + timedelta(days=10))
    facts = {"caseReference": "32.1-00001/2026", "outcome": "refused", "fees": [{"euros": "9.50"}]}
    path = tmp_path / "bescheid.pdf"
    path.write_bytes(foreign_sign(render(with_facts(decision(), **facts), NOW).pdf, authority, who, at=NOW))
    assert main(["verify", str(path), "--trust", str(root), "--json"]) == 6
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["decision_matches"]) == ("INDETERMINATE", False)
    assert told["decision_differences"] == ["outcome", "fees"]
    assert "Ergebnis, Gebühren" in told["findings"][0]["found"]


def test_what_cannot_be_opened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tmp_path / "none.pdf")]) == 6
    assert "gibt es nicht" in capsys.readouterr().err
    assert main(["verify", "/dev/zero"]) == 6
    assert capsys.readouterr().err.startswith("NOT_A_PDF: ")
    (tmp_path / "no.pem").write_text("kein Zertifikat")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    assert main(["verify", str(tmp_path / "a.pdf"), "--trust", str(tmp_path / "no.pem")]) == 2
    assert capsys.readouterr().err.startswith("KEY_FILE_INVALID: ")


def test_a_file_that_cannot_be_read_keeps_no_verdict_from_the_others(
    letter: bytes, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = tmp_path / "good.pdf"
    good.write_bytes(letter)

    code = main(["verify", str(tmp_path / "none.pdf"), str(good), "--trust", str(root), "--json"])

    said = capsys.readouterr()
    missing, judged = json.loads(said.out)["documents"]
    assert code == 6
    assert missing["error"]["code"] == "NOT_A_PDF"
    assert judged["verdict"] == "VALID"
    assert said.err.startswith("NOT_A_PDF: ")
    assert said.err.count("\n") == 1
