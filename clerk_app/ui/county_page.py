"""Verteilung (Landkreis): the cases of all offices by urgency, what to do with them, how the offices stand.

Everything here is routing facts; no form is ever opened.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTabBar,
)

from clerk_app.domain.county import Batch, CaseKey, CountyFacts, CountyQuery, Direction, Lane, OfficeLoad
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.ids import CaseId
from clerk_app.texts import _, county_words
from clerk_app.texts.errors import sentence
from clerk_app.ui.commands import Commands
from clerk_app.ui.county_dialog import CountyDialog
from clerk_app.ui.county_lanes import CountyLanes
from clerk_app.ui.dossier import Dossier
from clerk_app.ui.empty_state import EmptyState
from clerk_app.ui.heat_map import HeatMap
from clerk_app.ui.name_dialog import NameDialog
from clerk_app.ui.page import Page
from clerk_app.ui.reflow import WrappingRow
from clerk_app.ui.rows_model import Cell, Line, RowsModel, RowsView
from clerk_app.ui.saving import save_bytes
from clerk_app.ui.widgets import clearable, column, label
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.county import DirectedBatches
from clerk_app.usecases.desk import Desk

_TYPING_MS = 250
_LIMIT = 500
_VIEWS = "county-views"
_SAID_ELSEWHERE = (3, 9)  # the municipality mostly is the office's, the lane stands above the table
_LANES: tuple[Lane | None, ...] = (None, Lane.UNCLEAR, Lane.ASSIGNED, Lane.FORWARDED, Lane.OVERDUE)


@dataclass(frozen=True)
class Board:
    """What one look at the server brought."""

    cases: Sequence[CountyFacts]
    counts: Sequence[int]
    loads: Sequence[OfficeLoad]


class CountyPage(Page):
    """The server is asked on the command worker; the newest question wins."""

    row_chosen = Signal(object)  # never sent: a county opens no case
    case_opened = Signal()

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench, self._commands = bench, commands
        self._asked = 0
        self._board = Board((), (), ())
        self._may_undo = False
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self.read)
        self._build()

    def _build(self) -> None:
        theme = self._bench.theme
        self.lanes = QTabBar()
        self.lanes.setDrawBase(False)
        self.lanes.setExpanding(False)
        self.lanes.setAccessibleName(_("Spalten der Verteilung"))
        for lane in _LANES:
            self.lanes.addTab(_("Alle") if lane is None else county_words.lane_word(lane))
        self.lanes.currentChanged.connect(self.read)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(_("Aktenzeichen, Leistung, Gemeinde"))
        self.filter.setAccessibleName(_("Verteilung eingrenzen"))
        clearable(self.filter)
        self.filter.setMinimumWidth(theme.px(240))
        self.filter.textChanged.connect(self._typing.start)
        self.at_risk = QCheckBox(_("Frist in einer Woche oder vorbei"))
        self.at_risk.toggled.connect(self.read)
        self.assign = self._button(_("Zuweisen …"), lambda: self._ask(Direction.ASSIGN))
        self.forward = self._button(_("Weiterleiten lassen …"), lambda: self._ask(Direction.FORWARD))
        self.undo = self._button(_("Zurücknehmen"), self._undo)
        self.csv = self._button(_("Als CSV speichern …"), self._save_csv)
        self.again = self._button(_("Aktualisieren"), self.read)
        self.as_columns = QCheckBox(_("Als Spalten"))
        self.as_columns.toggled.connect(self._show_look)
        self.views = QComboBox()
        self.views.setAccessibleName(_("Gemerkte Ansichten"))
        self.views.activated.connect(self._show_view)
        self.keep = self._button(_("Ansicht merken …"), self._ask_view)
        self.forget = self._button(_("Vergessen"), self._forget_view)
        head = WrappingRow((0, 0, 0, 0), 8)
        head.addWidget(label(_("Verteilung im Landkreis"), "title"))
        acts = (self.assign, self.forward, self.undo, self.csv, self.again)
        for part in (self.filter, self.at_risk, self.as_columns, *acts, self.views, self.keep, self.forget):
            head.addWidget(part)
        self.model = RowsModel(theme, county_words.headings())
        self.view = RowsView(theme, self.model, _("Vorgänge aller Stellen"), 4)
        for at in _SAID_ELSEWHERE:
            self.view.setColumnHidden(at, True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.selectionModel().selectionChanged.connect(self._chosen_changed)
        self.view.installEventFilter(self)
        self.empty = EmptyState(theme)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.view)
        self.columns = CountyLanes(theme)
        self.columns.chosen_changed.connect(self._chosen_changed)
        self.stack.addWidget(self.columns)
        self.heat = HeatMap(theme)
        self.load = label("", "muted", wrap=True)
        layout = column(margins=(20, 12, 20, 12), spacing=8)
        layout.addLayout(head)
        layout.addWidget(self.lanes)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.heat)
        layout.addWidget(self.load)
        self.setLayout(layout)
        self.empty.show_state("hourglass_empty", _("Der Team-Server wird gefragt …"), "", "")
        self._chosen_changed()

    def _button(self, words: str, act: Callable[[], object]) -> QPushButton:
        made = QPushButton(words)
        made.clicked.connect(lambda _checked: act())
        return made

    # the page among others

    def open(self) -> None:
        """Asks the server."""
        self._fill_views(self.views.currentText())
        self.read()

    def focus_content(self) -> None:
        """Puts the focus on the first case."""
        if self.model.rowCount():
            if not self.view.currentIndex().isValid():
                self.view.selectRow(0)
            self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def selected(self) -> list[CaseId]:
        """No case of an office is at hand here."""
        return []

    @property
    def text(self) -> str:
        """Nothing that a list of cases could be narrowed by."""
        return ""

    def show_dossier(self, dossier: Dossier) -> None:
        """No case of an office is opened here."""

    # reading

    @Slot()
    def read(self) -> None:
        """Asks for the table, the lanes' numbers and the offices."""
        self._asked += 1
        asked = self._asked
        query = self._query()

        def look(desk: Desk) -> Board:
            county = desk.county()
            counts = [
                county.count(CountyQuery(lane=lane, text=query.text, at_risk=query.at_risk))
                for lane in _LANES
            ]
            return Board(county.page(query), counts, county.loads())

        self._bench.worker.submit(
            look,
            lambda board: self._take(asked, board),
            lambda error: self._failed(asked, error),
        )

    def _query(self) -> CountyQuery:
        lane = _LANES[max(0, self.lanes.currentIndex())]
        return CountyQuery(lane, None, self.filter.text(), self.at_risk.isChecked(), limit=_LIMIT)

    def _take(self, asked: int, board: Board) -> None:
        if asked != self._asked:
            return
        self._board = board
        today = self._bench.today()
        for at, (lane, count) in enumerate(zip(_LANES, board.counts, strict=True)):
            name = _("Alle") if lane is None else county_words.lane_word(lane)
            self.lanes.setTabText(at, f"{name} ({count})")
        lines = [
            Line(
                f"{facts.key.office_id}/{facts.key.case_id}",
                tuple(Cell(str(cell)) for cell in county_words.cells(facts, today)),
                facts,
            )
            for facts in board.cases
        ]
        self.model.show(lines)
        narrowed = bool(self.filter.text() or self.at_risk.isChecked() or self.lanes.currentIndex() > 0)
        words = _("Nichts passt dazu.") if narrowed else _("In keiner Stelle ist etwas offen.")
        self.empty.show_state("check_circle", words, "", "")
        self.columns.show_cases(board.cases, board.counts[1:], today)
        self._show_look()
        self.heat.show_numbers(county_words.age_headings(), [(load.name, load.ages) for load in board.loads])
        self.load.setText("\n".join(county_words.load_words(load) for load in board.loads))
        self._chosen_changed()

    @Slot()
    def _show_look(self) -> None:
        """The same cases as a table or as columns; the lanes' tabs belong to the table."""
        columns = self.as_columns.isChecked()
        if columns and self.lanes.currentIndex() > 0:
            self.lanes.setCurrentIndex(0)  # reads again
        self.lanes.setVisible(not columns)
        filled = self.columns if columns else self.view
        self.stack.setCurrentWidget(filled if self._board.cases else self.empty)
        self._chosen_changed()

    def _failed(self, asked: int, error: ClerkError) -> None:
        if asked == self._asked:
            self._board = Board((), (), self._board.loads)
            self.model.show([])
            self.empty.show_state("cloud_off", sentence(error), "", "")
            self.stack.setCurrentWidget(self.empty)
            self._chosen_changed()

    # kept views

    def _kept(self) -> list[list[object]]:
        found = self._bench.reads.kept(self._bench.office.actor, _VIEWS)
        return [each for each in found if isinstance(each, list)] if isinstance(found, list) else []

    def _fill_views(self, chosen: str = "") -> None:
        kept = self._kept()
        self.views.clear()
        self.views.addItem(_("Ansicht wählen"))
        self.views.addItems([str(each[0]) for each in kept])
        self.views.setCurrentIndex(max(0, self.views.findText(chosen)) if chosen else 0)
        self.views.setVisible(bool(kept))
        self.forget.setVisible(bool(kept))
        self.forget.setEnabled(self.views.currentIndex() > 0)

    def _show_view(self, at: int) -> None:
        self.forget.setEnabled(at > 0)
        kept = self._kept()
        if not 0 < at <= len(kept):
            return
        _name, lane, text, at_risk = kept[at - 1]
        self.lanes.setCurrentIndex(int(str(lane)))
        self.filter.setText(str(text))
        self.at_risk.setChecked(bool(at_risk))
        self.read()

    def _ask_view(self) -> None:
        dialog = NameDialog(self, self._bench, _("Wie soll die Ansicht heißen?"), _("Merken"), "")
        dialog.accepted.connect(lambda: self._keep_view(dialog.name))
        dialog.open()

    def _keep_view(self, name: str) -> None:
        view: list[object] = [
            name, self.lanes.currentIndex(), self.filter.text(), self.at_risk.isChecked(),
        ]  # fmt: skip
        self._put_views([*(each for each in self._kept() if each[0] != name), view], name)

    def _forget_view(self) -> None:
        name = self.views.currentText()
        self._put_views([each for each in self._kept() if each[0] != name], "")

    def _put_views(self, views: list[list[object]], chosen: str) -> None:
        self._bench.worker.submit(
            lambda desk: desk.journal.remember(_VIEWS, views or None),
            lambda _done: self._fill_views(chosen),
            self._bench.fail,
        )

    # acting

    def chosen(self) -> list[CountyFacts]:
        """The cases that are selected, in the table's order."""
        if self.as_columns.isChecked():
            return self.columns.chosen()
        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        lines = [self.model.line(row) for row in rows]
        return [line.subject for line in lines if line is not None and isinstance(line.subject, CountyFacts)]

    @Slot()
    def _chosen_changed(self) -> None:
        any_chosen = bool(self.chosen())
        self.assign.setEnabled(any_chosen)
        self.forward.setEnabled(any_chosen)
        self.undo.setEnabled(self._may_undo)
        self.csv.setEnabled(bool(self._board.cases))

    def _ask(self, direction: Direction) -> None:
        chosen = self.chosen()
        if not chosen:
            return
        dialog = CountyDialog(self, self._bench, chosen, direction, self._board.loads)
        dialog.accepted.connect(
            lambda: self._direct([facts.key for facts in chosen], direction, dialog.to, dialog.reason.text())
        )
        dialog.open()

    def _direct(self, keys: Sequence[CaseKey], direction: Direction, to: str, reason: str) -> None:
        name = next((load.name for load in self._board.loads if load.office_id == to), to)

        def done(batch: Batch) -> None:
            self._may_undo = True
            self._bench.say(county_words.moved_words(len(batch.before), name))
            self.read()

        self._bench.worker.submit(
            lambda desk: _batches(desk).direct(desk.county(), keys, direction, to, reason),
            done,
            self._bench.fail,
        )

    def _undo(self) -> None:
        def done(batch: Batch) -> None:
            self._bench.say(_("Zurückgenommen: {n} Vorgänge").format(n=len(batch.before)))
            self.read()

        def failed(error: ClerkError) -> None:
            self._may_undo = False
            self._chosen_changed()
            self._bench.fail(error)

        self._bench.worker.submit(lambda desk: _batches(desk).take_back(desk.county()), done, failed)

    def _save_csv(self) -> None:
        content = county_words.county_csv(self._board.cases, self._bench.today())
        save_bytes(self, self._bench, "verteilung.csv", lambda _desk: content)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter directs what is chosen; the letters act as on the other lists."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not event.modifiers():
            acts = {
                Qt.Key.Key_Return.value: Direction.FORWARD,
                Qt.Key.Key_Enter.value: Direction.FORWARD,
                Qt.Key.Key_Z.value: Direction.ASSIGN,
            }
            direction = acts.get(event.key())
            if direction is not None and not event.isAutoRepeat():
                self._ask(direction)
                return True
        return False


def _batches(desk: Desk) -> DirectedBatches:
    return DirectedBatches(desk.reads, desk.journal, desk.office.actor)
