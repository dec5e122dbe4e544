"""Every kind of letter: its blocks, its law, its languages, and machine-readable facts that say the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from clerk_app.domain.correspondence import CORRESPONDENCE_KINDS, Correspondence, LetterLanguages
from clerk_app.domain.decision import FeeItem, Outcome, Wording
from clerk_app.domain.document_request import DocumentRequest
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.gaps import GapOrigin, RequestItem
from clerk_app.domain.letter import (
    AppealNotice,
    BulletList,
    Enclosures,
    Heading,
    Letter,
    LetterKind,
    NumberedList,
    Paragraph,
    SignaturePlace,
    Table,
)
from clerk_app.domain.letter_templates import HearingDuty
from clerk_app.domain.service_package import ServiceDescription
from clerk_app.services.catalogue import CatalogueError, ServiceCatalogue, resources_folder
from clerk_app.services.letter_law import load_letter_law
from clerk_app.services.letter_matter import LetterHead
from clerk_app.services.office_rules import OfficeRules
from clerk_app.services.tongue import load_tongues
from tests.services.test_office_rules import FORM, HEAD, NOW, application, case

SAXON = LetterHead("Stadt Beispielberg", "146120000000", "SN", "", "Markt 1", "09999", "Beispielberg")
OFFICES = {"BW": OfficeRules(HEAD), "SN": OfficeRules(SAXON)}
SCHEMA = json.loads((resources_folder("schemas") / "decision-1.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
DOG_TAX, RENT, TRADE, UNKNOWN = "99102013104000", "99107023037000", "99050012104000", "99999999999999"
DUE = date(2026, 12, 9)
FULL = Wording(
    reasons="Weil es so ist.\n\nUnd auch deshalb.",
    provisions=("Die Erlaubnis gilt bis 31.12.2027.", "Änderungen sind anzuzeigen."),
    fees=(FeeItem("Bearbeitung", Decimal("25"), "§ 2 Satzung"), FeeItem("Auslagen", Decimal("3.5"))),
    enclosures=("Merkblatt", "Lageplan"),
)


def wish(kind: LetterKind, **changes: Any) -> Correspondence:
    """Everything that kind of letter takes."""
    takes = {LetterKind.HEARING, LetterKind.INTERIM_NOTICE, LetterKind.NOTIFICATION}
    return replace(
        Correspondence(
            kind,
            text="Es fehlt am Hauptwohnsitz.\n\nDas Melderegister sagt etwas anderes.",
            due_on=DUE if kind in takes else None,
            authority="Landratsamt Musterkreis, Kreisstraße 1, 70998 Kreisstadt"
            if kind is LetterKind.FORWARDING_NOTICE
            else "",
            enclosures=("Formular",),
        ),
        **changes,
    )


def letters(land: str, key: str | None, language: str | None = None) -> Iterator[Letter]:
    """One of every kind."""
    rules, found = OFFICES[land], case(application(FORM, key))
    for outcome in Outcome:
        yield rules.decision(found, outcome, replace(FULL, language=language), NOW)
        yield rules.decision(found, outcome, Wording(language=language), NOW)
    items = (
        RequestItem("Mietvertrag"),
        RequestItem("Foto"),
        RequestItem("IBAN", GapOrigin.STATEMENT, "iban"),
    )
    request = DocumentRequest(items, DUE, "Bitte beides.", ("Vordruck",), language)
    yield rules.document_request(found, request, NOW)
    yield rules.document_request(found, replace(request, received=("Ausweis",), reminder=1), NOW)
    yield rules.document_request(found, replace(request, items=items[2:], reminder=3), NOW)
    for kind in CORRESPONDENCE_KINDS:
        yield rules.notice(found, wish(kind, language=language), NOW)


@pytest.mark.parametrize("key", [DOG_TAX, RENT, TRADE, UNKNOWN, None])
@pytest.mark.parametrize("land", ["BW", "SN"])
def test_every_letter_is_complete_and_its_facts_are_what_the_schema_says(land: str, key: str | None) -> None:
    kinds = set()
    for letter in letters(land, key, "hsb" if land == "SN" else None):
        letter.require_complete()
        assert "{" not in "\n".join(letter.texts()).replace(letter.words.page_of, "")
        VALIDATOR.validate(json.loads(letter.facts_json()))
        kinds.add(letter.kind)
    assert kinds == set(LetterKind)


def test_the_schema_refuses_what_it_does_not_describe() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    granted = json.loads(next(letters("BW", TRADE)).facts_json())
    notice = json.loads(OFFICES["BW"].notice(case(application()), wish(LetterKind.RECEIPT), NOW).facts_json())
    for broken in (
        {**granted, "surprise": 1},
        {**granted, "dueOn": "2026-12-09"},
        {**granted, "outcome": "later"},
        {**granted, "fees": {**granted["fees"], "sum": 28.5}},
        {name: value for name, value in granted.items() if name != "appeal"},
        {**notice, "kind": "decision"},
        {**notice, "kind": "hearing"},
        {**notice, "issuedOn": "24.11.2026"},
    ):
        assert not VALIDATOR.is_valid(broken)
    documented = (resources_folder("schemas") / "README.md").read_text()
    assert all(f"| `{name}` |" in documented for name in SCHEMA["properties"])


@pytest.mark.parametrize("land", ["BW", "SN"])
def test_the_facts_say_what_the_letter_says(land: str) -> None:
    for letter in letters(land, RENT):
        facts: dict[str, Any] = json.loads(letter.facts_json())
        texts = {text for block in letter.blocks if isinstance(block, Paragraph) for text in [block.text]}
        assert facts["subject"] == letter.subject
        assert facts["caseReference"] == letter.reference
        assert facts["issuedOn"] == letter.date_on.isoformat()
        assert facts["authority"]["name"] == letter.sender.name
        assert facts["procedureLaw"] == "SGB X"
        assert set(facts["legalBases"]) <= texts
        enclosed = [b.items for b in letter.blocks if isinstance(b, Enclosures)]
        assert [tuple(facts["enclosures"])] == enclosed if facts["enclosures"] else not enclosed
        if letter.kind.is_decision:
            _same_decision(letter, facts)
        else:
            assert set(facts["text"]) <= texts
            due = "9.\u00a0Dezember 2026"
            assert (facts["dueOn"] == DUE.isoformat()) is any(due in text for text in texts)
            listed = [item for b in letter.blocks if isinstance(b, BulletList) for item in b.items]
            assert [item["text"] for item in facts.get("items", ())] == listed
            come = [item for b in letter.blocks if isinstance(b, NumberedList) for item in b.items]
            assert facts.get("received", []) == come
            assert facts.get("forwardedTo") in (None, *texts)


def _same_decision(letter: Letter, facts: dict[str, Any]) -> None:
    lists = [list(block.items) for block in letter.blocks if isinstance(block, NumberedList)]
    assert lists == [facts["operative"], *([facts["provisions"]] if facts["provisions"] else [])]
    (notice,) = [block for block in letter.blocks if isinstance(block, AppealNotice)]
    assert facts["appeal"]["addressee"] in notice.text
    assert "eines Monats" in notice.text
    assert facts["appeal"]["months"] == 1
    tables = [b for b in letter.blocks if isinstance(b, Table) and b.summary == "Gebühren"]
    assert bool(tables) is bool(facts["fees"]["items"])
    for table in tables:
        shown = [row[2] for row in table.rows]
        *single, total = [Decimal(text.removesuffix("\u00a0€").replace(",", ".")) for text in shown]
        assert [Decimal(item["euros"]) for item in facts["fees"]["items"]] == single
        assert Decimal(facts["fees"]["sum"]) == total == sum(single)


def test_a_decision_has_its_parts_in_order() -> None:
    letter = OFFICES["BW"].decision(case(application(FORM, TRADE)), Outcome.PARTLY_GRANTED, FULL, NOW)
    shape = [
        block.text if isinstance(block, Heading) else type(block).__name__
        for block in letter.blocks
        if not isinstance(block, Paragraph | Table)
    ]
    assert shape == [
        "NumberedList",
        "Nebenbestimmungen",
        "NumberedList",
        "Begründung",
        "Gebühren",
        "AppealNotice",
        "SignaturePlace",
        "Enclosures",
    ]
    text = OFFICES["BW"].message_text(letter)
    assert "Für diesen Bescheid werden Gebühren von insgesamt 28,50\u00a0€ festgesetzt." in text
    assert "Summe: 28,50\u00a0€" in text
    assert "Anlagen\n+ Merkblatt\n+ Lageplan" in text


def test_that_nothing_is_charged_is_said_when_a_clerk_says_so() -> None:
    found = case(application(FORM, DOG_TAX))  # a service without fees
    free = OFFICES["BW"].decision(found, Outcome.GRANTED, Wording(fees=()), NOW)
    silent = OFFICES["BW"].decision(found, Outcome.GRANTED, Wording(), NOW)
    assert "Dieser Bescheid ergeht gebührenfrei." in list(free.texts())
    assert not any("ebühr" in text for text in silent.texts())


def test_the_procedure_law_is_named_as_it_is_called_in_the_land() -> None:
    def basis(land: str, key: str) -> str:
        letter = OFFICES[land].notice(case(application(FORM, key)), wish(LetterKind.HEARING), NOW)
        return next(b.text for b in letter.blocks if isinstance(b, Paragraph) and "Rechtsgrundlage" in b.text)

    assert basis("BW", TRADE) == "Rechtsgrundlage: § 28 Absatz 1 des Landesverwaltungsverfahrensgesetzes."
    assert basis("SN", TRADE).startswith(
        "Rechtsgrundlage: § 28 Absatz 1 des Verwaltungsverfahrensgesetzes in"
    )
    assert basis("SN", DOG_TAX) == "Rechtsgrundlage: § 91 Absatz 1 der Abgabenordnung."
    assert basis("BW", RENT) == ("Rechtsgrundlage: § 24 Absatz 1 des Zehnten Buches Sozialgesetzbuch.")


@pytest.mark.parametrize(("land", "court"), [("BW", "Stuttgart"), ("SN", "Dresden")])
def test_an_action_names_the_court_and_its_seat(land: str, court: str) -> None:
    rules = OFFICES[land]
    description = replace(ServiceCatalogue(land).find(TRADE), appeal="action")
    found = case(application(FORM, TRADE))
    catalogue = _Fixed(description)
    letter = replace(rules, descriptions=catalogue).decision(found, Outcome.GRANTED, Wording(), NOW)
    (notice,) = [block for block in letter.blocks if isinstance(block, AppealNotice)]
    assert f"Klage beim Verwaltungsgericht {court} mit Sitz in {court}" in notice.text
    facts = json.loads(letter.facts_json())
    assert facts["appeal"] == {
        "kind": "action",
        "months": 1,
        "addressee": f"Verwaltungsgericht {court}",
        "basis": "§ 74 VwGO",
    }


def test_without_a_described_court_the_blank_stays_open() -> None:
    rules = OfficeRules(replace(HEAD, land="NW", ars="053150000000"))
    catalogue = _Fixed(replace(ServiceCatalogue("NW").find(TRADE), appeal="action"))
    letter = replace(rules, descriptions=catalogue).decision(
        case(application(FORM, TRADE)), Outcome.GRANTED, Wording(), NOW
    )
    assert any(isinstance(b, AppealNotice) and "{court}" in b.text for b in letter.blocks)


class _Fixed(ServiceCatalogue):
    """A catalogue with one description in it."""

    def __init__(self, description: ServiceDescription) -> None:
        super().__init__()
        self._only = description

    def find(self, leika_urn_or_key: str | None) -> ServiceDescription:
        return self._only


# -- languages -------------------------------------------------------------------------------------------


def sorbian(**form: Any) -> Any:
    person = {**FORM["antragsteller"], "sprache": "Obersorbisch"}
    return {**FORM, "antragsteller": person, **form}


@pytest.mark.parametrize("spelled", ["hsb", "hsb-DE", "Sorbisch", "obersorbisch (hornjoserbsce)", " HSB "])
def test_a_case_in_sorbian_is_answered_in_both_languages_in_saxony(spelled: str) -> None:
    form = {**FORM, "antragsteller": {**FORM["antragsteller"], "sprache": spelled}}
    found = case(application(form, UNKNOWN))
    assert OFFICES["SN"].languages(found, NOW).wished == "hsb"
    letter = OFFICES["SN"].decision(found, Outcome.GRANTED, Wording(), NOW)

    translation = letter.translation
    assert translation is not None
    assert (translation.language, translation.reviewed) == ("hsb", False)
    assert translation.subject.startswith("Rozsud:")
    assert translation.salutation == "Dobry dźeń Žofia Müller,"
    assert "24.\u00a0nowembra 2026" in "\n".join(letter.texts())
    assert "verbindlich ist allein der deutsche Text" in translation.notice
    assert not any(isinstance(block, SignaturePlace | Enclosures) for block in translation.blocks)
    assert json.loads(letter.facts_json())["languages"] == ["de", "hsb"]
    text = OFFICES["SN"].message_text(letter)
    assert text.index("Rechtsbehelfsbelehrung") < text.index("Přełožk") < text.index("Wopodstatnjenje")


def test_elsewhere_and_unasked_letters_are_german() -> None:
    found = case(application(sorbian(), UNKNOWN))
    assert OFFICES["BW"].languages(found, NOW) == LetterLanguages((), None)
    assert OFFICES["BW"].decision(found, Outcome.GRANTED, Wording(), NOW).translation is None
    assert OFFICES["SN"].decision(found, Outcome.GRANTED, Wording(language="de"), NOW).translation is None
    plain = case(application(FORM, UNKNOWN))
    assert OFFICES["SN"].decision(plain, Outcome.GRANTED, Wording(), NOW).translation is None
    assert OFFICES["SN"].decision(plain, Outcome.GRANTED, Wording(language="hsb"), NOW).translation


@pytest.mark.parametrize(("land", "language"), [("BW", "hsb"), ("SN", "dsb"), ("SN", "en"), ("SN", "../x")])
def test_a_language_the_law_does_not_offer_is_refused(land: str, language: str) -> None:
    found = case(application())
    rules, request = OFFICES[land], DocumentRequest((RequestItem("x"),), DUE, language=language)
    writes: list[Callable[[], Letter]] = [
        lambda: rules.decision(found, Outcome.GRANTED, Wording(language=language), NOW),
        lambda: rules.notice(found, wish(LetterKind.RECEIPT, language=language), NOW),
        lambda: rules.document_request(found, request, NOW),
    ]
    for write in writes:
        with pytest.raises(ClerkError) as caught:
            write()
        assert caught.value.code is ErrorCode.LANGUAGE_NOT_OFFERED


@pytest.mark.parametrize(
    ("key", "wording", "complete"),
    [
        (UNKNOWN, Wording(), True),
        (UNKNOWN, Wording(reasons="Weil."), False),
        (UNKNOWN, Wording(provisions=("Auflage",)), False),
        (UNKNOWN, Wording(fees=()), True),
        (TRADE, Wording(), False),
    ],
)
def test_words_that_exist_in_german_only_are_told(key: str, wording: Wording, complete: bool) -> None:
    found = case(application(FORM, key))
    letter = OFFICES["SN"].decision(found, Outcome.GRANTED, replace(wording, language="hsb"), NOW)
    assert letter.translation is not None
    assert letter.translation.complete is complete
    for typed in (wording.reasons, *wording.provisions):
        assert not typed or typed in "\n".join(
            text for block in letter.translation.blocks for text in _texts(block)
        )


def _texts(block: Any) -> list[str]:
    return [getattr(block, "text", ""), *getattr(block, "items", ())]


def test_every_language_has_every_word() -> None:
    tongues = load_tongues()
    assert tongues["de"].reviewed
    assert set(tongues["hsb"].words) == set(tongues["de"].words)


def test_a_language_that_lacks_a_word_is_told(tmp_path: Any) -> None:
    words = (resources_folder("letters") / "words.toml").read_text()
    (tmp_path / "words.toml").write_text(words.replace('provisions = "Pódlanske postajenja"\n', ""))
    with pytest.raises(CatalogueError, match="provisions"):
        load_tongues(tmp_path)


# -- other letters ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "without"),
    [
        (LetterKind.HEARING, "text"),
        (LetterKind.HEARING, "due_on"),
        (LetterKind.FORWARDING_NOTICE, "authority"),
        (LetterKind.NOTIFICATION, "text"),
    ],
)
def test_what_a_letter_cannot_do_without_is_asked_for(kind: LetterKind, without: str) -> None:
    empty: Any = None if without == "due_on" else ""
    with pytest.raises(ClerkError) as caught:
        OFFICES["BW"].notice(case(application()), wish(kind, **{without: empty}), NOW)
    assert caught.value.code is ErrorCode.LETTER_INCOMPLETE
    assert caught.value.params["missing"] == without


@pytest.mark.parametrize("kind", [LetterKind.RECEIPT, LetterKind.FORWARDING_NOTICE])
def test_a_date_no_letter_has_a_place_for_is_refused(kind: LetterKind) -> None:
    with pytest.raises(ClerkError) as caught:
        OFFICES["BW"].notice(case(application()), wish(kind, due_on=DUE), NOW)
    assert caught.value.code is ErrorCode.DUE_NOT_MEANT


def test_a_practice_letter_claims_a_signature_only_where_there_is_one() -> None:
    rules = OfficeRules(replace(HEAD, practice=True))
    found = case(application())
    signed = rules.decision(found, Outcome.GRANTED, Wording(), NOW)
    plain = rules.notice(found, wish(LetterKind.RECEIPT), NOW)
    assert "Demoschlüssel" in "\n".join(signed.texts())
    assert "signiert" not in plain.words.practice_notice
    assert "nicht rechtsgültig" in plain.words.practice_notice


def test_a_forwarding_notice_keeps_the_day_of_first_receipt() -> None:
    found = case(replace(application(FORM, RENT), applied_on=date(2026, 11, 20)))
    letter = OFFICES["SN"].notice(found, wish(LetterKind.FORWARDING_NOTICE), NOW)
    text = OFFICES["SN"].message_text(letter)
    assert "Landratsamt Musterkreis, Kreisstraße 1, 70998 Kreisstadt" in text
    assert "am 24.\u00a0November 2026 bei uns eingegangen" in text
    assert "§ 16 Absatz 2 Satz 2" in text
    assert json.loads(letter.facts_json())["receivedOn"] == "2026-11-24"


# -- hearing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("land", "key"), [("BW", TRADE), ("SN", RENT), ("SN", DOG_TAX)])
def test_a_refusal_advises_a_hearing_and_a_grant_needs_none(land: str, key: str) -> None:
    found = case(application(FORM, key))
    duty = {o: OFFICES[land].hearing_duty(found, o, Wording(), NOW) for o in Outcome}
    assert duty == {
        Outcome.GRANTED: HearingDuty.NONE,
        Outcome.REFUSED: HearingDuty.ADVISED,
        Outcome.PARTLY_GRANTED: HearingDuty.ADVISED,
    }


def test_service_and_template_set_the_duty_otherwise() -> None:
    law = load_letter_law("BW")
    description = ServiceCatalogue("BW").find(TRADE)
    template = description.template(Outcome.REFUSED)
    assert template is not None

    def duty(granted: bool = False, **changes: Any) -> HearingDuty:
        service = replace(description, hearing=changes.pop("service", None))
        return law.hearing_duty(service, replace(template, **changes), NOW.date(), granted=granted)

    assert duty() is HearingDuty.ADVISED
    assert duty(service=HearingDuty.NONE) is HearingDuty.NONE
    assert duty(service=HearingDuty.REQUIRED) is HearingDuty.REQUIRED
    assert duty(burdening=True) is HearingDuty.REQUIRED
    assert duty(burdening=True, granted=True) is HearingDuty.REQUIRED
    assert duty(burdening=True, hearing=HearingDuty.NONE) is HearingDuty.NONE


def test_a_clerk_sees_which_templates_fees_and_languages_there_are() -> None:
    office, found = OFFICES["BW"], case(application(FORM, TRADE))
    choices = office.choices(found, NOW)
    described = office.description(found).templates
    assert [(each.name, each.outcome) for each in choices.templates] == [
        (each.name, each.outcome) for each in described
    ]
    for outcome in Outcome:
        default = choices.template(outcome, None)
        assert default is not None
        assert choices.template(outcome, "no such template") == default
        letter = office.decision(found, outcome, Wording(template=default.name), NOW)
        assert letter == office.decision(found, outcome, Wording(), NOW)
        said: Any = letter.facts["fees"]
        assert len(said["items"]) == len(default.fees or ())
    assert choices.languages == office.languages(found, NOW)


def test_the_sum_of_the_fees_is_marked_as_one() -> None:
    letter = OFFICES["BW"].decision(case(application(FORM, TRADE)), Outcome.GRANTED, FULL, NOW)
    tables = [block for block in letter.blocks if isinstance(block, Table) and block.totals]
    assert [table.rows[-1][-1] for table in tables] == ["28,50\u00a0€"]
