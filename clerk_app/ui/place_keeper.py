"""Remembers where the clerk was: list, search, case, and whether it was open; also after a crash.

It lies in the ledger's database, as a search and a case can tell of people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from clerk_app.domain.errors import ClerkError
from clerk_app.domain.ids import CaseId
from clerk_app.ui.commands import Screen
from clerk_app.ui.sidebar import AREAS, Area

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow

KEEP_AFTER_MS = 1500
_KEPT = "place"


class PlaceKeeper(QObject):
    """Writes a place down a moment after the clerk got there."""

    def __init__(self, desk: DeskWindow) -> None:
        super().__init__(desk)
        self._desk = desk
        self._written: dict[str, object] = {}
        self._last: dict[str, object] = {}
        self._soon = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._soon.timeout.connect(self.keep)

    def area(self, otherwise: Area) -> Area:
        """Where to begin: the list of last time, unless the clerk wants to begin elsewhere."""
        bench = self._desk.bench
        try:
            place = bench.reads.kept(bench.office.actor, _KEPT)
        except ClerkError:
            place = None  # whoever cannot read this says so elsewhere
        self._last = place if isinstance(place, dict) else {}
        if bench.settings.get("start_area") not in (None, "last"):
            return otherwise
        try:
            return Area(str(self._last.get("area")))
        except ValueError:
            return otherwise

    @property
    def case_id(self) -> CaseId | None:
        """The case of last time."""
        found = self._last.get("case")
        return CaseId(found) if isinstance(found, str) else None

    def begin(self, area: Area) -> None:
        """Back to where the clerk was in ``area``; what is gone is passed over. Then follows along."""
        desk = self._desk
        if self._last.get("area") == area.value:
            self._restore(self._last, area)
        desk.flow.row_changed.connect(self._moved)
        desk.list.listed.connect(self._moved)
        desk.window.screen_shown.connect(self._moved)

    @Slot()
    def keep(self) -> None:
        """Writes the place down, when it is another one."""
        self._soon.stop()
        desk = self._desk
        row = desk.flow.row
        place: dict[str, object] = {
            "area": desk.window.area().value,
            "text": desk.list.bar.text,
            "view": desk.window.sidebar.view(),
            "case": None if row is None else row.case_id,
            "open": desk.window.shown is Screen.REVIEW,
        }
        if place != self._written:
            self._written = place
            desk.bench.worker.submit(
                lambda at: at.journal.remember(_KEPT, place), lambda _done: None, lambda _error: None
            )

    def _restore(self, place: dict[str, object], area: Area) -> None:
        desk, text, case_id = self._desk, place.get("text"), place.get("case")
        if AREAS[area].view is None:
            return
        view = place.get("view")
        if isinstance(view, str):
            desk.window.sidebar.show_view(view, area)
        if isinstance(text, str) and text:
            desk.list.search_for(text)
        row = desk.bench.reads.row(CaseId(case_id)) if isinstance(case_id, str) else None
        if row is None:
            return
        opened = place.get("open") is True

        def there() -> None:
            if opened and desk.window.shown is Screen.BROWSE:
                desk.open_case()

        desk.list.select_when_there(row.row_id, there)

    @Slot()
    def _moved(self) -> None:
        self._soon.start()
