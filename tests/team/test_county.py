"""The county over all its offices: what it sees, directs and takes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from clerk_app.domain.county import (
    USUAL_RULES,
    CaseKey,
    CountyFacts,
    CountyOrder,
    CountyQuery,
    Direction,
    Lane,
    PriorityRule,
    points,
)
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.sync.team import RoutingFacts
from clerk_app.team.connection import connect_to_team
from clerk_app.team.county import CountyBoard
from clerk_app.usecases.county import County
from tests.store.making import new_id
from tests.team.office_server import COUNTY, OFFICE, OTHER, CountyServer, DesktopMaker, TeamDesktopPlace

TODAY = date(2026, 11, 27)


def facts(reference: str, *, age: int = 1, due: int | None = 20, **more: object) -> RoutingFacts:
    arrived = datetime(2026, 11, 27, 9, tzinfo=UTC) - timedelta(days=age)
    made = RoutingFacts(
        CaseId(new_id()), reference, "99115005060000", "Reisepass", "Musterhausen", "service-bw", arrived,
        arrived.date().isoformat(), None if due is None else (TODAY + timedelta(days=due)).isoformat(), "new",
        assigned=False,
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.fixture
def brand(desktop: DesktopMaker) -> TeamDesktopPlace:
    place = desktop("brand")
    place.server.note_routing(
        [
            facts("A-1", age=2, due=20),
            facts("A-2", age=40, due=-3),
            facts("A-3", age=10, due=5, assigned=True),
            facts("A-4", age=1, status="closed"),
        ]
    )
    return place


@pytest.fixture
def fern(desktop: DesktopMaker) -> TeamDesktopPlace:
    place = desktop("fern", office=OTHER)
    place.server.note_routing([facts("B-1", age=5, due=None, service="Wohngeld", municipality="Nebenstadt")])
    return place


@pytest.fixture
def county_desk(brand: TeamDesktopPlace, fern: TeamDesktopPlace, county: CountyServer) -> Iterator[County]:
    county.member("ohm", COUNTY, "triage")
    connection = connect_to_team(county.address("ohm"))
    yield County(CountyBoard(connection, USUAL_RULES), lambda: TODAY)
    connection.close()


def references(found: object) -> list[str]:
    return [each.case_reference for each in found]  # type: ignore[attr-defined]


def test_lanes_share_out_all_open_cases(county_desk: County) -> None:
    lanes = {lane: set(references(county_desk.page(CountyQuery(lane=lane)))) for lane in Lane}
    assert lanes == {
        Lane.UNCLEAR: {"A-1", "B-1"},
        Lane.ASSIGNED: {"A-3"},
        Lane.FORWARDED: set(),
        Lane.OVERDUE: {"A-2"},
    }
    everything = county_desk.page(CountyQuery())
    assert {facts.case_reference: facts.lane(TODAY) for facts in everything} == {
        reference: lane for lane, found in lanes.items() for reference in found
    }
    assert county_desk.count(CountyQuery()) == 4


def test_sql_and_rules_give_the_same_points(county_desk: County) -> None:
    found = county_desk.page(CountyQuery())
    assert [each.points for each in found] == [points(each, USUAL_RULES, TODAY) for each in found]
    assert references(found)[0] == "A-2"


def test_rules_are_data(county: CountyServer, county_desk: County) -> None:
    rules = [PriorityRule(7, leika_prefix="9911"), PriorityRule(5, unassigned=True, older_than_days=3)]
    with connect_to_team(county.address("ohm")) as connection:
        found = CountyBoard(connection, rules).page(CountyQuery(), TODAY)
    assert {each.case_reference: each.points for each in found} == {"A-1": 7, "A-2": 12, "A-3": 7, "B-1": 12}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (CountyQuery(text="wohn"), ["B-1"]),
        (CountyQuery(text="reise muster", order=CountyOrder.DUE), ["A-2", "A-3", "A-1"]),
        (CountyQuery(text="%"), []),
        (CountyQuery(text="'; DROP TABLE entry; --"), []),
        (CountyQuery(office_id=OTHER), ["B-1"]),
        (CountyQuery(at_risk=True, order=CountyOrder.DUE), ["A-2", "A-3"]),
        (CountyQuery(order=CountyOrder.AGE, limit=2), ["A-2", "A-3"]),
        (CountyQuery(order=CountyOrder.AGE, limit=2, offset=2), ["B-1", "A-1"]),
    ],
)
def test_the_table_is_filtered_sorted_and_paged(
    county_desk: County, query: CountyQuery, expected: list[str]
) -> None:
    assert references(county_desk.page(query)) == expected


def test_load_and_age_of_each_office(county_desk: County) -> None:
    loads = {load.office_id: load for load in county_desk.loads()}
    ours = loads[OFFICE]
    assert (ours.open, ours.unassigned, ours.overdue, ours.at_risk) == (3, 2, 1, 1)
    assert ours.ages == (1, 0, 1, 0, 1, 0)
    assert loads[OTHER].open == 1


def key_of(county_desk: County, reference: str) -> CaseKey:
    (found,) = county_desk.page(CountyQuery(text=reference))
    return found.key


def test_a_bulk_move_is_shown_before_and_taken_back_exactly(
    county_desk: County, brand: TeamDesktopPlace
) -> None:
    keys = [key_of(county_desk, reference) for reference in ("A-1", "A-2", "B-1")]
    first = county_desk.direct(keys[:1], Direction.ASSIGN, OFFICE, "bleibt")
    before = {each.case_reference: each for each in county_desk.page(CountyQuery())}
    shown = county_desk.preview(keys, Direction.FORWARD, OTHER)
    assert shown.loads == {OFFICE: (3, 1), OTHER: (1, 3)}
    assert shown.obstacles == {"B-1": "same-office"}
    batch = county_desk.direct(keys, Direction.FORWARD, OTHER, "Die Anschrift liegt in Nebenstadt")
    assert {each.key for each in batch.before} == set(keys[:2])
    moved = {each.case_reference: each for each in county_desk.page(CountyQuery())}
    assert moved["A-1"].direction is Direction.FORWARD
    assert moved["A-1"].directed_by == "ohm"
    assert moved["A-1"].first_received_on == before["A-1"].first_received_on
    county_desk.undo(batch)
    after = {each.case_reference: each for each in county_desk.page(CountyQuery())}
    assert [_direction(after[each]) for each in after] == [_direction(before[each]) for each in after]
    with pytest.raises(ClerkError) as caught:
        county_desk.undo(batch)
    assert caught.value.code is ErrorCode.CASE_CHANGED
    county_desk.undo(first)


def _direction(facts: CountyFacts) -> tuple[object, ...]:
    return facts.direction, facts.directed_to, facts.directed_reason


def test_the_offices_hear_the_countys_word_and_whose_it_is(
    county_desk: County, brand: TeamDesktopPlace, fern: TeamDesktopPlace
) -> None:
    key = key_of(county_desk, "A-1")
    batch = county_desk.direct([key], Direction.FORWARD, OTHER, "dort zuständig")
    brand.exchange().run()
    (entry,) = brand.ledger.entries(key.case_id)
    assert entry.actor == "ohm"
    assert entry.act.payload == {
        "direction": "forward", "to": OTHER, "authority": "Gemeinde Nebenstadt", "text": "dort zuständig",
    }  # fmt: skip
    brand.ledger.verify_chain()
    assert _directed(brand, key) is not None
    county_desk.undo(batch)
    brand.exchange().run()
    assert _directed(brand, key) is None
    fern.exchange().run()
    assert list(fern.ledger.entries(key.case_id)) == []  # another office's case is nobody else's business


def _directed(place: TeamDesktopPlace, key: CaseKey) -> object:
    return place.ledger.connection.value("SELECT direction FROM case_state WHERE case_id = ?", (key.case_id,))


def test_what_does_not_work_is_said(county_desk: County) -> None:
    key = key_of(county_desk, "A-1")
    tries: list[tuple[Callable[[], object], ErrorCode]] = [
        (lambda: county_desk.direct([key], Direction.FORWARD, OTHER, " "), ErrorCode.FORWARD_REASON_MISSING),
        (lambda: county_desk.direct([key], Direction.ASSIGN, "nowhere", "x"), ErrorCode.TEAM_OFFICE_UNKNOWN),
        (lambda: county_desk.direct([key], Direction.FORWARD, OFFICE, "x"), ErrorCode.CASE_UNKNOWN),
    ]
    for act, code in tries:
        with pytest.raises(ClerkError) as caught:
            act()
        assert caught.value.code is code
