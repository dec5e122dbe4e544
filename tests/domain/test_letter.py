"""A letter as data: completeness, texts, canonical facts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.letter import (
    AppealNotice,
    BulletList,
    Letter,
    LetterKind,
    LetterSender,
    Paragraph,
    SignaturePlace,
    Table,
)

LETTER = Letter(
    kind=LetterKind.DECISION_REFUSED,
    title="Bescheid 1",
    sender=LetterSender(
        name="Stadt Musterhausen", street="Rathausplatz 1", postcode="12345", city="Musterhausen"
    ),
    recipient=("Ć. Müller", "Weg 1", "12345 Musterhausen"),
    reference="1",
    date_on=date(2026, 11, 24),
    subject="Betreff",
    blocks=(Paragraph("Text"), SignaturePlace()),
)


def missing_in(letter: Letter) -> str:
    with pytest.raises(ClerkError) as caught:
        letter.require_complete()
    assert caught.value.code is ErrorCode.LETTER_INCOMPLETE
    return str(caught.value.params["missing"])


def test_a_complete_letter_passes() -> None:
    LETTER.require_complete()


@pytest.mark.parametrize(
    ("part", "empty"),
    [
        ("title", ""),
        ("recipient", ("", " ")),
        ("reference", " "),
        ("subject", ""),
        ("blocks", ()),
        ("language", ""),
    ],
)
def test_every_missing_part_is_named(part: str, empty: object) -> None:
    assert missing_in(replace(LETTER, **{part: empty})) == part  # type: ignore[arg-type]


def test_all_missing_parts_are_named_at_once() -> None:
    assert missing_in(replace(LETTER, subject="", sender=LetterSender(name=" "))) == "sender, subject"


@pytest.mark.parametrize(
    "table",
    [
        Table((), ()),
        Table(("a", "b"), (("1",),)),
        Table(("a", "b"), (), widths=(1.0,)),
        Table(("a", "b"), (), widths=(1.0, 0.0)),
    ],
)
def test_a_crooked_table_is_refused(table: Table) -> None:
    assert missing_in(replace(LETTER, blocks=(table,))) == "table"


def test_an_empty_appeal_notice_is_refused() -> None:
    assert missing_in(replace(LETTER, blocks=(AppealNotice(" \n"),))) == "appeal notice"


def test_two_signature_places_are_refused() -> None:
    assert (
        missing_in(replace(LETTER, blocks=(SignaturePlace(), SignaturePlace()))) == "one signature place only"
    )


def test_return_address_is_made_of_the_parts_that_are_there() -> None:
    assert LETTER.sender.return_address == "Stadt Musterhausen · Rathausplatz 1 · 12345 Musterhausen"
    assert LetterSender(name="Amt").return_address == "Amt"
    assert LetterSender(name="Amt", return_line="Amt, Postfach 1").return_address == "Amt, Postfach 1"


def test_texts_are_all_printed_words() -> None:
    letter = replace(
        LETTER,
        blocks=(
            BulletList(("eins", "zwei")),
            Table(("Kopf",), (("Zelle",),)),
            AppealNotice("Frist", heading="RBB"),
        ),
        info=(("Auskunft", "Jörg"),),
        footer=(("IBAN",),),
    )
    assert {"eins", "zwei", "Kopf", "Zelle", "Frist", "RBB", "Auskunft", "Jörg", "IBAN", "Ć. Müller"} <= set(
        letter.texts()
    )
    assert letter.words.practice_notice not in set(letter.texts())
    assert letter.words.practice_notice in set(replace(letter, practice=True).texts())


def test_facts_are_canonical_json() -> None:
    one = replace(LETTER, facts=MappingProxyType({"b": 1, "a": MappingProxyType({"ä": None})}))
    other = replace(LETTER, facts={"a": {"ä": None}, "b": 1})
    assert one.facts_json() == other.facts_json()
    assert json.loads(one.facts_json()) == {"a": {"ä": None}, "b": 1}
    assert "ä".encode() in one.facts_json()


def test_facts_json_does_not_know_are_a_defect() -> None:
    with pytest.raises(TypeError):
        replace(LETTER, facts={"on": date(2026, 1, 1)}).facts_json()


def test_decisions_are_told_from_other_letters() -> None:
    assert {kind for kind in LetterKind if kind.is_decision} == {
        LetterKind.DECISION_GRANTED,
        LetterKind.DECISION_PARTLY_GRANTED,
        LetterKind.DECISION_REFUSED,
    }
