"""Behördenparameter: what one authority supplies for packages that know nothing of it.

Names follow the Routing API 2.0.0 (``destinationName``, ``address``, ``privacyPolicyUrl`` …), ours in snake
case. Everything that can change has a date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from clerk_app.domain.competence import OfficeAddress


@dataclass(frozen=True, slots=True)
class ContactPerson:
    """Ansprechperson (Routing API ``contactPersons``)."""

    name: str
    phone: str = ""
    email: str = ""
    leika_keys: tuple[str, ...] = ()  # only for these services; empty: all


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Bankverbindung for fees."""

    iban: str
    holder: str
    bic: str = ""
    bank: str = ""


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A parameter's value, in force from ``valid_from`` to before ``valid_until``. ``unit`` empty: every
    organisational unit."""

    name: str
    value: Decimal | str
    valid_from: date
    valid_until: date | None = None
    unit: str = ""

    def holds(self, on: date, unit: str = "") -> bool:
        """Whether it is in force on that day in that unit."""
        dated = self.valid_from <= on and (self.valid_until is None or on < self.valid_until)
        return dated and self.unit in ("", unit)


@dataclass(frozen=True, slots=True)
class FeeOverride:
    """The authority's own amount for a fee of a package."""

    package_id: str
    key: str
    euros: Decimal
    basis: str
    valid_from: date
    valid_until: date | None = None
    unit: str = ""

    def holds(self, on: date, unit: str = "") -> bool:
        """Whether it is in force on that day in that unit."""
        dated = self.valid_from <= on and (self.valid_until is None or on < self.valid_until)
        return dated and self.unit in ("", unit)


@dataclass(frozen=True)
class ServiceTerms:
    """What an authority sets for one service: its own target and answer time in days; None: the package's."""

    leika_key: str
    processing_days: int | None = None
    answer_days: int | None = None
    four_eyes: bool | None = None


@dataclass(frozen=True)
class AuthorityParameters:
    """Everything an authority supplies beside its profile. ``places`` and ``postcodes`` are its own area,
    ``directory`` other authorities it forwards to, with theirs."""

    opening_hours: tuple[str, ...] = ()
    contact_persons: tuple[ContactPerson, ...] = ()
    bank: BankAccount | None = None
    privacy_policy_url: str = ""
    imprint_url: str = ""
    places: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    values: tuple[DatedValue, ...] = ()
    fees: tuple[FeeOverride, ...] = ()
    terms: tuple[ServiceTerms, ...] = ()
    directory: tuple[DirectoryEntry, ...] = field(default=())

    def value(self, name: str, on: date, unit: str = "") -> Decimal | str | None:
        """The parameter's value on that day; one of the unit before one of the whole authority."""
        holding = [each for each in self.values if each.name == name and each.holds(on, unit)]
        holding.sort(key=lambda each: (bool(each.unit), each.valid_from))
        return holding[-1].value if holding else None

    def by_service(self) -> Mapping[str, ServiceTerms]:
        """The terms by LeiKa key."""
        return {each.leika_key: each for each in self.terms}


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """Another authority with the area it is competent for."""

    office: OfficeAddress
    places: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()


NO_PARAMETERS = AuthorityParameters()
"""An authority that supplies nothing yet."""
