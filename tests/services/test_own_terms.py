"""One package, two offices: their parameters alone make letters, fees, deadlines and rules differ."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from clerk_app.domain.authority import (
    AuthorityParameters,
    BankAccount,
    ContactPerson,
    FeeOverride,
    ServiceTerms,
)
from clerk_app.domain.case import CaseFile
from clerk_app.domain.deadlines import DeadlineKind, StepKind
from clerk_app.domain.decision import FeeItem, Outcome, Wording
from clerk_app.domain.letter import Letter, LetterKind, Paragraph, Table
from clerk_app.domain.service_package import CheckLevel, OwnTerm
from clerk_app.sandbox.authorities import AUTHORITIES
from clerk_app.sandbox.parameters import parameters_of
from clerk_app.services.catalogue import ServiceCatalogue, resources_folder
from clerk_app.services.letter_matter import LetterHead
from clerk_app.services.office_rules import OfficeRules
from clerk_app.services.own_terms import OwnTerms, without_package
from clerk_app.system.authority_file import parse_parameters
from clerk_app.texts.derivations import derivation
from tests.services.test_letters import VALIDATOR, wish
from tests.services.test_office_rules import FORM, HEAD, NOW, application, case

DOG, PARKING, BUILDING, TRADE = "99102013104000", "99108001001000", "99012008001000", "99050012104000"
SILENT = Wording()
FEES = """\
[[fee]]
key = "parkausweis"
text = "Bewohnerparkausweis"
euros = "30.70"
basis = "GebOSt Nummer 265"
valid_from = 2009-01-01
"""

CHECKS = """
[[check]]
id = "many-zones"
rule = 'parameter("parking-zones") > 3'
ok = { de = "Viele Zonen.", en = "Many zones." }
warning = { de = "Wenige Zonen.", en = "Few zones." }
[[check]]
id = "lives-here"
rule = 'ours(antragsteller.anschrift.ort) or ours(antragsteller.anschrift.plz)'
ok = { de = "Wohnt hier.", en = "Lives here." }
warning = { de = "Wohnt woanders.", en = "Lives elsewhere." }
"""


def office(short: str) -> tuple[LetterHead, AuthorityParameters]:
    """A practice authority as its profile and its parameters say it."""
    plan = next(each for each in AUTHORITIES if each.short == short)
    head = LetterHead(
        plan.name, plan.ars, plan.land, plan.unit, plan.street, plan.postcode, plan.city, plan.phone,
        plan.email,
    )  # fmt: skip
    return head, parse_parameters(parameters_of(short), Path("parameters.toml"), plan.ars)


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages that ship, with a fee in the parking permit's."""
    folder = tmp_path_factory.mktemp("packages") / "packages"
    shutil.copytree(resources_folder("packages"), folder)
    permit = next(folder.glob(f"{PARKING}-*"))
    (permit / "fees.toml").write_text(FEES)
    with (permit / "checks.toml").open("a") as checks:
        checks.write(CHECKS)
    letters = permit / "letters.toml"
    text = re.sub(r"^fees = .*\n", "", letters.read_text(), flags=re.MULTILINE)
    letters.write_text(
        text.replace('outcome = "granted"\n', 'outcome = "granted"\nfees = ["parkausweis"]\n', 1)
    )
    return folder


@dataclass(frozen=True)
class Offices:
    bw: OfficeRules
    sn: OfficeRules
    plain: OfficeRules  # no parameters


@pytest.fixture(scope="module")
def offices(packages: Path) -> Offices:
    def rules(short: str) -> OfficeRules:
        head, parameters = office(short)
        found = ServiceCatalogue(head.land, packages)
        return OfficeRules(head, descriptions=found, parameters=parameters)

    return Offices(rules("bw"), rules("sn"), OfficeRules(HEAD, descriptions=ServiceCatalogue("BW", packages)))


def decided(rules: OfficeRules, key: str, at: datetime = NOW, wording: Wording = SILENT) -> Letter:
    letter = rules.decision(case(application(FORM, key)), Outcome.GRANTED, wording, at)
    letter.require_complete()
    VALIDATOR.validate(json.loads(letter.facts_json()))
    return letter


def printed(letter: Letter) -> str:
    return "\n".join(letter.texts())


def asked_to_pay(letter: Letter) -> list[str]:
    return [each.text for each in letter.blocks if isinstance(each, Paragraph) and "überweisen" in each.text]


