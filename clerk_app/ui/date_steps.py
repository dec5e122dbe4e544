"""The commands around deadlines: set a follow-up, enter a day, mark as done, open the case, save the log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from clerk_app.domain.case_dates import DateKind, DueLine
from clerk_app.domain.ids import CaseId
from clerk_app.texts import N_, _, formats
from clerk_app.ui.commands import Command, Menu, Screen

if TYPE_CHECKING:
    from clerk_app.ui.date_dialog import DateDialog
    from clerk_app.ui.desk_window import DeskWindow

_DATES = frozenset({Screen.DATES})
_CASE_OR_DATES = frozenset({Screen.BROWSE, Screen.REVIEW, Screen.DATES})
_AHEAD = timedelta(days=7)


class DateSteps:
    """What the window does with days. ``dialog`` is the one that is open, for whoever drives the window."""

    def __init__(self, desk: DeskWindow) -> None:
        self._desk = desk
        self.dialog: DateDialog | None = None

    def commands(self) -> list[Command]:
        """Everything a clerk does with days."""
        return [
            Command(
                "dates.follow_up",
                N_("Wiedervorlage setzen …"),
                self.ask_follow_up,
                Menu.CASE,
                ("Ins",),
                "event",
                self.why_no_case,
                _CASE_OR_DATES,
            ),
            Command(
                "dates.enter",
                N_("Datum eintragen …"),
                self.ask_date,
                Menu.CASE,
                ("Ctrl+D",),
                "edit",
                self.why_no_case,
                _CASE_OR_DATES,
            ),
            Command(
                "dates.open",
                N_("Vorgang öffnen"),
                self.open_case,
                Menu.CASE,
                icon="edit_note",
                reason=self.why_no_case,
                screens=_DATES,
            ),
            Command(
                "dates.done",
                N_("Als erledigt vermerken"),
                lambda: self._with_line(self.done),
                Menu.CASE,
                ("Ctrl+Return", "Ctrl+Enter"),
                "check",
                self.why_no_reminder,
                _DATES,
                deciding=True,
            ),
            Command(
                "dates.remove",
                N_("Datum streichen"),
                lambda: self._with_line(self.remove),
                Menu.CASE,
                ("Del",),
                "remove",
                self.why_no_reminder,
                _DATES,
            ),
            Command(
                "dates.save",
                N_("Fristenbuch speichern …"),
                lambda: self._desk.dates.save_log(),  # noqa: PLW0108 - the page does not exist yet
                Menu.FILE,
                ("Ctrl+S",),
                "save",
                screens=_DATES,
            ),
        ]

    # which case, which line

    def case_id(self) -> CaseId | None:
        """The case a command is about."""
        if self._desk.window.shown is Screen.DATES:
            found = self._desk.dates.current_case_id()
            return None if found is None else CaseId(found)
        row = self._desk.flow.row
        return None if row is None else row.case_id

    def why_no_case(self) -> str | None:
        """Why there is no case to set a day in."""
        if self._desk.window.shown is not Screen.DATES:
            return self._desk.flow.why_not_readable()
        return None if self.case_id() is not None else _("Es ist keine Zeile ausgewählt.")

    def why_no_reminder(self) -> str | None:
        """Why the chosen line cannot be marked as done: it follows from the law."""
        line = self._desk.dates.current()
        if line is None:
            return _("Es ist keine Wiedervorlage ausgewählt.")
        if not line.deadline.date_id:
            return _("Diese Frist ergibt sich von selbst; erledigt wird sie durch Antwort oder Bescheid.")
        return None

    # acts

    def ask_follow_up(self) -> None:
        """Asks for the day of a follow-up."""
        self._ask(_("Wiedervorlage setzen"), (DateKind.FOLLOW_UP,), ahead=True)

    def ask_date(self) -> None:
        """Asks for a day of any kind; what can happen to a sent decision comes first when there is one."""
        sent = (DateKind.RECEIVED, DateKind.RETRIEVED, DateKind.UNDELIVERED, DateKind.UNINSTRUCTED)
        own = (DateKind.MANUAL, DateKind.WARNING, DateKind.COMPLETE, DateKind.EXTENSION)
        dossier = self._desk.flow.dossier
        decided = dossier is not None and dossier.decided and self._desk.window.shown is not Screen.DATES
        self._ask(_("Datum eintragen"), (*sent, *own) if decided else (*own, *sent), ahead=not decided)

    def done(self, case_id: CaseId, date_id: str) -> None:
        """A reminder was dealt with."""
        self._act(lambda desk: desk.dates.done(case_id, date_id), _("Als erledigt vermerkt."))

    def remove(self, case_id: CaseId, date_id: str) -> None:
        """Takes an entered day out."""
        self._act(lambda desk: desk.dates.remove(case_id, date_id), _("Gestrichen."))

    def done_here(self, date_id: str) -> None:
        """A reminder of the case at hand was dealt with."""
        if (case_id := self.case_id()) is not None:
            self.done(case_id, date_id)

    def remove_here(self, date_id: str) -> None:
        """Takes a day out of the case at hand."""
        if (case_id := self.case_id()) is not None:
            self.remove(case_id, date_id)

    def open_case(self) -> None:
        """The case of the chosen line, in its list."""
        case_id = self.case_id()
        if case_id is None:
            return
        self._desk.go_to_case(case_id)

    def _ask(self, title: str, kinds: Sequence[DateKind], *, ahead: bool) -> None:
        from clerk_app.ui.date_dialog import DateDialog

        case_id = self.case_id()
        if case_id is None:
            return
        bench = self._desk.bench
        on = bench.today() + _AHEAD if ahead else bench.today()
        dialog = DateDialog(self._desk.window, bench, title, kinds, on)
        self.dialog = dialog

        def accepted() -> None:
            wanted = dialog.wanted()
            words = _("Eingetragen: {day}").format(day=formats.weekday_day(wanted.on))
            self._act(lambda desk: desk.dates.enter(case_id, wanted.kind, wanted.on, wanted.text), words)

        def closed() -> None:
            self.dialog = None
            dialog.deleteLater()

        dialog.accepted.connect(accepted)
        dialog.finished.connect(closed)
        dialog.open()

    def _with_line(self, act: Callable[[CaseId, str], None]) -> None:
        line = self._desk.dates.current()
        if isinstance(line, DueLine) and line.deadline.date_id:
            act(line.row.case_id, line.deadline.date_id)

    def _act(self, work: Callable[..., object], said: str) -> None:
        self._desk.flow.act(work, lambda: self._desk.bench.say(said), again=False)
