"""Figures about cases: counted right, and never telling about a few."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clerk_app.domain.statistics import (
    LEAST_CASES,
    CaseFact,
    Period,
    Span,
    StatisticsQuery,
    before,
    evaluate,
    period,
    suppress,
)

TODAY = date(2026, 11, 26)
YEAR = period(Span.YEAR, TODAY)


def fact(
    service: str = "Wohngeld",
    place: str = "Musterhausen",
    arrived: date = date(2026, 3, 2),
    took: int | None = 10,
) -> CaseFact:
    decided = None if took is None else arrived + timedelta(days=took)
    return CaseFact(service, place, arrived, decided, arrived + timedelta(days=28), took is None)


def test_periods_are_whole_months_quarters_and_years() -> None:
    assert period(Span.MONTH, TODAY) == Period(date(2026, 11, 1), date(2026, 11, 30))
    assert period(Span.MONTH, date(2026, 1, 31), 1) == Period(date(2025, 12, 1), date(2025, 12, 31))
    assert period(Span.QUARTER, TODAY) == Period(date(2026, 10, 1), date(2026, 12, 31))
    assert period(Span.QUARTER, date(2026, 2, 1), 1) == Period(date(2025, 10, 1), date(2025, 12, 31))
    assert Period(date(2026, 1, 1), date(2026, 12, 31)) == YEAR
    assert before(YEAR) == period(Span.YEAR, TODAY, 1)
    assert before(period(Span.QUARTER, date(2026, 2, 1))) == period(Span.QUARTER, date(2026, 2, 1), 1)
    assert len(YEAR.months()) == 12
    assert YEAR.months()[1].last == date(2026, 2, 28)


def test_figures_of_a_year() -> None:
    facts = [fact(took=took) for took in (5, 10, 15, 20, 40)]
    facts += [fact(took=None, arrived=TODAY - timedelta(days=days)) for days in (1, 8, 9, 20, 60, 200)]
    facts += [fact(arrived=date(2025, 5, 5), took=3) for _each in range(5)]
    found = evaluate(facts, StatisticsQuery(YEAR), TODAY)
    total = found.total
    assert (total.arrivals, total.decided, total.open) == (11, 5, 6)
    assert (total.cycle_days, total.cycle_most_days) == (15, 20)
    assert total.age_days == 9
    assert total.kept_percent == 80
    assert found.previous.arrivals == 5
    assert found.months[2].decided == 5 or found.months[2].decided is None
    assert sum(each.arrivals or 0 for each in found.months) <= 11
    assert found.all_services == ("Wohngeld",)
    assert not found.too_few
    assert evaluate([], StatisticsQuery(YEAR), TODAY).too_few


def test_a_part_is_not_shown_when_the_rest_is_small() -> None:
    """Whoever knows the whole must not learn of the two in Kleindorf by asking for Musterhausen alone."""
    facts = [fact() for _each in range(30)] + [fact(place="Kleindorf") for _each in range(2)]
    assert evaluate(facts, StatisticsQuery(YEAR), TODAY).total.arrivals == 32
    assert evaluate(facts, StatisticsQuery(YEAR, municipality="Musterhausen"), TODAY).total.arrivals is None
    assert evaluate(facts, StatisticsQuery(YEAR, municipality="Kleindorf"), TODAY).total.arrivals is None
    lines = evaluate(facts, StatisticsQuery(YEAR), TODAY).municipalities
    assert [(line.name, line.arrivals) for line in lines] == [("Kleindorf", None), ("Musterhausen", None)]


@given(st.lists(st.integers(0, 40), max_size=12))
def test_what_is_hidden_cannot_be_computed_from_the_sum(numbers: list[int]) -> None:
    shown = suppress(numbers)
    hidden = [number for number, seen in zip(numbers, shown, strict=True) if seen is None]
    assert all(seen is None or seen == number for number, seen in zip(numbers, shown, strict=True))
    assert not any(seen is not None and 0 < seen < LEAST_CASES for seen in shown)
    if hidden and any(number for number, seen in zip(numbers, shown, strict=True) if seen):
        assert len(hidden) > 1  # the sum minus what is shown is shared by at least two places
        assert sum(hidden) >= LEAST_CASES
    if all(number == 0 or number >= LEAST_CASES for number in numbers):
        assert shown == list(numbers)  # nothing is hidden without need


@given(
    st.lists(
        st.tuples(
            st.sampled_from("AB"), st.sampled_from("XYZ"), st.sampled_from([None, 3, 40]), st.integers(1, 11)
        ),
        max_size=40,
    )
)
def test_no_answer_to_one_question_shows_a_few(made: list[tuple[str, str, int | None, int]]) -> None:
    facts = [fact(service, place, date(2026, month, 3), took) for service, place, took, month in made]
    for service in ("", "A", "B"):
        for place in ("", "X", "Y", "Z"):
            found = evaluate(facts, StatisticsQuery(YEAR, service, place), TODAY)
            lines = (found.total, found.previous, *found.services, *found.municipalities)
            numbers = [n for line in lines for n in (line.arrivals, line.decided, line.open)]
            numbers += [n for month in found.months for n in (month.arrivals, month.decided)] + list(
                found.ages
            )
            assert not any(n is not None and 0 < n < LEAST_CASES for n in numbers)
            # the attack: what one question shows, subtracted from what the other one shows
            whole = evaluate(facts, StatisticsQuery(YEAR), TODAY).total
            for name in ("arrivals", "decided", "open"):
                all_of_it, part = getattr(whole, name), getattr(found.total, name)
                if all_of_it is not None and part is not None:
                    assert all_of_it - part == 0 or all_of_it - part >= LEAST_CASES
