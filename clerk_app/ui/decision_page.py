"""Bescheid: what the clerk writes on the left, the letter as the citizen will get it on the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QFrame, QSplitter, QWidget

from clerk_app.domain.decision import FindingLevel, Outcome, QueuedDecision, Wording
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.folder import WaitingDraft
from clerk_app.domain.ids import CaseId
from clerk_app.domain.three_way import Side
from clerk_app.domain.typed import TypedPlace
from clerk_app.texts import _
from clerk_app.texts.errors import sentence
from clerk_app.ui import labels
from clerk_app.ui.case_header import CaseHeader
from clerk_app.ui.commands import Commands
from clerk_app.ui.decision_model import Prepared, Wish, why_not_sign
from clerk_app.ui.document_pane import DocumentPane
from clerk_app.ui.dossier import Dossier, SavedDraft
from clerk_app.ui.fee_model import TypedFee
from clerk_app.ui.findings_list import FindingsList, Hint
from clerk_app.ui.letter_maker import LetterMaker
from clerk_app.ui.news_bar import NewsBar
from clerk_app.ui.news_model import draft_fields, news_of
from clerk_app.ui.news_settling import settle
from clerk_app.ui.page import Page
from clerk_app.ui.reflow import FollowingColumn, WrappingRow
from clerk_app.ui.sign_dialog import SignRun
from clerk_app.ui.step_line import StepLine
from clerk_app.ui.typed_model import Fields, decision_fields, read_decision
from clerk_app.ui.typing_journal import TypingJournal
from clerk_app.ui.widgets import CommandButton, column, hairline, label, row
from clerk_app.ui.wording_editor import WordingEditor
from clerk_app.ui.wording_hints import WordingHints
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.desk import Desk

_STEP_DRAFT, _STEP_PREVIEW, _STEP_SIGN = 1, 2, 3
_SHORT = 700  # a window less high (pixels at 100 %) has no room for more than the first hint
_LEVELS = {FindingLevel.BLOCK: "bad", FindingLevel.WARN: "warn"}


class DecisionPage(Page):
    """Makes a decision out of a case. ``signed`` carries (Dossier, QueuedDecision), ``laid``
    (Dossier, WaitingDraft): in the signature folder, or with a second clerk for review; ``step_done`` an
    Undoable; ``arrival_wanted``: the clerk wants to see what arrived meanwhile."""

    signed = Signal(object, object)
    laid = Signal(object, object)
    step_done = Signal(object)
    arrival_wanted = Signal()

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench, self._commands = bench, commands
        self._dossier: Dossier | None = None
        self._prepared: Prepared | None = None
        self._unfinished: dict[CaseId, tuple[TypedFee, ...]] = {}  # what no draft can hold yet
        self._signing = False
        self._run: SignRun[QueuedDecision] | None = None
        self.header = CaseHeader(bench, person=True)
        self.steps = StepLine(bench.theme, _STEP_DRAFT)
        self.editor = WordingEditor(bench.theme)
        self.outcomes, self.reasons = self.editor.outcomes, self.editor.reasons
        self.wording = WordingHints(bench, self.reasons, self._case_id)
        self.editor.put_below(self.reasons, self.wording)
        self.findings = FindingsList(bench.theme, _("Prüfung vor dem Signieren"))
        self.preview = DocumentPane(bench)
        self.news = NewsBar(bench.theme)
        self.news.settled.connect(self._settled)
        self.news.opened.connect(self.arrival_wanted)
        self.maker = LetterMaker(bench, self.wish, self)
        self.maker.made.connect(self._take)
        self.maker.failed.connect(self._not_prepared)
        self.maker.busy.connect(self._say_busy)
        self.journal = TypingJournal(bench, TypedPlace.DECISION, self.typed_now, self)
        self._build()
        self.editor.changed.connect(self._changed)
        self.wording.shown_changed.connect(self.state_changed)

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
        layout.addWidget(self.news)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self._bar())
        self.setLayout(layout)

    def _left(self) -> QWidget:
        left = QWidget()
        lines = column()
        lines.addWidget(FollowingColumn(self.editor), 1)
        self._line = hairline()
        lines.addWidget(self._line)
        lines.addWidget(self.findings)
        self._left_lines = lines
        left.setLayout(lines)
        return left

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
        line = WrappingRow((20, 8, 16, 8), 8)
        self._sign_button = CommandButton(self._commands, self._bench.theme, "decision.sign", "primary")
        line.addWidget(self._sign_button)
        line.addWidget(CommandButton(self._commands, self._bench.theme, "decision.lay"))
        line.addWidget(
            CommandButton(self._commands, self._bench.theme, "nav.back", text=_("Zurück zur Prüfung"))
        )
        self._key = label("", "muted")
        self._key.setMinimumHeight(self._bench.theme.px(32))  # in line with the buttons
        line.addWidget(self._key)
        bar.setLayout(line)
        return bar

    def set_narrow(self, narrow: bool) -> None:
        """Little room: the preview stands below instead of beside, the findings scroll with the fields.
        In a short window they take one hint's room."""
        short = self.window().height() < self._bench.theme.px(_SHORT)
        self.findings.arrange(inset=not narrow, short=short and not narrow)
        for ornament in (self._line, self.steps, self._key):
            ornament.setVisible(not narrow)
        if narrow:
            self.editor.take_in(self.findings)
        else:
            self._left_lines.addWidget(self.findings)
        self.splitter.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)
        for at, share in enumerate((7, 3) if narrow else (4, 6)):  # stacked, writing needs the room
            self.splitter.setStretchFactor(at, share)
        px = self._bench.theme.px
        self.splitter.setSizes([px(700), px(300)] if narrow else [px(420), px(804)])

    # beginning

    def begin(self, dossier: Dossier, outcome: Outcome) -> None:
        """Begins with a case; what was typed before for the same outcome is there again."""
        self.maker.keep_now()
        self.journal.flush()
        if self._dossier is not None:
            self._unfinished[self._dossier.case.row.case_id] = self.editor.fees.unfinished()
        self._dossier, self._prepared, self._signing = dossier, None, False
        self.news.forget()
        saved, unfinished = dossier.draft, self._unfinished.pop(dossier.case.row.case_id, ())
        typed = dossier.typed.get(TypedPlace.DECISION)
        if typed is not None and (found := read_decision(typed.fields)) is not None:
            saved, unfinished = found  # typed after the draft was kept: the last words count
        wording = saved.wording if saved is not None else Wording()
        if saved is not None and saved.outcome is not outcome:
            wording = replace(wording, template=None)  # each outcome has templates of its own
        self.header.show_row(dossier.case.row)
        self.editor.begin(dossier.choices, outcome, wording)
        kept = self.editor.wording()
        self.editor.fees.take_up(unfinished)
        self.preview.show_words(_("Die Vorschau wird erstellt …"))
        self.findings.show_hints(())
        self.findings.show_foot("")
        self._key.setText(
            _("Signiert als Übung") if self._bench.office.practice else self._bench.office.actor
        )
        self.maker.begin(saved.outcome if saved is not None else outcome, kept)
        if typed is not None:
            self.maker.touch()  # no draft has it yet
        if (now := self.typed_now()) is not None:
            self.journal.begin(now[1], now[0])

    def typed_now(self) -> tuple[CaseId, Fields] | None:
        """What stands in the form, for the journal."""
        if self._dossier is None:
            return None
        fields = decision_fields(self.editor.outcome(), self.editor.wording(), self.editor.fees.unfinished())
        fields["reasons"] = self.reasons.toPlainText()  # as typed: a draft is tidied, a journal is not
        return self._dossier.case.row.case_id, fields

    def restore(self, fields: Fields) -> None:
        """An earlier state of the form; the one that stood there is in the history."""
        found = read_decision(fields)
        if self._dossier is None or found is None:
            return
        self.journal.keep()
        saved, unfinished = found
        self.editor.begin(self._dossier.choices, saved.outcome, saved.wording)
        self.editor.fees.take_up(unfinished)
        self._changed()

    def focus_content(self) -> None:
        """Puts the focus on what is missing: the reasons, else the preview."""
        wish = self.wish()
        needs = wish is not None and wish.outcome is not Outcome.GRANTED and not wish.wording.reasons
        (self.reasons if needs else self.preview.pages).setFocus(Qt.FocusReason.OtherFocusReason)

    def wish(self) -> Wish | None:
        """What is chosen and typed now."""
        if self._dossier is None:
            return None
        return Wish(self._dossier.case.row.case_id, self.editor.outcome(), self.editor.wording())

    def _case_id(self) -> CaseId | None:
        return None if self._dossier is None else self._dossier.case.row.case_id

    def prepared_for(self, wish: Wish | None) -> bool:
        """Whether the letter shown is the one for this."""
        return self._prepared is not None and self._prepared.wish == wish

    # preview

    @Slot()
    def _changed(self) -> None:
        self.journal.touch()
        self.maker.touch()
        self.state_changed.emit()

    @Slot()
    def _say_busy(self) -> None:
        self._busy.setText(_("wird erneuert …"))

    @Slot(object)
    def _take(self, prepared: Prepared) -> None:
        first = self._prepared is None
        self._prepared = prepared
        self._show_review(due=prepared.review_due)
        if self.prepared_for(self.wish()):
            self._busy.setText("")
        self.preview.show_letter(prepared.pdf, keep_place=not first)
        self._show_findings()
        self.steps.show_step(_STEP_DRAFT if self._blocked else _STEP_PREVIEW)
        words = _("Weg: {channel}").format(channel=labels.channel(prepared.way.channel))
        self.findings.show_foot(words)
        if first:
            self._lead_to_what_is_missing(prepared)
        self.state_changed.emit()

    def _lead_to_what_is_missing(self, prepared: Prepared) -> None:
        """Whoever came here to look is led to the first gap; whoever types already is left alone."""
        if prepared.blocking and QApplication.focusWidget() is self.preview.pages:
            self.editor.jump(prepared.blocking[0])

    @Slot(object)
    def _not_prepared(self, error: ClerkError) -> None:
        self._prepared = None
        self._busy.setText("")
        self.preview.show_words(sentence(error))
        self.findings.show_hints((Hint("bad", sentence(error)),))
        self.state_changed.emit()

    @property
    def _blocked(self) -> bool:
        return bool(self.editor.problems() or self._prepared is None or self._prepared.blocking)

    def _show_findings(self) -> None:
        prepared = self._prepared
        if prepared is None:
            return
        self.editor.ask_for_hearing(asked=any(f.code.startswith("hearing-") for f in prepared.findings))
        hints = [Hint("bad", words, field.setFocus) for words, field in self.editor.problems()]
        for finding in prepared.findings:
            there = self.editor.place_of(finding) is not None
            jump = (lambda finding=finding: self.editor.jump(finding)) if there else None
            hints.append(Hint(_LEVELS[finding.level], labels.finding(finding), jump))
        if not hints:
            words = _("Alles in Ordnung: Der Bescheid kann signiert werden.")
            if prepared.review_due:
                words = _("Alles in Ordnung: Der Bescheid kann zur Mitzeichnung gegeben werden.")
            hints.append(Hint("ok", words))
        self.findings.show_hints(hints)

    # signing

    def why_not_sign(self) -> str | None:
        """Why signing is greyed out, or None."""
        if self.news.pending:
            return _("Der Vorgang hat sich inzwischen geändert. Bitte erst die Unterschiede ansehen.")
        problems = [words for words, _field in self.editor.problems()]
        return why_not_sign(
            self.wish(), self._prepared, problems, signing=self._signing, keeping=self.maker.keeping
        )

    def sign(self) -> None:
        """Signs what is shown; the PIN is asked for where the key wants one."""
        prepared, dossier = self._prepared, self._dossier
        if prepared is None or dossier is None or self.why_not_sign() is not None:
            return
        if prepared.review_due:
            self._fix(lambda desk: desk.reviewing.submit(prepared.draft))
            return
        self.maker.pause()
        self._signing = True
        self.steps.show_step(_STEP_SIGN)
        self.state_changed.emit()

        def done(queued: QueuedDecision) -> None:
            self._signing = False
            self._dossier = None
            self.journal.end(dossier.case.row.case_id)
            self.signed.emit(dossier, queued)

        self._run = SignRun(
            self,
            self._bench,
            lambda desk, key, ask: desk.deciding.sign(prepared.draft, ask, key),
            done,
            self._not_signed,
            self._let_be,
        )
        self._run.start(lambda desk: desk.deciding.outlook(prepared.draft.case_id))

    def why_not_lay(self) -> str | None:
        """Why the letter cannot be laid into the signature folder, or None."""
        if (why := self.why_not_sign()) is not None:
            return why
        if self._prepared is not None and self._prepared.review_due:
            return _("Vier-Augen-Prinzip: In die Mappe kommt der Bescheid erst nach der Mitzeichnung.")
        return None

    def lay_in(self) -> None:
        """Lays what is shown into the signature folder."""
        prepared = self._prepared
        if prepared is not None and self.why_not_lay() is None:
            self._fix(lambda desk: desk.folder.add(prepared.draft))

    def _fix(self, work: Callable[[Desk], WaitingDraft]) -> None:
        """Fixes the letter to the byte, for the folder or for review, and is done with the case."""
        dossier = self._dossier
        self._signing = True
        self.maker.pause()  # keeping the draft once more would be taken for a change of it
        self.steps.show_step(_STEP_SIGN)
        self.state_changed.emit()

        def done(waiting: WaitingDraft) -> None:
            self._signing = False
            self._dossier = None
            if dossier is not None:
                self.journal.end(dossier.case.row.case_id)
            self.laid.emit(dossier, waiting)

        self._bench.worker.submit(work, done, self._not_signed)

    def _show_review(self, *, due: bool) -> None:
        self.steps.show_review(due=due)
        self._sign_button.show_text(_("Zur Mitzeichnung geben") if due else None)

    def _let_be(self) -> None:
        """Nothing was signed: the letter can be written on, and what was typed is kept after all."""
        self._signing = False
        self.maker.go_on()
        self.steps.show_step(_STEP_PREVIEW)
        self.state_changed.emit()

    def _not_signed(self, error: ClerkError) -> None:
        self._let_be()
        changed = error.code is ErrorCode.CASE_CHANGED
        # never again by itself: a wrong PIN too many locks the card
        self._bench.fail(error, self.maker.make if changed else None)

    def keep_typed(self) -> None:
        """Keeps at once what was typed last: the window is about to close, or another case is begun."""
        self.journal.flush()
        self.maker.keep_now()

    def take_dossier(self, dossier: Dossier) -> None:
        """The case changed while the letter was being written."""
        mine = self._dossier
        if mine is None or mine.case.row.case_id != dossier.case.row.case_id:
            return
        self._dossier = dossier
        self.header.show_row(dossier.case.row)
        own = [draft_fields(SavedDraft(outcome, wording)) for outcome, wording in self.maker.own]
        if mine.draft is not None:
            own.append(draft_fields(mine.draft))
        here = draft_fields(SavedDraft(self.editor.outcome(), self.editor.wording()))
        news = news_of(mine, dossier, here, own, self._bench.office.actor)
        if news:
            self.news.tell(news)
            self.state_changed.emit()
        if len(dossier.case.applications) != len(mine.case.applications):
            self._prepared = None
            self.maker.make()

    @Slot(object)
    def _settled(self, choices: dict[str, Side]) -> None:
        """The clerk looked, and chose: own words and the other's stay in the history, the choice is kept."""
        dossier, news = self._dossier, self.news.news
        if dossier is None or not news.differences:
            self.state_changed.emit()
            return
        before = self.typed_now()
        if before is not None:
            self.journal.keep()
            here = draft_fields(SavedDraft(self.editor.outcome(), self.editor.wording()))
            here["unfinished"] = []
            step = settle(self._bench, before[0], news, choices, here, self.restore, before[1])
            self.step_done.emit(step)
        self.state_changed.emit()
