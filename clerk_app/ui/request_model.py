"""The document request being written. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clerk_app.domain.ids import CaseId
from clerk_app.texts import _, formats
from clerk_app.usecases.desk import Desk


@dataclass(frozen=True)
class RequestWish:
    """What is ticked and typed. ``due_on`` None takes the office's proposal."""

    case_id: CaseId
    items: tuple[str, ...]
    due_on: date | None


@dataclass(frozen=True)
class RequestPreview:
    """A wish as the letter it would be. ``pdf`` is empty while nothing is asked for."""

    wish: RequestWish
    pdf: bytes
    proposed_on: date


def typed_items(ticked: Sequence[str], typed: str) -> tuple[str, ...]:
    """Ticked items, then the lines that were typed; blank and double ones fall away."""
    found = [*ticked, *(" ".join(line.split()) for line in typed.splitlines())]
    return tuple(dict.fromkeys(item for item in found if item))


def preview_request(desk: Desk, wish: RequestWish) -> RequestPreview:
    """The letter as it would be sent. Raises ClerkError."""
    requesting = desk.requesting
    proposed = requesting.proposed_due_on(wish.case_id)
    if not wish.items:
        return RequestPreview(wish, b"", proposed)
    letter = requesting.preview(wish.case_id, wish.items, wish.due_on or proposed)
    return RequestPreview(wish, desk.letters.render(letter, requesting.clock.now()), proposed)


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
