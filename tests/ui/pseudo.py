"""A language made of the German source: longer by a third, accented, in brackets. What it does not reach was
written into the program past the catalogue; what it makes overflow has no room for a real language either."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from contextlib import contextmanager

from clerk_app.texts import catalogue

_ACCENTS = str.maketrans("aeiouncAEIOUNC", "áéíóúñçÁÉÍÓÚÑÇ")
_KEPT = re.compile(r"(\{[^{}]*\}|&.|\n)")  # placeholders, mnemonics, lines
_MORE = 0.35
_FILLING = "lorem ipsum "


def pseudo(text: str) -> str:
    """The text in that language: ``[&Prüfén lor]``. Placeholders, mnemonics and lines are kept."""
    said = "".join(part if at % 2 else part.translate(_ACCENTS) for at, part in enumerate(_KEPT.split(text)))
    length = len(re.sub(r"\{[^{}]*\}", "", text).strip())
    more = max(2, round(length * _MORE) - 2)
    filling = (_FILLING * (more // len(_FILLING) + 1))[:more].rstrip()
    return f"[{said} {filling}]"


class _Pseudo(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2)


@contextmanager
def pseudo_language() -> Iterator[None]:
    """Every text of the program is pseudo while this lasts; dates and numbers stay German."""
    before = catalogue._current
    catalogue._current = _Pseudo()
    try:
        yield
    finally:
        catalogue._current = before


def outside(text: str) -> str:
    """What of a text on the screen stands in no bracket: values, or words that were forgotten."""
    depth, found = 0, []
    for letter in text:
        if letter == "[":
            depth += 1
        elif letter == "]" and depth:
            depth -= 1
            found.append(" ")
        elif not depth:
            found.append(letter)
    return "".join(found)
