"""Words about service packages: what a rehearsal finds, where a package came from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from clerk_app.domain.deadlines import DeadlineKind, DerivationStep, StepKind
from clerk_app.domain.differences import ChangeKind
from clerk_app.domain.gaps import GapState
from clerk_app.domain.package import PackageSource
from clerk_app.domain.rehearsal import CaseRehearsal, KeptTerm, PictureArea, Rehearsal, RehearsedChange
from clerk_app.texts.catalogue import N_, language
from clerk_app.texts.catalogue import gettext as _
from clerk_app.texts.derivations import deadline_label, step_words
from clerk_app.texts.errors import sentence_for
from clerk_app.texts.formats import weekday_day

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
_GAPS: Mapping[GapState, str] = {
    GapState.MISSING: N_("fehlt"),
    GapState.ASKED: N_("angefordert"),
    GapState.ARRIVED: N_("eingegangen"),
    GapState.SETTLED: N_("liegt vor"),
    GapState.WAIVED: N_("verzichtet"),
}
_DUTIES: Mapping[str, str] = {
    "required": N_("vorgeschrieben"),
    "advised": N_("ratsam"),
    "none": N_("nicht nötig"),
}
_SIGNERS: Mapping[str, str] = {
    "any": N_("Signatur oder Siegel"),
    "personal": N_("Signatur einer Person"),
    "seal": N_("Siegel der Behörde"),
}
_TERMS: Mapping[str, str] = {
    "processing-days": N_("Bearbeitungsziel"),
    "answer-days": N_("Antwortfrist"),
    "four-eyes": N_("Vier-Augen"),
    "fee": N_("Gebühr „{name}“"),
    "limit": N_("Zahl „{name}“"),
}
#: How a picture writes a step of a deadline, and a letter that cannot be written.
_STEP = re.compile(r"(?P<kind>[a-z-]+)(?: (?P<amount>-?\d+))? (?P<on>\d{4}-\d\d-\d\d)(?: \((?P<note>.*)\))?")
_CODE = re.compile(r"\(([A-Z_]+)\)")
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
    head = f"{area_label(change.area)} · {_label(change)} · {change_label(change.kind)}"
    lines = [f"  {head}"]
    for mark, text, other in (("-", change.before, change.after), ("+", change.after, change.before)):
        lines += [f"    {mark} {line}" for line in _only_in(_shown(change, text), _shown(change, other))]
    return lines


def kept_line(term: KeptTerm) -> str:
    """What another version sets otherwise without effect here."""
    what = _(_TERMS[term.term]).format(name=term.name)
    return _("Hinweis – {what}: bleibt, weil die Behördenparameter es festlegen.").format(what=what)


def rehearsal_lines(found: Rehearsal) -> list[str]:
    """What a rehearsal showed, case by case and in sum."""
    lines = [line for case in found.changed for line in rehearsed_lines(case)]
    words = _(
        "Probe an {tried} von {open} laufenden Vorgängen: {changed} änderten sich. Geändert wurde nichts."
    )
    lines.append(words.format(changed=len(found.changed), tried=len(found.cases), open=found.open_cases))
    for (area, kind), count in found.totals().items():
        lines.append(f"  {area_label(area)}: {count} {change_label(kind)}")
    lines += [kept_line(term) for term in found.kept]
    return lines


def rehearsed_lines(case: CaseRehearsal) -> list[str]:
    """What would change in one case."""
    was = "–" if case.goes_by is None else str(case.goes_by.version)
    lines = [_("{case} (bisher {version})").format(case=case.case_reference, version=was)]
    return [*lines, *(line for change in case.changes for line in change_lines(change)), ""]


def _label(change: RehearsedChange) -> str:
    if change.area is PictureArea.DEADLINE:
        return deadline_label(DeadlineKind(change.key.partition(" ")[0]))
    if change.area is PictureArea.DUTY and change.key.startswith("hearing/"):
        return _("Anhörung ({template})").format(template=change.label.text(language()))
    return change.label.text(language())


def _shown(change: RehearsedChange, text: str) -> str:
    """A picture's line as people read it. Of a deadline the day, unless only the way to it differs."""
    if not text:
        return ""
    if change.area is PictureArea.DEADLINE and change.before[:10] != change.after[:10]:
        return weekday_day(date.fromisoformat(text[:10]))
    if change.area is PictureArea.DEADLINE:
        return _way(text)
    if change.area is PictureArea.GAP:
        state, _colon, words = text.partition(": ")
        return f"{_(_GAPS[GapState(state)])}: {words}"
    if change.area is PictureArea.DUTY and change.key == "signature":
        level, _comma, signer = text.partition(", ")
        return f"{level}, {_(_SIGNERS[signer]) if signer in _SIGNERS else signer}"
    if (found := _CODE.fullmatch(text)) is not None:  # a letter that cannot be written
        return sentence_for(found.group(1))
    return _(_DUTIES[text]) if change.area is PictureArea.DUTY and text in _DUTIES else text


def _way(text: str) -> str:
    """The way to a deadline, as ``deadlines`` tells it, from a picture's line."""
    head, _colon, steps = text.partition(": ")
    found = [_STEP.fullmatch(step) for step in steps.split(" → ")]
    words = [
        step_words(
            DerivationStep(
                kind=StepKind(step["kind"]),
                on=date.fromisoformat(step["on"]),
                amount=None if step["amount"] is None else int(step["amount"]),
                note=step["note"] or "",
            )
        )
        for step in found
        if step is not None and step["kind"] in set(StepKind)
    ]
    return " → ".join(words) + head[10:] if words and len(words) == len(found) else text


def _only_in(text: str, other: str) -> list[str]:
    """Of a letter only the lines that are not in both: whoever rehearses looks for what is different."""
    known = set(other.splitlines())
    lines = [line for line in text.splitlines() if line.strip() and line not in known]
    return [line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}…" for line in lines]