def test_the_same_package_gives_each_office_its_own_letter(offices: Offices) -> None:
    bw, sn = decided(offices.bw, DOG), decided(offices.sn, DOG)
    assert (bw.sender.unit, sn.sender.unit) == ("Steueramt", "Bürgeramt")
    assert ("Auskunft gibt", "Herr Muster") in bw.info
    assert ("Auskunft gibt", "Herr Probe") in sn.info
    assert ("Sprechzeiten", "Mo–Mi 9–12 Uhr") in bw.info
    assert bw.info[0][0] == "Aktenzeichen"
    assert bw.info[-1][0] == "Datum"
    for letter, own, other in ((bw, "musterhausen", "beispielsdorf"), (sn, "beispielsdorf", "musterhausen")):
        assert f"https://www.{own}.example/datenschutz" in printed(letter)
        assert f"{other}.example" not in printed(letter)
    assert "Post an: Postfach 12 34, 70998 Musterhausen" in printed(bw)
    assert "Post an" not in printed(sn)
    assert "Am Bauhof 7 b" in printed(decided(offices.bw, BUILDING))


def test_fees_are_those_of_the_by_law_in_force_on_the_letters_day(offices: Offices) -> None:
    later = datetime(2027, 1, 4, 9, tzinfo=UTC)
    sums = {
        name: json.loads(decided(rules, PARKING, at).facts_json())["fees"]["sum"]
        for name, rules, at in (
            ("bw", offices.bw, NOW),
            ("bw later", offices.bw, later),
            ("sn", offices.sn, NOW),
            ("plain", offices.plain, NOW),
        )
    }
    assert sums == {"bw": "180.00", "bw later": "210.00", "sn": "60.00", "plain": "30.70"}
    table = next(
        each for each in decided(offices.bw, PARKING).blocks if isinstance(each, Table) and each.totals
    )
    assert table.rows[0][:2] == (
        "Bewohnerparkausweis",
        "§ 2 der Parkgebührensatzung der Stadt Musterhausen",
    )
    offered = offices.bw.choices(case(application(FORM, PARKING)), NOW).templates
    assert next(each.fees for each in offered if each.fees) == (
        FeeItem(
            "Bewohnerparkausweis", Decimal("180.00"), "§ 2 der Parkgebührensatzung der Stadt Musterhausen"
        ),
    )


def test_what_is_to_be_paid_is_asked_for_with_account_and_reference(offices: Offices) -> None:
    (bw,), (sn,) = asked_to_pay(decided(offices.bw, PARKING)), asked_to_pay(decided(offices.sn, PARKING))
    for part in (
        "180,00",
        "30 Tagen",
        "DE73 9999 9999 0000 0012 34",
        "Stadtkasse Musterhausen",
        "2026-7KQ4-M2XR",
    ):
        assert part in bw.replace("\u00a0", " ")
    assert "14 Tagen" in sn
    facts = json.loads(decided(offices.bw, PARKING).facts_json())
    assert facts["payment"] == {
        "holder": "Stadtkasse Musterhausen",
        "iban": "DE73999999990000001234",
        "reference": "2026-7KQ4-M2XR",
        "days": 30,
    }
    for letter in (decided(offices.plain, PARKING), decided(offices.bw, PARKING, wording=Wording(fees=()))):
        assert not asked_to_pay(letter)
        assert "payment" not in json.loads(letter.facts_json())
    undated = replace(
        offices.bw,
        parameters=replace(
            offices.bw.parameters,
            office=replace(offices.bw.parameters.office, bank=BankAccount("DE02120300000000202051", "Kasse")),
        ),
    )
    (text,) = asked_to_pay(decided(undated, PARKING))
    assert text.startswith("Bitte überweisen Sie 180,00")
    assert "Tagen" not in text


def test_own_fees_no_package_asks_for_are_named(offices: Offices) -> None:
    permit = offices.bw.description(case(application(FORM, PARKING)))
    assert permit.package is not None
    mine = [each for each in offices.bw.parameters.fees if each.package_id == permit.package.package_id]
    typo = replace(mine[0], key="parkausweiss")
    parameters = AuthorityParameters(fees=(*mine, typo))
    assert without_package(parameters, [permit]) == ("de.amtsstube.bewohnerparkausweis/parkausweiss",)
    assert len(without_package(parameters, [])) == 2


