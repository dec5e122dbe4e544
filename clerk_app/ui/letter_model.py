"""The letter being written. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from clerk_app.domain.correspondence import Correspondence, DraftLetter, LetterLanguages
from clerk_app.domain.decision import Finding, FindingLevel
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.letter import LetterKind
from clerk_app.texts import N_, _, formats
from clerk_app.texts.errors import sentence
from clerk_app.ui import labels
from clerk_app.usecases.desk import Desk
from clerk_app.usecases.sending import Way


@dataclass(frozen=True)
class KindWords:
    """What the page says for one kind of letter. ``due`` is empty where no day can be named."""

    hint: str
    text: str
    missing: str = ""  # what to say while the text is missing; empty: it may be
    due: str = ""
    due_optional: bool = True


KINDS: Mapping[LetterKind, KindWords] = {
    LetterKind.HEARING: KindWords(
        N_("Gibt Gelegenheit, sich vor einer Ablehnung zu äußern. Der Vorgang wartet bis zur Antwort."),
        N_("Was spricht gegen den Antrag?"),
        N_("Bitte eintragen, was gegen den Antrag spricht: Nur dazu kann man sich äußern."),
        N_("Frist für die Äußerung"),
        due_optional=False,
    ),
    LetterKind.INTERIM_NOTICE: KindWords(
        N_("Sagt, dass die Bearbeitung noch dauert. Verlangt nichts."),
        N_("Was möchten Sie mitteilen? (freiwillig)"),
        due=N_("Entscheidung erwartet bis"),
    ),
    LetterKind.FORWARDING_NOTICE: KindWords(
        N_("Nur eine Nachricht: Der Vorgang bleibt hier offen. Zum Abgeben gibt es „Abgeben“ (Strg+L)."),
        N_("Was möchten Sie mitteilen? (freiwillig)"),
    ),
    LetterKind.RECEIPT: KindWords(
        N_("Bestätigt den Eingang des Antrags mit Tag und Aktenzeichen."),
        N_("Was möchten Sie mitteilen? (freiwillig)"),
    ),
    LetterKind.NOTIFICATION: KindWords(
        N_("Für alles andere. Mit einer Frist wartet der Vorgang auf Antwort."),
        N_("Was möchten Sie mitteilen?"),
        N_("Bitte eintragen, was mitgeteilt werden soll."),
        N_("Antwort erbeten bis"),
    ),
}


@dataclass(frozen=True)
class LetterWish:
    """What is chosen and typed."""

    case_id: CaseId
    wanted: Correspondence


@dataclass(frozen=True)
class LetterFrame:
    """What the page needs to know of a case before anything is typed."""

    proposed_on: date
    languages: LetterLanguages
    way: Way


@dataclass(frozen=True)
class LetterPreview:
    """A wish made into a letter: exactly this is what would be sent."""

    wish: LetterWish
    draft: DraftLetter
    pdf: bytes
    findings: tuple[Finding, ...]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """What stands against sending."""
        return tuple(found for found in self.findings if found.level is FindingLevel.BLOCK)


def frame_of(desk: Desk, case_id: CaseId) -> LetterFrame:
    """Day, languages and way for a case. Raises ClerkError."""
    work = desk.corresponding
    return LetterFrame(work.proposed_due_on(case_id), work.languages(case_id), work.way(case_id))


def preview_letter(desk: Desk, wish: LetterWish, *, keep: bool) -> LetterPreview:
    """Keeps what was typed (``keep``), then makes the letter as it would be sent. Raises ClerkError."""
    if keep:
        desk.cases.save_letter(wish.case_id, wish.wanted)
    work = desk.corresponding
    draft = work.draft(wish.case_id, wish.wanted)
    return LetterPreview(wish, draft, work.preview(draft), work.preflight(draft))


def still_missing(wish: LetterWish) -> str | None:
    """What has to be typed before there can be a letter, or None."""
    wanted = wish.wanted
    words = KINDS[wanted.kind]
    if words.missing and not wanted.text:
        return _(words.missing)
    if wanted.kind is LetterKind.FORWARDING_NOTICE and not wanted.authority:
        return _("Bitte die zuständige Stelle mit Anschrift eintragen.")
    return None


def why_not_send(
    wish: LetterWish | None, prepared: LetterPreview | None, today: date, *, sending: bool
) -> str | None:
    """Why the letter cannot be sent, or None."""
    if wish is None:
        return _("Es ist kein Vorgang ausgewählt.")
    if sending:
        return _("Das Schreiben wird gerade in den Postausgang gelegt.")
    missing = still_missing(wish)
    if missing is not None:
        return missing
    due_on = wish.wanted.due_on
    if due_on is not None and due_on < today:
        return _("Die Frist {day} ist schon vorbei.").format(day=formats.day(due_on))
    if prepared is None or prepared.wish != wish:
        return _("Die Vorschau wird noch erstellt: Gesendet wird nur, was zu sehen war.")
    if prepared.blocking:
        return labels.finding(prepared.blocking[0])
    return None


def not_prepared_words(error: ClerkError) -> str:
    """Why there is no preview, for the place where it would be."""
    if error.code is ErrorCode.LETTER_INCOMPLETE:
        return _("Für dieses Schreiben fehlt noch eine Angabe.")
    return sentence(error)
