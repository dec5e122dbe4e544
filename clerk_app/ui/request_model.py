"""The document request being written. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from clerk_app.domain.gaps import AskedBefore, GapItem, GapList, same_words
from clerk_app.domain.ids import CaseId
from clerk_app.texts import _, formats
from clerk_app.usecases.desk import Desk


@dataclass(frozen=True)
class RequestWish:
    """What is ticked and typed. ``due_on`` None takes the office's proposal."""

    case_id: CaseId
    items: tuple[GapItem | str, ...]
    due_on: date | None
    note: str = ""


@dataclass(frozen=True)
class RequestPreview:
    """A wish as the letter it would be. ``pdf`` is empty while nothing is asked for. ``before`` is what the
    clerk should know before sending."""

    wish: RequestWish
    pdf: bytes
    proposed_on: date
    before: AskedBefore = field(default_factory=AskedBefore)


def wished_items(ticked: Sequence[GapItem], typed: str) -> tuple[GapItem | str, ...]:
    """Ticked items, then the lines that were typed; blank and double ones fall away."""
    found: dict[str, GapItem | str] = {}
    for item in ticked:
        found.setdefault(same_words(item.text), item)
    for line in typed.splitlines():
        if text := " ".join(line.split()):
            found.setdefault(same_words(text), text)
    return tuple(found.values())


def ticked_at_first(item: GapItem, found: GapList, today: date) -> bool:
    """Whether the letter that is prepared names the item: everything that is missing, as soon as a letter is
    called for."""
    return item.is_open and found.item(item.gap_id) is not None and found.called_for(today)


def stand_words(found: GapList, today: date) -> str:
    """How things stand, and what was prepared for it."""
    if not found.open_items:
        return _("Es fehlt nichts.")
    if found.overdue(today) and found.answer_due_on is not None:
        words = _("Die Antwort war bis {day} erbeten. Die Erinnerung ist vorbereitet.")
        return words.format(day=formats.day(found.answer_due_on))
    if not found.called_for(today):
        if found.answer_due_on is None:
            return _("Alles, was fehlt, ist angefordert.")
        words = _("Alles, was fehlt, ist angefordert; die Antwort ist bis {day} erbeten.")
        return words.format(day=formats.day(found.answer_due_on))
    if any(item.left_out for item in found.open_items):
        return _("Eine Antwort ist da, etwas fehlt noch. Die nächste Nachforderung ist vorbereitet.")
    return _("Alles, was fehlt, ist für ein Schreiben angekreuzt.")


def preview_request(desk: Desk, wish: RequestWish) -> RequestPreview:
    """The letter as it would be sent. Raises ClerkError."""
    requesting = desk.requesting
    proposed = requesting.proposed_due_on(wish.case_id)
    if not wish.items:
        return RequestPreview(wish, b"", proposed)
    letter = requesting.preview(wish.case_id, wish.items, wish.due_on or proposed, note=wish.note)
    pdf = desk.letters.render(letter, requesting.clock.now())
    return RequestPreview(wish, pdf, proposed, requesting.asked_before(wish.case_id, wish.items))


def why_not_send(wish: RequestWish | None, today: date, *, sending: bool) -> str | None:
    """Why the request cannot be sent, or None."""
    if wish is None:
        return _("Es ist kein Vorgang ausgewählt.")
    if sending:
        return _("Die Nachforderung wird gerade in den Postausgang gelegt.")
    if not wish.items:
        return _("Bitte mindestens eine Unterlage ankreuzen oder eintragen.")
    if wish.due_on is not None and wish.due_on < today:
        return _("Die Frist {day} ist schon vorbei.").format(day=formats.day(wish.due_on))
    return None
