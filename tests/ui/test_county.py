"""The county's board in the window: read, narrow, direct with a preview, take back, save."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from clerk_app.domain.county import (
    USUAL_RULES,
    Batch,
    CaseKey,
    CountyFacts,
    CountyOrder,
    CountyQuery,
    Direction,
    Lane,
    OfficeLoad,
    Placed,
    age_class,
    points,
)
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.texts import county_words
from clerk_app.ui.access_walk import complaints
from clerk_app.ui.commands import Screen
from clerk_app.ui.county_dialog import CountyDialog
from clerk_app.ui.county_page import CountyPage
from clerk_app.ui.name_dialog import NameDialog
from clerk_app.ui.sidebar import Area
from clerk_app.usecases.county import County
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeOffice

Key = Qt.Key
OFFICES = {"muster": "Stadt Musterhausen", "neben": "Gemeinde Nebenstadt"}


class FakeCountyServer:
    """A server in memory, by the same rules as the real one (which has tests of its own)."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.failing: ErrorCode | None = None
        self.facts = {
            key: fact
            for number in range(6)
            for key, fact in [self._fact(number, "neben" if number == 5 else "muster")]
        }

    def _fact(self, number: int, office: str) -> tuple[CaseKey, CountyFacts]:
        key = CaseKey(office, CaseId(f"case-{number}"))
        received = self.today - timedelta(days=number * 9)
        made = CountyFacts(
            key, OFFICES[office], f"2026-000{number}", "99115005060000",
            "Reisepass" if number % 2 else "Wohngeld",
            OFFICES[office].split()[1], "service-bw", datetime(2026, 11, 1, tzinfo=UTC), received,
            self.today + timedelta(days=10 - number * 4), "new", assigned=number == 2,
        )  # fmt: skip
        return key, replace(made, points=points(made, USUAL_RULES, self.today))

    def is_open(self) -> bool:
        return True

    def _matching(self, query: CountyQuery) -> list[CountyFacts]:
        if self.failing is not None:
            raise ClerkError(self.failing)
        found = [
            fact
            for fact in self.facts.values()
            if (query.lane is None or fact.lane(self.today) is query.lane)
            and all(
                word.lower() in f"{fact.service} {fact.municipality}".lower() for word in query.text.split()
            )
        ]
        return sorted(found, key=lambda fact: (-fact.points, fact.case_reference))

    def page(self, query: CountyQuery, today: date) -> Sequence[CountyFacts]:
        assert query.order is CountyOrder.PRIORITY
        return self._matching(query)[: query.limit]

    def cases(self, keys: Sequence[CaseKey]) -> Sequence[CountyFacts]:
        return [self.facts[key] for key in keys]

    def count(self, query: CountyQuery, today: date) -> int:
        return len(self._matching(query))

    def loads(self, today: date) -> Sequence[OfficeLoad]:
        found = []
        for office, name in OFFICES.items():
            facts = [fact for key, fact in self.facts.items() if key.office_id == office]
            ages = [0] * 6
            for fact in facts:
                ages[age_class(fact.age_days(today))] += 1
            found.append(OfficeLoad(office, name, len(facts), 0, 0, 0, tuple(ages)))
        return found

    def direct(self, keys: Sequence[CaseKey], direction: Direction, to: str, reason: str) -> Batch:
        before = [
            Placed(key, fact.direction, fact.directed_to, fact.directed_reason)
            for key in keys
            for fact in [self.facts[key]]
        ]
        for key in keys:
            self.facts[key] = replace(
                self.facts[key], direction=direction, directed_to=to, directed_reason=reason
            )
        return Batch("b", direction, to, reason, before)

    def undo(self, batch: Batch) -> None:
        for placed in batch.before:
            self.facts[placed.key] = replace(
                self.facts[placed.key], direction=placed.direction, directed_to=placed.to,
                directed_reason=placed.reason,
            )  # fmt: skip


@pytest.fixture
def server(office: FakeOffice) -> FakeCountyServer:
    return FakeCountyServer(office.clock.now().date())


@pytest.fixture
def county(office: FakeOffice, open_pilot: Callable[..., Pilot], server: FakeCountyServer) -> Pilot:
    office.county = County(server, lambda: server.today)
    pilot = open_pilot(office)
    pilot.desk.show_area(Area.TRIAGE)
    pilot.calm()
    return pilot


def page(pilot: Pilot) -> CountyPage:
    found = pilot.desk.pages.page(Screen.TRIAGE)
    assert isinstance(found, CountyPage)
    return found


