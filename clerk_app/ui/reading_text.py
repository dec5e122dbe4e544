"""A text as one document with real headings, for eyes and screen readers alike. Made of plain text, whatever
stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import (
    QKeyEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextListFormat,
)
from PySide6.QtWidgets import QTextEdit

from clerk_app.domain.needle import Needle
from clerk_app.ui.blocks import HEADINGS, Block, BlockKind
from clerk_app.ui.message_bar import announce
from clerk_app.ui.theme import Theme

_LEVELS = {BlockKind.TITLE: 1, BlockKind.HEADING: 2, BlockKind.SUBHEADING: 3}
_LINE = 760  # the longest line, at text size 1


class ReadingText(QTextEdit):
    """Read-only. H and Shift+H go from heading to heading while it has the focus. ``at_heading`` carries the
    number of the heading that was gone to."""

    at_heading = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._blocks: tuple[Block, ...] = ()
        self._words = ""
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self.setProperty("kind", "reading")
        self.setLineWrapMode(QTextEdit.LineWrapMode.FixedPixelWidth)
        theme.changed.connect(self._refresh)

    def show_blocks(self, blocks: Sequence[Block], words: str = "") -> None:
        """Another text, from where one of ``words`` stands first, else its beginning; they are marked."""
        self._blocks, self._words = tuple(blocks), words
        self.setAccessibleName(blocks[0].text if blocks else "")
        self._refresh()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        marks = self.extraSelections()
        if marks:
            cursor = QTextCursor(marks[0].cursor)
            cursor.clearSelection()
            self.setTextCursor(cursor)
            self.ensureCursorVisible()

    def headings(self) -> list[Block]:
        """All headings in order."""
        return [block for block in self._blocks if block.kind in HEADINGS]

    def go_to_heading(self, number: int) -> None:
        """Puts the cursor on a heading and reads it out."""
        places = [at for at, block in enumerate(self._blocks) if block.kind in HEADINGS]
        if not 0 <= number < len(places):
            return
        block = self.document().findBlockByNumber(places[number])
        self.moveCursor(
            QTextCursor.MoveOperation.End
        )  # so that the heading comes to the top, not to the edge
        self.setTextCursor(QTextCursor(block))
        self.ensureCursorVisible()
        announce(self, self._blocks[places[number]].text)
        self.at_heading.emit(number)

    def step_heading(self, by: int) -> None:
        """The next or previous heading from where the cursor is."""
        here = self.textCursor().blockNumber()
        places = [at for at, block in enumerate(self._blocks) if block.kind in HEADINGS]
        after = [n for n, at in enumerate(places) if at > here]
        ahead = [n for n, at in enumerate(places) if at < here]
        found = (after[:1] if by > 0 else ahead[-1:]) or None
        if found:
            self.go_to_heading(found[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the class."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier == Qt.KeyboardModifier.NoModifier
        if event.key() == Qt.Key.Key_H and plain:
            self.step_heading(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines no longer than the eye likes them."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setLineWrapColumnOrWidth(min(self.viewport().width(), self._theme.px(_LINE)))

    @Slot()
    def _refresh(self) -> None:
        if not self._blocks:
            return
        self.clear()
        self.document().setDocumentMargin(self._theme.px(20))
        cursor = QTextCursor(self.document())
        for at, block in enumerate(self._blocks):
            self._write(cursor, block, first=at == 0)
        self._fit()
        self.setExtraSelections([mark for word in self._words.split() for mark in self._marks(Needle(word))])

    def _marks(self, needle: Needle) -> Iterator[QTextEdit.ExtraSelection]:
        block = self.document().begin()
        while block.isValid():
            for start, end in needle.spans(block.text()):
                mark = QTextEdit.ExtraSelection()
                cursor = QTextCursor(block)
                cursor.setPosition(block.position() + start)
                cursor.setPosition(block.position() + end, QTextCursor.MoveMode.KeepAnchor)
                look = QTextCharFormat()
                look.setBackground(self._theme.color("warn_bg"))
                look.setForeground(self._theme.color("text"))
                mark.cursor, mark.format = cursor, look
                yield mark
            block = block.next()

    def _write(self, cursor: QTextCursor, block: Block, *, first: bool) -> None:
        theme = self._theme
        shape, look = QTextBlockFormat(), QTextCharFormat()
        shape.setHeadingLevel(_LEVELS.get(block.kind, 0))
        shape.setTopMargin(0 if first else theme.px(18 if block.kind is BlockKind.HEADING else 6))
        shape.setLineHeight(140, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        size = 18 if block.kind is BlockKind.TITLE else 13
        look.setFont(theme.font(size, bold=block.kind in HEADINGS))
        look.setForeground(theme.color("muted" if block.kind is BlockKind.SUBHEADING else "text"))
        if first:
            cursor.setBlockFormat(shape)
            cursor.setBlockCharFormat(look)
        else:
            cursor.insertBlock(shape, look)
        if block.kind is BlockKind.POINT:
            points = QTextListFormat()
            points.setStyle(QTextListFormat.Style.ListDisc)
            cursor.createList(points)
        # one block of ours is one block of the document: a line break inside must not make two of it
        cursor.insertText(block.text.replace("\r\n", "\n").replace("\n", "\u2028"), look)
