"""Suchleiste: finds words in what stands on the page, hit by hit."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QWidget

from clerk_app.texts import _, formats
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import clearable, label, restyle, row, tool_button

TYPING_MS = 120


class Searchable(Protocol):
    """What can be searched. ``show_hit`` counts from 0."""

    def search(self, words: str) -> int:
        """Marks every hit; how many there are."""
        ...

    def show_hit(self, at: int) -> None:
        """Brings one of them into sight."""
        ...

    def end_search(self) -> None:
        """No more marks."""
        ...


class FindBar(QFrame):
    """Hidden until opened. ``closed`` comes when it goes away again."""

    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("area", "bar")
        self._target: Searchable | None = None
        self._count = 0
        self._at = -1
        self._came_from: QWidget | None = None
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("Auf dieser Seite suchen"))
        self.field.setAccessibleName(_("Auf dieser Seite suchen"))
        clearable(self.field)
        self.words = label("", "muted")
        self.back = tool_button(theme, "chevron_left", _("Voriger Treffer"), lambda: self.step(-1))
        self.forth = tool_button(theme, "chevron_right", _("Nächster Treffer"), lambda: self.step(1))
        self._close = tool_button(theme, "close", _("Suche schließen"), self.end)
        line = row(margins=(20, 6, 8, 6), spacing=4)
        line.addWidget(self.field, 1)
        line.addSpacing(4)
        line.addWidget(self.words)
        for button in (self.back, self.forth, self._close):
            line.addWidget(button)
        self.setLayout(line)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._search)
        self.field.textChanged.connect(self._typed)
        self.hide()

    def begin(self, target: Searchable | None) -> None:
        """Opens the bar for what is in sight; the words of last time stand there, marked."""
        if not self.isVisible():
            self._came_from = QApplication.focusWidget()
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self.turn_to(target)

    def turn_to(self, target: Searchable | None) -> None:
        """Something else is in sight: the same words are looked for there."""
        if self._target is not None and self._target is not target:
            self._target.end_search()
        self._target = target
        if self.isVisible():
            self._search()

    def search_again(self) -> None:
        """What is in sight says something else now: the marks are put anew, the place stays."""
        if self.isVisible():
            self._typing.stop()
            self._count = self._target.search(self.field.text()) if self._target is not None else 0
            fresh, self._at = self._at < 0, min(max(self._at, 0), self._count - 1)
            if fresh and self._count and self._target is not None:
                self._target.show_hit(0)  # what is searched has only just come
            self._say()

    def step(self, by: int) -> None:
        """The next or previous hit, round and round."""
        if self._typing.isActive():
            self._search()  # the first hit of what was typed just now
        elif self._count and self._target is not None:
            self._at = (self._at + by) % self._count
            self._target.show_hit(self._at)
            self._say()

    def end(self) -> None:
        """Away with bar and marks; the focus goes back to where it came from."""
        if not self.isVisible():
            return
        self._typing.stop()
        if self._target is not None:
            self._target.end_search()
        came_from, self._came_from = self._came_from, None
        self.hide()
        self.closed.emit()
        if came_from is not None and came_from.isVisible():
            came_from.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """Another case: nobody looks for the old words there."""
        self._came_from = None
        self._typing.stop()
        self.hide()
        self.field.clear()
        self._typing.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, Shift+Enter back; from an arrow key on it is reading again."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.step(-1 if back else 1)
            event.accept()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _typed(self) -> None:
        self._typing.start()

    @Slot()
    def _search(self) -> None:
        self._typing.stop()
        self._count = self._target.search(self.field.text()) if self._target is not None else 0
        self._at = 0 if self._count else -1
        if self._count and self._target is not None:
            self._target.show_hit(0)
        self._say()

    def _say(self) -> None:
        typed = bool(self.field.text().strip())
        if self._target is None:
            words = _("hier gibt es nichts zu durchsuchen")
        elif not typed:
            words = ""
        elif not self._count:
            words = _("nichts gefunden")
        else:
            words = _("{at} von {all}").format(at=self._at + 1, all=formats.number(self._count))
        self.words.setText(words)
        restyle(self.words, "role", "bad" if typed and not self._count else "muted")
        for button in (self.back, self.forth):
            button.setEnabled(self._count > 0)
