"""Dubletten- und Verlaufsradar: other local cases that have something to do with this one, and why.

It explains and never blocks, and what it knows never leaves the machine: no letter, no package for another
system and no proof says anything of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import overload

from clerk_app.domain.case import OPEN_STATUSES, CaseRow


class RelationKind(StrEnum):
    """Why two cases belong together, strongest first."""

    SAME_PERSON = "same-person"  # search form of the name and date of birth
    SAME_ATTACHMENT = "same-attachment"  # SHA-512 of a document
    SAME_ORGANISATION = "same-organisation"  # search form of its name
    SAME_ADDRESS = "same-address"  # search form of street, house number and postcode
    SAME_NAME = "same-name"  # search form of the name; one of them has no date of birth


_WEIGHTS = {kind: 1 << place for place, kind in enumerate(reversed(RelationKind))}


@dataclass(frozen=True, slots=True)
class Relation:
    """One reason. ``detail`` is what they share, as the other case has it: a name, an address, a file name.
    ``birth_on``: of a person whose date of birth both have."""

    kind: RelationKind
    detail: str
    birth_on: date | None = None


def weight(relations: Sequence[Relation]) -> int:
    """For sorting: one stronger reason weighs more than all weaker ones together."""
    return sum(_WEIGHTS[kind] for kind in {relation.kind for relation in relations})


def says_double(relations: Sequence[Relation]) -> bool:
    """Whether the reasons are enough to think of one application filed twice: the same person, or two weaker
    reasons. An address alone is not (a household, a block of flats), nor a name, nor a document (a sheet of
    somebody else's); an organisation files much at a time."""
    kinds = {relation.kind for relation in relations}
    two = kinds & {RelationKind.SAME_NAME, RelationKind.SAME_ADDRESS, RelationKind.SAME_ATTACHMENT}
    return RelationKind.SAME_PERSON in kinds or len(two) > 1


def same_service(one: CaseRow, other: CaseRow) -> bool:
    """By LeiKa key; by its name where one of them has none."""
    if one.leika_key is not None and other.leika_key is not None:
        return one.leika_key == other.leika_key
    return one.service == other.service


@dataclass(frozen=True)
class RelatedCase:
    """Another case with every reason, strongest first. ``possibly_double``: it may be the same application
    once more (same service, both open); otherwise it is history."""

    row: CaseRow
    relations: tuple[Relation, ...]
    same_service: bool
    possibly_double: bool = False


def related_case(own: CaseRow, other: CaseRow, relations: tuple[Relation, ...]) -> RelatedCase:
    """``other`` as seen from ``own``; the same the other way round."""
    service = same_service(own, other)
    both_open = own.status in OPEN_STATUSES and other.status in OPEN_STATUSES
    return RelatedCase(other, relations, service, service and both_open and says_double(relations))


@dataclass(frozen=True, slots=True)
class TooCommon:
    """What this case shares with so many others that it says nothing: a form sheet everybody sends, a block
    of flats, a name that several people have. ``cases``: how many, this one included, counted up to
    ``COUNTED_UP_TO``; 0 for a name (it has several dates of birth here)."""

    kind: RelationKind
    detail: str
    cases: int = 0


COUNTED_UP_TO = 1000


@dataclass(frozen=True)
class RelatedCases(Sequence[RelatedCase]):
    """The strongest related cases, possible doubles first. ``total``: how many there are. ``complete`` is
    False while older cases are still being read for this."""

    cases: tuple[RelatedCase, ...] = ()
    total: int = 0
    too_common: tuple[TooCommon, ...] = ()
    complete: bool = True

    @overload
    def __getitem__(self, index: int) -> RelatedCase: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[RelatedCase]: ...
    def __getitem__(self, index: int | slice) -> RelatedCase | Sequence[RelatedCase]:
        return self.cases[index]

    def __len__(self) -> int:
        return len(self.cases)

    def __iter__(self) -> Iterator[RelatedCase]:
        return iter(self.cases)

    @property
    def possibly_double(self) -> tuple[RelatedCase, ...]:
        """Those that may be the same application once more."""
        return tuple(case for case in self.cases if case.possibly_double)


@dataclass(frozen=True)
class DoublePair:
    """Two open cases of one service that may be one application, the older one first."""

    first: CaseRow
    second: CaseRow
    relations: tuple[Relation, ...]


@dataclass(frozen=True)
class DoublePairs:
    """The newest of such pairs. ``total``: how many there are; ``complete`` as in RelatedCases."""

    pairs: tuple[DoublePair, ...] = ()
    total: int = 0
    complete: bool = True
