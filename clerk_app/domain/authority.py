"""Behördenparameter: what one authority supplies for packages that know nothing of it.

Names follow the Routing API 2.0.0 (``destinationName``, ``address``, ``privacyPolicyUrl`` …), ours in snake
case. What an authority sets by law or by-law has a date; its particulars (address, bank) are those of today,
and a letter that is written keeps the ones it was written with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal

from clerk_app.domain.authority_duration import ProcessingDuration
from clerk_app.domain.competence import OfficeAddress

ParameterValue = Decimal | str


@dataclass(frozen=True, slots=True)
class ContactPerson:
    """Ansprechperson (Routing API ``contactPersons``)."""

    name: str
    tel: str = ""
    fax: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """Hausanschrift or Postanschrift (Routing API ``address``, ``postalAddress``)."""

    street: str = ""
    house_number: str = ""
    additional: str = ""
    zip: str = ""
    city: str = ""

    @property
    def street_line(self) -> str:
        """Street with house number."""
        return f"{self.street} {self.house_number}".strip()

    @property
    def lines(self) -> tuple[str, ...]:
        """One below the other, as on an envelope."""
        place = f"{self.zip} {self.city}".strip()
        return tuple(part for part in (self.additional, self.street_line, place) if part)


@dataclass(frozen=True, slots=True)
class PostOfficeBox:
    """Postfach (Routing API ``postOfficeBox``); ``post_office_box`` holds the word "Postfach" too."""

    post_office_box: str
    zip: str = ""
    city: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """One below the other, as on an envelope."""
        return tuple(part for part in (self.post_office_box, f"{self.zip} {self.city}".strip()) if part)


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Bankverbindung for fees. ``payment_days`` after notification to pay in; None: the letter names none."""

    iban: str  # without spaces
    holder: str
    bic: str = ""
    bank: str = ""
    payment_days: int | None = None

    @property
    def iban_in_fours(self) -> str:
        """The IBAN as people read it."""
        return " ".join(self.iban[start : start + 4] for start in range(0, len(self.iban), 4))


@dataclass(frozen=True, slots=True)
class Particulars:
    """Who answers for a letter: an authority, or one organisational unit of it. Empty: not said."""

    destination_name: str = ""
    destination_short_name: str = ""
    address: Address | None = None
    postal_address: Address | None = None
    post_office_box: PostOfficeBox | None = None
    tel: str = ""
    fax: str = ""
    email: str = ""
    contact_persons: tuple[ContactPerson, ...] = ()
    opening_hours: tuple[str, ...] = ()
    bank: BankAccount | None = None
    privacy_policy_url: str = ""
    imprint_url: str = ""
    accessibility_url: str = ""
    contact_form_url: str = ""
    accessibility_contact: str = ""
    enforcement_body: str = ""

    def over(self, base: Particulars) -> Particulars:
        """These, and where nothing is said those of ``base``. A unit with an address of its own does not get
        the postal address of the whole authority."""
        said = {each.name: value for each in fields(self) if (value := getattr(self, each.name))}
        if self.address is not None or self.postal_address is not None or self.post_office_box is not None:
            base = replace(base, address=None, postal_address=None, post_office_box=None)
        return replace(base, **said)


@dataclass(frozen=True, slots=True)
class OrganisationUnit:
    """Organisationseinheit; ``unit`` is what the profile and this file call it."""

    unit: str
    particulars: Particulars


@dataclass(frozen=True, slots=True)
class _Dated:
    """In force from ``valid_from`` to before ``valid_until``. ``unit`` empty: in every organisational unit.
    ``assumed``: nobody confirmed it yet."""

    valid_from: date
    valid_until: date | None = None
    unit: str = ""
    assumed: bool = False

    def holds(self, on: date, unit: str = "") -> bool:
        """Whether it is in force on that day in that unit."""
        dated = self.valid_from <= on and (self.valid_until is None or on < self.valid_until)
        return dated and self.unit in ("", unit)

    def ended(self, on: date) -> bool:
        """Whether it is over by that day."""
        return self.valid_until is not None and self.valid_until <= on


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedValue(_Dated):
    """A parameter's value: a number or a text, with its basis if there is one. With ``package_id`` it is the
    authority's own number in place of the package's (``limit``), and no parameter."""

    name: str
    value: ParameterValue
    basis: str = ""
    package_id: str = ""

    @property
    def shown_name(self) -> str:
        """How messages call it."""
        return f"{self.package_id}/{self.name}" if self.package_id else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeOverride(_Dated):
    """The authority's own amount for a fee of a package. Empty ``text``: the package's."""

    package_id: str
    key: str
    euros: Decimal
    basis: str
    text: str = ""

    @property
    def shown_name(self) -> str:
        """How messages call it."""
        return f"{self.package_id}/{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTerms(_Dated):
    """What an authority sets for one service (LeiKa key); None: the package's. ``unit`` is the one that
    handles it; empty: the profile's. Governs applications that arrive while it is in force."""

    leika_key: str
    processing_duration: ProcessingDuration | None = None
    answer_days: int | None = None
    four_eyes: bool | None = None
    contact_persons: tuple[ContactPerson, ...] = ()

    @property
    def shown_name(self) -> str:
        """How messages call it."""
        return self.leika_key


