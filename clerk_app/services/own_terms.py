"""What an authority's parameters make of a package: own days, four eyes, fees, letterhead, values, area."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from clerk_app.domain.application import Application
from clerk_app.domain.authority import (
    NO_PARAMETERS,
    AuthorityParameters,
    DatedValue,
    FeeOverride,
    ParameterValue,
    Particulars,
)
from clerk_app.domain.deadlines import WorkingDays, office_day
from clerk_app.domain.letter_templates import DatedFee, LetterTemplate
from clerk_app.domain.rehearsal import KeptTerm
from clerk_app.domain.service_package import DatedNumber, OwnTerm, ServiceDescription
from clerk_app.services.letter_matter import LetterHead, PackageFees


@dataclass(frozen=True)
class OwnTerms:
    """One authority's parameters at work. ``head`` is its letterhead as the profile has it."""

    head: LetterHead
    parameters: AuthorityParameters = NO_PARAMETERS

    @property
    def places(self) -> tuple[str, ...]:
        """What counts as this office's place in ``ours(place)``: its name and town, and its area."""
        own = self.parameters
        return tuple(each for each in (self.head.name, self.head.city, *own.places, *own.postcodes) if each)

    def unit(self, leika_key: str | None, on: date) -> str:
        """The organisational unit that handles a service; the profile's where nothing is set."""
        return self.parameters.service(leika_key, on).unit or self.head.unit

    def values(self, application: Application) -> Callable[[str], ParameterValue | None]:
        """What ``parameter("name")`` gives for an application: the values of its unit on the day it
        arrived."""
        on = office_day(application.submitted_at)
        unit = self.unit(application.leika_key, on)
        return lambda name: self.parameters.value(name, on, unit)

    def applied(
        self, description: ServiceDescription, application: Application, days: WorkingDays
    ) -> ServiceDescription:
        """The service's rules with the authority's own days and four eyes, as set on the day of arrival."""
        arrived_on = office_day(application.submitted_at)
        terms = self.parameters.service(application.leika_key, arrived_on)
        own: set[OwnTerm] = set()
        if terms.processing_duration is not None:
            target = terms.processing_duration.days_from(arrived_on, days)
            description = replace(description, processing_days=target)
            own.add(OwnTerm.PROCESSING_DAYS)
        if terms.answer_days is not None:
            description = replace(description, answer_days=terms.answer_days)
            own.add(OwnTerm.ANSWER_DAYS)
        if terms.four_eyes is not None:
            description = replace(description, four_eyes=terms.four_eyes)
            own.add(OwnTerm.FOUR_EYES)
        description = self._with_own_limits(description, application, arrived_on)
        return replace(description, own_terms=frozenset(own)) if own else description

    def _with_own_limits(
        self, description: ServiceDescription, application: Application, on: date
    ) -> ServiceDescription:
        """The package's numbers, each replaced by the authority's own where it has one that day."""
        if description.package is None or not self.parameters.values:
            return description
        unit = self.unit(application.leika_key, on)
        own = self.parameters.limits(description.package.package_id, on, unit)
        if not own:
            return description
        names = {each.name for each in own}
        kept = tuple(each for each in description.limits if each.name not in names)
        return replace(description, limits=(*kept, *map(_own_limit, own)))

    def kept(
        self,
        old: ServiceDescription,
        new: ServiceDescription,
        application: Application,
        days: WorkingDays,
        on: date,
    ) -> Iterator[KeptTerm]:
        """What another version sets otherwise and the authority's own terms keep: days and numbers as on the
        day of arrival, fees as ``on`` the day of a letter."""
        own = self.applied(new, application, days).own_terms
        for term in OwnTerm:
            field = term.value.replace("-", "_")
            if term in own and getattr(old, field) != getattr(new, field):
                yield KeptTerm(term.value)
        if new.package is None:
            return
        package, arrived_on = new.package.package_id, office_day(application.submitted_at)
        unit = self.unit(application.leika_key, arrived_on)
        for each in self.parameters.limits(package, arrived_on, unit):
            if _numbers(old, each.name) != _numbers(new, each.name):
                yield KeptTerm("limit", each.name)
        unit = self.unit(application.leika_key, on)
        for key in dict.fromkeys(fee.key for template in new.templates for fee in template.fees if fee.key):
            differs = _fees(old, key) != _fees(new, key)
            if differs and self.parameters.fee(package, key, on, unit) is not None:
                yield KeptTerm("fee", key)

    def fees(self, description: ServiceDescription, leika_key: str | None) -> PackageFees:
        """The package's fees, each replaced by the authority's own where it has one. An own fee of nothing
        leaves its item out."""
        package = description.package.package_id if description.package is not None else ""

        def found(template: LetterTemplate, on: date) -> tuple[DatedFee, ...]:
            unit = self.unit(leika_key, on)
            fees: list[DatedFee] = []
            for fee in _one_of_each_key(template.fees, on):
                own = self.parameters.fee(package, fee.key, on, unit) if fee.key else None
                if own is not None:
                    fees += [_own_fee(own, fee)] if own.euros > Decimal(0) else []
                elif fee.holds(on):
                    fees.append(fee)
            return tuple(fees)

        return found

    def letterhead(self, leika_key: str | None, on: date) -> LetterHead:
        """The head of a letter about a service: the unit's particulars over the authority's, over the
        profile's; the first contact person of the service, else of the unit, else of the authority."""
        if self.parameters is NO_PARAMETERS:
            return self.head
        terms = self.parameters.service(leika_key, on)
        unit = terms.unit or self.head.unit
        found = self.parameters.particulars(unit)
        persons = terms.contact_persons or found.contact_persons
        address = found.address
        head = replace(
            self.head,
            unit=found.destination_short_name if _is_unit(self.parameters, unit, found) else unit,
            phone=found.tel or self.head.phone,
            email=found.email or self.head.email,
            contact=persons[0] if persons else None,
            opening_hours=found.opening_hours,
            bank=found.bank,
            privacy_policy_url=found.privacy_policy_url,
            post_lines=_post_lines(found),
        )
        if address is None:
            return head
        street = address.street_line
        return replace(
            head, street=street, addition=address.additional, postcode=address.zip, city=address.city
        )


