"""Areas with their counts; collapses to a rail of icons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QLabel, QSizePolicy, QWidget

from clerk_app.domain.case import CaseStatus, CaseView, ViewCounts
from clerk_app.texts import N_, _, formats
from clerk_app.ui.commands import Screen, tooltip
from clerk_app.ui.reflow import FollowingColumn
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import column, label

WIDE, RAIL = 232, 56


class Area(StrEnum):
    """Bereich of the sidebar, in the order of the sidebar."""

    NEW = "new"
    MINE = "mine"
    OPEN = "open"
    REQUESTS = "requests"
    DATES = "dates"
    FOLDER = "folder"
    DECIDED = "decided"
    OUTBOX = "outbox"
    ARCHIVE = "archive"
    QUARANTINE = "quarantine"
    TRIAGE = "triage"
    STATISTICS = "statistics"


class Group(StrEnum):
    """What areas stand under; the value is the German source of its heading."""

    CASES = N_("VORGÄNGE")
    OUTWARD = N_("AUSGANG")
    OFFICE = N_("AMT")


@dataclass(frozen=True)
class AreaWords:
    """How an area looks and what it lists. ``view`` None is a page of its own, ``screen`` says which;
    ``number`` is its key with Ctrl."""

    text: str
    icon: str
    view: CaseView | None
    empty: str
    group: Group = Group.CASES
    screen: Screen = Screen.BROWSE
    number: int | None = None


AREAS: dict[Area, AreaWords] = {
    Area.NEW: AreaWords(
        N_("Neu"),
        "inbox",
        CaseView.NEW,
        N_("Nichts Neues. Sobald ein Antrag eingeht, steht er hier."),
        number=1,
    ),
    Area.MINE: AreaWords(
        N_("Meine Vorgänge"),
        "assignment_ind",
        CaseView.MINE,
        N_("Ihnen ist kein offener Vorgang zugewiesen."),
        number=2,
    ),
    Area.OPEN: AreaWords(
        N_("Offene Vorgänge"),
        "folder_open",
        CaseView.OPEN,
        N_("Alle Vorgänge sind entschieden."),
        number=3,
    ),
    Area.REQUESTS: AreaWords(
        N_("Nachforderungen"),
        "hourglass_empty",
        CaseView.REQUESTS,
        N_("Es wird auf keine Antwort gewartet."),
        number=4,
    ),
    Area.DATES: AreaWords(
        N_("Fristen"),
        "event",
        None,
        N_("In diesem Zeitraum ist nichts fällig."),
        screen=Screen.DATES,
        number=5,
    ),
    Area.FOLDER: AreaWords(
        N_("Unterschriftsmappe"),
        "approval",
        None,
        N_("Die Unterschriftsmappe ist leer."),
        Group.OUTWARD,
        Screen.FOLDER,
        6,
    ),
    Area.DECIDED: AreaWords(
        N_("Signiert, unterwegs"),
        "signature",
        CaseView.DECIDED,
        N_("Kein Bescheid ist unterwegs."),
        Group.OUTWARD,
    ),
    Area.OUTBOX: AreaWords(
        N_("Postausgang"), "outbox", None, N_("Der Postausgang ist leer."), Group.OUTWARD, Screen.OUTBOX, 7
    ),
    Area.ARCHIVE: AreaWords(
        N_("Archiv"),
        "archive",
        CaseView.ARCHIVE,
        N_("Noch ist kein Vorgang abgeschlossen."),
        Group.OUTWARD,
        number=9,
    ),
    Area.QUARANTINE: AreaWords(
        N_("Quarantäne"), "gpp_maybe", CaseView.QUARANTINE, N_("Alle Eingänge waren lesbar."), Group.OUTWARD
    ),
    Area.TRIAGE: AreaWords(
        N_("Verteilung"), "alt_route", None, N_("Nichts ist zu verteilen."), Group.OFFICE, Screen.TRIAGE
    ),
    Area.STATISTICS: AreaWords(
        N_("Auswertung"),
        "bar_chart",
        None,
        N_("Noch gibt es nichts auszuwerten."),
        Group.OFFICE,
        Screen.STATISTICS,
        8,
    ),
}
_ELSEWHERE = {
    CaseStatus.DECIDED: Area.DECIDED,
    CaseStatus.CLOSED: Area.ARCHIVE,
    CaseStatus.FORWARDED: Area.ARCHIVE,
    CaseStatus.QUARANTINED: Area.QUARANTINE,
}


def area_of(status: CaseStatus) -> Area:
    """The area that lists cases of this status."""
    return _ELSEWHERE.get(status, Area.OPEN)


class NavButton(QAbstractButton):
    """One line: icon, word, number. ``dotted``: on the rail a dot tells that there is something. ``named``:
    the text is somebody's own and is not translated."""

    def __init__(
        self, theme: Theme, text: str, icon: str, *, dotted: bool = False, named: bool = False
    ) -> None:
        super().__init__()
        self._theme = theme
        self._source, self._icon, self._dotted, self._named = text, icon, dotted, named
        self._count = 0
        self._rail = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.retranslate()

    def retranslate(self) -> None:
        """The word in the language in force."""
        self.setText(self._source if self._named else _(self._source))
        self.set_count(self._count)

    def set_count(self, count: int) -> None:
        """The number at the end of the line; 0 shows none."""
        self._count = count
        name = f"{self.text()}, {formats.number(count)}" if count else self.text()
        self.setAccessibleName(name)
        self.setToolTip(tooltip(name, None) if self._rail else "")
        self.update()

    def set_rail(self, rail: bool) -> None:
        """Icon only."""
        self._rail = rail
        self.set_count(self._count)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """A row of the sidebar, or a square of the rail."""
        if self._rail:
            return QSize(self._theme.px(RAIL - 16), self._theme.px(34))
        return QSize(self._theme.px(WIDE - 16), self._theme.px(32))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Shows the hover colour."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Ends the hover colour."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """See the class."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self.rect()
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selside" if self.isChecked() else "hover"))
            painter.drawRoundedRect(box, theme.px(4), theme.px(4))
        if self.isChecked() and theme.high_contrast:
            painter.setPen(QPen(theme.color("act"), 2))
            painter.drawRoundedRect(box.adjusted(4, 4, -4, -4), theme.px(4), theme.px(4))
        if self.isChecked() and not self._rail:
            bar = QRect(0, theme.px(8), 3, box.height() - theme.px(16))
            painter.fillRect(bar, theme.color("act"))
        self._paint_content(painter, box)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.px(4), theme.px(4))
        painter.end()

    def _paint_content(self, painter: QPainter, box: QRect) -> None:
        theme = self._theme
        checked = self.isChecked()
        picture = theme.pixmap(self._icon, "act" if checked else "text", 20)
        size = theme.px(20)
        left = (box.width() - size) // 2 if self._rail else theme.px(10)
        painter.drawPixmap(left, (box.height() - size) // 2, picture)
        if self._rail:
            if self._count and self._dotted:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("act"))
                dot = theme.px(6)
                painter.drawEllipse(left + size - dot // 2, (box.height() - size) // 2 - dot // 3, dot, dot)
            return
        font = theme.font(13, bold=checked)
        count = formats.number(self._count) if self._count else ""
        count_font = theme.font(12, bold=checked)
        used = QFontMetrics(count_font).horizontalAdvance(count)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.setFont(count_font)
        painter.setPen(theme.color("text" if checked else "muted"))
        painter.drawText(box.adjusted(0, 0, -theme.px(10), 0), middle | Qt.AlignmentFlag.AlignRight, count)
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        words = box.adjusted(theme.px(36), 0, -used - theme.px(18), 0)
        text = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, middle | Qt.AlignmentFlag.AlignLeft, text)


class Sidebar(QWidget):
    """The areas, one above the other, and what the clerk keeps. ``chosen`` carries the Area, ``view_chosen``
    the name of a kept view."""

    chosen = Signal(object)
    view_chosen = Signal(str)

    def __init__(self, theme: Theme, office_name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("area", "nav")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._office = label(office_name, "section", wrap=True)
        self._office.setContentsMargins(8, 0, 8, 0)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[Area, NavButton] = {}
        self._captions: dict[Group, QLabel] = {}
        self._views: dict[str, NavButton] = {}
        self._view_of = Area.NEW  # the list the marked view looks through
        self._lines = column(margins=(8, 14, 8, 8), spacing=2)
        self._lines.addWidget(self._office)
        self._view_lines = column(spacing=2)
        self._view_caption = label("", "caption")
        self._view_caption.setContentsMargins(8, 12, 0, 4)
        for group in Group:
            self._add_group(group)
            if group is Group.CASES:
                self._lines.addWidget(self._view_caption)
                self._lines.addLayout(self._view_lines)
        self._lines.addStretch(1)
        content = QWidget()
        content.setLayout(self._lines)
        scrolling = FollowingColumn(content)
        scrolling.setProperty("area", "nav")
        content.setProperty("area", "navlist")
        layout = column()
        layout.addWidget(scrolling)
        self.setLayout(layout)
        theme.changed.connect(self._resize)
        self._rail = False
        self._view_caption.hide()
        self.retranslate()
        self._resize()

    def _add_group(self, group: Group) -> None:
        self._captions[group] = caption = label("", "caption")
        caption.setContentsMargins(8, 12, 0, 4)
        self._lines.addWidget(caption)
        for area in Area:
            if AREAS[area].group is not group:
                continue
            words = AREAS[area]
            button = NavButton(self._theme, words.text, words.icon, dotted=area is Area.NEW)
            self._buttons[area] = button
            button.clicked.connect(self._clicked)
            self._group.addButton(button)
            self._lines.addWidget(button)

    def retranslate(self) -> None:
        """Words in the language in force. A view's name is the clerk's own."""
        for group, caption in self._captions.items():
            caption.setText(_(group.value))
        self._view_caption.setText(_("GEMERKTE ANSICHTEN"))
        for button in self._buttons.values():
            button.retranslate()

    def show_area(self, area: Area) -> None:
        """Marks the area that is shown."""
        self._buttons[area].setChecked(True)

    def area(self) -> Area:
        """The marked area; with a view, the one it looks through."""
        marked = next((area for area, button in self._buttons.items() if button.isChecked()), None)
        if marked is None:
            return self._view_of if self.view() is not None else Area.NEW
        return marked

    def view(self) -> str | None:
        """The marked view's name."""
        return next((name for name, button in self._views.items() if button.isChecked()), None)

    def show_view(self, name: str, area: Area) -> None:
        """Marks a kept view, which looks through ``area``."""
        if name in self._views:
            self._view_of = area
            self._views[name].setChecked(True)

    def show_views(self, names: Sequence[str]) -> None:
        """The kept views; the marked one stays marked while it is there, else its area is."""
        marked, area = self.view(), self.area()
        for button in self._views.values():
            self._group.removeButton(button)
            self._view_lines.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._views = {name: NavButton(self._theme, name, "bookmark", named=True) for name in names}
        for name, button in self._views.items():
            button.set_rail(self._rail)
            button.clicked.connect(lambda _on=False, name=name: self.view_chosen.emit(name))
            self._group.addButton(button)
            self._view_lines.addWidget(button)
            button.show()
        self._view_caption.setVisible(bool(names) and not self._rail)
        if marked in self._views:
            self.show_view(marked, area)
        elif marked is not None:
            self.show_area(area)

    def set_rail(self, rail: bool) -> None:
        """Icons only, or words and numbers."""
        self._rail = rail
        self._office.setVisible(not rail)
        for caption in self._captions.values():
            caption.setVisible(not rail)
        self._view_caption.setVisible(bool(self._views) and not rail)
        for button in (*self._buttons.values(), *self._views.values()):
            button.set_rail(rail)
        self._resize()

    def show_counts(self, counts: ViewCounts) -> None:
        """New numbers. The archive shows none: it only grows."""
        for area, button in self._buttons.items():
            view = AREAS[area].view
            if area is Area.OUTBOX:
                button.set_count(counts.outbox_waiting + counts.outbox_attention)
            elif area is Area.FOLDER:
                button.set_count(counts.drafts_waiting)
            elif area is Area.DATES:
                button.set_count(counts.due_today + counts.overdue + counts.reminded)
            elif view is not None and area is not Area.ARCHIVE:
                button.set_count(counts.by_view.get(view, 0))

    def focus_area(self) -> None:
        """Puts the focus on the marked area."""
        marked = self._group.checkedButton() or self._buttons[self.area()]
        marked.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _clicked(self) -> None:
        self.chosen.emit(self.area())

    @Slot()
    def _resize(self) -> None:
        self.setFixedWidth(self._theme.px(RAIL if self._rail else WIDE))
        for button in (*self._buttons.values(), *self._views.values()):
            button.updateGeometry()
            button.update()
