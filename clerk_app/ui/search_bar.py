"""Suchfeld: one search in two views, as text and as chips, with what is wrong with it said below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from clerk_app.domain.search_terms import Search, SearchKey, SearchTerm, parse
from clerk_app.texts import N_, _
from clerk_app.texts.search_words import problem_sentence, term_words
from clerk_app.ui.reflow import WrappingRow
from clerk_app.ui.search_completer import SearchCompleter
from clerk_app.ui.widgets import clearable, column, label, row
from clerk_app.ui.workbench import Workbench

TYPING_MS = 120
_TAKE_OUT = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
#: Filters that are always one click away, and how they are written.
QUICK = (
    (N_("Ungelesen"), "ist:ungelesen"),
    (N_("Frist < 7 Tage"), "frist:<7t"),
    (N_("Mit Anlagen"), "hat:anlage"),
)


class TermChip(QPushButton):
    """A condition of the search; pressing it, or Delete on it, takes it out."""

    def __init__(self, term: SearchTerm) -> None:
        super().__init__(term_words(term))
        self.setProperty("kind", "chip")
        self.setAccessibleName(_("{term}, aus der Suche nehmen").format(term=self.text()))
        self.setToolTip(_("Aus der Suche nehmen"))
        self.setText(f"{self.text()}  ×")

    def event(self, event: QEvent) -> bool:
        """The keys that take it out are no shortcuts while it has the focus."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _TAKE_OUT
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Backspace take it out as Space does."""
        if event.key() in _TAKE_OUT:
            self.click()
            return
        super().keyPressEvent(event)


class SearchBar(QWidget):
    """Field, chips and hint. ``changed``: another search can be asked; ``committed``: Enter in the field.

    While something in the field is not understood, ``text`` stays what it was: results stay, too.
    """

    changed = Signal()
    committed = Signal()

    def __init__(self, bench: Workbench, beside: QWidget) -> None:
        super().__init__()
        self._bench = bench
        self._search = Search()
        self._said = ""  # the last search that could be asked
        self.field = QLineEdit()
        clearable(self.field)
        self._icon = QAction(self)
        self.field.addAction(self._icon, QLineEdit.ActionPosition.LeadingPosition)
        self.completer = SearchCompleter(self.field)
        line = row(spacing=6)
        line.addWidget(self.field, 1)
        line.addWidget(beside)
        self._quick = [QPushButton() for _at in QUICK]
        self._chips: list[QWidget] = []
        self._wrap = WrappingRow((0, 0, 0, 0), 6)
        for at, chip in enumerate(self._quick):
            chip.setCheckable(True)
            chip.setProperty("kind", "chip")
            chip.clicked.connect(lambda _on=False, at=at: self._toggle(at))
            self._wrap.addWidget(chip)
        self.hint = label("", "muted", wrap=True)
        self.hint.hide()
        self.note = label("", "muted", wrap=True)
        self.note.hide()
        layout = column(spacing=8)
        layout.addLayout(line)
        layout.addWidget(self.hint)
        layout.addWidget(self.note)
        layout.addLayout(self._wrap)
        self.setLayout(layout)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self.settle)
        self.field.textChanged.connect(self._typed)
        self.field.returnPressed.connect(self._enter)
        bench.theme.changed.connect(self._dress)
        self.retranslate()
        self._dress()

    @property
    def text(self) -> str:
        """The last search that could be understood."""
        return self._said

    @property
    def looks_into_attachments(self) -> bool:
        """Whether the text of attachments matters for what is found."""
        wanted = (SearchKey.WORDS, SearchKey.CONTENT)
        return any(term.key in wanted for term in self._search.terms)

    def show_note(self, words: str) -> None:
        """What there is to know about the results."""
        self.note.setText(words)
        self.note.setVisible(bool(words))

    @property
    def filled(self) -> bool:
        """Whether anything stands in the field."""
        return bool(self.field.text().strip())

    def set_text(self, text: str) -> None:
        """Puts a search into the field; it counts at once."""
        self.field.setText(text)
        self._typing.stop()
        self._read()
        self._said = self._search.text() if self._search.usable else self._said

    def retranslate(self) -> None:
        """Words in the language in force."""
        self.field.setPlaceholderText(_("Suchen: Name, Az, Leistung …"))
        self.field.setAccessibleName(_("Vorgänge suchen"))
        for chip, (words, _written) in zip(self._quick, QUICK, strict=True):
            chip.setText(_(words))

    @Slot()
    def settle(self) -> None:
        """What was typed counts now."""
        self._typing.stop()
        self._read()
        if self._search.usable and self._search.text() != self._said:
            self._said = self._search.text()
            self.changed.emit()

    @Slot()
    def _typed(self) -> None:
        self._typing.start()

    @Slot()
    def _enter(self) -> None:
        self.settle()
        if self._search.usable:
            self.committed.emit()

    def _toggle(self, at: int) -> None:
        self._read()
        written = QUICK[at][1]
        place = self._search.holds(written)
        text = self.field.text().strip()
        self.field.setText(
            f"{text} {written}".strip() if place is None else self._search.without(place).text()
        )
        self.settle()

    def _remove(self, chip: QWidget, place: int) -> None:
        at = self._chips.index(chip)
        self.field.setText(self._search.without(place).text())
        self.settle()
        buttons = [each for each in self._chips if isinstance(each, TermChip)]
        stop: QWidget = buttons[min(at, len(buttons) - 1)] if buttons else self.field
        stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self) -> None:
        before = self._search
        self._search = parse(self.field.text(), self._bench.today())
        for chip, (_words, written) in zip(self._quick, QUICK, strict=True):
            chip.setChecked(self._search.holds(written) is not None)
        if before.groups != self._search.groups:
            self._fill_chips()
        self._show_hint()

    def _show_hint(self) -> None:
        problems = self._search.problems
        words = problem_sentence(problems[0]) if problems else ""
        if not self._search.usable:
            words += " " + _("Die Liste zeigt noch die vorige Suche.")
        self.hint.setText(words)
        self.hint.setVisible(bool(words))
        self.field.setAccessibleDescription(words)

    def _fill_chips(self) -> None:
        for chip in self._chips:
            self._wrap.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips.clear()
        quick = {self._search.holds(written) for _words, written in QUICK}
        place = 0
        for group in self._search.groups:
            for at, term in enumerate(group):
                told = term.key is not SearchKey.WORDS or term.negative or term.exact or len(group) > 1
                if told and place not in quick:
                    if at:
                        self._put(label(_("oder"), "muted"))
                    chip = TermChip(term)
                    chip.clicked.connect(lambda _on=False, chip=chip, place=place: self._remove(chip, place))
                    self._put(chip)
                place += 1

    def _put(self, chip: QPushButton | QLabel) -> None:
        self._chips.append(chip)
        self._wrap.addWidget(chip)
        chip.show()

    @Slot()
    def _dress(self) -> None:
        self._icon.setIcon(self._bench.theme.icon("search", "muted", 18))
