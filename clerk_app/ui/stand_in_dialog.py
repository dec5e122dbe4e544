"""Vertretungen: which hold, which are over and what was done in them, and a new one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QCompleter,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from clerk_app.domain.stand_in import StandIn
from clerk_app.texts import _
from clerk_app.texts.stand_in_words import done_words, stand_in_words
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.rows_model import Cell, Line, RowsModel, RowsView
from clerk_app.ui.widgets import column, label, row
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.desk import Desk
from clerk_app.usecases.standing_in import DoneMeanwhile


class StandInDialog(QDialog):
    """The list is read when the dialog opens and after each act; everything runs through the use case."""

    shown = Signal()

    def __init__(self, parent: QWidget, bench: Workbench, names: Sequence[str]) -> None:
        super().__init__(parent)
        self._bench = bench
        self.setWindowTitle(_("Vertretungen"))
        self.model = RowsModel(bench.theme, (_("Vertretung"),))
        self.view = RowsView(bench.theme, self.model, _("Vertretungen, neueste zuerst"), 0)
        self.view.setMinimumHeight(bench.theme.px(130))
        self.view.selectionModel().currentRowChanged.connect(self._read_summary)
        self.told = label("", wrap=True, selectable=True)
        self.end = QPushButton(_("Vorzeitig beenden"))
        self.end.clicked.connect(self._end)
        today = bench.today()
        self.absent, self.by = self._name(names), self._name(names)
        self.absent.setText(bench.office.actor)
        self.first, self.last = self._day(today), self._day(today)
        self.signs = QCheckBox(_("Darf in diesen Vorgängen signieren"))
        self.signs.setChecked(True)
        self.add = QPushButton(_("Eintragen"))
        self.add.setProperty("kind", "primary")
        self.add.clicked.connect(self._add)
        self._build()
        for part in (self.absent, self.by):
            part.textChanged.connect(self._weigh)
        for day in (self.first, self.last):
            day.dateChanged.connect(self._weigh)
        self._weigh()
        self.read()

    def _build(self) -> None:
        body = column(margins=(20, 16, 20, 16), spacing=8)
        body.addWidget(self.view, 1)
        body.addWidget(self.told)
        ending = row(spacing=8)
        ending.addWidget(self.end)
        ending.addStretch(1)
        body.addLayout(ending)
        body.addWidget(label(_("Neue Vertretung"), "section"))
        for words, field in (
            (_("Abwesend"), self.absent),
            (_("Vertreten durch"), self.by),
            (_("Von"), self.first),
            (_("Bis einschließlich"), self.last),
        ):
            body.addWidget(self._caption(words, field))
            body.addWidget(field)
        body.addWidget(self.signs)
        body.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        buttons = QDialogButtonBox()
        buttons.addButton(_("Schließen"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        body.addWidget(buttons)
        layout = column()
        add_practice_band(layout, self._bench.office)
        layout.addLayout(body)
        self.setLayout(layout)
        self.setMinimumWidth(self._bench.theme.px(520))

    def _name(self, names: Sequence[str]) -> QLineEdit:
        field = QLineEdit()
        field.setMaxLength(80)
        completer = QCompleter(list(names), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        field.setCompleter(completer)
        return field

    def _day(self, today: date) -> QDateEdit:
        field = QDateEdit(QDate(today.year, today.month, today.day))
        field.setCalendarPopup(True)
        field.setDisplayFormat("dd.MM.yyyy")
        return field

    def _caption(self, words: str, field: QWidget) -> QLabel:
        caption = label(words)
        caption.setBuddy(field)
        field.setAccessibleName(words)
        if isinstance(field, QDateEdit):
            field.lineEdit().setAccessibleName(words)
        return caption

    # reading

    def read(self) -> None:
        """Every stand-in, newest first."""
        self._bench.worker.submit(lambda desk: list(desk.standing_in.all()), self._take, self._bench.fail)

    def _take(self, found: Sequence[StandIn]) -> None:
        today = self._bench.today()
        self.model.show(
            [Line(each.stand_in_id, (Cell(stand_in_words(each, today)),), each) for each in found]
        )
        self._weigh()
        self.shown.emit()

    @Slot()
    def _read_summary(self) -> None:
        chosen = self.chosen()
        self._weigh()
        self.told.setText("")
        if chosen is not None:
            self._bench.worker.submit(
                lambda desk: list(desk.standing_in.summary(chosen)), self._tell, self._bench.fail
            )

    def _tell(self, done: Sequence[DoneMeanwhile]) -> None:
        lines = [done_words(each) for each in done]
        self.told.setText("\n".join(lines) if lines else _("In diesen Vorgängen wurde nichts getan."))
        self.shown.emit()

    def chosen(self) -> StandIn | None:
        """The one the list is at."""
        line = self.view.current_line()
        return line.subject if line is not None and isinstance(line.subject, StandIn) else None

    # acting

    @Slot()
    def _weigh(self) -> None:
        chosen = self.chosen()
        self.end.setEnabled(chosen is not None and not chosen.is_over(self._bench.today()))
        absent, by = self.absent.text().strip(), self.by.text().strip()
        days = self.first.date() <= self.last.date()
        self.add.setEnabled(bool(absent) and bool(by) and absent != by and days)

    @Slot()
    def _add(self) -> None:
        absent, by, signs = self.absent.text(), self.by.text(), self.signs.isChecked()
        first, last = _date(self.first), _date(self.last)

        def act(desk: Desk) -> str:
            return desk.standing_in.enter(absent, by, first, last, may_sign=signs)

        self._bench.worker.submit(act, lambda _made: self.read(), self._bench.fail)

    @Slot()
    def _end(self) -> None:
        chosen = self.chosen()
        if chosen is not None:
            key = chosen.stand_in_id
            self._bench.worker.submit(
                lambda desk: desk.standing_in.end(key), lambda _done: self.read(), self._bench.fail
            )


def _date(field: QDateEdit) -> date:
    found = field.date()
    return date(found.year(), found.month(), found.day())
