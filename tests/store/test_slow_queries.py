"""Slow statements are told with text and place, never with what was looked for."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from clerk_app.store import slow_queries
from clerk_app.store.connection import Connection, Role
from clerk_app.system.latency import slowness
from clerk_app.system.logs import event, start_logging, stop_logging
from clerk_app.system.paths import open_home

WHO = "Kanarienq"


def _asked(path: Path) -> None:
    connection = Connection(path, bytes(32), Role.CACHE)
    connection.execute("CREATE TABLE person (name TEXT)")
    connection.execute("INSERT INTO person VALUES (?)", (WHO,))
    connection.rows(f"SELECT name\n   FROM person WHERE name = '{WHO}' OR name = ? LIMIT 17", (WHO,))
    connection.one("SELECT count(*) FROM person")
    with connection.transaction("nothing"):
        pass
    connection.close()


def test_a_slow_statement_is_told_without_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_queries, "SLOW_QUERY_S", 0.0)
    monkeypatch.setattr(slow_queries, "_told", [0])
    home = open_home(tmp_path / "home", {})
    handler = start_logging(home)
    try:
        _asked(tmp_path / "a.db")
        event("window-blocked", ms=240, places=["case_list:10:paint"])
    finally:
        stop_logging(handler)
    text = (home.logs / "clerk-app.jsonl").read_text()
    assert WHO not in text
    assert "PRAGMA" not in text
    assert "COMMIT" not in text
    lines = [json.loads(line) for line in text.splitlines()]
    (asked,) = [line for line in lines if line.get("sql", "").startswith("SELECT name")]
    assert asked["sql"] == "SELECT name FROM person WHERE name = ? OR name = ? LIMIT ?"
    assert asked["database"] == "cache"
    assert asked["places"][-1].startswith("test_slow_queries:")
    assert asked["places"][-1].endswith(":_asked")

    found = slowness(home)
    assert (found.blocks, found.worst_block_ms) == (1, 240)
    assert found.queries == len(lines) - 1
    assert found.place.endswith(":_asked")


def test_quick_statements_are_not_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slow_queries, "SLOW_QUERY_S", 3600.0)
        with caplog.at_level(logging.INFO, "clerk_app"):
            _asked(tmp_path / "a.db")
    assert "slow-query" not in caplog.text


def test_a_slow_disk_does_not_fill_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_queries, "SLOW_QUERY_S", 0.0)
    monkeypatch.setattr(slow_queries, "_told", [slow_queries.MOST_TOLD - 1])
    home = open_home(tmp_path / "home", {})
    handler = start_logging(home)
    try:
        _asked(tmp_path / "a.db")
    finally:
        stop_logging(handler)
    assert len((home.logs / "clerk-app.jsonl").read_text().splitlines()) == 1


def test_a_damaged_log_counts_for_nothing(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home", {})
    (home.logs / "clerk-app.jsonl").write_bytes(
        b'{"event":"slow-query","ms":"x"}\nslow-query\xff\n[]slow-query\n'
    )
    assert slowness(home).queries == 0
