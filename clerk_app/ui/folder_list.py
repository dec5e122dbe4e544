"""What waits, as a table under two tabs: to be signed, to be reviewed."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStackedWidget, QTabBar, QWidget

from clerk_app.domain.folder import DraftPlace, PaperResult
from clerk_app.domain.ids import EntryId
from clerk_app.domain.signature import SignatureLevel
from clerk_app.texts import _
from clerk_app.ui.empty_state import EmptyState
from clerk_app.ui.folder_model import FolderItem, folder_line
from clerk_app.ui.rows_model import Line
from clerk_app.ui.tick_rows import TickModel, TickView
from clerk_app.ui.widgets import column
from clerk_app.ui.workbench import Workbench

TO_SIGN, TO_REVIEW = 0, 1
_PLACES = (DraftPlace.FOLDER, DraftPlace.REVIEW)
_DOCUMENT, _CASE, _AUTHOR, _SINCE = 1, 2, 5, 6
# Narrower than this (pixels at 100 %), a column gives its room to name and document; what it says stands with
# the paper too.
_NEEDS = {_CASE: 560, _AUTHOR: 760, _SINCE: 760}


class FolderList(QWidget):
    """Rows with boxes, and what the run that is shown came to. ``changed``: another row, tick or tab."""

    changed = Signal()

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self._items: tuple[FolderItem, ...] = ()
        self._gone: dict[EntryId, FolderItem] = {}  # signed or given back in the run that is shown
        self._unticked: set[EntryId] = set()
        self._loaded = False
        self.results: dict[EntryId, PaperResult] = {}
        self._levels: dict[EntryId, SignatureLevel] = {}
        headings = (
            _("Name"),
            _("Dokument"),
            _("Vorgang"),
            _("Stand"),
            _("Stufe"),
            _("Erstellt von"),
            _("Seit"),
        )
        self.model = TickModel(bench.theme, headings, self._ticked)
        self.view = TickView(bench.theme, self.model, _("Unterschriftsmappe"), 0)
        self.tabs = QTabBar()
        self.empty = EmptyState(bench.theme)
        self._stack = QStackedWidget()
        self.view.horizontalHeader().setSectionResizeMode(_DOCUMENT, QHeaderView.ResizeMode.Stretch)
        self._build()
        self.view.selectionModel().currentRowChanged.connect(self.changed)
        self.view.all_wanted.connect(self._tick_all)
        self.model.toggled.connect(self._toggle)
        self.tabs.currentChanged.connect(self._tab_changed)

    def _build(self) -> None:
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for _at in _PLACES:
            self.tabs.addTab("")
        self.empty.show_loading()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.view)
        lines = column(margins=(12, 0, 12, 0), spacing=8)
        lines.addWidget(self.tabs)
        lines.addWidget(self._stack, 1)
        self.setLayout(lines)
        self._bench.theme.changed.connect(self._fit)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        """Room for what tells rows apart; a narrow table keeps to that."""
        theme = self._bench.theme
        self.setMinimumWidth(theme.px(420))
        self.view.horizontalHeader().setMinimumSectionSize(theme.px(52))
        for at, needed in _NEEDS.items():
            self.view.setColumnHidden(at, self.width() < theme.px(needed))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See ``_fit``."""
        super().resizeEvent(event)
        self._fit()

    # content

    def forget_run(self) -> None:
        """What an earlier run came to is of no interest any more."""
        self.results.clear()
        self._gone.clear()

    def show_items(self, items: tuple[FolderItem, ...]) -> None:
        """What waits now. Rows of the run that is shown stay until it is forgotten."""
        here = {item.key for item in items}
        self._gone |= {i.key: i for i in self._items if i.key not in here and i.key in self.results}
        self._items, self._loaded = items, True
        self.show_rows()

    def without_level(self) -> list[EntryId]:
        """Those of whom it is not known yet at which level they will be signed."""
        return [item.key for item in self._items if item.key not in self._levels]

    def take_levels(self, levels: Mapping[EntryId, SignatureLevel]) -> None:
        """What was found out about that."""
        self._levels |= levels
        self.show_rows()

    def show_rows(self) -> None:
        """The rows of the tab, as they stand now."""
        now, actor = self._bench.now(), self._bench.office.actor
        rows = self._rows()
        self.model.show(
            [
                folder_line(item, actor, now, self.results.get(item.key), self._levels.get(item.key))
                for item in rows
            ]
        )
        for at, place in enumerate(_PLACES):
            count = sum(item.draft.place is place for item in self._items)
            text = _("Zum Signieren") if at == TO_SIGN else _("Zur Mitzeichnung")
            self.tabs.setTabText(at, f"{text} ({count})" if count else text)
        if self._loaded and not rows:
            self._show_empty()
        self._stack.setCurrentWidget(self.view if rows else self.empty)
        if rows and not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self.model.index(0, 0))
        self.model.refresh_ticks()
        self.changed.emit()

    def _rows(self) -> list[FolderItem]:
        place = _PLACES[self.tabs.currentIndex()]
        rows = {item.key: item for item in self._items if item.draft.place is place}
        if not self.reviewing:
            rows = self._gone | rows
        return sorted(rows.values(), key=lambda item: item.draft.frozen_at)

    def _show_empty(self) -> None:
        if self.reviewing:
            title = _("Nichts wartet auf eine Mitzeichnung.")
            more = _("Gilt das Vier-Augen-Prinzip, stehen hier die Bescheide der anderen.")
        else:
            title = _("Die Unterschriftsmappe ist leer.")
            more = _("Strg+Umschalt+Eingabe legt einen fertigen Bescheid hinein.")
        self.empty.show_state("approval", title, more, "")

    @property
    def reviewing(self) -> bool:
        """Whether the list of those to be released is shown."""
        return self.tabs.currentIndex() == TO_REVIEW

    def current(self) -> FolderItem | None:
        """The row with the focus."""
        line = self.view.current_line()
        return line.subject if line is not None and isinstance(line.subject, FolderItem) else None

    def focus_content(self) -> None:
        """Puts the focus on the table."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _tab_changed(self, _at: int) -> None:
        self.view.setCurrentIndex(self.model.index(-1, -1))
        self.show_rows()

    # ticks

    def signable(self) -> list[FolderItem]:
        """The rows that could be signed, ticked or not."""
        return [] if self.reviewing else [item for item in self._rows() if self._may_be_signed(item)]

    def chosen(self) -> tuple[EntryId, ...]:
        """What would be signed now: ticked, and seen by this clerk."""
        actor = self._bench.office.actor
        return tuple(
            item.key
            for item in self.signable()
            if item.key not in self._unticked and actor in item.draft.seen_by
        )

    def _may_be_signed(self, item: FolderItem) -> bool:
        return item.draft.waits and item.problem is None and item.key not in self._gone

    def _ticked(self, line: Line) -> bool | None:
        item = line.subject
        if self.reviewing or not isinstance(item, FolderItem) or not self._may_be_signed(item):
            return None
        return item.key not in self._unticked

    @Slot(str)
    def _toggle(self, key: str) -> None:
        self._unticked ^= {EntryId(key)}
        self.model.refresh_ticks()
        self.changed.emit()

    @Slot()
    def _tick_all(self) -> None:
        here = {item.key for item in self.signable()}
        self._unticked = self._unticked - here if self._unticked & here else self._unticked | here
        self.model.refresh_ticks()
        self.changed.emit()
