"""Search form of names after DIN 91379: Müller, MUELLER and Mueller become MUELLER, Đorđević DORDEVIC.

The table is the official mapping (``resources/din91379``); letters outside of it lose their diacritics.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

_FILE = Path("din91379") / "search-form.txt"


def search_form(text: str) -> str:
    """``text`` in upper-case search form: for stored names, for queries and as a sort key. Idempotent."""
    if text.isascii():
        return text.upper()
    pattern, table = _mapping()
    composed = unicodedata.normalize("NFC", text)
    mapped = pattern.sub(lambda match: _replacement(match[0], table), composed)
    return mapped.upper()


def without_marks(text: str) -> str:
    """``text`` without its diacritics: é becomes e, letters of their own (ß, ł) stay."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def folded(text: str) -> str:
    """``text`` in lower case without diacritics: what the full-text index's tokenizer makes of it."""
    if text.isascii():
        return text.lower()
    return without_marks(text).lower()


def _replacement(letter: str, table: dict[str, str]) -> str:
    found = table.get(letter)
    return without_marks(letter) if found is None else found


@cache
def _mapping() -> tuple[re.Pattern[str], dict[str, str]]:
    table = {}
    for line in _resource().read_text("ascii").splitlines():
        if not line or line.startswith("#"):
            continue
        letter, _, form = line.partition("=")
        source = "".join(chr(int(code, 16)) for code in letter.split())
        table[unicodedata.normalize("NFC", source)] = form
    sequences = sorted((source for source in table if len(source) > 1), key=len, reverse=True)
    # sequences first (one of them spans two base letters), then any single letter beyond ASCII
    alternatives = [*map(re.escape, sequences), r"[^\x00-\x7f]"]
    return re.compile("|".join(alternatives)), table


def _resource() -> Path:
    package = Path(__file__).resolve().parent.parent
    installed = package / "_resources" / _FILE
    return installed if installed.is_file() else package.parent / "resources" / _FILE
