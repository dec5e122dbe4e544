"""Where to, and why; what it would do is shown while one chooses."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLineEdit, QPushButton, QWidget

from clerk_app.domain.county import CountyFacts, Direction, OfficeLoad, preview
from clerk_app.texts import _
from clerk_app.texts.county_words import preview_lines
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.widgets import column, label
from clerk_app.ui.workbench import Workbench

_LONGEST = 300


class CountyDialog(QDialog):
    """Verteilen. The preview is computed here, from what was read with the board."""

    def __init__(
        self,
        parent: QWidget,
        bench: Workbench,
        chosen: Sequence[CountyFacts],
        direction: Direction,
        loads: Sequence[OfficeLoad],
    ) -> None:
        super().__init__(parent)
        forward = direction is Direction.FORWARD
        action = _("Weiterleiten lassen") if forward else _("Zuweisen")
        self.setWindowTitle(action)
        self._chosen, self._direction, self._loads = chosen, direction, loads
        self.office = QComboBox()
        for load in loads:
            self.office.addItem(load.name, load.office_id)
        self.office.setAccessibleName(_("Stelle"))
        where = label(_("Stelle"))
        where.setBuddy(self.office)
        self.reason = QLineEdit()
        self.reason.setMaxLength(_LONGEST)
        self.reason.setAccessibleName(_("Grund"))
        why = label(_("Grund (ohne Namen von Personen)"))
        why.setBuddy(self.reason)
        self.effect = label("", wrap=True)
        self._buttons = QDialogButtonBox()
        self.act = QPushButton(action)
        self.act.setProperty("kind", "primary")
        self.act.setDefault(True)
        self._buttons.addButton(self.act, QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.addButton(_("Abbrechen"), QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        body = column(margins=(20, 16, 20, 16), spacing=10)
        for part in (where, self.office, why, self.reason, self.effect, self._buttons):
            body.addWidget(part)
        layout = column()
        add_practice_band(layout, bench.office)
        layout.addLayout(body)
        self.setLayout(layout)
        self.setMinimumWidth(bench.theme.px(480))
        self.office.currentIndexChanged.connect(self._show_effect)
        self.reason.textChanged.connect(self._show_effect)
        self._show_effect()

    @property
    def to(self) -> str:
        """The chosen office's id."""
        return str(self.office.currentData() or "")

    @Slot()
    def _show_effect(self) -> None:
        shown = preview(self._chosen, self._direction, self.to, self._loads)
        names = {load.office_id: load.name for load in self._loads}
        self.effect.setText("\n".join(preview_lines(shown, names)))
        left = len(self._chosen) - len(shown.obstacles)
        reasoned = self._direction is Direction.ASSIGN or bool(self.reason.text().strip())
        self.act.setEnabled(left > 0 and reasoned)
