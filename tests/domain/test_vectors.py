"""Every vector in ``vectors/*.toml``: the engine finds the same day by the same way; so does a slow walk."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.domain.deadlines import (
    Deadline,
    DeadlineKind,
    DerivationStep,
    DispatchWay,
    Pause,
    PauseRule,
    Period,
    PeriodUnit,
    ProcedureLaw,
    StepKind,
    appeal_end,
    appeal_end_uninstructed,
    early_warning,
    fiction_end,
    is_open,
    is_working_day,
    notification_rule,
    notified,
    paused_target,
    period_end,
    processing_due,
)
from clerk_app.services.state_profile import HolidayCalendar, StateProfile, load_state
from clerk_app.texts.derivations import derivation
from tests.domain import walking

FOLDER = Path(__file__).parent / "vectors"
Vector = dict[str, Any]


def vectors(name: str) -> list[Any]:
    found = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))["vector"]
    return [pytest.param(each, id=f"{name}-{number}") for number, each in enumerate(found, 1)]


@cache
def state(land: str) -> StateProfile:
    return load_state(land)


@cache
def calendar(land: str, corpus_christi: bool | None = None) -> HolidayCalendar:
    return HolidayCalendar(land, corpus_christi=corpus_christi)


def the_calendar(vector: Vector) -> HolidayCalendar:
    return calendar(vector["land"], vector.get("corpus_christi"))


def by_engine(vector: Vector) -> tuple[Deadline, Deadline | None]:
    days, profile, sent = the_calendar(vector), state(vector["land"]), vector["sent"]
    way, law = DispatchWay(vector["way"]), ProcedureLaw(vector["law"])
    rule = notification_rule(profile.notification, law, sent, way)
    notification = notified(
        sent, rule, days, received_on=vector.get("received"), retrieved_on=vector.get("retrieved")
    )
    if is_open(notification):
        return notification, None
    appeal = profile.appeal(vector["appeal"], sent)
    abroad = way is DispatchWay.LETTER_ABROAD and appeal.months_abroad
    if vector.get("instructed", True):
        return notification, appeal_end(notification, abroad or appeal.months, days, appeal.basis)
    end = appeal_end_uninstructed(notification, appeal.uninstructed_months, days, appeal.uninstructed_basis)
    return notification, end


@pytest.mark.parametrize("vector", [*vectors("letters"), *vectors("electronic"), *vectors("arrivals")])
def test_from_the_day_of_sending_to_the_end_of_the_appeal(vector: Vector) -> None:
    notification, end = by_engine(vector)
    if "end" not in vector:
        assert end is None
        assert derivation(notification) == vector["derivation"]
        return
    assert end is not None
    assert (notification.due_on, end.due_on) == (vector["notified"], vector["end"])
    assert derivation(end) == vector["derivation"]


@pytest.mark.parametrize("vector", vectors("periods"))
def test_periods(vector: Vector) -> None:
    start = DerivationStep(StepKind.ARRIVED, vector["start"])
    period = Period(vector["amount"], PeriodUnit(vector["unit"]))
    made = period_end(
        DeadlineKind.ANSWER, start, period, the_calendar(vector), day_counts=vector.get("day_counts", False)
    )
    assert made.due_on == vector["end"]
    assert derivation(made) == vector["derivation"]


def by_clock(vector: Vector) -> Deadline:
    days = the_calendar(vector)
    match vector["kind"]:
        case "target":
            pauses = [Pause(*pause) for pause in vector["pauses"]]
            return paused_target(vector["arrived"], vector["days"], pauses, PauseRule(vector["rule"]), days)
        case "fiction":
            rule = state(vector["land"]).fiction(vector["complete"])
            return fiction_end(
                vector["complete"],
                type(rule)(vector["months"], rule.basis, rule.moves_to_working_day, rule.assumed),
                days,
                arrived_on=vector.get("arrived"),
                confirmed=vector.get("confirmed", True),
                extended_to=vector.get("extended"),
                reason="schwierige Sache",
            )
        case _:
            target = processing_due(vector["arrived"], vector["days"], days)
            return early_warning(target, vector["lead"], days)


@pytest.mark.parametrize("vector", vectors("clocks"))
def test_clocks_of_the_office(vector: Vector) -> None:
    made = by_clock(vector)
    assert made.due_on == vector["end"]
    assert derivation(made) == vector["derivation"]


def test_there_are_enough_of_them_and_a_good_part_was_done_by_hand() -> None:
    every = [
        param.values[0]
        for name in ("letters", "electronic", "arrivals", "periods", "clocks")
        for param in vectors(name)
    ]
    for land in ("BW", "SN"):
        here = [each for each in every if each["land"] == land]
        assert len(here) >= 200
        assert {each.get("law") for each in here} >= {"VwVfG", "AO", "SGB X"}
    assert sum(each.get("hand", False) for each in every) >= 100


LAWS = st.sampled_from(["VwVfG", "AO", "SGB X"])
LANDS = st.sampled_from(["BW", "SN"])
SENT = st.dates(date(2024, 8, 1), date(2034, 12, 31))
SAID = st.sampled_from([None, True, False])


@given(LANDS, LAWS, st.sampled_from(["letter", "electronic", "mailbox"]), SENT, SAID, st.booleans())
def test_the_slow_walk_and_the_engine_agree_on_any_day(
    land: str, law: str, way: str, sent: date, said: bool | None, instructed: bool
) -> None:
    kind = "tax-objection" if law == "AO" else "objection"
    vector = {
        "land": land,
        "law": law,
        "way": way,
        "sent": sent,
        "corpus_christi": said,
        "appeal": kind,
        "instructed": instructed,
    }
    notification, end = by_engine(vector)
    walk = walking.Walk(land, sent, said)
    assert walking.notified(walk, law, way)
    assert walk.on == notification.due_on
    walking.appeal(walk, 1 if instructed else 12, instructed=instructed)
    assert end is not None
    assert walk.on == end.due_on
    assert derivation(end).startswith(" → ".join(walk.said))
    assert is_working_day(end.due_on, calendar(land, said))
    assert end.steps[-1].on == end.due_on


@given(LANDS, SENT, st.integers(1, 30), st.sampled_from(["day", "week", "month", "year"]), st.booleans())
def test_any_period_agrees_with_the_slow_walk(
    land: str, start: date, amount: int, unit: str, counts: bool
) -> None:
    amount = amount if unit != "year" else 1
    begun = DerivationStep(StepKind.ARRIVED, start)
    period = Period(amount, PeriodUnit(unit))
    made = period_end(DeadlineKind.ANSWER, begun, period, calendar(land, True), day_counts=counts)
    walk = walking.Walk(land, start, True)
    walk.say("eingegangen {day}")
    walking.period(walk, amount, unit, day_counts=counts)
    walk.to_working_day()
    assert (made.due_on, derivation(made)) == (walk.on, walk.text(""))


@given(LANDS, LAWS, SENT)
def test_who_is_served_later_has_no_less_time(land: str, law: str, sent: date) -> None:
    kind = "tax-objection" if law == "AO" else "objection"
    first, second = (
        by_engine({"land": land, "law": law, "way": "letter", "sent": on, "appeal": kind})
        for on in (sent, sent + timedelta(days=1))
    )
    assert first[0].due_on <= second[0].due_on
    assert first[1] is not None
    assert second[1] is not None
    assert first[1].due_on <= second[1].due_on


@given(
    SENT,
    st.integers(1, 120),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), max_size=4),
    st.sampled_from([PauseRule.SUSPEND, PauseRule.RESTART]),
)
def test_a_pause_never_takes_time_away(
    arrived: date, days: int, spans: list[tuple[int, int]], rule: PauseRule
) -> None:
    pauses = [Pause(arrived + timedelta(a), arrived + timedelta(a + b)) for a, b in spans]
    plain = paused_target(arrived, days, (), rule, calendar("BW"))
    paused = paused_target(arrived, days, pauses, rule, calendar("BW"))
    assert paused.due_on >= plain.due_on
    assert paused_target(arrived, days, pauses, PauseRule.NONE, calendar("BW")) == plain
    assert paused.steps[-1].on == paused.due_on
    assert is_working_day(paused.due_on, calendar("BW"))
