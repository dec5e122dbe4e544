"""Reading single values of a parameters file: days, amounts, lists, and what they must look like."""

from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Self
from urllib.parse import urlsplit

from clerk_app.domain.authority import ParameterValue
from clerk_app.domain.errors import ErrorCode
from clerk_app.system.profile_values import Check, FileCodes, Section

PARAMETERS_CODES = FileCodes(
    ErrorCode.PARAMETERS_MISSING,
    ErrorCode.PARAMETERS_UNREADABLE,
    ErrorCode.PARAMETERS_KEY_MISSING,
    ErrorCode.PARAMETERS_KEY_UNKNOWN,
    ErrorCode.PARAMETERS_VALUE_WRONG,
)
_MOST_EUROS = Decimal(10_000_000)
_LONGEST_TEXT = 2_000


class ParameterSection(Section):
    """One table of a parameters file. Its numbers with a point are Decimal: nothing is rounded."""

    def optional_sections(self, key: str) -> list[Self]:
        """The tables of the array ``key``, or none."""
        return self.sections(key) if self.has(key) else []

    def texts(self, key: str, check: Check | None = None, expected: str = "text_list") -> tuple[str, ...]:
        """A list of texts, or an empty one where the key is absent."""
        found = self.tree.get(key, [])
        if not isinstance(found, list):
            raise self.wrong(key, expected)
        texts = []
        for item in found:
            text = item.strip() if isinstance(item, str) else ""
            if not text or not text.isprintable() or (check is not None and not check(text)):
                raise self.wrong(key, expected)
            texts.append(text)
        return tuple(texts)

    def optional_integer(self, key: str, least: int, most: int, expected: str) -> int | None:
        """A whole number within bounds, or None where the key is absent."""
        return self.integer(key, least, most, expected, default=least) if self.has(key) else None

    def optional_boolean(self, key: str) -> bool | None:
        """True or false, or None where the key is absent."""
        return self.boolean(key, default=False) if self.has(key) else None

    def valid_from(self, default: date | None = None) -> date:
        """The first day something is in force."""
        if default is not None and not self.has("valid_from"):
            return default
        return self._day("valid_from")

    def valid_until(self, valid_from: date) -> date | None:
        """The first day it is no longer in force; after its first."""
        if not self.has("valid_until"):
            return None
        until = self._day("valid_until")
        if until <= valid_from:
            raise self.wrong("valid_until", "after_valid_from")
        return until

    def euros(self, key: str) -> Decimal:
        """An amount: ``"12.50"``, or a number. Cents at most."""
        found = self._required(key, "euros")
        if isinstance(found, bool) or not isinstance(found, str | int | Decimal):
            raise self.wrong(key, "euros")
        if isinstance(found, str) and not re.fullmatch(r"[0-9]{1,8}(\.[0-9]{1,2})?", found):
            raise self.wrong(key, "euros")
        try:
            euros = Decimal(found)
            whole = euros.quantize(Decimal("0.01"))
        except InvalidOperation:
            raise self.wrong(key, "euros") from None
        if whole != euros or not 0 <= euros <= _MOST_EUROS:
            raise self.wrong(key, "euros")
        return whole

    def value(self, key: str) -> ParameterValue:
        """A number, a text, or a day (as ISO text)."""
        found = self._required(key, "parameter_value")
        if type(found) is date:
            return found.isoformat()
        if isinstance(found, bool) or not isinstance(found, str | int | Decimal):
            raise self.wrong(key, "parameter_value")
        if isinstance(found, str):
            return self.text(key, lambda text: len(text) <= _LONGEST_TEXT, "parameter_value")
        number = Decimal(found)
        if not number.is_finite():
            raise self.wrong(key, "parameter_value")
        return number

    def once(self, key: str, seen: set[Hashable], *identity: Hashable) -> None:
        """Refuses what stands in the file twice.

        :raises ClerkError: ``codes.value_wrong``, expected ``once``
        """
        if identity in seen:
            raise self.wrong(key, "once")
        seen.add(identity)

    def _day(self, key: str) -> date:
        found = self._required(key, "date")
        if type(found) is not date:  # a time of day is no day
            raise self.wrong(key, "date")
        return found


def is_leika_key(text: str) -> bool:
    """Fourteen digits that begin with 99."""
    return re.fullmatch(r"99[0-9]{12}", text) is not None


def is_package_id(text: str) -> bool:
    """An id as packages have it."""
    return re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*", text) is not None


def is_parameter_name(text: str) -> bool:
    """A name as rules ask for it."""
    return re.fullmatch(r"[a-z][a-z0-9]*([._-][a-z0-9]+)*", text) is not None


def is_page(text: str) -> bool:
    """An https address of a page (Routing API: ``^https://.+``); without credentials."""
    if not text.startswith("https://") or any(character.isspace() for character in text):
        return False
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def is_iban(text: str) -> bool:
    """An IBAN with right check digits (ISO 13616); spaces do not matter."""
    iban = text.replace(" ", "")
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", iban):
        return False
    return int("".join(str(int(each, 36)) for each in iban[4:] + iban[:4])) % 97 == 1


def is_bic(text: str) -> bool:
    """A BIC of eight or eleven characters (ISO 9362)."""
    return re.fullmatch(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?", text) is not None
