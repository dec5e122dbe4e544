"""``fitconnect`` 0.4.2, made by others, sends; our client fetches; the case shows it byte-true."""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path
from typing import Any

import pytest

from clerk_app.sandbox.server import RunningSandbox
from tests.journeys.conftest import Office

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its sources have escapes that newer Pythons complain about
    from fitconnect import Environment, FITConnectClient

LEIKA = "urn:de:fim:leika:leistung:99102013104000"
FORM = {
    "$schema": "https://schema.fitko.de/fim/s99999999_1.0.schema.json",
    "antragsteller": {"nachname": "Đorđević-Šołćina", "vorname": "Łucja", "anschrift": {"ort": "Budyšin"}},
    "hund": {"name": "K̕ačka"},
}
PDF = b"%PDF-1.4 proof of insurance " + bytes(range(256)) * 40


@pytest.mark.parametrize("api_version", [1, 2])
def test_the_sdk_sends_and_the_case_shows_it_byte_true(
    tmp_path: Path, cache_dir: Path, api_version: int
) -> None:
    with RunningSandbox(tmp_path / "portal", key_cache=cache_dir / "keys") as portal:
        profile = portal.profiles[0]
        profile.write_text(profile.read_text().replace("api_version = 2", f"api_version = {api_version}"))
        office = Office(tmp_path / "home", profile)
        client_id, secret = portal.identity.clients["sender"]
        sender: Any = FITConnectClient(Environment.TESTING, client_id, secret)
        sender.token_url = f"{portal.base_url}/token"
        sender.submission_api_url = f"{portal.base_url}/v1"
        sent = sender.submission(
            portal.identity.destinations["bw"], LEIKA, data=dict(FORM), attachments=[PDF]
        )

        assert office.json("sync")["received"] == 1
        (row,) = office.json("cases", "--query", "dordevic")
        assert (row["case_id"], row["leika_key"]) == (sent["caseId"], "99102013104000")
        case = office.json("case", row["case_id"])
        assert case["fields"] == FORM
        content = case["applications"][0]["content"]
        assert hashlib.sha512(content["text"].encode()).hexdigest() == content["sha512"]
        (attachment,) = case["attachments"]
        target = tmp_path / "attachment"
        office.json("attachment", row["case_id"], attachment["id"], "--output", str(target))
        assert target.read_bytes() == PDF
