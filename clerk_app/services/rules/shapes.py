"""What ``valid`` knows of how things are written. It says nothing of whether they exist."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_GERMAN_IBAN_LENGTH = 22
_EMAIL = re.compile(r"[^\s@<>\"(),:;]{1,64}@[^\W_](?:[\w-]*\w)?(?:\.[^\W_](?:[\w-]*\w)?)+")
_LONGEST_EMAIL = 254
_POSTCODE = re.compile(r"[0-9]{5}")
# Distinguishing letters of the district, one or two letters, up to four digits, E or H (FZV § 9, Anlage 4).
_PLATE = re.compile(r"[A-ZÄÖÜ]{1,3}[ -]{1,3}[A-Z]{1,2}[ -]{0,3}[1-9][0-9]{0,3} ?[EH]?")
_DIGITS_15 = re.compile(r"[0-9]{15}")


def _is_iban(text: str) -> bool:
    """ISO 13616: country, check digits (remainder 1 modulo 97), account."""
    packed = "".join(text.split()).upper()
    if not _IBAN.fullmatch(packed) or (packed[:2] == "DE" and len(packed) != _GERMAN_IBAN_LENGTH):
        return False
    return int("".join(str(int(sign, 36)) for sign in packed[4:] + packed[:4])) % 97 == 1


def _is_email(text: str) -> bool:
    return len(text) <= _LONGEST_EMAIL and _EMAIL.fullmatch(text) is not None


VALID: Mapping[str, Callable[[str], bool]] = {
    "iban": _is_iban,
    "email": _is_email,
    "postcode": lambda text: _POSTCODE.fullmatch(text) is not None,
    "plate": lambda text: _PLATE.fullmatch(text.upper()) is not None,
    "digits-15": lambda text: _DIGITS_15.fullmatch("".join(text.split())) is not None,
}
"""By the word a rule uses."""
