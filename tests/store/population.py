"""A town's people and what they file, drawn by a seed, with the truth about who is who.

Names are as unevenly spread as real ones; forms are filled in as people do: umlauts spelled out, middle names
left out, fields the wrong way round, streets abbreviated, some letters simply wrong.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate

from clerk_app.domain.application import Attachment, PersonFacts

FAMILY = (
    "Müller", "Schmidt", "Schneider", "Fischer", "Weber", "Meyer", "Wagner", "Becker", "Schulz", "Hoffmann",
    "Schäfer", "Koch", "Bauer", "Richter", "Klein", "Wolf", "Schröder", "Neumann", "Schwarz", "Zimmermann",
    "Yılmaz", "Kaya", "Nguyễn", "Đorđević", "Šołćina", "Krawc", "Liepiņa", "Özdemir", "Groß", "Weiß",
    "Łukaszewicz", "Kovačević", "Çelik", "Ångström", "O'Brien", "von der Heide", "Müller-Lüdenscheidt",
    "Nowakowa", "Bjørnson", "García Márquez", "Vũ", "Þórsson", "Dvořák", "Szűcs", "D'Angelo", "zu Guttenberg",
)  # fmt: skip
GIVEN = (
    "Thomas", "Michael", "Andreas", "Peter", "Anna", "Maria", "Sabine", "Petra", "Monika", "Stefan",
    "Jürgen", "Günter", "Zoë", "Łukasz", "Żaneta", "Kübra", "Minh", "François", "Ćamil", "Anna-Lena",
    "Hans-Peter", "Björn", "Jörg", "Käthe", "René", "Quirin", "Ayşe", "Đorđe", "Jiří", "Søren", "Mária",
    "Karl", "Emma", "Ben", "Mia", "Paul", "Lina", "Elias", "Ida", "Noah",
)  # fmt: skip
STREETS = (
    "Hauptstraße", "Bahnhofstraße", "Schillerstraße", "Am Marktplatz", "Straße des 17. Juni", "Goetheweg",
    "St.-Johannis-Straße", "Rosenweg", "Wendische Straße", "Łužiska droha", "An der Mühle", "Lindenallee",
    "Königsberger Straße", "Kirchplatz", "Birkenweg", "Große Gasse", "Am Alten Zoll", "Dorfstraße",
)  # fmt: skip
_SYLLABLES = (
    ("Berg", "Hof", "Stein", "Bach", "Wald", "Rein", "Ober", "Nieder", "Hage", "Linde", "Busch", "Krön"),
    ("en", "el", "er", "in", "o", "ich", "ing", "ert", "au", "ös"),
    ("mann", "bauer", "meier", "müller", "schmidt", "hauser", "huber", "wski", "itz", "ler", "dt", "beck"),
)
SERVICES = ("Wohngeld", "Bewohnerparkausweis", "Hundesteuer", "Gewerbe", "Geburtsurkunde", "Führungszeugnis")
DATELESS = frozenset({"Hundesteuer", "Gewerbe"})  # forms that do not ask for the date of birth


@dataclass(frozen=True)
class Filed:
    """One application. ``person``, ``household`` and ``house`` are the truth."""

    person: int
    household: int
    house: int
    service: str
    facts: PersonFacts
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class _Person:
    number: int
    household: int
    house: int
    facts: PersonFacts


def filed(seed: int, cases: int) -> list[Filed]:
    """``cases`` applications by about half as many people."""
    rng = random.Random(seed)
    people = _people(rng, cases // 2)
    moves: dict[int, _Person] = {}
    found = []
    for _ in range(cases):
        person = rng.choice(people)
        person = moves.get(person.number, person)
        if rng.random() < 0.05:
            person = moves[person.number] = _moved(rng, person, rng.choice(people))
        service = rng.choice(SERVICES)
        facts = _as_filled_in(rng, person.facts)
        if service in DATELESS:
            facts = replace(facts, birth_on=None)
        found.append(Filed(person.number, person.household, person.house, service, facts))
    return found


def _people(rng: random.Random, wanted: int) -> list[_Person]:
    found: list[_Person] = []
    household = house = 0
    while len(found) < wanted:
        house += 1
        street = PersonFacts(
            street=rng.choice(STREETS), house_number=_house_number(rng), postcode=f"70{house % 900 + 100}"
        )
        for _ in range(rng.choice((1, 1, 1, 1, 2, 2, 3, 6, 12))):  # flats
            household += 1
            found += _family(rng, household, house, replace(street, city="Musterhausen"), len(found))
    return found


def _family(rng: random.Random, household: int, house: int, place: PersonFacts, number: int) -> list[_Person]:
    family = _drawn(rng, FAMILY) if rng.random() < 0.25 else _rarer(rng)
    size = rng.choice((1, 1, 2, 2, 3, 4))
    members: list[_Person] = []
    for at in range(size):
        birth = date(1945, 1, 1) + timedelta(days=rng.randrange(365 * 62))
        given = _drawn(rng, GIVEN)
        if rng.random() < 0.3:
            given += f" {_drawn(rng, GIVEN)}"
        twin = bool(members) and rng.random() < 0.1
        if twin:
            birth = members[-1].facts.birth_on or birth
            middle = members[-1].facts.given_names.split()[-1]
            given = f"{_drawn(rng, [name for name in GIVEN if name not in members[-1].facts.given_names])}"
            given += f" {middle}" if " " in members[-1].facts.given_names else ""
        facts = replace(place, family_name=family, given_names=given, birth_on=birth)
        members.append(_Person(number + at, household, house, facts))
    return members


def _moved(rng: random.Random, person: _Person, into: _Person) -> _Person:
    place = into.facts
    facts = replace(
        person.facts,
        street=place.street,
        house_number=place.house_number,
        postcode=place.postcode,
    )
    return _Person(person.number, into.household, into.house, facts)


def _as_filled_in(rng: random.Random, facts: PersonFacts) -> PersonFacts:
    def spelled(text: str) -> str:
        if rng.random() < 0.15:
            for letter, letters in zip("äöüßÄÖÜ", ("ae", "oe", "ue", "ss", "Ae", "Oe", "Ue"), strict=True):
                text = text.replace(letter, letters)
        if rng.random() < 0.1:
            text = text.upper()
        if rng.random() < 0.1:
            text = text.replace("-", " ").replace("'", "’")
        if rng.random() < 0.05:
            text = f" {text.replace(' ', '  ')} "
        return text

    given, family = spelled(facts.given_names), spelled(facts.family_name)
    if " " in facts.given_names and rng.random() < 0.3:
        given = spelled(facts.given_names.split()[0])
    if rng.random() < 0.02:
        family = family[:1] + family[2:]  # a letter is missing: not found again by the name
    if rng.random() < 0.02:
        given, family = family, given
    street, number = _street(rng, spelled(facts.street)), facts.house_number
    if rng.random() < 0.1:
        street, number = f"{street} {number}", ""
    elif rng.random() < 0.2:
        number = number.replace("a", " a").upper()
    postcode = f"D-{facts.postcode}" if rng.random() < 0.03 else facts.postcode
    return replace(
        facts, given_names=given, family_name=family, street=street, house_number=number, postcode=postcode
    )


def _street(rng: random.Random, street: str) -> str:
    if rng.random() < 0.5:
        return street
    for long in ("straße", "strasse", "Straße", "Strasse"):
        street = street.replace(long, rng.choice(("str.", "strasse", "-Str.", " Straße")))
    return street


def _house_number(rng: random.Random) -> str:
    return f"{rng.randrange(1, 120)}{rng.choice(('', '', '', 'a'))}"


def _rarer(rng: random.Random) -> str:
    """Most people have one of very many rare names."""
    return "".join(map(rng.choice, _SYLLABLES))


def _drawn(rng: random.Random, names: Sequence[str]) -> str:
    """By Zipf's law: the first name is as frequent as names are in a telephone book."""
    weights = list(accumulate(1 / (at + 3) for at in range(len(names))))
    return rng.choices(names, cum_weights=weights)[0]
