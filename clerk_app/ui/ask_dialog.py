"""A question with its consequences, a safe default, and perhaps one day to choose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate, Slot
from PySide6.QtWidgets import QDateEdit, QDialog, QDialogButtonBox, QPushButton, QWidget

from clerk_app.texts import _
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.widgets import column, label
from clerk_app.ui.workbench import Workbench


class AskDialog(QDialog):
    """Rückfrage. Opens beside the work (it does not block); Esc and Enter on the default change nothing
    unless ``safe`` is False."""

    def __init__(
        self,
        parent: QWidget,
        bench: Workbench,
        title: str,
        words: str,
        action: str,
        *,
        stay: str | None = None,
        safe: bool = True,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.words = label(words, wrap=True, selectable=True)
        self.body = column(margins=(20, 16, 20, 16), spacing=12)
        self.body.addWidget(label(title, "section", wrap=True))
        self.body.addWidget(self.words)
        self._buttons = QDialogButtonBox()
        self.act: QPushButton = self._buttons.addButton(action, QDialogButtonBox.ButtonRole.AcceptRole)
        self.stay: QPushButton = self._buttons.addButton(
            stay or _("Abbrechen"), QDialogButtonBox.ButtonRole.RejectRole
        )
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.body.addWidget(self._buttons)
        layout = column()
        add_practice_band(layout, bench.office)
        layout.addLayout(self.body)
        self.setLayout(layout)
        first = self.stay if safe else self.act  # chosen now: a button without a dialog cannot be its default
        first.setDefault(True)
        first.setProperty("kind", "primary")
        self._first: QWidget = first
        self.setMinimumWidth(bench.theme.px(440))
        self.setMaximumWidth(bench.theme.px(620))

    def add_choice(self, words: str, chosen: Callable[[], None]) -> None:
        """A third way out; ``chosen`` closes the dialog itself."""
        button = self._buttons.addButton(words, QDialogButtonBox.ButtonRole.ActionRole)
        button.clicked.connect(lambda _checked=False: chosen())

    def ask(self, on_yes: Callable[[], None], on_no: Callable[[], None] = lambda: None) -> None:
        """Shows the question; one of the two is called, then the dialog is gone."""

        def done(result: int) -> None:
            self.deleteLater()
            (on_yes if result == QDialog.DialogCode.Accepted else on_no)()

        self.finished.connect(done)
        self.open()
        self._first.setFocus()


class DayDialog(AskDialog):
    """A question for a day between two others."""

    def __init__(
        self,
        parent: QWidget,
        bench: Workbench,
        title: str,
        words: str,
        action: str,
        *,
        earliest: date,
        latest: date,
        proposed: date | None = None,
    ) -> None:
        super().__init__(parent, bench, title, words, action, safe=False)
        self.day = QDateEdit(_qdate(latest))
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("dd.MM.yyyy")
        self.day.setDateRange(_qdate(earliest), _qdate(latest))
        if proposed is not None:
            self.day.setDate(_qdate(proposed))
        self.day.setAccessibleName(_("Tag, an dem das Schreiben zur Post ging"))
        self.body.insertWidget(2, self.day)
        self.setTabOrder(self.day, self.act)
        self._first = self.day

    def chosen(self) -> date:
        """The day in the field."""
        found = self.day.date()
        return date(found.year(), found.month(), found.day())

    @Slot()
    def accept(self) -> None:
        """What is being typed counts."""
        self.day.interpretText()
        super().accept()


def _qdate(on: date) -> QDate:
    return QDate(on.year, on.month, on.day)
