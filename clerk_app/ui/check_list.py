"""Prüfpunkte: what the rules of the service found; warnings want a tick, and may carry a reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from clerk_app.texts import _, formats, ngettext
from clerk_app.ui.check_row import CheckRow
from clerk_app.ui.dossier import CheckLine
from clerk_app.ui.form_model import fits
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import column, follow_icon, label, row


def open_words(lines: Sequence[CheckLine]) -> str:
    """``2 offen von 7``."""
    waiting = sum(1 for line in lines if line.is_open)
    words = _("{open} offen von {all}")
    return words.format(open=formats.number(waiting), all=formats.number(len(lines)))


class CheckList(QWidget):
    """All points of a case: those that want a person first, what is in order folded up behind its number.

    ``said`` carries (check id, accepted, reason); ``shown`` a CheckLine whose field or attachment is to be
    looked at; ``asked`` one whose evidence or statement is to be asked for.
    """

    said = Signal(str, bool, str)
    shown = Signal(object)
    asked = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.lines: tuple[CheckLine, ...] = ()
        self._rows: list[CheckRow] = []
        self._heading = label(_("Prüfpunkte"), "section")
        self._wanting = column(spacing=8)
        self.fold = QPushButton()
        self.fold.setProperty("kind", "flat")
        self.fold.setCheckable(True)
        follow_icon(self.fold, theme, "check_circle-fill", "ok", 16)
        self.fold.toggled.connect(self._unfold)
        self._fine_box = QWidget()
        self._fine = column(margins=(0, 0, 0, 4), spacing=6)
        self._fine_box.setLayout(self._fine)
        self._fine_box.hide()
        layout = column(spacing=6)
        layout.addWidget(self._heading)
        layout.addLayout(self._wanting)
        beside = row()
        beside.addWidget(self.fold)
        beside.addStretch(1)
        layout.addLayout(beside)
        layout.addWidget(self._fine_box)
        self.setLayout(layout)

    def show_checks(self, lines: Sequence[CheckLine]) -> None:
        """Other points; unchanged ones are left alone, so that the focus stays. A point that was just dealt
        with hands it on to the next open one: so the same key works through them all."""
        lines = tuple(lines)
        self.setVisible(bool(lines))
        if lines == self.lines:
            return
        focused = next((each.check_id for each in self._rows if each.tick.hasFocus()), None)
        was_open = {each.result.check_id for each in self.lines if each.is_open}
        done = {each.result.check_id for each in lines if not each.is_open}
        self.lines = lines
        _clear(self._wanting)
        _clear(self._fine)
        self._rows = []
        for line in lines:
            made = CheckRow(self._theme, line)
            made.said.connect(self.said)
            made.shown.connect(self.shown)
            made.asked.connect(self.asked)
            self._rows.append(made)
            (self._wanting if line.wants_person else self._fine).addWidget(made)
        self._heading.setText(_("Prüfpunkte: {words}").format(words=open_words(lines)))
        self._show_fold(self.fold.isChecked())
        if focused is not None and focused in was_open & done and self.focus_open():
            return
        for each in self._rows:
            if each.check_id == focused:
                each.tick.setFocus(Qt.FocusReason.OtherFocusReason)

    def rows(self) -> list[CheckRow]:
        """The rows in the order of the points."""
        return list(self._rows)

    def focus_open(self) -> bool:
        """Puts the focus on the first open point; False when there is none."""
        for found, line in zip(self._rows, self.lines, strict=True):
            if line.is_open:
                found.tick.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return True
        return False

    def focus_on(self, path: str) -> bool:
        """Puts the focus on the open point that complains about a field; False when there is none."""
        for found, line in zip(self._rows, self.lines, strict=True):
            if line.is_open and line.result.path and fits(line.result.path, path):
                found.tick.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return False

    def _show_fold(self, on: bool) -> None:
        count = sum(1 for line in self.lines if not line.wants_person)
        words = ngettext("{n} in Ordnung", "{n} in Ordnung", count).format(n=formats.number(count))
        act = _("ausblenden") if on else _("anzeigen")
        self.fold.setText(f" {words}, {act}")
        self.fold.setAccessibleName(self.fold.text().strip())
        self.fold.setVisible(count > 0)
        self._fine_box.setVisible(on and count > 0)

    @Slot(bool)
    def _unfold(self, on: bool) -> None:
        self._show_fold(on)


def _clear(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
