"""What rules mean, function by function."""

from __future__ import annotations

import pytest

from clerk_app.services.form_tree import read_form
from clerk_app.services.rules.evaluate import Evaluator
from clerk_app.services.rules.language import parse_rule
from tests.services.rules.samples import holds, matter

TRUE = [
    'antragsteller.nachname = "müller"',
    'antragsteller.nachname = "MÜLLER"',
    "hund.listenhund = false",
    'hund.listenhund = "false"',
    "not hund.listenhund",
    "miete = 512.50",
    "miete > 512 and miete <= 512.5",
    "miete + 10 - 2.5 = 520",
    "miete * 2 >= 1025",
    "miete != 5",
    'antragsteller.anschrift.plz = "01067"',
    'antragsteller.anschrift.plz != "1067"',
    "antragsteller.anschrift.plz != 1068",
    "antragsteller.anschrift.plz < 10000",
    "von = 2026-01-31",
    "bis = 2026-02-28",
    'bis = "2026-02-28"',
    "von < bis",
    "bis < arrival()",
    "applied() = 2026-03-01",
    'hund.rasse in ("Pudel", "dackel")',
    'hund.rasse in list("breeds")',
    'not hund.rasse in ("Pudel", "Dogge")',
    "miete in (512.5, 600)",
    "present(hund.farbe, hund.rasse)",
    "present(HUND.Rasse)",
    "present(hund.chipnummer)",
    "present(antragsteller.email)",
    "present(gruppe)",
    "not present(leere_gruppe)",
    "not present(leer, nichts, hund.farbe)",
    "present(haushalt.mitglieder)",
    'first(leer, hund.farbe, hund.rasse) = "Dackel"',
    '**.rasse = "Dackel"',
    "present(**.tief)",
    'haushalt.mitglieder.1.name = "B"',
    'haushalt.mitglieder.*.name = "A"',
    'haushalt.mitglieder.name = "A"',
    'haushalt.haustiere = "Hund"',
    "age(antragsteller.geburtsdatum) = 26",
    "age(antragsteller.geburtsdatum, 2018-02-28) = 17",
    "age(antragsteller.geburtsdatum, 2018-03-01) = 18",
    "age(2027-01-01) < 0",
    "days(von, bis) = 28",
    "days(bis, von) = 0 - 28",
    "months(von, bis) = 1",
    "months(2026-01-15, 2026-03-14) = 1",
    "months(2026-03-14, 2026-01-15) = 0 - 1",
    'plus(von, 1, "months") = 2026-02-28',
    'plus(von, 2, "years") = 2028-01-31',
    'plus(von, 0 - 31, "days") = 2025-12-31',
    "count(haushalt.mitglieder) = 3",
    "count(haushalt.mitglieder.*) = 3",
    "count(haushalt.mitglieder.*.einkommen) = 2",
    "count(haushalt.mitglieder.*.kinder) = 3",
    "count(haushalt.haustiere) = 2",
    "count(haushalt.einzeln) = 1",
    "count(hund.farbe) = 0",
    "sum(haushalt.mitglieder.*.einkommen) = 1250.5",
    "length(hund.rasse) = 6",
    "length(miete) = 5",
    "every(haushalt.mitglieder, present(.name))",
    "not every(haushalt.mitglieder, .alter >= 18)",
    "some(haushalt.mitglieder, .alter < 18)",
    "some(haushalt.mitglieder, some(.kinder, .alter = 9))",
    "not some(haushalt.mitglieder, .alter > 70 and present(hund.rasse))",
    "every(hund.farbe, .x = 1)",
    "not some(hund.farbe, .x = 1)",
    'some(haushalt.haustiere, . = "katze")',
    'every(haushalt.einzeln, .name = "D")',
    'attached("liability")',
    'attached("liability", 2)',
    'not attached("liability", 3)',
    'not attached("other")',
    "ours(antragsteller.anschrift.ort)",
    'not ours("Leipzig")',
    'sum(haushalt.mitglieder.*.einkommen) <= limit("income")',
    'miete > parameter("rent")',
    'parameter("name") = "X"',
    "hund.farbe = 1 or true",
    "not (hund.farbe = 1 and false)",
    "(miete > 1) = true",
    "betrag.plain > 1234",
    'betrag.deutsch = "1.234,56"',
]
UNKNOWN = [
    "hund.farbe = 1",
    "not hund.farbe = 1",
    "hund.farbe != 1",
    "hund.farbe",
    "hund.rasse",
    "hund.farbe = 1 and true",
    "hund.farbe = 1 or false",
    'hund.farbe in ("a", "b")',
    'hund.rasse in list("none")',
    "hund.rasse > 5",
    "hund.rasse > hund.rasse",
    "betrag.deutsch > 5",
    "betrag.hoch > 5",
    "betrag.groß > 5",
    "betrag.deutsch + 1 > 5",
    "unsinn < arrival()",
    "age(unsinn) > 1",
    "age(hund.farbe) > 1",
    "sum(hund.farbe) = 0",
    "sum(haushalt.mitglieder.*.name) = 0",
    "length(hund.farbe) > 1",
    'valid("iban", hund.farbe)',
    "every(haushalt.mitglieder, .einkommen > 1)",
    "some(haushalt.mitglieder, .einkommen > 9999)",
    "ours(hund.farbe)",
    'limit("none") > 1',
    'parameter("none") = 1',
    'rule("none")',
    'check("none")',
    'plus(von, 0.5, "days") > von',
    'plus(von, 99999, "years") > von',
    "999999999999999 * 999999999999999 > 1",
    "first(hund.farbe, leer) = 1",
]
FALSE = [
    "hund.listenhund",
    'hund.rasse = "Pudel"',
    "hund.rasse = 5",
    "hund.rasse = true",
    "hund.rasse = 2026-01-01",
    "betrag.deutsch = 1234.56",
    "miete < 500",
    'valid("iban", "DE89 3704 0044 0532 0130 01")',
]


