"""Nachforderung: what is missing and until when on the left, the letter on the right."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QFrame,
    QPlainTextEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from clerk_app.domain.decision import QueuedRequest
from clerk_app.domain.errors import ClerkError
from clerk_app.texts import _, language
from clerk_app.texts.errors import sentence
from clerk_app.texts.outbox_words import post_reason_words
from clerk_app.ui import labels
from clerk_app.ui.case_header import CaseHeader
from clerk_app.ui.commands import Commands
from clerk_app.ui.document_pane import DocumentPane
from clerk_app.ui.dossier import Dossier
from clerk_app.ui.notice import Notice
from clerk_app.ui.reflow import ScrollingColumn
from clerk_app.ui.request_model import RequestPreview, RequestWish, preview_request, typed_items, why_not_send
from clerk_app.ui.widgets import CommandButton, column, label, row
from clerk_app.ui.workbench import Workbench

TYPING_MS = 300


class RequestPage(QWidget):
    """Asks for documents. ``sent`` carries (Dossier, QueuedRequest)."""

    sent = Signal(object, object)
    state_changed = Signal()

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench, self._commands = bench, commands
        self._dossier: Dossier | None = None
        self._due_chosen = False
        self._sending = False
        self.header = CaseHeader(bench, person=True)
        self.ticks: list[tuple[QCheckBox, str]] = []
        self.more = QPlainTextEdit()
        self.due = QDateEdit()
        self.preview = DocumentPane(bench)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._prepare)
        self._build()
        self.more.textChanged.connect(self._changed)
        self.due.dateChanged.connect(self._due_changed)

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
        self.splitter.addWidget(self._left())
        self.splitter.addWidget(self._right())
        self.splitter.setStretchFactor(0, 4)
        self.splitter.setStretchFactor(1, 6)
        self.splitter.setSizes([self._bench.theme.px(420), self._bench.theme.px(804)])
        layout = column()
        layout.addWidget(head)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self._bar())
        self.setLayout(layout)

    def _left(self) -> QWidget:
        left = QWidget()
        lines = column(margins=(20, 14, 20, 14), spacing=8)
        lines.addWidget(label(_("Was fehlt?"), "section"))
        self._catalogue = column(spacing=2)
        inside = QWidget()
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(self._catalogue)
        whole.addStretch(1)
        lines.addWidget(inside, 3)
        more = label(_("Weitere Unterlagen (eine je Zeile)"), "section")
        more.setBuddy(self.more)
        self.more.setAccessibleName(_("Weitere Unterlagen (eine je Zeile)"))
        self.more.setTabChangesFocus(True)
        lines.addWidget(more)
        lines.addWidget(self.more, 1)
        due = label(_("Frist für die Antwort"), "section")
        due.setBuddy(self.due)
        self.due.setAccessibleName(_("Frist für die Antwort"))
        self.due.lineEdit().setAccessibleName(_("Frist für die Antwort"))
        self.due.setCalendarPopup(True)
        self.due.setDisplayFormat("dd.MM.yyyy")
        self._due_words = label("", "muted", wrap=True)
        lines.addWidget(due)
        lines.addWidget(self.due)
        lines.addWidget(self._due_words)
        self._way = Notice(self._bench.theme)
        lines.addWidget(self._way)
        left.setLayout(lines)
        self.more.setMinimumHeight(self._bench.theme.px(56))
        return ScrollingColumn(left)

    def _right(self) -> QWidget:
        right = QWidget()
        right.setProperty("area", "side")
        lines = column()
        caption = row(margins=(16, 10, 16, 4))
        caption.addWidget(label(_("Vorschau: so kommt die Nachforderung an"), "section"))
        caption.addStretch(1)
        lines.addLayout(caption)
        lines.addWidget(self.preview, 1)
        right.setLayout(lines)
        return right

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("area", "bar")
        line = row(margins=(20, 8, 16, 8), spacing=8)
        commands, theme = self._commands, self._bench.theme
        line.addWidget(CommandButton(commands, theme, "request.send", "primary"))
        line.addWidget(CommandButton(commands, theme, "nav.back", text=_("Abbrechen")))
        line.addStretch(1)
        bar.setLayout(line)
        return bar

    def set_narrow(self, narrow: bool) -> None:
        """Little room: the preview stands below instead of beside."""
        self.splitter.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)

    # beginning

    def begin(self, dossier: Dossier) -> None:
        """A fresh request; what open check points name as missing is ticked already."""
        self._dossier = dossier
        self._sending = False
        self._due_chosen = False
        self.header.show_row(dossier.case.row)
        self.more.blockSignals(True)
        self.more.clear()
        self.more.blockSignals(False)
        self._fill_catalogue(dossier)
        way = dossier.way
        if way is not None:
            words = _("Weg: {channel}").format(channel=labels.channel(way.channel))
            if way.channel is None:
                words += ". " + post_reason_words(way.reason)
            self._way.show_words("info" if way.channel else "warn", words)
        self._prepare()

    def _fill_catalogue(self, dossier: Dossier) -> None:
        while (item := self._catalogue.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.ticks = []
        wanted = {line.result.evidence for line in dossier.open_checks}
        for kind in dossier.evidence:
            tick = QCheckBox(kind.title.text(language()).replace("&", "&&"))
            tick.setChecked(kind.key in wanted)
            tick.setAccessibleDescription(kind.request_text.text(language()))
            tick.toggled.connect(self._changed)
            self._catalogue.addWidget(tick)
            self.ticks.append((tick, kind.request_text.text(language())))
        if not self.ticks:
            empty = label(_("Für diese Leistung gibt es keinen Katalog."), "muted", wrap=True)
            self._catalogue.addWidget(empty)

    def focus_content(self) -> None:
        """Puts the focus on the first tick box."""
        target = self.ticks[0][0] if self.ticks else self.more
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def wish(self) -> RequestWish | None:
        """What is ticked and typed now."""
        if self._dossier is None:
            return None
        ticked = [text for tick, text in self.ticks if tick.isChecked()]
        chosen = self.due.date()
        due_on = date(chosen.year(), chosen.month(), chosen.day()) if self._due_chosen else None
        return RequestWish(
            self._dossier.case.row.case_id, typed_items(ticked, self.more.toPlainText()), due_on
        )

    # preview

    @Slot()
    def _changed(self) -> None:
        self._typing.start()
        self.state_changed.emit()

    @Slot()
    def _due_changed(self) -> None:
        self._due_chosen = True
        self._changed()
        self._show_due_words()

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

    def _take(self, preview: RequestPreview) -> None:
        if not self._due_chosen:
            day = preview.proposed_on
            self.due.blockSignals(True)
            self.due.setDate(QDate(day.year, day.month, day.day))
            self.due.blockSignals(False)
        self._show_due_words()
        if preview.pdf:
            self.preview.show_letter(preview.pdf, keep_place=bool(self.preview.content))
        else:
            self.preview.show_words(_("Sobald etwas angekreuzt ist, steht hier das Schreiben."))
        self.state_changed.emit()

    def _not_prepared(self, error: ClerkError) -> None:
        self.preview.show_words(sentence(error))
        self.state_changed.emit()

    def _show_due_words(self) -> None:
        wish = self.wish()
        if wish is not None and wish.due_on is not None and wish.due_on < self._bench.today():
            self._due_words.setText(_("Dieser Tag ist schon vorbei."))
        elif self._due_chosen:
            self._due_words.setText(_("Eigene Frist"))
        else:
            self._due_words.setText(_("Vorschlag nach den Regeln der Leistung und dem Kalender des Landes"))

    # sending

    def why_not_send(self) -> str | None:
        """Why sending is greyed out, or None."""
        return why_not_send(self.wish(), self._bench.today(), sending=self._sending)

    def send(self) -> None:
        """Puts the request into the outbox."""
        wish, dossier = self.wish(), self._dossier
        if wish is None or dossier is None or self.why_not_send() is not None:
            return
        self._sending = True
        self.state_changed.emit()

        def done(queued: QueuedRequest) -> None:
            self._sending = False
            self._dossier = None
            self.sent.emit(dossier, queued)

        def failed(error: ClerkError) -> None:
            self._sending = False
            self.state_changed.emit()
            self._bench.fail(error, self.send)

        self._bench.worker.submit(
            lambda desk: desk.requesting.request(wish.case_id, wish.items, wish.due_on), done, failed
        )
