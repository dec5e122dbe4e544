"""Reads the words of letters from a description's TOML: decision templates, notices, dated law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from clerk_app.domain.deadlines import ProcedureLaw
from clerk_app.domain.decision import Outcome
from clerk_app.domain.letter import LetterKind
from clerk_app.domain.letter_templates import (
    DatedFee,
    DatedText,
    DecisionWords,
    HearingDuty,
    LetterTemplate,
    NoticeTemplate,
    NoticeWords,
)
from clerk_app.domain.localized import Localized

_NEEDS = frozenset({"text", "due_on", "authority"})


def localized(pair: Iterable[str]) -> Localized:
    """German and English words, in this order. Raises ValueError when one is missing."""
    german, english = pair
    if not german or not english:
        raise ValueError("a text needs German and English words")
    return Localized({"de": german, "en": english})


def read_templates(tree: Mapping[str, Any], land: str | None) -> list[LetterTemplate]:
    """The decision templates of a description; legal texts of other Länder than ``land`` are left out."""
    return [
        LetterTemplate(
            name=item["name"],
            title=localized(item["title"]),
            outcome=Outcome(item["outcome"]),
            words=_decision_words(item),
            legal_basis=dated_texts(item.get("legal_basis", ()), land),
            fees=tuple(_fee(fee) for fee in item.get("fee", ())),
            translations={
                code: _decision_words(words) for code, words in item.get("translations", {}).items()
            },
            hearing=optional_duty(item.get("hearing")),
            burdening=bool(item.get("burdening", False)),
        )
        for item in tree.get("template", ())
    ]


def read_notices(tree: Mapping[str, Any], land: str | None) -> dict[LetterKind, NoticeTemplate]:
    """The other letters' templates by kind."""
    found = {}
    for item in tree.get("notice", ()):
        kind = LetterKind(item["kind"])
        needs = tuple(item.get("needs", ()))
        if kind.is_decision or not set(needs) <= _NEEDS:
            raise ValueError(f"notice {kind.value}: not a notice, or unknown needs {needs}")
        found[kind] = NoticeTemplate(
            kind=kind,
            words=_notice_words(item),
            legal_basis=dated_texts(item.get("legal_basis", ()), land),
            translations={code: _notice_words(words) for code, words in item.get("translations", {}).items()},
            needs=needs,
            signed=bool(item.get("signed", False)),
        )
    return found


def optional_duty(value: str | None) -> HearingDuty | None:
    """A hearing duty, or None where nothing is said."""
    return None if value is None else HearingDuty(value)


def dated_texts(items: Iterable[Mapping[str, Any]], land: str | None) -> tuple[DatedText, ...]:
    """Words of law as far as they hold in ``land`` (None: in any)."""
    return tuple(
        DatedText(
            str(item["text"]),
            day(item["valid_from"]),
            optional_day(item.get("valid_until")),
            None if item.get("law") is None else ProcedureLaw(item["law"]),
            dict(item.get("translations", {})),
        )
        for item in items
        if land is None or item.get("land") in (None, land)
    )


def day(value: object) -> date:
    """A TOML date. Raises TypeError for anything else."""
    if not isinstance(value, date):
        raise TypeError("not a date")
    return value


def optional_day(value: object) -> date | None:
    """A TOML date or None."""
    return None if value is None else day(value)


def _decision_words(item: Mapping[str, Any]) -> DecisionWords:
    return DecisionWords(
        subject=item["subject"],
        operative=tuple(item["operative"]),
        reasons=tuple(item.get("reasons", ())),
        notes=tuple(item.get("notes", ())),
    )


def _notice_words(item: Mapping[str, Any]) -> NoticeWords:
    return NoticeWords(
        subject=item["subject"],
        opening=tuple(item.get("opening", ())),
        closing=tuple(item.get("closing", ())),
        with_due=tuple(item.get("with_due", ())),
    )


def _fee(item: Mapping[str, Any]) -> DatedFee:
    return DatedFee(
        Decimal(str(item["euros"])),
        str(item["basis"]),
        day(item["valid_from"]),
        optional_day(item.get("valid_until")),
        str(item.get("text", "")),
    )
