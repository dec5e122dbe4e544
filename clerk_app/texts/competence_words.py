"""Who is competent and what became of a forwarded case, in words: one set for window and command line."""

from __future__ import annotations

from collections.abc import Mapping

from clerk_app.domain.case import CaseFile, CaseStatus
from clerk_app.domain.competence import Competence, CompetenceReason, Proposal
from clerk_app.texts import N_, _, formats

_REASONS: Mapping[CompetenceReason, str] = {
    CompetenceReason.POSTCODE: N_("Postleitzahl im Antrag: {detail}"),
    CompetenceReason.PLACE: N_("Ort im Antrag: {detail}"),
    CompetenceReason.SIMILAR_PLACE: N_("ähnlicher Ort im Antrag: {detail}"),
}


def reason_words(proposal: Proposal) -> str:
    """Why an authority is proposed."""
    return _(_REASONS[proposal.reason]).format(detail=proposal.detail)


def competence_words(found: Competence, own: str) -> str:
    """Whether this office is competent, as far as the form shows."""
    if found.ours:
        return _("{office} ({place})").format(office=own, place=found.place)
    if found.proposals:
        first = found.proposals[0]
        return _("wohl {office} ({reason})").format(office=first.office.name, reason=reason_words(first))
    if found.ours is False:
        return _("wohl nicht diese Stelle ({place}); im Verzeichnis steht keine andere").format(
            place=found.place
        )
    if found.place:
        return _("unklar: {place} ist nicht sicher einzuordnen").format(place=found.place)
    return _("unklar: Im Antrag steht kein Ort.")


def forwarded_words(case: CaseFile) -> str:
    """What became of a forwarded case; empty for one that is this office's."""
    forwarded = case.forwarded
    if forwarded is None:
        return ""
    told = _("Am {day} an {office} abgegeben, erster Eingang am {first}.").format(
        day=formats.day(forwarded.at),
        office=forwarded.office.name,
        first=formats.day(forwarded.first_received_on),
    )
    if case.row.status is CaseStatus.ANSWERED:
        return f"{told} " + _("Seitdem ist Neues eingegangen: Es muss dorthin nachgereicht werden.")
    if forwarded.handed_over_at is None:
        return f"{told} " + _("Die Unterlagen sind noch nicht übergeben.")
    return f"{told} " + _("Unterlagen übergeben am {day}.").format(day=formats.day(forwarded.handed_over_at))
