"""The fields of a letter: kind, addressee of the application, text, day, enclosures, language."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateEdit, QLabel, QPlainTextEdit, QSizePolicy, QWidget

from clerk_app.domain.correspondence import CORRESPONDENCE_KINDS, Correspondence, LetterLanguages
from clerk_app.domain.letter import LetterKind
from clerk_app.texts import _
from clerk_app.ui import labels
from clerk_app.ui.letter_languages import language_options
from clerk_app.ui.letter_model import KINDS, LetterFrame
from clerk_app.ui.widgets import column, label, row
from clerk_app.ui.workbench import Workbench


class LetterForm(QWidget):
    """What a clerk chooses and types. ``changed`` is sent with every change a person made."""

    changed = Signal()

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self._proposed_on: date | None = None
        self._due_chosen = False
        self._wanted_language: str | None = None
        self.kind = QComboBox()
        self.authority = QPlainTextEdit()
        self.text = QPlainTextEdit()
        self.with_due = QCheckBox()
        self.due = QDateEdit()
        self.enclosures = QPlainTextEdit()
        self.language = QComboBox()
        self._build()
        self._show_kind()
        self.kind.currentIndexChanged.connect(self._kind_chosen)
        for field in (self.authority, self.text, self.enclosures):
            field.textChanged.connect(self.changed)
        self.due.dateChanged.connect(self._due_changed)
        self.with_due.toggled.connect(self._due_wanted)
        self.language.currentIndexChanged.connect(self._language_chosen)

    def _build(self) -> None:
        px = self._bench.theme.px
        lines = column(spacing=8)
        for kind in CORRESPONDENCE_KINDS:
            self.kind.addItem(labels.letter(kind), kind)
        self._hint = label("", "muted", wrap=True)
        lines.addWidget(_titled(_("Art des Schreibens"), self.kind))
        lines.addWidget(self.kind)
        lines.addWidget(self._hint)
        self._authority_title = _titled(_("Zuständige Stelle mit Anschrift"), self.authority)
        self._text_title = _titled("", self.text)
        self._due_title = _titled(_("Frist"), self.due)
        self._due_words = label("", "muted", wrap=True)
        self._language_title = _titled(_("Sprache"), self.language)
        for title, field, height in (
            (self._authority_title, self.authority, 52),
            (self._text_title, self.text, 96),
        ):
            field.setTabChangesFocus(True)
            field.setMinimumHeight(px(height))
            lines.addWidget(title)
            lines.addWidget(field, 1 if field is self.text else 0)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._lower = ((self.authority, 52), (self.enclosures, 44))
        lines.addWidget(self._due_title)
        day = row(spacing=8)
        day.addWidget(self.with_due)
        day.addWidget(self.due, 1)
        lines.addLayout(day)
        lines.addWidget(self._due_words)
        self.due.setCalendarPopup(True)
        self.due.setDisplayFormat("dd.MM.yyyy")
        self.enclosures.setTabChangesFocus(True)
        lines.addWidget(_titled(_("Anlagen (eine je Zeile)"), self.enclosures))
        lines.addWidget(self.enclosures)
        lines.addWidget(self._language_title)
        lines.addWidget(self.language)
        self._fields = lines
        self.setLayout(lines)
        self._fit()
        self._bench.theme.changed.connect(self._fit)
        self._offer(LetterLanguages())

    def put_below_text(self, helping: QWidget) -> None:
        """Puts a widget right below the text it helps with."""
        self._fields.insertWidget(self._fields.indexOf(self.text) + 1, helping)

    @Slot()
    def _fit(self) -> None:
        """Two lines are enough for most; the text gets the room."""
        for field, height in self._lower:
            field.setFixedHeight(self._bench.theme.px(height))

    # content

    def fill(self, draft: Correspondence | None) -> None:
        """What was kept. Without a draft nothing is typed and the kind chosen last stays: clerks write the
        same letter many times. Says nothing of it."""
        wanted = draft or Correspondence(self._kind())
        self.blockSignals(True)
        self.choose(wanted.kind)
        self.authority.setPlainText(wanted.authority)
        self.text.setPlainText(wanted.text)
        self.enclosures.setPlainText("\n".join(wanted.enclosures))
        self.with_due.setChecked(wanted.due_on is not None)
        if wanted.due_on is not None:
            self._set_due(wanted.due_on)
        self._due_chosen = wanted.due_on is not None
        self._wanted_language = wanted.language
        self.blockSignals(False)
        self._show_kind()

    def take_frame(self, frame: LetterFrame) -> None:
        """What the office proposes and offers for this case."""
        self._proposed_on = frame.proposed_on
        if not self._due_chosen:
            self._set_due(frame.proposed_on)
        self._offer(frame.languages)
        self._show_kind()

    def wanted(self) -> Correspondence:
        """What is chosen and typed now."""
        kind = self._kind()
        enclosures = (" ".join(line.split()) for line in self.enclosures.toPlainText().splitlines())
        forwards = kind is LetterKind.FORWARDING_NOTICE
        return Correspondence(
            kind,
            self.text.toPlainText().strip(),
            self._due_on(),
            self.authority.toPlainText().strip() if forwards else "",
            tuple(line for line in enclosures if line),
            self.language.currentData(),
        )

    def choose(self, kind: LetterKind) -> None:
        """Another kind of letter."""
        self.kind.setCurrentIndex(CORRESPONDENCE_KINDS.index(kind))

    def _kind(self) -> LetterKind:
        return CORRESPONDENCE_KINDS[max(0, self.kind.currentIndex())]

    def _due_on(self) -> date | None:
        words = KINDS[self._kind()]
        if not words.due or (words.due_optional and not self.with_due.isChecked()):
            return None
        if not words.due_optional and not self._due_chosen:
            return self._proposed_on
        chosen = self.due.date()
        return date(chosen.year(), chosen.month(), chosen.day())

    # what the kind changes

    @Slot()
    def _kind_chosen(self) -> None:
        self._show_kind()
        self.changed.emit()

    @Slot()
    def _language_chosen(self) -> None:
        self._wanted_language = self.language.currentData()
        self.changed.emit()

    def _show_kind(self) -> None:
        kind = self._kind()
        words = KINDS[kind]
        self._hint.setText(_(words.hint))
        self._text_title.setText(_(words.text))
        self.text.setAccessibleName(_(words.text))
        forwards = kind is LetterKind.FORWARDING_NOTICE
        self._authority_title.setVisible(forwards)
        self.authority.setVisible(forwards)
        due = _(words.due) if words.due else ""
        for widget in (self._due_title, self.due, self._due_words):
            widget.setVisible(bool(due))
        self.with_due.setVisible(bool(due) and words.due_optional)
        self._due_title.setText(due)
        for named in (self.due, self.due.lineEdit()):
            named.setAccessibleName(due)
        self.with_due.setText(_("Tag nennen"))
        self.due.setEnabled(not words.due_optional or self.with_due.isChecked())
        self._show_due_words()

    @Slot()
    def _due_changed(self) -> None:
        self._due_chosen = True
        self._show_due_words()
        self.changed.emit()

    @Slot(bool)
    def _due_wanted(self, on: bool) -> None:
        self.due.setEnabled(on)
        self._show_due_words()
        self.changed.emit()

    def _set_due(self, day: date) -> None:
        self.due.blockSignals(True)
        self.due.setDate(QDate(day.year, day.month, day.day))
        self.due.blockSignals(False)

    def _show_due_words(self) -> None:
        due_on = self._due_on()
        if due_on is not None and due_on < self._bench.today():
            self._due_words.setText(_("Dieser Tag ist schon vorbei."))
        elif due_on is None:
            self._due_words.setText(_("Das Schreiben nennt keinen Tag."))
        elif self._due_chosen:
            self._due_words.setText(_("Eigene Frist"))
        else:
            self._due_words.setText(_("Vorschlag nach den Regeln der Leistung und dem Kalender des Landes"))

    def _offer(self, languages: LetterLanguages) -> None:
        """Only where there is a choice is one shown."""
        options = language_options(languages)
        kept = self._wanted_language
        self.language.blockSignals(True)
        self.language.clear()
        for value, words in options:
            self.language.addItem(words, value)
        self.language.setCurrentIndex(next((i for i, (value, _w) in enumerate(options) if value == kept), 0))
        self.language.blockSignals(False)
        several = len(options) > 1
        self.language.setVisible(several)
        self._language_title.setVisible(several)


def _titled(words: str, field: QWidget) -> QLabel:
    made = label(words, "section")
    made.setBuddy(field)
    field.setAccessibleName(words)
    return made
