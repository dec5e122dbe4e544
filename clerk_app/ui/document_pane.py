"""Shows one document: its pages as pictures, or its text. The preview's child does the looking inside."""

from __future__ import annotations

from itertools import count

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget

from clerk_app.domain.errors import ClerkError
from clerk_app.texts import _
from clerk_app.texts.errors import sentence
from clerk_app.ui.page_view import PageView
from clerk_app.ui.rendering import PagePicture
from clerk_app.ui.workbench import Workbench

_numbers = count()


def _no_text() -> str:
    return _(
        "In diesem Dokument steht kein lesbarer Text, zum Beispiel weil es ein Scan oder ein Foto ist. "
        "Die Suche in der Anlage findet darin nichts."
    )


class DocumentPane(QStackedWidget):
    """Pages or text of one document. ``turned`` carries (page in sight from 1, number of pages); ``changed``:
    another document; ``text_came``: its text is there; ``refused`` carries why it is not shown (ClerkError).
    """

    turned = Signal(int, int)
    changed = Signal()
    text_came = Signal()
    refused = Signal(object)

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self._name = f"pane-{next(_numbers)}"
        self._content = b""
        self._media_type = ""
        self._generation = 0
        self._lineage = ""
        self._text_read = False
        self.texts: list[str] | None = None  # of each page, once they were read
        self.pages = PageView(bench.theme)
        self.words = QPlainTextEdit()
        self.words.setReadOnly(True)
        self.words.setAccessibleName(_("Text des Dokuments"))
        self.words.setProperty("kind", "raw")
        self.addWidget(self.pages)
        self.addWidget(self.words)
        self.pages.wanted.connect(self._wanted)
        self.pages.turned.connect(self._page_turned)

    def show_document(self, content: bytes, media_type: str, *, keep_place: bool = False) -> None:
        """Shows another document. ``keep_place``: it is a newer state of the one shown."""
        self._show(content, media_type, keep_place=keep_place, lineage="")

    def show_letter(self, pdf: bytes, *, keep_place: bool = False) -> None:
        """Shows a letter that we are writing ourselves: its next state comes fast."""
        self._show(pdf, "application/pdf", keep_place=keep_place, lineage=self._name)

    def _show(self, content: bytes, media_type: str, *, keep_place: bool, lineage: str) -> None:
        self._generation += 1
        self._lineage = lineage
        self._content, self._media_type = content, media_type
        self._text_read = False
        self.texts = None
        self.words.setPlainText("")
        self.pages.begin(keep_place=keep_place)
        self.changed.emit()
        if self.shows_text:
            self.read_text()

    def show_words(self, words: str) -> None:
        """Shows no document but a sentence."""
        self._generation += 1
        self._content = b""
        self._text_read = False
        self.texts = None
        self.words.setPlainText(words)
        self.pages.clear(words)
        self.changed.emit()
        self.turned.emit(0, 0)

    @property
    def content(self) -> bytes:
        """The bytes of the document shown."""
        return self._content

    @property
    def shows_text(self) -> bool:
        """Whether the text stands there in place of the pages."""
        return self.currentWidget() is self.words

    def show_text(self, on: bool) -> None:
        """Text in place of pages, or back."""
        self.setCurrentWidget(self.words if on else self.pages)
        if on:
            self.read_text()

    def read_text(self) -> None:
        """Asks for the text, once; ``text_came`` tells."""
        if self._text_read or not self._content:
            return
        self._text_read = True
        content, generation = self._content, self._generation

        def done(text: str) -> None:
            if generation == self._generation:
                self.texts = text.split("\f")
                told = text.replace("\f", "\n\n").strip()
                self.words.setPlainText(told or _no_text())
                self.text_came.emit()

        def failed(error: ClerkError) -> None:
            if generation == self._generation:
                self.words.setPlainText(sentence(error))

        self._bench.pictures.submit(
            lambda renderer: renderer.text(content), done, failed, key=f"{self._name}-text"
        )

    @Slot(int, int)
    def _wanted(self, number: int, longest_px: int) -> None:
        content, media_type, generation = self._content, self._media_type, self._generation
        lineage = self._lineage
        if not content:
            return

        def done(picture: PagePicture) -> None:
            if generation == self._generation:
                self.pages.show_page(number, picture)
                self._page_turned(self.pages.current_page())

        def failed(error: ClerkError) -> None:
            if generation == self._generation and not self.pages.shown:
                self.pages.clear(sentence(error))
                self.turned.emit(0, 0)
                self.refused.emit(error)

        self._bench.pictures.submit(
            lambda renderer: renderer.page(content, media_type, number, longest_px, lineage=lineage),
            done,
            failed,
            key=f"{self._name}-{number}",
            first=True,  # small pictures of other pages can wait
        )

    @Slot(int)
    def _page_turned(self, number: int) -> None:
        self.turned.emit(number + 1, self.pages.page_count)
