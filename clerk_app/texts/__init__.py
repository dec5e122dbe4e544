"""Sentences for people, without Qt: one gettext catalogue for the window, the command line and the letters.

Source strings are German; German therefore needs no catalogue. Mark strings with ``_`` (looked up at call
time), ``ngettext`` (count) or ``N_`` (marked only, looked up later with ``_``). No f-strings inside the
calls: placeholders ``{name}`` and ``str.format``.
"""

from __future__ import annotations

from clerk_app.texts.catalogue import LANGUAGES, N_, gettext, language, ngettext, set_language

_ = gettext

__all__ = ["LANGUAGES", "N_", "_", "language", "ngettext", "set_language"]
