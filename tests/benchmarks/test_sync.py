"""First sync of many applications, and a sync with nothing new."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from clerk_app.bootstrap.premises import open_premises
from clerk_app.bootstrap.sync_side import open_engine
from clerk_app.domain.case import CaseQuery
from clerk_app.sandbox.keys import KeyRing
from clerk_app.sync.status import StatusBoard
from tests.benchmarks.limits import cpu_s, middle_s, report, rsa_4096_private_s
from tests.kill.office import PracticePortal

APPLICATIONS = int(os.environ.get("CLERK_BENCH_APPLICATIONS", "2000"))


@pytest.fixture
def portal(cache_dir: Path, tmp_path: Path) -> Iterator[PracticePortal]:
    directory = tmp_path / "portal"
    directory.mkdir()
    KeyRing(directory / "keys").make_missing(cache_dir / "keys")
    running = PracticePortal(directory)
    yield running
    running.close()


def test_first_sync_and_idle(portal: PracticePortal, tmp_path: Path) -> None:
    filed = portal.file(APPLICATIONS)
    attachments = sum(len(each["attachments"]) for each in filed)
    operations = 3 * len(filed) + attachments  # metadata, data, each attachment, the accept's signature
    one = rsa_4096_private_s()
    profile = Path(portal.ready["profiles"][0])
    with (
        open_premises(tmp_path / "home", profile, lock=True) as premises,
        open_engine(premises, StatusBoard()) as engine,
    ):
        began_cpu, began = cpu_s(), time.perf_counter()
        summary = engine.run_once(force=True)
        used, took = cpu_s() - began_cpu, time.perf_counter() - began
        assert (summary.received, summary.failures) == (APPLICATIONS, ())
        assert len(premises.store.reads().list(CaseQuery())) == APPLICATIONS
        report(
            f"first sync of {APPLICATIONS}: client CPU / RSA-4096 CPU it needs",
            used,
            operations * one,
            "s",
            goal=1.25,
            rsa_share=round(operations * one / used, 2),
            operations=operations,
            rsa_ms=round(one * 1000, 2),
            wall_s=round(took, 2),
        )
        idle = middle_s(lambda: engine.run_once(force=True), 30)
        mailbox = engine.mailboxes[0]
        client_id, secret = _credentials(profile)
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        with httpx.Client(headers={"User-Agent": "bench"}, trust_env=False) as client:
            answer = client.post(portal.ready["token_url"], data=form)
            token = answer.json()["access_token"]
            url = f"{portal.ready['base_url']}/v2/submissions?destinationId={mailbox.key.destination_id}"
            headers = {"Authorization": f"Bearer {token}"}
            one_call = middle_s(lambda: client.get(url, headers=headers).json(), 30)
        report("idle sync: wall / one list call", idle * 1000, one_call * 1000, "ms", goal=2.0)


def _credentials(profile: Path) -> tuple[str, str]:
    import tomllib

    mailbox = tomllib.loads(profile.read_text())["mailbox"][0]
    secret = (profile.parent / mailbox["client_secret"].removeprefix("file:")).read_text().strip()
    return mailbox["client_id"], secret
