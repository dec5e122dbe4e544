"""Formulierungshilfe below a text field: what could be plainer, underlined and one key away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QTextEdit, QWidget

from clerk_app.domain.errors import ClerkError
from clerk_app.domain.ids import CaseId
from clerk_app.domain.wording_hints import HintKind, WordingHint
from clerk_app.texts import _, ngettext
from clerk_app.texts.wording_words import hint_sentence
from clerk_app.ui.widgets import column, label, row, tool_button
from clerk_app.ui.workbench import Workbench

TYPING_MS = 600
_MOST_ROWS = 6


class WordingHints(QWidget):
    """Watches one text field. Folded to one line until somebody wants to see more.

    ``case`` names the case the text is written for, None while there is none.
    """

    shown_changed = Signal()

    def __init__(self, bench: Workbench, edit: QPlainTextEdit, case: Callable[[], CaseId | None]) -> None:
        super().__init__()
        self._bench, self._edit, self._case = bench, edit, case
        self.hints: tuple[WordingHint, ...] = ()
        self._looked_at = ""
        self._key = f"wording-{id(self)}"
        self.fold = QPushButton()
        self.fold.setProperty("kind", "flat")
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._show_rows)
        self._rows = column(spacing=2)
        lines = column(spacing=2)
        lines.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        lines.addLayout(self._rows)
        self.setLayout(lines)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self.look)
        edit.textChanged.connect(self._typing.start)
        edit.selectionChanged.connect(self.shown_changed)
        bench.theme.changed.connect(self._underline)
        self.hide()

    @Slot()
    def look(self) -> None:
        """Looks through the text now."""
        self._typing.stop()
        text, case_id = self._edit.toPlainText(), self._case()
        if not text.strip():
            self._take(text, ())
            return
        self._bench.worker.submit(
            lambda desk: desk.wording.hints(text, case_id),
            lambda hints: self._take(text, hints),
            self._not_looked,
            key=self._key,
        )

    def _not_looked(self, _error: ClerkError) -> None:
        """A help that cannot help keeps quiet: the letter does not depend on it."""
        self._take(self._edit.toPlainText(), ())

    def _take(self, text: str, hints: tuple[WordingHint, ...]) -> None:
        if text != self._edit.toPlainText():
            return  # typed on: the next look is on its way
        self.hints, self._looked_at = hints, text
        count = len(hints)
        words = ngettext("Formulierung: {count} Hinweis", "Formulierung: {count} Hinweise", count)
        self.fold.setText(words.format(count=count))
        self.setVisible(bool(hints))
        self._underline()
        self._show_rows()
        self.shown_changed.emit()

    # going through them

    def why_none(self) -> str | None:
        """Why there is nothing to go to, or None."""
        return None if self.hints else _("Zum Wortlaut gibt es keinen Hinweis.")

    def go_to_next(self) -> None:
        """Marks the next hint's words after the cursor, from the beginning again at the end."""
        if not self.hints or self._edit.toPlainText() != self._looked_at:
            return
        at = self._edit.textCursor().selectionEnd()
        self.go_to(next((each for each in self.hints if each.start >= at), self.hints[0]))

    def go_to(self, hint: WordingHint) -> None:
        """Marks a hint's words and says what it is about."""
        self._edit.setTextCursor(self._cursor(hint))
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)
        advice = " → " + " / ".join(hint.suggestions) if hint.suggestions else ""
        self._bench.say(hint_sentence(hint) + advice)

    def chosen(self) -> WordingHint | None:
        """The hint whose words are marked now."""
        cursor = self._edit.textCursor()
        marked = (cursor.selectionStart(), cursor.selectionEnd())
        units = (
            (_units(self._looked_at, each.start), _units(self._looked_at, each.end)) for each in self.hints
        )
        return next((each for each, place in zip(self.hints, units, strict=True) if place == marked), None)

    def why_not_apply(self) -> str | None:
        """Why no suggestion can be taken over, or None."""
        hint = self.chosen()
        if hint is None:
            return self.why_none() or _("Erst mit F7 zu einem Hinweis springen.")
        return None if hint.suggestions else _("Zu diesem Hinweis gibt es keinen Vorschlag.")

    def apply(self, hint: WordingHint | None = None, suggestion: str | None = None) -> None:
        """Puts a suggestion in the place of a hint's words; the field's own undo takes it back."""
        hint = hint or self.chosen()
        if hint is None or not hint.suggestions or self._edit.toPlainText() != self._looked_at:
            return
        cursor = self._cursor(hint)
        cursor.insertText(suggestion or hint.suggestions[0])
        self._edit.setTextCursor(cursor)
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.look()

    def _cursor(self, hint: WordingHint) -> QTextCursor:
        cursor = self._edit.textCursor()
        cursor.setPosition(_units(self._looked_at, hint.start))
        cursor.setPosition(_units(self._looked_at, hint.end), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    # what is seen

    @Slot()
    def _underline(self) -> None:
        marks = []
        for hint in self.hints:
            if hint.kind is HintKind.LONG_SENTENCE:
                continue  # a whole sentence underlined is harder to read, not easier
            mark = QTextEdit.ExtraSelection()
            form = QTextCharFormat()
            form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
            form.setUnderlineColor(self._bench.theme.color("warn"))
            mark.format = form
            mark.cursor = self._cursor(hint)
            marks.append(mark)
        self._edit.setExtraSelections(marks)

    @Slot()
    def _show_rows(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if not self.fold.isChecked():
            return
        for hint in self.hints[:_MOST_ROWS]:
            self._rows.addWidget(self._line(hint))
        more = len(self.hints) - _MOST_ROWS
        if more > 0:
            words = ngettext("und {count} weiterer (F7)", "und {count} weitere (F7)", more)
            self._rows.addWidget(label(words.format(count=more), "muted"))

    def _line(self, hint: WordingHint) -> QWidget:
        advice = f" → {hint.suggestions[0]}" if hint.suggestions else ""
        line = row(spacing=2)
        line.addWidget(label(hint_sentence(hint) + advice, "muted", wrap=True), 1)
        theme, top = self._bench.theme, Qt.AlignmentFlag.AlignTop
        if hint.suggestions:
            words = _("Übernehmen: {words}").format(words=hint.suggestions[0])
            line.addWidget(tool_button(theme, "check", words, lambda: self.apply(hint)), 0, top)
        words = _("Zeigen: {hint}").format(hint=hint_sentence(hint))
        line.addWidget(tool_button(theme, "forward", words, lambda: self.go_to(hint)), 0, top)
        made = QWidget()
        made.setLayout(line)
        return made


def _units(text: str, at: int) -> int:
    """A place in ``text`` as Qt counts it: in UTF-16 units."""
    return len(text[:at].encode("utf-16-le", "surrogatepass")) // 2
