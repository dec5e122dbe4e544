"""Fixtures for all rooms."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.matrix import pytest_sessionstart, pytest_terminal_summary

__all__ = ["pytest_sessionstart", "pytest_terminal_summary"]

# A busy machine is no finding: speed is measured in tests/benchmarks, nowhere else.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

if TYPE_CHECKING:
    from tests.signing.pki import Pki
    from tests.signing.remote_service import RemoteService
    from tests.signing.softhsm import SoftHsm

# Windows that were closed are taken away on the thread of the tests (see clerk_app/ui/sweeper.py): a thread
# of a later test that happened to collect them would be blamed for Qt's warnings.
gc.disable()
_SWEEP_EVERY = 40

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


@pytest.fixture(scope="session")
def pki() -> Iterator[Pki]:
    """Authorities, OCSP, CRLs and a time stamp authority on this machine; their clock is the real one."""
    from tests.signing.pki import Pki

    with Pki() as served:
        yield served


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftHsm]:
    """Cards of this test process. Absent: skipped, except in CI."""
    from tests.signing.softhsm import configured, softhsm_module

    module = softhsm_module()
    if module is None:
        if os.environ.get("CI") == "true":
            pytest.fail("SoftHSM is not installed, and under CI=true its tests must run")
        pytest.skip("SoftHSM is not installed")
    before = os.environ.get("SOFTHSM2_CONF")
    yield configured(tmp_path_factory.mktemp("softhsm"), module)
    if before is None:
        os.environ.pop("SOFTHSM2_CONF", None)
    else:
        os.environ["SOFTHSM2_CONF"] = before


@pytest.fixture(scope="session")
def remote_service() -> Iterator[RemoteService]:
    """A remote signing service on this machine; tests add accounts."""
    from tests.signing.remote_service import RemoteService

    with RemoteService() as served:
        yield served


def pytest_runtest_logfinish(nodeid: str, location: object) -> None:
    """Between two tests, now and then, everything; else what is young."""
    _swept[0] += 1
    gc.collect(2 if _swept[0] % _SWEEP_EVERY == 0 else 1)


_swept = [0]
