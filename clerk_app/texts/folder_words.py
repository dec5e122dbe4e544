"""Words of the signature folder and of the review, for window and command line."""

from __future__ import annotations

from collections.abc import Mapping

from clerk_app.domain.folder import DraftPlace, EndReason, PaperResult, PaperState
from clerk_app.texts.catalogue import N_
from clerk_app.texts.catalogue import gettext as _
from clerk_app.texts.errors import sentence_for

_PLACES: Mapping[DraftPlace, str] = {
    DraftPlace.REVIEW: N_("zur Mitzeichnung"),
    DraftPlace.FOLDER: N_("in der Unterschriftsmappe"),
    DraftPlace.SIGNED: N_("signiert"),
    DraftPlace.ENDED: N_("wieder Entwurf"),
}

_REASONS: Mapping[EndReason, str] = {
    EndReason.TAKEN_OUT: N_("herausgenommen"),
    EndReason.RETURNED: N_("ohne Freigabe zurückgegeben"),
    EndReason.CASE_CHANGED: N_("der Vorgang hat sich geändert"),
    EndReason.DRAFT_CHANGED: N_("der Entwurf wurde geändert"),
    EndReason.ALREADY_DECIDED: N_("über den Vorgang ist schon entschieden"),
    EndReason.ANOTHER_WAITS: N_("ein anderer Entwurf zum Vorgang wartete schon"),
}

_STATES: Mapping[PaperState, str] = {
    PaperState.SIGNED: N_("signiert"),
    PaperState.SKIPPED: N_("übersprungen"),
    PaperState.FAILED: N_("nicht signiert"),
    PaperState.NOT_REACHED: N_("nicht erreicht"),
}


def place_label(place: DraftPlace) -> str:
    """Where a fixed draft lies."""
    return _(_PLACES[place])


def end_reason_label(reason: EndReason | str | None) -> str:
    """Why a fixed draft is an ordinary one again. Unknown reasons (a newer version's) as they are."""
    try:
        return _(_REASONS[EndReason(str(reason))])
    except ValueError:
        return str(reason or "")


def paper_state_label(state: PaperState) -> str:
    """What became of one document of a signing run."""
    return _(_STATES[state])


def result_sentence(result: PaperResult) -> str:
    """What became of one document, and why."""
    words = paper_state_label(result.state)
    if result.code is not None:
        words = f"{words}: {sentence_for(result.code, result.params)}"
    if result.given_back is not None:
        again = _("Er ist wieder ein Entwurf.")
        words = f"{words} {again}"
    return words
