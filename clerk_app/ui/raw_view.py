"""Content nobody here can take apart, shown as it arrived."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit

from clerk_app.texts import _

_MOST_CHARACTERS = 200_000


class RawView(QPlainTextEdit):
    """Rohdaten, read-only, never interpreted."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAccessibleName(_("Inhalt, wie er ankam"))
        self.setProperty("kind", "raw")
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))

    def show_raw(self, text: str) -> None:
        """Shows it, cut where it would only slow the window down."""
        if len(text) > _MOST_CHARACTERS:
            text = text[:_MOST_CHARACTERS] + "\n" + _("… gekürzt; das Ganze liegt unverändert in der Akte.")
        if text != self.toPlainText():
            self.setPlainText(text)
