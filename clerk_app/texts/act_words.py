"""Kinds of acts in one or two words, for summaries."""

from __future__ import annotations

from collections.abc import Mapping

from clerk_app.domain.ledger import ActKind
from clerk_app.texts.catalogue import N_
from clerk_app.texts.catalogue import gettext as _

_WORDS: Mapping[str, str] = {
    ActKind.OPENED.value: N_("angesehen"),
    ActKind.ASSIGNED.value: N_("Zuständigkeit geändert"),
    ActKind.NOTED.value: N_("Vermerk"),
    ActKind.CHECKED.value: N_("Prüfpunkt beurteilt"),
    ActKind.DRAFTED.value: N_("Entwurf gespeichert"),
    ActKind.LETTER_DRAFTED.value: N_("Entwurf gespeichert"),
    ActKind.QUEUED.value: N_("in den Postausgang gelegt"),
    ActKind.MOVED.value: N_("Versand"),
    ActKind.FORWARDED.value: N_("abgegeben"),
    ActKind.FOLDER_ADDED.value: N_("in die Unterschriftsmappe gelegt"),
    ActKind.REVIEW_SUBMITTED.value: N_("zur Mitzeichnung gegeben"),
    ActKind.REVIEW_RELEASED.value: N_("mitgezeichnet"),
    ActKind.REVIEW_RETURNED.value: N_("zurückgegeben"),
    ActKind.DATE_SET.value: N_("Termin eingetragen"),
    ActKind.GAP_SETTLED.value: N_("Fehlendes beurteilt"),
}


def act_word(kind: str) -> str:
    """The word; ``Sonstiges`` for what needs none of its own."""
    return _(_WORDS[kind]) if kind in _WORDS else _("Sonstiges")
