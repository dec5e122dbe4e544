"""Hinweise before signing, each with a way to the place it speaks of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from clerk_app.texts import _
from clerk_app.ui.commands import tooltip
from clerk_app.ui.notice import Notice
from clerk_app.ui.reflow import ScrollingColumn
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import column, follow_icon, label

_MOST, _MOST_IN_SHORT = 220, 96  # pixels at 100 %


@dataclass(frozen=True)
class Hint:
    """One line: ``level`` is bad, warn, info or ok; ``jump`` leads to the place."""

    level: str
    words: str
    jump: Callable[[], None] | None = None


class FindingsList(ScrollingColumn):
    """The hints under their heading, and a last line; as high as that, up to a limit, then it scrolls."""

    def __init__(self, theme: Theme, title: str) -> None:
        inside = QWidget()
        super().__init__(inside)
        self._theme = theme
        self._whole = column(margins=(20, 10, 20, 10), spacing=6)
        self._lines = column(spacing=6)
        self._foot = label("", "muted", wrap=True)
        self._title = label(title, "section")
        self._most = _MOST
        self._whole.addWidget(self._title)
        self._whole.addLayout(self._lines)
        self._whole.addWidget(self._foot)
        self._whole.addStretch(1)
        inside.setLayout(self._whole)
        self.hints: tuple[Hint, ...] = ()
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_foot(self, words: str) -> None:
        """The line below the hints."""
        self._foot.setText(words)
        self._foot.setVisible(bool(words))
        self.updateGeometry()

    def show_hints(self, hints: Sequence[Hint]) -> None:
        """Replaces what is shown; the same hints again change nothing, so the focus stays."""
        fresh = tuple(hints)
        same = [(each.level, each.words) for each in fresh] == [(e.level, e.words) for e in self.hints]
        self.hints = fresh
        if same:
            return
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for at, hint in enumerate(fresh):
            notice = Notice(self._theme)
            self._lines.addWidget(notice)
            notice.acted.connect(lambda at=at: self._jump(at))
            notice.show_words(hint.level, hint.words, " " if hint.jump else "")
            self._make_pointer(notice.button, hint.words)
        self.updateGeometry()

    def _make_pointer(self, button: QPushButton, words: str) -> None:
        """An arrow takes less room than a word, so that the hint stays readable in a narrow column."""
        button.setText("")
        button.setProperty("kind", "flat")
        follow_icon(button, self._theme, "forward")
        button.setAccessibleName(_("Hinspringen: {hint}").format(hint=words))
        button.setToolTip(tooltip(_("Hinspringen"), None))

    def arrange(self, *, inset: bool, short: bool) -> None:
        """``inset``: stands apart with margins of its own. ``short``: the fields need the room, so there is
        no heading, and what goes beyond the first hint scrolls."""
        self._title.setVisible(not short)
        above = 8 if short else 10
        self._whole.setContentsMargins(*((20, above, 20, above) if inset else (0, 10, 0, 0)))
        self._most = _MOST_IN_SHORT if short else _MOST
        self.updateGeometry()

    def _jump(self, at: int) -> None:
        jump = self.hints[at].jump if at < len(self.hints) else None
        if jump is not None:
            jump()

    def sizeHint(self) -> QSize:
        """Room for all of it, as far as the page can spare it."""
        width = max(80, self.viewport().width())
        wanted = self._whole.totalHeightForWidth(width)
        most = max(self._theme.px(self._most), min(self._first_height(width), self._theme.px(_MOST)))
        return QSize(super().sizeHint().width(), min(wanted, most))

    def _first_height(self, width: int) -> int:
        """What the first hint needs to be whole, with the margins."""
        first = self._lines.itemAt(0)
        if first is None or first.widget() is None:
            return 0
        margins = self._whole.contentsMargins()
        inside = width - margins.left() - margins.right()
        return first.heightForWidth(inside) + margins.top() + margins.bottom()

    def minimumSizeHint(self) -> QSize:
        """The heading and a hint stay in sight."""
        return QSize(super().minimumSizeHint().width(), min(self.sizeHint().height(), self._theme.px(72)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other widths break the lines elsewhere."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()
