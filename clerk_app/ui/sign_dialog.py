"""Signieren: who signs, at which level, until when the certificate holds, and the PIN. It is kept nowhere.

Shown only when somebody must type or choose something. A wrong PIN costs one try and is never tried again by
itself: the dialog says so, says what is left, and waits for a deliberate new one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLineEdit,
    QRadioButton,
    QWidget,
)

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.signature import KeyReport, SigningOutlook
from clerk_app.texts import _
from clerk_app.ui.notice import Notice
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.sign_model import (
    STAYS_OPEN,
    AskPin,
    facts,
    must_ask,
    purpose,
    refusal,
    secret_name,
    warning,
    who,
)
from clerk_app.ui.widgets import column, label
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.desk import Desk

T = TypeVar("T")


class SignDialog(QDialog):
    """Enter signs ``count`` documents. ``submitted`` carries (key reference, what was typed)."""

    submitted = Signal(str, str)

    def __init__(self, parent: QWidget, bench: Workbench, outlook: SigningOutlook, count: int = 1) -> None:
        super().__init__(parent)
        self._bench, self._outlook, self._count = bench, outlook, count
        self._key = outlook.key
        self.setWindowTitle(_("Signieren"))
        self.purpose = label("", "section", wrap=True)
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field_name = label()
        self.field_name.setBuddy(self.field)
        self.note = Notice(bench.theme)
        self.choices: dict[str, QRadioButton] = {}
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(bench.theme.px(16))
        self._facts.setVerticalSpacing(bench.theme.px(6))
        self._facts.setColumnStretch(1, 1)
        self._build()
        self._show_key(outlook.key)
        self.sign_button.setDefault(True)  # only now: a button outside a dialog forgets it
        first = self.field if outlook.key.needs_pin else next(iter(self.choices.values()), self.sign_button)
        first.setFocus()

    def _build(self) -> None:
        body = column(margins=(20, 16, 20, 16), spacing=10)
        body.addWidget(self.purpose)
        if self._outlook.others:
            body.addWidget(label(_("Wer signiert?"), "section"))
            group = QButtonGroup(self)
            for key in (self._outlook.key, *self._outlook.others):
                choice = QRadioButton(who(key).replace("&", "&&"))
                choice.setChecked(key is self._outlook.key)
                choice.toggled.connect(self._chosen)
                group.addButton(choice)
                self.choices[key.reference] = choice
                body.addWidget(choice)
        body.addLayout(self._facts)
        body.addWidget(self.note)
        body.addWidget(self.field_name)
        body.addWidget(self.field)
        body.addStretch(1)
        body.addWidget(self._buttons())
        layout = column()
        add_practice_band(layout, self._bench.office)
        layout.addLayout(body, 1)
        self.setLayout(layout)
        self.setMinimumWidth(self._bench.theme.px(460))

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        self.sign_button = buttons.addButton(_("Signieren"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.sign_button.setProperty("kind", "primary")
        self.cancel_button = buttons.addButton(_("Abbrechen"), QDialogButtonBox.ButtonRole.RejectRole)
        self.cancel_button.setAutoDefault(False)  # Enter signs or does nothing; it never cancels
        buttons.accepted.connect(self._submit)
        buttons.rejected.connect(self.reject)
        return buttons

    def _show_key(self, key: KeyReport) -> None:
        self._key = key
        while (item := self._facts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for at, line in enumerate(facts(self._outlook, key, self._bench.now())):
            self._facts.addWidget(label(line.heading, "muted"), at, 0, Qt.AlignmentFlag.AlignTop)
            words = label(line.words, line.role, wrap=True)
            words.setAccessibleName(f"{line.heading}: {line.words}")
            self._facts.addWidget(words, at, 1)
        what = purpose(key, self._count)
        self.purpose.setText(what)
        self.purpose.setVisible(bool(what))
        self.setAccessibleDescription(what)
        name = secret_name(key)
        self.field_name.setText(name)
        self.field.setAccessibleName(name)
        self.field_name.setVisible(key.needs_pin)
        self.field.setVisible(key.needs_pin)
        self.note.show_words(*warning(self._outlook, key))
        self._allow(key.problem != ErrorCode.SIGNING_PIN_LOCKED)

    @Slot(bool)
    def _chosen(self, on: bool) -> None:
        for key in (self._outlook.key, *self._outlook.others):
            if on and self.choices[key.reference].isChecked():
                self.field.clear()
                self._show_key(key)
                self.adjustSize()

    def _allow(self, may: bool) -> None:
        self.field.setReadOnly(not may)  # not disabled: the focus stays where the next try is typed
        self.sign_button.setEnabled(may)

    @Slot()
    def _submit(self) -> None:
        if self._key.needs_pin and not self.field.text():
            self.field.setFocus()
            return
        self._allow(False)
        for choice in self.choices.values():
            choice.setEnabled(False)
        self.note.show_words("info", _("Es wird signiert …"))
        typed = self.field.text()
        self.field.clear()
        self.submitted.emit(self._key.reference, typed)

    def refused(self, error: ClerkError, key: KeyReport) -> None:
        """Says why nothing was signed, with what the card says now; another try is the clerk's."""
        for choice in self.choices.values():
            choice.setEnabled(True)
        self._show_key(key)
        self.note.show_words(*refusal(error))
        self.adjustSize()
        (self.field if self.sign_button.isEnabled() else self.cancel_button).setFocus()

    def reject(self) -> None:
        """Closing forgets what was typed. While it is being signed there is nothing to cancel any more."""
        if self.sign_button.isEnabled() or self._key.problem is not None:
            self.field.clear()
            super().reject()


