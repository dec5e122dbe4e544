"""Dates, sums and sizes as people write them; never two-digit years."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from babel.dates import get_month_names
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.domain.case_dates import DateKind
from clerk_app.domain.deadlines import (
    Deadline,
    DeadlineKind,
    DerivationStep,
    NotificationRule,
    ProcedureLaw,
    StepKind,
    appeal_end,
    notified,
)
from clerk_app.texts import formats, set_language
from clerk_app.texts.dates import date_act_sentence, date_label
from clerk_app.texts.derivations import deadline_label, derivation

DAY = date(2026, 11, 4)
MOMENT = datetime(2026, 11, 24, 7, 4, tzinfo=UTC)
NBSP = "\u00a0"


def test_german_dates_and_times() -> None:
    assert formats.day(DAY) == "04.11.2026"
    assert formats.day_long(DAY) == "4. November 2026"
    assert formats.weekday_day(DAY) == "Mi 04.11.2026"
    assert formats.clock_time(MOMENT) == "08:04"
    assert formats.moment(MOMENT) == "24.11.2026, 08:04"


def test_english_dates() -> None:
    set_language("en")
    assert formats.day(DAY) == "4 Nov 2026"
    assert formats.day_long(DAY) == "4 November 2026"
    assert formats.weekday_day(DAY) == "Wed 4 Nov 2026"


def test_a_moment_belongs_to_the_german_day() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert formats.day(late) == "25.11.2026"
    with pytest.raises(ValueError, match="zone"):
        formats.day(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize("code", ["de", "en", "hsb"])
def test_month_names_agree_with_babel(code: str) -> None:
    set_language(code)
    names = get_month_names("wide", locale=code)
    for month in range(1, 13):
        assert names[month] in formats.day_long(date(2026, month, 1))


@pytest.mark.parametrize(
    ("offset", "german", "english"),
    [
        (0, "heute", "today"),
        (-1, "gestern", "yesterday"),
        (1, "morgen", "tomorrow"),
        (-4, "Fr 20.11.", "Fri 20 Nov"),
        (6, "Mo 30.11.", "Mon 30 Nov"),
        (-7, "17.11.2026", "17 Nov 2026"),
        (400, "29.12.2027", "29 Dec 2027"),
    ],
)
def test_relative_days(offset: int, german: str, english: str) -> None:
    today = date(2026, 11, 24)
    assert formats.relative_day(today + timedelta(days=offset), today) == german
    set_language("en")
    assert formats.relative_day(today + timedelta(days=offset), today) == english


def test_across_the_year_the_year_is_named() -> None:
    assert formats.relative_day(date(2026, 12, 30), date(2027, 1, 2)) == "30.12.2026"


def test_relative_moments_name_the_time_today() -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert formats.relative_moment(MOMENT, now) == "08:04"
    assert formats.relative_moment(MOMENT, now + timedelta(days=1)) == "gestern"


def test_sums() -> None:
    assert formats.amount(Decimal("1234.5")) == f"1.234,50{NBSP}€"
    assert formats.amount(-3) == f"-3,00{NBSP}€"
    assert formats.amount(Decimal("0.005")) == f"0,00{NBSP}€"
    set_language("en")
    assert formats.amount(Decimal("1234.5")) == "€1,234.50"


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (0, "0 Byte"),
        (999, "999 Byte"),
        (1000, "1 kB"),
        (1250, "1,2 kB"),
        (999_949, "1.000 kB".replace("1.000 kB", "1.000 kB")),
        (999_950, "1 MB"),
        (12_345_678, "12,3 MB"),
        (123_456_789, "123 MB"),
        (5 * 10**9, "5 GB"),
        (3 * 10**15, "3.000 TB"),
    ],
)
def test_sizes(size_bytes: int, text: str) -> None:
    assert formats.size(size_bytes).replace(NBSP, " ") == text


def test_a_size_is_not_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        formats.size(-1)


@given(st.integers(-(10**12), 10**12), st.sampled_from(["de", "en", "hsb"]))
def test_numbers_agree_with_babel(value: int, code: str) -> None:
    set_language(code)
    assert formats.number(value) == format_decimal(value, locale="de" if code == "hsb" else code)


@given(st.dates(date(1000, 1, 1), date(9999, 12, 31)), st.dates(), st.sampled_from(["de", "en", "hsb"]))
def test_years_have_four_digits(on: date, today: date, code: str) -> None:
    set_language(code)
    for text in (formats.day(on), formats.day_long(on), formats.weekday_day(on)):
        assert str(on.year) in text
    relative = formats.relative_day(on, today)
    assert (
        str(on.year) in relative
        or (on.year == today.year and abs((on - today).days) <= 6)
        or not re.search(r"\d", relative)
    )


class NoHolidays:
    def holiday_name(self, on: date) -> str | None:
        return "Dreikönig" if on == date(2026, 1, 6) else None

    def doubtful_name(self, on: date) -> str | None:
        return None


def test_a_derivation_reads_like_a_calculation() -> None:
    rule = NotificationRule(
        ProcedureLaw.VWVFG, date(2025, 1, 1), None, 4, False, "§ 41 Absatz 2 LVwVfG", True
    )
    end = appeal_end(notified(date(2026, 2, 2), rule, NoHolidays()), 1, NoHolidays(), "§ 70 VwGO")
    assert derivation(end) == (
        "zur Post Mo 02.02.2026 → 4. Tag Fr 06.02.2026 → ein Monat: Fr 06.03.2026"
        " (§ 70 VwGO) – angenommen, bitte prüfen"
    )
    set_language("en")
    assert derivation(end).startswith("posted Mon 2 Feb 2026 → day 4: Fri 6 Feb 2026")


@pytest.mark.parametrize("code", ["de", "en"])
@pytest.mark.parametrize("kind", StepKind)
def test_every_step_has_words(kind: StepKind, code: str) -> None:
    set_language(code)
    text = derivation(Deadline(DeadlineKind.ANSWER, DAY, (DerivationStep(kind, DAY, 2),)))
    assert formats.day(DAY) in text
    assert "{" not in text


def test_every_deadline_has_a_name() -> None:
    assert len({deadline_label(kind) for kind in DeadlineKind}) == len(DeadlineKind)


def test_entered_days_read_as_sentences() -> None:
    details = {"kind": "received", "on": "2026-02-16", "was": None, "text": "Rückschein"}
    assert date_act_sentence("date-set", details) == "Eingetragen: zugegangen am Mo 16.02.2026 (Rückschein)"
    changed = {"kind": "follow-up", "on": "2026-02-17", "was": "2026-02-16", "text": ""}
    assert date_act_sentence("date-set", changed) == (
        "Geändert: Wiedervorlage am Mo 16.02.2026 → Di 17.02.2026"
    )
    assert date_act_sentence("date-done", changed) == "Erledigt: Wiedervorlage am Mo 16.02.2026"
    set_language("en")
    assert date_act_sentence("date-removed", changed) == "Removed: Follow-up Mon 16 Feb 2026"
    assert {date_label(kind) for kind in (*DateKind, *DeadlineKind)}
