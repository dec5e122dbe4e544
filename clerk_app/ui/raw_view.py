"""Rohdaten: what arrived, as it arrived, with the checksum of the original bytes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from clerk_app.domain.needle import Needle, Span
from clerk_app.texts import _, formats
from clerk_app.ui.dossier import RawForm
from clerk_app.ui.theme import Theme

_MOST_CHARACTERS = 200_000
_MOST_MARKS = 1_000


class RawView(QPlainTextEdit):
    """Read-only, never interpreted."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._text = ""
        self._hits: list[Span] = []  # as Qt counts
        self._at_hand = -1
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(_("Inhalt, wie er ankam"))
        self.setProperty("kind", "raw")
        theme.changed.connect(self._dress)
        self._dress()

    def show_raw(self, text: str) -> None:
        """Shows it, cut where it would only slow the window down; the same text is left alone."""
        text = text.replace("\r\n", "\n")  # two signs there would be one here, and every place be wrong
        if len(text) > _MOST_CHARACTERS:
            text = text[:_MOST_CHARACTERS] + "\n" + _("… gekürzt; das Ganze liegt unverändert in der Akte.")
        if text != self._text:
            self.end_search()
            self._text = text
            self.setPlainText(text)

    def search(self, words: str) -> int:
        """See Searchable."""
        self._hits, self._at_hand = _as_qt_counts(self._text, Needle(words).spans(self._text)), -1
        self._mark()
        return len(self._hits)

    def show_hit(self, at: int) -> None:
        """See Searchable."""
        self._at_hand = at
        self.setTextCursor(self._cursor(self._hits[at], keep=False))
        self.centerCursor()
        self._mark()

    def end_search(self) -> None:
        """See Searchable."""
        self._hits, self._at_hand = [], -1
        self._mark()

    def _dress(self) -> None:
        # the interface's font, no typewriter's: no other shows every name, and it follows the text size
        self.setFont(self._theme.font(12))
        self._mark()

    def _mark(self) -> None:
        first = max(0, self._at_hand - _MOST_MARKS // 2)
        marks = []
        for at in range(first, min(len(self._hits), first + _MOST_MARKS)):
            mark = QTextEdit.ExtraSelection()
            mark.cursor = self._cursor(self._hits[at], keep=True)
            ground, color = ("act", "onact") if at == self._at_hand else ("warn_bg", "text")
            mark.format = _look(self._theme.color(ground), self._theme.color(color))
            marks.append(mark)
        self.setExtraSelections(marks)

    def _cursor(self, span: Span, *, keep: bool) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(span[0])
        if keep:
            cursor.setPosition(span[1], QTextCursor.MoveMode.KeepAnchor)
        return cursor


def raw_words(forms: Sequence[RawForm]) -> str:
    """Contents one below the other, each under what is known of its original bytes."""
    parts = []
    for form in forms:
        facts = [
            _("Eingegangen {moment}, {type}, {size}").format(
                moment=formats.moment(form.arrived_at),
                type=form.media_type,
                size=formats.size(form.size_bytes),
            ),
            _("Datenschema: {uri}").format(uri=form.schema_uri or _("nicht angegeben")),
            _("SHA-512 der Originaldaten: {hash}").format(hash=form.sha512),
        ]
        parts.append("\n".join((*facts, "", form.text)))
    return "\n\n\n".join(parts)


def _as_qt_counts(text: str, spans: Sequence[Span]) -> list[Span]:
    """Qt counts UTF-16 code units."""
    if text.isascii():
        return list(spans)
    found, at, units = [], 0, 0
    for begin, end in spans:
        units += _units(text[at:begin])
        length = _units(text[begin:end])
        found.append((units, units + length))
        units += length
        at = end
    return found


def _look(ground: QColor, color: QColor) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setBackground(ground)
    look.setForeground(color)
    return look


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
