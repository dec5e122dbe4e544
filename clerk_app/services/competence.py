"""Örtliche Zuständigkeit (VwVfG § 3): whose place stands in the form. It proposes; a person decides.

Places are compared in the search form of DIN 91379, so that Müllheim and Muellheim are one; without a rank or
an administrative word before them (Stadt, Gemeinde, St.), and without a district behind them (OT …).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from clerk_app.domain.authority import AuthorityParameters, DirectoryEntry
from clerk_app.domain.competence import Competence, CompetenceReason, OfficeAddress, Proposal
from clerk_app.domain.search_form import search_form, without_marks
from clerk_app.domain.service_package import PersonPaths
from clerk_app.services.form_paths import find_text
from clerk_app.services.form_tree import Node

MOST_PROPOSALS = 3
_SIMILAR = 0.8  # how much of two spellings must agree; assumed, measured in tests/services/test_competence.py
_ALMOST = 0.95
_RANKS = re.compile(
    r"^(?:(?:GROSSE KREISSTADT|LANDESHAUPTSTADT|UNIVERSITAETSSTADT|KREISSTADT|STADTVERWALTUNG|"
    r"GEMEINDEVERWALTUNG|GEMEINDE|STADT|MARKT)\s+)+(?=\S)"
)
_DISTRICT = re.compile(r"(?:\s+-\s+|[,/(]|\s+OT\s+|\s+ORTSTEIL\s+).*$")
_SHORT = {"ST": "SANKT", "A": "AM", "B": "BEI", "D": "DER"}
_WORD = re.compile(r"[A-Z0-9]+")


@dataclass(frozen=True)
class OwnArea:
    """What belongs to this office: its name and town, and what its parameters say."""

    name: str
    city: str
    parameters: AuthorityParameters

    @property
    def places(self) -> tuple[str, ...]:
        """Names of its places, the town it sits in among them unless its area is spelled out."""
        listed = self.parameters.places
        return listed or tuple(part for part in (self.name, self.city) if part)


def competence(tree: Node, paths: PersonPaths, own: OwnArea) -> Competence:
    """Whether the office is competent as far as the form shows, and who else may be.

    The place counts before the postcode where it is another authority's own name: municipalities share
    postcodes.
    """
    place, postcode = _text(tree, paths.city), _text(tree, paths.postcode)
    shown = f"{postcode} {place}".strip()
    if not shown:
        return Competence(None, "")
    judged = [_judged(entry, place, postcode) for entry in own.parameters.directory]
    found = sorted((each for each in judged if each.counts), key=lambda each: -each.rank)
    proposals = tuple(each.proposal(place, postcode) for each in found[:MOST_PROPOSALS])
    elsewhere = any(each.likeness == 1.0 for each in judged)
    return Competence(_is_ours(own, place, postcode, elsewhere=elsewhere), shown, proposals)


def is_among(place: str, places: Iterable[str]) -> bool:
    """Whether a place is one of these, spelled out or shortened (Frankfurt for Frankfurt am Main)."""
    return any(_is_same(place, each) for each in places)


def _is_same(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=lambda place: len(_plain(place)))
    short, long = _plain(shorter), _plain(longer)
    if not short or short == long:
        return bool(short)
    # what stands in brackets tells namesakes apart: Frankfurt (Oder) is not short for Frankfurt am Main
    return long.startswith(f"{short} ") and _bracketed(shorter) <= set(long.split())


def _bracketed(place: str) -> set[str]:
    """The words of an addition in brackets."""
    return set(_WORD.findall(search_form(place).partition("(")[2]))


def offices_like(text: str, directory: Sequence[DirectoryEntry]) -> tuple[OfficeAddress, ...]:
    """Authorities of the directory whose name, place, postcode or ARS holds every word of ``text``, in the
    order of the directory; all of them without any word."""
    words = _WORD.findall(search_form(text))
    return tuple(
        entry.office
        for entry in directory
        if all(any(part.startswith(word) for part in _parts(entry)) for word in words)
    )


def _parts(entry: DirectoryEntry) -> list[str]:
    office = entry.office
    texts = (office.name, office.city, office.postcode, office.ars, *entry.places, *entry.postcodes)
    spellings = (spelling for text in texts for spelling in (search_form(text), without_marks(text).upper()))
    return [word for spelling in spellings for word in _WORD.findall(spelling)]


def _text(tree: Node, paths: tuple[str, ...]) -> str:
    found = find_text(tree, paths)
    return " ".join(found[1].split()) if found else ""


@dataclass(frozen=True, slots=True)
class _Judged:
    """How well an authority fits: its postcode, and how like one of its places the form's place is (0 to
    1)."""

    office: OfficeAddress
    has_postcode: bool
    likeness: float

    @property
    def counts(self) -> bool:
        return self.has_postcode or self.likeness >= _SIMILAR

    @property
    def rank(self) -> float:
        """Both before the postcode alone, that before the place alone; the liker the better."""
        return 2.0 * self.has_postcode + self.likeness

    def proposal(self, place: str, postcode: str) -> Proposal:
        if self.likeness == 1.0 and not self.has_postcode:
            return Proposal(self.office, CompetenceReason.PLACE, place)
        if self.has_postcode:
            detail = f"{postcode} {place}" if self.likeness == 1.0 else postcode
            return Proposal(self.office, CompetenceReason.POSTCODE, detail)
        return Proposal(self.office, CompetenceReason.SIMILAR_PLACE, place)


def _judged(entry: DirectoryEntry, place: str, postcode: str) -> _Judged:
    places = entry.places or ((entry.office.city,) if entry.office.city else ())
    has_postcode = bool(postcode) and postcode in entry.postcodes
    return _Judged(entry.office, has_postcode, _likeness(place, places) if place else 0.0)


def _is_ours(own: OwnArea, place: str, postcode: str, *, elsewhere: bool) -> bool | None:
    likeness = _likeness(place, own.places) if place else 0.0
    if likeness == 1.0:
        # a namesake: the postcode tells them apart, where it is known
        known = own.parameters.postcodes
        return None if elsewhere and known and postcode not in known else True
    if elsewhere:
        return False
    if postcode and postcode in own.parameters.postcodes:
        return True
    if likeness >= _SIMILAR:
        return None  # a slip of the pen, or a namesake: a person must look
    return False if (own.places if place else own.parameters.postcodes) else None


def _likeness(place: str, places: Iterable[str]) -> float:
    """1 for the same place, less for a similar spelling of it."""
    wanted = _plain(place)
    spellings = [_plain(each) for each in places]
    if wanted in spellings:
        return 1.0
    best = 0.0
    matcher = SequenceMatcher(None, "", wanted)
    for each in spellings:
        if each.startswith(f"{wanted} ") or wanted.startswith(f"{each} "):
            return _ALMOST  # Frankfurt for Frankfurt am Main
        matcher.set_seq1(each)
        if matcher.real_quick_ratio() >= _SIMILAR and matcher.quick_ratio() >= _SIMILAR:
            best = max(best, min(matcher.ratio(), _ALMOST))
    return best


@lru_cache(maxsize=4096)
def _plain(place: str) -> str:
    """A place's name as it is compared."""
    form = _DISTRICT.sub("", _RANKS.sub("", search_form(" ".join(place.split()))))
    return " ".join(_SHORT.get(word, word) for word in _WORD.findall(form))
