"""What happens elsewhere than where the eyes are is told to a screen reader, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.sync.status import SyncPhase, SyncStatus
from clerk_app.ui import message_bar
from tests.ui.conftest import Pilot
from tests.ui.fake_store import NOW


class Listening:
    """Stands before Qt's door for such events, writes down the announcements and lets them through."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def updateAccessibility(self, event: QAccessibleEvent) -> None:
        assert isinstance(event, QAccessibleAnnouncementEvent)
        self.heard.append(event.message())
        QAccessible.updateAccessibility(event)

    def new(self) -> list[str]:
        """What was told since the last time."""
        heard, self.heard = self.heard, []
        return heard


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Listening:
    listening = Listening()
    monkeypatch.setattr(message_bar, "QAccessible", listening)
    return listening


def test_errors_steps_and_taking_back_are_told(pilot: Pilot, reader: Listening) -> None:
    desk = pilot.desk
    desk.bench.fail(ClerkError(ErrorCode.DISK_FULL))
    (words,) = reader.new()
    assert words == desk.window.messages.words.text()
    pilot.press(Qt.Key.Key_Return)
    pilot.calm()
    reader.new()
    pilot.ctrl(Qt.Key.Key_Return)
    pilot.calm()
    pilot.ctrl(Qt.Key.Key_Return)
    pilot.calm()
    told = reader.new()
    assert len([words for words in told if "signiert" in words]) == 1, told
    desk.window.commands.run("app.undo")
    pilot.calm()
    assert [words for words in reader.new() if "zurückgeholt" in words.lower() or "zurück" in words.lower()]


def test_how_many_are_chosen_is_told_once_for_a_run_of_steps(pilot: Pilot, reader: Listening) -> None:
    pilot.desk.list.view.setFocus()
    for _step in range(3):
        pilot.press(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    pilot.until(lambda: bool(reader.heard))
    assert reader.new() == ["4 Vorgänge ausgewählt"]
    pilot.press(Qt.Key.Key_Up)
    pilot.until(lambda: bool(reader.heard))
    assert reader.new() == ["1 Vorgang ausgewählt"]


def test_how_many_were_found_is_told(pilot: Pilot, reader: Listening) -> None:
    field = pilot.desk.list.search
    field.setFocus()
    pilot.type_into(field, "heide")
    pilot.until(lambda: pilot.desk.list._count.text() == "1 Treffer")
    pilot.calm()
    assert "1 Treffer" in reader.new()
    pilot.type_into(field, " gibtesnicht")
    pilot.until(lambda: pilot.desk.list._count.text() != "1 Treffer")
    pilot.calm()
    assert any("0" in words or "kein" in words.lower() for words in reader.new())


def test_the_end_of_a_sync_is_told_to_who_asked_for_it(pilot: Pilot, reader: Listening) -> None:
    office, desk = pilot.office, pilot.desk
    office.board.post(SyncStatus(SyncPhase.IDLE, last_success_at=NOW))
    pilot.calm()
    assert reader.new() == [], "nobody asked"
    pilot.press(Qt.Key.Key_F5)
    pilot.calm()
    assert reader.new() == ["Der Abgleich läuft im Hintergrund."]
    office.board.post(SyncStatus(SyncPhase.RECEIVING, last_success_at=NOW, done=1, total=3))
    pilot.calm()
    assert reader.new() == []
    office.board.post(SyncStatus(SyncPhase.IDLE, last_success_at=NOW + timedelta(minutes=1)))
    pilot.calm()
    assert reader.new() == [desk.window.status.sync.accessibleName()]
    office.board.post(replace(office.board.status(), last_success_at=NOW + timedelta(minutes=2)))
    pilot.calm()
    assert reader.new() == [], "told once"
