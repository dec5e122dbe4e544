"""Gebühren of a decision: as the template has them, none, or a clerk's own items."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy, QWidget

from clerk_app.domain.decision import FeeItem
from clerk_app.texts import _, formats
from clerk_app.texts.amounts import read_euros, written_euros
from clerk_app.ui.fee_model import FeeProblem, TypedFee, fee_problem
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import column, label, row, tool_button

_TEMPLATE, _OWN, _NONE = "template", "own", "none"


class QuietCombo(QComboBox):
    """A choice that the mouse wheel never changes by accident while the page scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leaves the wheel to the page."""
        event.ignore()


class _FeeRow(QWidget):
    """One item: what for, how much, by which rule."""

    changed = Signal()

    def __init__(self, theme: Theme, remove: Callable[[], None], add: Callable[[], None]) -> None:
        super().__init__()
        self._said = False
        self.text, self.euros, self.basis = QLineEdit(), QLineEdit(), QLineEdit()
        self.text.setPlaceholderText(_("Wofür?"))
        self.euros.setPlaceholderText(_("Betrag, z. B. 12,50"))
        self.euros.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.basis.setPlaceholderText(_("Rechtsgrundlage"))
        self.euros.setMinimumWidth(theme.px(96))
        self.remove = tool_button(theme, "close", _("Entfernen"), remove)
        self.problem_words = label("", "bad", wrap=True)
        self.problem_words.hide()
        first, second = row(spacing=6), row(spacing=6)
        first.addWidget(self.text, 1)
        first.addWidget(self.remove)
        second.addWidget(self.basis, 3)
        second.addWidget(self.euros, 2)
        whole = column(spacing=4)
        whole.addLayout(first)
        whole.addLayout(second)
        whole.addWidget(self.problem_words)
        self.setLayout(whole)
        for field in (self.text, self.basis, self.euros):
            field.textChanged.connect(self._typed)
            field.editingFinished.connect(self._left)
            field.returnPressed.connect(add)

    def typed(self) -> TypedFee:
        """What stands in the fields."""
        return TypedFee(self.text.text().strip(), self.euros.text().strip(), self.basis.text().strip())

    def show_fee(self, fee: FeeItem) -> None:
        """Fills the fields."""
        self.show_typed(TypedFee(fee.text, written_euros(fee.euros), fee.basis))

    def show_typed(self, typed: TypedFee) -> None:
        """Fills the fields with what was typed before; says nothing of it."""
        fields = ((self.text, typed.text), (self.basis, typed.basis), (self.euros, typed.euros))
        for field, words in fields:
            field.blockSignals(True)
            field.setText(words)
            field.blockSignals(False)

    def count(self, at: int) -> None:
        """Names the fields by the row's place, counted from 0."""
        for field, words in (
            (self.text, _("Gebühr {number}: wofür")),
            (self.euros, _("Gebühr {number}: Betrag in Euro")),
            (self.basis, _("Gebühr {number}: Rechtsgrundlage")),
            (self.remove, _("Gebühr {number} entfernen")),
        ):
            field.setAccessibleName(words.format(number=at + 1))

    def at_fault(self) -> QLineEdit:
        """The field to be mended."""
        return self.text if fee_problem(self.typed()) is FeeProblem.TEXT_MISSING else self.euros

    @Slot()
    def _typed(self) -> None:
        if self._said:  # once said, it goes as soon as it is mended
            self._say()
        self.changed.emit()

    @Slot()
    def _left(self) -> None:
        self._said = True
        self._say()

    def _say(self) -> None:
        problem = fee_problem(self.typed())
        self.problem_words.setText(problem.words() if problem else "")
        self.problem_words.setVisible(problem is not None)


