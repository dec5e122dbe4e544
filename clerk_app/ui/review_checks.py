"""Part "Prüfung": check points above, the form below; each scrolls by itself where room is short."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from clerk_app.domain.deadlines import DeadlineKind
from clerk_app.texts import formats, language
from clerk_app.texts.derivations import deadline_label
from clerk_app.ui.case_page import headed_forms
from clerk_app.ui.check_list import CheckList
from clerk_app.ui.dates_model import ground
from clerk_app.ui.dossier import Dossier
from clerk_app.ui.form_view import FormTree
from clerk_app.ui.reflow import FollowingColumn, ScrollingColumn
from clerk_app.ui.theme import Theme
from clerk_app.ui.widgets import column, hairline, label

_REMINDERS = frozenset({DeadlineKind.WARNING, DeadlineKind.FOLLOW_UP, DeadlineKind.MANUAL})
#: From this height on the form keeps half of the room; below, everything scrolls as one column.
_ROOMY = 300


class ReviewChecks(QWidget):
    """``below_checks`` is a column for what else is missing or wrong."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.checks = CheckList(theme)
        self.form = FormTree(theme)
        self.form.complaint_chosen.connect(self.checks.focus_on)
        self.form.setMinimumHeight(theme.px(140))
        self._deadline = label("", "muted", wrap=True)
        self.below_checks = column(spacing=8)
        self._upper = QWidget()
        upper = column(margins=(20, 12, 16, 8), spacing=8)
        upper.addWidget(self.checks)
        upper.addWidget(self._deadline)
        upper.addLayout(self.below_checks)
        self._upper.setLayout(upper)
        self._upper_scroll = FollowingColumn(self._upper)
        self._rule = hairline()
        inner = QWidget()
        lines = column()
        lines.addWidget(self._upper_scroll)
        lines.addWidget(self._rule)
        beside = column(margins=(20, 0, 0, 0))
        beside.addWidget(self.form)
        lines.addLayout(beside, 1)
        self._filler = QWidget()
        lines.addWidget(self._filler, 1)
        inner.setLayout(lines)
        whole = column()
        self._whole = ScrollingColumn(inner)
        whole.addWidget(self._whole)
        self.setLayout(whole)
        self._upper.installEventFilter(self)
        self._upper_scroll.followed.connect(self._bring_point)
        self._later = QTimer(self, singleShot=True, interval=0)  # the search bar takes its room first
        self._later.timeout.connect(self._bring_form)
        self.form.brought.connect(self._bring_form)
        self.form.brought.connect(self._later.start)

    def show_dossier(self, dossier: Dossier) -> None:
        """The whole case."""
        self.checks.show_checks(dossier.checks)
        self._deadline.setText(deadline_words(dossier))
        self._deadline.setVisible(bool(self._deadline.text()))
        shown = dossier.readable and any(form.groups for form in dossier.forms)
        self.form.setVisible(shown)
        self._filler.setVisible(not shown)
        if dossier.readable:
            self.form.show_forms(headed_forms(dossier))
            self.form.show_complaints(
                {
                    line.result.path: line.result.text.text(language())
                    for line in dossier.checks
                    if line.is_open and line.result.path
                }
            )

    def focus_content(self) -> None:
        """The first open check point, else the form."""
        if not self.checks.focus_open():
            self.form.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Shares the room anew when the check points changed."""
        if watched is self._upper and event.type() == QEvent.Type.LayoutRequest:
            self._share()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shares the room anew."""
        super().resizeEvent(event)
        self._share()
        if self.form.hit_at_hand:
            self._later.start()

    @Slot(QWidget)
    def _bring_point(self, focused: QWidget) -> None:
        self._whole.ensureWidgetVisible(focused, 0, 12)

    @Slot()
    def _bring_form(self) -> None:
        """Where everything scrolls as one column, the line the form went to comes into sight with it."""
        inner = self._whole.widget()
        if inner is None or not self.form.isVisible():
            return
        self._whole.verticalScrollBar().setValue(self.form.mapTo(inner, QPoint(0, 0)).y())
        self.form.show_current()

    def _share(self) -> None:
        """The check points take what they need, but leave the form half of a roomy page."""
        layout = self._upper.layout()
        if layout is None:
            return
        roomy = self.height() >= self._theme.px(_ROOMY)
        bar = Qt.ScrollBarPolicy
        self._upper_scroll.setVerticalScrollBarPolicy(
            bar.ScrollBarAsNeeded if roomy else bar.ScrollBarAlwaysOff
        )
        # in one column the form, once reached, has all the room there is
        self.form.setMinimumHeight(max(self._theme.px(140), 0 if roomy else self.height()))
        needed = max(0, layout.totalMinimumHeightForWidth(self._whole.viewport().width()))
        self._upper_scroll.setFixedHeight(min(needed, round(self.height() * 0.5)) if roomy else needed)


def deadline_words(dossier: Dossier) -> str:
    """The most urgent deadline with its sum; a reminder only where there is none."""
    if not dossier.deadlines:
        return ""
    deadline = min(dossier.deadlines, key=lambda each: (each.kind in _REMINDERS, each.due_on))
    return f"{deadline_label(deadline.kind)} {formats.weekday_day(deadline.due_on)}: {ground(deadline)}"
