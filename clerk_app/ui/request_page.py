"""Nachforderung: what is missing and until when on the left, the letter on the right."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFrame, QSplitter, QWidget

from clerk_app.domain.case import AttachmentKey
from clerk_app.domain.decision import QueuedRequest
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.gaps import GapItem, GapList
from clerk_app.domain.ids import CaseId
from clerk_app.domain.typed import TypedPlace, TypedState
from clerk_app.texts import _
from clerk_app.texts.derivations import derivation
from clerk_app.texts.errors import sentence
from clerk_app.texts.gap_words import asked_before_lines, gap_summary, pause_lines
from clerk_app.texts.outbox_words import post_reason_words
from clerk_app.ui import labels
from clerk_app.ui.case_header import CaseHeader
from clerk_app.ui.commands import Commands
from clerk_app.ui.document_pane import DocumentPane
from clerk_app.ui.dossier import Dossier
from clerk_app.ui.gap_model import GapFile, GapLine, catalogue_rest, gap_lines, loose_files
from clerk_app.ui.news_bar import NewsBar
from clerk_app.ui.news_model import CaseNews, news_lines
from clerk_app.ui.notice import Notice
from clerk_app.ui.page import Page
from clerk_app.ui.reason_dialog import ask_reason
from clerk_app.ui.reflow import WrappingRow
from clerk_app.ui.request_form import RequestForm
from clerk_app.ui.request_model import (
    RequestPreview,
    RequestWish,
    preview_request,
    stand_words,
    ticked_at_first,
    why_not_send,
    wished_items,
)
from clerk_app.ui.typed_model import Fields, TypedRequest, read_request
from clerk_app.ui.typing_journal import TypingJournal
from clerk_app.ui.widgets import CommandButton, column, label, row
from clerk_app.ui.wording_hints import WordingHints
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.desk import Desk

TYPING_MS = 300


class RequestPage(Page):
    """Asks for what is missing. ``sent`` carries (Dossier, QueuedRequest); ``arrival_wanted``: the clerk
    wants to see what arrived meanwhile."""

    sent = Signal(object, object)
    arrival_wanted = Signal()

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench, self._commands = bench, commands
        self._dossier: Dossier | None = None
        self._sending = False
        self._reminding: RequestWish | None = None  # what the clerk was told to be an early reminder
        self.before = Notice(bench.theme)
        self.news = NewsBar(bench.theme)
        self.news.settled.connect(self.state_changed)
        self.news.opened.connect(self.arrival_wanted)
        self.header = CaseHeader(bench, person=True)
        self.form = RequestForm(bench)
        self.more, self.due, self.rows = self.form.more, self.form.due, self.form.rows
        self.preview = DocumentPane(bench)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._prepare)
        self.wording = WordingHints(bench, self.form.note, self._case_id)
        self.form.put_below_note(self.wording)
        self.journal = TypingJournal(bench, TypedPlace.REQUEST, self.typed_now, self)
        self._build()
        self.wording.shown_changed.connect(self.state_changed)
        self.form.changed.connect(self._changed)
        self.rows.said.connect(self._say)

    def _build(self) -> None:
        head = QFrame()
        head.setProperty("area", "header")
        lines = column(margins=(20, 12, 20, 12), spacing=6)
        lines.addWidget(self.header)
        lines.addWidget(label(_("Unterlagen nachfordern"), "section"))
        head.setLayout(lines)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.form)
        self.splitter.addWidget(self._right())
        self.splitter.setStretchFactor(0, 4)
        self.splitter.setStretchFactor(1, 6)
        self.splitter.setSizes([self._bench.theme.px(460), self._bench.theme.px(764)])
        layout = column()
        layout.addWidget(head)
        layout.addWidget(self.news)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self._bar())
        self.setLayout(layout)

    def _right(self) -> QWidget:
        right = QWidget()
        right.setProperty("area", "side")
        lines = column()
        caption = row(margins=(16, 10, 16, 4))
        caption.addWidget(label(_("Vorschau: so kommt die Nachforderung an"), "section"))
        caption.addStretch(1)
        lines.addLayout(caption)
        told = row(margins=(16, 0, 16, 8))
        told.addWidget(self.before)
        lines.addLayout(told)
        lines.addWidget(self.preview, 1)
        right.setLayout(lines)
        return right

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("area", "bar")
        line = WrappingRow((20, 8, 16, 8), 8)
        commands, theme = self._commands, self._bench.theme
        line.addWidget(CommandButton(commands, theme, "request.send", "primary"))
        line.addWidget(CommandButton(commands, theme, "nav.back", text=_("Abbrechen")))
        self._summary = label("", "muted")
        line.addWidget(self._summary)
        bar.setLayout(line)
        return bar

    def set_narrow(self, narrow: bool) -> None:
        """Little room: the preview stands below instead of beside."""
        self.splitter.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)

    # beginning

    def begin(self, dossier: Dossier) -> None:
        """A fresh request: as soon as a letter is called for, all that is missing is ticked already. What was
        typed here before and not sent is there again."""
        standing = self.typed_now() if self.journal.moved else None  # newer than what a dossier can know
        self.journal.flush()
        self._dossier = dossier
        self._sending = False
        self._tell(None)
        self.news.forget()
        self.header.show_row(dossier.case.row)
        self.form.clear()
        self.form.show_blocks(dossier.request_blocks)
        today = self._bench.today()
        self._show_gaps(dossier.gaps, lambda item: ticked_at_first(item, dossier.gaps, today))
        way = dossier.way
        if way is not None:
            words = _("Weg: {channel}").format(channel=labels.channel(way.channel))
            if way.channel is None:
                words += ". " + post_reason_words(way.reason)
            self.form.way.show_words("info" if way.channel else "warn", words)
        self.form.scrolled.verticalScrollBar().setValue(0)
        case_id, last = dossier.case.row.case_id, dossier.typed.get(TypedPlace.REQUEST)
        if standing is not None and standing[0] == case_id:
            last = TypedState(0, case_id, TypedPlace.REQUEST, self._bench.now(), "", standing[1])
        if (typed := read_request(last)) is not None:
            self._fill(typed)
        if (now := self.typed_now()) is not None:
            self.journal.begin(now[1], now[0])
        self._prepare()

    def _fill(self, typed: TypedRequest) -> None:
        for tick, item in self.ticks:
            tick.setChecked(item.gap_id in typed.ticked)
        self.form.fill(typed.more, typed.note, typed.due_on)

    def typed_now(self) -> tuple[CaseId, Fields] | None:
        """What stands in the form, for the journal."""
        if self._dossier is None:
            return None
        typed = TypedRequest(
            tuple(item.gap_id for tick, item in self.ticks if tick.isChecked()),
            self.more.toPlainText(),
            self.form.note.toPlainText(),
            self.form.chosen_day(),
        )
        return self._dossier.case.row.case_id, typed.fields()

    def restore(self, fields: Fields) -> None:
        """An earlier state of the form; the one that stood there is in the history."""
        found = self.typed_now()
        if self._dossier is None or found is None:
            return
        self.journal.keep()
        typed = read_request(TypedState(0, found[0], TypedPlace.REQUEST, self._bench.now(), "", fields))
        if typed is not None:
            self._fill(typed)
            self._changed()

    def keep_typed(self) -> None:
        """Keeps at once what was typed last."""
        self.journal.flush()

    def _show_gaps(self, found: GapList, ticked: Callable[[GapItem], bool]) -> None:
        dossier, today = self._dossier, self._bench.today()
        if dossier is None:
            return
        self.header.show_gaps(found)
        self.rows.show_lines(
            gap_lines(dossier.case, found),
            catalogue_rest(dossier.evidence, found),
            loose_files(dossier.case, found),
            ticked,
        )
        self.form.stand.setText(stand_words(found, today))
        way = "" if found.target is None else derivation(found.target)
        self.form.show_pauses(pause_lines(found, today), way)
        self._summary.setText(gap_summary(found) if found.items else "")

    @property
    def ticks(self) -> list[tuple[QCheckBox, GapItem]]:
        """Every box with its item."""
        return self.rows.ticks

    def focus_content(self) -> None:
        """Puts the focus on the first item."""
        if not self.rows.focus():
            self.more.setFocus(Qt.FocusReason.OtherFocusReason)

    def _case_id(self) -> CaseId | None:
        return self._dossier.case.row.case_id if self._dossier else None

    def want(self, keys: Collection[str]) -> None:
        """Ticks what somebody came here for and puts the focus on it."""
        for tick, item in self.ticks:
            if item.key in keys:
                tick.setChecked(True)
                tick.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def wish(self) -> RequestWish | None:
        """What is ticked and typed now."""
        if self._dossier is None:
            return None
        return RequestWish(
            self._dossier.case.row.case_id,
            wished_items(self.rows.ticked(), self.more.toPlainText()),
            self.form.chosen_day(),
            self.form.note.toPlainText().strip(),
        )

    # what a clerk says of an item

    def why_not(self, act: str) -> str | None:
        """Why the item with the focus cannot be settled, waived or reopened, or None."""
        current = self.rows.current()
        if self._dossier is None or current is None:
            return _("Bitte erst eine Zeile der Liste wählen.")
        line = current.line
        reasons = {"settle": line.why_not_settle, "waive": line.why_not_waive, "reopen": line.why_not_reopen}
        return reasons[act]

    def say_of_current(self, act: str) -> None:
        """Settles, waives or reopens the item with the focus."""
        current = self.rows.current()
        if current is not None and self.why_not(act) is None:
            self._say(act, current.line, None)

    @Slot(str, object, object)
    def _say(self, act: str, line: GapLine, file: GapFile | None) -> None:
        if self._dossier is None:
            return
        case_id, key = self._dossier.case.row.case_id, line.item.gap_id
        reason: str | None = ""
        if act == "waive":
            question = _("Warum wird auf „{item}“ verzichtet?").format(item=line.title)
            reason = ask_reason(self, self._bench, question, _("Verzichten"))
        if reason is None:
            return
        why, keys = reason, (file.key,) if file is not None else ()

        def work(desk: Desk) -> GapList:
            _record(desk, act, case_id, key, why, keys)
            return desk.gaps.of_case(case_id)

        self._bench.worker.submit(work, lambda found: self._said(found, key), self._bench.fail)

    def _said(self, found: GapList, key: str) -> None:
        dossier = self._dossier
        if dossier is None:
            return
        boxes = {item.gap_id: box.isChecked() for box, item in self.ticks}
        self._dossier = replace(dossier, gaps=found)
        self._show_gaps(found, lambda item: boxes.get(item.gap_id, item.is_open))
        self.rows.focus(key)
        self._changed()

    def take_dossier(self, dossier: Dossier) -> None:
        """The case changed while it was being asked for: what came in is ticked off, no word is lost."""
        mine = self._dossier
        if mine is None or self._sending or mine.case.row.case_id != dossier.case.row.case_id:
            return
        self._dossier = dossier
        self.header.show_row(dossier.case.row)
        if dossier.gaps != mine.gaps:
            self._gaps_moved(dossier.gaps)
        lines = news_lines(mine, dossier, self._bench.office.actor)
        if lines:
            self.news.tell(CaseNews(lines))
            self.state_changed.emit()

    def _gaps_moved(self, found: GapList) -> None:
        """Own ticks stay but for what came in; who typed nothing yet is offered the usual ones."""
        current, typed, today = self.rows.current(), self.journal.moved, self._bench.today()
        ticked = {item.gap_id for box, item in self.ticks if box.isChecked()}
        came_in = {item.gap_id for _box, item in self.ticks if item.is_open}
        came_in -= {item.gap_id for item in found.items if item.is_open}

        def tick(item: GapItem) -> bool:
            return item.gap_id in ticked - came_in if typed else ticked_at_first(item, found, today)

        self._show_gaps(found, tick)
        if current is not None and self.isVisible():
            self.rows.focus(current.line.item.gap_id)
        if typed:
            self._changed()
        else:
            if (now := self.typed_now()) is not None:
                self.journal.begin(now[1], now[0])
            self._prepare()

    # preview

    @Slot()
    def _changed(self) -> None:
        self.journal.touch()
        self._typing.start()
        self.state_changed.emit()

    @Slot()
    def _prepare(self) -> None:
        self._typing.stop()
        wish = self.wish()
        if wish is None or self.why_not_send() not in (None, *self._harmless()):
            return
        self._bench.worker.submit(
            lambda desk: preview_request(desk, wish), self._take, self._not_prepared, key="request"
        )
        self.state_changed.emit()

    def _harmless(self) -> tuple[str | None, ...]:
        """A request without items still wants its proposed day."""
        wish = self.wish()
        bare = RequestWish(wish.case_id, (), None) if wish else None
        return (why_not_send(bare, self._bench.today(), sending=False),)

    def _tell(self, preview: RequestPreview | None) -> None:
        """Says what is asked for although it is there or awaited, before it is sent."""
        early = preview is not None and preview.before.due_on is not None
        self._reminding = preview.wish if preview is not None and early else None
        lines = asked_before_lines(preview.before) if preview is not None else ()
        self.before.show_words("warn", "\n".join(lines))

    def _take(self, preview: RequestPreview) -> None:
        self._tell(preview)
        self.form.propose_day(preview.proposed_on)
        if preview.pdf:
            self.preview.show_letter(preview.pdf, keep_place=bool(self.preview.content))
        else:
            self.preview.show_words(_("Sobald etwas angekreuzt ist, steht hier das Schreiben."))
        self.state_changed.emit()

    def _not_prepared(self, error: ClerkError) -> None:
        self.preview.show_words(sentence(error))
        self.state_changed.emit()

    # sending

    def why_not_send(self) -> str | None:
        """Why sending is greyed out, or None."""
        if self.news.pending:
            return _("Der Vorgang hat sich inzwischen geändert. Bitte erst ansehen.")
        return why_not_send(self.wish(), self._bench.today(), sending=self._sending)

    def send(self) -> None:
        """Puts the request into the outbox."""
        wish, dossier = self.wish(), self._dossier
        if wish is None or dossier is None or self.why_not_send() is not None:
            return
        self._sending = True
        again = wish == self._reminding
        self.state_changed.emit()

        def done(queued: QueuedRequest) -> None:
            self._sending = False
            self._dossier = None
            self.journal.end(dossier.case.row.case_id)
            self.sent.emit(dossier, queued)

        def failed(error: ClerkError) -> None:
            self._sending = False
            self.state_changed.emit()
            self._bench.fail(error, self.send)

        self._bench.worker.submit(
            lambda desk: desk.requesting.request(
                wish.case_id, wish.items, wish.due_on, note=wish.note, again=again
            ),
            done,
            failed,
        )


def _record(
    desk: Desk, act: str, case_id: CaseId, key: str, reason: str, attachments: tuple[AttachmentKey, ...]
) -> None:
    if act == "settle":
        desk.gaps.settle(case_id, key, attachments=attachments)
    elif act == "waive":
        desk.gaps.waive(case_id, key, reason)
    else:
        desk.gaps.reopen(case_id, key)
