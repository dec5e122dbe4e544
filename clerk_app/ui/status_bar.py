"""Statusleiste: sync, outbox, deadlines; signing key and office. Always icon and word."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton

from clerk_app.domain.case import ViewCounts
from clerk_app.sync.status import SyncPhase, SyncStatus
from clerk_app.texts import _, ngettext
from clerk_app.ui.commands import tooltip
from clerk_app.ui.message_bar import announce
from clerk_app.ui.sync_words import sync_words
from clerk_app.ui.widgets import ElidedLabel, IconLabel, label, row
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.outbox_watch import Watched

_BUSY = frozenset({SyncPhase.EXCHANGING, SyncPhase.PUSHING, SyncPhase.LISTING, SyncPhase.RECEIVING})


class StatusButton(QPushButton):
    """Words that lead somewhere; cut at their end where there is no room, then whole in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ""
        self.setProperty("kind", "status")

    def show_words(self, words: str) -> None:
        """Other words."""
        if words != self._words:
            self._words = words
            self.setAccessibleName(words)
            self.updateGeometry()
            self._fit()

    def words(self) -> str:
        """All of them."""
        return self._words

    def sizeHint(self) -> QSize:
        """Room for all of the words."""
        return QSize(self._frame() + self._width_of(self._words), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Room for the first of them."""
        return QSize(self._frame() + self._width_of("nnnn…"), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cuts the words anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = max(0, self.width() - self._frame())
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room)
        if shown != self.text():
            self.setText(shown)
            self.setToolTip(tooltip(self._words, None) if shown != self._words else "")

    def _frame(self) -> int:
        return super().sizeHint().width() - self._width_of(self.text())

    def _width_of(self, words: str) -> int:
        return self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, words).width()


class StatusBar(QFrame):
    """One line at the bottom. ``sync_clicked`` and ``outbox_clicked`` lead to the outbox page."""

    sync_clicked = Signal()
    outbox_clicked = Signal()
    due_clicked = Signal()

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self._status = bench.shell.sync.status()
        self._awaited: SyncStatus | None = None  # how it stood when somebody asked for a round
        self._counts: ViewCounts | None = None
        self._pressing = 0
        self.setProperty("area", "status")
        theme = bench.theme
        self._icons = [IconLabel(theme) for _at in range(3)]
        self.sync, self.outbox, self.due = (StatusButton() for _at in range(3))
        self.sync.clicked.connect(self.sync_clicked)
        self.outbox.clicked.connect(self.outbox_clicked)
        self.due.clicked.connect(self.due_clicked)
        self._narrow = False
        self._chosen = label("", "status")
        self._chosen.hide()
        self._key_icon = IconLabel(theme, "verified", "ok")
        self._key = label("", "status")
        self._office = ElidedLabel("status")
        layout = row(margins=(12, 1, 12, 1), spacing=2)
        for icon, words in zip(self._icons, (self.sync, self.outbox, self.due), strict=True):
            layout.addWidget(icon)
            layout.addWidget(words)
            layout.addSpacing(10)
        layout.addWidget(self._chosen)
        layout.addStretch(1)
        layout.addWidget(self._key_icon)
        layout.addSpacing(4)
        layout.addWidget(self._key)
        layout.addSpacing(16)
        layout.addWidget(self._office)
        self.setLayout(layout)
        theme.changed.connect(self._resize)
        self._resize()
        self.retranslate()

    def retranslate(self) -> None:
        """What does not change while the program runs."""
        office = self._bench.office
        if office.practice:
            self._key_icon.show_icon("warning", "warn")
            self._key.setText(_("Übungsschlüssel"))
        else:
            self._key.setText(_("Signaturschlüssel bereit"))
        self._office.set_full_text(f"{office.actor} · {office.name}")
        self.show_sync(self._status)

    @Slot(object)
    def show_sync(self, status: SyncStatus) -> None:
        """Where the sync stands."""
        self._status = status
        words, icon, role = sync_words(status, self._bench.reads.last_sync_at(), self._bench.now())
        self._set(0, self.sync, words, icon, role)
        if self._awaited is not None and status != self._awaited and status.phase not in _BUSY:
            self._awaited = None
            announce(self.sync, words)

    def await_sync(self) -> None:
        """Somebody asked for a round: how it ended is told, for whoever cannot see the bar."""
        self._awaited = self._status

    def count_pressing(self) -> None:
        """Asks how many letters are about to make a legal date be missed."""

        def done(found: tuple[Watched, ...]) -> None:
            self.show_pressing(len(found))

        self._bench.worker.submit(lambda desk: desk.watch.pressing(), done, self._bench.fail, key="pressing")

    def show_pressing(self, number: int) -> None:
        """How many letters are about to make a legal date be missed."""
        self._pressing = number
        if self._counts is not None:
            self.show_counts(self._counts)

    def show_counts(self, counts: ViewCounts) -> None:
        """Outbox and deadlines."""
        self._counts = counts
        waiting = ngettext("Postausgang: {n} wartend", "Postausgang: {n} wartend", counts.outbox_waiting)
        words = waiting.format(n=counts.outbox_waiting)
        role = "muted"
        if counts.outbox_attention:
            words += ", " + _("{n} zu erledigen").format(n=counts.outbox_attention)
            role = "warn"
        if self._pressing:
            endangered = ngettext("{n} Frist in Gefahr", "{n} Fristen in Gefahr", self._pressing)
            words, role = f"{words}, {endangered.format(n=self._pressing)}", "bad"
        self._set(1, self.outbox, words, "warning" if self._pressing else "outbox", role)
        today = ngettext("{n} Frist heute", "{n} Fristen heute", counts.due_today).format(n=counts.due_today)
        role = "warn" if counts.due_today else "muted"
        if counts.overdue:
            today += ", " + _("{n} überfällig").format(n=counts.overdue)
            role = "bad"
        self._set(2, self.due, today, "schedule", role)

    def show_chosen(self, words: str) -> None:
        """How many cases are chosen; nothing where it is one."""
        self._chosen.setText(words)
        self._chosen.setVisible(bool(words))
        self._share_room()

    def set_narrow(self, narrow: bool) -> None:
        """Little room: what never changes is left out."""
        self._narrow = narrow
        for part in (self._key_icon, self._key, self._office):
            part.setVisible(not narrow)
        self._share_room()

    def _share_room(self) -> None:
        """What is chosen is about the next keystroke: with little room the deadlines step back meanwhile."""
        both = not (self._narrow and self._chosen.text())
        self._icons[2].setVisible(both)
        self.due.setVisible(both)

    def _set(self, at: int, button: StatusButton, words: str, icon: str, role: str) -> None:
        self._icons[at].show_icon(icon, role)
        button.show_words(words)

    @Slot()
    def _resize(self) -> None:
        self.setFixedHeight(self._bench.theme.px(30))
