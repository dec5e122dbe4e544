"""Whose place stands in the form: ours or another's, and who is proposed."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from clerk_app.domain.authority import NO_PARAMETERS, AuthorityParameters, DirectoryEntry
from clerk_app.domain.competence import Competence, CompetenceReason, OfficeAddress
from clerk_app.domain.service_package import PersonPaths
from clerk_app.services.competence import OwnArea, competence, is_among, offices_like
from clerk_app.services.form_tree import Members

PATHS = PersonPaths(city=("ort",), postcode=("plz",))
MUELLHEIM = DirectoryEntry(
    OfficeAddress("Stadt Müllheim", "083150074074", "Bismarckstraße 3", "79379", "Müllheim"),
    ("Müllheim",),
    ("79379",),
)
FRANKFURT = DirectoryEntry(
    OfficeAddress("Stadt Frankfurt am Main", "064120000000", city="Frankfurt am Main"), (), ("60311",)
)
NEUSTADT_ONE = DirectoryEntry(OfficeAddress("Stadt Neustadt", "146250370370"), ("Neustadt",), ("01844",))
NEUSTADT_TWO = DirectoryEntry(OfficeAddress("Gemeinde Neustadt", "145230300300"), ("Neustadt",), ("08223",))
DIRECTORY = (NEUSTADT_ONE, NEUSTADT_TWO, MUELLHEIM, FRANKFURT)
OWN = OwnArea(
    "Stadt Musterhausen",
    "Musterhausen",
    AuthorityParameters(
        places=("Musterhausen", "Oberdorf"), postcodes=("70999", "79379"), directory=DIRECTORY
    ),
)


def judged(place: str, postcode: str = "", own: OwnArea = OWN) -> Competence:
    return competence(Members((("ort", place), ("plz", postcode))), PATHS, own)


def names(found: Competence) -> list[str]:
    return [each.office.name for each in found.proposals]


@pytest.mark.parametrize(
    ("place", "postcode", "ours"),
    [
        ("Musterhausen", "70999", True),
        ("MUSTERHAUSEN ", "", True),
        ("Stadt Musterhausen", "", True),
        ("Große Kreisstadt Musterhausen", "", True),
        ("Musterhausen OT Süd", "", True),
        ("Oberdorf (Musterhausen)", "99999", True),
        ("", "70999", True),
        ("Mussterhausen", "70999", True),  # the postcode says what was meant
        ("Mussterhausen", "", None),
        ("Mullheim", "79379", True),  # nothing but the shared postcode is certain
        ("Müllheim", "79379", False),  # it is ours too, but the place is another's
        ("Weitweg", "12345", False),
        ("", "12345", False),
        ("", "", None),
        ("  ", " ", None),
    ],
)
def test_ours_or_not(place: str, postcode: str, ours: bool | None) -> None:
    assert judged(place, postcode).ours is ours


def test_an_office_that_knows_no_area_says_nothing() -> None:
    unknown = OwnArea("", "", NO_PARAMETERS)
    assert judged("Müllheim", "79379", unknown) == Competence(None, "79379 Müllheim")
    assert judged("", "79379", OwnArea("Stadt A", "A", NO_PARAMETERS)).ours is None


@pytest.mark.parametrize("spelling", ["Müllheim", "Muellheim", "MÜLLHEIM", "Mu\u0308llheim", "muellheim"])
def test_every_spelling_of_a_name_is_the_name(spelling: str) -> None:
    found = judged(spelling)
    assert names(found)[0] == "Stadt Müllheim"
    assert found.proposals[0].reason is CompetenceReason.PLACE


def test_each_proposal_says_why() -> None:
    both = judged("Müllheim", "79379").proposals[0]
    assert (both.reason, both.detail) == (CompetenceReason.POSTCODE, "79379 Müllheim")
    postcode = judged("Irgendwo", "60311").proposals[0]
    assert (postcode.reason, postcode.detail) == (CompetenceReason.POSTCODE, "60311")
    similar = judged("Mülheim").proposals[0]
    assert (similar.reason, similar.detail) == (CompetenceReason.SIMILAR_PLACE, "Mülheim")
    assert names(judged("Frankfurt"))[0] == "Stadt Frankfurt am Main"
    assert judged("Weitweg", "12345").proposals == ()


def test_the_postcode_tells_namesakes_apart() -> None:
    assert names(judged("Neustadt", "08223")) == ["Gemeinde Neustadt", "Stadt Neustadt"]
    assert names(judged("Neustadt", "01844")) == ["Stadt Neustadt", "Gemeinde Neustadt"]


def test_a_namesake_of_our_own_place_is_left_to_a_person() -> None:
    own = OwnArea(
        "Stadt Neustadt", "Neustadt", AuthorityParameters(postcodes=("99999",), directory=DIRECTORY)
    )
    assert judged("Neustadt", "99999", own).ours is True
    assert judged("Neustadt", "08223", own).ours is None


def test_a_search_finds_by_name_place_postcode_and_ars() -> None:
    def found(text: str) -> list[str]:
        return [office.name for office in offices_like(text, DIRECTORY)]

    assert found("mull") == found("muell") == found("Müll") == ["Stadt Müllheim"]
    assert found("stadt neu") == ["Stadt Neustadt"]
    assert found("08223") == ["Gemeinde Neustadt"]
    assert found("064120000000") == ["Stadt Frankfurt am Main"]
    assert len(found("")) == len(DIRECTORY)
    assert found("gibtesnicht") == []


# -- a directory as large as a Land's, made from a seed ---------------------------------------------------

_FIRST = ("Alt", "Bad", "Brücken", "Eichen", "Groß", "Höfen", "Klein", "König", "Müll", "Neu", "Ober", "Rößl")
_SECOND = ("ach", "berg", "brunn", "dorf", "feld", "hausen", "heim", "ingen", "tal", "weiler", "würt", "zell")
_THIRD = ("", " am See", " an der Elbe", "-Süd", " bei Kamenz")


def _directory(seed: int) -> tuple[DirectoryEntry, ...]:
    draw = random.Random(seed)
    places = [f"{a}{b}{c}" for a in _FIRST for b in _SECOND for c in _THIRD]
    draw.shuffle(places)
    made = []
    for number, place in enumerate(places):
        # each second municipality shares its postcode with its neighbour
        codes = (f"{70000 + number // 2:05}", *((f"{90000 + number:05}",) if number % 3 == 0 else ()))
        office = OfficeAddress(f"Stadt {place}", f"08{number:010}", city=place)
        made.append(DirectoryEntry(office, (place,), codes))
    return tuple(made)


def _misspelled(place: str, draw: random.Random) -> str:
    at = draw.randrange(1, len(place) - 1)
    kind = draw.randrange(4)
    if kind == 0:
        return place[:at] + place[at + 1 :]
    if kind == 1:
        return place[:at] + place[at] + place[at:]
    if kind == 2:
        return place[: at - 1] + place[at] + place[at - 1] + place[at + 1 :]
    return place[:at] + draw.choice("aeiounrst") + place[at + 1 :]


def _cases(count: int) -> Iterator[tuple[OwnArea, DirectoryEntry, random.Random]]:
    directory = _directory(35)
    own = OwnArea("Stadt Musterhausen", "Musterhausen", AuthorityParameters(directory=directory))
    draw = random.Random(2026)
    for _ in range(count):
        yield own, draw.choice(directory), draw


def _hits(found: list[bool]) -> float:
    return sum(found) / len(found)


def test_an_exact_postcode_always_leads_to_the_right_authority() -> None:
    found, first = [], []
    for own, entry, draw in _cases(400):
        place = _misspelled(entry.places[0], draw)
        proposed = names(judged(place, entry.postcodes[0], own))
        found.append(entry.office.name in proposed)
        first.append(proposed[:1] == [entry.office.name])
    assert _hits(found) == 1.0
    assert _hits(first) > 0.98, "two share the postcode; the spelling tells which"


def test_a_misspelled_place_alone_nearly_always_does() -> None:
    found = [
        entry.office.name in names(judged(_misspelled(entry.places[0], draw), "", own))
        for own, entry, draw in _cases(300)
    ]
    assert _hits(found) >= 0.98, "measured: every one of 300, with one slip of the pen each"


@pytest.mark.parametrize(
    ("place", "own", "same"),
    [
        ("Frankfurt", "Frankfurt am Main", True),
        ("Frankfurt (Main)", "Frankfurt am Main", True),
        ("Frankfurt (Oder)", "Frankfurt am Main", False),
        ("Frankfurt am Main", "Frankfurt (Oder)", False),
        ("Frankfurt (Oder)", "Frankfurt (Oder)", True),
        ("Musterstadt (Weststadt)", "Musterstadt", True),
        ("", "Musterstadt", False),
    ],
)
def test_brackets_tell_namesakes_apart(place: str, own: str, same: bool) -> None:
    assert is_among(place, [own]) is same
