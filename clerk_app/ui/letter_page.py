"""Schreiben: which letter, what it says and until when on the left, the letter itself on the right."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QSplitter, QWidget

from clerk_app.domain.correspondence import Correspondence, QueuedLetter
from clerk_app.domain.decision import FindingLevel
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.three_way import Side
from clerk_app.domain.typed import TypedPlace
from clerk_app.texts import _
from clerk_app.ui import labels
from clerk_app.ui.case_header import CaseHeader
from clerk_app.ui.commands import Commands
from clerk_app.ui.document_pane import DocumentPane
from clerk_app.ui.dossier import Dossier
from clerk_app.ui.letter_form import LetterForm
from clerk_app.ui.letter_model import (
    LetterFrame,
    LetterPreview,
    LetterWish,
    frame_of,
    not_prepared_words,
    preview_letter,
    still_missing,
    why_not_send,
)
from clerk_app.ui.news_bar import NewsBar
from clerk_app.ui.news_model import letter_fields, letter_news_of
from clerk_app.ui.news_settling import settle
from clerk_app.ui.notice import Notice
from clerk_app.ui.page import Page
from clerk_app.ui.reflow import ScrollingColumn, WrappingRow
from clerk_app.ui.typed_model import Fields
from clerk_app.ui.typing_journal import TypingJournal
from clerk_app.ui.widgets import CommandButton, column, label, row
from clerk_app.ui.wording_hints import WordingHints
from clerk_app.ui.workbench import Workbench

TYPING_MS = 300


class LetterPage(Page):
    """Writes letters that decide nothing. ``sent`` carries (Dossier, QueuedLetter), ``step_done`` an
    Undoable; ``arrival_wanted``: the clerk wants to see what arrived meanwhile."""

    sent = Signal(object, object)
    step_done = Signal(object)
    arrival_wanted = Signal()

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench, self._commands = bench, commands
        self._dossier: Dossier | None = None
        self._prepared: LetterPreview | None = None
        self._sending = False
        self._kept: Correspondence | None = None  # None: nothing was typed yet
        self._own: list[Fields] = []  # every state kept from here, the one begun with first
        self.news = NewsBar(bench.theme)
        self.news.settled.connect(self._settled)
        self.news.opened.connect(self.arrival_wanted)
        self.header = CaseHeader(bench, person=True)
        self.form = LetterForm(bench)
        self.wording = WordingHints(bench, self.form.text, self._case_id)
        self.form.put_below_text(self.wording)
        self.preview = DocumentPane(bench)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._prepare)
        self.journal = TypingJournal(bench, TypedPlace.LETTER, self.typed_now, self)
        self._build()
        self.form.changed.connect(self._changed)
        self.wording.shown_changed.connect(self.state_changed)

    def _build(self) -> None:
        head = QFrame()
        head.setProperty("area", "header")
        lines = column(margins=(20, 12, 20, 12), spacing=6)
        lines.addWidget(self.header)
        lines.addWidget(label(_("Schreiben"), "section"))
        head.setLayout(lines)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self._left())
        self.splitter.addWidget(self._right())
        self.splitter.setStretchFactor(0, 4)
        self.splitter.setStretchFactor(1, 6)
        self.splitter.setSizes([self._bench.theme.px(420), self._bench.theme.px(804)])
        layout = column()
        layout.addWidget(head)
        layout.addWidget(self.news)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self._bar())
        self.setLayout(layout)

    def _left(self) -> QWidget:
        left = QWidget()
        lines = column(margins=(20, 14, 20, 14), spacing=8)
        lines.addWidget(self.form, 1)
        self._way = Notice(self._bench.theme)
        lines.addWidget(self._way)
        self._findings = column(spacing=6)
        lines.addLayout(self._findings)
        left.setLayout(lines)
        return ScrollingColumn(left)

    def _right(self) -> QWidget:
        right = QWidget()
        right.setProperty("area", "side")
        lines = column()
        caption = row(margins=(16, 10, 16, 4))
        caption.addWidget(label(_("Vorschau: so kommt das Schreiben an"), "section"))
        caption.addStretch(1)
        lines.addLayout(caption)
        lines.addWidget(self.preview, 1)
        right.setLayout(lines)
        return right

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("area", "bar")
        line = WrappingRow((20, 8, 16, 8), 8)
        commands, theme = self._commands, self._bench.theme
        line.addWidget(CommandButton(commands, theme, "letter.send", "primary"))
        line.addWidget(CommandButton(commands, theme, "nav.back", text=_("Abbrechen")))
        bar.setLayout(line)
        return bar

    def set_narrow(self, narrow: bool) -> None:
        """Little room: the preview stands below instead of beside."""
        self.splitter.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)

    # beginning

    def begin(self, dossier: Dossier) -> None:
        """A fresh letter; what was typed for the case and not sent is still there."""
        again = self._dossier is not None and self._dossier.case.row.case_id == dossier.case.row.case_id
        self.journal.flush()
        self._dossier = dossier
        self._kept = dossier.letter_draft if not again else self._kept
        typed = dossier.typed.get(TypedPlace.LETTER)
        last = Correspondence.from_payload(typed.fields) if typed is not None else None
        self._prepared = None
        self._sending = False
        self.header.show_row(dossier.case.row)
        self.news.forget()
        if not again:
            self._own = [letter_fields(dossier.letter_draft)]
            self.form.fill(last or dossier.letter_draft)
            self.journal.begin(self.form.wanted().payload(), dossier.case.row.case_id)
        self._way.hide()
        self._show_findings(())
        self.preview.show_words(_("Die Vorschau wird erstellt …"))
        case_id = dossier.case.row.case_id
        self._bench.worker.submit(
            lambda desk: frame_of(desk, case_id), self._take_frame, self._not_prepared, key="letter-frame"
        )

    def typed_now(self) -> tuple[CaseId, Fields] | None:
        """What stands in the form, for the journal."""
        wish = self.wish()
        return None if wish is None else (wish.case_id, wish.wanted.payload())

    def restore(self, fields: Fields) -> None:
        """An earlier state of the form; the one that stood there is in the history."""
        found = Correspondence.from_payload(fields)
        if self._dossier is not None and found is not None:
            self.journal.keep()
            self.form.fill(found)
            self._changed()

    def focus_content(self) -> None:
        """Puts the focus on the kind of letter."""
        self.form.kind.setFocus(Qt.FocusReason.OtherFocusReason)

    def _case_id(self) -> CaseId | None:
        return None if self._dossier is None else self._dossier.case.row.case_id

    def wish(self) -> LetterWish | None:
        """What is chosen and typed now."""
        if self._dossier is None:
            return None
        return LetterWish(self._dossier.case.row.case_id, self.form.wanted())

    def _take_frame(self, frame: LetterFrame) -> None:
        self.form.take_frame(frame)
        if self._kept is None:
            self._kept = self.form.wanted()
        way = frame.way
        words = _("Weg: {channel}").format(channel=labels.channel(way.channel))
        if way.channel is None:
            words += ". " + labels.post_reason(way.reason)
        self._way.show_words("info" if way.channel else "warn", words)
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
        if wish is None:
            return
        missing = still_missing(wish)
        keep = self._kept is not None and wish.wanted != self._kept
        if keep:
            self._kept = wish.wanted
            self._own.append(letter_fields(wish.wanted))
        if missing is not None:
            self._prepared = None
            self._bench.worker.forget("letter")
            if keep:
                self._bench.worker.submit(
                    lambda desk: desk.cases.save_letter(wish.case_id, wish.wanted), None, self._bench.fail
                )
            self._show_findings(())
            self.preview.show_words(missing)
            self.state_changed.emit()
            return
        self._bench.worker.submit(
            lambda desk: preview_letter(desk, wish, keep=keep), self._take, self._not_prepared, key="letter"
        )
        self.state_changed.emit()

    def _take(self, prepared: LetterPreview) -> None:
        if prepared.wish != self.wish():
            return
        first = self._prepared is None
        self._prepared = prepared
        self.preview.show_document(prepared.pdf, "application/pdf", keep_place=not first)
        self._show_findings(
            tuple(
                ("bad" if found.level is FindingLevel.BLOCK else "warn", labels.finding(found))
                for found in prepared.findings
                if found.code != "letter-by-post"  # said by the way already
            )
        )
        self.state_changed.emit()

    def _not_prepared(self, error: ClerkError) -> None:
        self._prepared = None
        self._show_findings(())
        self.preview.show_words(not_prepared_words(error))
        self.state_changed.emit()

    def _show_findings(self, found: tuple[tuple[str, str], ...]) -> None:
        while (item := self._findings.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for role, words in found:
            notice = Notice(self._bench.theme)
            self._findings.addWidget(notice)
            notice.show_words(role, words)

    # sending

    def why_not_send(self) -> str | None:
        """Why sending is greyed out, or None."""
        if self.news.pending:
            return _("Der Vorgang hat sich inzwischen geändert. Bitte erst die Unterschiede ansehen.")
        return why_not_send(self.wish(), self._prepared, self._today(), sending=self._sending)

    def _today(self) -> date:
        return self._bench.today()

    def send(self) -> None:
        """Puts the letter that is shown into the outbox."""
        prepared, dossier = self._prepared, self._dossier
        if prepared is None or dossier is None or self.why_not_send() is not None:
            return
        self._sending = True
        self.state_changed.emit()

        def done(queued: QueuedLetter) -> None:
            self._sending = False
            self._dossier = self._prepared = None
            self.journal.end(dossier.case.row.case_id)
            self.sent.emit(dossier, queued)

        def failed(error: ClerkError) -> None:
            self._sending = False
            self.state_changed.emit()
            changed = error.code is ErrorCode.CASE_CHANGED
            self._bench.fail(error, self._prepare if changed else self.send)

        self._bench.worker.submit(lambda desk: desk.corresponding.send(prepared.draft), done, failed)

    def keep_typed(self) -> None:
        """Keeps at once what was typed last: the window is about to close."""
        self.journal.flush()
        if self._typing.isActive():
            self._prepare()

    def take_dossier(self, dossier: Dossier) -> None:
        """The case changed while the letter was being written."""
        mine = self._dossier
        if mine is None or mine.case.row.case_id != dossier.case.row.case_id:
            return
        self._dossier = dossier
        self.header.show_row(dossier.case.row)
        here, me = letter_fields(self.form.wanted()), self._bench.office.actor
        news = letter_news_of(mine, dossier, here, self._own, me)
        if news:
            self.news.tell(news)
            self.state_changed.emit()
        if len(dossier.case.applications) != len(mine.case.applications):
            self._prepared = None
            self._prepare()

    @Slot(object)
    def _settled(self, choices: dict[str, Side]) -> None:
        """The clerk looked, and chose."""
        news, before = self.news.news, self.typed_now()
        if before is not None and news.differences:
            here = letter_fields(self.form.wanted())
            step = settle(self._bench, before[0], news, choices, here, self.restore, before[1])
            self.step_done.emit(step)
        self.state_changed.emit()
