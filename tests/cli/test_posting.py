"""``outbox posted``: the day a letter went to the post, and its correction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from clerk_app.cli.answer import Answer
from clerk_app.cli.arguments import parse
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.cli.posting import outbox
from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.errors import ErrorCode
from tests.usecases.house import House, code_of


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "home")
    yield house
    house.close()


class Door:
    """Opens the one house there is."""

    def __init__(self, house: House) -> None:
        self._house = house

    @contextmanager
    def desk(self, _options: object, *, writing: bool) -> Iterator[object]:
        assert writing
        yield self._house.desk


def posted(house: House, *words: str) -> Answer:
    args = parse(["outbox", "posted", *words])
    return outbox(cast("Entrance", Door(house)), cast("GlobalOptions", None), args)


def test_a_second_day_corrects_the_first_and_says_so(house: House) -> None:
    draft = house.desk.deciding.draft(house.arrives(channel=None), Outcome.GRANTED, Wording())
    entry = house.desk.deciding.sign(draft, lambda: None).entry_id
    house.clock.pass_(days=3)
    assert posted(house, entry, "--on", "2026-11-27").lines == [f"{entry}  zur Post gegeben"]

    corrected = posted(house, entry, "--on", "2026-11-25")
    assert corrected.lines == [f"{entry}  Versandtag berichtigt: 25.11.2026 statt 27.11.2026"]
    found = house.desk.reads.outbox_entry(entry)
    assert found is not None
    assert found.posted_on == date(2026, 11, 25)
    same = posted(house, entry, "--on", "2026-11-25")
    assert same.lines == [f"{entry}  Als Versandtag ist der 25.11.2026 schon vermerkt."]
    assert code_of(lambda: posted(house, entry)) is ErrorCode.ENTRY_NOT_TO_POST, "no day, no correction"
