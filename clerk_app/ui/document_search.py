"""Suche in einem Dokument: hits on its pages and in its text, found in what the preview's child read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from clerk_app.domain.needle import Needle, Span
from clerk_app.ui.document_pane import DocumentPane
from clerk_app.ui.rendering import PageLetters
from clerk_app.ui.workbench import Workbench

_MOST_HITS = 2000
_PAGE_BREAK = "\f"


class DocumentSearch(QObject):
    """Implements ``find_bar.Searchable`` for a pane. ``ready``: the text has come, it can be searched now."""

    ready = Signal()

    def __init__(self, bench: Workbench, pane: DocumentPane) -> None:
        super().__init__(pane)
        self._bench, self._pane = bench, pane
        self._needle = Needle("")
        self._hits: list[tuple[int, int]] = []  # page, and which of its hits
        self._letters: dict[int, PageLetters] = {}
        pane.text_came.connect(self.ready)
        pane.changed.connect(self._forget)

    def search(self, words: str) -> int:
        """See the protocol. Nothing is found before the text has come; then ``ready`` tells."""
        self._needle = Needle(words)
        self._hits = []
        pages = self._pane.texts
        if pages is None:
            if not self._needle.empty:
                self._pane.read_text()
            return 0
        for page, text in enumerate(pages):
            self._hits += [(page, at) for at in range(len(self._needle.spans(text)))]
        del self._hits[_MOST_HITS:]
        self._mark_words()
        return len(self._hits)

    def show_hit(self, at: int) -> None:
        """See the protocol."""
        page, number = self._hits[at]
        self._show_word(at)
        letters = self._letters.get(page)
        if letters is not None:
            self._mark(page, number, letters)
            return
        content, needle = self._pane.content, self._needle

        def done(found: PageLetters) -> None:
            if content is self._pane.content:
                self._letters[page] = found
                if needle is self._needle:
                    self._mark(page, number, found)

        self._pane.pages.show_mark(page, None)
        self._bench.pictures.submit(
            lambda renderer: renderer.letters(content, page), done, lambda _error: None, key=f"letters-{page}"
        )

    def end_search(self) -> None:
        """See the protocol."""
        self._needle, self._hits = Needle(""), []
        self._pane.pages.set_marks({})
        self._pane.words.setExtraSelections([])

    def _forget(self) -> None:
        self._hits, self._letters = [], {}

    def _mark(self, page: int, number: int, letters: PageLetters) -> None:
        places = [places_of(letters, span) for span in self._needle.spans(letters.text)]
        self._pane.pages.set_marks({page: [box for boxes in places for box in boxes]})
        wanted = places[number][0] if number < len(places) and places[number] else None
        self._pane.pages.show_mark(page, wanted)

    def _mark_words(self) -> None:
        document = self._pane.words.document()
        style = QTextCharFormat()
        style.setBackground(self._bench.theme.color("warn_bg"))
        style.setForeground(self._bench.theme.color("text"))
        found = []
        text = document.toPlainText()
        for begin, end in self._needle.spans(text)[:_MOST_HITS]:
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(document)
            cursor.setPosition(_units(text, begin))
            cursor.setPosition(_units(text, end), QTextCursor.MoveMode.KeepAnchor)
            selection.cursor, selection.format = cursor, style
            found.append(selection)
        self._pane.words.setExtraSelections(found)

    def _show_word(self, at: int) -> None:
        marked = self._pane.words.extraSelections()
        if at < len(marked):
            cursor: QTextCursor = marked[at].cursor
            cursor.clearSelection()
            self._pane.words.setTextCursor(cursor)


def places_of(letters: PageLetters, span: Span) -> list[QRectF]:
    """Boxes around some letters, one for each line they stand in."""
    boxes: list[QRectF] = []
    places: Sequence[float] = letters.places
    for at in range(*span):
        left, top, right, bottom = places[4 * at : 4 * at + 4]
        if right <= left or bottom <= top:
            continue  # blanks and line breaks have no place
        box = QRectF(left, top, right - left, bottom - top)
        same_line = boxes and boxes[-1].top() < box.bottom() and box.top() < boxes[-1].bottom()
        if same_line and box.left() >= boxes[-1].left():
            boxes[-1] = boxes[-1].united(box)
        else:
            boxes.append(box)
    return boxes


def _units(text: str, at: int) -> int:
    """Where Qt counts, in UTF-16, what Python counts in letters."""
    return len(text[:at].encode("utf-16-le")) // 2
