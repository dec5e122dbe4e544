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
    DeadlineKind.NOTIFICATION: N_("gilt als bekannt gegeben am"),
    DeadlineKind.APPEAL: N_("Rechtsbehelf möglich bis"),
}
_STEPS: Mapping[StepKind, str] = {
    StepKind.ARRIVED: N_("eingegangen {day}"),
    StepKind.SENT: N_("abgesandt {day}"),
    StepKind.NOTIFIED: N_("bekannt gegeben {day}"),
    StepKind.NTH_DAY: N_("{n}. Tag {day}"),
    StepKind.MONTH_END: N_("Monatsende {day}"),
    StepKind.CHOSEN: N_("festgelegt {day}"),
    StepKind.WEEKEND: N_("Wochenende, also {day}"),
}


def deadline_label(kind: DeadlineKind) -> str:
    """What the deadline is about."""
    return _(_KINDS[kind])


def derivation(deadline: Deadline) -> str:
    """The way to the day: ``abgesandt Mo 02.02.2026 → 4. Tag Fr 06.02.2026 → …``.

    A rule nobody confirmed is marked as assumed.
    """
    text = " → ".join(_step(step) for step in deadline.steps)
    if deadline.basis:
        text += f" ({deadline.basis})"
    if deadline.assumed:
        text += " – " + _("angenommen, bitte prüfen")
    return text


def _step(step: DerivationStep) -> str:
    on = weekday_day(step.on)
    count = step.amount or 0
    if step.kind is StepKind.DAYS:
        return ngettext("{n} Tag: {day}", "{n} Tage: {day}", count).format(n=count, day=on)
    if step.kind is StepKind.MONTHS:
        return ngettext("{n} Monat: {day}", "{n} Monate: {day}", count).format(n=count, day=on)
    if step.kind is StepKind.HOLIDAY:
        return _("{holiday}, also {day}").format(holiday=step.note or _("Feiertag"), day=on)
    return _(_STEPS[step.kind]).format(n=count, day=on)
