"""Searching and starting with few, many and very many cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from clerk_app.domain.case import CaseQuery, CaseView
from clerk_app.store.connection import Connection, Role
from clerk_app.store.home import Store
from tests.benchmarks.limits import at_a_million, middle_s, report
from tests.benchmarks.starting import middle_start_s

PAGE = 50

#: What is typed, and the same question put to the index by hand (the search form of what is typed).
TYPED = {
    "one letter": ("m", '"m"*'),
    "half a name": ("muell", '"muell"*'),
    "name": ("mueller9 zoe", '"mueller9"* AND "zoe"*'),
    "frequent word": ("musterhausen", '"musterhausen"*'),
    "rare word in attachments": ("zechensiedlung", '"zechensiedlung"*'),
    "words here and there": ("yildiz mietvertrag", '"yildiz"* AND "mietvertrag"*'),
    "part of a number": ("2026-7", '"2026-7"*'),
    "exclusion": ("wohngeld -zoe", '("wohngeld"*) NOT ("zoe"*)'),
    "alternatives": ("krawc ODER liepina", '"krawc"* OR "liepina"*'),
    "in attachments": ("inhalt:nachweis", '{attachments} : "nachweis"*'),
    "nothing": ("gibtesnicht", '"gibtesnicht"*'),
}


@pytest.mark.parametrize("name", TYPED)
def test_search_as_you_type(store: Store, cases: int, name: str) -> None:
    """First page with all its columns, against the bare full-text query of as many row numbers."""
    typed, bare = TYPED[name]
    reads = store.reads()
    connection: Connection = store._writer(Role.CACHE)
    sql = f"SELECT rowid FROM case_fts WHERE case_fts MATCH ? ORDER BY rowid DESC LIMIT {PAGE}"
    query = CaseQuery(text=typed, limit=PAGE)
    found = reads.list(query)
    assert len(found) == len(connection.rows(sql, (bare,)))
    ours = middle_s(lambda: reads.list(query), 20)
    limit = middle_s(lambda: connection.rows(sql, (bare,)), 20)
    report(
        f"search, {name}, {cases}: first page / raw FTS5",
        ours * 1000,
        limit * 1000,
        "ms",
        goal=at_a_million(cases),
    )
    store.release(connection)
    reads.close()


@pytest.mark.parametrize(
    "text", ["muell", "ist:ungelesen", "frist:<2026-03-01", "status:neu ODER krawc", "az:7K"]
)
def test_search_among_open_cases(store: Store, cases: int, text: str) -> None:
    """As the window asks: in one area, with the clerk's word laid over it. The limit walks open cases."""
    reads = store.reads()
    connection: Connection = store._writer(Role.CACHE)
    query = CaseQuery(text=text, view=CaseView.OPEN, limit=PAGE)
    reads.list(query)
    ours = middle_s(lambda: reads.list(query), 10)
    limit = middle_s(lambda: connection.rows("SELECT id FROM cases WHERE closed = 0 ORDER BY id DESC"), 10)
    name = f"search “{text}” among the open tenth of {cases}: first page / walk of its ids"
    report(name, ours * 1000, limit * 1000, "ms", goal=at_a_million(cases))
    store.release(connection)
    reads.close()


def test_start_to_first_painted_list(folder: Path, cases: int) -> None:
    bare, ours = middle_start_s("bare", folder), middle_start_s("ours", folder)
    name = f"start to first painted list, {cases} cases / bare window"
    report(name, ours * 1000, bare * 1000, "ms", goal=1.5 if cases == 100_000 else None)
