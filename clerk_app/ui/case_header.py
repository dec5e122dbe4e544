"""The head of a case: service, status, reference, arrival, due date, reminder."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from clerk_app.domain.case import CaseRow
from clerk_app.domain.gaps import GapList
from clerk_app.domain.ids import CaseId
from clerk_app.texts import _, formats
from clerk_app.texts.gap_words import pause_short
from clerk_app.ui import labels
from clerk_app.ui.commands import tooltip
from clerk_app.ui.reflow import WrappingRow
from clerk_app.ui.widgets import Badge, ElidedLabel, column, label, restyle, row
from clerk_app.ui.workbench import Workbench


class CaseHeader(QWidget):
    """Two lines about one case. With ``person`` the applicant stands at the beginning of the second."""

    def __init__(self, bench: Workbench, *, person: bool) -> None:
        super().__init__()
        self._bench = bench
        self._person = ElidedLabel() if person else None
        self.title = ElidedLabel("title")
        self._badge = Badge()
        self._double = Badge()
        self._reference = label(selectable=True)
        self._arrival = label("", "muted")
        self._due = label()
        self._reminder = label()
        self._pause = label("", "muted")
        self._whose = label("", "muted")
        self._present = label("", "info")
        bench.bridge.presence_changed.connect(self._show_present)
        self._shown: CaseId | None = None
        first = self._first = row(spacing=10)
        first.addWidget(self.title)
        first.addWidget(self._badge)
        first.addWidget(self._double)
        first.addStretch(1)
        second = WrappingRow((0, 0, 0, 0), 18, between=4)
        if self._person is not None:
            second.addWidget(self._person)
        for part in (
            self._reference,
            self._arrival,
            self._due,
            self._pause,
            self._reminder,
            self._whose,
            self._present,
        ):
            second.addWidget(part)
        layout = column(spacing=4)
        layout.addLayout(first)
        layout.addLayout(second)
        self.setLayout(layout)

    def put_aside(self, widget: QWidget) -> None:
        """Something small at the end of the first line."""
        self._first.addWidget(widget)

    def show_double(self, words: str) -> None:
        """A quiet hint that another open case may be the same application; no words hide it."""
        self._double.show_word(words, "neu")
        self._double.setToolTip(tooltip(_("Siehe Bezüge in der Prüfansicht (Alt+3)."), None) if words else "")

    def show_row(self, found: CaseRow) -> None:
        """Shows one case."""
        today = self._bench.today()
        if found.case_id != self._shown:
            self._shown = found.case_id
            self._pause.hide()
        self._show_present()
        self.title.set_full_text(found.service)
        word, role = labels.status(found.status)
        self._badge.show_word(word, role)
        if self._person is not None:
            self._person.set_full_text(found.applicant or _("Name unbekannt"))
        other = found.assigned_to not in (None, self._bench.office.actor)
        self._whose.setText(_("bei {name}").format(name=found.assigned_to) if other else "")
        self._whose.setVisible(other)
        self._reference.setText(_("Az {reference}").format(reference=found.case_reference))
        arrival = _("Eingang {moment} · {portal}")
        self._arrival.setText(arrival.format(moment=formats.moment(found.arrived_at), portal=found.portal))
        words, icon, due_role = labels.due(found, today)
        if words and not icon and found.due_on is not None:
            words = _("Frist {day} ({days})").format(
                day=formats.day(found.due_on), days=labels.days_left(found.due_on, today)
            )
        self._due.setText(words)
        restyle(self._due, "role", due_role if icon else "")
        self._due.setVisible(bool(words))
        reminded, on, remind_role = labels.reminder(found, today)
        self._reminder.setText(f"{reminded} {on}".strip())
        restyle(self._reminder, "role", remind_role)
        self._reminder.setVisible(bool(reminded))

    @Slot()
    def _show_present(self) -> None:
        """Who else has the case open just now. Only a hint: nothing is locked by it."""
        presence = self._bench.shell.presence
        names = presence.others(self._shown) if presence is not None and self._shown is not None else ()
        self._present.setText(_("gerade geöffnet von {names}").format(names=", ".join(names)))
        self._present.setVisible(bool(names))

    def show_gaps(self, found: GapList) -> None:
        """Whether the office's target stands, beside the deadline."""
        words = pause_short(found, self._bench.today())
        self._pause.setText(words)
        self._pause.setVisible(bool(words))
