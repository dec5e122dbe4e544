"""Case loads of every size, made once for all benchmarks, and the table at the end of the run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk_app.store.home import HomePaths, Store
from tests.benchmarks.caseload import KEY, SIZES, filled_store
from tests.benchmarks.limits import FIGURES, TAKEN
from tests.benchmarks.table import chart, table


@pytest.fixture(scope="session", params=SIZES, ids=lambda size: f"{size} cases")
def cases(request: pytest.FixtureRequest) -> int:
    """How many cases there are."""
    size: int = request.param
    return size


@pytest.fixture(scope="session")
def folder(cases: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with that many cases."""
    path = tmp_path_factory.mktemp(f"caseload-{cases}")
    filled_store(path, cases).close()
    yield path
    shutil.rmtree(path)


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    """That home, opened."""
    opened = Store.open(HomePaths(folder), KEY)
    yield opened
    opened.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Every figure of the run in one table, and as a chart beside the JSON."""
    if not TAKEN:
        return
    terminalreporter.section("benchmarks")
    terminalreporter.write_line(table(TAKEN))
    FIGURES.with_suffix(".svg").write_text(chart(TAKEN), encoding="utf-8")
    terminalreporter.write_line(
        f"figures: {FIGURES.name}, chart: {FIGURES.with_suffix('.svg').name}, in .cache"
    )
