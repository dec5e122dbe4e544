"""Log lines carry no words; small files are replaced at one stroke."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.system import logs
from clerk_app.system.clock import SystemClock
from clerk_app.system.durable import write_durably
from clerk_app.system.paths import Home, open_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home", {})


@pytest.fixture
def logging_on(home: Home) -> Iterator[None]:
    handler = logs.start_logging(home)
    yield
    logs.stop_logging(handler)


def lines(home: Home) -> list[dict[str, object]]:
    return [json.loads(line) for line in (home.logs / logs.LOG_FILE).read_text().splitlines()]


@pytest.mark.usefixtures("logging_on")
def test_events_carry_codes_ids_and_numbers(home: Home) -> None:
    logs.event("intake-stored", case_id="7a2c8d1e-0f34-4b56-9a78-bc90de12f345", count=3, took_ms=1.5)
    (line,) = lines(home)
    assert line["event"] == "intake-stored"
    assert line["case_id"] == "7a2c8d1e-0f34-4b56-9a78-bc90de12f345"
    assert (line["count"], line["took_ms"]) == (3, 1.5)


@pytest.mark.usefixtures("logging_on")
def test_words_never_reach_the_disk(home: Home) -> None:
    person = "Müller-Đorđević, Žofia"
    logs.event(
        "opened", applicant=person, path="/home/zofia/antrag.pdf", mail="z@example.org", things=[person]
    )
    logging.getLogger("clerk_app.portal").warning("sent to %s", person)
    logging.getLogger("clerk_app.portal").warning(f"Antrag von {person}")  # noqa: G004
    logging.getLogger("httpx").warning("GET https://portal.example/cases/secret")
    try:
        raise ValueError(person)
    except ValueError as error:
        logs.failure(error)
        logging.getLogger("clerk_app.x").exception("failed")
    text = (home.logs / logs.LOG_FILE).read_text()
    for secret in ("ofia", "Müller", "M\\u00fcller", "antrag.pdf", "portal.example", "example.org"):
        assert secret not in text
    assert '"applicant":"(22 characters)"' in text
    assert '"error":"ValueError"' in text


@pytest.mark.usefixtures("logging_on")
@pytest.mark.parametrize("name", ["Suharto", "SCHMIDT", "Meyer-Landrut", "O'Neill", "McDonald"])
def test_a_name_of_one_word_is_no_id(home: Home, name: str) -> None:
    logs.event("opened", applicant=name, places=[name])
    (line,) = lines(home)
    assert line["applicant"] == f"({len(name)} characters)"
    assert name not in json.dumps(line)


@pytest.mark.usefixtures("logging_on")
def test_failures_are_logged_by_code(home: Home) -> None:
    logs.failure(ClerkError(ErrorCode.PORTAL_SLOW, {"host": "portal.example"}), entry_id="e-1")
    (line,) = lines(home)
    assert (line["error"], line["entry_id"], line["event"]) == ("PORTAL_SLOW", "e-1", "failed")
    assert "host" not in line


def aged(path: Path, days: float) -> None:
    """A file as it was written that long ago."""
    at = datetime.now(UTC) - timedelta(days=days)
    path.write_text(json.dumps({"at": at.isoformat(), "event": "old"}) + "\n", encoding="ascii")
    os.utime(path, (at.timestamp(), at.timestamp()))


def test_lines_go_when_they_are_old_whatever_their_size(home: Home) -> None:
    current = home.logs / logs.LOG_FILE
    aged(current, 15)
    aged(home.logs / f"{logs.LOG_FILE}.1", 80)
    aged(home.logs / f"{logs.LOG_FILE}.2", 91)
    handler = logs.start_logging(home)
    logs.event("fresh")
    logs.stop_logging(handler)
    assert [line["event"] for line in lines(home)] == ["fresh"], "the former file was closed by its age"
    kept = sorted(path.name for path in home.logs.iterdir())
    assert kept == [logs.LOG_FILE, f"{logs.LOG_FILE}.1", f"{logs.LOG_FILE}.2"]
    assert '"old"' in (home.logs / f"{logs.LOG_FILE}.1").read_text()

    handler = logs.start_logging(home, keep_days=14)
    logs.stop_logging(handler)
    assert sorted(path.name for path in home.logs.iterdir()) == [logs.LOG_FILE]


def test_a_young_file_goes_on(home: Home) -> None:
    for code in ("one", "two"):
        handler = logs.start_logging(home, keep_days=1)
        logs.event(code)
        logs.stop_logging(handler)
    assert [line["event"] for line in lines(home)] == ["one", "two"]


@pytest.mark.parametrize(("level", "heard"), [("debug", 3), ("", 2), ("info", 2), ("warning", 1)])
def test_as_much_as_the_policy_wants(home: Home, level: str, heard: int) -> None:
    handler = logs.start_logging(home, level=level)
    for each in (logging.DEBUG, logging.INFO, logging.WARNING):
        logs.event("said", each)
    logs.stop_logging(handler)
    assert len(lines(home)) == heard


def test_a_sentence_is_no_event() -> None:
    with pytest.raises(ValueError, match="code"):
        logs.event("Antrag von Müller eingegangen")


def test_a_failed_write_changes_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    target.mkdir()
    (target / "inside").write_text("x")
    with pytest.raises(OSError, match=r"."):
        write_durably(target, b"content")  # a folder cannot be replaced by a file
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder"]


def test_the_clock_is_aware() -> None:
    assert SystemClock().now().utcoffset() is not None
