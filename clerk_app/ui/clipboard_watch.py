"""Knows whether what lies in the clipboard came from this program, and takes it away again."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QClipboard, QGuiApplication

_MODES = (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)


class ClipboardWatch(QObject):
    """Not every platform says whose the content is; then what was put in while one of our windows was the
    active one counts as ours. What other programs put in is left alone."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._board = QGuiApplication.clipboard()
        self._ours: set[QClipboard.Mode] = set()
        self._board.changed.connect(self.moved)

    @Slot(QClipboard.Mode)
    def moved(self, mode: QClipboard.Mode) -> None:
        """Something else lies in it now."""
        active = QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive
        if active and self._filled(mode):
            self._ours.add(mode)
        else:
            self._ours.discard(mode)

    def empty_ours(self) -> None:
        """Empties what came from us."""
        for mode in _MODES:
            if not self._there(mode):
                continue
            owned = (
                self._board.ownsClipboard()
                if mode is QClipboard.Mode.Clipboard
                else self._board.ownsSelection()
            )
            if owned or mode in self._ours:
                self._board.clear(mode)
        self._ours.clear()

    def _there(self, mode: QClipboard.Mode) -> bool:
        return mode is QClipboard.Mode.Clipboard or self._board.supportsSelection()

    def _filled(self, mode: QClipboard.Mode) -> bool:
        content = self._board.mimeData(mode)
        return content is not None and bool(content.formats())
