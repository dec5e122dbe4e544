"""Formulierungshilfe: hints about a text a clerk writes. They never block anything."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class HintKind(StrEnum):
    """What a hint is about."""

    NEUTRAL = "neutral"  # wording the office's policy asks to avoid
    PLAIN = "plain"  # officialese for which there is a plain word
    LONG_SENTENCE = "long-sentence"
    ABBREVIATION = "abbreviation"  # used, never explained
    OUTDATED_LAW = "outdated-law"  # a norm or text block no longer, or not yet, in force on the letter's day


@dataclass(frozen=True, slots=True)
class WordingHint:
    """``start`` and ``end`` count characters of the text from 0. ``suggestions`` replace that part."""

    kind: HintKind
    start: int
    end: int
    found: str
    suggestions: tuple[str, ...] = ()
    detail: str = ""  # number of words; what the abbreviation means; until when the norm held


@dataclass(frozen=True, slots=True)
class WordingPolicy:
    """What an office wants to be told. ``longest_sentence_words`` 0: the usual number."""

    neutral: bool = True
    longest_sentence_words: int = 0


USUAL_WORDING = WordingPolicy()
"""What an office wants that did not say."""
