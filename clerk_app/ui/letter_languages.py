"""Languages of letters and applications as the window names them. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping

from clerk_app.domain.correspondence import LetterLanguages
from clerk_app.texts import N_, _

_NAMES: Mapping[str, str] = {
    "de": N_("Deutsch"),
    "hsb": N_("Obersorbisch"),
    "dsb": N_("Niedersorbisch"),
    "en": N_("Englisch"),
    "uk": N_("Ukrainisch"),
    "ru": N_("Russisch"),
    "pl": N_("Polnisch"),
    "cs": N_("Tschechisch"),
    "tr": N_("Türkisch"),
    "ar": N_("Arabisch"),
    "fr": N_("Französisch"),
    "it": N_("Italienisch"),
    "es": N_("Spanisch"),
    "ro": N_("Rumänisch"),
}


def language_name(code: str) -> str:
    """The language's name, its code for one nobody named."""
    return _(_NAMES[code]) if code in _NAMES else code


def language_options(languages: LetterLanguages) -> list[tuple[str | None, str]]:
    """What can be chosen: the value of ``Wording.language`` and its words. The first follows the case."""

    def both(code: str) -> str:
        return _("Deutsch und {language}").format(language=language_name(code))

    wished = languages.wished
    if wished is None:
        return [(None, _("Deutsch")), *((code, both(code)) for code in languages.offered)]
    first = _("Wie gewünscht: {languages}").format(languages=both(wished))
    others = [(code, both(code)) for code in languages.offered if code != wished]
    return [(None, first), ("de", _("Nur Deutsch")), *others]
