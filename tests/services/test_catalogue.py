"""The bundled descriptions: complete, consistent, and in step with what citizens of the practice portal
file.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from clerk_app.domain.correspondence import CORRESPONDENCE_KINDS
from clerk_app.domain.deadlines import ProcedureLaw
from clerk_app.domain.decision import Outcome
from clerk_app.domain.letter import LetterKind
from clerk_app.domain.letter_templates import HearingDuty
from clerk_app.services.catalogue import CatalogueError, ServiceCatalogue, resources_folder
from clerk_app.services.state_profile import load_state

EIGHT = (
    "99102013104000",
    "99050012104000",
    "99108001001000",
    "99107023037000",
    "99107022012000",
    "99027002012000",
    "99049001001000",
    "99012008001000",
    "99008001012000",
)
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def catalogue() -> ServiceCatalogue:
    return ServiceCatalogue("BW")


def test_the_services_of_the_design_are_described(catalogue: ServiceCatalogue) -> None:
    assert set(catalogue.keys()) == set(EIGHT)


@pytest.mark.parametrize("key", EIGHT)
def test_every_description_is_complete(catalogue: ServiceCatalogue, key: str) -> None:
    found = catalogue.find(f"urn:de:fim:leika:leistung:{key}")
    assert found.known
    assert found is catalogue.find(key)
    assert {template.outcome for template in found.templates} == set(Outcome)
    assert set(found.notices) == {LetterKind.DOCUMENT_REQUEST, *CORRESPONDENCE_KINDS}
    assert len({point.check_id for point in found.check_points}) == len(found.check_points)
    assert len({kind.key for kind in found.evidence}) == len(found.evidence)
    assert all(kind.keywords for kind in found.evidence)
    assert 0 < found.processing_days < 200
    load_state("BW").appeal(found.appeal, TODAY)
    load_state("SN").appeal(found.appeal, TODAY)


@pytest.mark.parametrize("land", ["BW", "SN"])
@pytest.mark.parametrize("key", EIGHT)
def test_letters_ask_only_for_blanks_that_are_always_filled(land: str, key: str) -> None:
    found = ServiceCatalogue(land).find(key)
    always = {"applicant", "service", "applied_on", "received_on", "date_on", "reference"}
    for item in found.templates:
        for words in (item.words, *item.translations.values()):
            texts = (words.subject, *words.operative, *words.reasons, *words.notes)
            assert blanks(*texts) <= always
    for kind, notice in found.notices.items():
        given = set(notice.needs) & {"authority"}
        for said in (notice.words, *notice.translations.values()):
            assert blanks(said.subject, *said.opening, *said.closing) <= always | given, kind
            assert blanks(*said.with_due) <= always | {"due_on"}
        for basis in notice.legal_basis:
            assert blanks(basis.text) <= ({"act"} if basis.law is ProcedureLaw.VWVFG else set())


def blanks(*texts: str) -> set[str]:
    return {blank for text in texts for blank in re.findall(r"\{([^}]*)\}", text)}


@pytest.mark.parametrize("key", EIGHT)
def test_a_granting_decision_names_its_law_in_both_laender(key: str) -> None:
    for land in ("BW", "SN"):
        template = ServiceCatalogue(land).find(key).template(Outcome.GRANTED)
        assert template is not None
        assert len([basis for basis in template.legal_basis if basis.holds(TODAY)]) == 1


def test_taxes_and_social_matters_have_their_own_procedure(catalogue: ServiceCatalogue) -> None:
    assert catalogue.find("99102013104000").procedure_law is ProcedureLaw.AO
    assert catalogue.find("99107023037000").procedure_law is ProcedureLaw.SGB_X
    assert catalogue.find("99050012104000").procedure_law is ProcedureLaw.VWVFG


@pytest.mark.parametrize("name", [None, "", "99999999999999", "urn:something:else", "../../etc/passwd"])
def test_an_unknown_service_is_described_generically(catalogue: ServiceCatalogue, name: str | None) -> None:
    found = catalogue.find(name)
    assert not found.known
    assert {template.outcome for template in found.templates} == set(Outcome)
    assert LetterKind.HEARING in found.notices


def test_a_template_is_chosen_by_outcome_and_name(catalogue: ServiceCatalogue) -> None:
    found = catalogue.find("99102013104000")
    named = found.template(Outcome.PARTLY_GRANTED, "ermaessigung-abgelehnt")
    assert named is found.template(Outcome.PARTLY_GRANTED)
    assert found.template(Outcome.GRANTED, "ermaessigung-abgelehnt") is None


def test_a_damaged_description_names_its_file(tmp_path: Path) -> None:
    for source in resources_folder("services").iterdir():
        (tmp_path / source.name).write_bytes(source.read_bytes())
    broken = tmp_path / "99102013104000.toml"
    for content in ("not = [toml", 'surprise = "key"', 'procedure_law = "?"', 'title = ["only German"]'):
        broken.write_text(content)
        with pytest.raises(CatalogueError, match="99102013104000"):
            ServiceCatalogue("BW", tmp_path).find("99102013104000")


def test_a_service_says_in_its_description_whether_to_hear_and_what_to_write(tmp_path: Path) -> None:
    for source in resources_folder("services").iterdir():
        (tmp_path / source.name).write_bytes(source.read_bytes())
    own = tmp_path / "99102013104000.toml"
    notice = '[[notice]]\nkind = "receipt"\nsubject = "Eigene Bestätigung"\nopening = ["Da."]\n'
    own.write_text('hearing = "none"\n' + own.read_text() + notice)

    found = ServiceCatalogue("BW", tmp_path).find("99102013104000")
    assert found.hearing is HearingDuty.NONE
    assert found.notices[LetterKind.RECEIPT].words.subject == "Eigene Bestätigung"
    assert found.notices[LetterKind.HEARING].needs == ("text", "due_on"), "the common one"
    own.write_text(own.read_text().replace('"receipt"', '"decision-granted"'))
    with pytest.raises(CatalogueError, match="decision-granted"):
        ServiceCatalogue("BW", tmp_path).find("99102013104000")


def test_evidence_a_check_names_must_exist(tmp_path: Path) -> None:
    for source in resources_folder("services").iterdir():
        text = source.read_text().replace('key = "liability"', 'key = "other"', 1)
        (tmp_path / source.name).write_text(text)
    with pytest.raises(CatalogueError, match="liability"):
        ServiceCatalogue("BW", tmp_path).find("99102013104000")


@pytest.mark.parametrize("key", EIGHT)
def test_facts_a_letter_repeats_have_labels(catalogue: ServiceCatalogue, key: str) -> None:
    found = catalogue.find(key)
    assert found.letter_facts
    assert all(found.label(path) for path in found.letter_facts)


def test_a_service_may_want_a_second_clerk_for_its_decisions(tmp_path: Path) -> None:
    common = (resources_folder("services") / "common.toml").read_text("utf-8")
    (tmp_path / "common.toml").write_text(common, "utf-8")
    head = 'leika_key = "99000000000000"\ntitle = ["Leistung", "Service"]\n'
    for value, wanted in (("true", True), ("false", False)):
        (tmp_path / "99000000000000.toml").write_text(f"{head}four_eyes = {value}\n", "utf-8")
        assert ServiceCatalogue("BW", tmp_path).find("99000000000000").four_eyes is wanted
    assert not ServiceCatalogue("BW", tmp_path).find(None).four_eyes
    (tmp_path / "99000000000000.toml").write_text(f"{head}four_eyes = 1\n", "utf-8")
    with pytest.raises(CatalogueError):
        ServiceCatalogue("BW", tmp_path).find("99000000000000")
