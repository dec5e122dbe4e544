"""What follows when a step on a case is done: say it, offer to take it back, go on to the next case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from clerk_app.domain.case import CaseRow
from clerk_app.domain.correspondence import QueuedLetter
from clerk_app.domain.decision import QueuedDecision, QueuedRequest
from clerk_app.domain.folder import DraftPlace, WaitingDraft
from clerk_app.domain.outbox import OutboxEntry, OutboxKind
from clerk_app.texts import _
from clerk_app.ui import labels
from clerk_app.ui.commands import Screen
from clerk_app.ui.dossier import Dossier
from clerk_app.ui.flow import next_case_id

if TYPE_CHECKING:
    from clerk_app.ui.desk_window import DeskWindow

#: So many cases are looked through for the next one.
_LOOKED_THROUGH = 500


class Finishing(QObject):
    """The end of each step, for one window."""

    def __init__(self, desk: DeskWindow) -> None:
        super().__init__(desk)
        self._desk = desk

    @Slot(object, object)
    def signed(self, dossier: Dossier, queued: QueuedDecision) -> None:
        """A decision is in the outbox."""
        name = dossier.case.row.applicant
        self._desk.flow.remember_sent(queued, _("Bescheid an {name}").format(name=name))
        template = _("Bescheid an {name} signiert – geht in {{left}} hinaus")
        if queued.channel is None:
            template = _("Bescheid an {name} signiert – wartet auf Druck und Post")
        self._offer_take_back(template.format(name=name), queued)
        self._advance(dossier)

    @Slot(object, object)
    def laid(self, dossier: Dossier, waiting: WaitingDraft) -> None:
        """A decision lies in the folder, or with a second clerk."""
        words = _("Bescheid an {name} liegt in der Unterschriftsmappe")
        if waiting.place is DraftPlace.REVIEW:
            words = _("Bescheid an {name} ist zur Mitzeichnung gegeben")
        self._desk.bench.say(words.format(name=dossier.case.row.applicant))
        self._advance(dossier)

    @Slot(object, object)
    def requested(self, dossier: Dossier, queued: QueuedRequest) -> None:
        """A request is in the outbox."""
        name = dossier.case.row.applicant
        self._desk.flow.remember_sent(queued, _("Nachforderung an {name}").format(name=name))
        template = _("Nachforderung an {name} – geht in {{left}} hinaus")
        if queued.channel is None:
            template = _("Nachforderung an {name} – wartet auf Druck und Post")
        self._offer_take_back(template.format(name=name), queued)
        self._advance(dossier)

    @Slot(object, object)
    def written(self, dossier: Dossier, queued: QueuedLetter) -> None:
        """A letter that asks sends the clerk on, as a request does; after any other the case goes on."""
        name, what = dossier.case.row.applicant, labels.letter(queued.kind)
        self._desk.flow.remember_sent(queued, _("{what} an {name}").format(what=what, name=name))
        template = _("{what} an {name} – geht in {{left}} hinaus")
        if queued.channel is None:
            template = _("{what} an {name} – wartet auf Druck und Post")
        self._offer_take_back(template.format(what=what, name=name), queued)
        if queued.asks:
            self._advance(dossier)
        elif self._desk.window.shown is Screen.LETTER:
            self._desk.leave_step()

    def _offer_take_back(self, template: str, queued: QueuedDecision | QueuedRequest | QueuedLetter) -> None:
        self._desk.window.toast.offer(template, _("Zurückholen (Strg+Z)"), queued.hold_until)

    def _advance(self, dossier: Dossier) -> None:
        """On to the next case that needs a look; back to the list when there is none."""
        if self._desk.window.shown not in (Screen.DECISION, Screen.REQUEST, Screen.LETTER):
            return
        found = next_case_id(self._rows_below(), dossier.case.row.case_id)
        on = found is not None and self._desk.came_from is Screen.REVIEW
        # the case at hand is still the one just done: the focus is placed when the next one has come
        self._desk.flow.show(None)
        self._desk.place_focus = on
        self._desk.window.show_screen(Screen.REVIEW if on else Screen.BROWSE)
        if found is not None:
            self._desk.list.select_case(found)
        if on:
            self._desk.review.show_place(self._desk.list.position(), self._desk.list.model.rowCount())
            self._desk.flow.open()
        else:
            self._desk.window.focus_list()

    def _rows_below(self) -> Iterator[CaseRow | None]:
        """The list below the case at hand, then from the top; read as far as somebody looks."""
        model, at = self._desk.list.model, self._desk.list.position()
        count = min(_LOOKED_THROUGH, model.rowCount())
        for place in (*range(at + 1, count), *range(min(at, count))):
            yield model.row_at(place)

    @Slot(object)
    def taken_back(self, entry: OutboxEntry) -> None:
        """An entry came back before it left the house."""
        words = _("Zurückgeholt: Der Bescheid hat das Haus nicht verlassen.")
        if entry.kind is OutboxKind.DOCUMENT_REQUEST:
            words = _("Zurückgeholt: Die Nachforderung hat das Haus nicht verlassen.")
        elif entry.kind is OutboxKind.LETTER:
            words = _("Zurückgeholt: Das Schreiben hat das Haus nicht verlassen.")
        self._desk.bench.say(words)
