"""The search field's language: what is understood, what is named as a problem; text and terms agree."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.domain.case import CaseStatus
from clerk_app.domain.languages import LanguageWish
from clerk_app.domain.search_terms import (
    KEYS,
    MOST_TERMS,
    STATUSES,
    VALUES,
    Days,
    Flag,
    ProblemKind,
    Search,
    SearchKey,
    Whose,
    parse,
)

TODAY = date(2026, 11, 26)


def words(search: Search) -> list[list[str]]:
    return [[term.written for term in group] for group in search.groups]


def kinds(text: str) -> list[ProblemKind]:
    return [problem.kind for problem in parse(text, TODAY).problems]


def test_terms_beside_each_other_and_alternatives() -> None:
    search = parse('krawc status:neu ODER status:beantwortet -"nicht dies"', TODAY)
    assert words(search) == [["krawc"], ["status:neu", "status:beantwortet"], ['-"nicht dies"']]
    assert search.problems == ()
    last = search.terms[-1]
    assert (last.negative, last.exact, last.value, last.key) == (True, True, "nicht dies", SearchKey.WORDS)
    assert words(parse("a OR b OR c d", TODAY)) == [["a", "b", "c"], ["d"]]
    assert words(parse('"ODER" oder', TODAY)) == [['"ODER"'], ["oder"]], "only upper case, unquoted, joins"


@pytest.mark.parametrize(
    ("text", "key", "meaning"),
    [
        ("status:Neu", SearchKey.STATUS, frozenset({CaseStatus.NEW})),
        ("ist:offen", SearchKey.IS, STATUSES["offen"]),
        ("ist:ungelesen", SearchKey.IS, Flag.UNREAD),
        ("is:overdue", SearchKey.IS, Flag.OVERDUE),
        ("frist:überfällig", SearchKey.DUE, Flag.OVERDUE),
        ("hat:Anlage", SearchKey.HAS, Flag.ATTACHMENT),
        ("has:note", SearchKey.HAS, Flag.NOTE),
        ("person:ich", SearchKey.PERSON, Whose.MINE),
        ("zuständig:niemand", SearchKey.PERSON, Whose.NOBODY),
        ("person:Brand", SearchKey.PERSON, None),
        ("frist:<7t", SearchKey.DUE, Days(None, date(2026, 12, 2))),
        ("frist:<=3.12.2026", SearchKey.DUE, Days(None, date(2026, 12, 3))),
        ("frist:1.12.", SearchKey.DUE, Days(date(2026, 12, 1), date(2026, 12, 1))),
        ("eingang:>=2026-11", SearchKey.ARRIVED, Days(date(2026, 11, 1), None)),
        ("eingang:>2026-11", SearchKey.ARRIVED, Days(date(2026, 12, 1), None)),
        ("eingang:2026-02", SearchKey.ARRIVED, Days(date(2026, 2, 1), date(2026, 2, 28))),
        ("eingang:2025", SearchKey.ARRIVED, Days(date(2025, 1, 1), date(2025, 12, 31))),
        ("eingang:gestern", SearchKey.ARRIVED, Days(date(2026, 11, 25), date(2026, 11, 25))),
        ("arrived:>-7t", SearchKey.ARRIVED, Days(date(2026, 11, 20), None)),
        ("due:morgen", SearchKey.DUE, Days(date(2026, 11, 27), date(2026, 11, 27))),
    ],
)
def test_keys_and_what_their_values_mean(text: str, key: SearchKey, meaning: object) -> None:
    (term,) = parse(text, TODAY).terms
    assert (term.key, term.meaning) == (key, meaning)
    assert not parse(text, TODAY).problems


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("frist:", ProblemKind.EMPTY),
        ('name:""', ProblemKind.EMPTY),
        ("status:quatsch", ProblemKind.UNKNOWN_VALUE),
        ("hat:geduld", ProblemKind.UNKNOWN_VALUE),
        ("frist:bald", ProblemKind.UNREADABLE_DAY),
        ("eingang:31.02.2026", ProblemKind.UNREADABLE_DAY),
        ("eingang:<0001-01-01", ProblemKind.UNREADABLE_DAY),
        ("frist:>9999-12-31", ProblemKind.UNREADABLE_DAY),
        ("frist:٣t", ProblemKind.UNREADABLE_DAY),
        ("az:!!", ProblemKind.NOTHING_TO_FIND),
        ("ODER müller", ProblemKind.LONELY_OR),
        ("müller ODER", ProblemKind.LONELY_OR),
        ("a ODER ODER b", ProblemKind.LONELY_OR),
    ],
)
def test_what_is_not_understood_is_named_and_blocks(text: str, kind: ProblemKind) -> None:
    search = parse(text, TODAY)
    assert [problem.kind for problem in search.problems] == [kind]
    assert not search.usable
    (problem,) = search.problems
    assert text[problem.start : problem.end] == problem.written


def test_an_unknown_key_is_words_with_a_hint_of_what_was_meant() -> None:
    search = parse("nahme:Krawc", TODAY)
    assert search.usable
    assert search.terms[0].value == "nahme Krawc"
    assert [(p.kind, p.suggestion) for p in search.problems] == [(ProblemKind.UNKNOWN_KEY, "name")]
    assert parse("status:beantwortte", TODAY).problems[0].suggestion == "beantwortet"


def test_a_quotation_left_open_is_closed_when_terms_are_put_together_again() -> None:
    search = parse('"anna lena', TODAY)
    assert search.text() == '"anna lena"'
    assert parse(search.text(), TODAY).terms == search.terms


def test_too_many_terms_are_named() -> None:
    search = parse("wort " * (MOST_TERMS + 3), TODAY)
    assert len(search.terms) == MOST_TERMS
    assert kinds("wort " * (MOST_TERMS + 3)) == [ProblemKind.TOO_MANY]


def test_a_term_is_taken_out_and_found() -> None:
    search = parse("a ODER b ist:ungelesen", TODAY)
    assert search.without(0).text() == "b ist:ungelesen"
    assert search.without(2).text() == "a ODER b"
    assert search.holds("IST:ungelesen") == 2
    assert search.holds("a") is None, "one of two alternatives need not be true"


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("sprache:hsb", ("hsb",)),
        ("lang:Englisch", ("en",)),
        ("language:en-GB", ("en",)),
        ("sprache:sorbisch", ("hsb", "dsb")),
        ("sprache:deutsch", ("de", "")),
        ("sprache:pt", ("pt",)),
        ('sprache:"upper sorbian"', ("hsb",)),
    ],
)
def test_languages_by_name_and_code(written: str, codes: tuple[str, ...]) -> None:
    assert [term.meaning for term in parse(written, TODAY).terms] == [LanguageWish(codes)]


def test_an_unknown_language_is_named_with_what_may_be_meant() -> None:
    found = parse("sprache:obersorbich", TODAY)
    assert not found.usable
    assert [(each.kind, each.suggestion) for each in found.problems] == [
        (ProblemKind.UNKNOWN_VALUE, "obersorbisch")
    ]


def test_every_proposed_value_is_understood() -> None:
    for key, values in VALUES.items():
        for value in values:
            assert parse(f"{key.value}:{value}", TODAY).problems == (), (key, value)
    assert set(KEYS.values()) == set(SearchKey) - {SearchKey.WORDS}


PARTS = st.one_of(
    st.sampled_from(
        [*KEYS, "ODER", "OR", "-", ":", '"', " ", "<7t", "heute", "neu", "müller", "\x00", "2026-13"]
    ),
    st.text(max_size=5),
)


@given(st.lists(PARTS, max_size=12).map("".join))
def test_any_text_is_read_and_what_was_read_can_be_written_and_read_again(text: str) -> None:
    search = parse(text, TODAY)
    again = parse(search.text(), TODAY)
    assert again.groups == search.groups
    assert again.usable
    for place in range(len(search.terms)):
        rest = parse(search.without(place).text(), TODAY)
        assert rest.terms == search.terms[:place] + search.terms[place + 1 :]