@pytest.mark.parametrize("short", ["bw", "sn"])
def test_the_practice_authorities_replace_fees_that_there_are(short: str) -> None:
    head, parameters = office(short)
    catalogue = ServiceCatalogue(head.land)
    shipped = list(map(catalogue.find, catalogue.keys()))
    assert without_package(parameters, shipped) == ()


def test_a_fee_of_nothing_makes_the_decision_free(offices: Offices) -> None:
    free = FeeOverride(
        date(2024, 1, 1),
        package_id="de.amtsstube.bewohnerparkausweis",
        key="parkausweis",
        euros=Decimal(0),
        basis="§ 1",
    )
    rules = replace(offices.plain, parameters=AuthorityParameters(fees=(free,)))
    letter = decided(rules, PARKING)
    assert json.loads(letter.facts_json())["fees"]["items"] == []
    assert "gebührenfrei" in printed(letter)


def test_own_days_make_own_deadlines_and_the_derivation_says_so(offices: Offices) -> None:
    asked = case(application(FORM, DOG))
    found = {}
    for name, rules in (("bw", offices.bw), ("sn", offices.sn), ("plain", offices.plain)):
        target = next(each for each in rules.deadlines(asked, NOW) if each.kind is DeadlineKind.PROCESSING)
        own = any(step.kind is StepKind.OWN_DAYS for step in target.steps)
        found[name] = (target.due_on, rules.request_due_on(asked, NOW), own)
        assert rules.facts(asked.first).due_on == target.due_on
        assert ("nach Vorgabe der Behörde" in derivation(target)) is own
    assert found == {
        "bw": (date(2026, 12, 15), date(2026, 12, 15), True),
        "sn": (date(2027, 1, 5), date(2026, 12, 22), True),
        "plain": (date(2026, 12, 22), date(2026, 12, 8), False),
    }
    trade = offices.bw.deadlines(case(application(FORM, TRADE)), NOW)
    assert next(each.due_on for each in trade if each.kind is DeadlineKind.PROCESSING) == date(2026, 11, 27)


def test_four_eyes_are_the_offices_own_matter(offices: Offices) -> None:
    strict = ServiceTerms(date(2026, 1, 1), leika_key=PARKING, four_eyes=True)
    rules = replace(offices.bw, parameters=AuthorityParameters(terms=(strict,)))
    asked, earlier = (
        case(application(FORM, PARKING, at=at)) for at in (NOW, datetime(2025, 12, 1, tzinfo=UTC))
    )
    assert [each.four_eyes(asked) for each in (rules, offices.bw)] == [True, False]
    assert not rules.four_eyes(earlier), "as set on the day of arrival"
    assert rules.description(asked).own_terms == {OwnTerm.FOUR_EYES}
    lax = AuthorityParameters(terms=(replace(strict, four_eyes=False),))
    always = replace(offices.bw.description(asked), four_eyes=True)
    own = OwnTerms(HEAD, lax).applied(always, asked.first, rules.days)
    assert not own.four_eyes


def test_rules_ask_for_values_of_the_unit_on_the_day_of_arrival() -> None:
    values = {}
    for short in ("bw", "sn"):
        head, parameters = office(short)
        own = OwnTerms(head, parameters)
        ask = own.values(application(FORM, DOG))
        values[short] = (ask("dog-tax-first"), ask("parking-zones"), ask("no-such-thing"))
        assert (
            own.values(application(FORM, DOG, at=datetime(2023, 5, 1, tzinfo=UTC)))("parking-zones") is None
        )
        assert ask("building-plan-copies") is None, "another unit's"
    assert values == {"bw": (Decimal(108), Decimal(6), None), "sn": (Decimal(60), Decimal(2), None)}
    head, parameters = office("bw")
    assert OwnTerms(head, parameters).values(application(FORM, BUILDING))("building-plan-copies") == 3


