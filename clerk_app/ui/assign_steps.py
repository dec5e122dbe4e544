"""Whose case it is: take it, give it to somebody, cover for somebody, and take that back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QDialog, QDialogButtonBox, QLineEdit, QWidget

from clerk_app.domain.case import OPEN_STATUSES
from clerk_app.domain.ids import CaseId
from clerk_app.texts import N_, _, formats, ngettext
from clerk_app.ui.commands import Command, Menu, Scope, Screen
from clerk_app.ui.practice import add_practice_band
from clerk_app.ui.selection_steps import MOST_AT_ONCE
from clerk_app.ui.sidebar import Area
from clerk_app.ui.undo import Undoable
from clerk_app.ui.widgets import column, label
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.ports import CaseReads

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow

_CASE = frozenset({Screen.BROWSE, Screen.REVIEW})
_TRIAGE = frozenset({Screen.TRIAGE})


class AssignDialog(QDialog):
    """A name, with those who are known here offered. Empty: nobody."""

    def __init__(
        self,
        parent: QWidget,
        bench: Workbench,
        names: Sequence[str],
        what: str,
        *,
        question: str = "",
        action: str = "",
    ) -> None:
        """``question`` and ``action`` for another use than assigning: asking for a name."""
        super().__init__(parent)
        action = action or _("Zuweisen")
        self.setWindowTitle(action)
        self._names = {name.casefold(): name for name in names}
        self.name = QLineEdit()
        self.name.setMaxLength(80)
        completer = QCompleter(list(names), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)  # type, Enter
        self.name.setCompleter(completer)
        caption = label(question or _("Wer übernimmt?"))
        caption.setBuddy(self.name)
        self.name.setAccessibleName(caption.text())
        body = column(margins=(20, 16, 20, 16), spacing=8)
        body.addWidget(label(what, "section", wrap=True))
        body.addWidget(caption)
        body.addWidget(self.name)
        known = ", ".join(names)
        body.addWidget(label(_("Bekannt: {names}").format(names=known) if known else "", "muted", wrap=True))
        body.addWidget(label(_("Leer lassen: niemandem zugewiesen."), "muted", wrap=True))
        self.reason = QLineEdit()
        self.reason.setMaxLength(300)
        why = label(_("Grund, wenn der Vorgang von jemandem übernommen wird (freiwillig)"), wrap=True)
        why.setBuddy(self.reason)
        self.reason.setAccessibleName(why.text())
        if not question:
            body.addWidget(why)
            body.addWidget(self.reason)
        buttons = QDialogButtonBox()
        self.give = buttons.addButton(action, QDialogButtonBox.ButtonRole.AcceptRole)
        self.give.setProperty("kind", "primary")
        self.give.setDefault(True)
        buttons.addButton(_("Abbrechen"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        body.addWidget(buttons)
        layout = column()
        add_practice_band(layout, bench.office)
        layout.addLayout(body)
        self.setLayout(layout)
        self.setMinimumWidth(bench.theme.px(420))
        self.name.setFocus()

    def chosen(self) -> str | None:
        """Who takes over; a known name as it is known, however it was typed."""
        typed = " ".join(self.name.text().split())
        return self._names.get(typed.casefold(), typed) or None


class AssignSteps:
    """``dialog`` is the one that is open, for whoever drives the window."""

    def __init__(self, desk: DeskWindow) -> None:
        self._desk = desk
        self.dialog: AssignDialog | None = None

    def commands(self) -> list[Command]:
        """Taking and giving."""
        return [
            Command(
                "case.take",
                N_("Mir zuweisen"),
                self.take,
                Menu.CASE,
                icon="assignment_ind",
                reason=self.why_not_take,
                screens=_CASE | _TRIAGE,
                scope=Scope.MANY,
            ),
            Command(
                "case.unassign",
                N_("Niemandem zuweisen"),
                self.free,
                Menu.CASE,
                icon="group",
                reason=self.why_not_free,
                screens=_CASE | _TRIAGE,
                scope=Scope.MANY,
            ),
            Command(
                "case.assign",
                N_("Zuweisen …"),
                self.ask,
                Menu.CASE,
                ("Ctrl+Shift+A",),
                "group",
                self.why_not_assign,
                _CASE | _TRIAGE,
                scope=Scope.MANY,
            ),
            Command(
                "app.stand_in",
                N_("Vertretungen …"),
                self.show_stand_ins,
                Menu.TOOLS,
                icon="group",
            ),
            Command(
                "triage.table",
                N_("Verteilung als Tabelle"),
                self.show_table,
                Menu.VIEW,
                ("Ctrl+T",),
                "table",
                screens=_TRIAGE,
            ),
            Command(
                "list.person",
                N_("Vorgänge einer Person zeigen …"),
                self.ask_whose,
                Menu.CASE,
                icon="group",
            ),
            Command(
                "list.assign",
                N_("Ganze Liste zuweisen …"),
                self.ask_list,
                Menu.CASE,
                icon="group",
                reason=self.why_not_list,
                screens=frozenset({Screen.BROWSE}),
            ),
        ]

    # reasons

    def why_not_assign(self) -> str | None:
        """Why what is chosen cannot be given to anybody."""
        choosing = self._desk.choosing
        return choosing.why_too_many() if choosing.count() > 1 else self._desk.flow.why_not_readable()

    def why_not_take(self) -> str | None:
        """Why the case cannot become mine."""
        if self._desk.choosing.count() > 1:
            return self.why_not_assign()
        row = self._desk.flow.row
        if row is not None and row.assigned_to == self._desk.bench.office.actor:
            return _("Der Vorgang ist Ihnen schon zugewiesen.")
        return self._desk.flow.why_not_readable()

    def why_not_list(self) -> str | None:
        """Why the list cannot be given to somebody as a whole."""
        count = self._desk.list.model.rowCount()
        if count == 0:
            return _("Die Liste ist leer.")
        if count > MOST_AT_ONCE:
            words = _("Auf einmal gehen höchstens {n} Vorgänge. Bitte die Liste eingrenzen.")
            return words.format(n=formats.number(MOST_AT_ONCE))
        return None

    # acts

    def take(self) -> None:
        """What is at hand becomes mine."""
        self.give(self._desk.choosing.case_ids(), self._desk.bench.office.actor)

    def free(self) -> None:
        """What is at hand is nobody's any more."""
        self.give(self._desk.choosing.case_ids(), None)

    def ask(self) -> None:
        """Asks who takes what is at hand."""
        row, case_ids = self._desk.flow.row, self._desk.choosing.case_ids()
        if row is None or not case_ids:
            return
        what = f"{row.service}: {row.applicant}"
        if len(case_ids) > 1:
            count = len(case_ids)
            words = ngettext("{n} Vorgang", "{n} Vorgänge", count)
            what = words.format(n=formats.number(count))
        self._ask(case_ids, what)

    def why_not_free(self) -> str | None:
        """Why there is nobody to take it from."""
        if self._desk.choosing.count() > 1:
            return self.why_not_assign()
        row = self._desk.flow.row
        if row is not None and row.assigned_to is None:
            return _("Der Vorgang ist niemandem zugewiesen.")
        return self._desk.flow.why_not_readable()

    def show_stand_ins(self) -> None:
        """Who stands in for whom, until when."""
        from clerk_app.ui.stand_in_dialog import StandInDialog

        names = self._desk.bench.reads.actors()
        StandInDialog(self._desk.window, self._desk.bench, names).open()

    def show_table(self) -> None:
        """The board's search among open cases, as a table."""
        desk, text = self._desk, self._desk.triage.text
        desk.show_area(Area.OPEN)
        if not desk.list.table:
            desk.list.looks.toggle_table()
        desk.list.search_for(text)

    def ask_list(self) -> None:
        """Asks who takes everything the list shows."""
        desk, query = self._desk, self._desk.list.query()

        def read(reads: CaseReads) -> list[CaseId]:
            rows = reads.rows(reads.ids(query)[:MOST_AT_ONCE])
            return [row.case_id for row in rows if row.status in OPEN_STATUSES]

        def found(case_ids: list[CaseId]) -> None:
            count = len(case_ids)
            words = ngettext("{n} offener Vorgang", "{n} offene Vorgänge", count)
            self._ask(case_ids, words.format(n=formats.number(count)))

        desk.bench.queries.submit(read, found, desk.bench.fail)

    def ask_whose(self) -> None:
        """Asks whose cases to list: to cover for somebody, say."""
        desk = self._desk

        def known(names: Sequence[str]) -> None:
            dialog = AssignDialog(
                desk.window,
                desk.bench,
                names,
                _("Offene Vorgänge einer Person, zum Beispiel bei Vertretung"),
                question=_("Wessen Vorgänge?"),
                action=_("Zeigen"),
            )
            self.dialog = dialog
            dialog.accepted.connect(lambda: show(dialog.chosen()))
            dialog.finished.connect(self._closed)
            dialog.open()

        def show(name: str | None) -> None:
            desk.show_area(Area.OPEN)
            desk.list.search_for("person:niemand" if name is None else f'person:"{name}"')

        desk.bench.queries.submit(lambda reads: reads.actors(), known, desk.bench.fail)

    def _ask(self, case_ids: Sequence[CaseId], what: str) -> None:
        desk = self._desk

        def known(names: Sequence[str]) -> None:
            dialog = AssignDialog(desk.window, desk.bench, names, what)
            self.dialog = dialog
            dialog.accepted.connect(lambda: self.give(case_ids, dialog.chosen(), dialog.reason.text()))
            dialog.finished.connect(self._closed)
            dialog.open()

        desk.bench.queries.submit(lambda reads: reads.actors(), known, desk.bench.fail)

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def give(self, case_ids: Sequence[CaseId], to: str | None, reason: str = "") -> None:
        """Gives cases to somebody; one step to undo, however many they are."""
        desk = self._desk

        def done(was: dict[CaseId, str | None]) -> None:
            if not was:
                desk.bench.say(_("Daran ändert sich nichts."))
                return
            name = _("Zuweisung an {name}").format(name=to or _("niemanden"))
            if len(was) > 1:
                count = ngettext("{n} Vorgang", "{n} Vorgänge", len(was)).format(n=formats.number(len(was)))
                name = f"{name} ({count})"
            again = dict.fromkeys(was, to)
            desk.flow.remember(
                Undoable(
                    name,
                    lambda: desk.flow.act(lambda at: at.cases.reassign(was)),
                    redo=lambda: desk.flow.act(lambda at: at.cases.reassign(again)),
                )
            )
            desk.bench.say(_("{step} · Strg+Z nimmt es zurück").format(step=name))

        desk.bench.worker.submit(lambda at: at.cases.assign(case_ids, to, reason), done, desk.bench.fail)
