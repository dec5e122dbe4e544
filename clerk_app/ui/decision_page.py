"""Bescheid: outcome and reasons on the left, the letter as the citizen will get it on the right."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QFrame, QPlainTextEdit, QRadioButton, QSplitter, QWidget

from clerk_app.domain.decision import FindingLevel, Outcome, QueuedDecision, Wording
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.texts import _
from clerk_app.texts.errors import sentence
from clerk_app.ui import labels
from clerk_app.ui.case_header import CaseHeader
from clerk_app.ui.commands import Commands
from clerk_app.ui.decision_model import Prepared, Wish, prepare, why_not_sign
from clerk_app.ui.document_pane import DocumentPane
from clerk_app.ui.dossier import Dossier
from clerk_app.ui.notice import Notice
from clerk_app.ui.password_dialog import ask_password
from clerk_app.ui.reflow import ScrollingColumn
from clerk_app.ui.step_line import StepLine
from clerk_app.ui.widgets import CommandButton, column, hairline, label, row
from clerk_app.ui.workbench import Workbench

TYPING_MS = 300
_STEP_DRAFT, _STEP_PREVIEW, _STEP_SIGN = 1, 2, 3


class DecisionPage(QWidget):
    """Makes a decision out of a case. ``signed`` carries (Dossier, QueuedDecision)."""

    signed = Signal(object, object)
    state_changed = Signal()

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench, self._commands = bench, commands
        self._dossier: Dossier | None = None
        self._prepared: Prepared | None = None
        self._wording = Wording()  # what was kept before; the page shows part of it
        self._kept: tuple[Outcome, Wording] | None = None
        self._signing = False
        self.header = CaseHeader(bench, person=True)
        self.steps = StepLine(bench.theme, _STEP_DRAFT)
        self.outcomes: dict[Outcome, QRadioButton] = {}
        self.reasons = QPlainTextEdit()
        self.preview = DocumentPane(bench)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._prepare)
        self._build()
        self.reasons.textChanged.connect(self._changed)

    def _build(self) -> None:
        head = QFrame()
        head.setProperty("area", "header")
        lines = column(margins=(20, 12, 20, 10), spacing=10)
        lines.addWidget(self.header)
        lines.addWidget(self.steps)
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
        lines.addWidget(label(_("Entscheidung"), "section"))
        group = QButtonGroup(self)
        outcomes = column(spacing=0)
        lines.addLayout(outcomes)
        for outcome in Outcome:
            choice = QRadioButton(labels.outcome(outcome))
            choice.setMinimumHeight(self._bench.theme.px(26))
            choice.toggled.connect(self._outcome_chosen)
            group.addButton(choice)
            self.outcomes[outcome] = choice
            outcomes.addWidget(choice)
        lines.addWidget(hairline())
        heading = label(_("Begründung"), "section")
        heading.setBuddy(self.reasons)
        self.reasons.setAccessibleName(_("Begründung"))
        self.reasons.setTabChangesFocus(True)
        self.reasons.setPlaceholderText(
            _("Bei voller Bewilligung freiwillig; sonst vorgeschrieben (§ 39 VwVfG)")
        )
        lines.addWidget(heading)
        lines.addWidget(self.reasons, 1)
        lines.addWidget(hairline())
        lines.addWidget(label(_("Prüfung vor dem Signieren"), "section"))
        self._findings = column(spacing=6)
        lines.addLayout(self._findings)
        self._way = label("", "muted", wrap=True)
        lines.addWidget(self._way)
        left.setLayout(lines)
        self.reasons.setMinimumHeight(self._bench.theme.px(64))
        return ScrollingColumn(left)

    def _right(self) -> QWidget:
        right = QWidget()
        right.setProperty("area", "side")
        lines = column()
        caption = row(margins=(16, 10, 16, 4))
        caption.addWidget(label(_("Vorschau: so kommt der Bescheid an"), "section"))
        caption.addStretch(1)
        self._busy = label("", "muted")
        caption.addWidget(self._busy)
        lines.addLayout(caption)
        lines.addWidget(self.preview, 1)
        right.setLayout(lines)
        return right

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("area", "bar")
        line = row(margins=(20, 8, 16, 8), spacing=8)
        line.addWidget(CommandButton(self._commands, self._bench.theme, "decision.sign", "primary"))
        line.addWidget(
            CommandButton(self._commands, self._bench.theme, "nav.back", text=_("Zurück zur Prüfung"))
        )
        line.addStretch(1)
        self._key = label("", "muted")
        line.addWidget(self._key)
        bar.setLayout(line)
        return bar

    def set_narrow(self, narrow: bool) -> None:
        """Little room: the preview stands below instead of beside."""
        self.splitter.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)

    # beginning

    def begin(self, dossier: Dossier, outcome: Outcome) -> None:
        """Begins with a case; what was typed before for the same outcome is there again."""
        self._dossier = dossier
        self._prepared = None
        self._signing = False
        saved = dossier.draft
        self._wording = saved.wording if saved is not None else Wording()
        if saved is not None and saved.outcome is not outcome:
            self._wording = replace(self._wording, template=None)  # each outcome has templates of its own
        self._kept = (saved.outcome if saved is not None else outcome, self._wording)
        self.header.show_row(dossier.case.row)
        for widget in (*self.outcomes.values(), self.reasons):
            widget.blockSignals(True)
        self.outcomes[outcome].setChecked(True)
        self.reasons.setPlainText(self._wording.reasons)
        for widget in (*self.outcomes.values(), self.reasons):
            widget.blockSignals(False)
        self.preview.show_words(_("Die Vorschau wird erstellt …"))
        self._show_findings(())
        self._way.setText("")
        self._key.setText(
            _("Signiert als Übung") if self._bench.office.practice else self._bench.office.actor
        )
        self._prepare()

    def focus_content(self) -> None:
        """Puts the focus on what is missing: the reasons, else the preview."""
        wish = self.wish()
        needs = wish is not None and wish.outcome is not Outcome.GRANTED and not wish.wording.reasons
        (self.reasons if needs else self.preview.pages).setFocus(Qt.FocusReason.OtherFocusReason)

    def wish(self) -> Wish | None:
        """What is chosen and typed now."""
        if self._dossier is None:
            return None
        outcome = next((o for o, choice in self.outcomes.items() if choice.isChecked()), Outcome.GRANTED)
        wording = replace(self._wording, reasons=self.reasons.toPlainText().strip())
        return Wish(self._dossier.case.row.case_id, outcome, wording)

    # preview

    @Slot(bool)
    def _outcome_chosen(self, on: bool) -> None:
        if on:
            self._changed()

    @Slot()
    def _changed(self) -> None:
        self._typing.start()
        self._busy.setText(_("wird erneuert …"))
        self.state_changed.emit()

    @Slot()
    def _prepare(self) -> None:
        self._typing.stop()
        wish = self.wish()
        if wish is None:
            return
        keep = (wish.outcome, wish.wording) != self._kept
        self._busy.setText(_("wird erneuert …"))

        def done(prepared: Prepared) -> None:
            self._kept = (wish.outcome, wish.wording)
            if prepared.wish == self.wish():
                self._take(prepared)

        self._bench.worker.submit(
            lambda desk: prepare(desk, wish, keep=keep), done, self._not_prepared, key="decision"
        )

    def _take(self, prepared: Prepared) -> None:
        first = self._prepared is None
        self._prepared = prepared
        self._busy.setText("")
        self.steps.show_step(_STEP_DRAFT if prepared.blocking else _STEP_PREVIEW)
        self.preview.show_document(prepared.pdf, "application/pdf", keep_place=not first)
        self._show_findings(tuple((f.level.value, labels.finding(f)) for f in prepared.findings))
        way = _("Weg: {channel}").format(channel=labels.channel(prepared.way.channel))
        self._way.setText(way)
        self.state_changed.emit()

    def _not_prepared(self, error: ClerkError) -> None:
        self._prepared = None
        self._busy.setText("")
        self.preview.show_words(sentence(error))
        self._show_findings(((FindingLevel.BLOCK.value, sentence(error)),))
        self.state_changed.emit()

    def _show_findings(self, found: tuple[tuple[str, str], ...]) -> None:
        while (item := self._findings.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if not found and self._prepared is not None:
            found = (("ok", _("Alles in Ordnung: Der Bescheid kann signiert werden.")),)
        for level, words in found:
            notice = Notice(self._bench.theme)
            self._findings.addWidget(notice)
            notice.show_words({"block": "bad", "warn": "warn"}.get(level, "ok"), words)

    # signing

    def why_not_sign(self) -> str | None:
        """Why signing is greyed out, or None."""
        return why_not_sign(self.wish(), self._prepared, signing=self._signing)

    def sign(self) -> None:
        """Signs what is shown. Asks for the password first, on this thread; asks once only."""
        prepared, dossier = self._prepared, self._dossier
        if prepared is None or dossier is None or self.why_not_sign() is not None:
            return
        password: str | None = None
        if self._bench.office.signing_needs_password:
            password = ask_password(self, self._bench)
            if password is None:
                return
        self._signing = True
        self.steps.show_step(_STEP_SIGN)
        self.state_changed.emit()

        def done(queued: QueuedDecision) -> None:
            self._signing = False
            self._dossier = None
            self.signed.emit(dossier, queued)

        self._bench.worker.submit(
            lambda desk: desk.deciding.sign(prepared.draft, lambda: password), done, self._not_signed
        )

    def _not_signed(self, error: ClerkError) -> None:
        self._signing = False
        self.steps.show_step(_STEP_PREVIEW)
        self.state_changed.emit()
        changed = error.code is ErrorCode.CASE_CHANGED
        # never again by itself: a wrong PIN too many locks the card
        self._bench.fail(error, self._prepare if changed else None)

    def keep_draft(self) -> None:
        """Keeps at once what was typed last: the window is about to close."""
        if self._typing.isActive():
            self._prepare()

    def take_dossier(self, dossier: Dossier) -> None:
        """The case changed while the letter was being written."""
        mine = self._dossier
        if mine is None or mine.case.row.case_id != dossier.case.row.case_id:
            return
        self._dossier = dossier
        self.header.show_row(dossier.case.row)
        if len(dossier.case.applications) != len(mine.case.applications):
            self._bench.say(_("Zu diesem Vorgang ist etwas Neues eingegangen. Bitte erst ansehen."))
            self._prepared = None
            self._prepare()
