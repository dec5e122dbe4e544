"""A real store on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from clerk_app.store.home import HomePaths, Store
from tests.store.making import DATA_KEY, START, SteppingClock


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock(START + timedelta(hours=1))


@pytest.fixture
def paths(tmp_path: Path) -> HomePaths:
    return HomePaths(tmp_path / "home")


@pytest.fixture
def open_store(paths: HomePaths, clock: SteppingClock) -> Iterator[Callable[[], Store]]:
    """Opens the home; everything opened is closed at the end."""
    opened: list[Store] = []

    def opener() -> Store:
        store = Store.open(paths, DATA_KEY, clock=clock)
        opened.append(store)
        return store

    yield opener
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Callable[[], Store]) -> Store:
    return open_store()
