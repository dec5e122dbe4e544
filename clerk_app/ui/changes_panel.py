"""Part "Änderungen": before and after, statement by statement."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from clerk_app.texts import _
from clerk_app.ui.changes_model import change_sections
from clerk_app.ui.dossier import Dossier
from clerk_app.ui.empty_state import EmptyState
from clerk_app.ui.form_model import NUMBER
from clerk_app.ui.form_view import FormTree
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import column


class ChangesPanel(QWidget):
    """``chosen`` carries (path, number of the form in the case) of a statement to be looked at there."""

    chosen = Signal(str, int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.tree = FormTree(theme, _("Änderungen gegenüber früheren Einreichungen"))
        self._empty = EmptyState(theme)
        self._empty.show_state(
            "history",
            _("Zu diesem Vorgang gibt es nur eine Einreichung."),
            _("Kommt eine weitere, steht hier, was sie ändert."),
            "",
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.tree)
        layout = column(margins=(20, 4, 0, 0))
        layout.addWidget(self._stack)
        self.setLayout(layout)
        self.tree.chosen.connect(self._chosen)

    def show_dossier(self, dossier: Dossier) -> None:
        """The whole case."""
        self.tree.show_sections(change_sections(dossier.differences))
        self._stack.setCurrentWidget(self.tree if dossier.differences else self._empty)

    def take_focus(self) -> None:
        """Puts the focus where reading begins."""
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _chosen(self, path: str) -> None:
        heading = self.tree.currentIndex().parent()
        self.chosen.emit(path, int(heading.data(NUMBER) or 0))
