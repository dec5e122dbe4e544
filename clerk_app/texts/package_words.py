"""Words about service packages: what a rehearsal finds, where a package came from."""

from __future__ import annotations

from collections.abc import Mapping

from clerk_app.domain.differences import ChangeKind
from clerk_app.domain.package import PackageSource
from clerk_app.domain.rehearsal import PictureArea, RehearsedChange
from clerk_app.texts.catalogue import N_, language
from clerk_app.texts.catalogue import gettext as _

_LONGEST_SHOWN = 400
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


def change_lines(change: RehearsedChange) -> list[str]:
    """A change as lines: what it is about, then what goes (-) and what comes (+)."""
    head = f"{area_label(change.area)} · {change.label.text(language())} · {change_label(change.kind)}"
    lines = [f"  {head}"]
    for mark, text, other in (("-", change.before, change.after), ("+", change.after, change.before)):
        lines += [f"    {mark} {line}" for line in _only_in(text, other)]
    return lines


def _only_in(text: str, other: str) -> list[str]:
    """Of a letter only the lines that are not in both: whoever rehearses looks for what is different."""
    known = set(other.splitlines())
    lines = [line for line in text.splitlines() if line.strip() and line not in known]
    return [line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}…" for line in lines]
