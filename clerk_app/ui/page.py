"""What every screen of the window has in common."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clerk_app.domain.changes import ChangeSet
from clerk_app.sync.status import SyncStatus
from clerk_app.ui.dossier import Dossier


class Page(QWidget):
    """Seite: one screen. The window tells every page that was made what happens; a page overrides what
    concerns it.

    ``state_changed``: a command may be possible now that was not, or the other way round. ``case_wanted``
    carries the id of a case the clerk wants to see in its list.
    """

    state_changed = Signal()
    case_wanted = Signal(str)

    def open(self) -> None:
        """The clerk comes here from the sidebar or by a command: what is shown is read (again)."""

    def focus_content(self) -> None:
        """Puts the focus where work on this page begins."""

    def take_changes(self, changes: ChangeSet) -> None:
        """Something was committed, here or by the sync."""

    def take_dossier(self, dossier: Dossier) -> None:
        """The case at hand was read (again)."""

    def show_sync(self, status: SyncStatus) -> None:
        """How the sync stands."""

    def set_narrow(self, narrow: bool) -> None:
        """Little room: parts stand below each other instead of beside."""

    def keep_typed(self) -> None:
        """The window is about to close: what was typed goes into the ledger."""
