"""Tells the team which case is open here."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from clerk_app.ui.commands import Screen
from clerk_app.ui.flow import CaseFlow
from clerk_app.ui.shell import Presence
from clerk_app.ui.window import MainWindow

_AT_WORK = frozenset({Screen.REVIEW, Screen.REQUEST, Screen.LETTER, Screen.DECISION, Screen.READING})


class PresenceTeller(QObject):
    """A case counts as open while it is worked at, not while it is only chosen in a list."""

    def __init__(self, presence: Presence, window: MainWindow, flow: CaseFlow) -> None:
        super().__init__(window)
        self._presence, self._window, self._flow = presence, window, flow
        window.screen_shown.connect(self._tell)
        flow.row_changed.connect(self._tell)

    @Slot()
    def _tell(self) -> None:
        row = self._flow.row
        at_work = self._window.shown in _AT_WORK and row is not None
        self._presence.show(row.case_id if at_work and row is not None else None)
