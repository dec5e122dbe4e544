"""Wires screens, flow and commands into one working window."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot

from clerk_app.domain.attachment_text import SearchHit
from clerk_app.domain.case import CaseAttachment, CaseRow, ViewCounts
from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.decision import Outcome
from clerk_app.domain.ids import CaseId
from clerk_app.sync.status import SyncStatus
from clerk_app.texts import _
from clerk_app.ui.assign_steps import AssignSteps
from clerk_app.ui.case_list import CaseList
from clerk_app.ui.case_page import CasePage
from clerk_app.ui.command_table import build_commands
from clerk_app.ui.commands import Screen
from clerk_app.ui.date_steps import DateSteps
from clerk_app.ui.desk_pages import DeskPages
from clerk_app.ui.dossier import CheckLine, Dossier
from clerk_app.ui.draft_steps import DraftSteps
from clerk_app.ui.filing import CaseFiling
from clerk_app.ui.finishing import Finishing
from clerk_app.ui.flow import CaseFlow
from clerk_app.ui.help_steps import HelpSteps
from clerk_app.ui.leaving import leave
from clerk_app.ui.lock_steps import LockSteps
from clerk_app.ui.package_steps import PackageSteps
from clerk_app.ui.page import Page
from clerk_app.ui.pages import Pages
from clerk_app.ui.place_keeper import PlaceKeeper
from clerk_app.ui.presence_teller import PresenceTeller
from clerk_app.ui.print_steps import PrintSteps
from clerk_app.ui.quit_guard import QuitGuard
from clerk_app.ui.reading_steps import ReadingSteps
from clerk_app.ui.related_steps import RelatedSteps
from clerk_app.ui.saved_view_steps import SavedViewSteps
from clerk_app.ui.selection_steps import SelectionSteps
from clerk_app.ui.session import restore_review, restore_session
from clerk_app.ui.settings_steps import SettingsSteps
from clerk_app.ui.sidebar import AREAS, Area, area_of
from clerk_app.ui.sync_words import offline_words
from clerk_app.ui.verify_steps import VerifySteps
from clerk_app.ui.window import MainWindow
from clerk_app.ui.workbench import Workbench

#: The other screens are made ahead of time, but only once the first list has been painted.
PAGES_AFTER_MS = 250


class DeskWindow(DeskPages):
    """The window with its life: news come in, screens follow each other, work goes out."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self.bench = bench
        self.window = MainWindow(bench)
        self.flow = CaseFlow(bench)
        self.list = CaseList(bench)
        self.came_from = Screen.BROWSE  # where a step on a case was begun
        self.finishing = Finishing(self)
        self._wanted_attachment: CaseAttachment | None = None
        self.place_focus = False
        self._open = True
        self.verifying = VerifySteps(self)
        self.dating = DateSteps(self)
        self.relating = RelatedSteps(self)
        self.packaging = PackageSteps(self)
        self.choosing = SelectionSteps(self)
        self.assigning = AssignSteps(self)
        self.drafting = DraftSteps(self)
        self.helping = HelpSteps(self)
        self.reading = ReadingSteps(self)
        self.setting = SettingsSteps(self)
        self.viewing = SavedViewSteps(self)
        self.place = PlaceKeeper(self)
        self.printing = PrintSteps(self)
        self.locking = LockSteps(self)
        build_commands(self)
        commands = self.window.commands
        self.pages = Pages(bench, commands, self._page_made)
        self.page = CasePage(bench, commands)
        self.window.build(self.list, self.page, self.pages.page)
        self.filing = CaseFiling(bench, self.window, self.window.progress)
        self.quit_guard = QuitGuard(self.window, bench, self.window.close)
        self.window.may_close = self.quit_guard.may_close
        self._minute = QTimer(self, interval=60_000)
        self._minute.timeout.connect(self._new_minute)
        self._connect()

    def _connect(self) -> None:
        bench, flow, window = self.bench, self.flow, self.window
        bench.bridge.changed.connect(self._take_changes)
        bench.bridge.sync_changed.connect(self._take_sync)
        self.list.current_changed.connect(self._row_chosen)
        self.list.opened.connect(lambda: window.commands.run("case.open"))
        self.list.listed.connect(self._show_hit)
        flow.row_changed.connect(self._show_row)
        flow.loaded.connect(self._show_dossier)
        flow.taken_back.connect(self.finishing.taken_back)
        flow.state_changed.connect(window.commands.refresh)
        self.filing.state_changed.connect(window.commands.refresh)
        self.page.attachment_chosen.connect(self._open_attachment)
        self.page.note_written.connect(flow.note)
        self.page.date_done.connect(self.dating.done_here)
        self.page.date_removed.connect(self.dating.remove_here)
        window.sidebar.chosen.connect(self.show_area)
        window.status.sync_clicked.connect(self._to_outbox)
        window.status.outbox_clicked.connect(self._to_outbox)
        window.status.due_clicked.connect(self._to_due)
        window.toast.acted.connect(self.flow.undo)
        window.document_dropped.connect(self.verifying.open_path)
        window.closing.connect(self._closing)
        window.screen_shown.connect(self._screen_shown)
        self.choosing.begin()
        if bench.shell.presence is not None:
            PresenceTeller(bench.shell.presence, window, flow)

    def _page_made(self, screen: Screen, page: Page) -> None:
        self.window.add_screen(screen, page)
        page.state_changed.connect(self.window.commands.refresh)
        page.case_wanted.connect(self.go_to_case)
        page.show_sync(self.bench.shell.sync.status())
        match screen:
            case Screen.REVIEW:
                self.review.check_said.connect(self.flow.check)
                self.relating.put_into(self.review)
                self.review.asked.connect(self._ask_for)
                restore_review(self, self.review)
            case Screen.DECISION:
                self.decision.signed.connect(self.finishing.signed)
                self.decision.laid.connect(self.finishing.laid)
                self.decision.step_done.connect(self.flow.remember)
                self.decision.arrival_wanted.connect(self._to_arrival)
            case Screen.REQUEST:
                self.request.sent.connect(self.finishing.requested)
                self.request.arrival_wanted.connect(self._to_arrival)
            case Screen.LETTER:
                self.letter.sent.connect(self.finishing.written)
                self.letter.step_done.connect(self.flow.remember)
                self.letter.arrival_wanted.connect(self._to_arrival)
            case Screen.OUTBOX:
                self.outbox.withdraw_asked.connect(self.flow.withdraw)
            case Screen.TRIAGE:
                self.triage.row_chosen.connect(self.flow.show)
                self.triage.case_opened.connect(self.open_case)
            case Screen.SETTINGS:
                self.setting.put_into(self.setting.page())
            case Screen.DATES:
                self.dates.opened.connect(self.dating.open_case)

    @Slot()
    def _make_pages(self) -> None:
        """One screen at a time while nothing else is to be done: none of them may be felt."""
        if self._open and self.pages.make_one():
            QTimer.singleShot(0, self._make_pages)

    def start(self) -> None:
        """Shows the window with its first list."""
        area = self.place.area(restore_session(self))
        self.window.sidebar.show_area(area)
        lists = AREAS[area].screen is Screen.BROWSE
        if lists:
            self.list.begin(area)
            self.window.show_screen(Screen.BROWSE)
        else:
            self.show_area(area)
        self._take_sync(self.bench.shell.sync.status())
        self.window.show()
        self.drafting.begin()
        self.viewing.begin()
        self.place.begin(area)
        if lists:
            self.window.focus_list()
        self.count()
        self._minute.start()
        QTimer.singleShot(PAGES_AFTER_MS, self._make_pages)

    # news

    @Slot(object)
    def _take_changes(self, changes: ChangeSet) -> None:
        self.list.take_changes(changes)
        self.flow.take_changes(changes)
        for page in self.pages.there():
            page.take_changes(changes)
        self.count()

    @Slot(object)
    def _take_sync(self, status: SyncStatus) -> None:
        self.window.status.show_sync(status)
        for page in self.pages.there():
            page.show_sync(status)
        kind, words = offline_words(status, self.bench.reads.last_sync_at(), self.bench.now())
        self.window.offline.show_words(kind, words)

    def count(self) -> None:
        """Asks for the numbers of sidebar and status bar."""
        today = self.bench.today()

        def done(counts: ViewCounts) -> None:
            self.window.show_counts(counts)

        actor = self.bench.office.actor
        self.bench.queries.submit(
            lambda reads: reads.counts(today, actor), done, self.bench.fail, key="counts"
        )
        self.window.status.count_pressing()

    @Slot()
    def _new_minute(self) -> None:
        self.window.status.show_sync(self.bench.shell.sync.status())
        self.list.view.viewport().update()
        self.count()

    # the case at hand

    @Slot(object)
    def _row_chosen(self, found: CaseRow | None) -> None:
        if self.window.shown in (Screen.BROWSE, Screen.REVIEW):
            self.flow.show(found)

    @Slot(object)
    def _show_row(self, found: CaseRow | None) -> None:
        if found is None:
            self.page.show_nothing()
            if self.window.shown is Screen.REVIEW:
                self.go_back()
            return
        self.page.show_row(found)
        self._show_hit()
        if self.pages.has(Screen.REVIEW):
            self.review.show_row(found)
            self.review.show_place(self.list.position(), self.list.model.rowCount())

    @Slot()
    def _show_hit(self) -> None:
        """Why the search found this case, when its row does not tell."""
        text, found = self.list.bar.text, self.flow.row
        if not text or found is None:
            self.page.hit.show_hit(None)
            return

        def done(hit: SearchHit | None) -> None:
            row = self.flow.row
            if row is not None and row.case_id == found.case_id and self.list.bar.text == text:
                self.page.hit.show_hit(hit)

        self.bench.queries.submit(
            lambda reads: reads.hit(found.case_id, text), done, lambda _error: None, key="hit"
        )

    @Slot(object)
    def _show_dossier(self, dossier: Dossier) -> None:
        if self.window.shown is Screen.BROWSE:
            self.page.show_dossier(dossier)
        elif self.window.shown is Screen.REVIEW:
            self._show_review(dossier)
        elif self.window.shown is Screen.TRIAGE:
            self.triage.show_dossier(dossier)
        self.drafting.take_dossier()
        self.reading.take_dossier(dossier)
        for page in self.pages.there():
            page.take_dossier(dossier)

    def _show_review(self, dossier: Dossier) -> None:
        self.review.show_dossier(dossier)
        if self._wanted_attachment is not None:
            self.review.show_attachment(self._wanted_attachment)
            self._wanted_attachment = None
        if self.place_focus:
            self.place_focus = False
            self.review.focus_content()

    @Slot(object)
    def _screen_shown(self, screen: Screen) -> None:
        dossier = self.flow.dossier
        if dossier is not None and screen is Screen.BROWSE:
            self.page.show_dossier(dossier)
        elif dossier is not None and screen is Screen.REVIEW:
            self._show_review(dossier)

    # going about

    @Slot(object)
    def show_area(self, area: Area) -> None:
        """Another area of the sidebar."""
        self.window.sidebar.show_area(area)
        screen = AREAS[area].screen
        if screen is not Screen.BROWSE:
            self.show_page(screen)
            return
        self.window.show_screen(Screen.BROWSE)
        self.list.show_area(area)
        self.window.focus_list()

    def show_page(self, screen: Screen) -> None:
        """A page of its own, read anew, with the focus in it."""
        page = self.pages.page(screen)
        self.window.show_screen(screen)
        page.open()
        page.focus_content()

    @Slot(str)
    def go_to_case(self, case_id: str) -> None:
        """A case in the list it belongs to; nothing when it is not there any more."""
        row = self.bench.reads.row(CaseId(case_id))
        if row is None:
            return
        self.show_area(area_of(row.status))
        if not self.list.select_case(row.case_id):
            self.flow.show(row)
        self.window.show_reading(True)

    @Slot()
    def _to_outbox(self) -> None:
        self.show_area(Area.OUTBOX)

    @Slot()
    def _to_due(self) -> None:
        from clerk_app.domain.case import CaseOrder

        self.show_area(Area.OPEN)
        self.list.set_order(CaseOrder.DUE)

    @Slot()
    def open_case(self) -> None:
        """Prüfansicht of the case at hand."""
        if self.flow.row is None:
            return
        self.place_focus = True
        self.window.show_screen(Screen.REVIEW)
        self.review.show_place(self.list.position(), self.list.model.rowCount())
        self.flow.open()

    @Slot(object)
    def _open_attachment(self, item: CaseAttachment) -> None:
        self._wanted_attachment = item
        self.open_case()

    def go_back(self) -> None:
        """Esc: from a step to the one before, at last to the list."""
        window = self.window
        match window.shown:
            case Screen.DECISION | Screen.REQUEST | Screen.LETTER:
                self.leave_step()
            case Screen.REVIEW:
                found = self.review.viewer.close_find() or self.review.side.close_find()
                if not (found or self.relating.go_back()):
                    window.show_screen(Screen.BROWSE)
                    window.focus_list()
            case Screen.VERIFY:
                self.verifying.go_back()
            case Screen.HELP:
                self.helping.go_back()
            case Screen.READING:
                self.reading.go_back()
            case Screen.BROWSE:
                if not window.reading_alone and self.list.filtered:
                    self.list.clear_search()
                    if self.list.search.hasFocus():  # a second time goes back to the list
                        return
                window.focus_list()
            case _:
                self.show_area(Area.NEW)

    @Slot()
    def _to_arrival(self) -> None:
        """From writing to what arrived meanwhile; Ctrl+B leads back to the draft."""
        self.open_case()
        self.window.commands.run("review.changes")

    def leave_step(self) -> None:
        """Back to where the step was begun."""
        self.window.show_screen(self.came_from)
        if self.came_from is Screen.BROWSE:
            self.window.focus_list()
        else:
            self.review.focus_content()

    def step(self, by: int) -> None:
        """The next or previous case of the list."""
        if not self.list.select(self.list.position() + by):
            words = _("Das ist der letzte Vorgang der Liste.") if by > 0 else _("Das ist der erste Vorgang.")
            self.bench.say(words)

    def next_unread(self) -> None:
        """The next case nobody has looked at."""
        model, start = self.list.model, self.list.position()
        for offset in range(1, model.rowCount() + 1):
            at = (start + offset) % model.rowCount()
            found = model.row_at(at)
            if found is not None and found.unread:
                self.list.select(at)
                return
        self.bench.say(_("Kein ungelesener Vorgang in dieser Liste."))

    # deciding and asking

    def decide(self, outcome: Outcome) -> None:
        """Bescheid for the case at hand."""
        dossier = self.flow.dossier
        if dossier is None:
            return
        self._remember_screen()
        self.decision.begin(dossier, outcome)
        self.window.show_screen(Screen.DECISION)
        self.decision.focus_content()

    def ask(self) -> None:
        """Nachforderung for the case at hand."""
        dossier = self.flow.dossier
        if dossier is None:
            return
        self._remember_screen()
        self.request.begin(dossier)
        self.window.show_screen(Screen.REQUEST)
        self.request.focus_content()

    @Slot(object)
    def _ask_for(self, line: CheckLine) -> None:
        self.window.commands.run("case.request")
        if self.window.shown is Screen.REQUEST:
            self.request.want({line.result.evidence, line.result.check_id})

    def write(self) -> None:
        """Schreiben for the case at hand."""
        dossier = self.flow.dossier
        if dossier is None:
            return
        self._remember_screen()
        self.letter.begin(dossier)
        self.window.show_screen(Screen.LETTER)
        self.letter.focus_content()

    def _remember_screen(self) -> None:
        if self.window.shown in (Screen.BROWSE, Screen.REVIEW):
            self.came_from = self.window.shown

    @Slot()
    def _closing(self) -> None:
        leave(self)
        self._minute.stop()
        self._open = False
