"""What the sign dialog says of keys, in words. No Qt here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.signature import KeyReport, PinTries, SignatureLevel, SignerKind, SigningOutlook
from clerk_app.texts import N_, _, formats, ngettext
from clerk_app.texts.errors import sentence
from clerk_app.ui import labels

_SOON = timedelta(days=30)
_LEVELS = {
    SignatureLevel.B_B: N_("B-B: Signatur ohne Zeitstempel"),
    SignatureLevel.B_T: N_("B-T: mit Zeitstempel"),
    SignatureLevel.B_LT: N_("B-LT: mit Zeitstempel und Prüfnachweisen"),
    SignatureLevel.B_LTA: N_("B-LTA: mit Archivzeitstempel, auf Jahre ohne Netz prüfbar"),
}
_TRIES = {
    PinTries.PLENTY: (N_("kein Fehlversuch"), ""),
    PinTries.LOW: (N_("mindestens ein Fehlversuch ist verbraucht"), "warn"),
    PinTries.FINAL: (N_("nur noch ein Versuch, dann ist die Karte gesperrt"), "bad"),
    PinTries.LOCKED: (N_("gesperrt"), "bad"),
}
STAYS_OPEN = frozenset(
    {ErrorCode.SIGNING_PASSWORD_WRONG, ErrorCode.SIGNING_PIN_LOCKED, ErrorCode.SIGNING_KEY_MISSING}
)
"""What a person can put right while the dialog is open."""


@dataclass(frozen=True)
class Line:
    """A fact with its heading; ``role`` colours it."""

    heading: str
    words: str
    role: str = ""


def must_ask(outlook: SigningOutlook) -> bool:
    """Whether somebody must type or choose something."""
    return outlook.key.needs_pin or bool(outlook.others)


def who(key: KeyReport) -> str:
    """Who signs, for a choice of several."""
    if not key.subject and key.kind is SignerKind.PERSONAL:  # assumed as long as nobody has read it
        return _("Name erst nach Eingabe des Kennworts lesbar")
    name = key.subject or _("Name erst nach Eingabe des Kennworts lesbar")
    return f"{name} ({labels.signer_kind(key.kind)})"


def facts(outlook: SigningOutlook, key: KeyReport, now: datetime) -> tuple[Line, ...]:
    """What a clerk should know before signing, in reading order."""
    lines = []
    if not outlook.others:
        lines.append(Line(_("Es signiert"), who(key)))
    if key.issuer:
        lines.append(Line(_("Zertifikat von"), key.issuer))
    if key.valid_to is not None:
        soon = key.valid_to < now + _SOON
        lines.append(Line(_("Gültig bis"), formats.day(key.valid_to.date()), "warn" if soon else ""))
    lines.append(Line(_("Signaturstufe"), _(_LEVELS[outlook.level])))
    if key.pin_tries in _TRIES:
        words, role = _TRIES[key.pin_tries]
        lines.append(Line(_("PIN-Versuche"), _(words), role))
    return tuple(lines)


def secret_name(key: KeyReport) -> str:
    """What the key wants to be told."""
    kind = key.reference.partition(":")[0]
    return {"pkcs12": _("Kennwort"), "csc": _("PIN oder TAN")}.get(kind, _("PIN"))


def purpose(key: KeyReport, count: int) -> str:
    """What is signed with what is typed once; no words for a single document, which stands behind."""
    if count < 2:
        return ""
    if not key.needs_pin:
        words = ngettext("{n} Bescheid signieren", "{n} Bescheide signieren", count)
    elif key.reference.startswith("pkcs12:"):
        words = ngettext(
            "{n} Bescheid mit einem Kennwort signieren", "{n} Bescheide mit einem Kennwort signieren", count
        )
    else:
        words = ngettext(
            "{n} Bescheid mit einer PIN signieren", "{n} Bescheide mit einer PIN signieren", count
        )
    return words.format(n=formats.number(count))


def warning(outlook: SigningOutlook, key: KeyReport) -> tuple[str, str]:
    """Level and words of the note on top before anything was tried; no words when there is nothing to say."""
    if key.problem is not None:
        return "bad", sentence(ClerkError(ErrorCode(key.problem)))
    if key.pin_tries is PinTries.FINAL:
        return "warn", _("Die nächste falsche PIN sperrt die Karte.")
    if outlook.offline:
        return "warn", _("Der Zeitstempeldienst antwortet gerade nicht; das Signieren wird wohl scheitern.")
    if key.pin_for_each:
        return "info", _("Die Karte verlangt die PIN für jede Signatur; einmal eingeben genügt.")
    return "info", ""


def refusal(error: ClerkError) -> tuple[str, str]:
    """Level and words of the note after a refusal."""
    return ("warn" if error.code is ErrorCode.SIGNING_PASSWORD_WRONG else "bad"), sentence(error)


AskPin = Callable[[], str | None]
