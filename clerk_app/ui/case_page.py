"""Lesebereich: one case beside the list, with everything a clerk wants to know before opening it."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QLayout, QMenu, QPushButton, QStackedWidget, QTabBar, QWidget

from clerk_app.domain.case import CaseAttachment, CaseRow
from clerk_app.domain.service_package import FormView
from clerk_app.domain.typed import TypedPlace
from clerk_app.texts import N_, _, formats
from clerk_app.ui.attachment_cards import AttachmentCards
from clerk_app.ui.case_dates import CaseDates
from clerk_app.ui.case_header import CaseHeader
from clerk_app.ui.case_tables import AttachmentTable, HistoryPage, OutgoingTable
from clerk_app.ui.commands import Commands
from clerk_app.ui.competence_line import ForwardedNotice
from clerk_app.ui.dossier import Dossier
from clerk_app.ui.empty_state import EmptyState
from clerk_app.ui.form_view import FormTree
from clerk_app.ui.hit_line import HitLine
from clerk_app.ui.notice import Notice
from clerk_app.ui.outbox_model import stuck_notice
from clerk_app.ui.raw_view import RawView, raw_words
from clerk_app.ui.reflow import WrappingRow
from clerk_app.ui.team_notice import DirectionNotice
from clerk_app.ui.widgets import CommandButton, column, follow_icon, hairline, row
from clerk_app.ui.workbench import Workbench

_TABS = (N_("Antrag"), N_("Anlagen"), N_("Bescheid"), N_("Nachrichten"), N_("Fristen"), N_("Verlauf"))
_MORE = ("case.letter", "case.refuse", "case.forward", "case.unread", "case.note")


def headed_forms(dossier: Dossier) -> list[tuple[str, FormView]]:
    """The forms of a case, later ones under a heading that says when they came."""
    headed: list[tuple[str, FormView]] = []
    for application, form in zip(dossier.case.applications, dossier.forms, strict=True):
        heading = _("Nachgereicht am {moment}").format(moment=formats.moment(application.submitted_at))
        headed.append((heading if headed else "", form))
    return headed


def form_notice(dossier: Dossier) -> tuple[str, str]:
    """What must be said above the form, as (level, words)."""
    broken = next((form.problem for form in dossier.forms if form.problem), None)
    if broken:
        return "warn", _("Der Inhalt ließ sich nicht gliedern und wird so gezeigt, wie er ankam.")
    if dossier.open_checks:
        done = len(dossier.checks) - len(dossier.open_checks)
        words = _("Automatische Prüfung: {done} von {all} Punkten erfüllt. {first}")
        first = str(dossier.open_checks[0].result.text)
        return "warn", words.format(done=done, all=len(dossier.checks), first=first)
    return "ok", ""


class CasePage(QWidget):
    """Header, buttons, tabs. ``attachment_chosen`` asks for the review page at one attachment."""

    attachment_chosen = Signal(object)
    note_written = Signal(str)
    date_done = Signal(str)
    date_removed = Signal(str)

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench, self._commands = bench, commands
        self.header = CaseHeader(bench, person=False)
        self._notice = Notice(bench.theme)
        self._quarantine = Notice(bench.theme)
        self._stuck = Notice(bench.theme)
        self._forwarded = ForwardedNotice(bench.theme, commands)
        self._direction = DirectionNotice(bench.theme, commands)
        self.hit = HitLine(bench.theme)
        self.hit.attachment_wanted.connect(self._open_hit)
        self.cards = AttachmentCards(bench.theme)
        self.cards.chosen.connect(self.attachment_chosen)
        self.form = FormTree(bench.theme)
        self.raw = RawView(bench.theme)
        self._dossier: Dossier | None = None
        self._build()
        self.show_nothing()

    def _build(self) -> None:
        top = column(margins=(20, 12, 20, 8), spacing=12)
        top.addWidget(self.header)
        top.addLayout(self._buttons())
        top.addWidget(self.hit)
        top.addWidget(self._quarantine)
        top.addWidget(self._stuck)
        top.addWidget(self._forwarded)
        top.addWidget(self._direction)
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setAccessibleName(_("Teile des Vorgangs"))
        for words in _TABS:
            self.tabs.addTab(_(words))
        self._pages = QStackedWidget()
        self._pages.addWidget(self._application_page())
        self.tabs.currentChanged.connect(self._tab_chosen)
        bar = row(margins=(12, 0, 12, 0))
        bar.addWidget(self.tabs, 1)
        content = QWidget()
        layout = column()
        layout.addLayout(top)
        layout.addLayout(bar)
        layout.addWidget(hairline())
        layout.addWidget(self._pages, 1)
        content.setLayout(layout)
        self._content = content
        self._empty = EmptyState(self._bench.theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(content)
        whole = column()
        whole.addWidget(self._stack)
        self.setLayout(whole)

    @Slot(str)
    def _open_hit(self, attachment_id: str) -> None:
        for item in self._dossier.case.attachments if self._dossier else ():
            if item.attachment.attachment_id == attachment_id:
                self.attachment_chosen.emit(item)
                return

    def _buttons(self) -> QLayout:
        commands, theme = self._commands, self._bench.theme
        line = WrappingRow((0, 0, 0, 0), 8)
        line.addWidget(CommandButton(commands, theme, "case.open", "primary"))
        line.addWidget(CommandButton(commands, theme, "case.approve"))
        line.addWidget(CommandButton(commands, theme, "case.request"))
        self._more = QPushButton()
        self._more.setAccessibleName(_("Weitere Befehle"))
        self._more.setProperty("menu", "more")
        follow_icon(self._more, theme, "more_horiz")
        menu = QMenu(self._more)
        for command_id in _MORE:
            menu.addAction(commands.action(command_id))
        self._more.clicked.connect(lambda: menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft())))
        line.addWidget(self._more)
        return line

    def _application_page(self) -> QWidget:
        page = QFrame()
        layout = column(margins=(20, 14, 20, 0), spacing=12)
        layout.addWidget(self._notice)
        layout.addWidget(self.cards)
        self._rule = hairline()
        layout.addWidget(self._rule)
        layout.addWidget(self.form, 1)
        layout.addWidget(self.raw, 1)
        self._filler = QWidget()
        layout.addWidget(self._filler, 1)
        page.setLayout(layout)
        return page

    # content

    def show_nothing(self) -> None:
        """No case is chosen."""
        self._empty.show_state("inbox", _("Kein Vorgang ausgewählt."), "", "")
        self._stack.setCurrentWidget(self._empty)

    def show_row(self, found: CaseRow) -> None:
        """What the list knows already, at once; the rest follows with the dossier."""
        self.header.show_row(found)
        self._stack.setCurrentWidget(self._content)

    @Slot(object)
    def show_dossier(self, dossier: Dossier) -> None:
        """The whole case."""
        case = dossier.case
        self.show_row(case.row)
        self.header.show_gaps(dossier.gaps)
        readable = dossier.readable
        self._quarantine.show_words("bad", "" if readable else quarantine_words(dossier))
        self._stuck.show_words(*stuck_notice(dossier.stuck))
        self._forwarded.show_dossier(dossier)
        self._direction.show_case(case)
        level, words = form_notice(dossier)
        self._notice.show_words(level, words if readable else "")
        broken = any(form.problem or not form.groups for form in dossier.forms)
        self.form.setVisible(readable and not broken)
        self.raw.setVisible(readable and broken)
        self._filler.setVisible(not readable)
        if readable:
            self.form.show_forms(headed_forms(dossier))
            self.raw.show_raw(raw_words(dossier.raws) if broken else "")
        self.cards.show_attachments(case.attachments, dossier.matched)
        self._rule.setVisible(bool(case.attachments) and readable)
        self._dossier = dossier
        self._show_table()
        self._name_tabs(case.attachments)

    @cached_property
    def attachments(self) -> AttachmentTable:
        """Tab "Anlagen", made when first looked at, like the ones below."""
        page = AttachmentTable(self._bench)
        page.chosen.connect(self.attachment_chosen)
        return page

    @cached_property
    def issued(self) -> OutgoingTable:
        """Tab "Bescheid"."""
        return OutgoingTable(self._bench, decisions=True)

    @cached_property
    def outgoing(self) -> OutgoingTable:
        """Tab "Nachrichten"."""
        return OutgoingTable(self._bench, decisions=False)

    @cached_property
    def dates(self) -> CaseDates:
        """Tab "Fristen"."""
        page = CaseDates(self._bench, self._commands)
        page.done_asked.connect(self.date_done)
        page.remove_asked.connect(self.date_removed)
        return page

    @cached_property
    def history(self) -> HistoryPage:
        """Tab "Verlauf"."""
        page = HistoryPage(self._bench)
        page.written.connect(self.note_written)
        return page

    def keep_typed(self) -> None:
        """The window is about to close: a note that is being typed is written down."""
        if "history" in self.__dict__:
            self.history.journal.flush()

    @Slot(int)
    def _tab_chosen(self, at: int) -> None:
        if at == 0:
            self._pages.setCurrentIndex(0)
            return
        page = self._table(at)
        if self._pages.indexOf(page) < 0:
            self._pages.addWidget(page)
        self._show_table()
        self._pages.setCurrentWidget(page)

    def _table(self, at: int) -> AttachmentTable | OutgoingTable | CaseDates | HistoryPage:
        return getattr(self, ("", "attachments", "issued", "outgoing", "dates", "history")[at])  # type: ignore[no-any-return]

    def _show_table(self) -> None:
        """Only the table in sight is filled."""
        if self.tabs.currentIndex() > 0 and self._dossier is not None:
            page = self._table(self.tabs.currentIndex())
            if isinstance(page, CaseDates):
                page.show_dossier(self._dossier)
            else:
                page.show_case(self._dossier.case)
            if isinstance(page, HistoryPage):
                page.take_typed(self._dossier.typed.get(TypedPlace.NOTE))

    def _name_tabs(self, attachments: tuple[CaseAttachment, ...]) -> None:
        words = _("Anlagen ({n})").format(n=len(attachments)) if attachments else _("Anlagen")
        self.tabs.setTabText(1, words)

    def focus_content(self) -> None:
        """Puts the focus where reading begins."""
        target = self.form if self.form.isVisible() else self.tabs
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)


def quarantine_words(dossier: Dossier) -> str:
    """Why a case cannot be read, and what now."""
    from clerk_app.texts.errors import sentence_for

    code = dossier.case.quarantine_code
    why = sentence_for(code) if code else _("Der Inhalt ließ sich nicht lesen.")
    return why + " " + _("Abgelehnt wurde nichts; ein neuer Abgleich versucht es noch einmal.")
