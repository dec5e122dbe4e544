"""Behördenparameter: the file an authority writes once for all packages, as checked values.

What the file may hold is described for people in ``resources/packages/BEHOERDE.md`` and for programs in
``resources/schemas/authority-parameters-1.schema.json``. Names in camel case are the Routing API's.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from datetime import date
from decimal import Decimal
from pathlib import Path

from clerk_app.domain.authority import (
    Address,
    AuthorityParameters,
    BankAccount,
    ContactPerson,
    DatedValue,
    DirectoryEntry,
    FeeOverride,
    OrganisationUnit,
    Particulars,
    PostOfficeBox,
    ServiceTerms,
)
from clerk_app.domain.authority_duration import DurationUnit, ProcessingDuration
from clerk_app.domain.competence import OfficeAddress
from clerk_app.system import parameter_values as forms
from clerk_app.system import profile_values as values
from clerk_app.system.parameter_values import PARAMETERS_CODES, ParameterSection
from clerk_app.system.toml_file import parse_file, read_file

FORMAT = 1
_PARTICULARS = (
    "destinationName", "destinationShortName", "address", "postalAddress", "postOfficeBox", "tel", "fax",
    "email", "contactPersons", "opening_hours", "bank", "privacyPolicyUrl", "imprintUrl", "accessibilityUrl",
    "contactFormUrl", "accessibility_contact", "enforcement_body",
)  # fmt: skip
_DATES = ("valid_from", "valid_until", "assumed")
_ADDRESS = ("street", "houseNumber", "additional", "zip", "city")


def load_parameters(path: Path, ars: str) -> AuthorityParameters:
    """The parameters in the file ``path`` of the authority with that regional key.

    :raises ClerkError: PARAMETERS_MISSING, PARAMETERS_UNREADABLE, PARAMETERS_KEY_MISSING,
        PARAMETERS_KEY_UNKNOWN, PARAMETERS_VALUE_WRONG; each with ``path`` and, where there is one, ``line``
        and ``key``
    """
    return parse_parameters(read_file(path, PARAMETERS_CODES), path, ars)


def parse_parameters(content: bytes, path: Path, ars: str) -> AuthorityParameters:
    """The parameters in ``content``; ``path`` names the file in messages. Raises as ``load_parameters``."""
    read = parse_file(content, path, PARAMETERS_CODES, Decimal)
    root = ParameterSection(read.tree, read.at, read.lines, read.path, read.codes)
    root.only("format", "office", "unit", "value", "fee", "service", "directory")
    root.integer("format", FORMAT, FORMAT, "parameters_format", default=0)
    office = root.section("office").only("ars", "places", "postcodes", *_PARTICULARS)
    if office.text("ars", values.is_ars, "ars") != ars:
        raise office.wrong("ars", "ars_of_profile")
    units = _units(root)
    names = frozenset(each.unit for each in units)
    return AuthorityParameters(
        ars=ars,
        office=_particulars(office),
        units=units,
        places=office.texts("places"),
        postcodes=office.texts("postcodes", values.is_postcode, "postcode_list"),
        values=_values(root, names),
        fees=_fees(root, names),
        terms=_terms(root, names),
        directory=tuple(_directory_entry(section) for section in root.optional_sections("directory")),
    )


def _units(root: ParameterSection) -> tuple[OrganisationUnit, ...]:
    seen: set[Hashable] = set()
    units = []
    for section in root.optional_sections("unit"):
        name = section.only("unit", *_PARTICULARS).text("unit")
        section.once("unit", seen, name)
        units.append(OrganisationUnit(name, _particulars(section)))
    return tuple(units)


def _particulars(section: ParameterSection) -> Particulars:
    return Particulars(
        destination_name=section.optional_text("destinationName"),
        destination_short_name=section.optional_text("destinationShortName"),
        address=_address(section, "address"),
        postal_address=_address(section, "postalAddress"),
        post_office_box=_post_office_box(section),
        tel=section.optional_text("tel"),
        fax=section.optional_text("fax"),
        email=section.optional_text("email", values.is_email, "email"),
        contact_persons=_contact_persons(section),
        opening_hours=section.texts("opening_hours"),
        bank=_bank(section),
        privacy_policy_url=section.optional_text("privacyPolicyUrl", forms.is_page, "https"),
        imprint_url=section.optional_text("imprintUrl", forms.is_page, "https"),
        accessibility_url=section.optional_text("accessibilityUrl", forms.is_page, "https"),
        contact_form_url=section.optional_text("contactFormUrl", forms.is_page, "https"),
        accessibility_contact=section.optional_text("accessibility_contact"),
        enforcement_body=section.optional_text("enforcement_body"),
    )


def _address(section: ParameterSection, key: str) -> Address | None:
    if not section.has(key):
        return None
    part = section.section(key).only(*_ADDRESS)
    return Address(
        street=part.optional_text("street"),
        house_number=part.optional_text("houseNumber"),
        additional=part.optional_text("additional"),
        zip=part.text("zip", values.is_postcode, "postcode"),
        city=part.text("city"),
    )


def _post_office_box(section: ParameterSection) -> PostOfficeBox | None:
    if not section.has("postOfficeBox"):
        return None
    part = section.section("postOfficeBox").only("postOfficeBox", "zip", "city")
    return PostOfficeBox(
        part.text("postOfficeBox"), part.text("zip", values.is_postcode, "postcode"), part.text("city")
    )


def _contact_persons(section: ParameterSection) -> tuple[ContactPerson, ...]:
    return tuple(
        ContactPerson(
            part.only("name", "tel", "fax", "email").text("name"),
            part.optional_text("tel"),
            part.optional_text("fax"),
            part.optional_text("email", values.is_email, "email"),
        )
        for part in section.optional_sections("contactPersons")
    )


def _bank(section: ParameterSection) -> BankAccount | None:
    if not section.has("bank"):
        return None
    part = section.section("bank").only("iban", "holder", "bic", "bank", "payment_days")
    return BankAccount(
        iban=part.text("iban", forms.is_iban, "iban").replace(" ", ""),
        holder=part.text("holder"),
        bic=part.optional_text("bic", forms.is_bic, "bic"),
        bank=part.optional_text("bank"),
        payment_days=part.optional_integer("payment_days", 1, 365, "days_of_a_year"),
    )


def _values(root: ParameterSection, units: Collection[str]) -> tuple[DatedValue, ...]:
    seen: set[Hashable] = set()
    found = []
    for section in root.optional_sections("value"):
        section.only("name", "value", "unit", "basis", "package", *_DATES)
        package = section.optional_text("package", forms.is_package_id, "package_id")
        name = section.text("name", forms.is_parameter_name, "parameter_name")
        value, unit = section.value("value"), _unit(section, units)
        if package and not isinstance(value, Decimal):
            raise section.wrong("value", "number")
        begin, end = _period(section)
        section.once("name", seen, package, name, unit, begin)
        found.append(
            DatedValue(
                begin,
                end,
                unit,
                section.boolean("assumed", default=False),
                name=name,
                value=value,
                basis=section.optional_text("basis"),
                package_id=package,
            )
        )
    return tuple(found)


def _fees(root: ParameterSection, units: Collection[str]) -> tuple[FeeOverride, ...]:
    seen: set[Hashable] = set()
    found = []
    for section in root.optional_sections("fee"):
        section.only("package", "key", "euros", "basis", "text", "unit", *_DATES)
        package = section.text("package", forms.is_package_id, "package_id")
        key, euros, basis = section.text("key"), section.euros("euros"), section.text("basis")
        unit, (begin, end) = _unit(section, units), _period(section)
        section.once("key", seen, package, key, unit, begin)
        found.append(
            FeeOverride(
                begin,
                end,
                unit,
                section.boolean("assumed", default=False),
                package_id=package,
                key=key,
                euros=euros,
                basis=basis,
                text=section.optional_text("text"),
            )
        )
    return tuple(found)


def _terms(root: ParameterSection, units: Collection[str]) -> tuple[ServiceTerms, ...]:
    seen: set[Hashable] = set()
    found = []
    for section in root.optional_sections("service"):
        section.only(
            "leika_key", "unit", "processingDuration", "answer_days", "four_eyes", "contactPersons", *_DATES
        )
        key = section.text("leika_key", forms.is_leika_key, "leika_key")
        unit = _unit(section, units)
        begin, end = _period(section, date.min)
        section.once("leika_key", seen, key, begin)
        found.append(
            ServiceTerms(
                begin,
                end,
                unit,
                section.boolean("assumed", default=False),
                leika_key=key,
                processing_duration=_duration(section),
                answer_days=section.optional_integer("answer_days", 1, 365, "days_of_a_year"),
                four_eyes=section.optional_boolean("four_eyes"),
                contact_persons=_contact_persons(section),
            )
        )
    return tuple(found)


def _duration(section: ParameterSection) -> ProcessingDuration | None:
    if not section.has("processingDuration"):
        return None
    part = section.section("processingDuration").only("minDuration", "maxDuration", "unit")
    unit = part.text("unit", lambda text: text in set(DurationUnit), "duration_unit")
    most = part.integer("maxDuration", 1, 9_999, "duration", default=0)
    least = part.integer("minDuration", 1, most, "least_duration", default=1)
    return ProcessingDuration(most, DurationUnit(unit), least)


def _directory_entry(section: ParameterSection) -> DirectoryEntry:
    section.only("destinationName", "ars", "address", "email", "places", "postcodes")
    section.section("address")  # nobody is forwarded to without one
    address = _address(section, "address") or Address()
    office = OfficeAddress(
        name=section.text("destinationName"),
        ars=section.text("ars", values.is_ars, "ars"),
        street=", ".join(part for part in (address.additional, address.street_line) if part),
        postcode=address.zip,
        city=address.city,
        email=section.optional_text("email", values.is_email, "email"),
    )
    postcodes = section.texts("postcodes", values.is_postcode, "postcode_list")
    return DirectoryEntry(office, section.texts("places"), postcodes)


def _unit(section: ParameterSection, units: Collection[str]) -> str:
    return section.optional_text("unit", lambda text: text in units, "unit_of_file")


def _period(section: ParameterSection, default: date | None = None) -> tuple[date, date | None]:
    begin = section.valid_from(default)
    return begin, section.valid_until(begin)
