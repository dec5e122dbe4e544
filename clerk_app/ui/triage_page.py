"""Verteilung: what nobody has yet, what somebody has, what went elsewhere, what is late."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QWidget

from clerk_app.domain.case import CaseOrder, CaseQuery, CaseRow, CaseView
from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.ids import CaseId
from clerk_app.domain.search_terms import parse
from clerk_app.texts import N_, _, formats
from clerk_app.texts.errors import sentence
from clerk_app.texts.search_words import problem_sentence
from clerk_app.ui import labels
from clerk_app.ui.case_delegate import CaseDelegate
from clerk_app.ui.case_list_model import ROW_ROLE, CaseListModel, Index
from clerk_app.ui.case_table import CaseTable
from clerk_app.ui.commands import Commands
from clerk_app.ui.competence_line import CompetenceLine
from clerk_app.ui.dossier import Dossier
from clerk_app.ui.empty_state import EmptyState
from clerk_app.ui.page import Page
from clerk_app.ui.reflow import WrappingRow
from clerk_app.ui.widgets import CommandButton, clearable, column, label, row
from clerk_app.ui.workbench import Workbench

_TYPING_MS = 150


class Lane(StrEnum):
    """Columns of the board, from left to right."""

    UNCLEAR = "unclear"
    ASSIGNED = "assigned"
    FORWARDED = "forwarded"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class LaneWords:
    """What a column is called, what it holds (a search and a view), and its order."""

    title: str
    empty: str
    text: str
    view: CaseView
    order: CaseOrder


LANES: dict[Lane, LaneWords] = {
    Lane.UNCLEAR: LaneWords(
        N_("Unklar"), N_("Alles ist zugewiesen."), "person:niemand", CaseView.OPEN, CaseOrder.DUE
    ),
    Lane.ASSIGNED: LaneWords(
        N_("Zugewiesen"), N_("Noch ist nichts zugewiesen."), "-person:niemand", CaseView.OPEN, CaseOrder.DUE
    ),
    Lane.FORWARDED: LaneWords(
        N_("Weitergeleitet"),
        N_("Nichts ist weitergeleitet."),
        "status:abgegeben",
        CaseView.ALL,
        CaseOrder.NEWEST,
    ),
    Lane.OVERDUE: LaneWords(
        N_("Überfällig"), N_("Nichts ist überfällig."), "ist:überfällig", CaseView.OPEN, CaseOrder.DUE
    ),
}


CASES_MIME = "application/x-amtsstube-cases"


class LaneModel(CaseListModel):
    """Rows that can be carried. A class of its own: the long lists are not slowed by the question."""

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A case may be dragged."""
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled


class LaneTable(CaseTable):
    """A column's rows; what is chosen can be carried to another column. ``carry`` runs the drag."""

    def __init__(self) -> None:
        super().__init__()
        self.carry: Callable[[QDrag], object] = lambda drag: drag.exec(Qt.DropAction.MoveAction)

    def startDrag(self, supported: Qt.DropAction) -> None:
        """Carries the ids of the chosen cases; nothing is taken away here."""
        found = [index.data(ROW_ROLE) for index in self.selectionModel().selectedRows()]
        rows = [each for each in found if isinstance(each, CaseRow)]
        if not rows:
            return
        carried = QMimeData()
        carried.setData(CASES_MIME, "\n".join(row.case_id for row in rows).encode())
        drag = QDrag(self)
        drag.setMimeData(carried)
        self.carry(drag)


