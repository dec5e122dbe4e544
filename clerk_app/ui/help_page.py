"""Hilfe: topics on the left, found by any word; the text on the right, read in one go."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QSplitter, QStackedWidget, QWidget

from clerk_app.texts import _, language, ngettext
from clerk_app.ui.blocks import Block, BlockKind
from clerk_app.ui.commands import Commands, Screen, key_text
from clerk_app.ui.empty_state import EmptyState
from clerk_app.ui.help_topics import OFFICE_FACTS, Topic, find_topics, load_topics, topic_for
from clerk_app.ui.page import Page
from clerk_app.ui.reading_text import ReadingText
from clerk_app.ui.rows_model import Cell, Line, RowsModel, RowsView
from clerk_app.ui.widgets import clearable, column, label, row
from clerk_app.ui.workbench import Workbench

KEYS_TOPIC = "keys"


class HelpPage(Page):
    """``left`` asks to go back to where help was called."""

    left = Signal()

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench, self._commands = bench, commands
        self._hits: tuple[Topic, ...] = ()
        self.search = QLineEdit()
        self.model = RowsModel(bench.theme, (_("Thema"),))
        self.view = RowsView(bench.theme, self.model, _("Hilfethemen"), 0)
        self.text = ReadingText(bench.theme)
        self.empty = EmptyState(bench.theme)
        self._build()
        self.search.textChanged.connect(self._search)
        self.search.returnPressed.connect(self._to_text)
        self.view.selectionModel().currentRowChanged.connect(self._chosen)
        self.view.activated.connect(self._activated)
        self.empty.acted.connect(self.search.clear)
        self._search()

    def _build(self) -> None:
        self.search.setPlaceholderText(_("Hilfe durchsuchen …"))
        self.search.setAccessibleName(_("Hilfe durchsuchen"))
        clearable(self.search)
        self._count = label("", "muted")
        head = row(spacing=8)
        head.addWidget(label(_("Hilfe"), "title"))
        head.addWidget(self._count, 1)
        top = column(margins=(14, 12, 14, 10), spacing=8)
        top.addLayout(head)
        top.addWidget(self.search)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.empty)
        side = QWidget()
        lines = column()
        lines.addLayout(top)
        lines.addWidget(self._stack, 1)
        side.setLayout(lines)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(side)
        self.splitter.addWidget(self.text)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([self._bench.theme.px(330), self._bench.theme.px(720)])
        layout = column()
        layout.addWidget(self.splitter)
        self.setLayout(layout)

    # what is shown

    def show_for(self, screen: Screen) -> None:
        """The topic that explains a screen; else the first one."""
        self.search.clear()
        wanted = topic_for(self.topics(), screen.value)
        self.show_topic(wanted.topic_id if wanted is not None else self._hits[0].topic_id)

    def show_topic(self, topic_id: str) -> None:
        """A topic by its name, if it is among the hits."""
        for at, hit in enumerate(self._hits):
            if hit.topic_id == topic_id:
                self.view.setCurrentIndex(self.model.index(at, 0))

    def topics(self) -> tuple[Topic, ...]:
        """All topics with their keys as they are, the list of all keys last."""
        written = tuple(topic.spelled(self._key_of) for topic in load_topics(language()))
        return (*written, self._keys_topic())

    def current(self) -> Topic | None:
        """The topic that is read."""
        at = self.view.currentIndex().row()
        return self._hits[at] if 0 <= at < len(self._hits) else None

    def focus_content(self) -> None:
        """Puts the focus on the search field: who opens help has a question."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def set_narrow(self, narrow: bool) -> None:
        """Little room: the text stands below."""
        self.splitter.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)

    def _fact(self, name: str) -> str:
        """What the authority's parameters say, or whom to ask where they say nothing."""
        office = self._bench.office
        if name == "office.accessibility_contact":
            return office.accessibility_contact or _("die Stelle, die Amtsstube in Ihrem Haus betreut")
        return office.enforcement_body or _("die Schlichtungs- oder Durchsetzungsstelle Ihres Landes")

    def _key_of(self, command_id: str) -> str:
        if command_id in OFFICE_FACTS:
            return self._fact(command_id)
        command = self._commands.get(command_id)
        return key_text(command.keys[0]) if command.keys else command.label

    def _keys_topic(self) -> Topic:
        lines = [
            f"{' / '.join(key_text(key) for key in command.keys)}: {command.label.removesuffix(' …')}"
            for command in self._commands.all()
            if command.keys
        ]
        blocks = [Block(BlockKind.POINT, words) for words in dict.fromkeys(lines)]
        return Topic(KEYS_TOPIC, frozenset(), (Block(BlockKind.TITLE, _("Tastenkürzel")), *blocks))

    @Slot()
    def _search(self) -> None:
        shown = self.current()
        self._hits = find_topics(self.topics(), self.search.text())
        self.model.show([_line(hit) for hit in self._hits])
        count = len(self._hits)
        self._count.setText(ngettext("{n} Thema", "{n} Themen", count).format(n=count))
        if not self._hits:
            self.empty.show_state(
                "search",
                _("Kein Hilfethema enthält das."),
                _("Andere Wörter helfen oft weiter."),
                _("Suche löschen"),
            )
        self._stack.setCurrentWidget(self.view if self._hits else self.empty)
        place = next((at for at, hit in enumerate(self._hits) if shown and hit.topic_id == shown.topic_id), 0)
        if self._hits:
            self.view.setCurrentIndex(self.model.index(0 if self.search.text() else place, 0))
            self._chosen()

    @Slot()
    def _chosen(self) -> None:
        topic = self.current()
        if topic is not None:
            self.text.show_blocks(topic.blocks, self.search.text())
        self.state_changed.emit()

    @Slot()
    def _to_text(self) -> None:
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(QModelIndex)
    def _activated(self, _index: QModelIndex) -> None:
        self._to_text()


def _line(topic: Topic) -> Line:
    return Line(topic.topic_id, (Cell(topic.title, whole=True),))
