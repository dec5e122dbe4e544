"""The window opens where the clerk was: list, search, case; also when it never was closed."""

from __future__ import annotations

from collections.abc import Callable

from clerk_app.ui.commands import Screen
from clerk_app.ui.settings import MemorySettings
from clerk_app.ui.sidebar import Area
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeOffice, case_id_of


def at(pilot: Pilot, number: int) -> bool:
    row = pilot.desk.flow.row
    return row is not None and row.case_id == case_id_of(number)


def test_search_and_case_come_back_after_a_crash(
    open_pilot: Callable[..., Pilot], office: FakeOffice
) -> None:
    settings = MemorySettings()
    pilot = open_pilot(office, settings)
    desk = pilot.desk
    desk.show_area(Area.OPEN)
    desk.list.search_for("ist:ungelesen")
    pilot.calm()
    desk.list.select_case(case_id_of(3))
    pilot.calm()

    def written() -> bool:
        kept = office.kept.get(("K. Beispiel", "place"))
        return isinstance(kept, dict) and kept["case"] == case_id_of(3)

    pilot.until(written)  # by itself: nothing was closed

    second = open_pilot(office, settings)
    second.calm()
    assert second.desk.list.bar.text == "ist:ungelesen"
    assert second.desk.window.area() is Area.OPEN
    second.until(lambda: at(second, 3))
    assert second.shows(Screen.BROWSE)

    second.desk.open_case()
    second.calm()
    second.desk.place.keep()
    second.calm()
    third = open_pilot(office, settings)
    third.until(lambda: third.shows(Screen.REVIEW))
    assert at(third, 3)


def test_what_is_gone_is_passed_over(open_pilot: Callable[..., Pilot], office: FakeOffice) -> None:
    settings = MemorySettings({"session": {"area": "open"}, "start_area": "open"})
    gone = "0a000000-0000-4000-8000-00000000ffff"
    for place in (
        {"area": "open", "text": "frist:bald", "view": "Weg", "case": gone, "open": True},
        {"area": "new", "case": case_id_of(3)},
        {"area": "open", "text": 7, "case": 9},
        "nonsense",
    ):
        office.kept["K. Beispiel", "place"] = place
        pilot = open_pilot(office, settings)
        pilot.calm()
        assert pilot.shows(Screen.BROWSE)
        assert pilot.desk.window.area() is Area.OPEN
        assert pilot.desk.flow.row is not None, "the first of the list"
