"""A receiver's and a sender's day at the delivery service, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from clerk_app.sandbox.server import RunningSandbox


@pytest.fixture
def sandbox(tmp_path: Path, cache_dir: Path) -> Iterator[RunningSandbox]:
    with RunningSandbox(tmp_path / "portal", applications=4, key_cache=cache_dir / "sandbox-keys") as running:
        yield running


def token(sandbox: RunningSandbox, name: str = "subscriber") -> dict[str, str]:
    client_id, secret = sandbox.identity.clients[name]
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    answer = requests.post(f"{sandbox.base_url}/token", data=form, timeout=10)
    assert answer.status_code == 200
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def test_filed_applications_wait_to_be_fetched(sandbox: RunningSandbox) -> None:
    headers = token(sandbox)
    listing = requests.get(f"{sandbox.base_url}/v2/submissions", headers=headers, timeout=10).json()
    assert listing["totalCount"] == 4
    first = listing["submissions"][0]
    one = requests.get(
        f"{sandbox.base_url}/v2/submissions/{first['submissionId']}", headers=headers, timeout=10
    )
    assert one.status_code == 200
    assert one.json()["publicService"]["identifier"].startswith("urn:de:fim:leika:leistung:99")
    log = requests.get(
        f"{sandbox.base_url}/v2/cases/{first['caseId']}/events", headers=headers, timeout=10
    ).json()
    assert len(log["eventLog"]) == 2
