"""Antragsteller/in: who filed the form and where they live, by the service's paths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from clerk_app.domain.application import PersonFacts
from clerk_app.domain.service_package import PersonPaths
from clerk_app.services.form_paths import find_text
from clerk_app.services.form_tree import Node

# "von der", "zu", "d'": lower-case words before a family name do not count for sorting (DIN 5007, names).
_PARTICLES = re.compile(r"^(?:[a-zäöüß]+(?:\s+|(?=[A-ZÄÖÜ]))|[a-z]['’])+(?=\S*[A-ZÄÖÜŁŠŽĆČĐØÅÞ])")
_HONORIFICS = {"herr": "Sehr geehrter Herr", "frau": "Sehr geehrte Frau"}


@dataclass(frozen=True)
class Applicant:
    """The applicant as the form has it; parts nobody filled in are empty. A family name may be all there
    is.
    """

    given_names: str = ""
    family_name: str = ""
    organisation: str = ""
    title: str = ""
    salutation: str = ""
    birth_on: date | None = None
    street: str = ""
    house_number: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    email: str = ""

    @property
    def display(self) -> str:
        """For lists: ``Familienname, Vornamen``; the comma is dropped with a part that is missing."""
        return ", ".join(part for part in (self.family_name, self.given_names) if part) or self.organisation

    @property
    def full_name(self) -> str:
        """For addresses: title, given names, family name."""
        return " ".join(part for part in (self.title, self.given_names, self.family_name) if part) or (
            self.organisation
        )

    @property
    def sort_name(self) -> str:
        """For sorting, before the search form is made: the family name without its particles first."""
        family = _PARTICLES.sub("", self.family_name) or self.family_name
        return " ".join(part for part in (family, self.given_names) if part) or self.organisation

    @property
    def facts(self) -> PersonFacts:
        """For finding other cases of the same person or address."""
        return PersonFacts(
            self.given_names,
            self.family_name,
            self.organisation,
            self.birth_on,
            self.street,
            self.house_number,
            self.postcode,
            self.city,
        )

    @property
    def lives_abroad(self) -> bool:
        """Whether the address names a country, and not Germany."""
        return self.country.casefold() not in ("", "de", "deu", "deutschland", "germany")

    @property
    def address_lines(self) -> tuple[str, ...]:
        """The lines of an address field, without empty ones."""
        street = f"{self.street} {self.house_number}".strip()
        place = f"{self.postcode} {self.city}".strip()
        abroad = self.country.upper() if self.lives_abroad else ""
        name = self.full_name
        organisation = self.organisation if self.organisation != name else ""
        return tuple(line for line in (organisation, name, street, place, abroad) if line)

    @property
    def letter_salutation(self) -> str:
        """``Guten Tag Vorname Nachname,``; with a salutation in the form ``Sehr geehrte Frau …,`` (DIN
        5008).
        """
        honorific = _HONORIFICS.get(self.salutation.strip().casefold())
        if honorific and self.family_name:
            return f"{honorific} {f'{self.title} {self.family_name}'.strip()},"
        name = " ".join(part for part in (self.given_names, self.family_name) if part)
        return f"Guten Tag {name}," if name else "Guten Tag,"


def read_applicant(tree: Node, paths: PersonPaths) -> Applicant:
    """The applicant in the form; an empty one where the paths lead nowhere."""

    def text(candidates: tuple[str, ...]) -> str:
        found = find_text(tree, candidates)
        return " ".join(found[1].split()) if found else ""

    given, family = text(paths.given_names), text(paths.family_name)
    if not family:
        given, family = _split(text(paths.full_name))
    birth = text(paths.birth_on)
    try:
        birth_on = date.fromisoformat(birth[:10]) if birth else None
    except ValueError:
        birth_on = None
    return Applicant(
        given_names=given,
        family_name=family,
        organisation=text(paths.organisation),
        title=text(paths.title),
        salutation=text(paths.salutation),
        birth_on=birth_on,
        street=text(paths.street),
        house_number=text(paths.house_number),
        postcode=text(paths.postcode),
        city=text(paths.city),
        country=text(paths.country),
        email=text(paths.email),
    )


def _split(full_name: str) -> tuple[str, str]:
    """Given and family name out of one field; a single word is a family name."""
    if "," in full_name:
        family, _comma, given = full_name.partition(",")
        return given.strip(), family.strip()
    given, _space, family = full_name.rpartition(" ")
    return given, family
