"""Deadlines in words: what they are, and the way they were found."""

from __future__ import annotations

from collections.abc import Mapping

from clerk_app.domain.deadlines import Deadline, DeadlineKind, DerivationStep, StepKind
from clerk_app.texts.catalogue import N_, ngettext
from clerk_app.texts.catalogue import gettext as _
from clerk_app.texts.formats import weekday_day

_KINDS: Mapping[DeadlineKind, str] = {
    DeadlineKind.PROCESSING: N_("Bearbeitung bis"),
    DeadlineKind.ANSWER: N_("Antwort bis"),
    DeadlineKind.HEARING: N_("Anhörung bis"),
    DeadlineKind.FICTION: N_("Genehmigungsfiktion nach"),
    DeadlineKind.NOTIFICATION: N_("gilt als bekannt gegeben am"),
    DeadlineKind.APPEAL: N_("Rechtsbehelf möglich bis"),
    DeadlineKind.WARNING: N_("Vorfrist am"),
    DeadlineKind.FOLLOW_UP: N_("Wiedervorlage am"),
    DeadlineKind.MANUAL: N_("Termin am"),
}
_STEPS: Mapping[StepKind, str] = {
    StepKind.ARRIVED: N_("eingegangen {day}"),
    StepKind.SENT: N_("abgesandt {day}"),
    StepKind.POSTED: N_("zur Post {day}"),
    StepKind.PROVIDED: N_("bereitgestellt {day}"),
    StepKind.RETRIEVED: N_("abgerufen {day}"),
    StepKind.RECEIVED: N_("tatsächlich zugegangen {day}"),
    StepKind.ARRIVAL_NEEDED: N_(
        "versandt {day}, der Zugang wird nicht vermutet: bitte den wirklichen eintragen"
    ),
    StepKind.NOT_RETRIEVED: N_("bis {day} nicht abgerufen: beendet, bitte anders bekannt geben"),
    StepKind.CAME_BACK: N_("am {day} als unzustellbar zurück: nicht bekannt gegeben"),
    StepKind.NOTIFIED: N_("bekannt gegeben {day}"),
    StepKind.NEXT_DAY: N_("Tag danach {day}"),
    StepKind.NTH_DAY: N_("{n}. Tag {day}"),
    StepKind.DAY_COUNTS: N_("{day} zählt mit"),
    StepKind.MONTH_END: N_("Monatsende {day}"),
    StepKind.WEEKEND: N_("Wochenende, also {day}"),
    StepKind.FIXED: N_("genannter Tag, bleibt {day}"),
    StepKind.PAUSED: N_("ruht ab {day}"),
    StepKind.COMPLETE: N_("Unterlagen vollständig {day}"),
    StepKind.BACK: N_("davor liegender Arbeitstag {day}"),
}


def deadline_label(kind: DeadlineKind) -> str:
    """What the deadline is about."""
    return _(_KINDS[kind])


def derivation(deadline: Deadline) -> str:
    """The way to the day: ``zur Post Mo 02.02.2026 → 4. Tag Fr 06.02.2026 → ein Monat: Fr 06.03.2026``.

    A rule nobody confirmed is marked as assumed.
    """
    text = " → ".join(step_words(step) for step in deadline.steps)
    if deadline.basis:
        text += f" ({deadline.basis})"
    if deadline.assumed:
        text += " – " + _("angenommen, bitte prüfen")
    return text


def step_words(step: DerivationStep) -> str:
    """One step of that way."""
    on = weekday_day(step.on)
    count = step.amount or 0
    if step.kind in _COUNTED:
        return _counted(step.kind, count).format(n=count, day=on)
    if step.kind is StepKind.HOLIDAY:
        return _("{holiday}, also {day}").format(holiday=step.note or _("Feiertag"), day=on)
    if step.kind is StepKind.NO_HOLIDAY:
        words = _("{holiday} gilt hier nicht als Feiertag: {day}")
        return words.format(holiday=step.note or _("Feiertag"), day=on)
    if step.kind in (StepKind.CHOSEN, StepKind.EXTENDED):
        words = _("festgelegt {day}") if step.kind is StepKind.CHOSEN else _("verlängert {day}")
        return words.format(day=on) + (f" ({step.note})" if step.note else "")
    return _(_STEPS[step.kind]).format(n=count, day=on)


_COUNTED = frozenset(
    {
        StepKind.DAYS,
        StepKind.OWN_DAYS,
        StepKind.WEEKS,
        StepKind.MONTHS,
        StepKind.YEARS,
        StepKind.UNINSTRUCTED,
        StepKind.RESUMED,
        StepKind.STRETCHED,
        StepKind.BEFORE,
    }
)


def _counted(kind: StepKind, count: int) -> str:
    match kind:
        case StepKind.DAYS:
            return ngettext("{n} Tag: {day}", "{n} Tage: {day}", count)
        case StepKind.OWN_DAYS:
            return ngettext(
                "{n} Tag nach Vorgabe der Behörde: {day}", "{n} Tage nach Vorgabe der Behörde: {day}", count
            )
        case StepKind.WEEKS:
            return ngettext("eine Woche: {day}", "{n} Wochen: {day}", count)
        case StepKind.MONTHS:
            return ngettext("ein Monat: {day}", "{n} Monate: {day}", count)
        case StepKind.YEARS:
            return ngettext("ein Jahr: {day}", "{n} Jahre: {day}", count)
        case StepKind.RESUMED:
            return ngettext(
                "läuft weiter ab {day} (ruhte {n} Tag)", "läuft weiter ab {day} (ruhte {n} Tage)", count
            )
        case StepKind.STRETCHED:
            return ngettext("und {n} Tag länger: {day}", "und {n} Tage länger: {day}", count)
        case StepKind.BEFORE:
            return ngettext("{n} Tag vorher: {day}", "{n} Tage vorher: {day}", count)
        case _:
            if count == 12:
                return _("ohne richtige Belehrung ein Jahr: {day}")
            return ngettext(
                "ohne richtige Belehrung ein Monat: {day}", "ohne richtige Belehrung {n} Monate: {day}", count
            )
