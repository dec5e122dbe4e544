"""Words about service packages: what a rehearsal finds, where a package came from."""

from __future__ import annotations

from collections.abc import Mapping

from clerk_app.domain.differences import ChangeKind
from clerk_app.domain.package import PackageSource
from clerk_app.domain.rehearsal import PictureArea
from clerk_app.texts.catalogue import N_
from clerk_app.texts.catalogue import gettext as _

_AREAS: Mapping[PictureArea, str] = {
    PictureArea.CHECK: N_("Prüfpunkte"),
    PictureArea.DEADLINE: N_("Fristen"),
    PictureArea.EVIDENCE: N_("Nachweise"),
    PictureArea.GAP: N_("Was fehlt"),
    PictureArea.REQUEST: N_("Nachforderung"),
    PictureArea.DECISION: N_("Bescheide"),
    PictureArea.DUTY: N_("Signatur, Mitzeichnung, Anhörung"),
}
_KINDS: Mapping[ChangeKind, str] = {
    ChangeKind.ADDED: N_("neu"),
    ChangeKind.REMOVED: N_("entfällt"),
    ChangeKind.CHANGED: N_("geändert"),
}
_SOURCES: Mapping[PackageSource, str] = {
    PackageSource.BUNDLED: N_("mitgeliefert"),
    PackageSource.FILE: N_("eingespielt"),
}


def area_label(area: PictureArea) -> str:
    """What a change is about."""
    return _(_AREAS[area])


def change_label(kind: ChangeKind) -> str:
    """How something differs."""
    return _(_KINDS[kind])


def source_label(source: PackageSource) -> str:
    """Where a package came from."""
    return _(_SOURCES[source])
