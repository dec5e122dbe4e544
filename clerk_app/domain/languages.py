"""Sprache of an application: codes (BCP 47) for the names by which forms and people call a language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: Names of languages in lower case, German ones first: what a clerk is offered when searching.
NAMES: Mapping[str, tuple[str, ...]] = {
    "de": ("deutsch", "german", "ger", "deu"),
    "hsb": ("obersorbisch", "hornjoserbšćina", "hornjoserbsce", "serbsce", "upper-sorbian"),
    "dsb": ("niedersorbisch", "dolnoserbski", "lower-sorbian"),
    "en": ("englisch", "english", "eng"),
    "uk": ("ukrainisch", "українська", "ukrainian", "ukr"),
    "ru": ("russisch", "русский", "russian", "rus"),
    "pl": ("polnisch", "polski", "polish", "pol"),
    "cs": ("tschechisch", "čeština", "czech", "cze", "ces"),
    "tr": ("türkisch", "türkçe", "turkish", "tur"),
    "ar": ("arabisch", "العربية", "arabic", "ara"),
    "fr": ("französisch", "français", "french", "fra", "fre"),
    "it": ("italienisch", "italiano", "italian", "ita"),
    "es": ("spanisch", "español", "spanish", "spa"),
    "ro": ("rumänisch", "română", "romanian", "ron", "rum"),
}
_FAMILIES: Mapping[str, tuple[str, ...]] = {"sorbisch": ("hsb", "dsb"), "sorbian": ("hsb", "dsb")}
_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*")
_LONGEST_WRITTEN = 40


@dataclass(frozen=True)
class LanguageWish:
    """Languages a search asks for. "" stands for an application that names none."""

    codes: tuple[str, ...]


def language_code(text: str) -> str:
    """The code of a language as a form names it: ``hsb-DE``, ``Obersorbisch``, ``english``. What nobody here
    knows stays as it is written, shortened; blank text gives ""."""
    written = " ".join(text.split())
    wanted = written.casefold()
    for code, names in NAMES.items():
        if wanted == code or wanted in names:
            return code
    tag = _TAG.fullmatch(wanted)
    if tag is not None:
        found = tag[1]
        return next((code for code, names in NAMES.items() if found in names), found)
    return written[:_LONGEST_WRITTEN]


def language_wish(text: str) -> LanguageWish | None:
    """What a search for a language means, or None for a language nobody here knows. Who names no language is
    answered in German (VwVfG § 23 (1)): a search for German finds those applications as well."""
    wanted = text.strip().casefold().replace(" ", "-")
    if wanted in _FAMILIES:
        return LanguageWish(_FAMILIES[wanted])
    code = language_code(wanted)
    if code not in NAMES and not (code == wanted and _TAG.fullmatch(code)):
        return None
    return LanguageWish((code, "") if code == "de" else (code,))
