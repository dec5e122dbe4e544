"""The bundled descriptions: complete, consistent, and in step with what citizens of the practice portal
file.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clerk_app.domain.correspondence import CORRESPONDENCE_KINDS
from clerk_app.domain.deadlines import ProcedureLaw
from clerk_app.domain.decision import Outcome
from clerk_app.domain.letter import LetterKind
from clerk_app.domain.letter_templates import HearingDuty
from clerk_app.services.catalogue import CatalogueError, ServiceCatalogue, resources_folder
from clerk_app.services.state_profile import load_state

SERVICES = (
    "99102013104000",
    "99050012104000",
    "99108001001000",
    "99107023037000",
    "99107022012000",
    "99027002012000",
    "99049001001000",
    "99012008001000",
    "99008001012000",
    "99115005104000",
)
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def catalogue() -> ServiceCatalogue:
    return ServiceCatalogue("BW")


def test_the_services_of_the_design_are_described(catalogue: ServiceCatalogue) -> None:
    assert set(catalogue.keys()) == set(SERVICES)


@pytest.mark.parametrize("key", SERVICES)
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
@pytest.mark.parametrize("key", SERVICES)
def test_letters_ask_only_for_blanks_that_are_always_filled(land: str, key: str) -> None:
    found = ServiceCatalogue(land).find(key)
    always = {"applicant", "service", "applied_on", "received_on", "date_on", "reference", *demanded(key)}
    for item in found.templates:
        for words in (item.words, *item.translations.values()):
            texts = (words.subject, *words.operative, *words.reasons, *words.notes)
            assert blanks(*texts) <= always
    for kind, notice in found.notices.items():
        given = set(notice.needs) & {"authority"}
        if kind is LetterKind.FORWARDING_NOTICE:
            given |= {"first_received_on"}
        for said in (notice.words, *notice.translations.values()):
            known = (
                always | given | ({"first_received_on"} if kind is LetterKind.FORWARDING_NOTICE else set())
            )
            assert blanks(said.subject, *said.opening, *said.closing) <= known, kind
            assert blanks(*said.with_due) <= always | {"due_on"}
        for basis in notice.legal_basis:
            act = {"act"} if basis.law is ProcedureLaw.VWVFG else set()
            assert blanks(basis.text) <= act | (given & {"first_received_on"})


def demanded(key: str) -> set[str]:
    """What every form of the service must state, by its schema."""
    [folder] = resources_folder("packages").glob(f"{key}-*")
    [path] = (folder / "schemas").glob("*.json")
    return set(required_paths(json.loads(path.read_text(encoding="utf-8")), ""))


def required_paths(schema: dict[str, Any], above: str) -> Iterator[str]:
    for name in schema.get("required", ()):
        part = schema.get("properties", {}).get(name, {})
        yield above + name
        yield from required_paths(part, f"{above}{name}.")


def blanks(*texts: str) -> set[str]:
    return {blank for text in texts for blank in re.findall(r"\{([^}]*)\}", text)}


@pytest.mark.parametrize("key", SERVICES)
def test_a_granting_decision_names_its_law_in_both_laender(key: str) -> None:
    for land in ("BW", "SN"):
        template = ServiceCatalogue(land).find(key).template(Outcome.GRANTED)
        assert template is not None
        assert [basis for basis in template.legal_basis if basis.holds(TODAY)]


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


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """What ships, to be changed."""
    shutil.copytree(resources_folder("packages"), tmp_path / "packages")
    return tmp_path / "packages"


DOG = "99102013104000"
DOG_FOLDER = "99102013104000-hundesteuer-anmeldung"


@pytest.mark.parametrize(
    ("file", "content", "named"),
    [
        ("package.toml", "not = [toml", "package.toml, line 1"),
        ("package.toml", 'surprise = "key"', "package.toml"),
        ("form.toml", 'labels = "none"', "form.toml"),
        ("letters.toml", "[[template]]\nname = 1", "letters.toml"),
        ("checks.toml", "[[check]]\nid = 'x'", "checks.toml"),
        ("unknown.toml", "", "unknown.toml"),
    ],
)
def test_a_damaged_description_names_its_file(shipped: Path, file: str, content: str, named: str) -> None:
    (shipped / DOG_FOLDER / file).write_text(content)
    with pytest.raises(CatalogueError, match=f"{DOG_FOLDER}/{named}"):
        ServiceCatalogue("BW", shipped).find(DOG)


def test_a_damaged_base_names_its_file(shipped: Path) -> None:
    (shipped / "base.toml").write_text("format = 1")
    with pytest.raises(CatalogueError, match=r"base\.toml"):
        ServiceCatalogue("BW", shipped)
    (shipped / "base.toml").unlink()
    with pytest.raises(CatalogueError, match=r"base\.toml"):
        ServiceCatalogue("BW", shipped)


def test_a_service_says_in_its_description_whether_to_hear_and_what_to_write(shipped: Path) -> None:
    manifest, letters = (shipped / DOG_FOLDER / name for name in ("package.toml", "letters.toml"))
    change(manifest, "[procedure]", '[procedure]\nhearing = "none"')
    notice = '\n[[notice]]\nkind = "hearing"\nsubject = "Eigene Anhörung"\nopening = ["Da."]\n'
    letters.write_text(letters.read_text("utf-8") + notice, "utf-8")

    found = ServiceCatalogue("BW", shipped).find(DOG)
    assert found.hearing is HearingDuty.NONE
    own = found.notices[LetterKind.HEARING]
    assert own.words.subject == "Eigene Anhörung"
    assert own.needs == ("text", "due_on"), "what it does not say stays as the base has it"
    assert [basis.text for basis in own.legal_basis if basis.law is ProcedureLaw.AO]
    change(letters, '"hearing"', '"decision-granted"')
    with pytest.raises(CatalogueError, match="decision-granted"):
        ServiceCatalogue("BW", shipped).find(DOG)


def test_what_a_package_names_like_the_base_takes_its_place(shipped: Path) -> None:
    checks, evidence = (shipped / DOG_FOLDER / name for name in ("checks.toml", "evidence.toml"))
    change(checks, 'id = "chip"', 'id = "declared"')
    change(evidence, 'key = "reduction"', 'key = "identity"')
    change(checks, 'evidence = "reduction"', 'evidence = "identity"')
    found = ServiceCatalogue("BW", shipped).find(DOG)
    assert [str(point.warning) for point in found.check_points if point.check_id == "declared"] == [
        "Die Chipnummer des Hundes fehlt."
    ]
    assert [str(kind.title) for kind in found.evidence if kind.key == "identity"] == [
        "Nachweis zur Ermäßigung"
    ]


def test_a_package_may_serve_several_keys(shipped: Path) -> None:
    change(shipped / DOG_FOLDER / "package.toml", f'["{DOG}"]', f'["{DOG}", "99102013104999"]')
    catalogue = ServiceCatalogue("BW", shipped)
    assert catalogue.find("99102013104999").leika_key == "99102013104999"
    assert catalogue.find(DOG).leika_key == DOG
    assert {DOG, "99102013104999"} <= set(catalogue.keys())


def test_a_description_carries_its_package(catalogue: ServiceCatalogue) -> None:
    found = catalogue.find(DOG)
    assert found.package is not None
    assert found.manifest is not None
    assert found.package.package_id == found.manifest.package_id == "de.amtsstube.hundesteuer-anmeldung"
    assert re.fullmatch("[0-9a-f]{64}", found.package.sha256)
    assert found.accepted[0].uri == "https://schema.fitko.de/fim/s17000101_1.0.schema.json"
    assert ServiceCatalogue("SN").find(DOG).package == found.package, "the Land is no part of it"
    assert catalogue.find(None).package is None


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize("key", SERVICES)
def test_facts_a_letter_repeats_have_labels(catalogue: ServiceCatalogue, key: str) -> None:
    found = catalogue.find(key)
    assert found.letter_facts
    assert all(found.label(path) for path in found.letter_facts)


def test_a_service_may_want_a_second_clerk_for_its_decisions(shipped: Path) -> None:
    manifest = shipped / DOG_FOLDER / "package.toml"
    assert not ServiceCatalogue("BW", shipped).find(DOG).four_eyes
    change(manifest, "[procedure]", "[procedure]\nfour_eyes = true")
    assert ServiceCatalogue("BW", shipped).find(DOG).four_eyes
    assert not ServiceCatalogue("BW", shipped).find(None).four_eyes
    change(manifest, "four_eyes = true", "four_eyes = 1")
    with pytest.raises(CatalogueError):
        ServiceCatalogue("BW", shipped).find(DOG)
