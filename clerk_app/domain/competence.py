"""Örtliche Zuständigkeit (VwVfG § 3) and Abgabe to the authority that is competent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from clerk_app.domain.ids import CaseId, EntryId

_TOWN = re.compile(r"(\d{5}) (.+)")


@dataclass(frozen=True, slots=True)
class OfficeAddress:
    """An authority of the directory, names after the Routing API 2.0.0 (destinationName, address)."""

    name: str
    ars: str
    street: str = ""
    postcode: str = ""
    city: str = ""
    email: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """Name and address, one below the other."""
        place = f"{self.postcode} {self.city}".strip()
        return tuple(part for part in (self.name, self.street, place) if part)

    @staticmethod
    def typed(text: str) -> OfficeAddress:
        """An authority as a person writes it: the name, then the street, then postcode and place."""
        lines = [line for line in (" ".join(part.split()) for part in text.splitlines()) if line]
        if not lines:
            return OfficeAddress("", "")
        name, *rest = lines
        postcode = city = ""
        if rest and (found := _TOWN.fullmatch(rest[-1])):
            postcode, city = found.groups()
            rest.pop()
        return OfficeAddress(name, "", ", ".join(rest), postcode, city)


class CompetenceReason(StrEnum):
    """Why an authority is proposed."""

    POSTCODE = "postcode"  # the form's postcode is one of its own
    PLACE = "place"  # the form's place is one of its own
    SIMILAR_PLACE = "similar-place"  # one of its own places is spelled much like the form's


@dataclass(frozen=True, slots=True)
class Proposal:
    """An authority that may be competent, with what speaks for it (the form's value in ``detail``)."""

    office: OfficeAddress
    reason: CompetenceReason
    detail: str


@dataclass(frozen=True, slots=True)
class Competence:
    """Whether this office is competent as far as the form shows. ``ours`` None: nothing in the form says so.
    ``proposals`` are others, best first, at most three."""

    ours: bool | None
    place: str
    proposals: tuple[Proposal, ...] = ()


@dataclass(frozen=True)
class Forwarded:
    """A case handed to the competent authority. ``first_received_on`` is the day it first reached an
    authority; it goes with it (SGB I § 16 (2)). ``handed_over_at``: when the papers last went there."""

    case_id: CaseId
    office: OfficeAddress
    reason: str
    first_received_on: date
    notice_id: EntryId
    at: datetime
    handed_over_at: datetime | None = None
