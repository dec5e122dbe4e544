"""Lines of what is missing: a box for the letter, the attachments that seem to answer it, what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QMenu, QPushButton, QVBoxLayout, QWidget

from clerk_app.domain.gaps import GapItem, GapState
from clerk_app.texts import _, language
from clerk_app.ui.gap_model import GapFile, GapGroup, GapLine
from clerk_app.ui.reflow import WrappingRow
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import IconLabel, column, label, row

_ICON_WIDTH, _BOX_WIDTH, _FLAT_PADDING = 24, 32, 9


class Ticked(QWidget):
    """A box with words that wrap. A click on the words ticks too; a screen reader hears them of the box."""

    def __init__(self, item: GapItem, *, ticked: bool) -> None:
        super().__init__()
        self.item = item
        self.box = QCheckBox()
        self.box.setAccessibleName(item.title(language()))
        self.box.setAccessibleDescription(item.text)
        self.box.setChecked(ticked)
        line = row(spacing=4)
        line.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(label(item.title(language()), wrap=True), 1)
        self.setLayout(line)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """As on the words of any box."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.box.toggle()


class GapRow(QWidget):
    """One item. What is missing has a box: ticked, the letter names it."""

    def __init__(
        self,
        theme: Theme,
        line: GapLine,
        say: Callable[[str, GapLine, GapFile | None], None],
        *,
        ticked: bool,
    ) -> None:
        super().__init__()
        self.line, self._say = line, say
        self.head: Ticked | None = None
        lines = column(spacing=0)
        if line.group is GapGroup.HERE:
            head = row(spacing=6)
            waived = line.item.state is GapState.WAIVED
            icon = IconLabel(theme, *(("remove", "muted") if waived else ("check_circle", "ok")), 18)
            head.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
            head.addWidget(label(line.title, wrap=True), 1)
            lines.addLayout(head)
        else:
            self.head = Ticked(line.item, ticked=ticked)
            lines.addWidget(self.head)
        inset = _ICON_WIDTH if self.head is None else _BOX_WIDTH
        below = column(margins=(theme.px(inset), 0, 0, 0))
        files = ", ".join(file.name for file in line.files)
        for words in filter(None, (files, line.detail)):
            below.addWidget(label(words, "muted", wrap=True))
        acts = WrappingRow((0, 0, 0, 0), 4, between=0)
        for file in line.maybe:
            words = _("Ist es {file}?").format(file=_short(file.name))
            acts.addWidget(self._button(words, "settle", file))
        self.acts: list[QPushButton] = []
        for act, words, reason in (
            ("settle", _("Erledigt"), line.why_not_settle),
            ("waive", _("Verzichten …"), line.why_not_waive),
            ("reopen", _("Fehlt doch"), line.why_not_reopen),
        ):
            if reason is None:
                self.acts.append(self._button(words, act))
                acts.addWidget(self.acts[-1])
        acts.setContentsMargins(theme.px(inset - _FLAT_PADDING), 0, 0, 0)  # its words below the others
        lines.addLayout(below)
        lines.addLayout(acts)
        self.setLayout(lines)

    def _button(self, words: str, act: str, file: GapFile | None = None) -> QPushButton:
        made = QPushButton(words.replace("&", "&&"))
        made.setProperty("kind", "flat")
        made.setAccessibleName(f"{words}: {self.line.title}")
        made.clicked.connect(lambda _checked=False: self._say(act, self.line, file))
        return made

    @property
    def tick(self) -> QCheckBox | None:
        """The box, if it has one."""
        return None if self.head is None else self.head.box

    def take_focus(self) -> None:
        """Where reading begins."""
        target = self.tick or self.acts[0]
        target.setFocus(Qt.FocusReason.OtherFocusReason)


def _short(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:24]}…{name[-14:]}"


class GapRows(QWidget):
    """Three groups of items, then what the catalogue has beside them, then what fits nothing.

    ``said`` carries (settle, waive or reopen; GapLine; GapFile or None), ``changed`` comes with every tick.
    """

    said = Signal(str, object, object)
    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows: list[GapRow] = []
        self.rest: list[tuple[QCheckBox, GapItem]] = []
        self._loose: list[QPushButton] = []
        self._lines: QVBoxLayout = column(spacing=8)
        self.setLayout(self._lines)

    def show_lines(
        self,
        lines: Sequence[GapLine],
        rest: Sequence[GapItem],
        loose: Sequence[GapFile],
        ticked: Callable[[GapItem], bool],
    ) -> None:
        """Fills the list anew; ``ticked`` says which boxes are."""
        self._clear()
        for group in GapGroup:
            here = [line for line in lines if line.group is group]
            if group is GapGroup.HERE:
                self._show_loose(loose, [line for line in lines if line.item.is_open])
            if here:
                self._lines.addWidget(label(f"{_(group.value)} ({len(here)})", "section"))
            for line in here:
                made = GapRow(self._theme, line, self.said.emit, ticked=ticked(line.item))
                self._watch(made.tick)
                self._lines.addWidget(made)
                self.rows.append(made)
        if rest:
            self._lines.addWidget(label(_("Im Katalog der Leistung"), "section"))
        for item in rest:
            offer = Ticked(item, ticked=ticked(item))
            self._watch(offer.box)
            self._lines.addWidget(offer)
            self.rest.append((offer.box, item))

    def _clear(self) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.rows, self.rest, self._loose = [], [], []

    def _watch(self, box: QCheckBox | None) -> None:
        if box is not None:
            box.toggled.connect(lambda _on: self.changed.emit())

    def _show_loose(self, loose: Sequence[GapFile], lines: Sequence[GapLine]) -> None:
        if loose:
            self._lines.addWidget(label(_("Eingegangen, noch nicht zugeordnet"), "section"))
        for file in loose:
            whole = QWidget()
            inside = WrappingRow((0, 0, 0, 0), 6, between=0)
            inside.addWidget(IconLabel(self._theme, "attach_file", "muted", 18))
            inside.addWidget(label(file.name, wrap=True))
            button = QPushButton(_("Passt zu …"))
            button.setProperty("kind", "flat")
            button.setAccessibleName(_("{file} passt zu …").format(file=file.name))
            menu = QMenu(button)
            for line in lines:
                act = menu.addAction(line.title.replace("&", "&&"))
                act.triggered.connect(
                    lambda _on=False, line=line, file=file: self.said.emit("settle", line, file)
                )
            button.setMenu(menu)
            inside.addWidget(button)
            whole.setLayout(inside)
            self._lines.addWidget(whole)
            self._loose.append(button)

    # reading

    @property
    def ticks(self) -> list[tuple[QCheckBox, GapItem]]:
        """Every box with its item, from top to bottom."""
        return [*((each.tick, each.line.item) for each in self.rows if each.tick is not None), *self.rest]

    def ticked(self) -> tuple[GapItem, ...]:
        """What the letter would name."""
        return tuple(item for box, item in self.ticks if box.isChecked())

    def current(self) -> GapRow | None:
        """The row that has the focus."""
        widget = QApplication.focusWidget()
        return next((each for each in self.rows if widget is not None and each.isAncestorOf(widget)), None)

    def focus(self, gap_id: str | None = None) -> bool:
        """Puts the focus on that item, else on the first; False when there is nothing to focus."""
        found = next((each for each in self.rows if each.line.item.gap_id == gap_id), None)
        first = found or (self.rows[0] if self.rows else None)
        if first is not None:
            first.take_focus()
        elif self.rest:
            self.rest[0][0].setFocus(Qt.FocusReason.OtherFocusReason)
        return first is not None or bool(self.rest)
