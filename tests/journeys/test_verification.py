"""Verification from end to end: our own notices at home and abroad, and a forgery for a real case."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from clerk_app.bootstrap.entrance import main
from clerk_app.domain.decision_words import differences
from clerk_app.preview.renderer import Renderer
from clerk_app.signing.notice import render
from tests.journeys.conftest import Office
from tests.services.test_letters import DOG_TAX, letters
from tests.signing.foreign import ForeignAuthority, foreign_sign
from tests.signing.samples import AT, decision, with_facts

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_our_notice_at_home_abroad_and_forged(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    office.json("sync")
    case = office.case_by("idBundDeMailbox")
    path = tmp_path / "bescheid.pdf"
    office.json("decide", case["case_id"], "--outcome", "granted", "--output", str(path))

    at_home = office.json("verify", str(path))
    assert (at_home["verdict"], at_home["decision_check"]) == ("VALID", "as-recorded")
    assert at_home["decision_matches"] is True
    unnamed = office("verify", str(path), "--json", profile=False)
    assert (unnamed.exit_code, unnamed.document["decision_check"]) == (0, "as-recorded")

    monkeypatch.setenv("CLERK_APP_HOME", str(tmp_path / "elsewhere"))
    assert main(["verify", str(path), "--json"]) == 0
    abroad = json.loads(capsys.readouterr().out)
    assert (abroad["verdict"], abroad["decision_check"]) == ("VALID_UNTRUSTED", "as-printed")

    authority = ForeignAuthority.make()
    facts = {"caseReference": case["case_reference"], "outcome": "granted"}
    forged = tmp_path / "forged.pdf"
    letter = render(with_facts(decision(), **facts), AT).pdf
    forged.write_bytes(foreign_sign(letter, authority, authority.issue()))
    said = office("verify", str(forged), "--json")
    assert (said.exit_code, said.document["verdict"]) == (6, "INVALID")
    assert said.document["decision_check"] == "differs-from-record"
    assert "DECISION_DIFFERS" in said.document["reasons"]


OTHERS: dict[str, Any] = {
    "caseReference": "AZ-4711",
    "issuedOn": "2020-02-29",
    "subject": "Ganz etwas anderes wird hier entschieden",
    "authority": {"name": "Gemeinde Anderswo", "ars": "000000000000", "land": "BW"},
    "operative": ["Der Antrag wird aus Gründen abgelehnt, die nicht im Schreiben stehen."],
    "provisions": ["Die Nebenbestimmung steht nicht im Schreiben."],
    "fees": {"currency": "EUR", "items": [{"text": "", "euros": "99999.99", "basis": ""}], "sum": "99999.99"},
}


@pytest.mark.parametrize(("land", "key", "language"), [("BW", DOG_TAX, None), ("SN", None, "hsb")])
def test_no_letter_of_ours_contradicts_itself_and_every_change_is_found(
    land: str, key: str | None, language: str | None
) -> None:
    with Renderer() as renderer:
        for letter in letters(land, key, language):
            text = renderer.text(render(letter, NOW).pdf)
            facts = json.loads(letter.facts_json())
            assert differences(facts, text) == (), letter.kind
            for member, other in OTHERS.items():
                found = differences({**facts, member: other}, text)
                assert found is not None
                assert member in found, (letter.kind, member)
            if facts.get("outcome"):
                outcome = "refused" if facts["outcome"] == "granted" else "granted"
                assert differences({**facts, "outcome": outcome}, text) == ("outcome",)
