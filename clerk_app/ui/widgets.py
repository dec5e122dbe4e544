"""Small parts that every screen is made of. Every text is plain text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from clerk_app.texts import _
from clerk_app.ui.commands import Commands, tooltip
from clerk_app.ui.theme import Theme

_Layout = TypeVar("_Layout", QVBoxLayout, QHBoxLayout)


def label(text: str = "", role: str = "", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """A label that never takes text for markup. ``role`` is one of the stylesheet's."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    if role:
        made.setProperty("role", role)
    if wrap:
        made.setWordWrap(True)
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return made


def clearable(field: QLineEdit) -> None:
    """A button in the field that empties it, with a name: Qt's own has none."""
    field.setClearButtonEnabled(True)
    for button in field.findChildren(QAbstractButton):
        button.setAccessibleName(_("Feld leeren"))


def restyle(widget: QWidget, name: str, value: str) -> None:
    """Sets a property the stylesheet looks at."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def hairline() -> QFrame:
    """A thin line between sections."""
    line = QFrame()
    line.setProperty("area", "line")
    line.setFixedHeight(1)
    return line


def column(*, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 0) -> QVBoxLayout:
    """A vertical layout."""
    return _shaped(QVBoxLayout(), margins, spacing)


def row(*, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 0) -> QHBoxLayout:
    """A horizontal layout."""
    return _shaped(QHBoxLayout(), margins, spacing)


def _shaped(layout: _Layout, margins: tuple[int, int, int, int], spacing: int) -> _Layout:
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    return layout


class ElidedLabel(QLabel):
    """One line that is cut at its end when there is no room; the whole text is its tooltip."""

    def __init__(self, role: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._full = ""
        if role:
            self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_full_text(self, text: str) -> None:
        """The text to show as far as it fits."""
        self._full = " ".join(text.split())
        self.setAccessibleName(self._full)
        self.updateGeometry()
        self._fit()

    def full_text(self) -> str:
        """The whole text."""
        return self._full

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(self._full) + 2, hint.height())

    def minimumSizeHint(self) -> QSize:
        """May be cut down to a few letters."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cuts again."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, self.width())
        if shown != self.text():
            self.setText(shown)
        self.setToolTip(tooltip(self._full, None) if shown != self._full else "")


class Badge(QLabel):
    """A word on a coloured ground."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_word(self, word: str, role: str) -> None:
        """``role`` is info, ok, warn, bad or neu."""
        restyle(self, "badge", role)
        self.setText(word)
        self.setVisible(bool(word))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The word with its padding, whether or not the style was applied before."""
        self.ensurePolished()
        metrics = self.fontMetrics()
        pad = metrics.height() // 2
        return QSize(metrics.horizontalAdvance(self.text()) + 2 * pad + 4, metrics.height() + pad // 2 + 4)


class _IconFollower(QObject):
    """Gives a button its icon again whenever the look changes."""

    def __init__(self, button: QAbstractButton, theme: Theme, name: str, role: str, size: int) -> None:
        super().__init__(button)
        self._button, self._theme = button, theme
        self._name, self._role, self._size = name, role, size
        theme.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        theme = self._theme
        self._button.setIcon(theme.icon(self._name, self._role, self._size))
        self._button.setIconSize(QSize(theme.px(self._size), theme.px(self._size)))


def follow_icon(button: QAbstractButton, theme: Theme, name: str, role: str = "text", size: int = 18) -> None:
    """An icon in the theme's colours."""
    _IconFollower(button, theme, name, role, size)


class IconLabel(QLabel):
    """A small picture from the icon set."""

    def __init__(self, theme: Theme, name: str = "", role: str = "muted", size: int = 16) -> None:
        super().__init__()
        self._theme, self._name, self._role, self._size = theme, name, role, size
        theme.changed.connect(self.refresh)
        self.refresh()

    def show_icon(self, name: str, role: str) -> None:
        """Another picture."""
        self._name, self._role = name, role
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Paints it in the colours in force."""
        self.setFixedSize(self._theme.px(self._size), self._theme.px(self._size))
        if self._name:
            self.setPixmap(self._theme.pixmap(self._name, self._role, self._size))
        else:
            self.clear()


class CommandButton(QPushButton):
    """A button for a command of the registry: same words, same greying, same reason."""

    def __init__(
        self, commands: Commands, theme: Theme, command_id: str, kind: str = "", *, text: str | None = None
    ) -> None:
        super().__init__()
        self._commands, self._command_id, self._text = commands, command_id, text
        if kind:
            self.setProperty("kind", kind)
        command = commands.get(command_id)
        if command.icon:
            follow_icon(self, theme, command.icon, "onact" if kind == "primary" else "text")
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._run)
        commands.action(command_id).changed.connect(self._follow)
        self._follow()

    def show_text(self, text: str | None) -> None:
        """Other words than the command's; None: its own again."""
        self._text = text
        self._follow()

    @Slot()
    def _run(self) -> None:
        self._commands.run(self._command_id)

    @Slot()
    def _follow(self) -> None:
        action = self._commands.action(self._command_id)
        words = self._text if self._text is not None else self._commands.get(self._command_id).label
        spaced = f" {words}" if words and not self.icon().isNull() else words
        if self.text() != spaced:
            self.setText(spaced)
            self.setAccessibleName(words or self._commands.get(self._command_id).label)
        self.setEnabled(action.isEnabled())
        self.setToolTip(action.toolTip())
        self.setAccessibleDescription(action.statusTip())


def tool_button(
    theme: Theme, icon: str, name: str, clicked: Callable[[], object] | None = None, text: str = ""
) -> QPushButton:
    """A flat button with an icon and an accessible name."""
    button = QPushButton(text)
    button.setProperty("kind", "flat")
    if icon:
        follow_icon(button, theme, icon, "text", 18)
    button.setAccessibleName(name)
    button.setToolTip(tooltip(name, None))
    if clicked is not None:
        button.clicked.connect(lambda _checked=False: clicked())
    return button
