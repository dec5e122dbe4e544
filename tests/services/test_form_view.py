"""The form as filed: labelled, in order, nothing hidden, nothing believed."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.localized import Localized
from clerk_app.domain.service_package import FormView, PersonPaths
from clerk_app.services.applicant import Applicant, read_applicant
from clerk_app.services.catalogue import ServiceCatalogue
from clerk_app.services.form_paths import find_text
from clerk_app.services.form_tree import MalformedFormError, read_form
from clerk_app.services.form_view import humanised, view_form
from clerk_app.services.words import GERMAN

GENERIC = ServiceCatalogue("BW").find(None)
DOG = ServiceCatalogue("BW").find("99102013104000")


def view(form: Any, description: Any = GENERIC, language: str = "de") -> FormView:
    content = form if isinstance(form, bytes) else json.dumps(form).encode()
    return view_form(content, "application/json", description, GERMAN, language)


def values(form: Any) -> dict[str, str]:
    return {row.path: row.value for row in view(form).rows()}


def test_known_fields_have_labels_order_and_german_values() -> None:
    shown = view(
        {
            "$schema": "https://schema.example/1",
            "hund": {"rasse": "Dackel", "name": "Bello", "wurfdatum": "2024-02-29", "listenhund": False},
            "antragsteller": {
                "vorname": "Ngọc",
                "anschrift": {"plz": "70999", "strasse": "Weg"},
                "nachname": "Đặng",
            },
            "sonstiges": {"gebuehrEuro": 1234.5, "zeitpunkt": "2026-11-24T07:14:00Z"},
        },
        DOG,
    )
    assert [group.title for group in shown.groups] == [
        "Antragstellende Person",
        "Anschrift",
        "Hund",
        "Sonstiges",
        "Technische Angaben",
    ]
    assert [row.label for row in shown.groups[0].rows] == ["Familienname", "Vorname"]
    assert shown.groups[1].depth == 1
    assert [(row.label, row.value) for row in shown.groups[2].rows] == [
        ("Rufname", "Bello"),
        ("Rasse", "Dackel"),
        ("Wurfdatum", "29.02.2024"),
        ("Listenhund", "nein"),
    ]
    assert [row.value for row in shown.groups[3].rows] == ["1.234,5", "24.11.2026, 08:14 Uhr"]
    assert not shown.groups[3].rows[0].described


def test_labels_follow_the_language() -> None:
    shown = view({"hund": {"rasse": "Dackel"}}, DOG, "en")
    assert (shown.groups[-1].title, shown.groups[-1].rows[0].label) == ("Dog", "Breed")


def test_lists_of_objects_are_numbered_sections() -> None:
    shown = view({"haushalt": {"mitglieder": [{"name": "A"}, {"name": "B", "kinder": ["x", "y"]}]}})
    assert [group.title for group in shown.groups] == ["Haushalt", "Mitglieder 1", "Mitglieder 2"]
    assert {row.path: row.value for row in shown.rows()} == {
        "haushalt.mitglieder.0.name": "A",
        "haushalt.mitglieder.1.name": "B",
        "haushalt.mitglieder.1.kinder": "x; y",
    }


def test_nothing_is_hidden() -> None:
    assert values(b'{"a": 1, "a": 2, "leer": "", "nichts": null, "b": {}, "c": []}') == {
        "a": "1",
        "a (2)": "2",
        "leer": "",
        "nichts": "",
        "b": "",
        "c": "",
    }


def test_numbers_keep_their_spelling() -> None:
    digits = "9" * 5000
    assert values(b'{"a": 1.50, "b": 1e400, "c": ' + digits.encode() + b', "d": NaN, "e": -0}') == {
        "a": "1,50",
        "b": "1e400",
        "c": digits,
        "d": "NaN",
        "e": "-0",
    }


def test_values_that_only_look_like_days_stay_as_they_are() -> None:
    assert values({"a": "2026-02-30", "b": "2026-13-01", "c": "26-01-01", "d": "2026-01-01 "}) == {
        "a": "2026-02-30",
        "b": "2026-13-01",
        "c": "26-01-01",
        "d": "2026-01-01 ",
    }


def test_half_surrogates_become_replacement_characters() -> None:
    shown = values(b'{"a\\ud800": "x\\udfff", "b": "\\ud83d\\ude00"}')
    assert shown == {"a\ufffd": "x\ufffd", "b": "\U0001f600"}


def test_a_form_that_is_no_object_is_shown_as_well() -> None:
    assert [row.value for row in view(b'"just words"').rows()] == ["just words"]
    assert [row.value for row in view(b"[1, 2]").rows()] == ["1", "2"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe{", b'{"a": 1}garbage', b"{'a': 1}"])
def test_broken_json_is_shown_raw(content: bytes) -> None:
    shown = view(content)
    assert shown.problem == ErrorCode.CONTENT_MALFORMED
    assert shown.groups == ()
    assert shown.raw == content.decode("utf-8", "replace")


def test_forms_too_deep_or_too_long_are_shown_raw() -> None:
    for deep in (b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 70 + b"1" + b"}" * 70):
        assert view(deep).problem == ErrorCode.LIMIT_EXCEEDED
    long = view({f"f{number}": number for number in range(6000)})
    assert long.problem == ErrorCode.LIMIT_EXCEEDED
    assert len(long.rows()) == 5000
    assert '"f5999"' in long.raw


def xml(content: bytes) -> FormView:
    return view_form(content, "application/xml", GENERIC, GERMAN)


def test_xml_becomes_the_same_rows() -> None:
    shown = xml(
        b'<?xml version="1.0"?><x:antrag xmlns:x="urn:x" xmlns:y="urn:y" y:art="neu"><x:antragsteller>'
        b"<x:nachname>M\xc3\xbcller &amp; S\xc3\xb6hne</x:nachname></x:antragsteller>"
        b"<kind>A</kind><kind>B</kind>mixed</x:antrag>"
    )
    assert {row.path: row.value for row in shown.rows()} == {
        "antrag.@art": "neu",
        "antrag.kind": "A; B",
        "antrag.#text": "mixed",
        "antrag.antragsteller.nachname": "Müller & Söhne",
    }


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><a>&y;</a>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>',
        b"<!DOCTYPE a><a/>",
        b"<a>&unknown;</a>",
        b"<a><b></a>",
        b"<a/><b/>",
        b'<?xml version="1.0" encoding="no-such"?><a/>',
    ],
)
def test_document_types_entities_and_broken_xml_are_not_read(content: bytes) -> None:
    assert xml(content).problem == ErrorCode.CONTENT_MALFORMED
    assert xml(content).raw


def test_deep_xml_is_stopped() -> None:
    assert xml(b"<a>" * 5000 + b"</a>" * 5000).problem == ErrorCode.LIMIT_EXCEEDED


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def _section_rows(value: object) -> int:
    """How many rows the view of ``value`` has as a section of its own."""
    if isinstance(value, dict):
        return sum(map(_member_rows, value.values()))
    if isinstance(value, list):
        return sum(map(_member_rows, value))
    return 1


def _member_rows(value: object) -> int:
    """How many rows it has as a member of a section."""
    if isinstance(value, dict):
        return _section_rows(value) if value else 1
    if isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        return sum(map(_section_rows, value))
    return 1


@given(json_values)
def test_every_form_is_shown_whole(form: object) -> None:
    shown = view(form)
    assert shown.problem is None
    assert len(shown.rows()) == _section_rows(form)
    for row in shown.rows():
        row.value.encode("utf-8")
        row.label.encode("utf-8")


@given(st.binary(max_size=200), st.sampled_from(["application/json", "application/xml", "text/xml", ""]))
def test_any_bytes_end_in_a_view(content: bytes, media_type: str) -> None:
    shown = view_form(content, media_type, GENERIC, GERMAN)
    assert (shown.problem is None) or not shown.groups


@given(st.text())
def test_humanised_names_are_never_empty_without_reason(name: str) -> None:
    assert bool(humanised(name).strip()) or not name.strip("@#$_- \t\n\r\x0b\x0c") or not name.strip()


def test_camel_case_becomes_words() -> None:
    assert humanised("bruttoeinkommenMonat") == "Bruttoeinkommen Monat"
    assert humanised("vor_name") == "Vor name"
    assert humanised("URLAdresse") == "URL Adresse"
    assert humanised("$schema") == "Schema"


def test_paths_find_values_in_every_depth_and_spelling() -> None:
    tree = read_form(
        b'{"a": {"Vor_Name": "x"}, "l": [{"z": ""}, {"z": "second"}], "w": {"q": {"deep": 7}}}', ""
    )
    assert find_text(tree, ("none", "a.vorname")) == ("a.vorname", "x")
    assert find_text(tree, ("l.*.z",)) == ("l.*.z", "second")
    assert find_text(tree, ("l.1.z",)) == ("l.1.z", "second")
    assert find_text(tree, ("l.7.z",)) is None
    assert find_text(tree, ("**.deep",)) == ("**.deep", "7")
    assert find_text(tree, ("a",)) is None


def applicant(form: dict[str, Any], paths: PersonPaths = GENERIC.person) -> Applicant:
    return read_applicant(read_form(json.dumps(form).encode(), "application/json"), paths)


def test_an_applicant_is_named_for_lists_letters_and_sorting() -> None:
    person = applicant(
        {
            "antragsteller": {
                "anrede": "Frau",
                "titel": "Dr.",
                "vorname": "Žofia",
                "nachname": "von der Müller",
                "anschrift": {"strasse": "Weg", "hausnummer": "5 a", "plz": "70999", "ort": "Musterhausen"},
            }
        }
    )
    assert person.display == "von der Müller, Žofia"
    assert person.full_name == "Dr. Žofia von der Müller"
    assert person.sort_name == "Müller Žofia"
    assert person.address_lines == ("Dr. Žofia von der Müller", "Weg 5 a", "70999 Musterhausen")
    assert person.letter_salutation == "Sehr geehrte Frau Dr. von der Müller,"


@pytest.mark.parametrize(
    ("form", "display", "salutation"),
    [
        ({"antragsteller": {"nachname": "Suharto"}}, "Suharto", "Guten Tag Suharto,"),
        ({"antragsteller": {"vorname": "Anna", "nachname": "Weiß"}}, "Weiß, Anna", "Guten Tag Anna Weiß,"),
        ({"name": "Anna Maria Weiß"}, "Weiß, Anna Maria", "Guten Tag Anna Maria Weiß,"),
        ({"name": "Weiß, Anna"}, "Weiß, Anna", "Guten Tag Anna Weiß,"),
        ({"antragsteller": {"firma": "Hof & Söhne"}}, "Hof & Söhne", "Guten Tag,"),
        ({"beteiligte": {"vater": {"familienname": "Groß"}}}, "Groß", "Guten Tag Groß,"),
        ({}, "", "Guten Tag,"),
    ],
)
def test_other_ways_to_be_named(form: dict[str, Any], display: str, salutation: str) -> None:
    person = applicant(form)
    assert (person.display, person.letter_salutation) == (display, salutation)


@pytest.mark.parametrize(
    ("family", "sorted_as"),
    [("van den Berg", "Berg"), ("Freiherr von Stein", "Freiherr von Stein"), ("D’Angelo", "D’Angelo"),
     ("al-Ḥasan", "al-Ḥasan"), ("de la Cruz", "Cruz"), ("müller", "müller"), ("zu Šolta", "Šolta")],
)  # fmt: skip
def test_particles_do_not_count_for_sorting(family: str, sorted_as: str) -> None:
    assert Applicant(family_name=family).sort_name == sorted_as


def test_a_form_beyond_the_limit_is_not_taken_apart() -> None:
    with pytest.raises(MalformedFormError) as caught:
        read_form(b" " * 20_000_001, "application/json")
    assert caught.value.code is ErrorCode.LIMIT_EXCEEDED


def test_german_words() -> None:
    assert GERMAN.euros(Decimal("1234.5")) == "1.234,50\u00a0€"
    assert GERMAN.decimal(Decimal("-1234.5")) == "-1.234,5"


SHAPED = replace(
    GENERIC,
    formats={
        "einkommen.*.betrag": "euros",
        "flaeche": "number",
        "IBAN": "iban",
        "anmerkung": "lines",
        "beantragt": "yes-no",
    },
    values={"person.familien_stand": {"vh": Localized({"de": "verheiratet", "en": "married"})}},
)


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ({"einkommen": [{"betrag": 1234.5}]}, "1.234,50\u00a0€"),
        ({"einkommen": [{"betrag": "900"}]}, "900,00\u00a0€"),
        ({"einkommen": [{"betrag": "viel"}]}, "viel"),
        ({"einkommen": [{"betrag": 1e400}]}, "Infinity"),
        ({"flaeche": 1234}, "1.234"),
        ({"sonst": 1234}, "1234"),
        ({"konto": {"iban": "DE02 1203 0000 0000 2020 51"}}, "DE02 1203 0000 0000 2020 51"),
        ({"konto": {"iban": "de02120300000000202051"}}, "DE02 1203 0000 0000 2020 51"),
        ({"konto": {"iban": "unbekannt"}}, "unbekannt"),
        ({"anmerkung": " Zeile 1 \r\n\n Zeile 2"}, "Zeile 1\nZeile 2"),
        ({"beantragt": "true"}, "ja"),
        ({"beantragt": "Nein"}, "nein"),
        ({"beantragt": "vielleicht"}, "vielleicht"),
        ({"person": {"familienstand": "vh"}}, "verheiratet"),
        ({"person": {"familienstand": "anders"}}, "anders"),
        ({"person": {"familienstand": ["vh", "anders"]}}, "verheiratet; anders"),
    ],
)
def test_values_are_written_as_the_package_asks(form: Any, shown: str) -> None:
    assert view(form, SHAPED).rows()[0].value == shown


def test_value_words_follow_the_language() -> None:
    assert view({"person": {"familienstand": "vh"}}, SHAPED, "en").rows()[0].value == "married"
