"""Deadlines with their derivation, against the examples of the law and against slow arithmetic."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.domain.deadlines import (
    DeadlineKind,
    DispatchWay,
    NotificationRule,
    ProcedureLaw,
    StepKind,
    add_months,
    answer_due,
    appeal_end,
    is_working_day,
    next_working_day,
    notification_rule,
    notified,
    office_day,
    office_time,
    processing_due,
)
from clerk_app.domain.deadlines.office_time import _CentralEuropeanTime
from clerk_app.services.state_profile import HolidayCalendar, load_state

BW = HolidayCalendar("BW")
STATE = load_state("BW")
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


class NoHolidays:
    def holiday_name(self, on: date) -> str | None:
        return None

    def doubtful_name(self, on: date) -> str | None:
        return None


def rule(law: ProcedureLaw, on: date) -> NotificationRule:
    return notification_rule(STATE.notification, law, on)


def test_the_example_of_the_design() -> None:
    posted = date(2026, 2, 2)  # Monday
    fiction = notified(posted, rule(ProcedureLaw.VWVFG, posted), BW)
    assert fiction.due_on == date(2026, 2, 6)  # the fourth day, a Friday
    end = appeal_end(fiction, 1, BW)
    assert end.due_on == date(2026, 3, 6)
    assert [step.kind for step in end.steps] == [
        StepKind.POSTED,
        StepKind.NTH_DAY,
        StepKind.MONTHS,
    ]


def test_the_fiction_changed_at_the_turn_of_2025() -> None:
    assert notified(date(2024, 12, 31), rule(ProcedureLaw.SGB_X, date(2024, 12, 31)), BW).due_on == date(
        2025, 1, 3
    )
    assert notified(date(2025, 1, 1), rule(ProcedureLaw.SGB_X, date(2025, 1, 1)), BW).due_on == date(
        2025, 1, 5
    )


def test_only_in_tax_matters_the_day_moves_on() -> None:
    posted = date(2026, 2, 3)  # the fourth day is Saturday 7 February
    assert notified(posted, rule(ProcedureLaw.VWVFG, posted), BW).due_on == date(2026, 2, 7)
    moved = notified(posted, rule(ProcedureLaw.AO, posted), BW)
    assert moved.due_on == date(2026, 2, 9)
    assert moved.steps[-1].kind is StepKind.WEEKEND


def test_an_assumed_rule_says_so_all_the_way() -> None:
    posted = date(2026, 2, 2)
    assert rule(ProcedureLaw.VWVFG, posted).assumed
    assert appeal_end(notified(posted, rule(ProcedureLaw.VWVFG, posted), BW), 1, BW).assumed
    saxony = load_state("SN")
    assert not notification_rule(saxony.notification, ProcedureLaw.VWVFG, posted).assumed


def test_months_end_where_the_shorter_month_ends() -> None:
    posted = date(2026, 1, 27)
    end = appeal_end(notified(posted, rule(ProcedureLaw.VWVFG, posted), BW), 1, BW)
    assert StepKind.MONTH_END in [step.kind for step in end.steps]
    assert end.due_on == date(2026, 3, 2)  # 28 February is a Saturday


def test_holidays_and_weekends_are_named_in_the_derivation() -> None:
    due = answer_due(date(2026, 12, 11), 14, BW)
    assert due.due_on == date(2026, 12, 28)
    assert [(step.kind, step.note) for step in due.steps[2:]] == [
        (StepKind.HOLIDAY, "Erster Weihnachtstag"),
        (StepKind.HOLIDAY, "Zweiter Weihnachtstag"),
        (StepKind.WEEKEND, None),
    ]


@pytest.mark.parametrize(
    ("land", "on", "free"),
    [
        ("BW", date(2026, 1, 6), True),
        ("SN", date(2026, 1, 6), False),
        ("BW", date(2026, 6, 4), True),  # Fronleichnam
        ("SN", date(2026, 6, 4), False),
        ("SN", date(2026, 11, 18), True),  # Buß- und Bettag
        ("BW", date(2026, 11, 18), False),
        ("SN", date(2026, 10, 31), True),
        ("BW", date(2026, 10, 31), False),
        ("BW", date(2026, 11, 1), True),
        ("SN", date(2026, 11, 1), False),
        ("SN", date(2026, 5, 1), True),
    ],
)
def test_holidays_differ_by_land(land: str, on: date, free: bool) -> None:
    assert (HolidayCalendar(land).holiday_name(on) is not None) is free


def test_corpus_christi_in_catholic_municipalities_of_saxony() -> None:
    assert HolidayCalendar("SN", corpus_christi=True).holiday_name(date(2026, 6, 4)) == "Fronleichnam"


@pytest.mark.parametrize(
    "land",
    "SH HH NI HB NW HE RP BW BY SL BE BB MV SN ST TH".split(),  # noqa: SIM905 - a list of words
)
def test_every_land_has_a_calendar(land: str) -> None:
    for said in (None, False, True):
        assert (
            HolidayCalendar(land, corpus_christi=said, assumption_day=said).holiday_name(date(2026, 10, 3))
            is not None
        )


def test_an_unknown_land_has_federal_values() -> None:
    assert load_state("NW").name == "Bund"
    assert load_state("NW").land == "NW"


def test_a_gap_in_the_rules_is_a_defect_and_not_a_guess() -> None:
    with pytest.raises(LookupError):
        rule(ProcedureLaw.VWVFG, date(1970, 1, 1))
    with pytest.raises(LookupError):
        STATE.appeal("no-such", date(2026, 1, 1))


@pytest.mark.parametrize("law", ProcedureLaw)
@pytest.mark.parametrize("land", ["BW", "SN", "NW"])
def test_exactly_one_rule_holds_on_every_day(land: str, law: ProcedureLaw) -> None:
    rules = load_state(land).notification
    on = date(2024, 12, 20)
    while on < date(2025, 1, 15):
        for way in DispatchWay:
            if (law, way) in (
                (ProcedureLaw.AO, DispatchWay.RETRIEVAL),
                (ProcedureLaw.SGB_X, DispatchWay.RETRIEVAL),
            ):
                continue  # VwVfG § 41 IIa alone has it
            assert len([item for item in rules if item.applies(law, on, way)]) == 1
        on += timedelta(days=1)


@given(DAYS, st.integers(0, 400))
def test_due_days_are_working_days_and_never_early(start: date, days: int) -> None:
    for due in (answer_due(start, days, BW), processing_due(start, days, BW)):
        assert is_working_day(due.due_on, BW)
        assert start + timedelta(days=days) <= due.due_on <= start + timedelta(days=days + 7)
        assert due.steps[-1].on == due.due_on
        assert [step.on for step in due.steps] == sorted(step.on for step in due.steps)


@given(DAYS, st.integers(0, 60))
def test_adding_months_keeps_the_day_or_the_months_end(on: date, months: int) -> None:
    later = add_months(on, months)
    assert (later.year * 12 + later.month) - (on.year * 12 + on.month) == months
    if later.day != on.day:
        assert later.day < on.day
        assert (later + timedelta(days=1)).day == 1


@given(DAYS)
def test_the_next_working_day_is_the_first_one(on: date) -> None:
    found = next_working_day(on, NoHolidays())
    slow = on
    while slow.weekday() > 4:
        slow += timedelta(days=1)
    assert found == slow


@given(DAYS, st.sampled_from(ProcedureLaw))
def test_an_appeal_ends_after_notification_with_its_derivation(sent: date, law: ProcedureLaw) -> None:
    fiction = notified(sent, rule(law, sent), BW)
    end = appeal_end(fiction, 1, BW, "§ 70 VwGO")
    assert (end.kind, end.basis) == (DeadlineKind.APPEAL, "§ 70 VwGO")
    assert timedelta(days=27) < end.due_on - fiction.due_on < timedelta(days=40)
    assert end.steps[0].on == sent
    assert end.steps[-1].on == end.due_on


def test_impossible_rules_are_refused() -> None:
    day = date(2025, 1, 1)
    with pytest.raises(ValueError, match="1"):
        NotificationRule(ProcedureLaw.AO, day, None, 0, False, "")
    with pytest.raises(ValueError, match="valid"):
        NotificationRule(ProcedureLaw.AO, day, day, 3, False, "")
    with pytest.raises(ValueError, match="negative"):
        answer_due(day, -1, BW)


def test_the_offices_day_is_the_german_one() -> None:
    assert office_day(datetime(2026, 11, 24, 22, 59, tzinfo=UTC)) == date(2026, 11, 24)
    assert office_day(datetime(2026, 11, 24, 23, 0, tzinfo=UTC)) == date(2026, 11, 25)
    assert office_day(datetime(2026, 7, 24, 22, 0, tzinfo=UTC)) == date(2026, 7, 25)
    with pytest.raises(ValueError, match="zone"):
        office_time(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


@given(st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31)))  # noqa: DTZ001 - made aware below
def test_without_zone_tables_the_rule_of_the_union_gives_the_same_time(at: datetime) -> None:
    zone: tzinfo = _CentralEuropeanTime()
    moment = at.replace(tzinfo=UTC)
    ours, theirs = moment.astimezone(zone), moment.astimezone(ZoneInfo("Europe/Berlin"))
    assert ours.replace(tzinfo=None) == theirs.replace(tzinfo=None)
    assert (ours.utcoffset(), ours.fold) == (theirs.utcoffset(), theirs.fold)


@pytest.mark.parametrize("minutes", range(-180, 181, 20))
@pytest.mark.parametrize(
    "turn", [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]
)
def test_the_hours_of_the_change_agree_too(turn: datetime, minutes: int) -> None:
    zone: tzinfo = _CentralEuropeanTime()
    moment = turn + timedelta(minutes=minutes)
    ours, theirs = moment.astimezone(zone), moment.astimezone(ZoneInfo("Europe/Berlin"))
    assert (ours.replace(tzinfo=None), ours.utcoffset(), ours.fold) == (
        theirs.replace(tzinfo=None),
        theirs.utcoffset(),
        theirs.fold,
    )
    assert ours.astimezone(UTC) == moment
