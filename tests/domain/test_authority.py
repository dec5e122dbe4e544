"""What an authority supplies: whose value wins on which day, and who answers for a letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from clerk_app.domain.authority import (
    NO_PARAMETERS,
    NO_TERMS,
    Address,
    AuthorityParameters,
    BankAccount,
    ContactPerson,
    DatedValue,
    FeeOverride,
    OrganisationUnit,
    Particulars,
    PostOfficeBox,
    ServiceTerms,
)
from clerk_app.domain.authority_duration import DurationUnit, ProcessingDuration
from clerk_app.services.state_profile import HolidayCalendar

BEFORE, FIRST, NEXT = date(2025, 12, 31), date(2026, 1, 1), date(2027, 1, 1)
DOG = "99102013104000"


def value(amount: int, since: date = FIRST, until: date | None = None, unit: str = "") -> DatedValue:
    return DatedValue(since, until, unit, name="zone", value=Decimal(amount))


def test_a_value_holds_from_its_first_day_to_before_its_end() -> None:
    parameters = AuthorityParameters(values=(value(1, FIRST, NEXT),))
    assert parameters.value("zone", BEFORE) is None
    assert parameters.value("zone", FIRST) == 1
    assert parameters.value("zone", NEXT - timedelta(days=1)) == 1
    assert parameters.value("zone", NEXT) is None
    assert parameters.value("other", FIRST) is None
    assert NO_PARAMETERS.value("zone", FIRST) is None


@pytest.mark.parametrize("turned", [False, True])
def test_the_unit_comes_before_the_authority_and_the_latest_before_the_earlier(turned: bool) -> None:
    values = (value(1), value(2, NEXT), value(3, BEFORE, unit="Bürgeramt"))
    parameters = AuthorityParameters(values=values[::-1] if turned else values)
    assert parameters.value("zone", FIRST) == 1
    assert parameters.value("zone", NEXT) == 2
    assert parameters.value("zone", NEXT, "Bürgeramt") == 3
    assert parameters.value("zone", NEXT, "Steueramt") == 2


def test_fees_are_chosen_like_values_and_by_package_and_key() -> None:
    fee = FeeOverride(FIRST, package_id="de.a", key="notice", euros=Decimal(5), basis="§ 1")
    own = replace(fee, unit="Steueramt", euros=Decimal(7))
    parameters = AuthorityParameters(fees=(own, fee))
    assert parameters.fee("de.a", "notice", FIRST) is fee
    assert parameters.fee("de.a", "notice", FIRST, "Steueramt") is own
    for package, key, on in (("de.b", "notice", FIRST), ("de.a", "other", FIRST), ("de.a", "notice", BEFORE)):
        assert parameters.fee(package, key, on, "Steueramt") is None


def test_terms_of_a_service_are_those_of_the_day_of_arrival() -> None:
    old = ServiceTerms(date.min, leika_key=DOG, answer_days=10, unit="Steueramt")
    new = ServiceTerms(FIRST, leika_key=DOG, answer_days=20)
    parameters = AuthorityParameters(terms=(new, old))
    assert parameters.service(DOG, BEFORE) is old
    assert parameters.service(DOG, FIRST) is new
    assert parameters.service("99050012104000", FIRST) is NO_TERMS
    assert parameters.service(None, FIRST) is NO_TERMS


def test_a_unit_says_what_differs() -> None:
    office = Particulars(
        tel="1",
        email="a@b.example",
        address=Address("Markt", "1", "", "70999", "Stadt"),
        post_office_box=PostOfficeBox("Postfach 1", "70998", "Stadt"),
        bank=BankAccount("DE00", "Stadtkasse"),
        contact_persons=(ContactPerson("Poststelle"),),
    )
    taxes = Particulars(tel="2", contact_persons=(ContactPerson("Frau Weiß"),))
    away = Particulars(address=Address("Weg", "2", "Hof", "70999", "Stadt"))
    parameters = AuthorityParameters(
        office=office, units=(OrganisationUnit("Steueramt", taxes), OrganisationUnit("Bauamt", away))
    )
    found = parameters.particulars("Steueramt")
    assert (found.tel, found.email, found.post_office_box) == ("2", "a@b.example", office.post_office_box)
    assert found.contact_persons == taxes.contact_persons
    assert parameters.particulars("Bauamt").post_office_box is None, "the post would go to the wrong house"
    assert parameters.particulars("Bauamt").bank == office.bank
    assert parameters.particulars("unbekannt") == parameters.particulars("") == office
    assert away.address is not None
    assert away.address.lines == ("Hof", "Weg 2", "70999 Stadt")


def test_what_nobody_confirmed_and_what_has_ended_is_told_by_name() -> None:
    fee = FeeOverride(FIRST, NEXT, "", True, package_id="de.a", key="notice", euros=Decimal(5), basis="§ 1")
    parameters = AuthorityParameters(
        values=(value(1, FIRST, NEXT), value(2, NEXT), replace(value(3, FIRST, NEXT), name="limit")),
        fees=(fee,),
        terms=(ServiceTerms(date.min, NEXT, "", True, leika_key=DOG),),
    )
    assert parameters.assumed() == ("de.a/notice", DOG)
    assert parameters.outdated(FIRST) == ()
    assert parameters.outdated(NEXT) == ("limit", "de.a/notice", DOG)


@pytest.mark.parametrize(
    ("amount", "unit", "days"),
    [
        (10, DurationUnit.DAY, 10),
        (4, DurationUnit.WEEK, 28),
        (1, DurationUnit.MONTH, 28),  # 31 January: the last day of February
        (1, DurationUnit.YEAR, 365),
        (5, DurationUnit.WORKDAY, 6),  # from a Saturday to the Friday after
        (49, DurationUnit.HOUR, 3),
        (1, DurationUnit.MINUTE, 1),
        (86_400, DurationUnit.SECOND, 1),
    ],
)
def test_a_duration_in_calendar_days(amount: int, unit: DurationUnit, days: int) -> None:
    found = ProcessingDuration(amount, unit).days_from(date(2026, 1, 31), HolidayCalendar("BW"))
    assert found == days


def test_working_days_leave_out_holidays() -> None:
    good_friday_eve = date(2026, 4, 2)
    assert ProcessingDuration(1, DurationUnit.WORKDAY).days_from(good_friday_eve, HolidayCalendar("SN")) == 5


@pytest.mark.parametrize(("least", "most"), [(0, 1), (3, 2), (1, 0)])
def test_a_duration_is_positive_and_in_order(least: int, most: int) -> None:
    with pytest.raises(ValueError, match="duration"):
        ProcessingDuration(most, DurationUnit.DAY, least)
