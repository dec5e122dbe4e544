"""Receiving from a delivery service that is not ours, with a profile and the command line alone."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.contract.conftest import MakeTown
from tests.contract.foreign_citizen import Citizen, Enclosure, Filed
from tests.contract.foreign_town import AWKWARD

XML = '<?xml version="1.0" encoding="UTF-8"?>\n<antrag xmlns="urn:x"><name>Ğül &amp; Müller</name></antrag>\n'


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
    make_town: MakeTown, version: int, habits: dict[str, Any]
) -> None:
    town = make_town(version, **habits)
    filed = file_everything(town.citizen, version)

    summary = town.sync()

    assert town.complaints() == []
    assert (summary["received"], summary["rejected"], summary["quarantined"]) == (len(filed), 0, 0)
    assert len(town.events_posted("accept-submission")) == len(filed)
    for each in filed:
        assert each.parcel.state == "accepted"
        town.check(each)
    again = town.sync()
    assert all(again[key] == 0 for key in ("received", "joined", "rejected", "quarantined"))
    assert town.complaints() == []
