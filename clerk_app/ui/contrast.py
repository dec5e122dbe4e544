"""Contrast of two colours after WCAG 2.2, as a pure function over ``#RRGGBB``."""

from __future__ import annotations

from collections.abc import Mapping

#: Pairs of tokens that are painted on each other: text and what it lies on, edges and what they part.
GROUNDS = ("bg", "side", "raised", "sel", "selside", "hover")
TEXT_PAIRS = [
    *[("text", ground) for ground in GROUNDS],
    *[("muted", ground) for ground in ("bg", "side", "raised", "sel", "hover")],
    *[(role, ground) for role in ("warn", "bad", "ok", "info") for ground in ("bg", "side")],
    *[(role, "sel") for role in ("warn", "bad")],
    *[("text", f"{role}_bg") for role in ("warn", "bad", "ok", "info", "neu")],
    ("onact", "act"),
    ("act", "bg"),
]
EDGE_PAIRS = [("border", "bg"), ("focus", "bg"), ("focus", "sel"), ("act", "sel"), ("act", "selside")]
LEAST_TEXT, LEAST_EDGE = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11


def weak_pairs(tokens: Mapping[str, str]) -> list[tuple[str, str, float]]:
    """Pairs that have too little contrast in a look."""
    found = []
    for pairs, least in ((TEXT_PAIRS, LEAST_TEXT), (EDGE_PAIRS, LEAST_EDGE)):
        for first, second in pairs:
            contrast = ratio(tokens[first], tokens[second])
            if contrast < least:
                found.append((first, second, round(contrast, 2)))
    return found


def ratio(first: str, second: str) -> float:
    """Contrast between 1 (none) and 21 (black on white)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
