"""Nothing typed is lost: the history of a form, and what was typed when the program broke off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from clerk_app.domain.decision import Outcome
from clerk_app.domain.typed import TypedPlace, TypedState
from clerk_app.texts import N_, _, formats, ngettext
from clerk_app.ui.commands import Command, Menu, Screen
from clerk_app.ui.draft_history import DraftHistory
from clerk_app.ui.undo import Undoable
from clerk_app.usecases.recovering import Recovered, recovered

if TYPE_CHECKING:
    from clerk_app.ui.decision_page import DecisionPage
    from clerk_app.ui.desk_window import DeskWindow
    from clerk_app.ui.letter_page import LetterPage
    from clerk_app.ui.request_page import RequestPage

_TYPING = frozenset({Screen.DECISION, Screen.LETTER, Screen.REQUEST})
_RUNNING = "running"


def place_words(place: TypedPlace) -> str:
    """What was being written."""
    words = {
        TypedPlace.DECISION: _("Bescheid"),
        TypedPlace.LETTER: _("Schreiben"),
        TypedPlace.REQUEST: _("Nachforderung"),
        TypedPlace.NOTE: _("Vermerk"),
    }
    return words[place]


class DraftSteps:
    """``dialog`` is the history that is open, for whoever drives the window."""

    def __init__(self, desk: DeskWindow) -> None:
        self._desk = desk
        self._found: list[Recovered] = []
        self._wanted: TypedState | None = None
        self.dialog: DraftHistory | None = None

    def commands(self) -> list[Command]:
        """The history of the form in front, and what was recovered."""
        return [
            Command(
                "draft.history",
                N_("Entwurfsverlauf …"),
                self.show_history,
                Menu.EDIT,
                ("Ctrl+H",),
                "history",
                screens=_TYPING,
            ),
            Command(
                "draft.recovered",
                N_("Wiederhergestellten Entwurf öffnen"),
                self.open_next,
                Menu.EDIT,
                ("Ctrl+Shift+H",),
                "history_edu",
                self.why_none_recovered,
            ),
        ]

    # history

    def show_history(self) -> None:
        """Reads the states of the form in front, then shows them."""
        desk, page = self._desk, self._page()
        found = page.typed_now()
        if found is None:
            return
        case_id, fields = found
        page.journal.keep()
        place = page.journal.place

        def read(states: Sequence[TypedState]) -> None:
            dialog = DraftHistory(
                desk.window, desk.bench, states, fields, lambda then: self._restore(then, fields)
            )
            self.dialog = dialog
            dialog.finished.connect(self._closed)
            dialog.open()

        desk.bench.worker.submit(lambda at: at.journal.states(case_id, place), read, desk.bench.fail)

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _restore(self, then: Mapping[str, object], now: Mapping[str, object]) -> None:
        page = self._page()
        page.restore(dict(then))
        self._desk.bench.say(_("Früherer Stand zurückgeholt (Strg+Z nimmt es zurück)"))
        self._desk.flow.remember(
            Undoable(
                _("Früherer Stand zurückgeholt"),
                lambda: page.restore(dict(now)),
                redo=lambda: page.restore(dict(then)),
            )
        )

    def _page(self) -> DecisionPage | LetterPage | RequestPage:
        desk = self._desk
        match desk.window.shown:
            case Screen.LETTER:
                return desk.letter
            case Screen.REQUEST:
                return desk.request
            case _:
                return desk.decision

    # after a crash

    def begin(self) -> None:
        """At start: when the last run broke off, what was typed then is offered."""
        desk = self._desk
        broke_off = desk.bench.settings.get(_RUNNING) is True
        desk.bench.settings.set(_RUNNING, True)
        desk.window.recovery.acted.connect(self.open_next)
        if broke_off:
            desk.bench.worker.submit(
                lambda at: list(recovered(at.journal, at.reads)), self._offer, desk.bench.fail
            )

    def end(self) -> None:
        """The window closes as it should."""
        self._desk.bench.settings.set(_RUNNING, False)

    def why_none_recovered(self) -> str | None:
        """Why there is nothing to open."""
        return None if self._found else _("Es wartet kein wiederhergestellter Entwurf.")

    def _offer(self, found: list[Recovered]) -> None:
        self._found = found
        desk = self._desk
        if not found:
            desk.window.recovery.show_words("info", "")
        else:
            first = found[0]
            words = _("Entwurf vom {moment} wiederhergestellt: {what}, {name}").format(
                moment=formats.moment(first.state.at),
                what=place_words(first.state.place),
                name=first.row.applicant,
            )
            if len(found) > 1:
                more = ngettext("und {n} weiterer", "und {n} weitere", len(found) - 1)
                words = f"{words}, {more.format(n=len(found) - 1)}"
            desk.window.recovery.show_words("info", f"{words}.", _("Öffnen"))
        desk.window.commands.refresh()

    def open_next(self) -> None:
        """The newest of them, with its words in place; the others go on being offered."""
        if not self._found:
            return
        first, *rest = self._found
        desk = self._desk
        self._wanted = first.state
        self._offer(rest)
        desk.go_to_case(first.row.case_id)
        self.take_dossier()

    def take_dossier(self) -> None:
        """The case was read: on to where it was typed."""
        state, dossier = self._wanted, self._desk.flow.dossier
        if state is None or dossier is None or dossier.case.row.case_id != state.case_id:
            return
        self._wanted = None
        desk = self._desk
        match state.place:
            case TypedPlace.DECISION:
                desk.decide(Outcome(str(state.fields.get("outcome", Outcome.GRANTED.value))))
            case TypedPlace.LETTER:
                desk.write()
            case TypedPlace.REQUEST:
                desk.ask()
            case TypedPlace.NOTE:
                desk.window.commands.run("case.note")
