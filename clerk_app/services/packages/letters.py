"""The words of letters from a package: decision templates, notices, text blocks, dated law and fees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from clerk_app.domain.deadlines import ProcedureLaw
from clerk_app.domain.decision import Outcome
from clerk_app.domain.letter import LetterKind
from clerk_app.domain.letter_templates import (
    BlockPlace,
    DatedFee,
    DatedText,
    DecisionWords,
    HearingDuty,
    LetterTemplate,
    NoticeTemplate,
    NoticeWords,
    TextBlock,
)
from clerk_app.domain.package import LegalBasis
from clerk_app.services.packages.files import FEES, LETTERS, MANIFEST
from clerk_app.services.packages.trees import PackageTrees, Tree
from clerk_app.services.toml_values import day, flag, in_land, localized, optional_day, texts

_NEEDS = frozenset({"text", "due_on", "authority"})


def read_legal_bases(trees: PackageTrees, land: str | None) -> tuple[LegalBasis, ...]:
    """The norms a package refers to, its own before the base's; a key of its own hides the base's."""
    items = trees.laid(MANIFEST, "legal_basis", "key")
    return tuple(_legal_basis(item) for item in items if in_land(item, land))


def read_fees(trees: PackageTrees, land: str | None) -> Mapping[str, tuple[DatedFee, ...]]:
    """The fees by key, with all their times."""
    found: dict[str, tuple[DatedFee, ...]] = {}
    for item in trees.items(FEES, "fee"):
        known = found.setdefault(item["key"], ())
        if in_land(item, land):
            found[item["key"]] = (*known, _fee(item))
    return found


def read_templates(
    trees: PackageTrees, bases: tuple[LegalBasis, ...], fees: Mapping[str, tuple[DatedFee, ...]]
) -> tuple[LetterTemplate, ...]:
    """The decision templates; the base's for outcomes the package has no words for."""
    own = [_template(item, bases, fees) for item in trees.items(LETTERS, "template")]
    covered = {template.outcome for template in own}
    common = [_template(item, bases, fees) for item in trees.base.get("template", ())]
    return (*own, *(template for template in common if template.outcome not in covered))


def read_notices(trees: PackageTrees, bases: tuple[LegalBasis, ...]) -> dict[LetterKind, NoticeTemplate]:
    """The other letters by kind: the base's, overlaid by the package's. What a package's own notice does not
    say about law, needs and signing stays as the base has it."""
    common = {item["kind"]: item for item in trees.base.get("notice", ())}
    own = {item["kind"]: item for item in trees.items(LETTERS, "notice")}
    kept = ("legal_basis", "needs", "signed")
    items = {
        kind: {**{key: common.get(kind, {})[key] for key in kept if key in common.get(kind, {})}, **item}
        for kind, item in {**common, **own}.items()
    }
    return {LetterKind(kind): _notice(item, bases) for kind, item in items.items()}


def read_blocks(trees: PackageTrees, bases: tuple[LegalBasis, ...]) -> tuple[TextBlock, ...]:
    """The text blocks a person may put in; the package's own first."""
    return tuple(
        TextBlock(
            key=item["key"],
            title=localized(item["title"]),
            place=BlockPlace(item["place"]),
            text=item["text"],
            valid_from=day(item["valid_from"]),
            valid_until=optional_day(item.get("valid_until")),
            outcomes=tuple(Outcome(each) for each in item.get("outcomes", ())),
            legal_basis=_law(item, bases),
        )
        for item in trees.laid(LETTERS, "block", "key")
    )


def optional_duty(value: str | None) -> HearingDuty | None:
    """A hearing duty, or None where nothing is said."""
    return None if value is None else HearingDuty(value)


def _legal_basis(item: Tree) -> LegalBasis:
    return LegalBasis(
        key=item["key"],
        text=item["text"],
        valid_from=day(item["valid_from"]),
        valid_until=optional_day(item.get("valid_until")),
        land=item.get("land"),
        assumed=flag(item.get("assumed", False)),
        law=None if item.get("law") is None else ProcedureLaw(item["law"]),
        translations=dict(item.get("translations", {})),
    )


def _fee(item: Tree) -> DatedFee:
    return DatedFee(
        euros=Decimal(item["euros"]),
        basis=item["basis"],
        valid_from=day(item["valid_from"]),
        valid_until=optional_day(item.get("valid_until")),
        text=item.get("text", ""),
        key=item["key"],
    )


def _template(
    item: Tree, bases: tuple[LegalBasis, ...], fees: Mapping[str, tuple[DatedFee, ...]]
) -> LetterTemplate:
    return LetterTemplate(
        name=item["name"],
        title=localized(item["title"]),
        outcome=Outcome(item["outcome"]),
        words=_decision_words(item),
        legal_basis=_law(item, bases),
        fees=tuple(fee for key in item.get("fees", ()) for fee in fees[key]),
        translations={code: _decision_words(words) for code, words in item.get("translations", {}).items()},
        hearing=optional_duty(item.get("hearing")),
        burdening=flag(item.get("burdening", False)),
    )


def _notice(item: Mapping[str, Any], bases: tuple[LegalBasis, ...]) -> NoticeTemplate:
    kind = LetterKind(item["kind"])
    needs = texts(item.get("needs", ()))
    if kind.is_decision or not set(needs) <= _NEEDS:
        raise ValueError(f"notice {kind.value}: not a notice, or unknown needs {needs}")
    return NoticeTemplate(
        kind=kind,
        words=_notice_words(item),
        legal_basis=_law(item, bases),
        translations={code: _notice_words(words) for code, words in item.get("translations", {}).items()},
        needs=needs,
        signed=flag(item.get("signed", False)),
    )


def _law(item: Mapping[str, Any], bases: tuple[LegalBasis, ...]) -> tuple[DatedText, ...]:
    """The words of the norms an entry names, in the order it names them."""
    named: Iterable[str] = texts(item.get("legal_basis", ()))
    return tuple(
        DatedText(basis.text, basis.valid_from, basis.valid_until, basis.law, basis.translations)
        for key in named
        for basis in bases
        if basis.key == key
    )


def _decision_words(item: Tree) -> DecisionWords:
    return DecisionWords(
        subject=item["subject"],
        operative=texts(item["operative"]),
        reasons=texts(item.get("reasons", ())),
        notes=texts(item.get("notes", ())),
    )


def _notice_words(item: Tree) -> NoticeWords:
    return NoticeWords(
        subject=item["subject"],
        opening=texts(item.get("opening", ())),
        closing=texts(item.get("closing", ())),
        with_due=texts(item.get("with_due", ())),
    )
