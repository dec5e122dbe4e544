"""Zeilen: texts in a list. Enter adds one, Backspace removes an empty one, Alt with an arrow moves one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QSizePolicy, QWidget

from clerk_app.texts import _
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import column, label, row, tool_button

_UP, _DOWN = Qt.Key.Key_Up, Qt.Key.Key_Down


class GrowingEdit(QPlainTextEdit):
    """A plain text field as high as its text, within limits. In a list (``listed``) Enter is for the list and
    Shift+Enter starts a new line."""

    entered = Signal()
    emptied = Signal()
    moved = Signal(int)

    def __init__(self, *, least: int = 1, most: int = 8, listed: bool = True) -> None:
        super().__init__()
        self._least, self._most, self._listed = least, most, listed
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._fit)

    def event(self, event: QEvent) -> bool:
        """Alt with an arrow is for the list here, not for the window's commands."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._moves(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def _moves(self, event: QKeyEvent) -> bool:
        return (
            self._listed
            and event.key() in (_UP, _DOWN)
            and bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Backspace and Alt with an arrow work on the list, everything else on the text."""
        key, held = event.key(), event.modifiers()
        if not self._listed:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self.entered.emit()
        elif key == Qt.Key.Key_Backspace and not self.toPlainText():
            self.emptied.emit()
        elif self._moves(event):
            self.moved.emit(-1 if key == _UP else 1)
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Room for the lines there are."""
        return QSize(super().sizeHint().width(), self._height())

    def minimumSizeHint(self) -> QSize:
        """May be narrow, never lower than its lines."""
        return QSize(80, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other widths break the lines elsewhere."""
        super().resizeEvent(event)
        self._fit()

    def _height(self) -> int:
        lines = min(self._most, max(self._least, round(self.document().size().height())))
        frame = self.height() - self.viewport().height() if self.isVisible() else 2 * self.frameWidth() + 12
        inside = round(2 * self.document().documentMargin())
        return lines * self.fontMetrics().lineSpacing() + inside + max(0, frame)

    @Slot()
    def _fit(self) -> None:
        long = self.document().size().height() > self._most
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if long else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if self.verticalScrollBarPolicy() != policy:
            self.setVerticalScrollBarPolicy(policy)
        if self.height() != self._height():
            self.updateGeometry()


class _Row(QWidget):
    """One text with its number and the button that removes it."""

    def __init__(self, theme: Theme, remove: Callable[[], None]) -> None:
        super().__init__()
        self.number = QLabel()
        self.number.setTextFormat(Qt.TextFormat.PlainText)
        self.number.setProperty("role", "muted")
        self.number.setContentsMargins(0, theme.px(8), 0, 0)  # level with the text beside it
        self.edit = GrowingEdit()
        self.remove = tool_button(theme, "close", _("Entfernen"), remove)
        line = row(spacing=6)
        line.addWidget(self.number, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.edit, 1)
        line.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(line)

    def count(self, at: int, noun: str) -> None:
        """Shows its place in the list, counted from 0."""
        self.number.setText(f"{at + 1}.")
        self.edit.setAccessibleName(_("{what} {number}").format(what=noun, number=at + 1))
        self.remove.setAccessibleName(_("{what} {number} entfernen").format(what=noun, number=at + 1))


class ItemRows(QWidget):
    """Texts one below the other under a heading. ``noun`` names one of them."""

    changed = Signal()

    def __init__(self, theme: Theme, title: str, noun: str) -> None:
        super().__init__()
        self._theme, self._noun = theme, noun
        self.rows: list[_Row] = []
        self.add_button: QPushButton = tool_button(
            theme, "add", _("{what} hinzufügen").format(what=noun), self.add, _("Hinzufügen")
        )
        head = row()
        head.addWidget(label(title, "section"))
        head.addStretch(1)
        head.addWidget(self.add_button)
        self._lines = column(spacing=4)
        whole = column(spacing=4)
        whole.addLayout(head)
        whole.addLayout(self._lines)
        self.setLayout(whole)

    def texts(self) -> tuple[str, ...]:
        """What is filled in, in order."""
        typed = (each.edit.toPlainText().strip() for each in self.rows)
        return tuple(text for text in typed if text)

    def set_texts(self, texts: Iterable[str]) -> None:
        """Shows these texts; says nothing of it."""
        for each in list(self.rows):
            self._take_out(each)
        for text in texts:
            made = self._put_in(len(self.rows))
            made.edit.blockSignals(True)
            made.edit.setPlainText(text)
            made.edit.blockSignals(False)
        self._count()

    def add(self) -> None:
        """A new text at the end, ready to be typed; an empty one that is there already is used."""
        empty = next((each for each in self.rows if not each.edit.toPlainText().strip()), None)
        made = empty or self._put_in(len(self.rows))
        self._count()
        made.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def reveal(self, words: str) -> bool:
        """Puts the focus on these words, marked; False when they stand nowhere here."""
        return any(reveal(each.edit, words) for each in self.rows)

    def _put_in(self, at: int) -> _Row:
        made = _Row(self._theme, lambda: self._remove(made))
        made.edit.textChanged.connect(self.changed)
        made.edit.entered.connect(lambda: self._add_below(made))
        made.edit.emptied.connect(lambda: self._remove(made))
        made.edit.moved.connect(lambda by: self._move(made, by))
        self.rows.insert(at, made)
        self._lines.insertWidget(at, made)
        return made

    def _add_below(self, above: _Row) -> None:
        if not above.edit.toPlainText().strip():
            return
        made = self._put_in(self.rows.index(above) + 1)
        self._count()
        made.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self, gone: _Row) -> None:
        at = self.rows.index(gone)
        near = self.rows[at - 1] if at else (self.rows[1] if len(self.rows) > 1 else None)
        (near.edit if near else self.add_button).setFocus(Qt.FocusReason.OtherFocusReason)
        self._take_out(gone)
        self._count()
        self.changed.emit()

    def _take_out(self, gone: _Row) -> None:
        self.rows.remove(gone)
        self._lines.removeWidget(gone)
        gone.hide()
        gone.deleteLater()

    def _move(self, moved: _Row, by: int) -> None:
        at = self.rows.index(moved)
        to = at + by
        if not 0 <= to < len(self.rows):
            return
        self.rows.insert(to, self.rows.pop(at))
        self._lines.removeWidget(moved)
        self._lines.insertWidget(to, moved)
        self._count()
        moved.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _count(self) -> None:
        for at, each in enumerate(self.rows):
            each.count(at, self._noun)
        before: QWidget = self.add_button
        for each in self.rows:
            QWidget.setTabOrder(before, each.edit)
            QWidget.setTabOrder(each.edit, each.remove)
            before = each.remove


def reveal(edit: QPlainTextEdit, words: str) -> bool:
    """Puts the focus on these words in a text field, marked; False when they do not stand there."""
    at = edit.toPlainText().find(words)
    if at < 0 or not words:
        return False
    cursor = edit.textCursor()
    cursor.setPosition(at)
    cursor.setPosition(at + len(words), QTextCursor.MoveMode.KeepAnchor)
    edit.setTextCursor(cursor)
    edit.setFocus(Qt.FocusReason.OtherFocusReason)
    return True
