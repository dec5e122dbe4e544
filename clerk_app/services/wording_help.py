"""Formulierungshilfe: looks through what a clerk writes and says what could be plainer. It never blocks.

What is looked for is data (``resources/wording/de.toml``); what an office wants of it is its policy.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from clerk_app.domain.letter_templates import DatedText
from clerk_app.domain.service_package import ServiceDescription
from clerk_app.domain.wording_hints import HintKind, WordingHint, WordingPolicy
from clerk_app.services.catalogue import CatalogueError, resources_folder

MOST_HINTS = 100
_LONGEST_TEXT = 100_000  # nobody writes more; a pasted book must not hold anybody up
_SIGN = re.compile(r"\b(\w+?)(?:[*:_]in(nen)?|(?<=[a-zäöüß])In(nen)?)\b")
_SHORT_FORM = re.compile(r"\b(?:[A-ZÄÖÜ]{2,6}|[A-ZÄÖÜ][a-zäöü]{1,4}(?:[A-ZÄÖÜ]{1,3}[a-zäöü]{0,3}){1,2})\b")
_ROMAN = re.compile(r"[IVXLC]+")
_WORD = re.compile(r"\w+")
_END = re.compile(r"[.!?]+[\"“’)]*(?=\s|\Z)|\n\s*\n|\n(?=\s*[-–•])")


@dataclass(frozen=True)
class _Better:
    pattern: re.Pattern[str]
    use: tuple[str, ...]


@dataclass(frozen=True)
class _Norm:
    pattern: re.Pattern[str]
    until: date
    now: str


@dataclass(frozen=True)
class WordingRules:
    """What is looked for in texts of one language."""

    neutral: tuple[_Better, ...]
    plain: tuple[_Better, ...]
    long_forms: dict[str, str]
    allowed: frozenset[str]
    dotted: re.Pattern[str]
    norms: tuple[_Norm, ...]
    longest_sentence_words: int


@cache
def load_wording_rules(path: Path | None = None) -> WordingRules:
    """The rules for German.

    :raises CatalogueError: the file is not usable; names it and what is wrong
    """
    path = path if path is not None else resources_folder("wording") / "de.toml"
    try:
        with path.open("rb") as source:
            return _read(tomllib.load(source))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise CatalogueError(f"{path.name}: {error!r}") from error


def wording_hints(
    text: str,
    on: date,
    policy: WordingPolicy,
    dated: Sequence[DatedText] = (),
    rules: WordingRules | None = None,
) -> tuple[WordingHint, ...]:
    """Everything worth saying about ``text`` in a letter of that day, in the order of the text.

    ``dated`` are the texts of law and text blocks of the service: one that stands in ``text`` and is not in
    force is named. At most ``MOST_HINTS``.
    """
    rules = rules if rules is not None else load_wording_rules()
    text = text[:_LONGEST_TEXT]
    found = [
        *(_neutral(text, rules) if policy.neutral else ()),
        *_plain(text, rules),
        *_long_sentences(text, rules, policy.longest_sentence_words or rules.longest_sentence_words),
        *_abbreviations(text, rules),
        *_outdated(text, on, rules, dated),
    ]
    return tuple(sorted(found, key=lambda hint: (hint.start, hint.end, hint.kind)))[:MOST_HINTS]


def service_hints(
    text: str, on: date, policy: WordingPolicy, description: ServiceDescription | None
) -> tuple[WordingHint, ...]:
    """The hints about a text in a letter of that service; the dated texts are those of its templates."""
    dated: list[DatedText] = []
    if description is not None:
        dated += [each for template in description.templates for each in template.legal_basis]
        dated += [each for notice in description.notices.values() for each in notice.legal_basis]
    return wording_hints(text, on, policy, dated)


def _neutral(text: str, rules: WordingRules) -> Iterator[WordingHint]:
    for rule in rules.neutral:
        for found in rule.pattern.finditer(text):
            if not _paired(text, found):
                yield WordingHint(HintKind.NEUTRAL, found.start(), found.end(), found.group(), rule.use)
    for found in _SIGN.finditer(text):
        suggestions = next((rule.use for rule in rules.neutral if rule.pattern.fullmatch(found.group(1))), ())
        yield WordingHint(HintKind.NEUTRAL, found.start(), found.end(), found.group(), suggestions)


def _paired(text: str, found: re.Match[str]) -> bool:
    """Whether both forms are named: "Mieterinnen und Mieter", "die Halterin oder der Halter"."""
    stem = re.escape(found.group().rstrip("sn"))
    near = text[max(0, found.start() - 40) : found.end() + 40]
    return re.search(rf"\b{stem}n?in(nen)?\b", near) is not None


def _long_sentences(text: str, rules: WordingRules, longest: int) -> Iterator[WordingHint]:
    for start, end in _sentences(text, rules):
        count = len(_WORD.findall(text, start, end))
        if count > longest:
            yield WordingHint(HintKind.LONG_SENTENCE, start, end, text[start:end], detail=str(count))


def _sentences(text: str, rules: WordingRules) -> Iterator[tuple[int, int]]:
    """Where sentences stand. A point after an abbreviation, a single letter or an ordinal ends none."""
    begin = 0
    for found in _END.finditer(text):
        if found.group().startswith("\n") or not _goes_on(text, begin, found, rules):
            yield from _trimmed(text, begin, found.end())
            begin = found.end()
    yield from _trimmed(text, begin, len(text))


def _goes_on(text: str, begin: int, found: re.Match[str], rules: WordingRules) -> bool:
    if not found.group().startswith("."):
        return False
    last = text[begin : found.start()].rsplit(None, 1)[-1:] or [""]
    token = last[0].lstrip("(„»")
    return token.isdecimal() or len(token) <= 1 or _spaced(f"{token}.") in rules.long_forms


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _abbreviations(text: str, rules: WordingRules) -> Iterator[WordingHint]:
    """Each one once, where it stands first."""
    seen: set[str] = set()
    for found in rules.dotted.finditer(text):
        short = _spaced(found.group())
        if short not in seen and short not in rules.allowed and short in rules.long_forms:
            seen.add(short)
            yield WordingHint(
                HintKind.ABBREVIATION, found.start(), found.end(), found.group(), (rules.long_forms[short],)
            )
    for found in _SHORT_FORM.finditer(text):
        short = found.group()
        if short in seen or short in rules.allowed or _ROMAN.fullmatch(short):
            continue
        seen.add(short)
        meaning = rules.long_forms.get(short, "")
        explained = re.search(rf"\w\s*\(\s*{re.escape(short)}\s*\)", text) is not None
        if explained or (meaning and meaning.casefold() in text.casefold()):
            continue
        suggestions = (f"{meaning} ({short})", meaning) if meaning else ()
        yield WordingHint(HintKind.ABBREVIATION, found.start(), found.end(), short, suggestions, meaning)


def _spaced(short: str) -> str:
    """An abbreviation as the list spells it: "o.g." is "o. g."."""
    return re.sub(r"\s+", " ", re.sub(r"\.(?=\w)", ". ", short))


def _plain(text: str, rules: WordingRules) -> Iterator[WordingHint]:
    for rule in rules.plain:
        for found in rule.pattern.finditer(text):
            yield WordingHint(HintKind.PLAIN, found.start(), found.end(), found.group(), rule.use)


def _outdated(text: str, on: date, rules: WordingRules, dated: Sequence[DatedText]) -> Iterator[WordingHint]:
    for norm in rules.norms:
        if on >= norm.until:
            for found in norm.pattern.finditer(text):
                yield WordingHint(
                    HintKind.OUTDATED_LAW,
                    found.start(),
                    found.end(),
                    found.group(),
                    (norm.now,),
                    f"until:{norm.until.isoformat()}",
                )
    in_force = {each.text for each in dated if each.holds(on)}
    for each in dated:
        at = text.find(each.text) if each.text and each.text not in in_force else -1
        if at >= 0:
            over = each.valid_until is not None and each.valid_until <= on
            detail = f"until:{each.valid_until}" if over else f"from:{each.valid_from}"
            yield WordingHint(HintKind.OUTDATED_LAW, at, at + len(each.text), each.text, (), detail)


def _read(tree: dict[str, Any]) -> WordingRules:
    abbreviations = tree["abbreviation"]
    dotted = [str(each["short"]) for each in abbreviations if str(each["short"]).endswith(".")]
    spelled = "|".join(
        re.escape(short).replace(r"\ ", r"\s?") for short in sorted(dotted, key=len, reverse=True)
    )
    return WordingRules(
        neutral=_better(tree["neutral"]),
        plain=_better(tree["plain"]),
        long_forms={str(each["short"]): str(each["long"]) for each in abbreviations},
        allowed=frozenset(str(each["short"]) for each in abbreviations if each.get("allowed") is True),
        dotted=re.compile(rf"(?<!\w)(?:{spelled})"),
        norms=tuple(
            _Norm(_whole_words(each["words"]), _day(each["until"]), str(each["now"])) for each in tree["norm"]
        ),
        longest_sentence_words=int(tree["longest_sentence_words"]),
    )


def _better(entries: Sequence[dict[str, Any]]) -> tuple[_Better, ...]:
    return tuple(_Better(_whole_words(each["words"]), tuple(each["use"])) for each in entries)


def _whole_words(words: Sequence[str]) -> re.Pattern[str]:
    spelled = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w*:_])(?:{spelled})(?![\w*:_])")


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError("not a date")
    return value
