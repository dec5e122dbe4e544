"""Auswahl: several cases of a list at once. What is chosen, how many, and marking them read or unread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from clerk_app.domain.case import CaseStatus
from clerk_app.domain.ids import CaseId
from clerk_app.texts import N_, _, formats, ngettext
from clerk_app.ui.commands import Command, Menu, Scope, Screen
from clerk_app.ui.message_bar import announce
from clerk_app.ui.undo import Undoable

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow

MOST_AT_ONCE = 1_000
_CASE = frozenset({Screen.BROWSE, Screen.REVIEW})
_CAN_BE_UNREAD = frozenset({CaseStatus.NEW, CaseStatus.IN_REVIEW, CaseStatus.ANSWERED})
_ANNOUNCE_AFTER_MS = 300  # who holds Shift and walks hears the rows first, then how many they are


class SelectionSteps(QObject):
    """What the clerk has chosen, wherever cases are listed. One case: the one at hand."""

    def __init__(self, desk: DeskWindow) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._told = 1
        self._quiet = QTimer(self, singleShot=True, interval=_ANNOUNCE_AFTER_MS)
        self._quiet.timeout.connect(self._announce)

    def begin(self) -> None:
        """Follows the list from now on."""
        desk = self._desk
        desk.window.commands.chosen = self.count
        desk.list.view.chosen_changed.connect(self._changed)
        desk.window.screen_shown.connect(self._changed)

    def commands(self) -> list[Command]:
        """Choosing, and what is only about looking."""
        return [
            Command(
                "list.choose_all",
                N_("Alle auswählen"),
                self.choose_all,
                Menu.EDIT,  # Ctrl+A is each table's own: a key of the window would take it from them
                reason=self._why_no_list,
                screens=frozenset({Screen.BROWSE}),
            ),
            Command(
                "case.unread",
                N_("Als &ungelesen kennzeichnen"),
                lambda: self.mark(unread=True),
                Menu.CASE,
                ("Ctrl+U",),
                "mark_email_unread",
                self.why_not_unread,
                _CASE,
                scope=Scope.MANY,
            ),
            Command(
                "case.seen",
                N_("Als gelesen kennzeichnen"),
                lambda: self.mark(unread=False),
                Menu.CASE,
                ("Ctrl+Shift+U",),
                "check",
                self.why_not_seen,
                _CASE,
                scope=Scope.MANY,
            ),
        ]

    # what is chosen

    def count(self) -> int:
        """How many cases a command would act on."""
        desk = self._desk
        if desk.window.shown is Screen.BROWSE:
            return max(1, desk.list.view.chosen_count())
        if desk.window.shown is Screen.TRIAGE:
            return max(1, len(desk.triage.selected()))
        return 1

    def case_ids(self) -> list[CaseId]:
        """The chosen cases from top to bottom, at most ``MOST_AT_ONCE``; a single one is the case at hand."""
        desk = self._desk
        if self.count() > 1:
            if desk.window.shown is Screen.TRIAGE:
                return list(desk.triage.selected())
            return [each.case_id for each in desk.list.chosen(MOST_AT_ONCE)]
        return [desk.flow.row.case_id] if desk.flow.row is not None else []

    def why_too_many(self) -> str | None:
        """Why what is chosen is too much for one step."""
        if self.count() <= MOST_AT_ONCE:
            return None
        words = _("Auf einmal gehen höchstens {n} Vorgänge. Bitte weniger auswählen.")
        return words.format(n=formats.number(MOST_AT_ONCE))

    def words(self) -> str:
        """How many are chosen; nothing for a single one."""
        count = self.count()
        if count < 2:
            return ""
        return ngettext("{n} Vorgang ausgewählt", "{n} Vorgänge ausgewählt", count).format(
            n=formats.number(count)
        )

    def choose_all(self) -> None:
        """Every case of the list."""
        self._desk.window.show_reading(False)
        self._desk.list.view.setFocus()
        self._desk.list.view.selectAll()

    def _why_no_list(self) -> str | None:
        return None if self._desk.list.model.rowCount() else _("Die Liste ist leer.")

    @Slot()
    def _changed(self) -> None:
        count = self.count()
        self._desk.window.status.show_chosen(self.words())
        if count != self._told:
            self._told = count
            self._desk.window.commands.refresh()
            self._quiet.start()

    @Slot()
    def _announce(self) -> None:
        if self._desk.window.shown is Screen.BROWSE:
            announce(self._desk.list.view, self.words() or _("1 Vorgang ausgewählt"))

    # read and unread

    def why_not_unread(self) -> str | None:
        """Why the mark cannot be set. Of several, those take it that can."""
        desk = self._desk
        if self.count() > 1:
            return self.why_too_many()
        found = desk.flow.row
        if found is None:
            return desk.flow.why_no_case()
        if found.unread or found.status not in _CAN_BE_UNREAD:
            return _("Nur ein Vorgang in Prüfung kann wieder als ungelesen gelten.")
        return None

    def why_not_seen(self) -> str | None:
        """Why the mark cannot be taken away."""
        desk = self._desk
        if self.count() > 1:
            return self.why_too_many()
        found = desk.flow.row
        if found is None:
            return desk.flow.why_no_case()
        if found.status is CaseStatus.QUARANTINED:
            return _("Der Vorgang liegt in der Quarantäne: Sein Inhalt steht nicht fest.")
        return None if found.unread else _("Der Vorgang ist schon gelesen.")

    def mark(self, *, unread: bool) -> None:
        """Marks what is chosen; one step to undo, however many they are."""
        desk, case_ids = self._desk, self.case_ids()
        name = desk.flow.row.applicant if desk.flow.row is not None else ""

        def done(was: Mapping[CaseId, CaseStatus]) -> None:
            if not was:
                desk.bench.say(_("Daran ändert sich nichts."))
                return
            whose = name
            if len(case_ids) > 1:
                words = ngettext("{n} Vorgang", "{n} Vorgänge", len(was))
                whose = words.format(n=formats.number(len(was)))
            step = _("Ungelesen: {name}") if unread else _("Gelesen: {name}")
            desk.flow.remember(
                Undoable(
                    step.format(name=whose),
                    lambda: desk.flow.act(lambda at: at.cases.unmark(was, unread=not unread)),
                    redo=lambda: desk.flow.act(lambda at: at.cases.mark(list(was), unread=unread)),
                )
            )
            if len(case_ids) > 1:
                step = (
                    _("Als ungelesen gekennzeichnet: {n}") if unread else _("Als gelesen gekennzeichnet: {n}")
                )
                desk.bench.say(step.format(n=whose))
            else:
                desk.bench.say(
                    _("Als ungelesen gekennzeichnet") if unread else _("Als gelesen gekennzeichnet")
                )

        desk.bench.worker.submit(lambda at: at.cases.mark(case_ids, unread=unread), done, desk.bench.fail)
