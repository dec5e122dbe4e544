"""Anlagen beside the form: one after the other, as pages or text, larger or smaller."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from clerk_app.domain.case import CaseAttachment
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.review_basis import EvidenceMatch
from clerk_app.texts import _
from clerk_app.texts.errors import sentence
from clerk_app.ui.commands import tooltip
from clerk_app.ui.document_pane import DocumentPane
from clerk_app.ui.document_search import DocumentSearch
from clerk_app.ui.evidence_model import kind_words, missing_words
from clerk_app.ui.find_bar import FindBar
from clerk_app.ui.password_line import PasswordLine
from clerk_app.ui.saving import save_bytes
from clerk_app.ui.thumbnails import Thumbnails
from clerk_app.ui.widgets import ElidedLabel, IconLabel, column, label, row, tool_button
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.desk import Desk


def attachment_name(item: CaseAttachment) -> str:
    """What an attachment is called on the screen."""
    return item.attachment.filename or _("Anlage ohne Namen")


def read_attachment(desk: Desk, case_id: CaseId, item: CaseAttachment) -> bytes:
    """The plaintext of an attachment, checked against its hash. Raises ClerkError."""
    sink = io.BytesIO()
    desk.attachments.write_to(case_id, item.submission_id, item.attachment.attachment_id, sink)
    return sink.getvalue()


class AttachmentViewer(QWidget):
    """Header with name and tools, document below. ``request_wanted``: a file cannot be shown and another one
    shall be asked for."""

    request_wanted = Signal()

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self.setProperty("area", "side")
        self._bench = bench
        self._case_id: CaseId | None = None
        self.items: tuple[CaseAttachment, ...] = ()
        self._at = 0
        self._page = (0, 0)
        self._matched = EvidenceMatch()
        self.pane = DocumentPane(bench)
        self.pane.turned.connect(self._turned)
        self.pane.pages.zoomed.connect(self._show_facts)
        self.pane.refused.connect(self._refused)
        self._turns: dict[str, int] = {}  # quarter turns of each attachment, while the case is open
        self.finding = DocumentSearch(bench, self.pane)
        self.finder = FindBar(bench.theme)
        self.finding.ready.connect(self.finder.search_again)
        self.thumbnails = Thumbnails(bench, self.pane)
        self.thumbnails.chosen.connect(self.pane.pages.go_to)
        self.thumbnails.hide()
        layout = column()
        layout.addLayout(self._tools())
        layout.addLayout(self._second_line())
        layout.addWidget(self.finder)
        layout.addLayout(self._safe_ways())
        self.password = PasswordLine(bench.theme)
        self.password.given.connect(self._unlock)
        layout.addWidget(self.password)
        beside = row()
        beside.addWidget(self.thumbnails)
        beside.addWidget(self.pane, 1)
        layout.addLayout(beside, 1)
        self.setLayout(layout)
        self._show_facts()

    def _tools(self) -> QHBoxLayout:
        theme = self._bench.theme
        self._name = ElidedLabel("section")
        self._name.setMinimumWidth(theme.px(12))
        self._facts = ElidedLabel("muted")
        self._list = tool_button(theme, "menu", _("Alle Anlagen"))
        self._menu = QMenu(self._list)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._list.setProperty("menu", "list")
        self._list.setMenu(self._menu)
        pages = self.pane.pages
        self._smaller = tool_button(theme, "remove", _("Verkleinern"), lambda: pages.zoom_by(-1))
        self._zoom = label("", "muted")
        self._larger = tool_button(theme, "add", _("Vergrößern"), lambda: pages.zoom_by(1))
        self._text = tool_button(theme, "", _("Text statt Seiten"), None, _("Text"))
        self._text.setAccessibleName(_("Text statt Seiten zeigen"))
        self._text.setCheckable(True)
        self._text.toggled.connect(self._text_toggled)
        self._turn = tool_button(theme, "rotate_right", _("Drehen"), self.turn)
        self._small = tool_button(theme, "view_sidebar", _("Seiten in klein"), None)
        self._small.setCheckable(True)
        self._small.toggled.connect(self.thumbnails_shown)
        self.back = tool_button(theme, "chevron_left", _("Vorige Anlage"), lambda: self.step(-1))
        self.forth = tool_button(theme, "chevron_right", _("Nächste Anlage"), lambda: self.step(1))
        tools = row(margins=(16, 6, 8, 0), spacing=2)
        tools.addWidget(self._name)
        tools.addSpacing(6)
        tools.addStretch(1)
        looking = (self._list, self._small, self._smaller, self._zoom, self._larger, self._turn, self._text)
        for part in (*looking, self.back, self.forth):
            tools.addWidget(part)
        return tools

    def _second_line(self) -> QHBoxLayout:
        """What the attachment seems to be and where in it one is; on the right what is not there."""
        self._missing = ElidedLabel("warn")
        self._missing_box = QWidget()
        right = row(spacing=4)
        right.addWidget(IconLabel(self._bench.theme, "warning-fill", "warn"))
        right.addWidget(self._missing)
        self._missing_box.setLayout(right)
        self._missing_box.hide()
        line = row(margins=(16, 0, 16, 6), spacing=16)
        line.addWidget(self._facts)
        line.addStretch(1)
        line.addWidget(self._missing_box)
        return line

    def show_attachments(
        self, case_id: CaseId, items: Sequence[CaseAttachment], matched: EvidenceMatch | None = None
    ) -> None:
        """The attachments of a case, beginning with the first; the same ones change nothing. ``matched``
        says which evidence they seem to be."""
        items = tuple(items)
        self._matched = matched or EvidenceMatch()
        missing = ", ".join(missing_words(self._matched))
        self._missing.set_full_text(_("Fehlt: {kinds}").format(kinds=missing) if missing else "")
        self._missing_box.setVisible(bool(missing))
        self._show_facts()
        if case_id == self._case_id and items == self.items:
            return
        if case_id != self._case_id:
            self._turns.clear()
            self.finder.forget()
        same = case_id == self._case_id and items[: len(self.items)] == self.items
        self._case_id, self.items = case_id, items
        self.show_at(self._at if same else 0)

    def show_at(self, position: int) -> None:
        """Shows the attachment at ``position``."""
        self._at = position
        self._page = (0, 0)
        self._ways.hide()
        self.password.end()
        self._show_facts()
        if not self.items or self._case_id is None:
            self._bench.worker.forget("attachment")
            self.pane.show_words(_("Zu diesem Antrag gehört keine Anlage."))
            return
        item, case_id = self.items[position], self._case_id
        self.pane.show_words("")

        def done(content: bytes) -> None:
            self.pane.show_document(content, item.attachment.media_type)
            self.finder.search_again()

        def failed(error: ClerkError) -> None:
            self.pane.show_words(sentence(error))
            self._refused(error)

        self._bench.worker.submit(
            lambda desk: read_attachment(desk, case_id, item), done, failed, key="attachment"
        )

    @Slot()
    def _fill_menu(self) -> None:
        """Every attachment with the evidence it seems to be, then what is missing."""
        self._menu.clear()
        for at, item in enumerate(self.items):
            kind = kind_words(self._matched, item)
            words = attachment_name(item) + (f"  –  {kind}" if kind else "")
            action = self._menu.addAction(words.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(at == self._at)
            action.triggered.connect(lambda _on=False, place=at: self.show_at(place))
        for kind in missing_words(self._matched):
            words = _("fehlt: {kind}").format(kind=kind)
            self._menu.addAction(words.replace("&", "&&")).setEnabled(False)

    def step(self, by: int) -> None:
        """The next or previous attachment."""
        if 0 <= self._at + by < len(self.items):
            self.show_at(self._at + by)

    def current(self) -> CaseAttachment | None:
        """The attachment shown."""
        return self.items[self._at] if self._at < len(self.items) else None

    # looking

    @Slot()
    def turn(self) -> None:
        """A quarter turn clockwise; it stays so while the case is open."""
        item = self.current()
        if item is not None and self._page[1]:
            self._turns[item.attachment.sha512] = (self.pane.pages.turns + 1) % 4
            self.pane.pages.turn(self._turns[item.attachment.sha512])
            self.thumbnails.follow_turn()

    @Slot(bool)
    def thumbnails_shown(self, on: bool) -> None:
        """Shows small pictures of the pages, or hides them."""
        self._small.setChecked(on)
        self.thumbnails.setVisible(on)
        if on:
            self.thumbnails._turned(*self._page)

    def open_find(self) -> None:
        """The search bar for the attachment."""
        self.finder.begin(self.finding)

    def close_find(self) -> bool:
        """Away with it; False when it was not there."""
        shown = self.finder.isVisible()
        self.finder.end()
        return shown

    # what cannot be shown

    def _safe_ways(self) -> QHBoxLayout:
        self._ways = QWidget()
        self._ask = QPushButton(_("Andere Fassung nachfordern …"))
        self._ask.clicked.connect(self.request_wanted)
        self._save = QPushButton(_("Unverändert speichern …"))
        self._save.setToolTip(_("Bitte nur öffnen, wenn Sie der Datei trauen."))
        self._save.clicked.connect(self._save_current)
        ways = row(margins=(16, 4, 16, 6), spacing=8)
        ways.addWidget(self._ask)
        ways.addWidget(self._save)
        ways.addStretch(1)
        self._ways.setLayout(ways)
        self._ways.hide()
        line = row()
        line.addWidget(self._ways)
        return line

    @Slot(object)
    def _refused(self, error: ClerkError) -> None:
        """The sentence stands in the pane; here is what can be done."""
        self._save.setVisible(error.code in (ErrorCode.PREVIEW_REFUSED, ErrorCode.PREVIEW_FAILED))
        self._ways.setVisible(self.current() is not None)
        if error.params.get("reason") == "encrypted" and self.current() is not None:
            self.password.begin()

    @Slot(str)
    def _unlock(self, password: str) -> None:
        """Tries a password; it goes to the confined child and nowhere else."""
        content, item = self.pane.content, self.current()
        if not content or item is None:
            return

        def done(_nothing: None) -> None:
            if self.pane.content is content:
                self._ways.hide()
                self.password.end()
                self.pane.show_document(content, item.attachment.media_type)
                self.finder.search_again()

        def failed(error: ClerkError) -> None:
            if self.pane.content is content:
                wrong = error.params.get("reason") == "wrong-password"
                again = _("Das Kennwort passt nicht. Bitte noch einmal versuchen.")
                self.password.refuse(again if wrong else sentence(error))

        self._bench.pictures.submit(
            lambda renderer: renderer.unlock(content, password), done, failed, key="unlock", first=True
        )

    @Slot()
    def _save_current(self) -> None:
        item, case_id = self.current(), self._case_id
        if item is not None and case_id is not None:
            name = attachment_name(item)
            save_bytes(self, self._bench, name, lambda desk: read_attachment(desk, case_id, item))

    @Slot(int, int)
    def _turned(self, page: int, total: int) -> None:
        item = self.current()
        if item is not None and total and not self._page[1]:
            self.pane.pages.turn(self._turns.get(item.attachment.sha512, 0))
            self.thumbnails.follow_turn()
        self._page = (page, total)
        self._show_facts()

    @Slot(bool)
    def _text_toggled(self, on: bool) -> None:
        self.pane.show_text(on)

    @Slot()
    def _show_facts(self) -> None:
        item = self.current()
        page, total = self._page
        self._name.set_full_text(attachment_name(item) if item else _("Keine Anlagen"))
        words = ""
        if item is not None:
            words = _("Anlage {at} von {all}").format(at=self._at + 1, all=len(self.items))
        if total:
            words += " · " + _("Seite {page}/{pages}").format(page=page, pages=total)
        kind = kind_words(self._matched, item) if item is not None else ""
        self._facts.set_full_text(f"{kind} · {words}" if kind else words)
        self._list.setEnabled(bool(self.items))
        self._zoom.setText(_("{percent} %").format(percent=round(self.pane.pages.zoom() * 100)))
        self.back.setEnabled(self._at > 0)
        self.forth.setEnabled(self._at + 1 < len(self.items))
        for button, reason in (
            (self.back, _("Das ist die erste Anlage.")),
            (self.forth, _("Das ist die letzte Anlage.")),
        ):
            name = button.accessibleName()
            button.setToolTip(tooltip(name, None if button.isEnabled() else reason))

    def sizeHint(self) -> QSize:
        """More than half of the review page."""
        return QSize(self._bench.theme.px(760), self._bench.theme.px(600))
