"""Unterschriftsmappe: look at each decision, sign many with one PIN; release or return those of others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSplitter

from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.folder import FolderRun, PaperResult
from clerk_app.domain.ids import EntryId
from clerk_app.texts import _
from clerk_app.texts.errors import sentence_for
from clerk_app.ui import folder_model as words
from clerk_app.ui.commands import Commands
from clerk_app.ui.folder_bar import FolderBar
from clerk_app.ui.folder_list import FolderList
from clerk_app.ui.folder_model import FolderItem
from clerk_app.ui.folder_paper import FolderPaper
from clerk_app.ui.folder_run import SigningRun
from clerk_app.ui.notice import Notice
from clerk_app.ui.page import Page
from clerk_app.ui.reason_dialog import ask_reason
from clerk_app.ui.reflow import ScrollingColumn
from clerk_app.ui.widgets import column, label
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.desk import Desk


class FolderPage(Page):
    """Table of what waits on the left, the paper of the chosen row on the right."""

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench = bench
        self._rest: tuple[EntryId, ...] = ()
        self.notice = Notice(bench.theme)
        self.list = FolderList(bench)
        self.paper = FolderPaper(bench)
        self.bar = FolderBar(commands, bench.theme)
        self.run = SigningRun(bench)
        self._build()
        self.notice.acted.connect(self.go_on)
        self.list.changed.connect(self._show_current)
        self.run.told.connect(self._told)
        self.run.ended.connect(self._run_ended)
        self.run.failed.connect(self._failed)
        self.run.given_up.connect(self._tell)

    def _build(self) -> None:
        head = column(margins=(20, 12, 20, 8), spacing=8)
        head.addWidget(label(_("Unterschriftsmappe"), "title"))
        head.addWidget(self.notice)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.list)
        self._side = ScrollingColumn(self.paper)
        self.splitter.addWidget(self._side)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([self._bench.theme.px(620), self._bench.theme.px(428)])
        layout = column()
        layout.addLayout(head)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self.bar)
        self.setLayout(layout)

    def set_narrow(self, narrow: bool) -> None:
        """Little room: the paper stands below instead of beside."""
        self.splitter.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)

    # content

    def open(self) -> None:
        """The page is shown anew: what earlier runs came to is forgotten."""
        if not self.run.running:
            self._forget_run()
        self.load()

    def _forget_run(self) -> None:
        self.list.forget_run()
        self._rest = ()
        self.notice.show_words("info", "")

    def load(self) -> None:
        """Reads what waits, in the background."""
        self._bench.queries.submit(
            words.read_folder,
            self._take,
            lambda error: self._bench.fail(error, self.load),
            key="folder",
        )

    def _take(self, items: tuple[FolderItem, ...]) -> None:
        self.list.show_items(items)
        if wanted := self.list.without_level():
            self._bench.worker.submit(
                lambda desk: desk.folder.levels(wanted), self.list.take_levels, None, key="folder-levels"
            )

    def take_changes(self, changes: ChangeSet) -> None:
        """Something moved in the office."""
        if self.isVisible() and (changes.changed or changes.outbox or changes.everything):
            self.load()

    def keep_typed(self) -> None:
        """What is signed stays signed, the rest stays in the folder."""
        self.run.stop()

    def focus_content(self) -> None:
        """Puts the focus on the table."""
        self.list.focus_content()

    @Slot()
    def _show_current(self) -> None:
        item = self.list.current()
        self._side.setVisible(item is not None)
        self.paper.show_item(item, None if item is None else self.list.results.get(item.key))
        self._tell()

    @Slot()
    def _tell(self) -> None:
        reviewing = self.list.reviewing
        text = _("Freigeben") if reviewing else words.sign_words(len(self.list.chosen()))
        self.bar.show_state(text, reviewing=reviewing, running=self.run.running)
        self.state_changed.emit()

    # why not

    def why_not_confirm(self) -> str | None:
        """Why the first act is greyed out, or None."""
        if self.run.running:
            return _("Es wird gerade signiert.")
        if self.list.reviewing:
            return self._why_not_release()
        if not self.list.signable():
            return _("In der Mappe liegt nichts, was signiert werden könnte.")
        if not self.list.chosen():
            return _("Kein angekreuztes Dokument ist schon angesehen: Signiert wird nur, was zu sehen war.")
        return None

    def _why_not_release(self) -> str | None:
        item = self.list.current()
        if (why := self.why_not_send_back()) is not None or item is None:
            return why
        if item.problem is not None:
            return sentence_for(ErrorCode.REVIEW_OUTDATED)
        if self._bench.office.actor not in item.draft.seen_by:
            return _("Der Bescheid wird noch angezeigt: Freigegeben wird nur, was zu sehen war.")
        return None

    def why_not_send_back(self) -> str | None:
        """Why the chosen one cannot be returned."""
        item = self.list.current()
        if item is None or not self.list.reviewing:
            return _("Es ist kein Bescheid zur Mitzeichnung ausgewählt.")
        if self._bench.office.actor in item.draft.authors:
            return sentence_for(ErrorCode.REVIEW_OWN_DRAFT)
        return None

    def why_not_take_out(self) -> str | None:
        """Why the chosen one cannot be taken out."""
        item = self.list.current()
        if item is None or not item.draft.waits:
            return _("Es ist kein Bescheid ausgewählt, der noch wartet.")
        return _("Es wird gerade signiert.") if self.run.running else None

    def why_not_stop(self) -> str | None:
        """Why there is nothing to stop."""
        if self.run.stopping:
            return _("Nach dem laufenden Dokument ist Schluss.")
        return None if self.run.running else _("Es wird gerade nichts signiert.")

    # acts

    def confirm(self) -> None:
        """Signs what is ticked and seen, or releases the chosen one."""
        if self.why_not_confirm() is not None:
            return
        item = self.list.current()
        if not self.list.reviewing:
            chosen = self.list.chosen()
            self._forget_run()
            self._sign(chosen)
        elif item is not None:
            said = _("Freigegeben: Der Bescheid liegt in der Unterschriftsmappe.")
            self._act(lambda desk: desk.reviewing.release(item.key), said)

    @Slot()
    def go_on(self) -> None:
        """Signs the rest of a run that has ended early."""
        if self._rest and not self.run.running:
            self._sign(self._rest)

    def _sign(self, draft_ids: Sequence[EntryId]) -> None:
        self.notice.show_words("info", "")
        self.bar.show_progress(0, len(draft_ids))
        self.run.ask(self, draft_ids)
        self._tell()

    def send_back(self) -> None:
        """Returns the chosen one with a reason."""
        item = self.list.current()
        if item is None or self.why_not_send_back() is not None:
            return
        question = _("Was soll an dem Bescheid geändert werden?")
        reason = ask_reason(self, self._bench, question, _("Zurückgeben"))
        if reason is not None:
            said = _("Zurückgegeben: Der Bescheid ist wieder ein Entwurf.")
            self._act(lambda desk: desk.reviewing.send_back(item.key, reason), said)

    def take_out(self) -> None:
        """The chosen one becomes a draft again."""
        item = self.list.current()
        if item is not None and self.why_not_take_out() is None:
            said = _("Herausgenommen: Der Bescheid ist wieder ein Entwurf.")
            self._act(lambda desk: desk.drafts.take_out(item.key), said)

    def stop(self) -> None:
        """Ends the run after the document at hand."""
        self.run.stop()
        self._tell()

    def _act(self, work: Callable[[Desk], object], said: str) -> None:
        self._bench.worker.submit(work, lambda _done: self._bench.say(said), self._failed)

    # a run

    @Slot(int, int, object)
    def _told(self, done: int, total: int, result: PaperResult) -> None:
        self.list.results[result.draft_id] = result
        self.bar.show_progress(done, total)
        self.list.show_rows()

    @Slot(object)
    def _run_ended(self, run: FolderRun) -> None:
        self.list.results |= words.as_results(run)
        self._rest = run.rest
        level, said, more = words.run_words(run)
        self.notice.show_words(level, said, _("Weiter signieren") if more else "")
        self.list.show_rows()
        self.load()

    @Slot(object)
    def _failed(self, error: ClerkError) -> None:
        self._bench.fail(error)
        self._tell()
        self.load()
