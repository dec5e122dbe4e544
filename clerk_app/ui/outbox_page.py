"""Postausgang: is it out? States in words, receipts, and the clerk's hand on each entry."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QSplitter, QStackedWidget, QWidget

from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.outbox import WITHDRAWABLE_STATES, OutboxEntry, OutboxKind, OutboxState
from clerk_app.sync.status import SyncStatus
from clerk_app.texts import _
from clerk_app.ui import labels
from clerk_app.ui.commands import Commands
from clerk_app.ui.empty_state import EmptyState
from clerk_app.ui.notice import Notice
from clerk_app.ui.outbox_model import entry_details, entry_line, failure_words
from clerk_app.ui.reflow import WrappingRow
from clerk_app.ui.rows_model import RowsModel, RowsView
from clerk_app.ui.saving import save_bytes
from clerk_app.ui.sidebar import AREAS, Area
from clerk_app.ui.widgets import CommandButton, column, label, row
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.desk import Desk


class OutboxPage(QWidget):
    """Table of what leaves, with the receipt of the chosen entry below. ``withdraw_asked`` carries its id."""

    withdraw_asked = Signal(str)
    state_changed = Signal()

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench, self._commands = bench, commands
        headings = (_("Zustand"), _("Art"), _("Empfänger"), _("Vorgang"), _("Weg"), _("Seit"))
        self.model = RowsModel(bench.theme, headings)
        self.view = RowsView(bench.theme, self.model, _("Postausgang"), 2)
        self._entries: list[OutboxEntry] = []
        self._ticker = QTimer(self, interval=1000)
        self._ticker.timeout.connect(self._show_entries)
        self._build()
        self.view.selectionModel().currentRowChanged.connect(self._show_details)

    def _build(self) -> None:
        head = column(margins=(20, 12, 20, 12), spacing=8)
        top = row(spacing=8)
        top.addWidget(label(_("Postausgang"), "title"))
        self._count = label("", "muted")
        top.addWidget(self._count)
        top.addStretch(1)
        top.addWidget(CommandButton(self._commands, self._bench.theme, "app.sync"))
        head.addLayout(top)
        self._sync = Notice(self._bench.theme)
        head.addWidget(self._sync)
        self.empty = EmptyState(self._bench.theme)
        self.empty.show_state("outbox", _(AREAS[Area.OUTBOX].empty), "", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.view)
        table = QWidget()
        inside = column(margins=(12, 0, 12, 0))
        inside.addWidget(self._stack)
        table.setLayout(inside)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(table)
        self.splitter.addWidget(self._details_part())
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        layout = column()
        layout.addLayout(head)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self._bar())
        self.setLayout(layout)

    def _details_part(self) -> QWidget:
        part = QWidget()
        lines = column(margins=(20, 14, 20, 10), spacing=8)
        self._problem = Notice(self._bench.theme)
        self._title = label("", "section", wrap=True)
        self._facts = label("", wrap=True, selectable=True)
        self._facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        top = row(spacing=8)
        top.addWidget(self._title, 1)
        top.addWidget(CommandButton(self._commands, self._bench.theme, "outbox.save"))
        lines.addLayout(top)
        lines.addWidget(self._problem)
        lines.addWidget(self._facts, 1)
        part.setLayout(lines)
        part.setMinimumHeight(self._bench.theme.px(130))
        return part

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("area", "bar")
        line = WrappingRow((20, 8, 16, 8), 8)
        for command_id in ("outbox.withdraw", "outbox.retry", "outbox.posted", "outbox.post"):
            line.addWidget(CommandButton(self._commands, self._bench.theme, command_id))
        bar.setLayout(line)
        return bar

    # content

    def load(self) -> None:
        """Reads the entries in the background."""
        self._bench.queries.submit(
            lambda reads: reads.outbox(),
            self._take,
            lambda error: self._bench.fail(error, self.load),
            key="outbox",
        )

    def take_changes(self, changes: ChangeSet) -> None:
        """News of the outbox."""
        if changes.outbox or changes.everything:
            self.load()

    def show_sync(self, status: SyncStatus) -> None:
        """Which mailbox could not be reached, and why."""
        self._sync.show_words("warn", failure_words(status))

    def _take(self, entries: object) -> None:
        found = [e for e in entries if isinstance(e, OutboxEntry)] if isinstance(entries, list) else []
        self._entries = [e for e in found if e.kind is not OutboxKind.STATUS]
        self._show_entries()
        if not self.view.currentIndex().isValid() and self._entries:
            self.view.setCurrentIndex(self.model.index(0, 0))
        self._show_details()

    @Slot()
    def _show_entries(self) -> None:
        now = self._bench.now()
        self.model.show([entry_line(entry, now) for entry in self._entries])
        self._stack.setCurrentWidget(self.view if self._entries else self.empty)
        self._count.setText(labels.entries(len(self._entries)))
        holding = any(e.state is OutboxState.QUEUED and e.hold_until > now for e in self._entries)
        if holding and self.isVisible():
            self._ticker.start()
        else:
            self._ticker.stop()

    @Slot()
    def _show_details(self) -> None:
        entry = self.current()
        self._title.setText(entry.title if entry else "")
        self._facts.setText(entry_details(entry) if entry else "")
        words = labels.entry_problem(entry) if entry else ""
        self._problem.show_words("bad" if entry and entry.state is OutboxState.RETURNED else "warn", words)
        self.state_changed.emit()

    def current(self) -> OutboxEntry | None:
        """The chosen entry as it stands now."""
        line = self.view.current_line()
        return line.subject if line is not None and isinstance(line.subject, OutboxEntry) else None

    def choose(self, entry_id: str) -> None:
        """Chooses an entry, if it is there."""
        at = self.model.position_of(entry_id)
        if at >= 0:
            self.view.setCurrentIndex(self.model.index(at, 0))

    def focus_content(self) -> None:
        """Puts the focus on the table."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    # acts

    def why_not(self, states: frozenset[OutboxState], otherwise: str) -> str | None:
        """Why an act is greyed out: it wants an entry in one of these states."""
        entry = self.current()
        if entry is None:
            return _("Es ist kein Eintrag ausgewählt.")
        return None if entry.state in states else otherwise

    def why_not_withdraw(self) -> str | None:
        """Why the chosen entry cannot be taken back."""
        words = _(
            "Der Eintrag ist schon übergeben oder erledigt. Zu ändern ist er durch einen neuen Bescheid."
        )
        return self.why_not(WITHDRAWABLE_STATES, words)

    def withdraw(self) -> None:
        """Takes the chosen entry back."""
        entry = self.current()
        if entry is not None:
            self.withdraw_asked.emit(entry.entry_id)

    def retry(self) -> None:
        """Makes the chosen entry due at once."""
        if (entry := self.current()) is not None:
            self._act(lambda desk: desk.outbox.retry(entry.entry_id), self.retry)
            self._bench.shell.sync.sync_now()

    def mark_posted(self) -> None:
        """The letter went to the post."""
        if (entry := self.current()) is not None:
            self._act(lambda desk: desk.outbox.mark_posted(entry.entry_id), self.mark_posted)

    def send_by_post(self) -> None:
        """A returned entry goes by post instead."""
        if (entry := self.current()) is not None:
            self._act(lambda desk: desk.outbox.send_by_post(entry.entry_id), self.send_by_post)

    def save(self) -> None:
        """Saves the PDF of the chosen entry."""
        entry = self.current()
        if entry is None:
            return
        name = f"{labels.kind(entry.kind)}-{entry.case_reference}.pdf"

        def read(desk: Desk) -> bytes:
            document = desk.ledger.outgoing(entry.entry_id).documents[0]
            return desk.documents.read(entry.case_id, document.document_id)

        save_bytes(self, self._bench, name, read)

    def _act(self, work: Callable[[Desk], object], again: Callable[[], None]) -> None:
        self._bench.worker.submit(work, None, lambda error: self._bench.fail(error, again))
