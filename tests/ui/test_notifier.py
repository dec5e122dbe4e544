"""The operating system's messages: one per round, no names, silent while quiet or looked at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.ids import CaseId
from clerk_app.sync.status import SyncPhase, SyncStatus
from clerk_app.ui.notifier import Notifier
from clerk_app.ui.settings import MemorySettings

EVENING = datetime(2026, 11, 27, 17, 30, tzinfo=UTC)  # 18:30 in the office


class Ear:
    """Hears what the operating system would show."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def say(self, title: str, words: str) -> None:
        assert title == "Amtsstube"
        self.heard.append(words)


class Desk:
    def __init__(self, parent: QWidget, **settings: object) -> None:
        self.ear, self.now, self.looks = Ear(), EVENING, False
        self.notifier = Notifier(
            parent, MemorySettings(settings), self.ear, lambda: self.now, lambda: self.looks
        )

    def round_brings(self, count: int) -> None:
        for at in range(count):
            self.notifier.take_changes(ChangeSet(arrived=frozenset({CaseId(f"case-{at}")})))
            self.notifier.take_status(SyncStatus(SyncPhase.RECEIVING))
        self.notifier.take_status(SyncStatus(SyncPhase.IDLE))


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def test_one_message_for_a_round(parent: QWidget) -> None:
    desk = Desk(parent)
    desk.round_brings(3)
    desk.round_brings(0)
    desk.round_brings(1)
    assert desk.ear.heard == ["3 neue Anträge", "1 neuer Antrag"]


def test_who_looks_at_the_window_is_not_told(parent: QWidget) -> None:
    desk = Desk(parent)
    desk.looks = True
    desk.round_brings(2)
    desk.looks = False
    desk.round_brings(0)
    assert desk.ear.heard == []


def test_switched_off_is_off(parent: QWidget) -> None:
    desk = Desk(parent, tray=False)
    desk.round_brings(2)
    assert desk.ear.heard == []


def test_quiet_hours_gather_what_came(parent: QWidget) -> None:
    desk = Desk(parent, quiet_hours="18:00-07:00")
    desk.round_brings(2)
    desk.round_brings(1)
    assert desk.ear.heard == []
    assert desk.notifier._later.isActive()
    assert desk.notifier._later.interval() == (12 * 3600 + 1800) * 1000 + 1000
    desk.now += timedelta(hours=12, minutes=31)
    desk.notifier._later.timeout.emit()
    assert desk.ear.heard == ["3 neue Anträge"]
