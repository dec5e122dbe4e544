"""The search language in words: what a chip says, and what is wrong with a search."""

from __future__ import annotations

from clerk_app.domain.attachment_text import HitPlace, SearchHit, TextCoverage
from clerk_app.domain.search_terms import (
    KEYS,
    MOST_TERMS,
    VALUES,
    Flag,
    Problem,
    ProblemKind,
    SearchKey,
    SearchTerm,
)
from clerk_app.texts import formats
from clerk_app.texts.catalogue import N_, ngettext
from clerk_app.texts.catalogue import gettext as _

_KEYS = {
    SearchKey.NAME: N_("Name"),
    SearchKey.REFERENCE: N_("Aktenzeichen"),
    SearchKey.SERVICE: N_("Leistung"),
    SearchKey.MUNICIPALITY: N_("Gemeinde"),
    SearchKey.STATUS: N_("Status"),
    SearchKey.PERSON: N_("Zuständig"),
    SearchKey.DUE: N_("Frist"),
    SearchKey.ARRIVED: N_("Eingang"),
    SearchKey.CONTENT: N_("In Anlagen"),
    SearchKey.NOTE: N_("Im Vermerk"),
    SearchKey.LANGUAGE: N_("Sprache"),
}
_FLAGS = {
    Flag.UNREAD: N_("ungelesen"),
    Flag.CHANGED: N_("geändert"),
    Flag.OVERDUE: N_("überfällig"),
    Flag.ATTACHMENT: N_("mit Anlage"),
    Flag.NOTE: N_("mit Vermerk"),
}


def key_words(key: SearchKey) -> str:
    """What a key looks into; empty for free words, ``ist`` and ``hat``."""
    return _(_KEYS[key]) if key in _KEYS else ""


def term_words(term: SearchTerm) -> str:
    """A condition as a chip says it, without its minus."""
    if isinstance(term.meaning, Flag) and term.key is not SearchKey.DUE:
        words = _(_FLAGS[term.meaning])
    else:
        value = _("„{text}“").format(text=term.value) if term.exact else term.value
        key = key_words(term.key)
        words = _("{key}: {value}").format(key=key, value=value) if key else value
    return _("nicht {term}").format(term=words) if term.negative else words


def coverage_sentences(coverage: TextCoverage) -> list[str]:
    """What the search in attachments does not know; nothing when it knows everything it can."""
    said = []
    if coverage.wanted:
        words = ngettext(
            "{n} Anlage wird noch für die Suche gelesen.",
            "{n} Anlagen werden noch für die Suche gelesen.",
            coverage.wanted,
        )
        said.append(words.format(n=formats.number(coverage.wanted)))
    if coverage.scans:
        words = ngettext(
            "{n} Anlage mit eingescannten Seiten wird nicht durchsucht: "
            "Die Texterkennung Tesseract ist nicht installiert.",
            "{n} Anlagen mit eingescannten Seiten werden nicht durchsucht: "
            "Die Texterkennung Tesseract ist nicht installiert.",
            coverage.scans,
        )
        said.append(words.format(n=formats.number(coverage.scans)))
    return said


def hit_words(hit: SearchHit) -> str:
    """Where the words of a search stand."""
    if hit.place is HitPlace.NOTE:
        return _("Im Vermerk")
    if hit.place is HitPlace.FORM:
        return _("Im Antrag")
    name = hit.name or _("Anlage ohne Namen")
    return _("{name}, Seite {page}").format(name=name, page=hit.page) if hit.page else name


def problem_sentence(problem: Problem) -> str:
    """What could not be understood, and what helps."""
    said = _SENTENCES[problem.kind]
    key = problem.key.value
    possible = ", ".join(f"{key}:{value}" for value in VALUES.get(problem.key, ()))
    sentence = _(said).format(
        text=problem.written.rstrip('"'), key=f"{key}:", possible=possible, most=MOST_TERMS
    )
    if problem.suggestion:
        spelled = KEYS.get(problem.suggestion) is not None and problem.kind is ProblemKind.UNKNOWN_KEY
        meant = f"{problem.suggestion}:" if spelled else f"{key}:{problem.suggestion}"
        sentence += " " + _("Gemeint sein könnte „{meant}“.").format(meant=meant)
    elif problem.kind is ProblemKind.EMPTY and possible:
        sentence += " " + _("Zum Beispiel {possible}.").format(possible=possible)
    elif problem.kind is ProblemKind.UNKNOWN_VALUE:
        sentence += " " + _("Möglich sind {possible}.").format(possible=possible)
    return sentence


_SENTENCES = {
    ProblemKind.UNKNOWN_KEY: N_(
        "„{text}“ beginnt mit keinem bekannten Schlüssel und wird als Wörter gesucht."
    ),
    ProblemKind.EMPTY: N_("Hinter „{text}“ fehlt noch, wonach gesucht wird."),
    ProblemKind.UNKNOWN_VALUE: N_("„{text}“ gibt es nicht."),
    ProblemKind.UNREADABLE_DAY: N_(
        "„{text}“ ist kein Tag. Verstanden werden zum Beispiel 3.12.2026, 2026-12, heute, <7t."
    ),
    ProblemKind.NOTHING_TO_FIND: N_("„{text}“ enthält weder Buchstaben noch Ziffern."),
    ProblemKind.LONELY_OR: N_("„{text}“ braucht links und rechts einen Suchbegriff."),
    ProblemKind.TOO_MANY: N_("Mehr als {most} Suchbegriffe auf einmal; ab „{text}“ bleiben sie außer Acht."),
}
