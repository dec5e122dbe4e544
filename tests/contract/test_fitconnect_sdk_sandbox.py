"""The PyPI package ``fitconnect`` (by others, v1 only) as sender to the practice portal and as its reader."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clerk_app.sandbox import jose
from clerk_app.sandbox.server import RunningSandbox

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its sources have escapes that newer Pythons complain about
    from fitconnect import Environment, FITConnectClient

LEIKA = "urn:de:fim:leika:leistung:99102013104000"
SCHEMA = "https://schema.fitko.de/fim/s17000101_1.0.schema.json"
FORM = {"$schema": SCHEMA, "hund": {"name": "Łučka", "rasse": "Český teriér"}}
PDF = b"%PDF-1.4 insurance " + bytes(range(256))


@pytest.fixture
def sandbox(tmp_path: Path, cache_dir: Path) -> Iterator[RunningSandbox]:
    with RunningSandbox(tmp_path / "portal", key_cache=cache_dir / "sandbox-keys") as running:
        yield running


def sdk(sandbox: RunningSandbox, client: str) -> Any:
    client_id, secret = sandbox.identity.clients[client]
    made = FITConnectClient(Environment.TESTING, client_id, secret)
    made.token_url = f"{sandbox.base_url}/token"
    made.submission_api_url = f"{sandbox.base_url}/v1"
    return made


def private_key(sandbox: RunningSandbox, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((sandbox.keys.folder / f"{name}.jwk").read_bytes())
    return loaded


def test_the_sdk_sends_and_the_portal_holds_it_byte_for_byte(sandbox: RunningSandbox) -> None:
    destination_id = sandbox.identity.destinations["bw"]
    sent = sdk(sandbox, "sender").submission(destination_id, LEIKA, data=dict(FORM), attachments=[PDF])
    assert sent["destinationId"] == destination_id
    subscriber = sandbox.portal.clients[sandbox.identity.clients["bw"][0]]
    submission, payload = sandbox.portal.fetchable(subscriber, sent["submissionId"])
    key = sandbox.keys.pair("bw-encryption").private
    assert payload.content is not None
    assert json.loads(jose.decrypt(payload.content, key)) == FORM
    (attachment,) = payload.attachments.values()
    assert jose.decrypt(attachment, key) == PDF
    metadata = json.loads(jose.decrypt(payload.metadata, key))
    digest = hashlib.sha512(jose.decrypt(payload.content, key)).hexdigest()
    assert metadata["contentStructure"]["data"]["hash"]["content"] == digest
    assert submission.service.identifier == LEIKA


def test_the_sdk_reads_what_the_sdk_sent(sandbox: RunningSandbox) -> None:
    destination_id = sandbox.identity.destinations["sn"]
    sent = sdk(sandbox, "sender").submission(destination_id, LEIKA, data=dict(FORM), attachments=[PDF])
    reader = sdk(sandbox, "subscriber")
    assert [entry["submissionId"] for entry in reader.available_submissions()] == [sent["submissionId"]]
    got = reader.retrieve_submission(sent["submissionId"], private_key(sandbox, "sn-encryption"))
    assert got["data_json"] == FORM
    assert list(got["attachments"].values()) == [PDF]


def test_the_sdk_reads_what_citizens_filed_over_v1(sandbox: RunningSandbox) -> None:
    sandbox.file_applications(18, defective=0)
    reader = sdk(sandbox, "subscriber")
    old = [entry for entry in sandbox.filing.filed if entry.metadataVersion == "1.0.0"]
    assert old
    for filed in old:
        names = ("bw-encryption",) if filed.authority == "bw" else ("sn-encryption", "sn-encryption-old")
        kid = jose.jwe_header(sandbox.portal.submissions[filed.submissionId].payload.metadata)["kid"]  # type: ignore[union-attr]
        name = next(name for name in names if sandbox.keys.pair(name).kid == kid)
        got = reader.retrieve_submission(filed.submissionId, private_key(sandbox, name))
        assert got["data_json"]["$schema"] == filed.schemaUri
        digests = {key: hashlib.sha512(content).hexdigest() for key, content in got["attachments"].items()}
        assert digests == {entry["attachmentId"]: entry["sha512"] for entry in filed.attachments}


def test_the_sdk_activates_a_destination(sandbox: RunningSandbox) -> None:
    destination_id = sandbox.identity.destinations["bw"]
    sandbox.portal.destinations[destination_id].status = "created"
    with pytest.raises(ValueError, match="not been actived"):
        sdk(sandbox, "sender").create_submission(destination_id, LEIKA)
    assert sdk(sandbox, "bw").activate_destination(destination_id).status_code == 200
    assert sdk(sandbox, "sender").create_submission(destination_id, LEIKA)["caseId"]
