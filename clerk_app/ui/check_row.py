"""One check point: what it says, what is to be done, the tick."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from clerk_app.domain.service_package import CheckLevel
from clerk_app.texts import _, language
from clerk_app.ui.dossier import CheckLine
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import IconLabel, column, label, row

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CheckRow(QWidget):
    """Prüfpunkt. Space ticks, Enter or a click on the words goes to what it is about.

    ``said`` carries (check id, accepted, reason), ``shown`` and ``asked`` the CheckLine.
    """

    said = Signal(str, bool, str)
    shown = Signal(object)
    asked = Signal(object)

    def __init__(self, theme: Theme, line: CheckLine) -> None:
        super().__init__()
        self._line = line
        self.check_id = line.result.check_id
        words = line.result.text.text(language())
        self._text = _PointLabel(words, linked=line.leads_somewhere, focusable=not line.wants_person)
        self._text.chosen.connect(self._show)
        self.tick = _Tick()
        self.tick.setAccessibleName(_("Geprüft: {point}").format(point=words))
        self.tick.setChecked(line.accepted)
        self.tick.setFixedSize(theme.px(28), theme.px(28))
        self.reason = self._reason_field(words) if line.wants_person and line.accepted else None
        top = row(spacing=8)
        level = theme.px(4) if line.wants_person else 0  # the tick is higher than a line
        icon = column(margins=(0, level + 1, 0, 0))
        icon.addWidget(_icon(theme, line))
        icon.addStretch(1)
        self._text.setContentsMargins(0, level, 0, 0)
        top.addLayout(icon)
        top.addWidget(self._text, 1, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.tick, 0, Qt.AlignmentFlag.AlignTop)
        layout = column(spacing=4)
        layout.addLayout(top)
        below = column(margins=(theme.px(24), 0, 0, 0), spacing=4)
        self._add_advice(theme, below)
        if self.reason is not None:
            below.addWidget(self.reason)
        layout.addLayout(below)
        self.setLayout(layout)
        # only now: a widget without a parent would come up as a window of its own
        self.tick.setVisible(line.wants_person)
        self.tick.clicked.connect(self._ticked)
        self.tick.entered.connect(self._show)

    def _reason_field(self, words: str) -> QLineEdit:
        """Only what was accepted has a reason; most rows never need the field."""
        field = QLineEdit(self._line.reason)
        field.setPlaceholderText(_("Grund (freiwillig)"))
        field.setAccessibleName(_("Grund zu: {point}").format(point=words))
        field.editingFinished.connect(self._reasoned)
        return field

    def _add_advice(self, theme: Theme, below: QVBoxLayout) -> None:
        """Only an open point says what to do."""
        result = self._line.result
        if not self._line.is_open:
            return
        beside = row(spacing=8)
        if result.advice is not None:
            beside.addWidget(label(result.advice.text(language()), "muted", wrap=True), 1)
        if result.evidence or result.ask is not None:
            self.ask = QPushButton(_("Nachfordern"))
            self.ask.setProperty("kind", "small")
            self.ask.setAccessibleName(_("Nachfordern: {point}").format(point=result.text.text(language())))
            self.ask.clicked.connect(self._ask)
            beside.addWidget(self.ask, 0, Qt.AlignmentFlag.AlignTop)
        if result.advice is None:
            beside.addStretch(1)
        below.addLayout(beside)

    @Slot()
    def _show(self) -> None:
        if self._line.leads_somewhere:
            self.shown.emit(self._line)

    @Slot()
    def _ask(self) -> None:
        self.asked.emit(self._line)

    @Slot()
    def _ticked(self) -> None:
        self.said.emit(self.check_id, self.tick.isChecked(), self._reason())

    @Slot()
    def _reasoned(self) -> None:
        if self.tick.isChecked() and self._reason().strip() != self._line.reason:
            self.said.emit(self.check_id, True, self._reason())

    def _reason(self) -> str:
        return self._line.reason if self.reason is None else self.reason.text()


def _icon(theme: Theme, line: CheckLine) -> IconLabel:
    undecided = line.result.level is CheckLevel.UNDECIDED
    if not line.is_open:
        made = IconLabel(theme, "check_circle-fill", "ok")
        made.setAccessibleName(_("in Ordnung"))
    else:
        made = IconLabel(theme, "help" if undecided else "warning-fill", "warn")
        made.setAccessibleName(_("nicht entschieden") if undecided else _("offen"))
    return made


class _Tick(QCheckBox):
    """Enter is for going to what the point is about."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class _PointLabel(QLabel):
    chosen = Signal()

    def __init__(self, text: str, *, linked: bool, focusable: bool) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setWordWrap(True)
        self._linked = linked
        if linked:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        if linked and focusable:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.setAccessibleName(text)
            self.setProperty("kind", "linked")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._linked and event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.chosen.emit()
        else:
            super().keyPressEvent(event)
