"""What is found in key and letter before a PIN is spent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from clerk_app.domain.decision import DraftDecision, Finding, FindingLevel, Outcome, Wording
from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.letter import AppealNotice
from clerk_app.domain.signature import PinTries, SignatureLevel, SignerKind, SigningDemand
from clerk_app.services.catalogue import ServiceCatalogue
from tests.usecases.house import RULES, House, code_of

BLOCK, WARN = FindingLevel.BLOCK, FindingLevel.WARN


def drafted(house: House) -> DraftDecision:
    return house.desk.deciding.draft(house.arrives(), Outcome.GRANTED)


def found(house: House, draft: DraftDecision) -> dict[str, Finding]:
    return {each.code: each for each in house.desk.deciding.preflight(draft)}


def sign(house: House, draft: DraftDecision) -> object:
    return house.desk.deciding.sign(draft, lambda: None)


@pytest.mark.parametrize(
    ("problem", "finding", "code"),
    [
        (ErrorCode.SIGNING_KEY_MISSING, "key-missing", ErrorCode.SIGNING_KEY_MISSING),
        (ErrorCode.KEY_FILE_INVALID, "key-missing", ErrorCode.KEY_FILE_INVALID),
        (ErrorCode.CERTIFICATE_EXPIRED, "certificate-expired", ErrorCode.CERTIFICATE_EXPIRED),
        (ErrorCode.CERTIFICATE_REVOKED, "certificate-revoked", ErrorCode.CERTIFICATE_REVOKED),
        (ErrorCode.SIGNING_KEY_UNSUITABLE, "key-usage", ErrorCode.SIGNING_KEY_UNSUITABLE),
        (ErrorCode.SIGNING_PIN_LOCKED, "pin-locked", ErrorCode.SIGNING_PIN_LOCKED),
    ],
)
def test_a_key_that_must_not_sign_blocks_before_anybody_types(
    house: House, problem: ErrorCode, finding: str, code: ErrorCode
) -> None:
    draft = drafted(house)
    house.letters.key = replace(house.letters.key, problem=problem.value)
    assert found(house, draft)[finding].level is BLOCK
    assert code_of(lambda: sign(house, draft)) is code
    assert "sign" not in house.letters.asked
    assert house.outbox() == []


def test_what_only_warns_about_a_key(house: House) -> None:
    draft = drafted(house)
    now = house.clock.now()
    house.letters.key = replace(
        house.letters.key, valid_to=now + timedelta(days=29), pin_tries=PinTries.FINAL
    )
    house.letters.offline = True
    findings = found(house, draft)
    assert {each.level for each in findings.values()} == {WARN}
    assert set(findings) == {"certificate-expiring", "pin-final-try", "level-offline"}
    assert dict(findings["certificate-expiring"].params)["valid_to"] == "2026-12-23"
    sign(house, draft)

    house.letters.key = replace(house.letters.key, valid_to=now + timedelta(days=31), pin_tries=PinTries.LOW)
    house.letters.offline = False
    assert found(house, drafted(house)) == {}


def test_a_remote_service_that_is_away_may_be_back_when_the_clerk_signs(house: House) -> None:
    house.letters.key = replace(house.letters.key, problem=ErrorCode.SIGNING_SERVICE_UNAVAILABLE.value)
    draft = drafted(house)
    assert found(house, draft)["signing-service-offline"].level is WARN
    sign(house, draft)


def test_a_level_the_profile_cannot_reach(house: House) -> None:
    draft = drafted(house)
    house.letters.level, house.letters.missing = SignatureLevel.B_LTA, "timestamp_url"
    finding = found(house, draft)["level-not-reachable"]
    assert (finding.level, dict(finding.params)) == (
        BLOCK,
        {"level": "B-LTA", "cause": "timestamp_url"},
    )
    assert code_of(lambda: sign(house, draft)) is ErrorCode.SIGNATURE_LEVEL_UNREACHABLE


def test_who_must_sign_and_how_strongly_comes_from_the_service(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = drafted(house)
    sign(house, draft)
    assert house.letters.demanded == [SigningDemand()]

    demand = SigningDemand(SignatureLevel.B_LT, SignerKind.PERSONAL)
    monkeypatch.setattr(type(RULES), "signing_demand", lambda self, case: demand)
    draft = drafted(house)
    finding = found(house, draft)["signer-kind-wrong"]
    assert (finding.level, dict(finding.params)) == (BLOCK, {"signer": "personal"})
    assert code_of(lambda: sign(house, draft)) is ErrorCode.PREFLIGHT_FAILED

    house.letters.key = replace(house.letters.key, kind=SignerKind.PERSONAL)
    assert house.desk.deciding.outlook(draft.case_id).level is SignatureLevel.B_LT
    sign(house, draft)
    assert house.letters.demanded[-1] == demand


def test_a_package_says_level_and_signer(tmp_path: object) -> None:
    from pathlib import Path
    from shutil import copytree

    from clerk_app.services.catalogue import CatalogueError, resources_folder

    folder = Path(str(tmp_path)) / "packages"
    copytree(resources_folder("packages"), folder)
    key = ServiceCatalogue("BW", folder).keys()[0]
    path = next(folder.glob(f"{key}-*")) / "package.toml"
    plain = path.read_text(encoding="utf-8")
    assert ServiceCatalogue("BW", folder).find(key).signature_level is SignatureLevel.B_B
    level, signer = 'signature_level = "B-LTA"', 'signer = "seal"'
    path.write_text(plain.replace("[procedure]", f"[procedure]\n{level}\n{signer}"), encoding="utf-8")
    described = ServiceCatalogue("BW", folder).find(key)
    assert (described.signature_level, described.signer) == (SignatureLevel.B_LTA, SignerKind.SEAL)
    for wrong in ('signature_level = "qualified"', 'signer = "boss"'):
        path.write_text(plain.replace("[procedure]", f"[procedure]\n{wrong}"), encoding="utf-8")
        with pytest.raises(CatalogueError, match=key):
            ServiceCatalogue("BW", folder).find(key)


def test_a_letter_to_somebody_else_is_never_signed(house: House) -> None:
    draft = drafted(house)
    draft = replace(draft, letter=replace(draft.letter, recipient=("Frau", "Jemand Anderes")))
    assert found(house, draft)["recipient-differs"].level is BLOCK
    assert code_of(lambda: sign(house, draft)) is ErrorCode.PREFLIGHT_FAILED
    assert house.letters.asked == []


def test_an_appeal_notice_that_is_not_todays_is_never_signed(house: House) -> None:
    draft = house.desk.deciding.draft(house.arrives(), Outcome.REFUSED, Wording(reasons="Weil."))
    blocks = tuple(
        replace(block, text=block.text + " Oder auch nicht.") if isinstance(block, AppealNotice) else block
        for block in draft.letter.blocks
    )
    draft = replace(draft, letter=replace(draft.letter, blocks=blocks))
    assert found(house, draft)["appeal-notice-wrong"].level is BLOCK
    assert code_of(lambda: sign(house, draft)) is ErrorCode.PREFLIGHT_FAILED


def test_a_letter_of_yesterday_says_so(house: House) -> None:
    draft = drafted(house)
    house.clock.pass_(days=1)
    assert found(house, draft)["letter-date-past"].level is WARN
