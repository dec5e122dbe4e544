"""Prüfansicht: check points and form on the left, attachments on the right, what to do below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QSplitter, QWidget

from clerk_app.domain.case import CaseAttachment, CaseRow
from clerk_app.domain.deadlines import DeadlineKind
from clerk_app.texts import _, formats
from clerk_app.texts.derivations import deadline_label
from clerk_app.ui.attachment_viewer import AttachmentViewer
from clerk_app.ui.case_header import CaseHeader
from clerk_app.ui.case_page import form_notice, headed_forms, quarantine_words
from clerk_app.ui.check_list import CheckList
from clerk_app.ui.commands import Commands
from clerk_app.ui.dates_model import ground
from clerk_app.ui.dossier import Dossier
from clerk_app.ui.form_view import FormTree
from clerk_app.ui.notice import Notice
from clerk_app.ui.raw_view import RawView
from clerk_app.ui.reflow import ScrollingColumn, WrappingRow
from clerk_app.ui.step_line import StepLine
from clerk_app.ui.widgets import CommandButton, column, hairline, label, row
from clerk_app.ui.workbench import Workbench

_REMINDERS = frozenset({DeadlineKind.WARNING, DeadlineKind.FOLLOW_UP, DeadlineKind.MANUAL})


class ReviewPage(QWidget):
    """One case, large. ``check_said`` carries (check id, accepted, reason)."""

    check_said = Signal(str, bool, str)

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench, self._commands = bench, commands
        self.header = CaseHeader(bench, person=True)
        self.steps = StepLine(bench.theme, 0)
        self._notice = Notice(bench.theme)
        self.checks = CheckList(bench.theme)
        self.checks.said.connect(self.check_said)
        self.form = FormTree(bench.theme)
        self.raw = RawView()
        self.viewer = AttachmentViewer(bench)
        self._deadline = label("", "muted", wrap=True)
        self._place = label("", "muted")
        self._build()

    def _build(self) -> None:
        layout = column()
        layout.addWidget(self._head())
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self._left())
        self.splitter.addWidget(self.viewer)
        self.splitter.setStretchFactor(0, 4)
        self.splitter.setStretchFactor(1, 6)
        self.splitter.setSizes([self._bench.theme.px(452), self._bench.theme.px(772)])
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self._bar())
        self.setLayout(layout)
        self._resize()
        self._bench.theme.changed.connect(self._resize)

    def _head(self) -> QFrame:
        head = QFrame()
        head.setProperty("area", "header")
        lines = column(margins=(20, 12, 20, 10), spacing=10)
        lines.addWidget(self.header)
        lines.addWidget(self.steps)
        head.setLayout(lines)
        return head

    def _left(self) -> QWidget:
        left = QWidget()
        lines = column(margins=(20, 14, 16, 0), spacing=10)
        lines.addWidget(self._notice)
        lines.addWidget(self.checks)
        lines.addWidget(self._deadline)
        self._rule = hairline()
        lines.addWidget(self._rule)
        lines.addWidget(self.form, 1)
        lines.addWidget(self.raw, 1)
        left.setLayout(lines)
        self._left_side = left
        self.form.setMinimumHeight(self._bench.theme.px(140))
        self._scroll = ScrollingColumn(left)
        return self._scroll

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("area", "bar")
        buttons = WrappingRow((20, 8, 8, 8), 8)
        commands, theme = self._commands, self._bench.theme
        buttons.addWidget(CommandButton(commands, theme, "case.approve", "primary"))
        for command_id in ("case.request", "case.letter", "case.refuse", "case.forward"):
            buttons.addWidget(CommandButton(commands, theme, command_id))
        line = row(margins=(0, 0, 16, 0), spacing=8)
        line.addLayout(buttons, 1)
        line.addWidget(self._place)
        bar.setLayout(line)
        return bar

    # content

    def show_row(self, found: CaseRow) -> None:
        """What is known at once."""
        self.header.show_row(found)

    @Slot(object)
    def show_dossier(self, dossier: Dossier) -> None:
        """The whole case."""
        self.show_row(dossier.case.row)
        readable = dossier.readable
        if not readable:
            self._notice.show_words("bad", quarantine_words(dossier))
        else:
            level, words = form_notice(dossier)
            self._notice.show_words(level, words if not dossier.checks else "")
        self.checks.show_checks(dossier.checks)
        self._deadline.setText(deadline_words(dossier))
        self._deadline.setVisible(bool(self._deadline.text()))
        broken = any(form.problem or not form.groups for form in dossier.forms)
        self.form.setVisible(readable and not broken)
        self.raw.setVisible(not self.form.isVisibleTo(self._left_side))
        if readable:
            self.form.show_forms(headed_forms(dossier))
        self.raw.show_raw("\n\n".join(form.raw for form in dossier.forms))
        self.viewer.show_attachments(dossier.case.row.case_id, dossier.case.attachments)

    def show_place(self, at: int, total: int) -> None:
        """Where in the list this case stands, from 0."""
        words = _("{at} von {all} · Alt+↑/↓ blättert").format(at=at + 1, all=formats.number(total))
        self._place.setText(words if at >= 0 else "")

    def show_attachment(self, item: CaseAttachment) -> None:
        """Begins with this attachment."""
        for at in range(len(self.viewer.items)):
            if self.viewer.items[at] == item:
                self.viewer.show_at(at)

    def focus_content(self) -> None:
        """Puts the focus on the first open check point, else on the attachment or the form."""
        if any(line.is_open for line in self.checks.lines):
            self.checks.focus_open()
        elif self.viewer.items:
            self.viewer.pane.pages.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.form.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_narrow(self, narrow: bool) -> None:
        """Little room: the attachment stands below the form instead of beside it."""
        self.splitter.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)
        self._place.setVisible(not narrow)
        self._resize()

    @Slot()
    def _resize(self) -> None:
        narrow = self.splitter.orientation() is Qt.Orientation.Vertical
        self._scroll.setMinimumWidth(0 if narrow else self._bench.theme.px(320))
        self.viewer.setMinimumWidth(0 if narrow else self._bench.theme.px(380))


def deadline_words(dossier: Dossier) -> str:
    """The most urgent deadline with its sum; a reminder only where there is none."""
    if not dossier.deadlines:
        return ""
    deadline = min(dossier.deadlines, key=lambda each: (each.kind in _REMINDERS, each.due_on))
    return f"{deadline_label(deadline.kind)} {formats.weekday_day(deadline.due_on)}: {ground(deadline)}"
