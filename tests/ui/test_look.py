"""Colours, sizes, icons: one place, enough contrast, nothing clipped, everything named."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

import clerk_app.ui
from clerk_app.domain.case import CaseStatus
from clerk_app.domain.decision import FeeItem, Outcome
from clerk_app.domain.outbox import OutboxState
from clerk_app.ui import labels
from clerk_app.ui.access_walk import complaints
from clerk_app.ui.commands import Screen
from clerk_app.ui.contrast import EDGE_PAIRS, TEXT_PAIRS, ratio
from clerk_app.ui.resources import resource_dir
from clerk_app.ui.settings import MemorySettings, ThemeChoice
from clerk_app.ui.sidebar import AREAS, Area
from clerk_app.ui.theme import load_tokens
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeOffice, case_id_of
from tests.ui.fakes import open_desk
from tests.ui.seeds import fill

SOURCES = Path(clerk_app.ui.__file__).parent
MODES = ("light", "dark")


@pytest.mark.parametrize("mode", MODES)
def test_contrast_of_every_pair_in_use(mode: str) -> None:
    tokens = load_tokens(mode)
    weak = [
        (a, b, round(ratio(tokens[a], tokens[b]), 2))
        for a, b in TEXT_PAIRS
        if ratio(tokens[a], tokens[b]) < 4.5
    ]
    weak += [
        (a, b, round(ratio(tokens[a], tokens[b]), 2))
        for a, b in EDGE_PAIRS
        if ratio(tokens[a], tokens[b]) < 3
    ]
    assert not weak


def test_the_ratio_is_the_one_of_the_standard() -> None:
    assert ratio("#000000", "#FFFFFF") == pytest.approx(21)
    assert ratio("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert ratio("#123456", "#123456") == 1


def test_both_looks_know_the_same_roles() -> None:
    assert load_tokens("light").keys() == load_tokens("dark").keys()


def test_colours_stand_in_the_tokens_alone() -> None:
    literal = re.compile(r"#[0-9A-Fa-f]{6}\b")
    for path in SOURCES.glob("*.py"):
        found = literal.findall(path.read_text(encoding="utf-8"))
        assert found in ([], ["#FFFFFF"]), path.name  # the tick's colour is chosen by white text on accent


def test_nothing_moves_by_itself() -> None:
    """So nothing has to stand still for those who asked their system for less motion."""
    moving = re.compile(r"QPropertyAnimation|QVariantAnimation|QTimeLine|QMovie|setAnimated\(True\)")
    assert not [path.name for path in SOURCES.glob("*.py") if moving.search(path.read_text(encoding="utf-8"))]


def test_every_icon_named_is_there() -> None:
    named = {words.icon for words in AREAS.values()} | {icon for icon, _role in labels.STATE_LOOKS.values()}
    for path in SOURCES.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        named |= set(
            re.findall(r'(?:IconLabel|tool_button|follow_icon)\(\s*[\w.]+,\s*(?:[\w.]+,\s*)?"(\w+)"', text)
        )
    missing = [name for name in named if not (resource_dir("icons") / f"{name}.svg").is_file()]
    assert not missing
    assert len(named) > 15


def test_every_status_and_state_has_words_and_a_colour() -> None:
    tokens = load_tokens("light")
    for status in CaseStatus:
        word, role = labels.status(status)
        assert word
        assert role in tokens
        assert f"{role}_bg" in tokens
    assert set(labels.STATE_LOOKS) == set(OutboxState)


def test_the_look_follows_the_setting(pilot: Pilot) -> None:
    theme = pilot.desk.bench.theme
    assert theme.hex("bg") == load_tokens("light")["bg"]
    theme.choose(ThemeChoice.DARK)
    assert theme.hex("bg") == load_tokens("dark")["bg"]
    assert pilot.desk.window.palette().window().color() == theme.color("bg")
    theme.choose(ThemeChoice.SYSTEM)
    assert theme.hex("bg") == load_tokens("light")["bg"]


def tour(pilot: Pilot) -> dict[str, list[str]]:
    desk = pilot.desk
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        pilot.calm()
        found[name] = complaints(desk.window)

    desk.show_area(Area.OPEN)
    desk.list.select_case(case_id_of(2))
    for tab in range(desk.page.tabs.count()):
        desk.page.tabs.setCurrentIndex(tab)
        look(f"tab {tab}")
    desk.open_case()
    look("review")
    desk.ask()
    look("request")
    desk.window.show_screen(Screen.REVIEW)
    desk.write()
    look("letter")
    desk.window.show_screen(Screen.REVIEW)
    desk.decide(Outcome.REFUSED)
    look("decision")
    editor = desk.decision.editor
    editor.provisions.set_texts(
        ("Die Fläche ist nachts zu beleuchten und so abzusperren, dass alle sicher sind.", "B")
    )
    editor.fees.set_fees((FeeItem("Bearbeitung", Decimal("10.20"), "GebOSt Nr. 399"),))
    editor.fees.rows[0].euros.setText("12.50")
    editor.fees.rows[0].euros.editingFinished.emit()
    editor.enclosures.set_texts(("Lageplan",))
    editor.ask_for_hearing(asked=True)
    pilot.until(lambda: desk.decision.prepared_for(desk.decision.wish()))
    look("decision filled in")
    desk.show_area(Area.OUTBOX)
    look("outbox")
    desk.show_area(Area.FOLDER)
    look("folder")
    desk.folder.list.tabs.setCurrentIndex(1)
    look("review")
    desk.show_area(Area.QUARANTINE)
    look("quarantine")
    desk.bench.say("Gespeichert")
    look("toast")
    return {name: issues for name, issues in found.items() if issues}


@pytest.mark.parametrize(
    ("width", "height", "scale"),
    [
        (1280, 800, 1.0),
        (940, 600, 1.0),
        (940, 600, 2.0),
        (1280, 800, 1.5),
        (1280, 800, 2.0),
        (1920, 1200, 2.0),
    ],
)
def test_everything_is_named_and_nothing_is_clipped(
    open_pilot: Callable[..., Pilot], width: int, height: int, scale: float
) -> None:
    office = FakeOffice(practice=True)
    fill(office)
    side = open_desk(office)
    side.requesting.request(case_id_of(4), ["Lageplan"])
    side.deciding.sign(side.deciding.draft(case_id_of(6), Outcome.GRANTED), lambda: None)
    side.folder.add(side.deciding.draft(case_id_of(1), Outcome.GRANTED))
    side.reviewing.submit(side.deciding.draft(case_id_of(3), Outcome.GRANTED))
    pilot = open_pilot(office, MemorySettings({"theme": "light", "font_scale": scale}))
    pilot.desk.window.resize(width, height)
    pilot.calm()
    assert pilot.desk.window.size().width() == width
    assert not tour(pilot)


def test_a_practice_office_says_so(open_pilot: Callable[..., Pilot], office: FakeOffice) -> None:
    practice = FakeOffice(practice=True)
    pilot = open_pilot(practice)
    bands = [w for w in pilot.desk.window.findChildren(QLabel) if w.property("role") == "practice"]
    assert [band.isVisible() for band in bands] == [True]
    real = open_pilot(office)
    assert not [w for w in real.desk.window.findChildren(QLabel) if w.property("role") == "practice"]