class LaneColumn(QFrame):
    """One column: any number of cases, painted as in the list. ``chosen`` carries the CaseRow at hand,
    ``opened`` nothing, ``dropped`` that the case at hand was let fall here."""

    chosen = Signal(object)
    opened = Signal()
    dropped = Signal()

    def __init__(self, bench: Workbench, lane: Lane) -> None:
        super().__init__()
        self._bench, self.lane = bench, lane
        self.setAcceptDrops(lane is not Lane.OVERDUE)  # nobody makes a case overdue
        self._title = label(_(LANES[lane].title), "section")
        self._count = label("", "muted")
        self.model = LaneModel(
            bench.reads.rows, lambda found: labels.row_sentence(found, bench.now(), bench.today())
        )
        self.view = LaneTable()
        self.view.setAccessibleName(_(LANES[lane].title))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setDragEnabled(True)
        self._delegate = CaseDelegate(bench.theme, bench.now, bench.today, self.view)
        self.view.setItemDelegate(self._delegate)
        self.view.setModel(self.model)
        self.view.moved.connect(self._moved)
        self.view.opened.connect(self.opened)
        self.empty = EmptyState(bench.theme)
        head = row(margins=(8, 4, 8, 4), spacing=6)
        head.addWidget(self._title)
        head.addWidget(self._count, 1)
        lines = column()
        lines.addLayout(head)
        lines.addWidget(self.view, 1)
        lines.addWidget(self.empty, 1)
        self.setLayout(lines)
        bench.theme.changed.connect(self._dress)
        self._dress()

    def query(self, more: str) -> CaseQuery:
        """What the column holds, narrowed by what was typed."""
        words = LANES[self.lane]
        text = f"{words.text} {more}".strip()
        return CaseQuery(text=text, view=words.view, order=words.order, actor=self._bench.office.actor)

    def take(self, ids: array[int], *, filtered: bool) -> None:
        """Its cases, in order; the one at hand stays so while it is here."""
        self.model.update(ids)
        self._count.setText(formats.number(len(ids)))
        self.view.setVisible(bool(ids))
        self.empty.setVisible(not ids)
        words = _("Nichts passt zur Suche.") if filtered else _(LANES[self.lane].empty)
        self.empty.show_state("search" if filtered else "check_circle", words, "", "")

    def fail(self, error: ClerkError) -> None:
        """Why it cannot be shown."""
        self.view.hide()
        self.empty.show()
        self.empty.show_state("error", _("Die Liste ließ sich nicht lesen."), sentence(error), "")

    def selected(self) -> list[CaseRow]:
        """Every chosen case."""
        found = [index.data(ROW_ROLE) for index in self.view.selectionModel().selectedRows()]
        return [each for each in found if isinstance(each, CaseRow)]

    def take_focus(self, position: int = 0) -> None:
        """Puts the focus on a row, or the last before it."""
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        last = self.model.rowCount() - 1
        if last >= 0:
            self.view.setCurrentIndex(self.model.index(min(max(0, position), last), 0))
            self.tell_current()

    def tell_current(self) -> None:
        """The row the column stands on is the case at hand now."""
        self._moved(self.view.currentIndex().data(ROW_ROLE))

    @Slot(object)
    def _moved(self, found: CaseRow | None) -> None:
        if found is not None and self.view.hasFocus():
            self.chosen.emit(found)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A case of another column may be let fall here."""
        source = event.source()
        if event.mimeData().hasFormat(CASES_MIME) and source is not self.view:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """The same as the command for it: nothing moves before it was asked for."""
        event.setDropAction(Qt.DropAction.IgnoreAction)  # else the view would take rows away
        event.accept()
        self.dropped.emit()

    @Slot()
    def _dress(self) -> None:
        self.view.verticalHeader().setDefaultSectionSize(self._delegate.row_height())
        self.setMinimumWidth(self._bench.theme.px(120))


class TriagePage(Page):
    """The board. ``row_chosen`` carries the case at hand, ``case_opened`` that it shall be opened,
    ``table_wanted`` the search to be shown as a table."""

    row_chosen = Signal(object)
    case_opened = Signal()
    table_wanted = Signal(str)

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench, self._commands = bench, commands
        self.lanes = {lane: LaneColumn(bench, lane) for lane in Lane}
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(_("Eingrenzen: gemeinde:, leistung:, eingang:>-7t …"))
        self.filter.setAccessibleName(_("Verteilung eingrenzen"))
        clearable(self.filter)
        self._hint = label("", "muted", wrap=True)
        self._hint.hide()
        self._text = ""
        self.competence = CompetenceLine(bench.theme, bench.office.name)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self.read)
        self._at_hand: LaneColumn | None = None
        self.filter.textChanged.connect(self._typing.start)
        self.filter.setMinimumWidth(bench.theme.px(300))
        head = WrappingRow((0, 0, 0, 0), 8)
        head.addWidget(label(_("Verteilung"), "title"))
        head.addWidget(self.filter)
        for command_id in ("case.assign", "case.forward", "triage.table"):
            head.addWidget(CommandButton(commands, bench.theme, command_id))
        top = column(margins=(20, 12, 20, 8), spacing=6)
        top.addLayout(head)
        top.addWidget(self._hint)
        whose = row()
        whose.addWidget(self.competence)
        whose.addStretch(1)
        top.addLayout(whose)
        self._board = row(margins=(12, 0, 12, 8), spacing=8)
        for lane in self.lanes.values():
            self._board.addWidget(lane, 1)
            lane.chosen.connect(self.row_chosen)
            lane.opened.connect(self.case_opened)
            lane.view.installEventFilter(self)
        self.lanes[Lane.ASSIGNED].dropped.connect(lambda: commands.run("case.assign"))
        self.lanes[Lane.FORWARDED].dropped.connect(lambda: commands.run("case.forward"))
        self.lanes[Lane.UNCLEAR].dropped.connect(lambda: commands.run("case.unassign"))
        board = QWidget()
        board.setLayout(self._board)
        layout = column()
        layout.addLayout(top)
        layout.addWidget(board, 1)
        self.setLayout(layout)

    def open(self) -> None:
        """Reads every column."""
        self.read()

    def focus_content(self) -> None:
        """Puts the focus on the first column that holds something."""
        filled = [lane for lane in self.lanes.values() if lane.model.rowCount()]
        (filled[0] if filled else self.lanes[Lane.UNCLEAR]).take_focus()

    def take_changes(self, changes: ChangeSet) -> None:
        """Cases arrived, or went from one column to another."""
        for lane in self.lanes.values():
            if changes.everything:
                lane.model.forget_rows()
            else:
                lane.model.refresh(changes.changed | changes.arrived)
        if self.isVisible():
            self.read()

    def show_dossier(self, dossier: Dossier) -> None:
        """Whose the case at hand is, and why."""
        self.competence.show_dossier(dossier)

    def selected(self) -> list[CaseId]:
        """The chosen cases of the column at hand."""
        return [each.case_id for each in self._lane().selected()]

    @property
    def text(self) -> str:
        """What the columns are narrowed by."""
        return self._text

    @Slot()
    def read(self) -> None:
        """Asks for every column again. What cannot be understood leaves them as they are."""
        search = parse(self.filter.text(), self._bench.today())
        self._hint.setText(problem_sentence(search.problems[0]) if search.problems else "")
        self._hint.setVisible(bool(search.problems))
        if not search.usable:
            return
        self._text = search.text()
        queries = {lane: part.query(self._text) for lane, part in self.lanes.items()}
        # all at once: a case must not be seen in two columns, or in none
        self._bench.queries.submit(
            lambda reads: {lane: reads.ids(query) for lane, query in queries.items()},
            self._take,
            self._failed,
            key="triage",
        )

    def _take(self, found: dict[Lane, array[int]]) -> None:
        empty = not any(each.model.rowCount() for each in self.lanes.values())
        for lane, ids in found.items():
            self.lanes[lane].take(ids, filtered=bool(self._text))
        if empty and any(found.values()) and self.isVisible() and not self.filter.hasFocus():
            self.focus_content()

    def _failed(self, error: ClerkError) -> None:
        for lane in self.lanes.values():
            lane.fail(error)

    def _lane(self) -> LaneColumn:
        """The column the focus is in, or was before it went to the buttons."""
        lanes = list(self.lanes.values())
        self._at_hand = next((lane for lane in lanes if lane.view.hasFocus()), self._at_hand)
        return self._at_hand or lanes[0]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Left and right go to the neighbouring column."""
        if event.type() == QEvent.Type.FocusIn:
            self._lane().tell_current()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not event.modifiers():
            steps: dict[int, int] = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
            by = steps.get(event.key())
            if by is not None:
                lanes = list(self.lanes.values())
                at = lanes.index(self._lane())
                position = lanes[at].view.currentIndex().row()
                to = min(len(lanes) - 1, max(0, at + by))
                lanes[to].take_focus(position)
                return True
        return False
