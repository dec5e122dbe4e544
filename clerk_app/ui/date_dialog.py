"""Asks for a day: a follow-up, a real arrival, a deadline with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QDate, Slot
from PySide6.QtWidgets import QComboBox, QDateEdit, QDialog, QDialogButtonBox, QLineEdit, QWidget

from clerk_app.domain.case_dates import DateKind
from clerk_app.texts import _
from clerk_app.texts.dates import date_label
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.widgets import column, label
from clerk_app.ui.workbench import Workbench

_WITH_REASON = frozenset({DateKind.MANUAL, DateKind.EXTENSION})


@dataclass(frozen=True)
class WantedDate:
    """What the clerk typed."""

    kind: DateKind
    on: date
    text: str


class DateDialog(QDialog):
    """Kind (when there is a choice), day, words. Enter enters."""

    def __init__(
        self, parent: QWidget, bench: Workbench, title: str, kinds: Sequence[DateKind], on: date
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.kind = QComboBox()
        self.kind.setAccessibleName(_("Was"))
        for each in kinds:
            self.kind.addItem(date_label(each), each.value)
        self.on = QDateEdit(QDate(on.year, on.month, on.day))
        self.on.setCalendarPopup(True)
        self.on.setDisplayFormat("dd.MM.yyyy")
        self.text = QLineEdit()
        self.text.setMaxLength(200)
        self._hint = label("", "muted", wrap=True)
        self._buttons = QDialogButtonBox()
        self.enter = self._buttons.addButton(_("Eintragen"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.enter.setProperty("kind", "primary")
        self.enter.setDefault(True)
        self._buttons.addButton(_("Abbrechen"), QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._build(bench, len(kinds) > 1)
        self.kind.currentIndexChanged.connect(self._changed)
        self.text.textChanged.connect(self._changed)
        self._changed()

    def _build(self, bench: Workbench, choice: bool) -> None:
        body = column(margins=(20, 16, 20, 16), spacing=8)
        for words, field in (
            (_("Was"), self.kind),
            (_("Tag"), self.on),
            (_("Grund oder Vermerk"), self.text),
        ):
            if field is self.kind and not choice:
                continue
            caption = label(words)
            caption.setBuddy(field)
            field.setAccessibleName(words)
            body.addWidget(caption)
            body.addWidget(field)
        self.on.lineEdit().setAccessibleName(_("Tag"))
        body.addWidget(self._hint)
        body.addWidget(self._buttons)
        layout = column()
        add_practice_band(layout, bench.office)
        layout.addLayout(body)
        self.setLayout(layout)
        self.setMinimumWidth(bench.theme.px(380))
        (self.kind if choice else self.on).setFocus()

    def wanted(self) -> WantedDate:
        """What stands in the fields."""
        day = self.on.date()
        return WantedDate(
            DateKind(str(self.kind.currentData())), date(day.year(), day.month(), day.day()), self.text.text()
        )

    @Slot()
    def _changed(self) -> None:
        missing = self.wanted().kind in _WITH_REASON and not self.text.text().strip()
        self.enter.setEnabled(not missing)
        self._hint.setText(_("Dafür braucht es einen Grund.") if missing else "")
        self._hint.setVisible(missing)