class SignRun(Generic[T]):
    """One deliberate signing: looks at the key, asks if somebody must be asked, signs on the worker.

    ``work`` signs with a key reference (None: the office's) and a source of the PIN; ``done`` gets its
    result, ``failed`` what went wrong, ``cancelled`` is called when the clerk thought better of it.
    """

    def __init__(
        self,
        parent: QWidget,
        bench: Workbench,
        work: Callable[[Desk, str | None, AskPin], T],
        done: Callable[[T], None],
        failed: Callable[[ClerkError], None],
        cancelled: Callable[[], None],
    ) -> None:
        self._parent, self._bench, self._work = parent, bench, work
        self._done, self._failed, self._cancelled = done, failed, cancelled
        self._dialog: SignDialog | None = None

    def start(self, look: Callable[[Desk], SigningOutlook]) -> None:
        """Begins; returns at once."""
        self._bench.worker.submit(look, self._seen, self._failed)

    def _seen(self, outlook: SigningOutlook) -> None:
        if not must_ask(outlook):
            self._bench.worker.submit(lambda desk: self._work(desk, None, _nobody), self._done, self._failed)
            return
        dialog = self._dialog = SignDialog(self._parent, self._bench, outlook)
        dialog.submitted.connect(self._submitted)
        dialog.rejected.connect(self._given_up)
        dialog.open()

    def _submitted(self, reference: str, typed: str) -> None:
        self._bench.worker.submit(
            lambda desk: self._work(desk, reference, lambda: typed or None),
            self._signed,
            lambda error: self._refused(error, reference),
        )

    def _signed(self, result: T) -> None:
        self._close()
        self._done(result)

    def _refused(self, error: ClerkError, reference: str) -> None:
        dialog = self._dialog
        if dialog is None or error.code not in STAYS_OPEN:
            self._close()
            self._failed(error)
            return
        self._bench.worker.submit(
            lambda desk: desk.letters.examine_key(reference), lambda key: dialog.refused(error, key)
        )

    def _given_up(self) -> None:
        self._close()
        self._cancelled()

    def _close(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.rejected.disconnect(self._given_up)
            dialog.hide()
            dialog.deleteLater()


def _nobody() -> str | None:
    return None
