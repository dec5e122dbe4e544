"""Prüfansicht: what is to be checked on the left, attachments on the right, what to do below."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSplitter, QWidget

from clerk_app.domain.case import CaseAttachment, CaseRow
from clerk_app.domain.ids import CaseId
from clerk_app.domain.review_basis import EvidenceMatch
from clerk_app.texts import _, formats
from clerk_app.ui.attachment_viewer import AttachmentViewer
from clerk_app.ui.basis_line import BasisLine
from clerk_app.ui.basis_model import unknown_form_details, unknown_form_words
from clerk_app.ui.case_header import CaseHeader
from clerk_app.ui.case_page import form_notice, quarantine_words
from clerk_app.ui.changes_model import change_count, count_words
from clerk_app.ui.changes_panel import ChangesPanel
from clerk_app.ui.check_list import open_words
from clerk_app.ui.commands import Commands, tooltip
from clerk_app.ui.competence_line import CompetenceLine, ForwardedNotice
from clerk_app.ui.dossier import CheckLine, Dossier
from clerk_app.ui.evidence_model import first_of_kind
from clerk_app.ui.gap_panel import GapPanel
from clerk_app.ui.notice import Notice
from clerk_app.ui.page import Page
from clerk_app.ui.raw_view import RawView, raw_words
from clerk_app.ui.reflow import WrappingRow
from clerk_app.ui.review_checks import ReviewChecks
from clerk_app.ui.review_side import ReviewPart, ReviewSide
from clerk_app.ui.step_line import StepLine
from clerk_app.ui.widgets import CommandButton, column, label, row
from clerk_app.ui.workbench import Workbench

#: Below this height of the page the head takes fewer lines.
_LOW = 600


class DossierPanel(Protocol):
    """What is told of every case shown. A panel may hide itself when it has nothing to say."""

    def show_dossier(self, dossier: Dossier) -> None:
        """The whole case."""
        ...


class ReviewPage(Page):
    """One case, large. ``check_said`` carries (check id, accepted, reason), ``asked`` the CheckLine whose
    evidence or statement is to be asked for.

    Others put in: ``add_fact`` a short line under the header, ``add_notice`` a note above the parts,
    ``side.set_panel`` a part, ``checking.below_checks`` something between check points and form. Whatever of
    it is a ``DossierPanel`` and was handed to ``tell`` hears of every case.
    """

    check_said = Signal(str, bool, str)
    asked = Signal(object)

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench, self._commands = bench, commands
        self._case_id: CaseId | None = None
        self._told: list[DossierPanel] = []
        self._low = False
        self._places = ("", "")
        self.header = CaseHeader(bench, person=True)
        self.steps = StepLine(bench.theme, 0)
        self._notice = Notice(bench.theme)
        self._unknown = Notice(bench.theme)
        self.basis = BasisLine(bench.theme, commands)
        self._matched = EvidenceMatch()
        self.side = ReviewSide(bench.theme)
        self.checking = ReviewChecks(bench.theme)
        self.checks = self.checking.checks
        self.checks.said.connect(self.check_said)
        self.checks.shown.connect(self._show_point)
        self.checks.asked.connect(self.asked)
        self.form = self.checking.form
        self.raw = RawView(bench.theme)
        self.changes = ChangesPanel(bench.theme)
        self.changes.chosen.connect(self._to_statement)
        self.viewer = AttachmentViewer(bench)
        self.viewer.request_wanted.connect(lambda: commands.run("case.request"))
        self.competence = CompetenceLine(bench.theme, bench.office.name)
        self.forwarded = ForwardedNotice(bench.theme)
        self._build()

    def _build(self) -> None:
        self._facts = QWidget()
        self._facts_row = WrappingRow((0, 0, 0, 0), 18, between=4)
        self._facts.setLayout(self._facts_row)
        self._facts.hide()
        side, changes = self.side, self.changes
        side.set_panel(ReviewPart.CHECKS, self.checking, self.checking.focus_content, self.form)
        side.set_panel(ReviewPart.CHANGES, changes, changes.take_focus, changes.tree)
        raw = QWidget()
        beside = column(margins=(20, 8, 0, 0))
        beside.addWidget(self.raw)
        raw.setLayout(beside)
        side.set_panel(ReviewPart.RAW, raw, self.raw.setFocus, self.raw)
        self.add_notice(self.forwarded)
        self._unknown.acted.connect(self._show_raw)
        self.tell(self.basis)
        self.add_notice(self._notice)
        self.gaps = GapPanel(self._bench)
        self.add_notice(self.gaps)
        self.tell(self.gaps)
        layout = column()
        layout.addWidget(self._head())
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.side)
        self.splitter.addWidget(self.viewer)
        self.splitter.setStretchFactor(0, 4)
        self.splitter.setStretchFactor(1, 6)
        self.splitter.setSizes([self._bench.theme.px(452), self._bench.theme.px(772)])
        band = column(margins=(20, 0, 16, 0))
        band.addWidget(self._unknown)
        layout.addLayout(band)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self._bar())
        self.setLayout(layout)
        self.add_fact(self.competence)
        for panel in (self.competence, self.forwarded):
            self.tell(panel)
        self._resize()
        self._bench.theme.changed.connect(self._resize)

    def _head(self) -> QFrame:
        head = QFrame()
        head.setProperty("area", "header")
        lines = self._lines = column(margins=(20, 12, 20, 10), spacing=8)
        lines.addWidget(self.header)
        under = row(spacing=16)
        under.addWidget(self._facts, 1)
        under.addWidget(self.basis)
        lines.addLayout(under)
        lines.addWidget(self.steps)
        head.setLayout(lines)
        return head

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("area", "bar")
        buttons = self._buttons = WrappingRow((20, 8, 8, 8), 8)
        commands, theme = self._commands, self._bench.theme
        self._place = label("", "muted")
        buttons.addWidget(CommandButton(commands, theme, "case.approve", "primary"))
        for command_id in ("case.request", "case.letter", "case.refuse", "case.forward"):
            buttons.addWidget(CommandButton(commands, theme, command_id))
        line = row(margins=(0, 0, 16, 0), spacing=8)
        line.addLayout(buttons, 1)
        line.addWidget(self._place)
        bar.setLayout(line)
        return bar

    # what others put in

    def add_fact(self, widget: QWidget) -> None:
        """A short line under the header; several stand side by side. It may hide itself."""
        self._facts_row.addWidget(widget)
        self._facts.show()

    def add_notice(self, widget: QWidget) -> None:
        """A note above the parts, as long as it is visible."""
        self.side.notices.addWidget(widget)

    def tell(self, panel: DossierPanel) -> None:
        """From now on the panel hears of every case."""
        self._told.append(panel)

    # content

    def show_row(self, found: CaseRow) -> None:
        """What is known at once."""
        self.header.show_row(found)

    @Slot(object)
    def show_dossier(self, dossier: Dossier) -> None:
        """The whole case. Another case begins with its check points."""
        found = dossier.case.row
        if found.case_id != self._case_id:
            self._case_id = found.case_id
            self.side.begin_anew()
        self.show_row(found)
        self.header.show_gaps(dossier.gaps)
        self._show_notice(dossier)
        self.checking.show_dossier(dossier)
        self.raw.show_raw(raw_words(dossier.raws))
        self.changes.show_dossier(dossier)
        self._count_parts(dossier)
        self._matched = dossier.matched
        self.viewer.show_attachments(found.case_id, dossier.case.attachments, dossier.matched)
        for panel in self._told:
            panel.show_dossier(dossier)
        self._resize()
        self._fit_package()
        self.side.finder.search_again()

    def _count_parts(self, dossier: Dossier) -> None:
        waiting, changed = len(dossier.open_checks), change_count(dossier.differences)
        said = open_words(dossier.checks) if dossier.checks else ""
        self.side.show_words(ReviewPart.CHECKS, formats.number(waiting) if waiting else "", said)
        said = count_words(dossier.differences)
        self.side.show_words(ReviewPart.CHANGES, formats.number(changed) if changed else "", said)

    @Slot(object)
    def _show_point(self, line: CheckLine) -> None:
        """Goes to the field a check point is about, else to the attachment."""
        result = line.result
        if result.path and self.form.isVisible() and self.form.go_to(result.path):
            return
        at = first_of_kind(self._matched, self.viewer.items, result.evidence) if result.evidence else None
        if at is not None:
            self.viewer.show_at(at)
            self.viewer.pane.pages.setFocus(Qt.FocusReason.OtherFocusReason)
        elif result.evidence:
            self._bench.say(_("Eine solche Unterlage ist nicht dabei."))
        else:
            self._bench.say(_("Diese Angabe steht nicht im Antrag."))

    @Slot()
    def _show_raw(self) -> None:
        self.side.show_part(ReviewPart.RAW)

    @Slot(str, int)
    def _to_statement(self, path: str, number: int) -> None:
        self.side.show_part(ReviewPart.CHECKS, focus=False)
        self.form.go_to(path, number)

    def _show_notice(self, dossier: Dossier) -> None:
        if not dossier.readable:
            self._notice.show_words("bad", quarantine_words(dossier))
        else:
            level, words = form_notice(dossier)
            self._notice.show_words(level, words if not dossier.checks else "")
        level, words = unknown_form_words(dossier.basis) if dossier.basis else ("info", "")
        self._unknown.show_words(level, words, _("Rohdaten") if words else "")
        details = unknown_form_details(dossier.basis) if dossier.basis and words else ""
        self._unknown.setToolTip(tooltip(details, None) if details else "")

    def show_place(self, at: int, total: int) -> None:
        """Where in the list this case stands, from 0."""
        long, short = _("{at} von {all} · Alt+↑/↓ blättert"), _("{at} von {all}")
        said = {"at": at + 1, "all": formats.number(total)}
        self._places = (long.format(**said), short.format(**said)) if at >= 0 else ("", "")
        self._fit_place()

    def _fit_place(self) -> None:
        """The buttons keep to one line; the place says less instead."""
        long, short = self._places
        room = self.width() - self._buttons.sizeHint().width() - 24
        fits = self._place.fontMetrics().horizontalAdvance(long) < room
        self._place.setText(long if fits else short)
        self._place.setToolTip("" if fits or not long else tooltip(long, None))

    def show_attachment(self, item: CaseAttachment) -> None:
        """Begins with this attachment."""
        for at in range(len(self.viewer.items)):
            if self.viewer.items[at] == item:
                self.viewer.show_at(at)

    def focus_content(self) -> None:
        """Puts the focus on the first open check point, else on the attachment or the form."""
        if self.side.part is not ReviewPart.CHECKS:
            self.side.focus_part()
        elif self.checks.focus_open():
            pass
        elif self.viewer.items:
            self.viewer.pane.pages.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.checking.focus_content()

    def set_narrow(self, narrow: bool) -> None:
        """Little room: the attachment stands below the form instead of beside it."""
        self.splitter.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)
        self._place.setVisible(not narrow)
        self._resize()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the steps stand beside the title, so that the form gets their line."""
        super().resizeEvent(event)
        self._fit_height()
        self._fit_package()
        self._fit_place()

    def _fit_package(self) -> None:
        """Who is competent comes before the package's version, a newer version before both."""
        room = self.width() - 56 - self.competence.sizeHint().width()
        self.basis.setMaximumWidth(max(self.basis.minimumSizeHint().width(), room))

    def _fit_height(self) -> None:
        low = self.height() < self._bench.theme.px(_LOW)
        if low is self._low:
            return
        self._low = low
        self.steps.set_compact(low)
        if low:
            self.header.put_aside(self.steps)
        else:
            self._lines.addWidget(self.steps)
        self.steps.show()  # a new parent hides it
        self._lines.setContentsMargins(20, 6 if low else 12, 20, 6 if low else 10)
        self._lines.setSpacing(4 if low else 8)

    @Slot()
    def _resize(self) -> None:
        narrow = self.splitter.orientation() is Qt.Orientation.Vertical
        least = max(self._bench.theme.px(320), self.side.tabs.sizeHint().width() + 20)
        self.side.setMinimumWidth(0 if narrow else least)
        self.viewer.setMinimumWidth(0 if narrow else self._bench.theme.px(380))
        self._fit_height()
