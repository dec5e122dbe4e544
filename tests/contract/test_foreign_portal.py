"""The client against a delivery service that is not ours, with a profile and the command line alone."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.contract import foreign_jose as jose
from tests.contract.foreign_citizen import SERVICE, Citizen, Enclosure, Filed
from tests.contract.foreign_portal import ForeignPortal
from tests.contract.foreign_rules import Habits, Place
from tests.journeys.conftest import Office

AWKWARD: dict[str, Any] = {
    "page_cap": 2,
    "totals": False,
    "decorated": True,
    "chunked": True,
    "upper_headers": True,
    "charset": True,
    "upper_ids": True,
    "rate_headers": True,
    "jwks_at_root": True,
    "token_answer": {"expires_in": "1800", "refresh_expires_in": 0},
}


@pytest.fixture
def key_folder(cache_dir: Path) -> Path:
    return cache_dir / "foreign"


def write_profile(
    folder: Path,
    portal: ForeignPortal,
    *places: Place,
    version: int = 2,
    portals: tuple[str, ...] = (),
    more: str = "",
) -> Path:
    """A profile in the documented form, with its keys beside it."""
    lines = ["[authority]", 'name = "Stadt Musterhausen"', 'ars = "081110000000"', 'land = "BW"']
    lines += [
        "[authority.address]",
        'street = "Rathausplatz 1"',
        'postcode = "70999"',
        'city = "Musterhausen"',
    ]
    (folder / "keys").mkdir(exist_ok=True)
    for number, place in enumerate(places):
        name = place.destination_id[:8]
        (folder / "keys" / f"{name}-enc.jwk").write_text(place.encryption.export_private())
        (folder / "keys" / f"{name}-sig.jwk").write_text(place.signing.export_private())
        (folder / "keys" / f"{name}.secret").write_text(portal.clients[place.subscriber] + "\n")
        lines += [
            "[[mailbox]]",
            f'portal = "{portals[number] if portals else "service-bw"}"',
            f"api_version = {version}",
            f'token_url = "{portal.token_url}"',
            f'submission_url = "{portal.submission_url}"',
            f'destination_id = "{place.destination_id}"',
            f'client_id = "{place.subscriber}"',
            f'client_secret = "file:keys/{name}.secret"',
            f'decryption_keys = ["file:keys/{name}-enc.jwk"]',
            f'signing_key = "file:keys/{name}-sig.jwk"',
        ]
    profile = folder / "profile.toml"
    profile.write_text("\n".join(lines) + "\n" + more)
    return profile


class Town:
    """A foreign portal, an office that knows it by a profile, and citizens."""

    def __init__(self, folder: Path, keys: Path, version: int = 2, **habits: Any) -> None:
        self.folder, self.version = folder, version
        self.portal = ForeignPortal(keys, Habits(**habits))
        self.portal.__enter__()
        self.place = self.portal.add_place("office", [SERVICE["identifier"]], subscriber="office-client")
        self.citizen = Citizen(self.portal, self.place, version)
        self.office = Office(folder / "home", folder / "profile.toml")
        self.write_profile()

    def write_profile(self, *places: Place, **options: Any) -> None:
        write_profile(self.folder, self.portal, *(places or (self.place,)), version=self.version, **options)

    def sync(self) -> dict[str, Any]:
        summary: dict[str, Any] = self.office.json("sync", "--once")
        return summary

    def complaints(self) -> list[str]:
        """What the portal had to refuse; looking for its keys in both usual places is not held against anyone."""
        return [each for each in self.portal.complaints if "jwks.json" not in each]

    def events_posted(self, kind: str) -> list[dict[str, Any]]:
        return [each for each in self.portal.books.posted if next(iter(each["events"])).endswith(kind)]

    def check(self, filed: Filed, folder: Path) -> dict[str, Any]:
        """The case stands in the client byte for byte."""
        case: dict[str, Any] = self.office.json("case", filed.case_id)
        application = next(
            each for each in case["applications"] if each["submission_id"] == filed.parcel.parcel_id
        )
        content = filed.content or b""
        if filed.content is not None:
            assert application["content"]["sha512"] == hashlib.sha512(content).hexdigest()
        assert application["content"]["text"].encode() == content
        mine = [each for each in case["attachments"] if each["submission_id"] == filed.parcel.parcel_id]
        assert len(mine) == len(filed.enclosures)
        for enclosure, shown in zip(filed.enclosures, mine, strict=True):
            target = folder / "attachment"
            self.office.json("attachment", filed.case_id, shown["id"], "--output", str(target))
            assert target.read_bytes() == enclosure.content
            assert shown["sha512"] == hashlib.sha512(enclosure.content).hexdigest()
            assert shown["size"] == len(enclosure.content)
        return case


@pytest.fixture
def make_town(tmp_path: Path, key_folder: Path) -> Iterator[Any]:
    towns: list[Town] = []

    def make(version: int = 2, **habits: Any) -> Town:
        folder = tmp_path / f"town-{len(towns)}"
        folder.mkdir()
        towns.append(Town(folder, key_folder, version, **habits))
        return towns[-1]

    yield make
    for town in towns:
        town.portal.__exit__(None, None, None)


XML = '<?xml version="1.0" encoding="UTF-8"?>\n<antrag xmlns="urn:x"><name>Ğülşen &amp; Müller</name></antrag>\n'


def file_everything(citizen: Citizen, version: int) -> list[Filed]:
    big = os.urandom(1_500_000) + bytes(1_500_000)
    pdf = b"%PDF-1.7\n" + os.urandom(50_000)
    zipped = version == 1
    filed = [
        citizen.file(),
        citizen.file(enclosures=[Enclosure("gross.pdf", big)], zipped=zipped),
        citizen.file(content=XML.encode(), media_type="application/xml"),
        citizen.file(
            metadata_version="1.3.0", enclosures=[Enclosure(None, pdf), Enclosure("Ähre.pdf", pdf[::-1])]
        ),
        citizen.file(kid=citizen.place.encryption.thumbprint(), zipped=zipped),
        citizen.file(
            enclosures=[Enclosure("scan.pdf", pdf, pieces=3), Enclosure("leer.txt", b"", "text/plain")]
        ),
        citizen.file(reference={"senderReference": "A-1", "applicationDate": "2026-11-02"}),
    ]
    if version == 1:
        filed += [
            citizen.file(metadata_version="1.0.0"),
            citizen.file(metadata_version=None),
            citizen.file(content=None, enclosures=[Enclosure("antrag.pdf", pdf)], metadata_version="1.0.0"),
        ]
    return filed


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("habits", [{}, AWKWARD], ids=["plain", "awkward"])
def test_everything_arrives_byte_true_and_is_accepted(
    make_town: Any, tmp_path: Path, version: int, habits: dict[str, Any]
) -> None:
    town = make_town(version, **habits)
    filed = file_everything(town.citizen, version)

    summary = town.sync()

    assert town.complaints() == []
    assert (summary["received"], summary["rejected"], summary["quarantined"]) == (len(filed), 0, 0)
    assert len(town.events_posted("accept-submission")) == len(filed)
    for each in filed:
        assert each.parcel.state == "accepted"
        town.check(each, tmp_path)
    again = town.sync()
    assert all(again[key] == 0 for key in ("received", "joined", "rejected", "quarantined"))
    assert town.complaints() == []
