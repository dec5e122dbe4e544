"""Keys of desktops and offices: sealing, granting, changing, shutting out."""

from __future__ import annotations

import dataclasses

import pytest

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.sync.team import SharedEntry
from clerk_app.team import keys as k
from clerk_app.team.connection import connect_to_team
from clerk_app.team.roster import Roster
from tests.store.making import new_id
from tests.team.office_server import CountyServer, DesktopMaker, TeamDesktopPlace

ENTRY = SharedEntry("e", "2026-11-27T08:00:00", "brand", "noted", "c", None, '{"text":"ä"}', "d")


def code_of(act: object) -> ErrorCode:
    with pytest.raises(ClerkError) as caught:
        act()  # type: ignore[operator]
    return caught.value.code


def test_keys_come_back_from_their_text() -> None:
    made = k.DesktopKeys.generate()
    again = k.DesktopKeys.parse(made.text())
    assert again.public == made.public
    assert made.text() not in repr(made)


def test_an_office_key_opens_for_its_desktop_office_and_generation_only() -> None:
    ours, others = k.DesktopKeys.generate(), k.DesktopKeys.generate()
    key = k.new_office_key()
    sealed = k.seal_key("o", 1, key, ours.public)
    assert k.open_key("o", 1, sealed, ours) == key
    for office, generation, who in (("o", 1, others), ("p", 1, ours), ("o", 2, ours)):
        assert code_of(lambda: k.open_key(office, generation, sealed, who)) is ErrorCode.TEAM_KEY_WRONG  # noqa: B023


def test_what_is_sealed_is_bound_to_its_place() -> None:
    keys = k.OfficeKeys("o", {1: bytes(32), 2: bytes(range(32))})
    sealed = keys.seal("entry", "a", b"content")
    assert keys.newest == 2
    assert keys.open(2, "entry", "a", sealed) == b"content"
    flipped = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for generation, kind, name, content, code in (
        (1, "entry", "a", sealed, ErrorCode.TEAM_DAMAGED),
        (2, "document", "a", sealed, ErrorCode.TEAM_DAMAGED),
        (2, "entry", "b", sealed, ErrorCode.TEAM_DAMAGED),
        (2, "entry", "a", flipped, ErrorCode.TEAM_DAMAGED),
        (2, "entry", "a", b"", ErrorCode.TEAM_DAMAGED),
        (3, "entry", "a", sealed, ErrorCode.TEAM_KEY_MISSING),
    ):
        assert code_of(lambda: keys.open(generation, kind, name, content)) is code  # noqa: B023
    assert code_of(lambda: k.OfficeKeys("o", {}).seal("entry", "a", b"")) is ErrorCode.TEAM_NOT_ADMITTED


def test_a_signature_covers_every_member() -> None:
    keys = k.DesktopKeys.generate()
    entry = k.read_entry(k.write_entry(ENTRY, keys.sign))
    assert k.is_signed_by(entry, keys.public.sign)
    assert not k.is_signed_by(entry, k.DesktopKeys.generate().public.sign)
    for field in dataclasses.fields(SharedEntry):
        if field.name != "signature":
            assert not k.is_signed_by(dataclasses.replace(entry, **{field.name: "x"}), keys.public.sign)
    assert not k.is_signed_by(dataclasses.replace(entry, signature="not base64"), keys.public.sign)
    # relayed by somebody else it keeps the signature it came with
    relayed = k.read_entry(k.write_entry(entry, k.DesktopKeys.generate().sign))
    assert k.is_signed_by(relayed, keys.public.sign)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"entry": [1,2,3,4,5,6,7,8], "signature": ""}', b'{"entry": []}', b"\xff"],
)
def test_what_is_no_entry_is_damaged(content: bytes) -> None:
    assert code_of(lambda: k.read_entry(content)) is ErrorCode.TEAM_DAMAGED


def write(place: TeamDesktopPlace, text: str) -> None:
    with place.ledger.transaction("note") as write_:
        write_.append(Act(ActKind.NOTED, CaseId(new_id()), None, {"text": text}))


def roster(county: CountyServer, place: TeamDesktopPlace) -> Roster:
    return Roster(connect_to_team(county.address(place.actor)), place.office)


def test_who_waits_to_be_admitted_reads_nothing_and_says_its_fingerprint(desktop: DesktopMaker) -> None:
    brand, ito = desktop("brand"), desktop("ito", admitted=False)
    write(brand, "x")
    brand.exchange().run()
    with pytest.raises(ClerkError) as caught:
        ito.exchange()
    assert caught.value.code is ErrorCode.TEAM_NOT_ADMITTED
    assert caught.value.params["fingerprint"] == ito.keys.public.fingerprint
    brand.admit(ito)
    assert ito.exchange().run().taken_in == 1


def test_a_wrong_fingerprint_admits_nobody(desktop: DesktopMaker, county: CountyServer) -> None:
    brand, ito = desktop("brand"), desktop("ito", admitted=False)
    with connect_to_team(county.address("brand")) as connection:
        team = Roster(connection, brand.office)
        keys = team.keys(brand.desktop_id, brand.keys)
        wrong = brand.keys.public.fingerprint
        assert code_of(lambda: team.admit(ito.desktop_id, wrong, brand.desktop_id, keys)) is (
            ErrorCode.TEAM_FINGERPRINT_WRONG
        )
        spoken = ito.keys.public.fingerprint.lower().replace(" ", "")
        assert team.admit(ito.desktop_id, spoken, brand.desktop_id, keys).admitted_at is not None


def test_after_a_change_of_key_everybody_reads_old_and_new(
    desktop: DesktopMaker, county: CountyServer
) -> None:
    brand, ito = desktop("brand"), desktop("ito")
    write(brand, "before")
    brand.exchange().run()
    ito.exchange().run()
    with connect_to_team(county.address("ito")) as connection:
        assert Roster(connection, ito.office).rotate(ito.desktop_id) == 2
    write(ito, "after")  # ito's line was opened before: it still seals with the first key
    ito.exchange().run()
    ito.disconnect()
    write(ito, "after that")
    ito.exchange().run()
    assert brand.exchange().run().taken_in == 2
    third = desktop("weber")
    assert third.exchange().run().taken_in == 3
    with county.admin() as connection:
        generations = connection.execute("SELECT generation FROM entry ORDER BY number").fetchall()
    assert [row[0] for row in generations] == [1, 1, 2]


def test_who_was_shut_out_hears_nothing_new_and_its_entries_stay(
    desktop: DesktopMaker, county: CountyServer
) -> None:
    brand, ito = desktop("brand"), desktop("ito")
    write(ito, "before the loss")
    ito.exchange().run()
    write(ito, "on the lost laptop")
    with connect_to_team(county.address("brand")) as connection:
        assert Roster(connection, brand.office).revoke(ito.desktop_id, brand.desktop_id) == 2
    assert code_of(lambda: ito.exchange().run()) is ErrorCode.TEAM_FORBIDDEN  # its line still stands
    ito.disconnect()
    assert code_of(lambda: ito.exchange()) is ErrorCode.TEAM_REVOKED
    write(brand, "secret from now on")
    assert brand.exchange().run().taken_in == 1
    with county.admin() as connection:
        rows = connection.execute(
            "SELECT count(*) FROM key_grant WHERE desktop_id = %s AND generation = 2", (ito.desktop_id,)
        ).fetchone()
    assert rows == (0,)
