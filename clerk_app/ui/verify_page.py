"""Prüfung: what the signatures of a document are worth, beside the document itself."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QWidget,
)

from clerk_app.domain.errors import ClerkError
from clerk_app.domain.verdict import DecisionCheck
from clerk_app.texts import N_, _
from clerk_app.texts.errors import sentence
from clerk_app.texts.verdicts import Paragraph, paragraphs
from clerk_app.texts.verification_report import report_json, report_text
from clerk_app.ui.commands import Commands
from clerk_app.ui.document_pane import DocumentPane
from clerk_app.ui.empty_state import EmptyState
from clerk_app.ui.form_view import FormTree
from clerk_app.ui.notice import Notice
from clerk_app.ui.page import Page
from clerk_app.ui.reflow import ScrollingColumn, WrappingRow
from clerk_app.ui.saving import ask_path, write_whole
from clerk_app.ui.verify_model import (
    LOOKS,
    Checked,
    Reader,
    check,
    decision_form,
    file_reader,
    signatures_form,
)
from clerk_app.ui.verify_parts import PointList, VerdictCard
from clerk_app.ui.widgets import CommandButton, ElidedLabel, column, hairline, label, row
from clerk_app.ui.workbench import Workbench

_TABS = (N_("Ergebnis"), N_("Signaturen"), N_("Entscheidung"))


class VerifyPage(Page):
    """Opens a PDF from anywhere and says what its signatures are worth. The worker does the verifying."""

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench, self._commands = bench, commands
        self.checked: Checked | None = None
        self.running = False
        self._last: tuple[str, Reader] | None = None
        self._notices: list[Notice] = []
        self.card = VerdictCard(bench)
        self.empty = EmptyState(bench.theme)
        self.preview = DocumentPane(bench)
        self.signatures = FormTree(bench.theme)
        self.signatures.setAccessibleName(_("Angaben zu den Signaturen"))
        self.decision = FormTree(bench.theme)
        self.decision.setAccessibleName(_("Beigefügte Entscheidung"))
        self._build()
        self.empty.acted.connect(self._act_on_empty)
        self.show_nothing()

    def _build(self) -> None:
        head = QFrame()
        head.setProperty("area", "header")
        line = row(margins=(20, 12, 20, 12), spacing=10)
        line.addWidget(label(_("Dokument prüfen"), "title"))
        self._name = ElidedLabel("muted")
        line.addWidget(self._name, 1)
        head.setLayout(line)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self._left())
        right = QWidget()
        right.setProperty("area", "side")
        beside = column()
        beside.addWidget(self.preview, 1)
        right.setLayout(beside)
        self.splitter.addWidget(right)
        self.splitter.setSizes([self._bench.theme.px(560), self._bench.theme.px(600)])
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.splitter)
        layout = column()
        layout.addWidget(head)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self._bar())
        self.setLayout(layout)

    def _left(self) -> QWidget:
        left = QWidget()
        lines = column()
        top = column(margins=(16, 14, 16, 8))
        top.addWidget(self.card)
        lines.addLayout(top)
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setAccessibleName(_("Teile des Prüfergebnisses"))
        for words in _TABS:
            self.tabs.addTab(_(words))
        bar = row(margins=(12, 0, 12, 0))
        bar.addWidget(self.tabs)
        bar.addStretch(1)
        lines.addLayout(bar)
        lines.addWidget(hairline())
        findings = QWidget()
        inside = column(margins=(16, 12, 16, 12), spacing=8)
        self._findings = column(spacing=8)
        self._nothing_more = label(_("Es gibt nichts weiter zu beachten."), "muted", wrap=True)
        self.points = PointList(self._bench)
        inside.addLayout(self._findings)
        inside.addWidget(self._nothing_more)
        inside.addWidget(self.points)
        inside.addStretch(1)
        findings.setLayout(inside)
        self._parts = QStackedWidget()
        self._parts.addWidget(ScrollingColumn(findings))
        for tree in (self.signatures, self.decision):
            held = QWidget()
            room = column(margins=(16, 4, 4, 4))
            room.addWidget(tree)
            held.setLayout(room)
            self._parts.addWidget(held)
        self.tabs.currentChanged.connect(self._parts.setCurrentIndex)
        self._parts.setMinimumHeight(self._bench.theme.px(140))
        lines.addWidget(self._parts, 1)
        left.setLayout(lines)
        return ScrollingColumn(left)

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("area", "bar")
        line = WrappingRow((20, 8, 16, 8), 8)
        commands, theme = self._commands, self._bench.theme
        line.addWidget(CommandButton(commands, theme, "verify.open", "primary"))
        line.addWidget(CommandButton(commands, theme, "verify.online"))
        line.addWidget(CommandButton(commands, theme, "verify.save"))
        line.addWidget(CommandButton(commands, theme, "nav.back"))
        bar.setLayout(line)
        return bar

    def set_narrow(self, narrow: bool) -> None:
        """Little room: the document stands below instead of beside."""
        self.splitter.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)

    # states

    def show_nothing(self) -> None:
        """Nothing was opened yet."""
        self.checked = None
        self._name.set_full_text("")
        title = _("Ein PDF hierher ziehen oder öffnen")
        details = _(
            "Geprüft werden Signaturen, Zertifikate, Zeitstempel und die beigefügte Entscheidung. Das geht "
            "ohne Netz; das Dokument verlässt diesen Rechner nicht."
        )
        self.empty.show_state("policy", title, details, _("PDF öffnen …"))
        self.stack.setCurrentWidget(self.empty)
        self.state_changed.emit()

    def begin(self, name: str, read: Reader, *, online: bool = False) -> None:
        """Reads and verifies in the background; the newest wish wins."""
        self._last = (name, read)
        self.running = True
        self.checked = None
        self._name.set_full_text(name)
        self.empty.show_loading()
        self.empty.details.setText(_("Wird geprüft …"))
        self.stack.setCurrentWidget(self.empty)
        self.preview.show_words("")
        self.state_changed.emit()
        self._bench.worker.submit(
            lambda desk: check(desk, name, read, online=online), self._show, self._failed, key="verify"
        )

    def _failed(self, error: ClerkError) -> None:
        self.running = False
        title = _("Das Dokument konnte nicht geprüft werden")
        self.empty.show_state("error", title, sentence(error), _("Erneut versuchen"))
        self.stack.setCurrentWidget(self.empty)
        self.state_changed.emit()

    def _show(self, checked: Checked) -> None:
        self.running = False
        self.checked = checked
        self.card.show_report(checked)
        self._show_findings(paragraphs(checked.report))
        self.points.show_report(checked)
        self.signatures.show_forms((("", signatures_form(checked)),))
        self.decision.show_forms((("", decision_form(checked)),))
        attached = checked.report.decision_check is not DecisionCheck.NOT_ATTACHED
        self.tabs.setTabEnabled(2, attached and bool(checked.report.attached_decision))
        self.tabs.setCurrentIndex(0)
        self.stack.setCurrentWidget(self.splitter)
        self.preview.show_document(checked.content, "application/pdf")
        self.state_changed.emit()

    def _show_findings(self, found: tuple[Paragraph, ...]) -> None:
        while len(self._notices) < len(found):
            notice = Notice(self._bench.theme)
            self._notices.append(notice)
            self._findings.addWidget(notice)
        level = LOOKS[self.checked.report.verdict].level if self.checked else "info"
        for at, notice in enumerate(self._notices):
            if at >= len(found):
                notice.show_words("info", "")
                continue
            paragraph = found[at]
            words = "\n".join(part for part in (paragraph.found, paragraph.means, paragraph.todo) if part)
            notice.show_words("info" if paragraph.note or level == "ok" else level, words)
        self._nothing_more.setVisible(not found)

    # acts

    @Slot()
    def ask_file(self) -> None:
        """Asks for a PDF and verifies it."""
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("PDF prüfen"), "", _("PDF-Dokumente (*.pdf);;Alle Dateien (*)")
        )
        if chosen:
            self.open_path(Path(chosen))

    def open_path(self, path: Path) -> None:
        """Verifies a file of this machine."""
        self.begin(path.name, file_reader(path))

    @Slot()
    def _act_on_empty(self) -> None:
        if self._last is not None and not self.running and self.empty.button.text() == _("Erneut versuchen"):
            self.begin(*self._last)
        else:
            self.ask_file()

    def ask_online(self) -> None:
        """Verifies again and asks the issuers whether their certificates were revoked."""
        checked = self.checked
        if checked is not None:
            self.begin(checked.name, lambda _desk: checked.content, online=True)

    def why_not_ask_online(self) -> str | None:
        """Why there is nobody to ask."""
        if self.checked is not None and not self.checked.report.signed:
            return _("Das Dokument ist nicht signiert.")
        return self.why_not_save()

    def why_not_save(self) -> str | None:
        """Why there is no report to save."""
        if self.running:
            return _("Die Prüfung läuft noch.")
        return _("Es ist kein Dokument geprüft.") if self.checked is None else None

    @Slot()
    def save_report(self) -> None:
        """Saves the report for people, and beside it the same for programs (JSON)."""
        checked = self.checked
        if checked is None:
            return
        stem = _("Prüfbericht {name}").format(name=checked.name.removesuffix(".pdf"))
        path = ask_path(self, f"{stem}.txt")
        if path is None:
            return
        target = path

        def work(_desk: object) -> None:
            write_whole(target, report_text(checked.report, checked.name).encode("utf-8", "replace"))
            write_whole(target.with_suffix(".json"), report_json(checked.report, checked.name))

        def done(_nothing: None) -> None:
            self._bench.say(_("Gespeichert: {name}").format(name=target.name))

        self._bench.worker.submit(work, done, self._bench.fail)

    def focus_content(self) -> None:
        """Puts the focus where reading begins."""
        shown = self.stack.currentWidget() is self.splitter
        target = self.tabs if shown else self.empty.button
        target.setFocus(Qt.FocusReason.OtherFocusReason)
