"""Who has a case open, over a real server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.team.connection import connect_to_team
from clerk_app.team.watch import Presence, TeamWatch
from tests.store.making import new_id
from tests.team.office_server import CountyServer, DesktopMaker, TeamDesktopPlace

PATIENCE_S = 20.0


class Heard:
    """What a watch told, to be waited for."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._last: Presence = {}
        self.news = 0

    def __call__(self, others: Presence) -> None:
        with self._changed:
            self._last = others
            self._changed.notify_all()

    def on_news(self) -> None:
        with self._changed:
            self.news += 1
            self._changed.notify_all()

    def wait(self, condition: Callable[[Presence], bool]) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: condition(self._last), PATIENCE_S)


Watching = Callable[[TeamDesktopPlace], tuple[TeamWatch, Heard]]


@pytest.fixture
def watching(county: CountyServer) -> Iterator[Watching]:
    running: list[TeamWatch] = []

    def watch(place: TeamDesktopPlace) -> tuple[TeamWatch, Heard]:
        heard = Heard()
        made = TeamWatch(
            lambda: connect_to_team(county.address(place.actor)), place.office, place.desktop_id, place.actor,
            heard.on_news, beat_s=0.5,
        )  # fmt: skip
        made.subscribe(heard)
        made.start()
        running.append(made)
        return made, heard

    yield watch
    stopped = [each.stop() for each in running]
    assert all(stopped)


def test_a_colleague_who_opens_leaves_and_goes_is_seen(desktop: DesktopMaker, watching: Watching) -> None:
    brand, ito = desktop("brand"), desktop("ito")
    (theirs, _), (ours, heard) = watching(brand), watching(ito)
    case_id, other = CaseId(new_id()), CaseId(new_id())
    theirs.show(case_id)
    ours.show(case_id)
    assert heard.wait(lambda others: others == {case_id: ("brand",)})
    assert ours.others(case_id) == ("brand",)
    theirs.show(other)
    assert heard.wait(lambda others: others == {other: ("brand",)})
    assert theirs.stop()
    assert heard.wait(lambda others: others == {})


def test_a_colleagues_entry_is_a_hint_to_exchange(desktop: DesktopMaker, watching: Watching) -> None:
    brand, ito = desktop("brand"), desktop("ito")
    _, heard = watching(ito)
    probe, _ = watching(brand)
    probe.show(CaseId(new_id()))
    assert heard.wait(bool)  # it listens by now
    with brand.ledger.transaction("note") as write:
        write.append(Act(ActKind.NOTED, CaseId(new_id()), None, {"text": "x"}))
    brand.exchange().run()
    assert heard.wait(lambda _others: heard.news > 0)


def test_a_cut_line_empties_the_view_and_is_mended(
    desktop: DesktopMaker, watching: Watching, county: CountyServer
) -> None:
    brand, ito = desktop("brand"), desktop("ito")
    (theirs, _), (_, heard) = watching(brand), watching(ito)
    case_id = CaseId(new_id())
    theirs.show(case_id)
    assert heard.wait(lambda others: case_id in others)
    with county.admin() as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert heard.wait(lambda others: others == {})
    assert heard.wait(lambda others: case_id in others)
