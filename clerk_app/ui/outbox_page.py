"""Postausgang: is it out? States in words, receipts, and the clerk's hand on each entry."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QSplitter, QStackedWidget, QWidget

from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.outbox import OutboxEntry, OutboxKind, OutboxState
from clerk_app.sync.status import SyncStatus
from clerk_app.texts import _
from clerk_app.texts.errors import sentence
from clerk_app.ui import labels
from clerk_app.ui.commands import Commands
from clerk_app.ui.empty_state import EmptyState
from clerk_app.ui.notice import Notice
from clerk_app.ui.outbox_acts import OutboxActs
from clerk_app.ui.outbox_details import OutboxDetails
from clerk_app.ui.outbox_model import (
    FILTERS,
    OutboxFilter,
    entry_line,
    failure_words,
    in_order,
    needs_a_clerk,
    shown,
)
from clerk_app.ui.page import Page
from clerk_app.ui.reflow import WrappingRow
from clerk_app.ui.rows_model import RowsModel, RowsView
from clerk_app.ui.sidebar import AREAS, Area
from clerk_app.ui.widgets import CommandButton, clearable, column, label
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.outbox_watch import EntryStory, Watched

_BUTTONS = (
    "outbox.withdraw",
    "outbox.retry",
    "outbox.nevertheless",
    "outbox.post",
    "outbox.print",
    "outbox.posted",
    "outbox.correct_posted",
    "outbox.save",
    "outbox.verify",
    "outbox.copy",
)


class OutboxPage(Page):
    """Table of what leaves, with the story of the chosen entry below. ``withdraw_asked`` carries its id."""

    withdraw_asked = Signal(str)

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench, self._commands = bench, commands
        headings = [_("Zustand"), _("Seit"), _("Empfänger"), _("Vorgang"), _("Art"), _("Weg")]
        headings += [_("Versuche"), _("Nächster")]
        self.model = RowsModel(bench.theme, headings)
        self.view = RowsView(bench.theme, self.model, _("Postausgang"), 2)
        self.details = OutboxDetails(bench)
        self.acts = OutboxActs(self, bench)
        self._watched: dict[str, Watched] = {}
        self._story: EntryStory | None = None
        self._loaded = self._wants_focus = False
        self._ticker = QTimer(self, interval=1000)
        self._ticker.timeout.connect(self._tick)
        self._build()
        self.view.selectionModel().currentRowChanged.connect(self._chosen)

    def _build(self) -> None:
        theme = self._bench.theme
        self.which = QComboBox()
        self.which.setAccessibleName(_("Welche Einträge"))
        for value, words in FILTERS.items():
            self.which.addItem(_(words), value.value)
        self.which.currentIndexChanged.connect(self._refill)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Name oder Aktenzeichen"))
        self.search.setAccessibleName(_("Postausgang filtern"))
        clearable(self.search)
        self.search.setMaximumWidth(theme.px(240))
        self.search.textChanged.connect(self._refill)
        self._count = label("", "muted")
        top = WrappingRow((0, 0, 0, 0), 8)
        for part in (label(_("Postausgang"), "title"), self._count):
            part.setMinimumHeight(theme.px(32))  # as high as the controls beside: on one line with them
            top.addWidget(part)
        top.addWidget(self.which)
        top.addWidget(self.search)
        top.addWidget(CommandButton(self._commands, theme, "app.sync"))
        self._print_all = CommandButton(self._commands, theme, "outbox.print_all")
        top.addWidget(self._print_all)
        self._sync = Notice(theme)
        head = column(margins=(20, 12, 20, 8), spacing=8)
        head.addLayout(top)
        head.addWidget(self._sync)
        self.empty = EmptyState(theme)
        self.empty.acted.connect(self._empty_acted)
        self.empty.show_loading()
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
        self.splitter.addWidget(self.details)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes([theme.px(420), theme.px(250)])
        layout = column()
        layout.addLayout(head)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self._bar())
        self.setLayout(layout)

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("area", "bar")
        line = WrappingRow((20, 8, 16, 8), 8)
        self._buttons = {name: CommandButton(self._commands, self._bench.theme, name) for name in _BUTTONS}
        for button in self._buttons.values():
            line.addWidget(button)
        bar.setLayout(line)
        return bar

    # content

    def open(self) -> None:
        """Reads anew."""
        self.load()

    def load(self) -> None:
        """Reads the entries at once, and a moment later what is to be known beside them."""
        bench = self._bench
        bench.queries.submit(lambda reads: reads.outbox(), self._take, self._failed, key="outbox")
        bench.worker.submit(lambda desk: desk.watch.all(), self._take_watched, self._failed, key="watch")

    def take_changes(self, changes: ChangeSet) -> None:
        """News of the outbox, or of a case that something may have overtaken; read when somebody looks."""
        if not self.isVisible():
            return
        waiting = {str(each.entry.case_id) for each in self._watched.values()}
        if changes.outbox or changes.everything or waiting & set(changes.changed):
            self.load()

    def show_sync(self, status: SyncStatus) -> None:
        """Which mailbox could not be reached, and why."""
        self._sync.show_words("warn", failure_words(status))

    def _take(self, entries: Sequence[OutboxEntry]) -> None:
        """States as they are now; what was known beside them is kept until it is told anew."""
        fresh: dict[str, Watched] = {}
        for entry in entries:
            if entry.kind is not OutboxKind.STATUS:
                known = self._watched.get(entry.entry_id)
                fresh[entry.entry_id] = (
                    Watched(entry, known.arrivals, known.pressing, known.post_reason)
                    if known is not None and known.entry.state is entry.state
                    else Watched(entry)
                )
        self._watched = fresh
        self._loaded = True
        self._refill()

    def _take_watched(self, found: Sequence[Watched]) -> None:
        self._watched = {each.entry.entry_id: each for each in found}
        self._loaded = True
        self._refill()
        self._load_story()

    def _failed(self, error: ClerkError) -> None:
        if self._loaded:
            self._bench.fail(error, self.load)
            return
        self.empty.show_state("error", sentence(error), "", _("Erneut versuchen"))
        self._stack.setCurrentWidget(self.empty)

    @Slot()
    def _empty_acted(self) -> None:
        if not self._loaded:
            self.empty.show_loading()
            self.load()
            return
        self.search.clear()
        self.which.setCurrentIndex(self.which.findData(OutboxFilter.ALL.value))

    @Slot()
    def _refill(self) -> None:
        if not self._loaded:
            return
        now = self._bench.now()
        listed = self._listed()
        kept = self.chosen()
        self.model.show([entry_line(each, now) for each in listed])
        self._show_table(listed)
        waiting = sum(1 for each in self._watched.values() if needs_a_clerk(each))
        words = labels.entries(len(listed))
        self._count.setText(
            _("{entries}, {n} zu erledigen").format(entries=words, n=waiting) if waiting else words
        )
        if listed and (kept is None or not self.choose(kept.entry.entry_id)):
            self.view.setCurrentIndex(self.model.index(0, 0))
        self._show_current()
        self._print_all.setVisible(bool(self.letters_to_post()))
        self._run_ticker()

    def _listed(self) -> list[Watched]:
        which = OutboxFilter(str(self.which.currentData()))
        return shown(in_order(self._watched.values()), which, self.search.text(), self._bench.now())

    def _show_table(self, listed: list[Watched]) -> None:
        if listed:
            self._stack.setCurrentWidget(self.view)
            if self._wants_focus:
                self.focus_content()
            return
        if not self._watched:
            self.empty.show_state("outbox", _(AREAS[Area.OUTBOX].empty), "", "")
        elif self.search.text().strip():
            self.empty.show_state("search", _("Kein Eintrag passt dazu."), "", _("Filter löschen"))
        else:
            words = _("Nichts davon: {filter}.").format(filter=self.which.currentText())
            self.empty.show_state("check_circle", words, "", _("Alle zeigen"))
        self._stack.setCurrentWidget(self.empty)

    def _run_ticker(self) -> None:
        now = self._bench.now()
        holding = any(
            each.entry.state is OutboxState.QUEUED and each.entry.hold_until > now
            for each in self._watched.values()
        )
        if holding and self.isVisible():
            self._ticker.start()
        else:
            self._ticker.stop()

    @Slot()
    def _tick(self) -> None:
        """The seconds of the take-back time run down in sight."""
        now = self._bench.now()
        listed = self._listed()
        self.model.show([entry_line(each, now) for each in listed])
        self._show_current(story=False)
        self._run_ticker()

    @Slot()
    def _chosen(self) -> None:
        self._show_current()
        self._load_story()

    def _show_current(self, *, story: bool = True) -> None:
        each = self.chosen()
        told = self._story
        if each is not None and told is not None and told.watched.entry == each.entry:
            if story:
                self.details.show_story(told, self._bench.now())
        else:
            self.details.show_entry(each, self._bench.now())
        self._show_acts()

    def _show_acts(self) -> None:
        self.state_changed.emit()
        for name, button in self._buttons.items():
            button.setVisible(name in ("outbox.save", "outbox.copy") or self._commands.reason(name) is None)

    def _load_story(self) -> None:
        each = self.chosen()
        if each is None:
            return
        entry_id = each.entry.entry_id
        self._bench.worker.submit(
            lambda desk: desk.watch.story(entry_id), self._take_story, self.details.show_trouble, key="story"
        )

    def _take_story(self, story: EntryStory | None) -> None:
        each = self.chosen()
        if story is None or each is None or story.watched.entry.entry_id != each.entry.entry_id:
            return
        self._story = story
        self.details.show_story(story, self._bench.now())
        self._show_acts()  # whether there is a signature to check is known only now

    def current(self) -> OutboxEntry | None:
        """The chosen entry as it stands now."""
        each = self.chosen()
        return None if each is None else each.entry

    def chosen(self) -> Watched | None:
        """The chosen entry with what is known beside it."""
        line = self.view.current_line()
        return line.subject if line is not None and isinstance(line.subject, Watched) else None

    @property
    def story(self) -> EntryStory | None:
        """The story of the chosen entry, once it was told."""
        each = self.chosen()
        told = self._story
        same = told is not None and each is not None and told.watched.entry.entry_id == each.entry.entry_id
        return told if same else None

    def letters_to_post(self) -> list[OutboxEntry]:
        """Everything that waits for the post."""
        return [e.entry for e in self._watched.values() if e.entry.state is OutboxState.TO_POST]

    def choose(self, entry_id: str) -> bool:
        """Chooses an entry, if it is there."""
        at = self.model.position_of(entry_id)
        if at >= 0 and at != self.view.currentIndex().row():
            self.view.setCurrentIndex(self.model.index(at, 0))
        return at >= 0

    def show_all(self) -> None:
        """Takes the filters away: what somebody is led to must be in sight."""
        self.search.clear()
        self.which.setCurrentIndex(self.which.findData(OutboxFilter.ALL.value))

    def focus_content(self) -> None:
        """Puts the focus on the table; while it is being loaded, as soon as it is there."""
        self._wants_focus = self._stack.currentWidget() is not self.view
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def why_not(self, states: frozenset[OutboxState], otherwise: str) -> str | None:
        """Why an act is greyed out: it wants an entry in one of these states."""
        each = self.chosen()
        if each is None:
            return _("Es ist kein Eintrag ausgewählt.")
        return None if each.entry.state in states else otherwise
