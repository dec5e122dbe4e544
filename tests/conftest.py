"""Fixtures for all rooms."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no finding: speed is measured in tests/benchmarks, nowhere else.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The reference folder beside the checkout: public schemas as oracles. Absent: skipped, except in CI."""
    candidate = Path(os.environ.get("CLERK_SHARED", ROOT.parent / "shared"))
    if candidate.is_dir():
        return candidate
    if os.environ.get("CI") == "true":
        pytest.fail("the reference folder ../shared is absent, and under CI=true its tests must run")
    pytest.skip("the reference folder ../shared is absent")


@pytest.fixture(scope="session")
def cache_dir() -> Path:
    """A git-ignored folder for things that are slow to make (RSA-4096 test keys)."""
    path = ROOT / ".cache" / "tests"
    path.mkdir(parents=True, exist_ok=True)
    return path
