"""What is missing, and when the clock stood, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from clerk_app.domain.gaps import AskedBefore, GapItem, GapList, GapPause, GapState
from clerk_app.texts.catalogue import N_, language, ngettext
from clerk_app.texts.catalogue import gettext as _
from clerk_app.texts.formats import day

_STATES: Mapping[GapState, str] = {
    GapState.MISSING: N_("fehlt"),
    GapState.ASKED: N_("angefordert"),
    GapState.ARRIVED: N_("eingegangen"),
    GapState.SETTLED: N_("erledigt"),
    GapState.WAIVED: N_("verzichtet"),
}


def gap_state_label(item: GapItem) -> str:
    """How far an item has come."""
    if item.left_out:
        return _("fehlt noch")
    if item.state is GapState.MISSING and item.came_back:
        return _("fehlt; die Nachforderung kam zurück")
    return _(_STATES[item.state])


def gap_detail(item: GapItem) -> str:
    """What a clerk should know of an item beside its state; empty when there is nothing."""
    if item.left_out:
        return _("In der Antwort war es nicht dabei.")
    if item.state is GapState.MISSING and item.came_back:
        return _("Die Nachforderung kam zurück.")
    if item.state is GapState.WAIVED:
        return _("Verzichtet: {reason}").format(reason=item.reason) if item.reason else _("Verzichtet.")
    if item.state is GapState.SETTLED:
        return _("Erledigt: {reason}").format(reason=item.reason) if item.reason else _("Erledigt.")
    if item.state is GapState.ARRIVED:
        return _("Scheint da zu sein; bitte ansehen.")
    return ""


def gap_summary(found: GapList) -> str:
    """``3 von 4 da; 1 fehlt noch``."""
    missing, total = len(found.open_items), len(found.items)
    if not missing:
        return _("Es fehlt nichts.")
    awaited = sum(item.is_awaited for item in found.items)
    here = total - missing
    words = _("{here} von {total} da").format(here=here, total=total)
    if missing - awaited:
        words += "; " + ngettext("{n} fehlt noch", "{n} fehlen noch", missing - awaited).format(
            n=missing - awaited
        )
    if awaited:
        words += "; " + ngettext("{n} angefordert", "{n} angefordert", awaited).format(n=awaited)
    return words


def gap_act_sentence(details: Mapping[str, object]) -> str:
    """What a clerk said of an item, for the timeline."""
    text, reason = str(details.get("text", "")), str(details.get("reason", ""))
    match details.get("state"):
        case GapState.SETTLED.value:
            words = _("Erledigt: {text}").format(text=text)
        case GapState.WAIVED.value:
            words = _("Verzichtet auf: {text}").format(text=text)
        case _other:
            words = _("Fehlt doch: {text}").format(text=text)
    return f"{words} ({reason})" if reason else words


def pause_lines(found: GapList, today: date) -> tuple[str, ...]:
    """When the office's target stood, one line for each time; the last one says where that left it."""
    lines = [_pause(pause, today) for pause in found.pauses]
    if lines and not found.waiting and found.target is not None:
        lines[-1] += "; " + _("neues Ziel {day}").format(day=day(found.target.due_on))
    return tuple(lines)


def pause_short(found: GapList, today: date) -> str:
    """The same in a few words for a header, while it stands; else empty."""
    pause = next((each for each in found.pauses if each.until is None), None)
    if pause is None:
        return ""
    days = pause.days(today)
    words = ngettext("ruht seit {since} ({n} Tag)", "ruht seit {since} ({n} Tage)", days)
    return words.format(since=day(pause.since), n=days)


def _pause(pause: GapPause, today: date) -> str:
    days = pause.days(today)
    if pause.until is None:
        stands = ngettext("Frist ruht seit {since} ({n} Tag)", "Frist ruht seit {since} ({n} Tage)", days)
        runs_on = _("läuft weiter, sobald geantwortet wurde, spätestens am {latest}")
        return f"{stands.format(since=day(pause.since), n=days)}; {runs_on.format(latest=day(pause.latest))}"
    return ngettext(
        "Frist lief vom {since} bis {until} nicht: {n} Tag",
        "Frist lief vom {since} bis {until} nicht: {n} Tage",
        days,
    ).format(since=day(pause.since), until=day(pause.until), n=days)


def asked_before_lines(before: AskedBefore) -> tuple[str, ...]:
    """What a clerk should know before sending, one line each."""
    here = _("„{item}“ wird noch einmal verlangt; Stand bisher: {state}.")
    lines = [here.format(item=item.title(language()), state=gap_state_label(item)) for item in before.here]
    if before.due_on is not None:
        words = _(
            "Schon angefordert; die Antwort ist bis {day} erbeten. Dieses Schreiben wäre eine Erinnerung."
        )
        lines.append(words.format(day=day(before.due_on)))
    return tuple(lines)
