"""Left side of the review page: parts under a row of tabs, each with its own place for the focus."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QStackedWidget, QTabBar, QVBoxLayout, QWidget
from shiboken6 import isValid

from clerk_app.texts import N_, _
from clerk_app.ui.find_bar import FindBar, Searchable
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import column, hairline, row


class ReviewPart(IntEnum):
    """What stands on the left. The value is the place of its tab and, from 1, its key (Alt+1 …)."""

    CHECKS = 0
    CHANGES = 1
    RELATED = 2
    RAW = 3


_TITLES = {
    ReviewPart.CHECKS: N_("Prüfung"),
    ReviewPart.CHANGES: N_("Änderungen"),
    ReviewPart.RELATED: N_("Bezüge"),
    ReviewPart.RAW: N_("Rohdaten"),
}


class ReviewSide(QWidget):
    """The parts. A panel is put in with ``set_panel``; it takes the focus through its focus proxy.

    ``part_shown`` carries the ReviewPart that came to the front.
    """

    part_shown = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.finder = FindBar(theme)
        self._searched: dict[ReviewPart, Searchable] = {}
        self.tabs = QTabBar()
        self.tabs.setProperty("kind", "compact")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setAccessibleName(_("Teile der Prüfung"))
        self._stack = QStackedWidget()
        self._panels: dict[ReviewPart, QWidget] = {}
        self._focused: dict[ReviewPart, QWidget] = {}
        self._ways: dict[ReviewPart, Callable[[], None]] = {}
        self.notices: QVBoxLayout = column(margins=(20, 0, 16, 0), spacing=6)
        for part in ReviewPart:
            self.tabs.addTab(_(_TITLES[part]))
            self._stack.addWidget(QWidget())
        bar = row(margins=(14, 2, 4, 0))
        bar.addWidget(self.tabs, 1)
        layout = column(spacing=0)
        layout.addLayout(bar)
        layout.addWidget(hairline())
        layout.addLayout(self.notices)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.finder)
        self.setLayout(layout)
        self.tabs.currentChanged.connect(self._tab_chosen)

    # what others put in

    def set_panel(
        self,
        part: ReviewPart,
        panel: QWidget,
        take_focus: Callable[[], None] | None = None,
        searched: Searchable | None = None,
    ) -> None:
        """Puts a panel in the place of a part. ``take_focus`` puts the focus where reading begins,
        ``searched`` is what the search bar looks through while the part is in front."""
        old = self._stack.widget(part)
        self._stack.insertWidget(part, panel)
        if old is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
        self._panels[part] = panel
        if searched is not None:
            self._searched[part] = searched
        self._ways[part] = take_focus or (lambda: panel.setFocus(Qt.FocusReason.OtherFocusReason))
        self._stack.setCurrentIndex(self.tabs.currentIndex())

    def show_words(self, part: ReviewPart, words: str = "", spoken: str = "") -> None:
        """What the tab says beside its name, a number for example; ``spoken`` is its tooltip."""
        title = _(_TITLES[part])
        self.tabs.setTabText(part, f"{title} ({words})" if words else title)
        self.tabs.setTabToolTip(part, spoken)
        self.tabs.setAccessibleTabName(part, f"{title}, {spoken}" if spoken else title)

    # what the page does

    @property
    def part(self) -> ReviewPart:
        """The part in front."""
        return ReviewPart(self.tabs.currentIndex())

    def panel(self, part: ReviewPart) -> QWidget | None:
        """The widget of a part."""
        return self._panels.get(part)

    def show_part(self, part: ReviewPart, *, focus: bool = True) -> None:
        """Brings a part to the front; the focus goes back to where it was there."""
        self._remember()
        self.tabs.setCurrentIndex(part)
        if focus:
            self.focus_part()

    def step(self, by: int) -> None:
        """The next or previous part, round and round."""
        self.show_part(ReviewPart((self.part + by) % len(ReviewPart)))

    def focus_part(self) -> None:
        """Puts the focus into the part in front: where it was last, else where reading begins."""
        part = self.part
        kept = self._focused.get(part)
        panel = self._panels.get(part)
        there = kept is not None and isValid(kept)  # rows are made anew when a case is read again
        if kept is not None and there and panel is not None and panel.isAncestorOf(kept) and kept.isVisible():
            kept.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif part in self._ways:
            self._ways[part]()
        else:
            self.tabs.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def begin_anew(self) -> None:
        """Another case: every part begins at its beginning, and nothing is looked for."""
        self._focused.clear()
        self.finder.forget()
        self.show_part(ReviewPart.CHECKS, focus=False)

    # searching

    def open_find(self) -> None:
        """The search bar, for the part in front."""
        self.finder.begin(self._searched.get(self.part))

    def find_step(self, by: int) -> None:
        """The next or previous hit; opens the bar when it is not there."""
        if self.finder.isVisible():
            self.finder.step(by)
        else:
            self.open_find()

    def close_find(self) -> bool:
        """Away with the search bar; False when it was not there."""
        shown = self.finder.isVisible()
        self.finder.end()
        return shown

    def _remember(self) -> None:
        now, panel = QApplication.focusWidget(), self._panels.get(self.part)
        if now is not None and panel is not None and panel.isAncestorOf(now):
            self._focused[self.part] = now

    @Slot(int)
    def _tab_chosen(self, at: int) -> None:
        self._stack.setCurrentIndex(at)
        self.finder.turn_to(self._searched.get(ReviewPart(at)))
        self.part_shown.emit(ReviewPart(at))
