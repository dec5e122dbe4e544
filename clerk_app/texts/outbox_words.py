"""Is it out? What an outgoing entry's state means, why it is so and what comes next: for window and command
line alike.

Nothing here calls an entry sent without the portal's word, delivered without its event, or failed while the
portal may have it. Event names and numbers stand in the details and in the receipt, not here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from clerk_app.domain.application import ReplyChannelKind
from clerk_app.domain.case import Arrival
from clerk_app.domain.deadlines import Deadline
from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.outbox import FINAL_STATES, OutboxEntry, OutboxState
from clerk_app.domain.outbox_time import due_to_leave_at
from clerk_app.texts.ages import countdown, since
from clerk_app.texts.catalogue import N_, ngettext
from clerk_app.texts.catalogue import gettext as _
from clerk_app.texts.derivations import deadline_label
from clerk_app.texts.errors import sentence_for
from clerk_app.texts.formats import day, moment
from clerk_app.texts.statuses import outbox_state_label

_DECIDED_ELSEWHERE = ErrorCode.DECIDED_ELSEWHERE.value
_HELD = ErrorCode.HELD_CASE_CHANGED.value
_POST_REASONS: Mapping[str, str] = {
    "no-channel-offered": N_("Die antragstellende Person hat keinen elektronischen Rückweg angegeben."),
    "consent-refused": N_("Der elektronische Bescheid wurde ausdrücklich nicht gewünscht."),
    "channel-not-served": N_("Den angebotenen Rückweg bedient diese Behörde nicht."),
}


@dataclass(frozen=True)
class EntryWords:
    """An entry in words: a ``word`` with its ``age`` for lists, ``why`` it is so, ``what_next``."""

    word: str
    age: str
    why: str
    what_next: str


def entry_words(
    entry: OutboxEntry, now: datetime, *, post_reason: str = "", arrivals: Sequence[Arrival] = ()
) -> EntryWords:
    """``post_reason`` is the code of why it goes by post, ``arrivals`` what came in since it was frozen."""
    why, what_next = _SENTENCES[entry.state](entry, now)
    if entry.elsewhere and entry.state not in FINAL_STATES | {OutboxState.TO_POST}:
        why = _("Ein anderer Arbeitsplatz des Teams versendet das Schreiben.")
        what_next = _("Fällt er aus, kann es hier mit einem Grund übernommen werden.")
    elif _DECIDED_ELSEWHERE in entry.problems and entry.state is OutboxState.RETURNED:
        why = _("An einem anderen Arbeitsplatz wurde zuerst entschieden. Dieser Bescheid ging nicht ab.")
        what_next = _("Bitte beide Bescheide vergleichen und diesen zurücknehmen.")
    if entry.state is OutboxState.TO_POST:
        why = " ".join(part for part in (post_reason_words(post_reason), why) if part)
    if arrivals and entry.state not in (OutboxState.DELIVERED, OutboxState.POSTED, OutboxState.WITHDRAWN):
        why = f"{why} {arrivals_words(arrivals)}"
    return EntryWords(state_word(entry, now), age_words(entry, now), why, what_next)


def state_word(entry: OutboxEntry, now: datetime) -> str:
    """The state in one or two words. While it can be taken back: with the time left."""
    if is_held_back(entry):
        return _("zurückgehalten")
    if entry.state is OutboxState.QUEUED:
        if now < entry.hold_until:
            return _("wartet noch {left}").format(left=countdown(entry.hold_until - now))
        return _("wartet auf neuen Versuch") if entry.last_error else _("wartet hier")
    if entry.state is OutboxState.RETURNED and entry.receipt is not None:
        return _("zurückgewiesen")
    return outbox_state_label(entry.state)


def is_held_back(entry: OutboxEntry) -> bool:
    """Whether it is here because we hold it: the case has overtaken it, or the ledger is an older copy."""
    overtaken = entry.state is OutboxState.RETURNED and _HELD in entry.problems
    older_ledger = entry.last_error == ErrorCode.LEDGER_DAMAGED and entry.receipt is None
    return overtaken or older_ledger


def age_words(entry: OutboxEntry, now: datetime) -> str:
    """``seit 2 Std.``; for what is finished the moment it was."""
    if entry.state is OutboxState.POSTED and entry.posted_on is not None:
        return day(entry.posted_on)
    if entry.state in (OutboxState.DELIVERED, OutboxState.POSTED, OutboxState.WITHDRAWN):
        return moment(entry.receipt.issued_at if entry.receipt is not None else entry.changed_at)
    waiting_here = entry.state in (OutboxState.QUEUED, OutboxState.TO_POST)
    began = due_to_leave_at(entry) if waiting_here else entry.changed_at
    return since(began, now) if began <= now else ""


def post_reason_words(code: str) -> str:
    """Why something goes by post."""
    return _(_POST_REASONS[code]) if code in _POST_REASONS else code


def arrivals_words(arrivals: Sequence[Arrival]) -> str:
    """What arrived since an entry was frozen, and when."""
    found = [
        _("eine Einreichung, die nicht gelesen werden kann")
        if each.at is None
        else _("{moment} ({attachments})").format(
            moment=moment(each.at),
            attachments=ngettext("{n} Anlage", "{n} Anlagen", each.attachments).format(n=each.attachments),
        )
        for each in arrivals
    ]
    return _("Seitdem eingegangen: {list}.").format(list="; ".join(found))


def pressing_words(deadlines: Sequence[Deadline]) -> str:
    """A warning: days that come closer than the entry has been stuck. Empty without any."""
    if not deadlines:
        return ""
    named = ", ".join(f"{deadline_label(each.kind)} {day(each.due_on)}" for each in deadlines)
    words = _(
        "Eine Frist ist näher, als dieses Schreiben schon wartet: {deadlines}. Bitte jetzt einen anderen Weg "
        "wählen oder den Grund beheben."
    )
    return words.format(deadlines=named)


# one sentence why, one what next, for each state


def _queued(entry: OutboxEntry, now: datetime) -> tuple[str, str]:
    if entry.last_error == ErrorCode.LEDGER_DAMAGED:
        return (
            _(
                "Das Protokoll (ledger.db) ist ein älterer Stand: Das Schreiben kann schon zugestellt sein. "
                "Deshalb wird es nicht von selbst gesendet."
            ),
            _("Bitte beim Portal oder bei der Person nachfragen; dann „Erneut senden“ oder zurückholen."),
        )
    if now < entry.hold_until:
        return (
            _("Bis {moment} kann es zurückgeholt werden; vorher verlässt nichts das Haus.").format(
                moment=moment(entry.hold_until)
            ),
            _("Danach geht es mit dem nächsten Abgleich hinaus."),
        )
    if entry.accompanies is not None and not entry.last_error:
        return (
            _("Die Statusmeldung sagt nie mehr, als wirklich hinausgegangen ist."),
            _("Sie geht hinaus, sobald das Schreiben dazu übergeben ist."),
        )
    if entry.last_error:
        return _trouble(entry, _("Es hat das Haus nicht verlassen.")), _next_try(entry)
    return (
        _("Es liegt fertig hier und hat das Haus noch nicht verlassen."),
        _("Es geht mit dem nächsten Abgleich hinaus. Solange das Programm geschlossen ist, bleibt es hier."),
    )


def _announced(entry: OutboxEntry, now: datetime) -> tuple[str, str]:
    words = _("Der Zustelldienst hat einen Platz dafür; noch liegt dort nichts Vollständiges.")
    return _trouble(entry, words), _next_try(entry)


def _uploaded(entry: OutboxEntry, now: datetime) -> tuple[str, str]:
    words = _("Die Dokumente liegen beim Zustelldienst; eingereicht ist das Schreiben noch nicht.")
    return _trouble(entry, words), _next_try(entry)


def _in_doubt(entry: OutboxEntry, now: datetime) -> tuple[str, str]:
    words = _(
        "Seit {moment} ist offen, ob der Zustelldienst das Schreiben hat: Seine Antwort ging verloren."
    ).format(moment=moment(entry.changed_at))
    what = _("Sein Ereignisprotokoll klärt es. Doppelt gesendet wird nichts.")
    return _trouble(entry, words), f"{what} {_next_try(entry)}"


def _submitted(entry: OutboxEntry, now: datetime) -> tuple[str, str]:
    if entry.receipt is None:
        words = _(
            "Der Zustelldienst hat am {moment} geantwortet, dass er das Schreiben hat. In seinem "
            "Ereignisprotokoll war das noch nicht zu lesen."
        ).format(moment=moment(entry.changed_at))
    else:
        words = _(
            "Der Zustelldienst hat die Übergabe am {moment} verzeichnet. Ob es angekommen ist, weiß er noch "
            "nicht."
        ).format(moment=moment(entry.receipt.issued_at))
    ask = _("Jeder Abgleich fragt nach der Quittung.")
    return _trouble(entry, words), f"{ask} {_next_try(entry)}" if entry.next_try_at else ask


def _delivered(entry: OutboxEntry, now: datetime) -> tuple[str, str]:
    to_service = entry.channel == ReplyChannelKind.FIT_CONNECT
    if entry.receipt is None:
        bare = _("Der Online-Dienst der antragstellenden Person hat es angenommen.")
        return bare if to_service else _("Es liegt im Postfach."), _nothing_to_do()
    if to_service:
        words = _(
            "Der Online-Dienst der antragstellenden Person hat es angenommen, mit Beleg des Portals vom "
            "{moment}."
        )
    else:
        words = _("Es liegt im Postfach, mit Beleg des Portals vom {moment}.")
    return words.format(moment=moment(entry.receipt.issued_at)), _nothing_to_do()


def _returned(entry: OutboxEntry, now: datetime) -> tuple[str, str]:
    if _HELD in entry.problems:
        return (
            _("Es ist nicht hinausgegangen: In diesem Vorgang ist danach etwas Neues eingegangen."),
            _("Bitte das Neue ansehen; dann trotzdem senden oder zurückholen und neu entscheiden."),
        )
    choose = _("Bitte die Ursache beheben und erneut senden, per Post senden oder zurückholen.")
    if entry.receipt is not None:
        words = _("Die Gegenseite hat es am {moment} zurückgewiesen: {problems}").format(
            moment=moment(entry.receipt.issued_at),
            problems=problem_words(entry.problems) or _("Gründe nennt sie nicht."),
        )
        return words, choose
    reasons = problem_words(entry.problems) or _("Das Portal hat es nicht angenommen.")
    return _("{reasons} Eingereicht ist es dort nicht.").format(reasons=reasons), choose


def _to_post(entry: OutboxEntry, now: datetime) -> tuple[str, str]:
    return (
        _("Es wartet hier auf Druck und Post."),
        _("Bitte drucken, zur Post geben und mit dem Tag als versandt vermerken."),
    )


def _posted(entry: OutboxEntry, now: datetime) -> tuple[str, str]:
    if entry.posted_on is None:
        return _("Vermerkt am {moment}.").format(moment=moment(entry.changed_at)), _nothing_to_do()
    words = _("Am {day} zur Post gegeben, vermerkt am {moment}.")
    return words.format(day=day(entry.posted_on), moment=moment(entry.changed_at)), _nothing_to_do()


def _withdrawn(entry: OutboxEntry, now: datetime) -> tuple[str, str]:
    words = _("Am {moment} zurückgeholt; zugestellt wurde nichts.")
    return words.format(moment=moment(entry.changed_at)), _nothing_to_do()


def _nothing_to_do() -> str:
    return _("Es ist nichts zu tun.")


_SENTENCES: Mapping[OutboxState, Callable[[OutboxEntry, datetime], tuple[str, str]]] = {
    OutboxState.QUEUED: _queued,
    OutboxState.ANNOUNCED: _announced,
    OutboxState.UPLOADED: _uploaded,
    OutboxState.IN_DOUBT: _in_doubt,
    OutboxState.SUBMITTED: _submitted,
    OutboxState.DELIVERED: _delivered,
    OutboxState.RETURNED: _returned,
    OutboxState.TO_POST: _to_post,
    OutboxState.POSTED: _posted,
    OutboxState.WITHDRAWN: _withdrawn,
}


def problem_words(problems: Sequence[str]) -> str:
    """Why something came back: our own codes as sentences, the other side's by their names."""
    own = [sentence_for(each) for each in problems if each in ErrorCode.__members__]
    foreign = [each.rstrip("/").rpartition("/")[2] for each in problems if each not in ErrorCode.__members__]
    named = [_("{problems}.").format(problems=", ".join(foreign))] if foreign else []
    return " ".join([*named, *own])


def event_name(uri: str) -> str:
    """``accept-submission`` of the event's address."""
    return uri.rstrip("/").rpartition("/")[2]


def _trouble(entry: OutboxEntry, words: str) -> str:
    if not entry.last_error:
        return words
    if entry.last_error == _HELD:
        held = _(
            "Inzwischen ist in diesem Vorgang etwas Neues eingegangen; deshalb wird nichts mehr übergeben, "
            "bis feststeht, ob der Zustelldienst das Schreiben schon hat."
        )
        return f"{words} {held}"
    tries = ngettext("Ein Versuch ist misslungen.", "{n} Versuche sind misslungen.", entry.attempts)
    return f"{words} {tries.format(n=entry.attempts)} {sentence_for(entry.last_error)}"


def _next_try(entry: OutboxEntry) -> str:
    if entry.next_try_at is None:
        return _("Der nächste Abgleich macht weiter.")
    return _("Nächster Versuch: {moment}.").format(moment=moment(entry.next_try_at))