@pytest.mark.parametrize("source", TRUE)
def test_a_rule_holds(source: str) -> None:
    assert holds(source) is True


@pytest.mark.parametrize("source", FALSE)
def test_a_rule_does_not_hold(source: str) -> None:
    assert holds(source) is False


@pytest.mark.parametrize("source", UNKNOWN)
def test_what_the_form_does_not_say_stays_unknown(source: str) -> None:
    assert holds(source) is None


@pytest.mark.parametrize(
    ("shape", "good", "bad"),
    [
        ("iban", ["DE89370400440532013000", "de89 3704 0044 0532 0130 00"], ["DE8937040044", "x", "DE" * 30]),
        ("email", ["a@b.de", "ä.b-c@sub.example.org"], ["a", "a@b", "a b@c.de", "@b.de", "a@.de", "a@b..de"]),
        ("postcode", ["01067"], ["1067", "010670", "0106x"]),
        ("plate", ["DD-AB 123", "S-X 1", "LÖ AB 12E", "dd-ab 99H"], ["123", "DD-ABC 1", "DD-AB 0123", "DD"]),
        ("digits-15", ["276000000000000", "276 0000 0000 0000"], ["27600000000000", "27600000000000x"]),
    ],
)
def test_shapes(shape: str, good: list[str], bad: list[str]) -> None:
    for text in good:
        assert holds(f'valid("{shape}", "{text}")') is True, text
    for text in bad:
        assert holds(f'valid("{shape}", "{text}")') is False, text


@pytest.mark.parametrize(
    ("place", "ours"),
    [
        ("Dresden", True),
        ("dresden", True),
        ("Stadt Dresden", True),
        ("Dresden, OT Klotzsche", True),
        ("Bad Dresden", False),
        ("Dresdner Heide", False),
        ("D", False),
        ("Stadt", False),
        ("Frankfurt", True),
        ("St. Egidien", True),
    ],
)
def test_a_place_is_ours_by_its_name_not_by_some_letters_of_it(place: str, ours: bool) -> None:
    places = ("Stadt Dresden", "Frankfurt am Main", "Sankt Egidien")
    assert holds(f'ours("{place}")', places=places) is ours


def test_an_authority_without_parameters_or_places_leaves_it_open() -> None:
    assert holds('parameter("rent") = 500', parameter=None) is None
    assert holds('ours("Dresden")', places=()) is None


XML = """<antrag xmlns="urn:x">
  <person geschlecht="w"><name>A</name><volljaehrig>true</volljaehrig></person>
  <einkommen waehrung="EUR">1200.50</einkommen><einkommen waehrung="EUR">99.5</einkommen>
  <geburt>2000-02-29+01:00</geburt>
</antrag>"""


@pytest.mark.parametrize(
    "source",
    [
        "antrag.person.volljaehrig = true",
        'antrag.person.@geschlecht = "W"',
        "sum(antrag.einkommen.*.#text) = 1300",
        'every(antrag.einkommen, .@waehrung = "EUR" and .#text > 1)',
        'every(antrag.person, .name = "A")',
        "count(antrag.person) = 1 and count(antrag.einkommen) = 2",
        "age(antrag.geburt) = 26",
        "present(antrag.person) and not present(antrag.kind)",
    ],
)
def test_rules_ask_xml_as_they_ask_json(source: str) -> None:
    xml = read_form(XML.encode(), "application/xml")
    assert Evaluator(matter(tree=xml)).holds(parse_rule(source)) is True
