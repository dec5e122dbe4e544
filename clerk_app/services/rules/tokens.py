"""The words of a rule. One regular expression without nested repetition: linear in the rule's length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from clerk_app.domain.rules import RuleError, RuleReason

LONGEST_RULE = 500


class TokenKind(StrEnum):
    """Kind of word."""

    DATE = "date"
    NUMBER = "number"
    TEXT = "text"
    ELEMENT = "element"  # ".name", or "." for the element itself
    NAME = "name"  # a path, a function or a keyword
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """``column`` counts characters from 1."""

    kind: TokenKind
    text: str
    column: int


_PART = r"(?:[$@#]?\w+(?:-\w+)*)"
_REST = rf"(?:\.(?:\*(?!\*)|{_PART}))*"
_TOKEN = re.compile(
    rf"""
    (?P<space>[ \t\r\n]+)
  | (?P<date>\d{{4}}-\d\d-\d\d(?![\w.-]))
  | (?P<number>\d+(?:\.\d+)?(?![\w.]))
  | "(?P<text>[^"]*)"
  | (?P<name>(?:\*\*\.{_PART}|(?:[$@#]\w|[^\W\d])\w*(?:-\w+)*){_REST})
  | (?P<element>\.(?:{_PART}{_REST})?)
  | (?P<sign><=|>=|!=|[=<>+\-*(),])
    """,
    re.VERBOSE,
)
_KINDS = {kind.value: kind for kind in TokenKind}


def tokens(source: str) -> Iterator[Token]:
    """The words of a rule, and an END behind the last.

    :raises RuleError: TOO_LONG, TEXT_OPEN, UNEXPECTED
    """
    if len(source) > LONGEST_RULE:
        raise RuleError(RuleReason.TOO_LONG, LONGEST_RULE + 1, {"most": str(LONGEST_RULE)})
    at = 0
    while at < len(source):
        found = _TOKEN.match(source, at)
        if found is None:
            open_text = source[at] == '"'
            reason = RuleReason.TEXT_OPEN if open_text else RuleReason.UNEXPECTED
            raise RuleError(reason, at + 1, {"found": source[at : at + 20]})
        group = str(found.lastgroup)
        if group != "space":
            yield Token(_KINDS[group], found[group], at + 1)
        at = found.end()
    yield Token(TokenKind.END, "", len(source) + 1)
