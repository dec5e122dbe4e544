"""The paper of one fixed draft. Being shown here is what counts as seen."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.folder import PaperResult
from clerk_app.domain.ids import EntryId
from clerk_app.texts import _
from clerk_app.texts.errors import sentence_for
from clerk_app.ui import folder_model as words
from clerk_app.ui.document_pane import DocumentPane
from clerk_app.ui.folder_model import FolderItem
from clerk_app.ui.notice import Notice
from clerk_app.ui.widgets import column, label
from clerk_app.ui.workbench import Workbench


class FolderPaper(QWidget):
    """Title, facts, what must be said, and the pages."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self._item: FolderItem | None = None
        self._fetched: EntryId | None = None
        self.setProperty("area", "side")
        self._title = label("", "section", wrap=True)
        self._facts = label("", "muted", wrap=True, selectable=True)
        self.remark = Notice(bench.theme)
        self.preview = DocumentPane(bench)
        self.preview.setMinimumHeight(bench.theme.px(120))
        lines = column(margins=(16, 10, 16, 0), spacing=6)
        for part in (self._title, self._facts, self.remark):
            lines.addWidget(part)
        lines.addWidget(self.preview, 1)
        self.setLayout(lines)
        self.preview.turned.connect(self._page_shown)

    def show_item(self, item: FolderItem | None, result: PaperResult | None) -> None:
        """Another draft, or the same as it stands now."""
        self._item = item
        if item is None:
            self._fetched = None
            self.preview.show_words("")
            return
        self._title.setText(item.draft.title)
        self._facts.setText(words.facts(item))
        self.remark.show_words(*words.remark(item, self._bench.office.actor, result))
        if self._fetched != item.key:
            self._fetch(item)
        else:
            self._page_shown(0, self.preview.pages.page_count if self.preview.pages.shown else 0)

    def _fetch(self, item: FolderItem) -> None:
        self._fetched = item.key
        self.preview.show_words(_("Der Bescheid wird geladen …"))

        def done(paper: bytes) -> None:
            if self._fetched == item.key:
                self.preview.show_document(paper, "application/pdf")

        def failed(error: ClerkError) -> None:
            if self._fetched == item.key:
                self.preview.show_words(sentence_for(error.code, error.params))

        self._bench.worker.submit(lambda desk: desk.drafts.paper(item.key), done, failed, key="folder-paper")

    @Slot(int, int)
    def _page_shown(self, _number: int, count: int) -> None:
        """A page of the paper stands on the screen: now, not before, it has been seen."""
        item, paper = self._item, self.preview.content
        if not count or item is None or item.key != self._fetched or not paper or not self.isVisible():
            return
        if self._bench.office.actor in item.draft.seen_by or not item.draft.waits:
            return
        self._bench.worker.submit(
            lambda desk: desk.drafts.seen(item.key, paper), None, self._not_seen, key=f"seen-{item.key}"
        )

    def _not_seen(self, error: ClerkError) -> None:
        if error.code is not ErrorCode.DRAFT_NOT_WAITING:  # else the row is gone in a moment
            self._bench.fail(error)
