"""A server, or an insider, that does not tell the truth: nothing wrong is believed, nothing right is lost."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable

import pytest

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind, canonical_json
from clerk_app.sync.team import SharedEntry
from clerk_app.team.keys import plain_entry, write_entry
from clerk_app.team.server import _packed
from tests.store.making import new_id
from tests.team.office_server import CountyServer, DesktopMaker, TeamDesktopPlace


def entry_of(place: TeamDesktopPlace, **changes: str) -> SharedEntry:
    made = SharedEntry(
        str(uuid.uuid4()), "2026-11-27T08:00:00.000000+00:00", place.actor, ActKind.NOTED.value, new_id(),
        None, canonical_json({"text": "x"}), place.desktop_id,
    )  # fmt: skip
    return dataclasses.replace(made, **changes)


def smuggle(
    county: CountyServer,
    place: TeamDesktopPlace,
    entry: SharedEntry,
    *,
    signer: TeamDesktopPlace | None = None,
    row_id: str | None = None,
    kind: str | None = None,
    sealed: bytes | None = None,
    generation: int = 1,
) -> None:
    """Puts a row on the server that no honest client would write, past every right."""
    content = _packed(write_entry(entry, (signer or place).keys.sign))
    if sealed is None:
        sealed = place.server._office_keys.seal("entry", row_id or entry.entry_id, content)
    with county.admin() as connection:
        connection.execute(
            "INSERT INTO entry (office_id, entry_id, desktop_id, author, kind, case_id, generation, sealed, "
            "number, chain) VALUES (%s, %s, %s, 'x', %s, %s, %s, %s, 0, '')",
            (
                place.office, row_id or entry.entry_id, place.desktop_id, kind or entry.kind, entry.case_id,
                generation, sealed,
            ),
        )  # fmt: skip


Lie = Callable[[CountyServer, TeamDesktopPlace, TeamDesktopPlace], None]
LIES: dict[str, tuple[Lie, str]] = {
    "another's name": (lambda c, p, o: smuggle(c, p, entry_of(p, actor="ito")), "other-person"),
    "another's desktop": (
        lambda c, p, o: smuggle(c, p, entry_of(p, desktop=o.desktop_id), signer=p), "label-differs",
    ),
    "not signed by its desktop": (lambda c, p, o: smuggle(c, p, entry_of(p), signer=o), "signature"),
    "another kind outside": (lambda c, p, o: smuggle(c, p, entry_of(p), kind="opened"), "label-differs"),
    "another id outside": (lambda c, p, o: smuggle(c, p, entry_of(p), row_id=new_id()), "label-differs"),
    "noise": (lambda c, p, o: smuggle(c, p, entry_of(p), sealed=b"noise" * 20), "unreadable"),
    "nothing": (lambda c, p, o: smuggle(c, p, entry_of(p), sealed=b""), "unreadable"),
    "not sealed": (
        lambda c, p, o: smuggle(c, p, entry_of(p), sealed=plain_entry(entry_of(p)), generation=0),
        "label-differs",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LIES)
def test_what_cannot_be_believed_is_set_aside_and_the_rest_goes_on(
    desktop: DesktopMaker, county: CountyServer, name: str
) -> None:
    brand, ito = desktop("brand"), desktop("ito")
    lie, fault = LIES[name]
    lie(county, brand, ito)
    case_id = CaseId(new_id())
    with brand.ledger.transaction("note") as write:
        write.append(Act(ActKind.NOTED, case_id, None, {"text": "true"}))
    brand.exchange().run()
    assert ito.exchange().run().taken_in == 1
    assert [each[2] for each in ito.shared.set_aside()] == [fault]
    assert len(ito.ledger.entries(case_id)) == 1
    assert ito.ledger.verify_chain() == 1


def test_a_hole_in_the_numbers_is_noticed_and_nothing_is_skipped(
    desktop: DesktopMaker, county: CountyServer
) -> None:
    brand, ito = desktop("brand"), desktop("ito")
    for number in range(3):
        with brand.ledger.transaction("note") as write:
            write.append(Act(ActKind.NOTED, CaseId(new_id()), None, {"text": str(number)}))
    brand.exchange().run()
    with county.admin() as connection:
        connection.execute("DELETE FROM entry WHERE number = 2")
    with pytest.raises(ClerkError) as caught:
        ito.exchange().run()
    assert caught.value.code is ErrorCode.TEAM_DAMAGED
    assert ito.shared.cursor().number == 0


def test_an_act_of_a_newer_program_stops_the_exchange_with_a_word(
    desktop: DesktopMaker, county: CountyServer
) -> None:
    brand, ito = desktop("brand"), desktop("ito")
    smuggle(county, brand, entry_of(brand, kind="invented-later"))
    with pytest.raises(ClerkError) as caught:
        ito.exchange().run()
    assert caught.value.code is ErrorCode.TEAM_NEWER
    assert caught.value.params["name"] == "invented-later"
    assert ito.ledger.verify_chain() == 0


def test_an_exchanged_document_on_the_server_is_noticed(desktop: DesktopMaker, county: CountyServer) -> None:
    brand, ito = desktop("brand"), desktop("ito")
    case_id = CaseId(new_id())
    named = brand.store.documents().keep(case_id, b"one", "Bescheid")
    other = brand.store.documents().keep(case_id, b"two", "Bescheid")
    with brand.ledger.transaction("note") as write:
        write.append(
            Act(ActKind.NOTED, case_id, None, {"document_id": named, "more": {"document_id": other}})
        )
    brand.exchange().run()
    with county.admin() as connection:
        connection.execute(
            "UPDATE document SET sealed = (SELECT d.sealed FROM document d WHERE d.document_id = %s) "
            "WHERE document_id = %s",
            (other, named),
        )
    with pytest.raises(ClerkError) as caught:
        ito.exchange().run()
    assert caught.value.code is ErrorCode.TEAM_DAMAGED
    assert not ito.store.documents().exists(case_id, named, "document")


def test_four_eyes_hold_across_desktops(desktop: DesktopMaker, county: CountyServer) -> None:
    """Who wrote on a draft does not release it, from whichever desktop the release comes."""
    county.member("brand", "musterhausen", "clerk", "reviewer")
    brand, ito = desktop("brand"), desktop("ito")
    case_id, draft = new_id(), new_id()
    released = entry_of(
        brand, kind=ActKind.REVIEW_RELEASED.value, case_id=case_id, subject_id=draft,
        payload=canonical_json({"sha256": "", "change_token": ""}),
    )  # fmt: skip
    smuggle(county, brand, released)
    ito.exchange().run()
    assert ito.ledger.connection.value("SELECT count(*) FROM draft_state WHERE place = 'folder'") == 0
    ito.ledger.verify_chain()
