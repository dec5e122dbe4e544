"""Log lines carry no words; settings survive damage; small files are replaced at one stroke."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.system import logs
from clerk_app.system.clock import SystemClock
from clerk_app.system.durable import write_durably
from clerk_app.system.paths import Home, open_home
from clerk_app.system.settings import Settings, Theme, read_settings, write_settings


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
def test_failures_are_logged_by_code(home: Home) -> None:
    logs.failure(ClerkError(ErrorCode.PORTAL_SLOW, {"host": "portal.example"}), entry_id="e-1")
    (line,) = lines(home)
    assert (line["error"], line["entry_id"], line["event"]) == ("PORTAL_SLOW", "e-1", "failed")
    assert "host" not in line


def test_a_sentence_is_no_event() -> None:
    with pytest.raises(ValueError, match="code"):
        logs.event("Antrag von Müller eingegangen")


def test_settings_come_back_as_written(home: Home) -> None:
    chosen = Settings("en", Theme.DARK, 1.5, 0, False)
    write_settings(home, chosen)
    assert read_settings(home).settings == chosen


def test_missing_settings_are_defaults(home: Home) -> None:
    reading = read_settings(home)
    assert (reading.settings, reading.set_aside, reading.ignored) == (Settings(), None, ())


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"null", b"[" * 100_000])
def test_damaged_settings_are_set_aside_and_reported(home: Home, content: bytes) -> None:
    home.settings.write_bytes(content)
    reading = read_settings(home)
    assert reading.settings == Settings()
    assert reading.set_aside is not None
    assert reading.set_aside.read_bytes() == content
    assert not home.settings.exists()


def test_unusable_values_are_defaults_and_unknown_keys_survive_a_write(home: Home) -> None:
    home.settings.write_text('{"language": "fr", "theme": 7, "font_scale": 99, "from_the_future": [1]}')
    reading = read_settings(home)
    assert reading.settings == Settings()
    assert reading.ignored == ("font_scale", "language", "theme")
    write_settings(home, Settings(language="en"))
    assert json.loads(home.settings.read_text())["from_the_future"] == [1]


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_is_survived(home: Home, value: object) -> None:
    home.settings.write_text(
        json.dumps(dict.fromkeys(("language", "theme", "font_scale", "take_back_s"), value))
    )
    settings = read_settings(home).settings
    assert settings.language in ("de", "en", "hsb")
    assert 0.8 <= settings.font_scale <= 2.0
    assert settings.take_back_s is None or 0 <= settings.take_back_s <= 900


def test_a_failed_write_changes_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    target.mkdir()
    (target / "inside").write_text("x")
    with pytest.raises(OSError, match=r"."):
        write_durably(target, b"content")  # a folder cannot be replaced by a file
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder"]


def test_the_clock_is_aware() -> None:
    assert SystemClock().now().utcoffset() is not None
