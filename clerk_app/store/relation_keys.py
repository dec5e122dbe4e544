"""What other cases are found by: names, addresses and documents, spelled so that equal ones are equal.

Letters are compared in search form (DIN 91379), so Müller, MUELLER and Mueller are one name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from clerk_app.domain.application import PersonFacts
from clerk_app.domain.relations import Relation, RelationKind
from clerk_app.store.din91379 import search_form
from clerk_app.store.encoding import clean_text

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"['’ʼ`´]")
_NOT_HOUSE = re.compile(r"[^\w/-]|_")
_TITLES = frozenset({"DR", "PROF", "HERR", "FRAU"})
_MOST_GIVEN_NAMES = 6
_MOST_ATTACHMENTS = 500
_DIGEST_CHARACTERS = 40  # of 128: 160 bits tell documents apart well enough for a hint
_NUMBER = re.compile(r"^(?P<street>.*\D)[ ,]+(?P<number>\d+\s*[a-zA-Z]?(?:\s*[-/]\s*\d+\s*[a-zA-Z]?)?)$")


class KeyKind(IntEnum):
    """What a key is made of. Stored: values never change."""

    PERSON = 1
    ORGANISATION = 2
    ADDRESS = 3
    ATTACHMENT = 4


@dataclass(frozen=True, slots=True)
class RelationKey:
    """One thing a case may share. A person has one key for each given name: some forms ask for all of them,
    some for the one that is used. ``beside``: with a name the date of birth, with an address the family."""

    kind: KeyKind
    key: str
    written: str
    beside: str = ""


def person_keys(person: PersonFacts) -> list[RelationKey]:
    """Keys of who filed it, and of where they live."""
    found = []
    family, given = _one_line(person.family_name), _one_line(person.given_names)
    name, names = _joined(family), _given(given)
    birth = "" if person.birth_on is None else person.birth_on.isoformat()
    if name and (names or birth):  # some people have a single name; without a date of birth it says nothing
        written = f"{family}, {given}" if given else family
        # sorted: the two fields are often filled in the wrong way round
        found += [
            RelationKey(KeyKind.PERSON, "|".join(sorted((name, each))), written, birth)
            for each in dict.fromkeys([*names[:_MOST_GIVEN_NAMES], "".join(names)])
        ]
    organisation = _joined(person.organisation)
    if organisation:
        written = clean_text(_one_line(person.organisation))
        found.append(RelationKey(KeyKind.ORGANISATION, organisation, written))
    if address := _address(person, name or organisation):
        found.append(address)
    return found


def attachment_keys(attachments: Iterable[tuple[str, int, str]]) -> list[RelationKey]:
    """``attachments``: SHA-512, size in bytes, file name or id. An empty file is like every other one."""
    named = {digest: name for digest, size, name in attachments if size > 0}
    return [
        RelationKey(KeyKind.ATTACHMENT, digest[:_DIGEST_CHARACTERS], name)
        for digest, name in list(named.items())[:_MOST_ATTACHMENTS]
    ]


def relations_between(
    own: Iterable[RelationKey], theirs: Iterable[RelationKey], telling: frozenset[str]
) -> tuple[Relation, ...]:
    """Every reason, strongest first, in the spelling of ``theirs``; symmetric but for that. ``telling``: keys
    of names that a single person has here, as far as anybody knows."""
    mine: dict[tuple[KeyKind, str], list[RelationKey]] = {}
    for key in own:
        mine.setdefault((key.kind, key.key), []).append(key)
    shared = [(each, key) for key in sorted(theirs, key=_order) for each in mine.get((key.kind, key.key), ())]
    found: dict[RelationKind, list[Relation]] = {kind: [] for kind in RelationKind}
    weak: list[Relation] = []
    for one, other in shared:
        relation, is_weak = _relation(one, other)
        if relation is None:
            continue
        if is_weak and other.key not in telling:
            weak.append(relation)
        elif relation not in found[relation.kind]:
            found[relation.kind].append(relation)
    if found[RelationKind.SAME_ADDRESS] and not found[RelationKind.SAME_NAME]:
        found[RelationKind.SAME_NAME] = weak[:1]  # a common name, but at the same address
    if found[RelationKind.SAME_PERSON]:
        found[RelationKind.SAME_NAME] = []
    return tuple(relation for kind in RelationKind for relation in found[kind])


def _order(key: RelationKey) -> tuple[int, str, str]:
    return key.kind, key.written, key.key


def _relation(one: RelationKey, other: RelationKey) -> tuple[Relation | None, bool]:
    """What an equal key means, and whether it is a name alone."""
    if one.kind is KeyKind.ADDRESS:
        return Relation(RelationKind.SAME_ADDRESS, other.written), False
    if one.kind is KeyKind.ATTACHMENT:
        return Relation(RelationKind.SAME_ATTACHMENT, other.written), False
    if one.kind is KeyKind.ORGANISATION:
        return Relation(RelationKind.SAME_ORGANISATION, other.written), False
    if not _one_name(one.written, other.written):
        return None, False
    if one.beside and one.beside == other.beside:
        return Relation(RelationKind.SAME_PERSON, other.written, date.fromisoformat(other.beside)), False
    if one.beside and other.beside:
        return None, False
    return Relation(RelationKind.SAME_NAME, other.written), True


def _one_name(one: str, other: str) -> bool:
    """Whether two full names can be one person's: one leaves out given names of the other (twins often share
    a middle name), or has the two fields the wrong way round."""
    family, names = _parts(one)
    other_family, other_names = _parts(other)
    if family == other_family:
        shorter, longer = sorted((set(names), set(other_names)), key=len)
        return shorter <= longer or "".join(names) == "".join(other_names)
    return "".join(names) == other_family and "".join(other_names) == family


def _parts(written: str) -> tuple[str, list[str]]:
    family, _comma, given = written.partition(",")
    return _joined(family), _given(given)


def _given(text: str) -> list[str]:
    """Given names one by one; initials only when there is nothing else."""
    words = [word for word in _words(text) if word not in _TITLES]
    return list(dict.fromkeys([word for word in words if len(word) > 1] or words))


def _joined(text: str) -> str:
    return "".join(word for word in _words(text) if word not in _TITLES)


def _words(text: str) -> list[str]:
    return _WORD.findall(search_form(clean_text(_APOSTROPHES.sub("", text))))


def _one_line(text: str) -> str:
    return " ".join(clean_text(text).replace(",", " ").split())


def _address(person: PersonFacts, name: str) -> RelationKey | None:
    street, number = " ".join(person.street.split()), " ".join(person.house_number.split())
    if not number and (split := _NUMBER.match(street)):
        street, number = split["street"].rstrip(" ,"), split["number"]
    postcode = "".join(filter(str.isalnum, person.postcode)).upper().removeprefix("DE").removeprefix("D")
    way, house = _street(street), _NOT_HOUSE.sub("", search_form(clean_text(number))).replace("/", "-")
    if not (way and house and postcode):
        return None
    written = f"{street} {number}, {' '.join(f'{person.postcode} {person.city}'.split())}"
    return RelationKey(KeyKind.ADDRESS, f"{postcode}|{way}|{house}", clean_text(written), name)


def _street(text: str) -> str:
    """Hauptstraße, Hauptstr., Haupt-Strasse and HAUPT STR are one street; so are Markt Pl. and Marktplatz."""
    return "".join(map(_street_word, _words(text)))


def _street_word(word: str) -> str:
    if word.endswith("STRASSE"):
        return word.removesuffix("ASSE")
    if word.endswith("PL"):
        return f"{word}ATZ"
    return "ST" if word == "SANKT" else word
