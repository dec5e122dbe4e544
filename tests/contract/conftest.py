"""Fixtures for the contract tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.contract.foreign_town import Town


class MakeTown(Protocol):
    """Founds a town with a foreign portal of these habits; it is closed after the test."""

    def __call__(self, version: int = 2, **habits: Any) -> Town: ...


@pytest.fixture
def make_town(tmp_path: Path, cache_dir: Path) -> Iterator[MakeTown]:
    towns: list[Town] = []

    def make(version: int = 2, **habits: Any) -> Town:
        folder = tmp_path / f"town-{len(towns)}"
        folder.mkdir()
        towns.append(Town(folder, cache_dir / "foreign", version, **habits))
        return towns[-1]

    yield make
    for town in towns:
        town.close()
