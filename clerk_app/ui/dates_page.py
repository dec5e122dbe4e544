"""Fristen: what is overdue and coming up, each with its sum; and the log of a day (Fristenbuch)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate, QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QDateEdit, QFrame, QSplitter, QStackedWidget, QTabBar, QWidget

from clerk_app.domain.case_dates import DateLogLine, DueLine
from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.ids import CaseId
from clerk_app.texts import N_, _, formats
from clerk_app.texts.catalogue import ngettext
from clerk_app.texts.dates import log_ground, log_sheet
from clerk_app.ui.commands import Commands
from clerk_app.ui.dates_model import SPANS, Span, due_details, due_line, log_line, until
from clerk_app.ui.empty_state import EmptyState
from clerk_app.ui.page import Page
from clerk_app.ui.reflow import WrappingRow
from clerk_app.ui.rows_model import RowsModel, RowsView
from clerk_app.ui.saving import save_bytes
from clerk_app.ui.widgets import CommandButton, column, label
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.dates import in_order, logged_in_order
from clerk_app.usecases.desk import Desk

PORTION = 25  # cases read at a time: about a tenth of a second
_TABS = (N_("Fällig"), N_("Fristenbuch"))


class DatesPage(Page):
    """Two tables under one head. ``opened`` asks for the case of the chosen line."""

    opened = Signal()

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench, self._commands = bench, commands
        self._failed = ""
        self.tabs = QTabBar()
        self.span = QComboBox()
        self.day = QDateEdit()
        theme = bench.theme
        self.due = RowsModel(theme, (_("Fällig"), _("Stand"), _("Frist"), _("Antrag von"), _("Vorgang")))
        self.due_view = RowsView(theme, self.due, _("Fällige Fristen"), 3)
        headings = (_("Wann, wer"), _("Vorgang"), _("Frist"), _("alt → neu"), _("Rechenweg oder Grund"))
        self.log = RowsModel(theme, headings)
        self.log_view = RowsView(theme, self.log, _("Fristenbuch"), 4)
        self.empty = EmptyState(theme)
        self._build()
        self._connect()

    def _build(self) -> None:
        head = column(margins=(20, 12, 20, 8), spacing=8)
        top = WrappingRow((0, 0, 0, 0), 12)
        top.addWidget(label(_("Fristen"), "title"))
        self._count = label("", "muted")
        top.addWidget(self._count)
        for span, (words, _days) in SPANS.items():
            self.span.addItem(_(words), span.value)
        self.span.setCurrentIndex(list(SPANS).index(Span.FORTNIGHT))
        self.span.setAccessibleName(_("Zeitraum"))
        self.day.setAccessibleName(_("Tag des Fristenbuchs"))
        self.day.lineEdit().setAccessibleName(_("Tag des Fristenbuchs"))
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("dd.MM.yyyy")
        today = self._bench.today()
        self.day.setDate(QDate(today.year, today.month, today.day))
        top.addWidget(self.span)
        top.addWidget(self.day)
        head.addLayout(top)
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setAccessibleName(_("Fällig oder Fristenbuch"))
        for words in _TABS:
            self.tabs.addTab(_(words))
        head.addWidget(self.tabs)
        self._stack = QStackedWidget()
        for page in (self.empty, self.due_view, self.log_view):
            self._stack.addWidget(page)
        table = QWidget()
        inside = column(margins=(12, 0, 12, 0))
        inside.addWidget(self._stack)
        table.setLayout(inside)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(table)
        splitter.addWidget(self._details_part())
        splitter.setStretchFactor(0, 4)
        splitter.setStretchFactor(1, 1)
        layout = column()
        layout.addLayout(head)
        layout.addWidget(splitter, 1)
        layout.addWidget(self._bar())
        self.setLayout(layout)
        self._tab_chosen()

    def _details_part(self) -> QWidget:
        part = QWidget()
        lines = column(margins=(20, 12, 20, 10), spacing=6)
        self._title = label("", "section", wrap=True)
        self._ground = label("", wrap=True, selectable=True)
        self._ground.setAlignment(Qt.AlignmentFlag.AlignTop)
        lines.addWidget(self._title)
        lines.addWidget(self._ground, 1)
        part.setLayout(lines)
        part.setMinimumHeight(self._bench.theme.px(96))
        return part

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("area", "bar")
        line = WrappingRow((20, 8, 16, 8), 8)
        for command_id in ("dates.open", "dates.follow_up", "dates.done", "dates.remove", "dates.save"):
            line.addWidget(CommandButton(self._commands, self._bench.theme, command_id))
        bar.setLayout(line)
        return bar

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._tab_chosen)
        self.span.currentIndexChanged.connect(self.load)
        self.day.dateChanged.connect(self.load)
        for view in (self.due_view, self.log_view):
            view.selectionModel().currentRowChanged.connect(self._show_details)
            view.activated.connect(self._activated)
        self.empty.acted.connect(self.load)

    # content

    def open(self) -> None:
        """Reads anew."""
        self.load()

    @Slot()
    def load(self) -> None:
        """Reads what the tab in front shows, in the background."""
        if not self.due.rowCount() and not self.log.rowCount():
            self.empty.show_loading()
            self._stack.setCurrentWidget(self.empty)
        if self.logging:
            on = self.chosen_day
            self._begin(lambda desk: desk.dates.log_cases(on), lambda desk, ids: desk.dates.log_of(ids, on))
            return
        end = until(Span(str(self.span.currentData())), self._bench.today())
        self._begin(lambda desk: desk.dates.due_cases(end), lambda desk, ids: desk.dates.due_of(ids, end))

    def _begin(
        self,
        cases: Callable[[Desk], tuple[CaseId, ...]],
        lines_of: Callable[[Desk, tuple[CaseId, ...]], tuple[DueLine, ...] | tuple[DateLogLine, ...]],
    ) -> None:
        """Reads some cases at a time: what a clerk does meanwhile waits for one portion at most."""
        logging = self.logging
        found: list[DueLine | DateLogLine] = []

        def ask(work: Callable[[Desk], object], done: Callable[[object], None]) -> None:
            self._bench.worker.submit(work, done, self._failed_to_load, key="dates")

        def go_on(left: tuple[CaseId, ...]) -> None:
            now, rest = left[:PORTION], left[PORTION:]

            def done(lines: object) -> None:
                if logging is not self.logging:
                    return  # the other tab is in front by now
                found.extend(lines if isinstance(lines, tuple) else ())
                if rest:
                    go_on(rest)
                else:
                    self._take(found, logging=logging)

            ask(lambda desk: lines_of(desk, now), done)

        ask(cases, lambda ids: go_on(ids if isinstance(ids, tuple) else ()))

    def _take(self, found: list[DueLine | DateLogLine], *, logging: bool) -> None:
        if logging:
            self._take_log(logged_in_order(each for each in found if isinstance(each, DateLogLine)))
        else:
            self._take_due(in_order(each for each in found if isinstance(each, DueLine)))

    def take_changes(self, changes: ChangeSet) -> None:
        """News that may move a deadline; read again when somebody looks."""
        if self.isVisible() and (changes.changed or changes.arrived or changes.everything):
            self.load()

    @property
    def logging(self) -> bool:
        """Whether the log of a day is in front."""
        return self.tabs.currentIndex() == 1

    @property
    def chosen_day(self) -> date:
        """The day of the log."""
        day = self.day.date()
        return date(day.year(), day.month(), day.day())

    def current(self) -> DueLine | None:
        """The chosen line of what is due."""
        line = None if self.logging else self.due_view.current_line()
        return line.subject if line is not None and isinstance(line.subject, DueLine) else None

    def current_case_id(self) -> str | None:
        """The case of the chosen line, in either table."""
        line = (self.log_view if self.logging else self.due_view).current_line()
        if line is None:
            return None
        subject = line.subject
        if isinstance(subject, DueLine):
            return subject.row.case_id
        return subject.case_id if isinstance(subject, DateLogLine) else None

    def focus_content(self) -> None:
        """Puts the focus on the table."""
        (self.log_view if self.logging else self.due_view).setFocus(Qt.FocusReason.OtherFocusReason)

    def save_log(self) -> None:
        """Saves the log of the chosen day as a PDF."""
        on = self.chosen_day

        def read(desk: Desk) -> bytes:
            return desk.dates.printed(log_sheet(on, desk.dates.log(on)))

        save_bytes(self, self._bench, f"Fristenbuch-{on.isoformat()}.pdf", read)

    def _take_due(self, lines: tuple[DueLine, ...]) -> None:
        today = self._bench.today()
        self.due.show([due_line(each, today) for each in lines])
        self._show(self.due_view, len(lines), _("In diesem Zeitraum ist nichts fällig."))

    def _take_log(self, lines: tuple[DateLogLine, ...]) -> None:
        self.log.show([log_line(number, each) for number, each in enumerate(lines)])
        words = _("An diesem Tag ist keine Frist entstanden, geändert worden oder entfallen.")
        self._show(self.log_view, len(lines), words)

    def _show(self, view: RowsView, count: int, nothing: str) -> None:
        self.empty.show_state("event", nothing, "", "")
        self._stack.setCurrentWidget(view if count else self.empty)
        self._count.setText(ngettext("{n} Eintrag", "{n} Einträge", count).format(n=formats.number(count)))
        if count and not view.currentIndex().isValid():
            view.setCurrentIndex(view.model().index(0, 0))
        self._show_details()

    def _failed_to_load(self, error: ClerkError) -> None:
        self.empty.show_state("error", _("Die Fristen ließen sich nicht lesen."), "", _("Erneut versuchen"))
        self._stack.setCurrentWidget(self.empty)
        self._bench.fail(error, self.load)

    @Slot()
    def _tab_chosen(self) -> None:
        self.span.setVisible(not self.logging)
        self.day.setVisible(self.logging)
        if self.isVisible():
            self.load()

    @Slot(QModelIndex)
    def _activated(self, _index: QModelIndex) -> None:
        self.opened.emit()

    @Slot()
    def _show_details(self) -> None:
        view = self.log_view if self.logging else self.due_view
        line = view.current_line()
        subject = line.subject if line is not None else None
        title = ground = ""
        if isinstance(subject, DueLine):
            title = f"{subject.row.applicant} · {subject.row.service} · {subject.row.case_reference}"
            ground = due_details(subject)
        elif isinstance(subject, DateLogLine):
            title, ground = subject.case_reference, log_ground(subject)
        self._title.setText(title)
        self._ground.setText(ground)
        self.state_changed.emit()
