"""Why two cases belong together, in words: one set for window and command line."""

from __future__ import annotations

from collections.abc import Mapping

from clerk_app.domain.relations import COUNTED_UP_TO, Relation, RelationKind, TooCommon
from clerk_app.texts import N_, _
from clerk_app.texts.formats import day, number

_REASONS: Mapping[RelationKind, str] = {
    RelationKind.SAME_PERSON: N_("gleiche Person: {what}"),
    RelationKind.SAME_ATTACHMENT: N_("gleiche Anlage: {what}"),
    RelationKind.SAME_ORGANISATION: N_("gleiche Organisation: {what}"),
    RelationKind.SAME_ADDRESS: N_("gleiche Anschrift: {what}"),
    RelationKind.SAME_NAME: N_("gleicher Name, Geburtsdatum fehlt: {what}"),
}

_TOO_COMMON: Mapping[RelationKind, str] = {
    RelationKind.SAME_ATTACHMENT: N_("Anlage {what}: liegt in {number} Vorgängen, sagt also nichts aus."),
    RelationKind.SAME_ORGANISATION: N_("Organisation {what}: steht in {number} Vorgängen, sagt nichts aus."),
    RelationKind.SAME_ADDRESS: N_(
        "Anschrift {what}: mehrere Familien, {number} Vorgänge; sagt allein nichts aus."
    ),
    RelationKind.SAME_NAME: N_("Name {what}: haben hier mehrere, sagt ohne Geburtsdatum nichts aus."),
}


def relation_sentence(relation: Relation) -> str:
    """One reason, with what is shared as the other case writes it."""
    what = relation.detail
    if relation.birth_on is not None:
        what = _("{name}, geb. {day}").format(name=what, day=day(relation.birth_on))
    return _(_REASONS[relation.kind]).format(what=what)


def too_common_sentence(common: TooCommon) -> str:
    """Why something in common was not followed."""
    many = number(common.cases)
    if common.cases >= COUNTED_UP_TO:
        many = _("mindestens {number}").format(number=many)
    return _(_TOO_COMMON[common.kind]).format(what=common.detail, number=many)
