"""Trouble at a delivery service that is not ours: defects, races, lost answers, keys that change."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.contract import foreign_jose as jose
from tests.contract.conftest import MakeTown
from tests.contract.foreign_citizen import SERVICE, Citizen, Enclosure
from tests.contract.foreign_portal import Fault
from tests.contract.foreign_town import Town

PDF = b"%PDF-1.7\nwhatever"
Metadata = dict[str, Any]


def first_attachment(metadata: Metadata) -> dict[str, Any]:
    found: dict[str, Any] = metadata["contentStructure"]["attachments"][0]
    return found


def wrong_data_hash(metadata: Metadata) -> None:
    metadata["contentStructure"]["data"]["hash"]["content"] = "0" * 128


def wrong_attachment_hash(metadata: Metadata) -> None:
    first_attachment(metadata)["hash"]["content"] = "0" * 128


def names_one_never_sent(metadata: Metadata) -> None:
    metadata["contentStructure"]["attachments"].append(
        first_attachment(metadata) | {"attachmentId": str(uuid4())}
    )


def conceals_one(metadata: Metadata) -> None:
    metadata["contentStructure"]["attachments"].clear()


def without_structure(metadata: Metadata) -> None:
    del metadata["contentStructure"]


DEFECTS: list[tuple[Callable[[Metadata], None], str]] = [
    (wrong_data_hash, "hash-mismatch"),
    (wrong_attachment_hash, "hash-mismatch"),
    (names_one_never_sent, "missing-attachment"),
    (conceals_one, "attachments-mismatch"),
    (without_structure, "schema-violation"),
]


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(("spoil", "problem"), DEFECTS)
def test_a_defective_submission_is_rejected_with_the_standard_s_words(
    make_town: MakeTown, version: int, spoil: Callable[[Metadata], None], problem: str
) -> None:
    town = make_town(version)
    filed = town.citizen.file(enclosures=[Enclosure("a.pdf", PDF)], spoil=spoil)
    sound = town.citizen.file()

    summary = town.sync()

    assert (summary["received"], summary["rejected"]) == (1, 1)
    (event,) = town.events_posted("reject-submission")
    problems = next(iter(event["events"].values()))["problems"]
    assert problem in {each["type"].rsplit("/", 1)[-1] for each in problems}
    assert "Zoë" not in json.dumps(problems, ensure_ascii=False)
    assert filed.parcel.state == "rejected"
    town.check(sound)
    assert town.complaints() == []
    assert town.sync()["rejected"] == 0


def test_an_announced_attachment_the_service_cannot_give_is_never_accepted(make_town: MakeTown) -> None:
    town = make_town()
    filed = town.citizen.file(enclosures=[Enclosure("a.pdf", PDF)])
    filed.parcel.attachments.clear()

    summary = town.sync()

    assert summary["received"] == 0
    assert summary["rejected"] + summary["quarantined"] == 1
    assert town.events_posted("accept-submission") == []


def test_an_attachment_exchanged_after_it_was_sent_is_never_accepted(make_town: MakeTown) -> None:
    town = make_town()
    enclosure = Enclosure("a.pdf", PDF)
    filed = town.citizen.file(enclosures=[enclosure])
    other = jose.encrypt(town.place.encryption, PDF, cty=None)
    filed.parcel.attachments[enclosure.attachment_id] = other

    summary = town.sync()

    assert summary["received"] == 0
    assert summary["rejected"] + summary["quarantined"] == 1
    assert town.events_posted("accept-submission") == []


def forged_signature(town: Town, event: str, claims: dict[str, Any]) -> str:
    compact = jose.sign_event(town.portal.service_key, claims)
    head, _, signature = compact.rpartition(".")
    return f"{head}.{('B' if signature[0] == 'A' else 'A')}{signature[1:]}"


def signed_by_another_key(town: Town, event: str, claims: dict[str, Any]) -> str:
    return jose.sign_event(town.place.signing, claims, kid=town.portal.service_key["kid"])


def of_another_case(town: Town, event: str, claims: dict[str, Any]) -> str:
    return jose.sign_event(town.portal.service_key, claims | {"txn": f"case:{uuid4()}"})


def two_events(town: Town, event: str, claims: dict[str, Any]) -> str:
    doubled = claims["events"] | {"https://schema.fitko.de/fit-connect/events/notify-submission": {}}
    return jose.sign_event(town.portal.service_key, claims | {"events": doubled})


def typ_jwt(town: Town, event: str, claims: dict[str, Any]) -> str:
    return jose.sign_event(town.portal.service_key, claims, typ="JWT")


def by_a_party(town: Town, event: str, claims: dict[str, Any]) -> str:
    return jose.sign_event(town.place.signing, claims | {"iss": town.place.destination_id})


FORGERIES = [forged_signature, signed_by_another_key, of_another_case, two_events, typ_jwt, by_a_party]


@pytest.mark.parametrize("forge", FORGERIES)
def test_a_forged_event_is_shown_and_never_accepted_nor_refused(
    make_town: MakeTown, forge: Callable[[Town, str, dict[str, Any]], str]
) -> None:
    town = make_town()

    def sign(event: str, claims: dict[str, Any]) -> str:
        if event == "submit-submission":
            return forge(town, event, claims)
        return jose.sign_event(town.portal.service_key, claims)

    town.portal.books.forge = sign
    filed = town.citizen.file()
    town.portal.books.forge = None
    sound = town.citizen.file()

    summary = town.sync()

    assert (summary["received"], summary["rejected"], summary["quarantined"]) == (1, 0, 1)
    assert filed.parcel.state == "submitted"
    assert {each["status"] for each in town.office.json("cases")} == {"new", "quarantined"}
    town.check(sound)
    again = town.sync()
    assert (again["received"], again["quarantined"]) == (0, 0)


def test_keys_published_late_are_waited_for(make_town: MakeTown) -> None:
    """A key set served from a cache lags behind a change of keys: nothing is wrong with the application."""
    town = make_town()
    published = list(town.portal.jwks)
    town.portal.jwks = [each for each in published if each.get("kid") != town.portal.service_key["kid"]]
    filed = town.citizen.file()
    summary = town.office("sync", "--once", "--json").document
    assert (summary["received"], summary["rejected"]) == (0, 0)
    assert filed.parcel.state == "submitted"

    town.portal.jwks = published

    assert town.sync()["received"] == 1
    town.check(filed)
    assert filed.parcel.state == "accepted"


def test_a_key_we_did_not_have_opens_what_waited_for_it(make_town: MakeTown) -> None:
    town = make_town()
    newer = jose.private_key(town.portal.keys, "office-enc-newer", "unwrapKey")
    town.place.older_keys.append(newer)
    filed = town.citizen.file(key=newer, kid=newer["kid"])
    assert town.sync()["quarantined"] == 1
    assert filed.parcel.state == "submitted"

    town.write_profile(decryption_keys=(newer,))

    assert town.sync()["received"] == 1
    town.check(filed)


def test_a_lost_answer_to_our_accept_is_settled_by_the_log(make_town: MakeTown) -> None:
    town = make_town()
    filed = town.citizen.file()
    town.portal.faults.append(Fault("POST", "/events$", town.portal.problem(503, "overloaded"), after=True))
    town.office("sync", "--once")
    assert filed.parcel.state == "accepted"

    summary = town.sync()

    assert (summary["received"], summary["rejected"], summary["quarantined"]) == (0, 0, 0)
    town.check(filed)
    assert len(town.events_posted("accept-submission")) == 1
    before = len(town.portal.made("POST", "/events$"))
    town.sync()
    assert len(town.portal.made("POST", "/events$")) == before, "settled is settled"


def test_a_dropped_accept_is_repeated(make_town: MakeTown) -> None:
    town = make_town()
    filed = town.citizen.file()
    town.portal.faults.append(Fault("POST", "/events$", times=3))
    town.office("sync", "--once")
    assert filed.parcel.state == "submitted"
    town.portal.faults.clear()

    town.sync()

    assert filed.parcel.state == "accepted"
    town.check(filed)


def test_an_automatic_reject_before_our_accept_keeps_the_case_and_says_so(make_town: MakeTown) -> None:
    """More than 14 days unfetched: the service rejects by itself, perhaps just while we fetch."""
    town = make_town()
    filed = town.citizen.file()

    def reject() -> None:
        filed.parcel.state = "rejected"
        town.portal.books.record(filed.parcel, "reject-submission", {"problems": [{"type": "about:blank"}]})

    town.portal.faults.append(Fault("POST", "/events$", act=reject))

    town.office("sync", "--once")

    town.check(filed)
    again = town.sync()
    assert (again["received"], again["rejected"], again["waiting"]) == (0, 0, 0)


@pytest.mark.parametrize("when", ["$", "/attachments"], ids=["before", "during"])
def test_a_submission_that_goes_while_we_fetch_is_no_error(make_town: MakeTown, when: str) -> None:
    town = make_town()
    filed = town.citizen.file(enclosures=[Enclosure("a.pdf", PDF)])
    sound = town.citizen.file()

    def taken_by_a_colleague() -> None:
        filed.parcel.state = "accepted"
        filed.parcel.attachments.clear()

    town.portal.faults.append(Fault("GET", filed.parcel.parcel_id + when, act=taken_by_a_colleague))

    summary = town.sync()

    assert (summary["received"], summary["rejected"], summary["quarantined"]) == (1, 0, 0)
    town.check(sound)
    assert len(town.office.json("cases")) == 1


@pytest.mark.parametrize(
    ("method", "pattern", "skip"),
    [("GET", "/submissions/", 2), ("GET", "/attachments/", 1), ("POST", "/events$", 2)],
)
def test_a_token_that_ends_in_the_middle_is_renewed(
    make_town: MakeTown, method: str, pattern: str, skip: int
) -> None:
    town = make_town()
    filed = [town.citizen.file(enclosures=[Enclosure("a.pdf", PDF)]) for _ in range(4)]
    town.portal.faults.append(Fault(method, pattern, act=town.portal.tokens.clear, skip=skip))

    assert town.sync()["received"] == 4

    assert {each.parcel.state for each in filed} == {"accepted"}
    assert town.portal.token_calls >= 2
    assert not [each for each in town.portal.complaints if not each.startswith("401")]


def test_a_token_answer_without_a_lifetime_and_a_short_one(make_town: MakeTown) -> None:
    for said in ({}, {"expires_in": 1}, {"expires_in": None}):
        town = make_town(token_answer=said)
        filed = town.citizen.file()
        assert town.sync()["received"] == 1
        town.check(filed)


def test_several_destinations_in_one_profile(make_town: MakeTown) -> None:
    town = make_town()
    second = town.portal.add_place("office2", [SERVICE["identifier"]], subscriber="office-client")
    third = town.portal.add_place("office3", [SERVICE["identifier"]], subscriber="another-client")
    town.write_profile(town.place, second, third, portals=("service-bw", "fit-connect", "amt24"))
    filed = [Citizen(town.portal, place).file() for place in (town.place, second, third) for _ in range(3)]

    assert town.sync()["received"] == 9

    for each in filed:
        town.check(each)
    assert {each["portal"] for each in town.office.json("cases")} == {"service-bw", "fit-connect", "amt24"}
    assert town.complaints() == []


def test_one_destination_that_fails_does_not_keep_the_others_away(make_town: MakeTown) -> None:
    town = make_town()
    second = town.portal.add_place("office2", [SERVICE["identifier"]], subscriber="another-client")
    town.write_profile(town.place, second, portals=("service-bw", "amt24"))
    filed = Citizen(town.portal, second).file()
    town.portal.clients["office-client"] = "changed meanwhile"

    said = town.office("sync", "--once", "--json")

    assert (said.exit_code, said.document["received"]) == (4, 1)
    assert said.document["error"]["code"] == "SIGN_IN_FAILED"
    town.check(filed)


def test_the_same_destination_under_two_portals_is_taken_in_once(make_town: MakeTown) -> None:
    town = make_town()
    town.write_profile(town.place, town.place, portals=("service-bw", "amt24"))
    filed = [town.citizen.file() for _ in range(3)]

    assert town.sync()["received"] == 3

    assert len(town.office.json("cases")) == 3
    for each in filed:
        town.check(each)
    assert len(town.events_posted("accept-submission")) == 3
    assert town.complaints() == []


@pytest.mark.parametrize(
    ("status", "exit_code", "code"),
    [
        (403, 4, "PORTAL_FORBIDDEN"),
        (400, 5, "PORTAL_REFUSED"),
        (429, 3, "PORTAL_BUSY"),
        (500, 3, "PORTAL_DISTURBED"),
        (503, 3, "PORTAL_DISTURBED"),
    ],
)
def test_problems_of_unknown_types_get_a_code_and_cost_nothing(
    make_town: MakeTown, status: int, exit_code: int, code: str
) -> None:
    town = make_town()
    filed = town.citizen.file()
    town.portal.faults.append(
        Fault(
            "GET",
            "/submissions$",
            town.portal.problem(status, "never-heard-of", RateLimit_Reset="600"),
            times=9,
        )
    )

    said = town.office("sync", "--once", "--json")
    assert (said.exit_code, said.document["error"]["code"]) == (exit_code, code)

    town.portal.faults.clear()
    assert town.sync()["received"] == 1
    town.check(filed)


def test_a_later_minor_version_of_the_metadata_is_read(make_town: MakeTown) -> None:
    town = make_town()
    filed = town.citizen.file(metadata_version="2.7.3")
    assert town.sync()["received"] == 1
    town.check(filed)


def test_a_later_major_version_is_shown_and_never_accepted(make_town: MakeTown) -> None:
    town = make_town()
    filed = town.citizen.file(metadata_version="9.0.0")

    summary = town.sync()

    assert summary["received"] == 0
    assert summary["quarantined"] + summary["rejected"] == 1
    assert town.events_posted("accept-submission") == []
    assert filed.parcel.state in ("submitted", "rejected")


def test_the_service_event_schema_is_copied_whatever_it_is(
    make_town: MakeTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = "https://schema.fitko.de/fit-connect/set-payload/1.9.0/set-payload.schema.json"
    monkeypatch.setattr("tests.contract.foreign_rules.SET_SCHEMA", newer)
    town = make_town()
    town.citizen.file()
    town.citizen.file(spoil=wrong_data_hash)

    summary = town.sync()

    assert (summary["received"], summary["rejected"]) == (1, 1)
    assert {each["$schema"] for each in town.portal.books.posted} == {newer}


def test_an_incomplete_follow_up_waits_until_it_is_submitted(make_town: MakeTown) -> None:
    town = make_town()
    first = town.citizen.file()
    town.sync()
    town.citizen.file(case_id=first.case_id, submit=False)
    assert town.sync()["joined"] == 0
    second = town.citizen.file(case_id=first.case_id, content=b'{"nachtrag": "\xc3\xa4"}')

    summary = town.sync()

    assert (summary["received"], summary["joined"]) == (0, 1)
    town.check(second)
    assert len(town.office.json("cases")) == 1


def test_the_whole_profile_is_examined(make_town: MakeTown) -> None:
    town = make_town(base_path="/fit/submission-api", jwks_at_root=True, charset=True)
    town.open_bridge()
    findings = town.office("doctor", "--json").document["findings"]
    portal = [each for each in findings if each["area"] == "portal"]
    assert portal
    assert [each for each in portal if not each["ok"]] == []


def test_wrong_key_files_are_told_before_anything_is_lost(make_town: MakeTown) -> None:
    town = make_town()
    filed = town.citizen.file()
    name = town.place.destination_id[:8]
    stranger = jose.private_key(town.portal.keys, "stranger-enc", "unwrapKey")
    path = Path(town.folder / "keys" / f"{name}-0.jwk")
    right = path.read_text()
    path.write_text(stranger.export_private())

    summary = town.office("sync", "--once", "--json").document
    assert (summary["received"], summary["rejected"]) == (0, 0)
    assert filed.parcel.state == "submitted"

    path.write_text(right)
    assert town.sync()["received"] == 1
    town.check(filed)
