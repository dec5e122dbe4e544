"""Help that names only keys there are, is found by any word, and knows the screen it was called from; and the
practice office's way in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from clerk_app.bootstrap.practice_side import open_practice
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.texts import LANGUAGES
from clerk_app.ui.blocks import BlockKind
from clerk_app.ui.commands import Screen
from clerk_app.ui.help_page import KEYS_TOPIC
from clerk_app.ui.help_topics import OFFICE_FACTS, find_topics, load_topics, topic_for
from clerk_app.ui.resources import resource_dir
from clerk_app.ui.settings import MemorySettings
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeOffice
from tests.ui.seeds import fill

Key = Qt.Key


def test_topics_say_the_same_in_both_languages() -> None:
    german, english = load_topics("de"), load_topics("en")
    assert len(german) > 10
    for one, other in zip(german, english, strict=True):
        assert (one.topic_id, one.screens) == (other.topic_id, other.screens)
        assert one.named_keys() == other.named_keys()
        assert [block.kind for block in one.blocks] == [block.kind for block in other.blocks]
        assert one.title != other.title
    assert all((resource_dir("help") / name).is_dir() for name in LANGUAGES if name in ("de", "en"))


def test_words_are_found_however_they_are_written() -> None:
    topics = load_topics("de")
    assert find_topics(topics, "") == topics
    assert find_topics(topics, "rueckholfrist")[0].topic_id in ("01-start", "05-decision")
    assert find_topics(topics, "UNTERSCHRIFTSMAPPE pin")[0].topic_id == "06-folder"
    assert find_topics(topics, "postausgang")[0].topic_id == "07-outbox"  # the title counts most
    assert find_topics(topics, "gibtesnicht") == ()
    assert topic_for(topics, "nowhere") is None


def test_help_for_the_screen_in_front_and_back_again(pilot: Pilot) -> None:
    desk = pilot.desk
    for topic in load_topics("de"):
        for command_id in topic.named_keys():
            known = desk.window.commands.has(command_id) or command_id in OFFICE_FACTS
            assert known, (topic.topic_id, command_id)
    pilot.press(Key.Key_Return)
    pilot.calm()
    pilot.press(Key.Key_F1)
    pilot.calm()
    page = desk.helping.page()
    assert pilot.shows(Screen.HELP)
    assert page.search.hasFocus()
    shown = page.current()
    assert shown is not None
    assert "review" in shown.screens
    assert "Strg+Bild↓" in page.text.toPlainText()
    assert page.text.document().begin().blockFormat().headingLevel() == 1

    pilot.type_into(page.search, "pin")
    shown = page.current()
    assert shown is not None
    assert shown.topic_id == "06-folder"
    assert page.text.extraSelections()
    pilot.press(Key.Key_Return)
    assert page.text.hasFocus()

    page.search.setText("gibtesnicht")
    assert page.empty.isVisible()
    pilot.press(Key.Key_Escape)  # first the search goes, then the help
    assert page.search.text() == ""
    assert pilot.shows(Screen.HELP)
    pilot.press(Key.Key_Escape)
    assert pilot.shows(Screen.REVIEW)

    pilot.ctrl(Key.Key_1)
    pilot.calm()
    pilot.press(Key.Key_F1)
    assert (page.current() or shown).topic_id == "01-start"
    page.show_topic(KEYS_TOPIC)
    keys = page.text.toPlainText()
    for command in desk.window.commands.all():
        if command.keys:
            assert command.label.removesuffix(" …") in keys
    pilot.press(Key.Key_F1)
    assert pilot.shows(Screen.BROWSE)


class FakePortal:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def unplug(self) -> None:
        self.told.append("unplug")

    def plug_in(self) -> None:
        self.told.append("plug in")

    def file_applications(self, count: int) -> None:
        self.told.append(f"file {count}")


def test_the_practice_office_from_the_window(open_pilot: Callable[..., Pilot], office: FakeOffice) -> None:
    pilot = open_pilot(office)
    bench = pilot.desk.bench
    run, reason = pilot.desk.window.commands.run, pilot.desk.window.commands.reason
    assert reason("practice.open") == "In dieser Umgebung lässt sich kein Übungsamt öffnen."
    assert "nur im Übungsamt" in (reason("practice.outage") or "")

    opened: list[str] = []
    said: list[str] = []
    bench.said.connect(said.append)
    portal = FakePortal()
    bench.shell = replace(bench.shell, open_practice=lambda: opened.append("yes"), practice_portal=portal)
    run("practice.open")
    pilot.calm()
    assert opened == ["yes"]
    assert "eigenen Fenster" in said[-1]
    for _turn in range(2):
        run("practice.outage")
        pilot.calm()
    run("practice.arrive")
    pilot.calm()
    assert portal.told == ["unplug", "plug in", "file 3"]


def test_a_practice_office_that_does_not_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(ClerkError) as failed:
        open_practice([sys.executable, str(tmp_path / "absent.py")])
    assert failed.value.code is ErrorCode.PRACTICE_NOT_OPENED
    with pytest.raises(ClerkError) as missing:
        open_practice([str(tmp_path / "no-program")])
    assert missing.value.code is ErrorCode.PRACTICE_NOT_OPENED

    script = tmp_path / "window.py"
    script.write_text("print('one'); print('two'); print('three')")
    open_practice([sys.executable, str(script)])  # its window opened, and later it ended well


def test_headings_are_headings() -> None:
    kinds = [block.kind for block in load_topics("de")[0].blocks]
    assert kinds[0] is BlockKind.TITLE
    assert {BlockKind.HEADING, BlockKind.POINT, BlockKind.PARAGRAPH} <= set(kinds)


@pytest.mark.parametrize("said", [True, False])
def test_the_statement_names_who_hears_of_barriers(open_pilot: Callable[..., Pilot], said: bool) -> None:
    office = FakeOffice()
    fill(office)
    if said:
        office.facts = replace(
            office.facts, accessibility_contact="Erika Weiß, Tel. 77", enforcement_body="Stelle Muster"
        )
    pilot = open_pilot(office, MemorySettings({"theme": "light"}))
    page = pilot.desk.helping.page()
    (statement,) = [topic for topic in page.topics() if topic.topic_id == "18-accessibility-statement"]
    words = " ".join(block.text for block in statement.blocks)
    assert ("an: Erika Weiß, Tel. 77." in words) is said
    assert ("hilft: Stelle Muster." in words) is said
    assert ("die Stelle, die Amtsstube in Ihrem Haus betreut" in words) is not said
    assert "{" not in words
