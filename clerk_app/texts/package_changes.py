"""What differs between two packages, in words."""

from __future__ import annotations

from collections.abc import Mapping

from clerk_app.domain.differences import ChangeKind
from clerk_app.domain.package_changes import PackageChange, PackagePart
from clerk_app.texts.catalogue import N_
from clerk_app.texts.catalogue import gettext as _

_LONGEST = 160
_PARTS: Mapping[PackagePart, str] = {
    PackagePart.MANIFEST: N_("Paket"),
    PackagePart.SCHEMA: N_("Datenschema"),
    PackagePart.PROCEDURE: N_("Verfahren"),
    PackagePart.DEADLINES: N_("Fristen"),
    PackagePart.LEGAL_BASIS: N_("Rechtsgrundlage"),
    PackagePart.VIEW: N_("Formularansicht"),
    PackagePart.LABEL: N_("Bezeichnung"),
    PackagePart.GROUP: N_("Gruppe"),
    PackagePart.FORMAT: N_("Darstellung"),
    PackagePart.VALUE: N_("Wertbezeichnung"),
    PackagePart.PERSON: N_("Angaben zur Person"),
    PackagePart.CHECK: N_("Prüfpunkt"),
    PackagePart.RULE: N_("Regel"),
    PackagePart.EVIDENCE: N_("Nachweis"),
    PackagePart.TEMPLATE: N_("Vorlage"),
    PackagePart.NOTICE: N_("Schreiben"),
    PackagePart.BLOCK: N_("Textbaustein"),
    PackagePart.FEE: N_("Gebühr"),
    PackagePart.LIST: N_("Werteliste"),
    PackagePart.NUMBER: N_("Zahl"),
    PackagePart.SAMPLE: N_("Beispiel"),
    PackagePart.FILE: N_("Datei"),
}
#: Keys of the format as a reader calls them; others stand as they are written.
_FIELDS: Mapping[str, str] = {
    "title": N_("Bezeichnung"),
    "rule": N_("Regel"),
    "when": N_("Bedingung"),
    "ok": N_("Text, wenn in Ordnung"),
    "warning": N_("Hinweis"),
    "advice": N_("was zu tun ist"),
    "ask": N_("Satz der Nachforderung"),
    "evidence": N_("Nachweis"),
    "request": N_("Text der Nachforderung"),
    "keywords": N_("Stichwörter"),
    "required": N_("verlangt"),
    "subject": N_("Betreff"),
    "operative": N_("Tenor"),
    "reasons": N_("Begründung"),
    "notes": N_("Hinweise am Ende"),
    "opening": N_("Anfang"),
    "with_due": N_("Satz zur Frist"),
    "closing": N_("Schluss"),
    "legal_basis": N_("Rechtsgrundlagen"),
    "fees": N_("Gebühren"),
    "text": N_("Text"),
    "euros": N_("Euro"),
    "basis": N_("Grundlage"),
    "valid_from": N_("gilt ab"),
    "valid_until": N_("gilt bis vor"),
    "assumed": N_("angenommen"),
    "values": N_("Werte"),
    "value": N_("Wert"),
    "outcome": N_("Ergebnis"),
    "hearing": N_("Anhörung"),
}


def change_line(change: PackageChange) -> str:
    """One difference as one line: what, where in it, from what to what."""
    what = f"{_(_PARTS[change.part])} „{change.name.strip()}“"
    if change.field:
        key, _dot, rest = change.field.partition(".")
        field = _(_FIELDS[key]) if key in _FIELDS else key
        what = f"{what}, {field} ({rest})" if rest else f"{what}, {field}"
    line = f"{what}: {_difference(change)}"
    return _("Grundlage: {change}").format(change=line) if change.of_base else line


def _difference(change: PackageChange) -> str:
    before, after = _quoted(change.before), _quoted(change.after)
    if change.kind is ChangeKind.ADDED:
        return _("neu ({value})").format(value=after) if after else _("neu")
    if change.kind is ChangeKind.REMOVED:
        return _("entfällt ({value})").format(value=before) if before else _("entfällt")
    return f"{before or '–'} → {after or '–'}" if before or after else _("geändert")


def _quoted(text: str) -> str:
    flat = " · ".join(line for line in text.splitlines() if line)
    return f"„{flat if len(flat) <= _LONGEST else flat[:_LONGEST] + '…'}“" if flat else ""
