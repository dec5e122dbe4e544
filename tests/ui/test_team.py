"""The team in the window: who has a case open, what another desktop sends, what the county asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from clerk_app.domain.case import HistoryEvent
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.outbox import OutboxEntry, OutboxKind, OutboxState
from clerk_app.ui.access_walk import complaints
from clerk_app.ui.stand_in_dialog import StandInDialog
from clerk_app.ui.team_notice import direction_words
from clerk_app.ui.two_decisions_dialog import TwoDecisionsDialog
from clerk_app.usecases.two_decisions import Line, TwoDecisions
from tests.store.making import make_outgoing, new_id
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeOffice

Key = Qt.Key
Listener = Callable[[Mapping[CaseId, tuple[str, ...]]], None]


class TeamElsewhere:
    """Presence without a server: what a watch would tell."""

    def __init__(self) -> None:
        self.shown: list[CaseId | None] = []
        self.open: dict[CaseId, tuple[str, ...]] = {}
        self.listeners: list[Listener] = []

    def show(self, case_id: CaseId | None) -> None:
        self.shown.append(case_id)

    def others(self, case_id: CaseId) -> tuple[str, ...]:
        return self.open.get(case_id, ())

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def opens(self, case_id: CaseId, *names: str) -> None:
        self.open = {case_id: names} if names else {}
        for listener in self.listeners:
            listener(self.open)


def test_a_colleague_at_the_same_case_is_named_and_goes_again(
    office: FakeOffice, open_pilot: Callable[..., Pilot]
) -> None:
    team = TeamElsewhere()
    pilot = open_pilot(office, presence=team)
    row = pilot.desk.flow.row
    assert row is not None
    present = pilot.desk.page.header._present
    assert not present.isVisible()
    team.opens(row.case_id, "Frau Brand")
    pilot.until(present.isVisible)
    assert present.text() == "gerade geöffnet von Frau Brand"
    assert complaints(pilot.desk.window) == []
    team.opens(row.case_id)
    pilot.until(lambda: not present.isVisible())


def test_a_case_counts_as_open_while_it_is_worked_at(
    office: FakeOffice, open_pilot: Callable[..., Pilot]
) -> None:
    team = TeamElsewhere()
    pilot = open_pilot(office, presence=team)
    row = pilot.desk.flow.row
    assert row is not None
    assert set(team.shown) <= {None}
    pilot.press(Key.Key_Return)
    pilot.calm()
    assert team.shown[-1] == row.case_id
    pilot.press(Key.Key_Escape)
    pilot.calm()
    assert team.shown[-1] is None


def test_the_countys_word_is_one_sentence_and_ends_when_taken_back(pilot: Pilot) -> None:
    row = pilot.desk.flow.row
    assert row is not None
    case = pilot.desk.bench.reads.case_file(row.case_id)
    assert case is not None
    at = datetime(2026, 11, 27, tzinfo=UTC)
    told = HistoryEvent(
        at, "ohm", ActKind.TRIAGED.value,
        {"direction": "forward", "authority": "Gemeinde Nebenstadt", "text": "dort zuständig"},
    )  # fmt: skip
    undone = HistoryEvent(at.replace(hour=2), "ohm", ActKind.TRIAGE_UNDONE.value, {"text": ""})
    assert direction_words(case) == ""
    directed = replace(case, history=(*case.history, told))
    assert direction_words(directed) == (
        "Der Landkreis (ohm) bittet, den Vorgang an Gemeinde Nebenstadt abzugeben. dort zuständig"
    )
    assert direction_words(replace(case, history=(*case.history, told, undone))) == ""
    notice = pilot.desk.page._direction
    notice.show_case(directed)
    assert notice.isVisibleTo(pilot.desk.page)
    assert notice.button.text() == "Abgeben …"


def test_a_stand_in_is_entered_and_looked_back_on_by_keyboard(pilot: Pilot) -> None:
    pilot.desk.window.commands.run("app.stand_in")
    pilot.calm()
    (dialog,) = pilot.desk.window.findChildren(StandInDialog)
    assert complaints(dialog) == []
    assert not dialog.add.isEnabled()  # nobody stands in yet
    dialog.by.setText("J. Brand")
    assert dialog.add.isEnabled()
    dialog.last.setDate(dialog.first.date().addDays(-1))
    assert not dialog.add.isEnabled()
    dialog.last.setDate(dialog.first.date().addDays(7))
    dialog.signs.setChecked(False)
    QTest.keyClick(dialog.add, Key.Key_Space)
    pilot.calm()
    assert dialog.model.rowCount() == 1
    words = str(dialog.model.index(0, 0).data())
    assert words.startswith("J. Brand für K. Beispiel, ")
    assert words.endswith("ohne Zeichnungsrecht (gilt)")
    dialog.view.selectRow(0)
    pilot.calm()
    assert dialog.told.text() == "In diesen Vorgängen wurde nichts getan."
    QTest.keyClick(dialog.end, Key.Key_Space)
    pilot.calm()
    assert str(dialog.model.index(0, 0).data()).endswith("(beendet)")
    assert not dialog.end.isEnabled()
    dialog.close()


def test_two_decisions_stand_side_by_side(pilot: Pilot) -> None:
    counts = make_outgoing(new_id(), at=datetime(2026, 11, 27, tzinfo=UTC))
    entry = OutboxEntry(
        counts.entry_id, counts.case_id, OutboxKind.DECISION, None, "service-bw", OutboxState.DELIVERED,
        counts.created_at, counts.created_at, counts.created_at,
    )  # fmt: skip
    lines = [
        (Line.SAME, "Sehr geehrte Frau Müller"),
        (Line.COUNTS, "bewilligt"),
        (Line.RETURNED, "abgelehnt"),
    ]
    found = TwoDecisions(entry, "brand", entry, "ito", lines)
    dialog = TwoDecisionsDialog(pilot.desk.window, pilot.desk.bench, found)
    dialog.open()
    pilot.calm()
    assert complaints(dialog) == []
    texts = [[dialog.model.index(row, column).data() for column in (0, 1)] for row in range(3)]
    assert texts == [
        ["Sehr geehrte Frau Müller", "Sehr geehrte Frau Müller"],
        ["bewilligt", ""],
        ["", "abgelehnt"],
    ]
    dialog.close()
