"""Keys and servers for the portal's tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.portal.service import FakeService
from tests.portal.support import TestKeys


@pytest.fixture(scope="session")
def keys() -> TestKeys:
    """2048 bits are enough for everything but speed, and quick to make."""
    return TestKeys.made()


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.fixture
def service(keys: TestKeys) -> Iterator[FakeService]:
    with FakeService(keys) as running:
        yield running
