"""Each test leaves the process speaking German again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clerk_app.texts import set_language


@pytest.fixture(autouse=True)
def speak_german() -> Iterator[None]:
    set_language("de")
    yield
    set_language("de")
