"""Unterschiede statt Konflikte: a band above the form, and field by field here, there, last in common."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QPushButton, QRadioButton, QWidget

from clerk_app.domain.three_way import FieldDifference, Side
from clerk_app.texts import _
from clerk_app.ui.news_model import CaseNews, field_words, value_words
from clerk_app.ui.notice import Notice
from clerk_app.ui.reflow import FollowingColumn, WrappingRow
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import column, label


class NewsBar(QFrame):
    """Hidden until there is news. Never in the way: what is typed can be typed on.

    ``settled`` carries the choices (field to Side) once the clerk has looked; nothing to choose, none.
    ``opened``: the clerk wants to see what arrived.
    """

    settled = Signal(object)
    opened = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.news = CaseNews()
        self._groups: dict[str, QButtonGroup] = {}
        self.notice = Notice(theme)
        self.notice.acted.connect(self._look)
        self._fields = QWidget()
        self._done = QPushButton(_("Übernehmen"))
        self._done.setProperty("kind", "primary")
        self._done.clicked.connect(self._settle)
        self._here, self._there = QPushButton(_("Alles von hier")), QPushButton(_("Alles von dort"))
        self._here.clicked.connect(lambda: self._choose_all(Side.HERE))
        self._there.clicked.connect(lambda: self._choose_all(Side.THERE))
        kept = label(_("Beide Fassungen bleiben im Entwurfsverlauf erhalten."), "muted", wrap=True)
        buttons = WrappingRow((0, 0, 0, 0), 8)
        for button in (self._done, self._here, self._there):
            buttons.addWidget(button)
        self._panel = QWidget()
        inner = column(margins=(12, 4, 12, 8), spacing=8)
        inner.addWidget(self._fields)
        inner.addLayout(buttons)
        inner.addWidget(kept)
        self._panel.setLayout(inner)
        self._panel.hide()
        self._content = QWidget()
        parts = column()
        parts.addWidget(self.notice)
        parts.addWidget(self._panel)
        self._content.setLayout(parts)
        self._scroll = FollowingColumn(self._content)
        layout = column(margins=(20, 4, 20, 4))
        layout.addWidget(self._scroll)
        self.setLayout(layout)
        self.hide()

    @property
    def pending(self) -> bool:
        """Whether the clerk has not looked yet."""
        return bool(self.news)

    def tell(self, news: CaseNews) -> None:
        """What is new beside what was told already; the newest draft of somebody else counts."""
        lines = tuple(dict.fromkeys((*self.news.lines, *news.lines)))
        drafted = news if news.differences else self.news
        self.news = CaseNews(lines, drafted.differences, drafted.actor)
        words = list(self.news.lines)
        if self.news.differences:
            names = ", ".join(field_words(each.name) for each in self.news.differences)
            said = _("{who} hat inzwischen einen Entwurf gespeichert; anders sind: {fields}.")
            words.append(said.format(who=self.news.actor or _("Jemand"), fields=names))
        action = _("Unterschiede ansehen") if self.news.differences else _("Ansehen")
        self.notice.show_words("warn", " ".join(words), action if words else "")
        self._panel.hide()
        self.setVisible(bool(words))
        self.fit()

    def forget(self) -> None:
        """Another case."""
        self.news = CaseNews()
        self._panel.hide()
        self.hide()

    @Slot()
    def _look(self) -> None:
        if not self.news.differences:
            self.opened.emit()
            self._settle()
            return
        self._fill()
        self._panel.show()
        self.fit()
        first = next(iter(self._groups.values())).buttons()[0]
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def fit(self) -> None:
        """As high as it needs to be, but the form below keeps more than half of the window."""
        width = max(1, self.width() - 40)
        layout = self._content.layout()
        needed = layout.heightForWidth(width) if layout is not None and layout.hasHeightForWidth() else 0
        needed = max(needed, self._content.minimumSizeHint().height())
        self.setFixedHeight(min(needed + 8, max(self._theme.px(56), self.window().height() * 2 // 5)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width needs another height."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def _fill(self) -> None:
        old = self._fields.layout()
        if old is not None:
            QWidget().setLayout(old)  # takes its widgets with it
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        for at, words in enumerate((_("Angabe"), _("Hier"), _("Dort"), _("Zuletzt gemeinsam"))):
            grid.addWidget(label(words, "caption"), 0, at)
        self._groups = {}
        for line, difference in enumerate(self.news.differences, 1):
            self._add(grid, line, difference)
        for at in (1, 2, 3):
            grid.setColumnStretch(at, 1)
        self._fields.setLayout(grid)

    def _add(self, grid: QGridLayout, line: int, difference: FieldDifference) -> None:
        name = field_words(difference.name)
        grid.addWidget(label(name, "section", wrap=True), line, 0, Qt.AlignmentFlag.AlignTop)
        group = self._groups[difference.name] = QButtonGroup(self._fields)
        for at, side, value in ((1, Side.HERE, difference.here), (2, Side.THERE, difference.there)):
            words = value_words(difference.name, value)
            choice = QRadioButton(_("Hier behalten") if side is Side.HERE else _("Von dort übernehmen"))
            choice.setAccessibleName(f"{name}, {choice.text()}: {words}")
            choice.setChecked(side is difference.usual)
            group.addButton(choice, at)
            cell = column(spacing=2)
            cell.addWidget(choice)
            cell.addWidget(label(words, wrap=True, selectable=True))
            cell.addStretch(1)
            grid.addLayout(cell, line, at)
        common = label(value_words(difference.name, difference.common), "muted", wrap=True, selectable=True)
        grid.addWidget(common, line, 3, Qt.AlignmentFlag.AlignTop)

    def _choose_all(self, side: Side) -> None:
        for group in self._groups.values():
            group.button(1 if side is Side.HERE else 2).setChecked(True)

    @Slot()
    def _settle(self) -> None:
        sides = {1: Side.HERE, 2: Side.THERE}
        choices = {name: sides[group.checkedId()] for name, group in self._groups.items()}
        self._groups = {}
        self.settled.emit(choices)
        self.forget()
