"""Where the translations come from: compiled gettext catalogues, read once per language."""

from __future__ import annotations

import gettext as _gettext
from pathlib import Path

DOMAIN = "clerk_app"
SOURCE_LANGUAGE = "de"
#: Languages a person can choose, with their own names. Upper Sorbian is begun, not complete.
LANGUAGES: dict[str, str] = {"de": "Deutsch", "en": "English", "hsb": "Hornjoserbšćina"}


class _German(_gettext.NullTranslations):
    """The source language: every text is its own translation, plurals by the German rule."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid1 if n == 1 else msgid2


_loaded: dict[str, _gettext.NullTranslations] = {SOURCE_LANGUAGE: _German()}
_language = SOURCE_LANGUAGE
_current: _gettext.NullTranslations = _loaded[SOURCE_LANGUAGE]


def catalogue_dir() -> Path:
    """The folder of the catalogues: inside an installed package, else beside it in the source tree."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_translations"
    return installed if installed.is_dir() else package.parent / "translations"


def set_language(code: str) -> str:
    """Choose the language of all texts from now on and return the one in force.

    ``code`` may be a locale name (``en_GB.UTF-8``); a language nobody translated falls back to German.
    """
    global _language, _current
    chosen = code.replace("-", "_").split(".")[0].split("_")[0].lower()
    if chosen not in LANGUAGES:
        chosen = SOURCE_LANGUAGE
    if chosen not in _loaded:
        found = _gettext.translation(DOMAIN, str(catalogue_dir()), [chosen], fallback=True)
        if isinstance(found, _gettext.GNUTranslations):
            found.add_fallback(_loaded[SOURCE_LANGUAGE])
        else:
            found = _loaded[SOURCE_LANGUAGE]
        _loaded[chosen] = found
    _language, _current = chosen, _loaded[chosen]
    return chosen


def language() -> str:
    """The language in force: a key of ``LANGUAGES``."""
    return _language


def gettext(message: str) -> str:
    """The text in the language in force; the German source where there is no translation."""
    return _current.gettext(message) if message else ""


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form for ``n`` things, by the plural rule of the language in force."""
    return _current.ngettext(singular, plural, n)


def N_(message: str) -> str:  # noqa: N802 - the customary name, known to the extractor
    """Mark a text for translation without translating it yet."""
    return message
