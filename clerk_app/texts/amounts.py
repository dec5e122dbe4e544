"""Beträge as people type them. What can be read in two ways is not read at all: a fee is never a guess."""

from __future__ import annotations

import re
from decimal import Decimal

from clerk_app.texts.catalogue import language

LARGEST_EUROS = Decimal("9999999.99")
_GERMAN = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,([0-9]{1,2}))?")
_ENGLISH = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]{1,2}))?")
_SPACES = re.compile(r"[\s\u00a0\u202f]+")


def read_euros(typed: str) -> Decimal | None:
    """An amount of euros with two decimals, or None when the text is not clearly one.

    German: ``12``, ``12,5``, ``1.234,50``, also with ``€`` or ``EUR``; never ``12.50``, which may be twelve
    and a half as well as a slip of the pen for 1.250. English turns point and comma round.
    """
    text = _SPACES.sub("", typed)
    text = re.sub(r"^(?:€|EUR)|(?:€|EUR)$", "", text, flags=re.IGNORECASE)
    found = (_ENGLISH if language() == "en" else _GERMAN).fullmatch(text)
    if found is None:
        return None
    whole = re.sub(r"[.,]", "", found.group(1))
    euros = Decimal(f"{whole}.{(found.group(2) or '').ljust(2, '0')}")
    return euros if euros <= LARGEST_EUROS else None


def written_euros(euros: Decimal) -> str:
    """An amount as it is typed: ``1.234,50``; ``read_euros`` reads it back."""
    text = f"{euros:,.2f}"
    if language() == "en":
        return text
    return text.translate(str.maketrans(",.", ".,"))