def test_check_points_ask_the_parameters(offices: Offices) -> None:
    def levels(rules: OfficeRules, place: str, postcode: str = "") -> dict[str, CheckLevel]:
        home = {"ort": place, "plz": postcode}
        asked = case(application({"antragsteller": {"anschrift": home}}, PARKING))
        wanted = ("many-zones", "lives-here")
        return {each.check_id: each.level for each in rules.checks(asked) if each.check_id in wanted}

    ok, warn = CheckLevel.OK, CheckLevel.WARN
    assert levels(offices.bw, "Klein Musterhausen") == {"many-zones": ok, "lives-here": ok}
    assert levels(offices.sn, "Neubeispielsdorf") == {"many-zones": warn, "lives-here": ok}
    assert levels(offices.sn, "Anderswo", "02699")["lives-here"] is ok
    assert levels(offices.sn, "Klein Musterhausen", "70999")["lives-here"] is warn
    assert "many-zones" not in levels(offices.plain, "Musterhausen"), "nobody knows"


def test_an_own_number_stands_in_for_the_packages(offices: Offices) -> None:
    """The by-law's time to register a dog: 30 days in Musterhausen, 14 in Beispielsdorf."""

    def level(rules: OfficeRules, kept_for: int) -> CheckLevel:
        begun = (NOW.date() - timedelta(days=kept_for)).isoformat()
        asked = case(application({**FORM, "haltung": {"beginn": begun}}, DOG))
        return next(each.level for each in rules.checks(asked) if each.check_id == "registered-in-time")

    ok, warn = CheckLevel.OK, CheckLevel.WARN
    assert [level(offices.bw, days) for days in (14, 15, 30, 31)] == [ok, ok, ok, warn]
    assert [level(offices.sn, days) for days in (14, 15, 30, 31)] == [ok, warn, warn, warn]
    asked = case(application(FORM, DOG))
    own = {each.name: each.value for each in offices.sn.description(asked).limits}
    plain = {each.name: each.value for each in offices.plain.description(asked).limits}
    assert own == {**plain, "days-to-register": Decimal(14)}
    assert offices.sn.parameters.value("days-to-register", NOW.date()) is None, "no parameter"


def test_our_places_are_name_town_and_the_area() -> None:
    head, parameters = office("sn")
    assert {"Neubeispielsdorf", "02699", head.name, head.city} <= set(OwnTerms(head, parameters).places)
    assert OwnTerms(HEAD).places == ("Stadt Musterhausen", "Musterhausen")


def test_a_contact_person_of_the_service_comes_first(offices: Offices) -> None:
    info = dict(decided(offices.bw, TRADE).info)
    assert (info["Auskunft gibt"], info["Telefon"]) == ("Frau Vorlage", "0711 5550-140")


def test_opening_hours_go_to_the_footer_where_the_block_is_full(offices: Offices) -> None:
    hours = tuple(f"{day} 8–12 Uhr und 13–16 Uhr" for day in ("Mo", "Di", "Mi", "Do", "Fr"))
    person = ContactPerson(
        "Frau Dr. Langname-Beispielhausen", "0711 1", "0711 2", "frau.dr.langname@muster.example"
    )
    parameters = offices.bw.parameters
    office_of = replace(parameters.office, opening_hours=hours, contact_persons=(person,))
    letter = decided(replace(offices.bw, parameters=AuthorityParameters(office=office_of)), DOG)
    assert "Sprechzeiten" not in dict(letter.info)
    assert any(hours[0] in column for column in letter.footer)


@pytest.mark.parametrize("key", [DOG, PARKING, None])
def test_without_parameters_a_letter_is_what_it_was(offices: Offices, key: str | None) -> None:
    asked: CaseFile = case(application(FORM, key))
    empty = replace(offices.plain, parameters=AuthorityParameters(ars=HEAD.ars))
    for kind in (LetterKind.RECEIPT, LetterKind.HEARING):
        assert empty.notice(asked, wish(kind), NOW) == offices.plain.notice(asked, wish(kind), NOW)
    letter = empty.decision(asked, Outcome.GRANTED, Wording(), NOW)
    assert letter == offices.plain.decision(asked, Outcome.GRANTED, Wording(), NOW)
    assert letter.info == (("Aktenzeichen", "2026-7KQ4-M2XR"), ("Datum", "24.11.2026"))
    assert letter.footer == ()


def test_the_facts_refuse_a_payment_in_what_is_no_decision(offices: Offices) -> None:
    paid = json.loads(decided(offices.bw, PARKING).facts_json())["payment"]
    notice = json.loads(offices.bw.notice(case(application()), wish(LetterKind.RECEIPT), NOW).facts_json())
    validator: Draft202012Validator = VALIDATOR
    assert validator.is_valid(notice)
    assert not validator.is_valid({**notice, "payment": paid})
