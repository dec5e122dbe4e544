"""The letter office as use cases see it."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.signature import Reason, Verdict, VerificationReport
from clerk_app.signing.desk import LetterDesk
from clerk_app.signing.practice import PracticeKey, ensure_practice_key
from tests.signing.conftest import Authority
from tests.signing.samples import AT, PASSWORD, certificate, decision, write_p12


@pytest.fixture
def practice(tmp_path: Path) -> PracticeKey:
    return ensure_practice_key(tmp_path / "practice", "Stadt Musterhausen", AT)


def desk(tmp_path: Path, practice: PracticeKey) -> LetterDesk:
    return LetterDesk(
        base=tmp_path,
        default_key=practice.reference,
        trust_roots=lambda: [practice.authority_certificate],
        reason="Bescheid",
        now=lambda: AT,
    )


def test_from_letter_to_verified_notice(tmp_path: Path, practice: PracticeKey) -> None:
    office = desk(tmp_path, practice)
    pdf, signature = office.sign(office.render(decision(practice=True), AT), None, lambda: practice.password)
    assert signature.verdict is Verdict.VALID
    assert signature.signing_at == AT
    assert "ÜBUNG" in signature.subject
    assert office.verify(pdf).verdict is Verdict.VALID
    stranger = LetterDesk(base=tmp_path, now=lambda: AT).verify(pdf)
    assert (stranger.verdict, stranger.reasons) == (Verdict.VALID_UNTRUSTED, (Reason.CERTIFICATE_UNKNOWN,))


def test_the_named_key_goes_before_the_default(
    tmp_path: Path, practice: PracticeKey, authority: Authority
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    reference = write_p12(
        tmp_path / "other.p12", key, certificate(key, issuer=authority.issuer, common="Andere")
    )
    office = desk(tmp_path, practice)
    _, signature = office.sign(office.render(decision(), AT), reference, lambda: PASSWORD)
    assert signature.subject == "Andere, DE"
    assert signature.verdict is Verdict.VALID_UNTRUSTED


def test_without_any_key(tmp_path: Path) -> None:
    office = LetterDesk(base=tmp_path)
    with pytest.raises(ClerkError) as caught:
        office.sign(office.render(decision(), AT), None, lambda: None)
    assert caught.value.code is ErrorCode.SIGNING_KEY_MISSING


def test_an_expired_key_signs_nothing(tmp_path: Path, practice: PracticeKey) -> None:
    late = LetterDesk(base=tmp_path, default_key=practice.reference, now=lambda: AT + timedelta(days=4000))
    with pytest.raises(ClerkError) as caught:
        late.sign(late.render(decision(), AT), None, lambda: practice.password)
    assert caught.value.code is ErrorCode.CERTIFICATE_EXPIRED


def test_a_batch_asks_for_its_password_once(tmp_path: Path, practice: PracticeKey) -> None:
    office = desk(tmp_path, practice)
    asked: list[int] = []

    def ask() -> str:
        asked.append(1)
        return practice.password

    pdf = office.render(decision(), AT)
    with office.keys_kept():
        for _ in range(3):
            office.sign(pdf, None, ask)
        assert len(asked) == 1
    office.sign(pdf, None, ask)
    assert len(asked) == 2


def test_a_wrong_password_in_a_batch_is_not_remembered(tmp_path: Path, practice: PracticeKey) -> None:
    office = desk(tmp_path, practice)
    pdf = office.render(decision(), AT)
    with office.keys_kept():
        with pytest.raises(ClerkError) as caught:
            office.sign(pdf, None, lambda: "falsch")
        assert caught.value.code is ErrorCode.SIGNING_PASSWORD_WRONG
        assert office.sign(pdf, None, lambda: practice.password)[1].verdict is Verdict.VALID


def test_the_desk_costs_nothing_until_used() -> None:
    libraries = ("reportlab", "pikepdf", "pyhanko", "cryptography", "pkcs11")
    names = f"[name for name in {libraries} if name in sys.modules]"
    script = f"import sys, clerk_app.signing.desk; print({names})"
    root = str(Path(__file__).resolve().parents[2])
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root)
    assert run.stdout.strip() == "[]"


def test_what_was_just_signed_is_judged_once_and_asked_later_judged_anew(
    tmp_path: Path, practice: PracticeKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    import clerk_app.signing.verify as judging

    office = desk(tmp_path, practice)
    judged: list[int] = []
    plain = judging.verify

    def counted(pdf: bytes, **more: Any) -> VerificationReport:
        judged.append(len(pdf))
        return plain(pdf, **more)

    monkeypatch.setattr(judging, "verify", counted)
    pdf, _ = office.sign(office.render(decision(practice=True), AT), None, lambda: practice.password)
    assert office.verify(pdf).verdict is Verdict.VALID
    assert len(judged) == 1
    assert office.verify(pdf).verdict is Verdict.VALID
    assert len(judged) == 2
    other, _ = office.sign(office.render(decision(practice=True), AT), None, lambda: practice.password)
    before = len(judged)
    assert office.verify(other + b" ").size == len(other) + 1
    assert len(judged) == before + 1, "one byte more is another document"
