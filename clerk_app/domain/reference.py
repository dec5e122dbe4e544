"""Aktenzeichen without a central counter: desktops are offline and must never give one number twice."""

from __future__ import annotations

import hashlib

from clerk_app.domain.ids import CaseId

# Crockford's base 32: no I, L, O, U, so that it can be read out on the telephone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def case_reference(case_id: CaseId, year: int) -> str:
    """The case's reference, for example ``2026-7KQ4-M2XR``: the year of arrival and 40 bits of the case id's
    SHA-256. The same on every desktop and after every rebuild (decision record 0004)."""
    number = int.from_bytes(hashlib.sha256(case_id.lower().encode()).digest()[:5], "big")
    letters = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(35, -1, -5))
    return f"{year}-{letters[:4]}-{letters[4:]}"
