"""Abgabe in two steps: who is competent, then the notice as it goes out. Nothing is done before "Abgeben"."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from clerk_app.domain.competence import OfficeAddress
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.forwarding import QueuedForwarding
from clerk_app.texts import _
from clerk_app.texts.errors import sentence
from clerk_app.ui.commands import tooltip
from clerk_app.ui.document_pane import DocumentPane
from clerk_app.ui.findings_list import FindingsList, Hint
from clerk_app.ui.forward_model import (
    Choice,
    ForwardFrame,
    ForwardWish,
    PreparedForwarding,
    hints,
    prepare,
)
from clerk_app.ui.notice import Notice
from clerk_app.ui.office_list import OfficeList
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.widgets import clearable, column, label, row
from clerk_app.ui.workbench import Workbench

_CHOICE = Qt.ItemDataRole.UserRole
FOLLOW_MS = 250
"""How long typing rests before the notice is made anew."""


class TargetPage(QWidget):
    """Step 1: proposals with their reasons, a search in the directory, or any other authority."""

    changed = Signal()

    def __init__(self, bench: Workbench, frame: ForwardFrame) -> None:
        super().__init__()
        self._frame = frame
        self.heading = label(frame.heading, wrap=True)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Stelle suchen: Name, Ort, Postleitzahl oder ARS"))
        self.search.setAccessibleName(_("Stelle im Verzeichnis suchen"))
        clearable(self.search)
        self.found = OfficeList(bench.theme)
        self.found.setAccessibleName(_("Stellen"))
        self.nothing = label("", "muted", wrap=True)
        self.other = QPlainTextEdit()
        self.other.setTabChangesFocus(True)
        self.other.setAccessibleName(_("Andere Stelle mit Anschrift"))
        self.other.setPlaceholderText(_("Name, Straße, PLZ und Ort, je eine Zeile"))
        self.other.setFixedHeight(bench.theme.px(72))
        self.target = label("", wrap=True)
        layout = column(spacing=10)
        layout.addWidget(self.heading)
        layout.addWidget(self.search)
        layout.addWidget(self.found, 1)
        layout.addWidget(self.nothing)
        words = label(_("Oder eine Stelle, die nicht im Verzeichnis steht:"), "muted", wrap=True)
        words.setBuddy(self.other)
        layout.addWidget(words)
        layout.addWidget(self.other)
        layout.addWidget(self.target)
        self.setLayout(layout)
        self._choices: tuple[Choice, ...] = ()
        self.search.installEventFilter(self)
        self.found.currentRowChanged.connect(self._changed)
        self.other.textChanged.connect(self._changed)
        self.show_found(frame.directory)

    def show_found(self, offices: tuple[OfficeAddress, ...] | list[OfficeAddress] | object) -> None:
        """What the search found in the directory."""
        found = list(offices) if isinstance(offices, list | tuple) else []
        self._choices = self._frame.choices(found)
        self.found.clear()
        for choice in self._choices:
            item = QListWidgetItem(choice.words)
            item.setData(_CHOICE, choice.office.name)
            item.setToolTip(tooltip(choice.words, None))
            self.found.addItem(item)
        self.found.setVisible(bool(self._choices))
        typed = bool(self.search.text().strip())
        words = _("Nichts gefunden.") if typed else _("Das Verzeichnis dieser Behörde ist leer.")
        self.nothing.setText("" if self._choices else words)
        self.nothing.setVisible(not self._choices)
        # never by itself, unless the form speaks for it: a wrong authority is worse than one key more
        if self._choices and (self._choices[0].why or typed):
            self.found.setCurrentRow(0)
        self._changed()

    def office(self) -> OfficeAddress | None:
        """The chosen authority; what was typed counts before the list."""
        if self.other.toPlainText().strip():
            return OfficeAddress.typed(self.other.toPlainText())
        at = self.found.currentRow()
        return self._choices[at].office if 0 <= at < len(self._choices) else None

    @Slot()
    def _changed(self) -> None:
        chosen = self.office()
        words = _("Abgabe an: {office}").format(office=chosen.name) if chosen is not None else ""
        self.target.setText(words or _("Bitte die zuständige Stelle wählen oder eintragen."))
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list while the search keeps the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            moves: dict[int, int] = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
            if (by := moves.get(event.key())) is not None:
                at = min(self.found.count() - 1, max(0, self.found.currentRow() + by))
                self.found.setCurrentRow(at)
                return True
        return False


class NoticePage(QWidget):
    """Step 2: the reason, an earlier day of receipt, and beside them the notice as it goes out."""

    changed = Signal()

    def __init__(self, bench: Workbench, frame: ForwardFrame) -> None:
        super().__init__()
        self._latest = frame.arrived_on
        self.target = label("", "section", wrap=True)
        self.reason = QPlainTextEdit()
        self.reason.setTabChangesFocus(True)
        self.reason.setAccessibleName(_("Grund der Abgabe"))
        self.reason.setPlaceholderText(_("Zum Beispiel: Der Hund wird nicht in unserem Gebiet gehalten."))
        self.earlier = QCheckBox(_("Früher bei einer anderen Behörde eingegangen am"))
        latest = QDate(frame.arrived_on.year, frame.arrived_on.month, frame.arrived_on.day)
        self.first_on = QDateEdit(latest)
        self.first_on.setMaximumDate(latest)
        self.first_on.setCalendarPopup(True)
        self.first_on.setDisplayFormat("dd.MM.yyyy")
        self.first_on.setAccessibleName(_("Tag des ersten Eingangs"))
        self.first_on.hide()
        self.package = QCheckBox(_("Danach das Paket für die zuständige Stelle speichern"))
        self.package.setChecked(True)
        self.findings = FindingsList(bench.theme, _("Hinweise"))
        self.preview = DocumentPane(bench)
        self._build(bench)
        self.reason.textChanged.connect(self.changed)
        self.earlier.toggled.connect(self.first_on.setVisible)
        self.earlier.toggled.connect(lambda _on: self.changed.emit())
        self.first_on.dateChanged.connect(lambda _day: self.changed.emit())

    def _build(self, bench: Workbench) -> None:
        left = column(spacing=10)
        left.addWidget(self.target)
        words = label(_("Warum ist eine andere Stelle zuständig? Der Grund steht im Brief."), wrap=True)
        words.setBuddy(self.reason)
        left.addWidget(words)
        left.addWidget(self.reason, 1)
        left.addWidget(self.earlier)
        left.addWidget(self.first_on)
        left.addWidget(self.package)
        way = _("Wie das Paket dorthin kommt (Post, beBPo, XTA), liegt außerhalb dieses Programms.")
        left.addWidget(label(way, "muted", wrap=True))
        left.addWidget(self.findings)
        self.preview.setMinimumWidth(bench.theme.px(300))
        both = row(spacing=16)
        both.addLayout(left, 4)
        both.addWidget(self.preview, 5)
        self.setLayout(both)

    def first_received_on(self) -> date | None:
        """The earlier day, if there is one."""
        day = self.first_on.date()
        return date(day.year(), day.month(), day.day()) if self.earlier.isChecked() else None


class ForwardDialog(QDialog):
    """Both steps. ``sent`` carries a QueuedForwarding and whether the package is to be saved now."""

    sent = Signal(object, bool)

    def __init__(self, parent: QWidget, bench: Workbench, frame: ForwardFrame) -> None:
        super().__init__(parent)
        self._bench, self._frame = bench, frame
        self._prepared: PreparedForwarding | None = None
        self._sending = False
        self.setWindowTitle(_("Nicht zuständig: abgeben"))
        self.step = label("", "section")
        self.targets = TargetPage(bench, frame)
        self.notice = NoticePage(bench, frame)
        self.trouble = Notice(bench.theme)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.targets)
        self.pages.addWidget(self.notice)
        self._follow = QTimer(self, singleShot=True, interval=FOLLOW_MS)
        self._follow.timeout.connect(self._prepare)
        self._build()
        self.targets.search.textChanged.connect(self._search)
        self.targets.changed.connect(self._refresh)
        self.targets.found.itemActivated.connect(self.go_on)
        self.notice.changed.connect(self._typed)
        self._show_step(0)

    def _build(self) -> None:
        buttons = QDialogButtonBox()
        self.forward: QPushButton = buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        self.forward.setProperty("kind", "primary")
        self.back: QPushButton = buttons.addButton(_("Abbrechen"), QDialogButtonBox.ButtonRole.RejectRole)
        self.back.setAutoDefault(False)
        buttons.accepted.connect(self.go_on)
        buttons.rejected.connect(self.reject)
        body = column(margins=(20, 16, 20, 16), spacing=12)
        body.addWidget(self.step)
        body.addWidget(self.pages, 1)
        body.addWidget(self.trouble)
        body.addWidget(buttons)
        layout = column()
        add_practice_band(layout, self._bench.office)
        layout.addLayout(body, 1)
        self.setLayout(layout)
        theme = self._bench.theme
        window = self.parentWidget()
        room = window.size() if window is not None else self.size()
        self.resize(min(theme.px(980), room.width() - 40), min(theme.px(620), room.height() - 40))
        self.forward.setDefault(True)

    def _show_step(self, at: int) -> None:
        self.pages.setCurrentIndex(at)
        self.trouble.show_words("bad", "")
        if at == 0:
            self.step.setText(_("Schritt 1 von 2: Wer ist zuständig?"))
            self.forward.setText(_("Weiter"))
            self.back.setText(_("Abbrechen"))
            self.targets.search.setFocus()
        else:
            self.step.setText(_("Schritt 2 von 2: Nachricht an die Antragstellerin oder den Antragsteller"))
            self.forward.setText(_("Abgeben"))
            self.back.setText(_("Zurück"))
            self.notice.reason.setFocus()
        self._refresh()

    # step 1

    @Slot(str)
    def _search(self, text: str) -> None:
        self._bench.worker.submit(
            lambda desk: list(desk.forwarding.offices(text)),
            self.targets.show_found,
            self._fail,
            key="forward-search",
        )

    # step 2

    def wish(self) -> ForwardWish | None:
        """What is chosen and typed; None without an authority."""
        office = self.targets.office()
        if office is None:
            return None
        reason, first_on = self.notice.reason.toPlainText(), self.notice.first_received_on()
        return ForwardWish(self._frame.case_id, office, reason, first_on)

    @Slot()
    def _typed(self) -> None:
        self.trouble.show_words("bad", "")
        self._follow.start()
        self._refresh()

    @Slot()
    def _prepare(self) -> None:
        wish = self.wish()
        if wish is None or self._sending:
            return
        if wish.missing:
            self._prepared = None
            self.notice.preview.show_words(_("Die Nachricht erscheint hier, sobald ein Grund dasteht."))
            self.notice.findings.show_hints([])
            self._refresh()
            return
        self._bench.worker.submit(
            lambda desk: prepare(desk, wish), self._take, self._fail, key="forward-notice"
        )

    def _take(self, prepared: PreparedForwarding) -> None:
        if prepared.wish != self.wish():
            return  # typed on meanwhile: the next one is on its way
        self._prepared = prepared
        self.notice.preview.show_letter(prepared.pdf, keep_place=True)
        self.notice.findings.show_hints([Hint(level, words) for level, words in hints(prepared)])
        self.notice.findings.setVisible(bool(prepared.findings))
        self._refresh()

    def _fail(self, error: ClerkError) -> None:
        self._sending = False
        self._prepared = None
        self.trouble.show_words("bad", sentence(error))
        self._refresh()

    def why_not(self) -> str:
        """Why the button does nothing now; empty when it does."""
        wish = self.wish()
        if wish is None:
            return _("Bitte die zuständige Stelle wählen oder eintragen.")
        if self.pages.currentIndex() == 0:
            return ""
        if wish.missing:
            return wish.missing
        if self._sending:
            return _("Es wird abgegeben …")
        if self._prepared is None or self._prepared.wish != wish:
            return _("Die Nachricht wird noch gemacht.")
        return self._prepared.blocked

    @Slot()
    def _refresh(self) -> None:
        why = self.why_not()
        self.forward.setEnabled(not why)
        self.forward.setToolTip(why)
        self.forward.setAccessibleDescription(why)

    @Slot()
    def go_on(self) -> None:
        """Step 2, or the deed."""
        if self.why_not():
            return
        office = self.targets.office()
        if self.pages.currentIndex() == 0 and office is not None:
            self.notice.target.setText(_("Abgabe an: {office}").format(office=office.name))
            self._show_step(1)
            self._prepare()
        elif self._prepared is not None:
            draft = self._prepared.draft
            self._sending = True
            self._refresh()
            self._bench.worker.submit(lambda desk: desk.forwarding.send(draft), self._sent, self._fail)

    def _sent(self, queued: QueuedForwarding) -> None:
        self.sent.emit(queued, self.notice.package.isChecked())
        self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter goes on from a field of several lines too."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.go_on()
            return
        super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """What is still being made for this dialog is not for anybody any more."""
        self._follow.stop()
        for key in ("forward-search", "forward-notice"):
            self._bench.worker.forget(key)
        self.notice.preview.show_words("")
        super().done(result)

    def reject(self) -> None:
        """Esc: one step back, from the first one out. What was typed stays for coming back."""
        if self._sending:
            return
        if self.pages.currentIndex() == 1:
            self._show_step(0)
        else:
            super().reject()