class FeeRows(QWidget):
    """The fees of a decision. ``fees`` is None while the template's hold."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._template: tuple[FeeItem, ...] | None = None
        self.rows: list[_FeeRow] = []
        self.mode = QuietCombo()
        self.mode.setAccessibleName(_("Gebühren"))
        for data, words in (
            (_TEMPLATE, ""),
            (_OWN, _("Eigene Gebühren")),
            (_NONE, _("Keine Gebühr")),
        ):
            self.mode.addItem(words, data)
        heading = label(_("Gebühren"), "section")
        heading.setBuddy(self.mode)
        self.add_button = tool_button(
            theme, "add", _("{what} hinzufügen").format(what=_("Gebühr")), self.add, _("Hinzufügen")
        )
        self._sum = label("", "muted")
        foot = row()
        foot.addWidget(self.add_button)
        foot.addStretch(1)
        foot.addWidget(self._sum)
        self._lines = column(spacing=10)
        self._own = QWidget()
        inside = column(spacing=6)
        inside.addLayout(self._lines)
        inside.addLayout(foot)
        self._own.setLayout(inside)
        whole = column(spacing=6)
        whole.addWidget(heading)
        whole.addWidget(self.mode)
        whole.addWidget(self._own)
        self.setLayout(whole)
        self.mode.currentIndexChanged.connect(self._mode_chosen)
        self.set_template(None)
        self._follow()

    def fees(self) -> tuple[FeeItem, ...] | None:
        """The items that are whole; None takes the template's, empty says that it costs nothing."""
        if self._chosen == _TEMPLATE:
            return None
        if self._chosen == _NONE:
            return ()
        return tuple(fee for each in self.rows if (fee := each.typed().fee()) is not None)

    def set_fees(self, fees: tuple[FeeItem, ...] | None) -> None:
        """Shows these fees; says nothing of it."""
        for each in list(self.rows):
            self._take_out(each)
        for fee in fees or ():
            self._put_in().show_fee(fee)
        self.mode.blockSignals(True)
        mode = _TEMPLATE if fees is None else (_OWN if fees else _NONE)
        self.mode.setCurrentIndex(self.mode.findData(mode))
        self.mode.blockSignals(False)
        self._follow()

    def set_template(self, fees: tuple[FeeItem, ...] | None) -> None:
        """What the chosen template charges."""
        self._template = fees
        words = _("Wie in der Vorlage: keine Gebühr genannt")
        if fees:
            total = sum((fee.euros for fee in fees), Decimal(0))
            words = _("Wie in der Vorlage: {sum}").format(sum=formats.amount(total))
        self.mode.setItemText(self.mode.findData(_TEMPLATE), words)

    def add(self) -> None:
        """One more item, ready to be typed."""
        if self._chosen != _OWN:
            self.mode.setCurrentIndex(self.mode.findData(_OWN))
            return
        empty = next((each for each in self.rows if each.typed().is_empty), None)
        made = empty or self._put_in()
        self._follow()
        made.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def problems(self) -> list[tuple[str, QLineEdit]]:
        """What is wrong with the items, and where."""
        if self._chosen != _OWN:
            return []
        found = ((fee_problem(each.typed()), each.at_fault()) for each in self.rows)
        return [(problem.words(), field) for problem, field in found if problem is not None]

    def unfinished(self) -> tuple[TypedFee, ...]:
        """Rows that cannot be kept as they are typed."""
        if self._chosen != _OWN:
            return ()
        return tuple(typed for each in self.rows if fee_problem(typed := each.typed()) is not None)

    def take_up(self, unfinished: Iterable[TypedFee]) -> None:
        """Shows rows left unfinished before, below the others; says nothing of it."""
        for typed in unfinished:
            self.mode.blockSignals(True)
            self.mode.setCurrentIndex(self.mode.findData(_OWN))
            self.mode.blockSignals(False)
            self._put_in().show_typed(typed)
        self._follow()

    @property
    def _chosen(self) -> str:
        return str(self.mode.currentData())

    @Slot()
    def _mode_chosen(self) -> None:
        if self._chosen == _OWN and not self.rows:
            for fee in self._template or ():
                self._put_in().show_fee(fee)
            first = self.rows[0] if self.rows else self._put_in()
            self._follow()
            first.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self._changed()

    def _put_in(self) -> _FeeRow:
        made = _FeeRow(self._theme, lambda: self._remove(made), self.add)
        made.changed.connect(self._changed)
        self.rows.append(made)
        self._lines.addWidget(made)
        return made

    def _remove(self, gone: _FeeRow) -> None:
        at = self.rows.index(gone)
        near = self.rows[at - 1] if at else (self.rows[1] if len(self.rows) > 1 else None)
        (near.text if near else self.add_button).setFocus(Qt.FocusReason.OtherFocusReason)
        self._take_out(gone)
        self._changed()

    def _take_out(self, gone: _FeeRow) -> None:
        self.rows.remove(gone)
        self._lines.removeWidget(gone)
        gone.hide()
        gone.deleteLater()

    @Slot()
    def _changed(self) -> None:
        self._follow()
        self.changed.emit()

    def _follow(self) -> None:
        self._own.setVisible(self._chosen == _OWN)
        for at, each in enumerate(self.rows):
            each.count(at)
        known = [euros for each in self.rows if (euros := read_euros(each.euros.text())) is not None]
        words = _("Summe {sum}").format(sum=formats.amount(sum(known, Decimal(0))))
        self._sum.setText(words if len(known) > 1 else "")