def without_package(
    parameters: AuthorityParameters, descriptions: Iterable[ServiceDescription]
) -> tuple[str, ...]:
    """Own fees and numbers no package asks for, as ``package/key``: most likely misspelt."""
    known: set[str] = set()
    for description in descriptions:
        if description.package is not None:
            package = description.package.package_id
            fees = (fee.key for template in description.templates for fee in template.fees)
            known.update(f"{package}/{name}" for name in (*fees, *(each.name for each in description.limits)))
    own: tuple[FeeOverride | DatedValue, ...] = (
        *parameters.fees,
        *(each for each in parameters.values if each.package_id),
    )
    return tuple(dict.fromkeys(each.shown_name for each in own if each.shown_name not in known))


def _is_unit(parameters: AuthorityParameters, unit: str, found: Particulars) -> bool:
    """Whether the short name is the unit's own, not the whole authority's."""
    short = found.destination_short_name
    return bool(short) and any(
        each.unit == unit and each.particulars.destination_short_name == short for each in parameters.units
    )


def _post_lines(found: Particulars) -> tuple[str, ...]:
    if found.post_office_box is not None:
        return found.post_office_box.lines
    return found.postal_address.lines if found.postal_address is not None else ()


def _one_of_each_key(fees: tuple[DatedFee, ...], on: date) -> tuple[DatedFee, ...]:
    """In their order: of each key the one in force, else the last; every one without a key."""
    best: dict[object, DatedFee] = {}
    for number, fee in enumerate(fees):
        key = fee.key or number
        if key not in best or fee.holds(on) or not best[key].holds(on):
            best[key] = fee
    return tuple(best.values())


def _numbers(description: ServiceDescription, name: str) -> set[DatedNumber]:
    return {each for each in description.limits if each.name == name}


def _fees(description: ServiceDescription, key: str) -> set[DatedFee]:
    return {fee for template in description.templates for fee in template.fees if fee.key == key}


def _own_limit(own: DatedValue) -> DatedNumber:
    return DatedNumber(
        own.name, Decimal(own.value), own.valid_from, own.valid_until, own.assumed, basis=own.basis
    )


def _own_fee(own: FeeOverride, fee: DatedFee) -> DatedFee:
    return DatedFee(own.euros, own.basis, own.valid_from, own.valid_until, own.text or fee.text, fee.key)
