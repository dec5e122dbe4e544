"""Prüfpunkte: what the rules of the service found; warnings want a tick, and may carry a reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QWidget

from clerk_app.domain.service_package import CheckLevel
from clerk_app.texts import _, language
from clerk_app.ui.dossier import CheckLine
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import IconLabel, column, label, row


class CheckRow(QWidget):
    """One point. ``said`` carries (check id, accepted, reason)."""

    said = Signal(str, bool, str)

    def __init__(self, theme: Theme, line: CheckLine) -> None:
        super().__init__()
        self._line = line
        self._theme = theme
        words = line.result.text.text(language())
        warning = line.result.level is not CheckLevel.OK
        self.tick = QCheckBox()
        self.tick.setAccessibleName(_("Geprüft: {point}").format(point=words))
        self.tick.setChecked(line.accepted)
        self.tick.setFixedSize(theme.px(28), theme.px(28))
        self.reason = QLineEdit(line.reason)
        self.reason.setPlaceholderText(_("Grund (freiwillig)"))
        self.reason.setAccessibleName(_("Grund zu: {point}").format(point=words))
        icon = IconLabel(theme, *(("warning-fill", "warn") if line.is_open else ("check_circle-fill", "ok")))
        icon.setAccessibleName(_("offen") if line.is_open else _("in Ordnung"))
        self._text = _ClickLabel(words)
        self._text.clicked.connect(self._toggle)
        top = row(spacing=8)
        top.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self._text, 1)
        top.addWidget(self.tick, 0, Qt.AlignmentFlag.AlignTop)
        layout = column(spacing=4)
        layout.addLayout(top)
        layout.addWidget(self.reason)
        self.setLayout(layout)
        # only now: a widget without a parent would come up as a window of its own
        self.tick.setVisible(warning)
        self.reason.setVisible(warning and line.accepted)
        self.tick.clicked.connect(self._ticked)
        self.reason.editingFinished.connect(self._reasoned)

    @Slot()
    def _toggle(self) -> None:
        if self.tick.isVisible():
            self.tick.click()

    @Slot()
    def _ticked(self) -> None:
        self.said.emit(self._line.result.check_id, self.tick.isChecked(), self.reason.text())

    @Slot()
    def _reasoned(self) -> None:
        if self.tick.isChecked() and self.reason.text().strip() != self._line.reason:
            self.said.emit(self._line.result.check_id, True, self.reason.text())


class _ClickLabel(QLabel):
    clicked = Signal()

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setWordWrap(True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()


class CheckList(QWidget):
    """All points of a case, open ones first in mind: the heading counts them."""

    said = Signal(str, bool, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.lines: tuple[CheckLine, ...] = ()
        self._heading = label(_("Prüfpunkte"), "section")
        self._body = column(spacing=6)
        layout = column(spacing=6)
        layout.addWidget(self._heading)
        layout.addLayout(self._body)
        self.setLayout(layout)

    def show_checks(self, lines: Sequence[CheckLine]) -> None:
        """Other points; unchanged ones are left alone, so that the focus stays."""
        lines = tuple(lines)
        self.setVisible(bool(lines))
        if lines == self.lines:
            return
        focused = next((at for at, found in enumerate(self.rows()) if found.tick.hasFocus()), None)
        self.lines = lines
        while (item := self._body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for line in lines:
            made = CheckRow(self._theme, line)
            made.said.connect(self.said)
            self._body.addWidget(made)
        fulfilled = sum(1 for line in lines if not line.is_open)
        words = _("Prüfpunkte: {done} von {all} erledigt")
        self._heading.setText(words.format(done=fulfilled, all=len(lines)))
        rows = self.rows()
        if focused is not None and focused < len(rows):
            rows[focused].tick.setFocus(Qt.FocusReason.OtherFocusReason)

    def rows(self) -> list[CheckRow]:
        """The rows as they stand."""
        found = [self._body.itemAt(at) for at in range(self._body.count())]
        return [item.widget() for item in found if item is not None and isinstance(item.widget(), CheckRow)]  # type: ignore[misc]

    def focus_open(self) -> None:
        """Puts the focus on the first open point."""
        for found, line in zip(self.rows(), self.lines, strict=False):
            if line.is_open:
                found.tick.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return
