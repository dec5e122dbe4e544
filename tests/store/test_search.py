"""The search field takes anything, and finds names however they are typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clerk_app.domain.case import CaseOrder, CaseQuery, CaseView
from clerk_app.domain.search_terms import parse
from clerk_app.store.home import HomePaths, Store
from clerk_app.store.reads import SqlCaseReads
from tests.store.making import DATA_KEY, MAILBOX, START, SteppingClock, make_opened, page

PEOPLE = {
    "müller": "Anna-Lena Müller",
    "groß": "Bernd Groß",
    "đorđević": "Jovana Đorđević",
    "šołćina": "Měrćin Šołćina",
    "nguyễn": "Nguyễn Thị Hồng",
    "schmidt": 'Karl "Kalle" Schmidt',
}
LANGUAGES = {"đorđević": "en", "šołćina": "hsb", "nguyễn": "Vietnamesisch", "groß": "de", "schmidt": "dsb"}
TODAY = START.date()


@pytest.fixture(scope="module")
def reads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlCaseReads]:
    store = Store.open(HomePaths(tmp_path_factory.mktemp("search") / "home"), DATA_KEY, clock=SteppingClock())
    cases = [
        make_opened(
            applicant=name,
            text=f"Reisepass verloren am Bahnhof {number}\nMeldebescheinigung.pdf",
            at=START.replace(day=10 + number),
            municipality="Görlitz" if number % 2 else "Bad Säckingen",
            service="Wohngeld" if number % 3 else "Reisepass",
            due_on=date(2026, 12, number + 1),
            language=LANGUAGES.get(key, ""),
        )
        for number, (key, name) in enumerate(PEOPLE.items())
    ]
    store.intake().store(MAILBOX, page(*cases))
    yield store.reads()
    store.close()


def found(reads: SqlCaseReads, text: str) -> set[str]:
    return {row.applicant for row in reads.list(CaseQuery(text=text))}


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("müller", "müller"), ("mueller", "müller"), ("muller", "müller"), ("MUELLER", "müller"),
        ("MÜLLER", "müller"), ("Mu\u0308ller", "müller"), ("mül", "müller"), ("mue", "müller"),
        ("gross", "groß"), ("groß", "groß"), ("GROSS", "groß"), ("GROẞ", "groß"),
        ("đorđević", "đorđević"), ("dordevic", "đorđević"), ("Dorde", "đorđević"), ("Đorđe", "đorđević"),
        ("Šołćina", "šołćina"), ("solcina", "šołćina"), ("SOŁĆ", "šołćina"), ("mercin", "šołćina"),
        ("Nguyễn", "nguyễn"), ("nguyen", "nguyễn"), ("nguye", "nguyễn"), ("hong thi", "nguyễn"),
        ("anna-lena", "müller"), ("kalle", "schmidt"), ('"anna-lena müller"', "müller"),
        ('"anna lena mueller"', "müller"), ("name:mueller", "müller"), ('name:"Bernd Groß"', "groß"),
        ("name:gross bernd", "groß"),
    ],
)  # fmt: skip
def test_names_are_found_however_they_are_typed(reads: SqlCaseReads, typed: str, who: str) -> None:
    assert found(reads, typed) == {PEOPLE[who]}


def test_words_phrases_and_exclusions(reads: SqlCaseReads) -> None:
    everyone = set(PEOPLE.values())
    assert found(reads, "") == everyone
    assert found(reads, "verl bahnh") == everyone
    assert found(reads, '"verloren am bahnhof"') == everyone
    assert found(reads, '"bahnhof verloren"') == set()
    assert found(reads, "verloren -müller -gross") == everyone - {PEOPLE["müller"], PEOPLE["groß"]}
    assert found(reads, "-verloren") == set()
    assert found(reads, "meldebescheinigung") == everyone
    assert found(reads, "name:bahnhof") == set(), "a key looks in its own field only"


def test_keys_in_german_and_english(reads: SqlCaseReads) -> None:
    rows = reads.list(CaseQuery())
    assert (
        found(reads, "gemeinde:görlitz")
        == found(reads, "municipality:goerlitz")
        == {row.applicant for row in rows if row.municipality == "Görlitz"}
    )
    assert found(reads, "gemeinde:saeck") == {row.applicant for row in rows if "Säck" in row.municipality}
    assert (
        found(reads, "leistung:wohn")
        == found(reads, "service:wohn")
        == {row.applicant for row in rows if row.service == "Wohngeld"}
    )
    assert found(reads, "status:neu") == found(reads, "status:new") == set(PEOPLE.values())
    assert found(reads, "status:entschieden") == set()
    assert found(reads, "-status:neu") == set()
    assert found(reads, "ist:ungelesen hat:anlage") == set(PEOPLE.values())
    assert found(reads, "-hat:anlage") == set()


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("sprache:hsb", {"šołćina"}),
        ("sprache:Obersorbisch", {"šołćina"}),
        ("sprache:sorbisch", {"šołćina", "schmidt"}),
        ("lang:en", {"đorđević"}),
        ("language:english", {"đorđević"}),
        ("sprache:uk", set()),
        ("sprache:deutsch", {"müller", "groß"}),  # one says so, the other says nothing
        ("-sprache:de", {"đorđević", "šołćina", "nguyễn", "schmidt"}),
        ("sprache:en ODER sprache:dsb", {"đorđević", "schmidt"}),
        ("sprache:hsb name:müller", set()),
    ],
)
def test_the_language_an_application_asks_for(reads: SqlCaseReads, text: str, who: set[str]) -> None:
    assert found(reads, text) == {PEOPLE[name] for name in who}
    assert {row.language for row in reads.list(CaseQuery(text="nguyen"))} == {"Vietnamesisch"}


def test_sorted_by_language_who_names_none_comes_last(reads: SqlCaseReads) -> None:
    for view in (CaseView.ALL, CaseView.OPEN):
        for reverse in (False, True):
            query = CaseQuery(view=view, order=CaseOrder.LANGUAGE, reverse=reverse)
            *said, silent = [row.language for row in reads.list(query)]
            assert said == sorted(LANGUAGES.values(), reverse=reverse)
            assert silent == ""


def test_the_reference_by_any_part(reads: SqlCaseReads) -> None:
    row = reads.list(CaseQuery())[2]
    block = row.case_reference.split("-")[1]
    for text in (f"az:{row.case_reference}", f"az:{row.case_reference[3:11].lower()}", block, block.lower()):
        assert row.applicant in found(reads, text)
    assert found(reads, "az:26") == set(PEOPLE.values())
    assert found(reads, "az:26-") == set(PEOPLE.values())
    assert found(reads, "az:%") == found(reads, "az:_") == set(PEOPLE.values()), "not a search"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("frist:2026-12-03", {3}),
        ("frist:<2026-12-03", {1, 2}),
        ("frist:<=3.12.2026", {1, 2, 3}),
        ("frist:>=2026-12-05", {5, 6}),
        ("frist:2026-12", {1, 2, 3, 4, 5, 6}),
        ("frist:2025", set()),
        ("due:>2026", set()),
        ("frist:<12t", {1}),
        ("frist:überfällig", set()),
        ("-frist:<2026-12-03", {3, 4, 5, 6}),
    ],
)
def test_deadlines(reads: SqlCaseReads, text: str, days: set[int]) -> None:
    rows = reads.list(CaseQuery(text=text))
    assert {row.due_on.day for row in rows if row.due_on} == days


def test_arrivals(reads: SqlCaseReads) -> None:
    assert len(reads.ids(CaseQuery(text="eingang:>=2026-11-13"))) == 3
    assert len(reads.ids(CaseQuery(text="arrived:2026-11-10"))) == 1
    assert len(reads.ids(CaseQuery(text="eingang:heute"))) == 0


def test_what_is_not_understood_is_named_and_changes_nothing(reads: SqlCaseReads) -> None:
    for text in ("status:quatsch", "frist:bald", "eingang:31.02.2026", "ist:da", "az:!!", 'name:"!"'):
        assert [problem.written for problem in parse(text, TODAY).problems] == [text]
        assert found(reads, text) == set(PEOPLE.values())
    assert found(reads, "foo:müller") == set(), "an unknown key is a word"
    assert found(reads, "bahnhof:verloren") == set(PEOPLE.values())


HOSTILE = [
    '"',
    '""',
    '"""',
    "*",
    "a*",
    "^a",
    "a^",
    "(",
    ")",
    "a AND",
    "AND",
    "OR OR",
    "NOT",
    "NEAR(a b)",
    "a NEAR b",
    "{text} : a",
    "text:a",
    "-",
    "--",
    "-:",
    ":",
    "a:b:c",
    'name:"',
    'name:"a',
    "name:",
    "a\x00b",
    "\x00",
    "\ud800",
    "'; DROP TABLE cases; --",
    "%",
    "_",
    "\\",
    "a\\*",
    "+a",
    "a+b",
    "case_fts",
    "rank:1",
    "ﬁ",
    "🙂",
    "٣t",
    "frist:<99999t",
    "frist:<٣t",
    "eingang:>=0000",
    "frist:99.99.9999",
    "a" * 5000,
    '"' * 999,
    "- " * 999,
    "x:" * 999,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(reads: SqlCaseReads, text: str) -> None:
    for view in (CaseView.ALL, CaseView.OPEN, CaseView.ARCHIVE):
        assert len(reads.ids(CaseQuery(text=text, view=view))) <= len(PEOPLE)


@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(
            st.one_of(
                st.sampled_from(
                    [*HOSTILE[:40], "name:", "-", "az:", "frist:<", "status:", "OR", "müller", " "]
                ),
                st.text(max_size=4),
            ),
            max_size=8,
        ).map("".join),
    ),
    st.sampled_from(list(CaseView)),
)
@example('-"\x00"* NEAR(', CaseView.ALL)
def test_no_text_ever_raises(reads: SqlCaseReads, text: str, view: CaseView) -> None:
    reads.ids(CaseQuery(text=text, view=view))
