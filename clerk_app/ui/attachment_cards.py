"""Anlagen as cards above the form."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from clerk_app.domain.case import CaseAttachment
from clerk_app.domain.review_basis import EvidenceMatch
from clerk_app.texts import _, formats
from clerk_app.ui.attachment_viewer import attachment_name
from clerk_app.ui.commands import tooltip
from clerk_app.ui.evidence_model import kind_words
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import column, follow_icon, label

_MOST = 4
_CARD_WIDTH = 220
_KINDS = {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG", "image/tiff": "TIFF"}


def kind_word(media_type: str) -> str:
    """``PDF`` and the like."""
    return _KINDS.get(media_type, media_type.rsplit("/", 1)[-1].upper())


class AttachmentCards(QWidget):
    """The first few attachments; ``chosen`` carries the CaseAttachment."""

    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._items: tuple[CaseAttachment, ...] = ()
        self._matched = EvidenceMatch()
        self._cards: list[QPushButton] = []
        self._columns = 0
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._rest = label("", "muted")
        layout = column(spacing=6)
        layout.addWidget(label(_("Anlagen"), "section"))
        layout.addLayout(self._grid)
        layout.addWidget(self._rest)
        self.setLayout(layout)
        self.hide()

    def show_attachments(self, items: Sequence[CaseAttachment], matched: EvidenceMatch | None = None) -> None:
        """Other cards; the same ones are left alone. ``matched`` says which evidence they seem to be."""
        items, matched = tuple(items), matched or EvidenceMatch()
        self.setVisible(bool(items))
        if items == self._items and matched == self._matched:
            return
        self._items, self._matched = items, matched
        for card in self._cards:
            card.hide()
            card.deleteLater()
        self._cards = [self._card(at) for at in range(min(_MOST, len(items)))]
        more = len(items) - len(self._cards)
        self._rest.setText(_("und {n} weitere unter „Anlagen“").format(n=more))
        self._rest.setVisible(more > 0)
        self._columns = 0
        self._arrange()

    def _card(self, at: int) -> QPushButton:
        item = self._items[at]
        size = formats.size(item.attachment.size_bytes)
        evidence = kind_words(self._matched, item)
        facts = f"{kind_word(item.attachment.media_type)} · {size}"
        short = f"{facts} · {evidence}" if evidence else facts
        card = QPushButton()
        card.setProperty("kind", "card")
        follow_icon(card, self._theme, "description", "act", 20)
        name = attachment_name(item)
        card.setAccessibleName(f"{name}, {short}")
        card.setToolTip(tooltip(name, short))
        card.setProperty("name", name)
        card.setProperty("facts", evidence or facts)
        card.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        card.clicked.connect(self._clicked)
        return card

    @Slot()
    def _clicked(self) -> None:
        sender = self.sender()
        for card, item in zip(self._cards, self._items, strict=False):
            if card is sender:
                self.chosen.emit(item)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many cards in a row as fit."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = max(1, min(_MOST, self.width() // self._theme.px(_CARD_WIDTH)))
        for card in self._cards:
            self._word(card, self.width() // columns)
        if columns == self._columns:
            return
        self._columns = columns
        for at, card in enumerate(self._cards):
            self._grid.addWidget(card, at // columns, at % columns)
        for at in range(_MOST):
            self._grid.setColumnStretch(at, 1 if at < columns else 0)

    def _word(self, card: QPushButton, width: int) -> None:
        metrics = card.fontMetrics()
        room = max(60, width - self._theme.px(64))
        from PySide6.QtCore import Qt

        name = metrics.elidedText(str(card.property("name")), Qt.TextElideMode.ElideMiddle, room)
        # an ampersand would be taken for a mnemonic
        facts = metrics.elidedText(str(card.property("facts")), Qt.TextElideMode.ElideRight, room)
        card.setText(f"{name}\n{facts}".replace("&", "&&"))
        card.setMinimumSize(QSize(0, self._theme.px(46)))