NO_TERMS = ServiceTerms(valid_from=date.min, leika_key="")
"""An authority that sets nothing for a service."""


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """Another authority with the area it is competent for."""

    office: OfficeAddress
    places: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()


@dataclass(frozen=True)
class AuthorityParameters:
    """Everything an authority supplies beside its profile. ``places`` and ``postcodes`` are its own area,
    ``directory`` other authorities it forwards to, with theirs."""

    ars: str = ""
    office: Particulars = Particulars()
    units: tuple[OrganisationUnit, ...] = ()
    places: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    values: tuple[DatedValue, ...] = ()
    fees: tuple[FeeOverride, ...] = ()
    terms: tuple[ServiceTerms, ...] = ()
    directory: tuple[DirectoryEntry, ...] = ()

    def particulars(self, unit: str) -> Particulars:
        """The unit's, and where it says nothing the authority's."""
        for each in self.units:
            if each.unit == unit:
                return each.particulars.over(self.office)
        return self.office

    def value(self, name: str, on: date, unit: str = "") -> ParameterValue | None:
        """The parameter's value on that day: one of the unit before one of the whole authority, then the
        latest that began."""
        found = self._value("", name, on, unit)
        return None if found is None else found.value

    def limits(self, package_id: str, on: date, unit: str = "") -> tuple[DatedValue, ...]:
        """The authority's own numbers for a package on that day, one of each name."""
        names = dict.fromkeys(each.name for each in self.values if each.package_id == package_id)
        found = (self._value(package_id, name, on, unit) for name in names if package_id)
        return tuple(each for each in found if each is not None)

    def _value(self, package_id: str, name: str, on: date, unit: str) -> DatedValue | None:
        holding = [
            each
            for each in self.values
            if (each.package_id, each.name) == (package_id, name) and each.holds(on, unit)
        ]
        return max(holding, key=_rank) if holding else None

    def fee(self, package_id: str, key: str, on: date, unit: str = "") -> FeeOverride | None:
        """The authority's own amount on that day, chosen like a value."""
        holding = [
            each
            for each in self.fees
            if (each.package_id, each.key) == (package_id, key) and each.holds(on, unit)
        ]
        return max(holding, key=_rank) if holding else None

    def service(self, leika_key: str | None, on: date) -> ServiceTerms:
        """What is set for a service for applications of that day; NO_TERMS when nothing is."""
        holding = [each for each in self.terms if each.leika_key == leika_key and each.holds(on, each.unit)]
        return max(holding, key=lambda each: each.valid_from) if holding else NO_TERMS

    def assumed(self) -> tuple[str, ...]:
        """What nobody confirmed, by name."""
        return _names(each for each in self._dated() if each.assumed)

    def outdated(self, on: date) -> tuple[str, ...]:
        """What has ended by that day and has no successor, by name."""
        going_on = {each.shown_name for each in self._dated() if not each.ended(on)}
        return _names(each for each in self._dated() if each.shown_name not in going_on)

    def _dated(self) -> Iterator[DatedValue | FeeOverride | ServiceTerms]:
        yield from self.values
        yield from self.fees
        yield from self.terms


def _rank(each: DatedValue | FeeOverride) -> tuple[bool, date]:
    return bool(each.unit), each.valid_from


def _names(items: Iterator[DatedValue | FeeOverride | ServiceTerms]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.shown_name for each in items))


NO_PARAMETERS = AuthorityParameters()
"""An authority that supplies nothing yet."""
