"""Completes the word at the cursor of the search field: keys, and what may stand behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget

from clerk_app.domain.search_form import folded
from clerk_app.domain.search_terms import KEYS, VALUES, SearchKey
from clerk_app.texts import _

_FEWEST_LETTERS = 2  # of a key; one letter is the beginning of any name
_MOST = 12


def proposals(text: str, cursor: int, known: Mapping[SearchKey, Sequence[str]]) -> list[str]:
    """What the word before the cursor could become, best first. ``known``: values met in this office."""
    word = text[word_start(text, cursor) : cursor]
    minus, rest = ("-", word[1:]) if word.startswith("-") else ("", word)
    spelled, colon, value = rest.partition(":")
    if not colon:
        if len(rest) < _FEWEST_LETTERS:
            return []
        return [
            f"{minus}{key.value}:" for key in SearchKey if key.value and key.value.startswith(rest.lower())
        ]
    key = KEYS.get(spelled.lower())
    if key is None:
        return []
    begun = folded(value.strip('"'))
    values = dict.fromkeys([*VALUES.get(key, ()), *known.get(key, ())])
    fitting = [each for each in values if folded(each).startswith(begun)]
    fitting += [each for each in values if begun and begun in folded(each) and each not in fitting]
    found = [f"{minus}{spelled}:{_quoted(each)}" for each in fitting[:_MOST]]
    return [] if found == [word] else found


def word_start(text: str, cursor: int) -> int:
    """Where the word before the cursor begins; a quotation is one word."""
    start, quoted = 0, False
    for at, letter in enumerate(text[:cursor]):
        if letter == '"':
            quoted = not quoted
        elif letter.isspace() and not quoted:
            start = at + 1
    return start


def _quoted(value: str) -> str:
    return f'"{value}"' if any(c.isspace() for c in value) else value


class SearchCompleter(QListWidget):
    """The proposals below the field, which keeps the focus: arrows choose, Enter or Tab takes, Esc sends them
    away. Enter without a choice goes on to the search as if nothing were there."""

    def __init__(self, field: QLineEdit) -> None:
        super().__init__()
        self._field = field
        self.known: Mapping[SearchKey, Sequence[str]] = {}
        self.setProperty("kind", "choices")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Vorschläge"))
        self.hide()
        self.itemClicked.connect(self._take)
        field.textEdited.connect(self.propose)
        field.installEventFilter(self)

    @Slot()
    def propose(self) -> None:
        """Shows what the word at the cursor could become."""
        found = proposals(self._field.text(), self._field.cursorPosition(), self.known)
        self.clear()
        self.addItems(found)
        if not found:
            self.hide()
            return
        window = self._field.window()
        if self.parent() is not window:  # never shown without it: it would be a window of its own
            self.setParent(window)
        width = max(self.sizeHintForColumn(0) + 2 * self.frameWidth() + 12, self._field.width() // 2)
        height = self.sizeHintForRow(0) * min(len(found), _MOST) + 2 * self.frameWidth()
        place = self._field.mapTo(window, self._field.rect().bottomLeft())
        self.setGeometry(place.x(), place.y() + 2, width, min(height, window.height() - place.y() - 8))
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the field while proposals are shown."""
        if not self.isVisible():
            return False
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        elif isinstance(event, QKeyEvent) and event.type() in (
            QEvent.Type.KeyPress,
            QEvent.Type.ShortcutOverride,
        ):
            return self._key(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key, pressed = event.key(), event.type() == QEvent.Type.KeyPress
        chosen = self.currentRow() >= 0
        if key == Qt.Key.Key_Escape:
            event.accept()  # else the shortcut of the same key would take it
            if pressed:
                self.hide()
            return True
        if not pressed:
            return False
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            first = 0 if step > 0 else self.count() - 1
            self.setCurrentRow((self.currentRow() + step) % self.count() if chosen else first)
            words = _("Vorschlag {n} von {all}: {text}")
            self._field.setAccessibleDescription(
                words.format(n=self.currentRow() + 1, all=self.count(), text=self.currentItem().text())
            )
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab) and chosen:
            self._take()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.hide()
        return False

    @Slot()
    def _take(self) -> None:
        text, cursor = self._field.text(), self._field.cursorPosition()
        chosen = self.currentItem().text()
        head = text[: word_start(text, cursor)] + chosen + ("" if chosen.endswith(":") else " ")
        self._field.setText(head + text[cursor:].lstrip())
        self._field.setCursorPosition(len(head))
        self.propose()
