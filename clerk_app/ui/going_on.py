"""After a lock: back to the case and the screen one was at, beyond what every start brings back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from clerk_app.domain.ids import CaseId
from clerk_app.ui.commands import Screen
from clerk_app.ui.dossier import Dossier
from clerk_app.usecases.ports import CaseReads

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow

#: How a form is opened again; it brings its words back itself.
_FORMS = {
    Screen.DECISION: "case.decide",
    Screen.LETTER: "case.letter",
    Screen.REQUEST: "case.request",
    Screen.REVIEW: "case.open",
}


class GoingOn(QObject):
    """One way back, gone once it was walked or the clerk went elsewhere."""

    def __init__(self, desk: DeskWindow, case_id: CaseId, screen: Screen) -> None:
        super().__init__(desk)
        self._desk, self._case_id, self._screen = desk, case_id, screen
        desk.flow.loaded.connect(self._loaded)
        query = desk.list.query()

        def is_listed(reads: CaseReads) -> bool:
            row = reads.row(case_id)
            return row is not None and row.row_id in reads.ids(query)

        desk.bench.queries.submit(is_listed, self._known, lambda _error: None)

    def _known(self, listed: bool) -> None:
        """Work on a case may have moved it to another list since that was read."""
        desk = self._desk
        if not listed and desk.window.shown is Screen.BROWSE:
            desk.go_to_case(self._case_id)

    @Slot(object)
    def _loaded(self, dossier: Dossier) -> None:
        desk = self._desk
        if dossier.case.row.case_id != self._case_id:
            return
        desk.flow.loaded.disconnect(self._loaded)
        if desk.window.shown is Screen.BROWSE and self._screen in _FORMS:
            desk.window.commands.run(_FORMS[self._screen])
        self.deleteLater()
