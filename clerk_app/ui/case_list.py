"""The middle pane: title, search, and the list with all its states."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from clerk_app.domain.attachment_text import TextCoverage
from clerk_app.domain.case import CaseOrder, CaseQuery, CaseRow
from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.search_terms import SearchKey
from clerk_app.texts import N_, _, ngettext
from clerk_app.texts.errors import sentence
from clerk_app.texts.search_words import coverage_sentences
from clerk_app.ui import labels
from clerk_app.ui.case_columns import COLUMNS, ListLook
from clerk_app.ui.case_list_model import ROW_ROLE, CaseListModel
from clerk_app.ui.case_table import CaseTable
from clerk_app.ui.empty_state import EmptyState
from clerk_app.ui.list_looks import ListLooks
from clerk_app.ui.message_bar import announce
from clerk_app.ui.search_bar import SearchBar
from clerk_app.ui.sidebar import AREAS, Area
from clerk_app.ui.widgets import ElidedLabel, column, label, row
from clerk_app.ui.workbench import Workbench

SKELETON_AFTER_MS = 150
_FIRST_SCREEN = 60
_ORDERS = {
    CaseOrder.NEWEST: N_("Neueste ↓"),
    CaseOrder.DUE: N_("Frist ↑"),
    CaseOrder.APPLICANT: N_("Name ↑"),
}
_BY_COLUMN = N_("nach Spalte")


class CaseList(QWidget):
    """Pane with one area's cases. ``current_changed`` carries a CaseRow or None; ``opened``: the clerk wants
    into it; ``listed``: another search or area has its results."""

    current_changed = Signal(object)
    opened = Signal()
    listed = Signal()

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self._area = Area.NEW
        self._total: int | None = 0
        self._wanted: tuple[int, Callable[[], None]] | None = None  # to be chosen once it is listed
        self._focus_due = False  # the focus was wanted here while there was no row to hold it
        self.model = CaseListModel(
            bench.reads.rows,
            lambda found: labels.row_sentence(found, bench.now(), bench.today()),
            lambda found, name: COLUMNS[name].cell(found, bench.now(), bench.today()),
            lambda name: _(COLUMNS[name].title),
        )
        self._build()
        self.view.setModel(self.model)
        self.looks.sorted.connect(self._sorted)
        self.view.moved.connect(self._moved)
        self.view.opened.connect(self.opened)
        self.bar.changed.connect(self._restart)
        self.search.textEdited.connect(self._learn_values)
        self.bar.committed.connect(self._to_first_hit)
        self._slow = QTimer(self, singleShot=True, interval=SKELETON_AFTER_MS)
        self._slow.timeout.connect(self._show_loading)
        bench.theme.changed.connect(self._resize)
        self.retranslate()
        self._resize()

    def _build(self) -> None:
        self.view = CaseTable()
        self.looks = ListLooks(self._bench, self.view, self.model, self._area.value)
        self._title = ElidedLabel("title")
        self._count = label("", "muted")
        head = row(spacing=8)
        head.addWidget(self._title)
        head.addWidget(self._count, 1)
        self._order_button = QPushButton()
        self._order_button.setProperty("kind", "flat")
        self._order_button.setMenu(self._order_menu())
        self.bar = SearchBar(self._bench, self._order_button)  # beside a long heading there is no room for it
        self.search = self.bar.field
        top = column(margins=(14, 12, 14, 10), spacing=8)
        top.addLayout(head)
        top.addWidget(self.bar)
        self.empty = EmptyState(self._bench.theme)
        self.empty.acted.connect(self._empty_acted)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.empty)
        layout = column()
        layout.addLayout(top)
        layout.addWidget(self._stack, 1)
        self.setLayout(layout)

    def _order_menu(self) -> QMenu:
        menu = QMenu(self)
        group = QActionGroup(menu)
        for order, words in _ORDERS.items():
            action = QAction(_(words), menu, checkable=True, checked=order is self.looks.look.order)
            action.triggered.connect(lambda _on=False, chosen=order: self.set_order(chosen))
            group.addAction(action)
            menu.addAction(action)
        return menu

    def retranslate(self) -> None:
        """Words in the language in force."""
        self._title.set_full_text(_(AREAS[self._area].text))
        order = _(_ORDERS.get(self.looks.look.order, _BY_COLUMN))
        self._order_button.setText(order)
        self._order_button.setAccessibleName(_("Reihenfolge: {order}").format(order=order))
        self.bar.retranslate()
        self._show_count()

    # what is listed

    @property
    def area(self) -> Area:
        """What is listed."""
        return self._area

    def show_area(self, area: Area, text: str = "", look: ListLook | None = None) -> None:
        """Lists another area, with a search of its own, looking as it was left there or as ``look`` says."""
        self._area, left = area, self.looks.of(area.value)
        self._take_look(look or left)
        self.bar.set_text(text)
        self.model.held_id = None
        self.retranslate()
        self._restart()

    def set_order(self, order: CaseOrder) -> None:
        """Another order of the same list, until the clerk goes elsewhere."""
        self._take_look(replace(self.looks.look, order=order, reverse=False))
        self.retranslate()
        self._restart()

    @property
    def table(self) -> bool:
        """Whether the list is a table."""
        return self.looks.look.table

    @Slot()
    def _sorted(self) -> None:
        self.retranslate()
        self._restart()

    def _take_look(self, look: ListLook) -> None:
        current = self.current()
        self.looks.take(look)
        place = self.model.position_of(current.row_id) if current else None
        if place is not None and not self.view.currentIndex().isValid():
            self.select(place)

    def query(self) -> CaseQuery:
        """What the pane lists now."""
        return CaseQuery(
            text=self.bar.text,
            actor=self._bench.office.actor,
            view=AREAS[self._area].view or AREAS[Area.NEW].view or CaseQuery().view,
            order=self.looks.look.order,
            reverse=self.looks.look.reverse,
        )

    @property
    def filtered(self) -> bool:
        """Whether a search hides something, or stands in the field."""
        return bool(self.bar.text) or self.bar.filled

    def begin(self, area: Area) -> None:
        """First list of the session: the first screenful at once, all of it right after."""
        self._area = area
        self._take_look(self.looks.of(area.value))
        self.retranslate()
        try:
            self.model.start(self._bench.reads.ids(replace(self.query(), limit=_FIRST_SCREEN)))
        except ClerkError as error:
            self._failed(error)
            return
        self._select_first()
        self._show_state(self.model.rowCount())
        self.reload()

    def take_changes(self, changes: ChangeSet) -> None:
        """News: rows in sight are read again, the list takes differences."""
        if changes.everything:
            self.model.forget_rows()
        else:
            self.model.refresh(changes.changed | changes.arrived)
        self.reload()

    @Slot()
    def reload(self) -> None:
        """Asks for the ids of this list again, in the background."""
        query = self.query()
        self._bench.queries.submit(
            lambda reads: reads.ids(query), self._refreshed, self._failed, key="case-list"
        )

    @Slot()
    def _restart(self) -> None:
        """The first screenful at once, however much is found; all of it right after."""
        query = replace(self.query(), limit=_FIRST_SCREEN)
        self._slow.start()
        self._bench.queries.submit(lambda reads: reads.ids(query), self._fresh, self._failed, key="case-list")

    def _tell_coverage(self) -> None:
        if not self.bar.text or not self.bar.looks_into_attachments:
            self.bar.show_note("")
            return

        def told(coverage: TextCoverage) -> None:
            self.bar.show_note(" ".join(coverage_sentences(coverage)) if self.bar.text else "")

        self._bench.queries.submit(
            lambda reads: reads.text_coverage(), told, lambda _error: None, key="coverage"
        )

    def _fresh(self, ids: array[int]) -> None:
        self._slow.stop()
        self._tell_coverage()
        current = self.current()
        self.model.start(ids)
        place = self.model.position_of(current.row_id) if current else None
        more = len(ids) >= _FIRST_SCREEN
        self._show_state(None if more else len(ids))
        if place is not None:
            self.select(place)
        elif not self._select_wanted():
            self._select_first()
        self.listed.emit()
        if more:
            self.reload()

    def _refreshed(self, ids: array[int]) -> None:
        self._slow.stop()
        bar = self.view.verticalScrollBar()
        at_top = bar.value() == 0
        top = self.view.rowAt(0)
        anchor = self.model.row_at(top) if top >= 0 else None
        offset = self.view.rowViewportPosition(top) if anchor else 0
        had_none = not self.view.currentIndex().isValid()
        self.model.update(ids)
        self._show_state(len(ids))
        if anchor is not None and not at_top:
            place = self.model.position_of(anchor.row_id)
            if place is not None:
                self.view.settle()  # else the scroll bar does not know the new length yet
                bar.setValue(place * self.looks.row_height() - offset)
        if not self._select_wanted() and had_none:
            self._select_first()

    def _failed(self, error: ClerkError) -> None:
        self._slow.stop()
        self.empty.show_state(
            "error", _("Die Liste ließ sich nicht lesen."), sentence(error), _("Erneut versuchen")
        )
        self._stack.setCurrentWidget(self.empty)

    # selection

    def current(self) -> CaseRow | None:
        """The row the focus is on."""
        index = self.view.currentIndex()
        found = index.data(ROW_ROLE) if index.isValid() else None
        return found if isinstance(found, CaseRow) else None

    def position(self) -> int:
        """Place of the current row, from 0; -1 when there is none."""
        return self.view.currentIndex().row()

    def chosen(self, most: int) -> list[CaseRow]:
        """The chosen rows from top to bottom, at most so many."""
        ids: array[int] = array("q")
        for first, last in self.view.chosen_rows():
            ids += self.model.ids_at(first, min(last, first + most - len(ids) - 1))
        return list(self._bench.reads.rows(ids))

    def take_focus(self) -> None:
        """Puts the focus on the rows; on an empty list, as soon as the first ones come."""
        self._focus_due = not self.model.rowCount()
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def select(self, position: int) -> bool:
        """Makes a row current. False when there is no such row."""
        if not 0 <= position < self.model.rowCount():
            return False
        self.view.setCurrentIndex(self.model.index(position, 0))
        return True

    def select_case(self, case_id: str) -> bool:
        """Makes a case current, if it is in the list."""
        found = self._bench.reads.row(case_id)  # type: ignore[arg-type]
        place = self.model.position_of(found.row_id) if found else None
        return place is not None and self.select(place)

    def select_when_there(self, row_id: int, then: Callable[[], None]) -> None:
        """Makes a case current as soon as the list holds it, unless the clerk chooses another one first."""
        self._wanted = (row_id, then)
        self._select_wanted()

    def _select_wanted(self) -> bool:
        if self._wanted is None:
            return False
        row_id, then = self._wanted
        place = self.model.position_of(row_id)
        if place is None:
            return False
        self._wanted = None
        self.select(place)
        self.view.scrollTo(self.model.index(place, 0), QAbstractItemView.ScrollHint.PositionAtCenter)
        then()
        return True

    def _select_first(self) -> None:
        if not self.select(0):
            self.current_changed.emit(None)

    @Slot(object)
    def _moved(self, found: CaseRow | None) -> None:
        before, self.model.held_id = self.model.held_id, found.row_id if found else None
        self.current_changed.emit(found)
        if before is not None and before != self.model.held_id:
            self.reload()

    @Slot()
    def _to_first_hit(self) -> None:
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # states

    def _show_state(self, total: int | None) -> None:
        """``total`` None: there is more than is known by now."""
        self._total = total
        self._show_count()
        if total is not None and self.bar.text and self.search.hasFocus():
            announce(self, self._count.text())  # the eyes are on the field, the results elsewhere
        if self.model.rowCount():
            self._stack.setCurrentWidget(self.view)
            if self._focus_due:
                self._focus_due = False
                if not isinstance(QApplication.focusWidget(), QLineEdit):
                    self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.filtered:
            self.empty.show_state(
                "search",
                _("Kein Vorgang passt dazu."),
                _("Andere Wörter helfen oft weiter."),
                _("Suche löschen"),
            )
            self._stack.setCurrentWidget(self.empty)
        else:
            self.empty.show_state(AREAS[self._area].icon, _(AREAS[self._area].empty), "", "")
            self._stack.setCurrentWidget(self.empty)

    @Slot()
    def _show_loading(self) -> None:
        if not self.model.rowCount():
            self.empty.show_loading()
            self._stack.setCurrentWidget(self.empty)

    def _show_count(self) -> None:
        if self._total is None:
            self._count.setText("…")
            return
        hits = ngettext("{n} Treffer", "{n} Treffer", self._total)
        words = hits.format(n=self._total) if self.filtered else labels.cases(self._total)
        self._count.setText(words)

    @Slot()
    def _empty_acted(self) -> None:
        if self.filtered:
            self.clear_search()
        else:
            self._restart()

    @Slot()
    def _learn_values(self) -> None:
        """What may be proposed, read once: when somebody searches for the first time."""
        self.search.textEdited.disconnect(self._learn_values)
        completer = self.bar.completer

        def learned(known: Mapping[SearchKey, Sequence[str]]) -> None:
            completer.known = known

        self._bench.queries.submit(lambda reads: reads.met(), learned, lambda _error: None, key="met")

    def search_for(self, text: str) -> None:
        """Another search in the same area."""
        self.bar.set_text(text)
        self._restart()

    def clear_search(self) -> None:
        """Shows the whole area again."""
        self.bar.set_text("")
        self._restart()

    @Slot()
    def _resize(self) -> None:
        theme = self._bench.theme
        self.looks.dress()
        self.setMinimumWidth(theme.px(300))
        self.view.viewport().update()

    def sizeHint(self) -> QSize:
        """The design's width."""
        return QSize(self._bench.theme.px(384), self._bench.theme.px(600))
