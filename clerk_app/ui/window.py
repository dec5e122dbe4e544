"""The main window: bands, sidebar, panes, and the screens that take their place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDateEdit,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QSplitter,
    QStackedWidget,
    QTreeView,
    QWidget,
)

from clerk_app.domain.case import ViewCounts
from clerk_app.ui.case_list import CaseList
from clerk_app.ui.case_page import CasePage
from clerk_app.ui.commands import STEPS, Commands, Screen
from clerk_app.ui.message_bar import MessageBar, Toast
from clerk_app.ui.notice import Notice
from clerk_app.ui.page import Page
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.progress_strip import ProgressStrip
from clerk_app.ui.reflow import TallRoom
from clerk_app.ui.sidebar import Area, Sidebar
from clerk_app.ui.status_bar import StatusBar
from clerk_app.ui.tab_order import keep_reading_order
from clerk_app.ui.widgets import column, row
from clerk_app.ui.workbench import Workbench

SMALLEST = (940, 600)
THREE_PANES, TWO_PANES = 1200, 900
LEAST_HEIGHT = 440  # of a screen at text size 1; below it the whole screen scrolls
TABLE_AND_CASE = 700  # of height: below it a table and a case have no room together
_TYPING = (QLineEdit, QPlainTextEdit, QComboBox, QDateEdit)


def dropped_path(event: QDropEvent) -> Path | None:
    """The one file of this machine that is let fall; None for anything else."""
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None


class MainWindow(QMainWindow):
    """Holds the screens and their layout; what they do is wired by ``desk_window``.

    ``screen_shown`` carries the Screen that came to the front, ``closing`` comes before the window goes,
    ``document_dropped`` carries the Path of a file that was let fall on the window.
    """

    screen_shown = Signal(object)
    closing = Signal()
    document_dropped = Signal(object)

    def __init__(self, bench: Workbench, commands: Commands | None = None) -> None:
        super().__init__()
        self.bench = bench
        self.commands = commands or Commands(self, bench.shell.clock_s)
        self.commands.may_use_letters = self.may_use_letters
        self.may_close: Callable[[], bool] = lambda: True
        self.shown = Screen.BROWSE
        self._screens: dict[Screen, QWidget] = {}
        self._reading = False
        self.setWindowTitle(f"Amtsstube – {bench.office.name}")
        self.setMinimumSize(*SMALLEST)
        self.setAcceptDrops(True)

    def build(self, case_list: CaseList, case_page: CasePage, make_page: Callable[[Screen], QWidget]) -> None:
        """Puts the parts into their places. ``make_page`` makes a screen when it is first shown."""
        self._make_page = make_page
        bench = self.bench
        self.case_list, self.case_page = case_list, case_page
        self.sidebar = Sidebar(bench.theme, bench.office.name)
        self.status = StatusBar(bench)
        self.messages = MessageBar(bench.theme)
        self.offline = Notice(bench.theme)
        self.progress = ProgressStrip(bench.theme)
        self.recovery = Notice(bench.theme)
        self.held = Notice(bench.theme)
        self.panes = QSplitter(Qt.Orientation.Horizontal)
        self.panes.setHandleWidth(1)
        self.panes.setChildrenCollapsible(False)
        case_list.looks.changed.connect(self.arrange)
        self.panes.addWidget(case_list)
        self.panes.addWidget(case_page)
        self.panes.setStretchFactor(0, 0)
        self.panes.setStretchFactor(1, 1)
        self._stack = QStackedWidget()
        self.add_screen(Screen.BROWSE, self.panes)
        beside = row()
        beside.addWidget(self.sidebar)
        self._room = TallRoom(self._stack)
        beside.addWidget(self._room, 1)
        whole = column()
        bands = column(margins=(8, 0, 8, 0), spacing=4)
        bands.addWidget(self.messages)
        bands.addWidget(self.offline)
        bands.addWidget(self.progress)
        bands.addWidget(self.recovery)
        bands.addWidget(self.held)
        whole.addLayout(bands)
        whole.addLayout(beside, 1)
        whole.addWidget(self.status)
        add_practice_band(whole, bench.office)
        centre = QWidget()
        centre.setLayout(whole)
        self.setCentralWidget(centre)
        self.toast = Toast(self, bench.theme, bench.now)
        bench.failed.connect(self.messages.show_error)
        bench.said.connect(self.toast.say)
        self.commands.refused.connect(self.toast.say)
        if bench.shell.warning is not None:
            self.messages.show_error(bench.shell.warning, None)
        bench.theme.changed.connect(self.arrange)
        self.panes.setSizes([bench.theme.px(384), bench.theme.px(664)])
        self.arrange()

    # screens

    def add_screen(self, screen: Screen, page: QWidget) -> None:
        """Takes a screen in."""
        self._screens[screen] = page
        self._stack.addWidget(page)

    def show_screen(self, screen: Screen) -> None:
        """Brings a screen to the front. Deciding keys wait a moment afterwards."""
        self.shown = screen
        self._stack.setCurrentWidget(self.page(screen))
        self.arrange()
        self.commands.screen_changed(screen)
        self.screen_shown.emit(screen)

    def page(self, screen: Screen) -> QWidget:
        """The widget of a screen."""
        return self._screens[screen] if screen in self._screens else self._make_page(screen)

    @property
    def effective_width(self) -> float:
        """Width at text size 1: large text needs the layout of a small window."""
        return self.width() / self.bench.theme.scale

    @property
    def one_pane(self) -> bool:
        """Whether list and case take turns: too narrow for both, or too low for a table above the case."""
        low = self.case_list.table and self.height() / self.bench.theme.scale < TABLE_AND_CASE
        return self.effective_width < TWO_PANES or low

    def show_reading(self, on: bool) -> None:
        """In one pane: the case in place of the list, or the list again."""
        self._reading = on
        focus = QApplication.focusWidget()
        listed = focus is not None and self.case_list.isAncestorOf(focus)
        self.arrange()
        if listed and self.reading_alone:  # else the focus would fall on whatever comes next
            self.case_page.focus_content()

    @property
    def reading_alone(self) -> bool:
        """Whether the case hides the list."""
        return self.one_pane and self._reading

    @Slot()
    def arrange(self) -> None:
        """Three panes, two and a rail, or one, as the width allows."""
        if not self._screens:
            return
        self._room.set_least(self.bench.theme.px(LEAST_HEIGHT))
        browsing = self.shown not in STEPS
        self.sidebar.set_rail(not browsing or self.effective_width < THREE_PANES)
        self.status.set_narrow(self.one_pane)
        for page in self._screens.values():
            if isinstance(page, Page):
                page.set_narrow(self.one_pane)
        below = self.case_list.table  # a table needs the whole width: the case stands below it
        if (self.panes.orientation() is Qt.Orientation.Vertical) is not below:
            self.panes.setOrientation(Qt.Orientation.Vertical if below else Qt.Orientation.Horizontal)
            wide = self.bench.theme.px(384)
            room = self.panes.height() if below else self.panes.width()
            self.panes.setSizes([room * 2 // 5, room * 3 // 5] if below else [wide, max(wide, room - wide)])
        self.case_list.setVisible(not (self.one_pane and self._reading))
        self.case_page.setVisible(not (self.one_pane and not self._reading))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab and Shift+Tab: in the order in which things stand there now."""
        keep_reading_order(self)
        return super().focusNextPrevChild(forward)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arranges the panes anew."""
        super().resizeEvent(event)
        self.arrange()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes one file of this machine, wherever it falls."""
        if dropped_path(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hands the file on."""
        path = dropped_path(event)
        if path is not None:
            event.acceptProposedAction()
            self.document_dropped.emit(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks whether it may, then gives everybody the chance to keep what was typed."""
        if not self.may_close():
            event.ignore()
            return
        self.closing.emit()
        super().closeEvent(event)

    # focus

    def cycle_panes(self, by: int) -> None:
        """F6: sidebar, list, content, and round again."""
        stops = self._stops()
        focus = QApplication.focusWidget()
        at = next((i for i, (part, _go) in enumerate(stops) if focus and part.isAncestorOf(focus)), -1)
        stops[(at + by) % len(stops)][1]()

    def _stops(self) -> list[tuple[QWidget, Callable[[], None]]]:
        stops: list[tuple[QWidget, Callable[[], None]]] = [(self.sidebar, self.sidebar.focus_area)]
        page = self._screens[self.shown]
        if isinstance(page, Page):
            stops.append((page, page.focus_content))
        else:
            stops.append((self.case_list, self.focus_list))
            stops.append((self.case_page, self.focus_reading))
        return stops

    def focus_reading(self) -> None:
        """Puts the focus on the case beside the list; in one pane it takes the list's place."""
        self.show_reading(True)
        self.case_page.focus_content()

    def focus_list(self) -> None:
        """Puts the focus on the list."""
        self.show_reading(False)
        self.case_list.take_focus()

    def may_use_letters(self) -> bool:
        """Single letters act only while list or case has the focus, never while something is typed."""
        focus = QApplication.focusWidget()
        if focus is None or isinstance(focus, _TYPING):
            return focus is None
        return isinstance(focus, QAbstractItemView | QTreeView) or self._stack.isAncestorOf(focus)

    def show_counts(self, counts: ViewCounts) -> None:
        """Numbers for sidebar and status bar."""
        self.sidebar.show_counts(counts)
        self.status.show_counts(counts)

    def area(self) -> Area:
        """The area shown."""
        return self.sidebar.area()