def shown(pilot: Pilot) -> list[str]:
    model = page(pilot).model
    return [str(model.index(row, 1).data()) for row in range(model.rowCount())]


def test_the_most_urgent_stands_first_and_lanes_count(county: Pilot, server: FakeCountyServer) -> None:
    found = page(county)
    assert shown(county) == [fact.case_reference for fact in server.page(CountyQuery(), server.today)]
    assert found.lanes.tabText(0) == "Alle (6)"
    assert "Stadt Musterhausen: 5 offen" in found.load.text()
    assert complaints(county.desk.window) == []
    found.lanes.setCurrentIndex(4)
    county.calm()
    assert len(shown(county)) == server.count(CountyQuery(lane=Lane.OVERDUE), server.today)
    found.lanes.setCurrentIndex(3)
    county.calm()
    assert found.stack.currentWidget() is found.empty


def test_typing_narrows_and_says_when_nothing_fits(county: Pilot) -> None:
    found = page(county)
    county.type_into(found.filter, "wohn")
    county.until(lambda: len(shown(county)) == 3)
    county.type_into(found.filter, "xyz")
    county.until(lambda: found.stack.currentWidget() is found.empty)


def test_forward_many_by_keyboard_with_preview_and_take_back(county: Pilot, server: FakeCountyServer) -> None:
    found = page(county)
    found.focus_content()
    QTest.keyClick(found.view, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    before = dict(server.facts)
    county.press(Key.Key_Return)
    (dialog,) = found.findChildren(CountyDialog)
    assert complaints(dialog) == []
    dialog.office.setCurrentIndex(dialog.office.findData("neben"))
    assert not dialog.act.isEnabled()  # no reason yet
    dialog.reason.setText("dort zuständig")
    assert dialog.effect.text().splitlines()[:2] == [
        "Stadt Musterhausen: 5 → 0 offene Vorgänge",
        "Gemeinde Nebenstadt: 1 → 6 offene Vorgänge",
    ]
    assert "ist schon dort" in dialog.effect.text()
    dialog.act.click()
    county.calm()
    moved = [fact for fact in server.facts.values() if fact.direction is Direction.FORWARD]
    assert len(moved) == 5
    assert found.undo.isEnabled()
    found.undo.click()
    county.calm()
    assert server.facts == before


def test_without_the_server_it_is_said_and_tried_again(county: Pilot, server: FakeCountyServer) -> None:
    server.failing = ErrorCode.TEAM_UNREACHABLE
    found = page(county)
    found.again.click()
    county.calm()
    assert found.stack.currentWidget() is found.empty
    assert not found.csv.isEnabled()
    server.failing = None
    found.again.click()
    county.calm()
    assert len(shown(county)) == 6


def test_the_csv_holds_what_is_shown(server: FakeCountyServer, tmp_path: Path) -> None:
    rows = server.page(CountyQuery(), server.today)
    content = county_words.county_csv(rows, server.today).decode("utf-8-sig").splitlines()
    assert len(content) == 7
    assert content[0].startswith("Punkte;Aktenzeichen;")


def test_a_view_is_kept_shown_and_forgotten(county: Pilot) -> None:
    found = page(county)
    found.lanes.setCurrentIndex(1)
    found.filter.setText("wohn")
    county.calm()
    found.keep.click()
    (dialog,) = found.findChildren(NameDialog)
    dialog.field.setText("Wohngeld unklar")
    dialog.accept()
    county.calm()
    assert found.views.currentText() == "Wohngeld unklar"
    found.lanes.setCurrentIndex(0)
    found.filter.setText("")
    county.calm()
    found.views.setCurrentIndex(1)
    found._show_view(1)
    county.calm()
    assert (found.lanes.currentIndex(), found.filter.text()) == (1, "wohn")
    found.forget.click()
    county.calm()
    assert not found.views.isVisible()


def test_the_same_cases_as_columns(county: Pilot, server: FakeCountyServer) -> None:
    found = page(county)
    found.as_columns.setChecked(True)
    county.calm()
    assert found.stack.currentWidget() is found.columns
    assert complaints(county.desk.window) == []
    sizes = {lane: found.columns.models[lane].rowCount() for lane in Lane}
    assert sizes == {lane: server.count(CountyQuery(lane=lane), server.today) for lane in Lane}
    assert not found.forward.isEnabled()
    found.columns.views[Lane.UNCLEAR].selectRow(0)
    assert [facts.lane(server.today) for facts in found.chosen()] == [Lane.UNCLEAR]
    assert found.forward.isEnabled()
