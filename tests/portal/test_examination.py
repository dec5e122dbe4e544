"""What ``doctor`` learns from the portal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk_app.domain.errors import ErrorCode
from clerk_app.sandbox.server import RunningSandbox
from tests.portal.practice import mailbox_configs, office_of


@pytest.fixture
def sandbox(tmp_path: Path, cache_dir: Path) -> Iterator[RunningSandbox]:
    with RunningSandbox(tmp_path / "portal", key_cache=cache_dir / "sandbox-keys") as running:
        yield running


def test_a_mailbox_in_order(sandbox: RunningSandbox) -> None:
    sandbox.file_applications(3, authority="bw")
    office = office_of(sandbox)
    found = office.mailboxes[0].examine()
    assert found.error is None
    assert found.waiting == 3
    assert found.destination_status == "active"
    assert found.encryption_key_held
    assert found.signing_key_published
    assert found.shortest_key_bits == 4096
    assert found.clock_ahead_s is not None
    assert abs(found.clock_ahead_s) < 60
    sandbox.switch_fault("clock-skew")
    skewed = office.mailboxes[0].examine().clock_ahead_s
    assert skewed is not None
    assert -660 < skewed < -540
    office.close()


def test_keys_that_do_not_fit(sandbox: RunningSandbox) -> None:
    bw, sn = (mailbox_configs(profile)[0] for profile in sandbox.profiles)
    not_for_signing = {**bw.decryption_keys[0], "key_ops": ["sign"]}
    office = office_of(sandbox, decryption_keys=sn.decryption_keys, signing_key=not_for_signing)
    found = office.mailboxes[0].examine()
    assert found.encryption_key_held is False
    assert found.signing_key_published is False
    office.close()


def test_nobody_there(sandbox: RunningSandbox) -> None:
    office = office_of(sandbox)
    sandbox.unplug()
    found = office.mailboxes[0].examine()
    assert found.error is not None
    assert found.error.code is ErrorCode.PORTAL_UNREACHABLE
    assert found.waiting is None
    office.close()
