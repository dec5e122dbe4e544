"""Asking for documents, and the way an answer takes to the citizen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from clerk_app.domain.application import ReplyChannel
from clerk_app.domain.case import CaseStatus
from clerk_app.domain.decision import Outcome
from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.ids import DestinationId
from clerk_app.domain.outbox import OutboxKind, OutboxState
from clerk_app.usecases.sending import way_to
from tests.usecases.house import MAILBOX_CHANNEL, UNKNOWN, House, code_of

TODAY = date(2026, 11, 24)
EMAIL = ReplyChannel("eMail", {"eMail": "z@example.org"})
REPLY = ReplyChannel("fitConnect", {"encryptionPublicKey": {}})


def kept_documents(house: House) -> int:
    return len(list(house.store.paths.documents.rglob("*.document")))


def test_a_request_waits_with_its_letter_its_items_and_its_status_line(house: House) -> None:
    case_id = house.arrives()

    queued = house.desk.requesting.request(case_id, [" Mietvertrag ", "", "Mietvertrag", "Foto  des Hundes"])

    assert queued.items == ("Mietvertrag", "Foto des Hundes"), "blanks and repetitions dropped, order kept"
    status, request = house.outbox()
    assert (request.kind, request.state) == (OutboxKind.DOCUMENT_REQUEST, OutboxState.QUEUED)
    assert (status.kind, status.accompanies) == (OutboxKind.STATUS, request.entry_id)
    frozen = house.desk.ledger.outgoing(queued.entry_id)
    assert frozen.due_on == queued.due_on == house.desk.requesting.proposed_due_on(case_id)
    assert frozen.structured["items"] == [{"text": item} for item in queued.items]
    assert all(item in frozen.text for item in queued.items)
    assert house.status(case_id) is CaseStatus.REQUESTED

    house.clock.pass_(days=2)
    house.arrives(case_id)
    assert house.status(case_id) is CaseStatus.ANSWERED


def test_a_request_is_worth_sending_or_refused_before_anything_is_made(house: House) -> None:
    case_id = house.arrives()
    ask = house.desk.requesting.request

    assert code_of(lambda: ask(case_id, [])) is ErrorCode.ITEMS_MISSING
    assert code_of(lambda: ask(case_id, ["", "  \n"])) is ErrorCode.ITEMS_MISSING
    yesterday = TODAY - timedelta(days=1)
    assert code_of(lambda: ask(case_id, ["x"], yesterday)) is ErrorCode.DUE_IN_PAST
    assert code_of(lambda: ask(UNKNOWN, ["x"])) is ErrorCode.CASE_UNKNOWN
    assert code_of(lambda: ask(house.arrives_unreadable(), ["x"])) is ErrorCode.CASE_NOT_READABLE
    assert (house.outbox(), house.letters.asked, kept_documents(house)) == ([], [], 0)
    assert ask(case_id, ["x"], TODAY).due_on == TODAY


def test_today_is_the_offices_day_not_utc(house: House) -> None:
    case_id = house.arrives()
    house.clock.time = house.clock.time.replace(hour=23, minute=30)  # half past midnight in Berlin

    assert code_of(lambda: house.desk.requesting.request(case_id, ["x"], TODAY)) is ErrorCode.DUE_IN_PAST


def test_after_a_decision_nothing_is_asked_for_any_more(house: House) -> None:
    case_id = house.arrives()
    decision = house.desk.deciding.sign(house.desk.deciding.draft(case_id, Outcome.GRANTED), lambda: None)
    made = kept_documents(house)

    assert code_of(lambda: house.desk.requesting.request(case_id, ["x"])) is ErrorCode.CASE_ALREADY_DECIDED
    assert kept_documents(house) == made, "no letter is left behind"

    house.desk.outbox.withdraw(decision.entry_id)
    house.desk.requesting.request(case_id, ["x"])


def test_the_channel_offered_last_counts(house: House) -> None:
    case_id = house.arrives(channel=EMAIL)
    assert house.desk.deciding.way(case_id).reason == "channel-not-served"
    house.clock.pass_(minutes=1)
    house.arrives(case_id, channel=MAILBOX_CHANNEL)
    house.clock.pass_(minutes=1)
    house.arrives(case_id, channel=None)

    way = house.desk.deciding.way(case_id)
    assert (way.channel, way.address) == (MAILBOX_CHANNEL.kind, MAILBOX_CHANNEL.address)


@pytest.mark.parametrize(
    ("channel", "served", "reason"),
    [
        (None, True, "no-channel-offered"),
        (EMAIL, True, "channel-not-served"),
        (REPLY, False, "channel-not-served"),
    ],
)
def test_without_a_way_it_goes_by_post_and_says_why(
    house: House, channel: ReplyChannel | None, served: bool, reason: str
) -> None:
    if not served:
        house.served.clear()
    case_id = house.arrives(channel=channel)

    queued = house.desk.requesting.request(case_id, ["x"])

    assert queued.channel is None
    (entry,) = house.outbox()
    assert entry.state is OutboxState.TO_POST
    assert house.desk.ledger.outgoing(queued.entry_id).structured["postReason"] == reason


def test_who_refused_an_electronic_decision_gets_paper_but_may_still_be_asked_electronically(
    house: House,
) -> None:
    case_id = house.arrives(consents=False)
    house.arrives(case_id, consents=None)

    assert house.desk.deciding.way(case_id).reason == "consent-refused"
    assert house.desk.requesting.request(case_id, ["x"]).channel == "idBundDeMailbox"


def test_an_entry_is_sent_from_the_mailbox_its_way_was_judged_by(house: House) -> None:
    """An answer may come to another Zustellpunkt than the application did."""
    case = house.file(house.arrives())
    elsewhere = DestinationId("22222222-2222-4222-8222-222222222222")
    case = replace(case, applications=(case.first, replace(case.first, destination_id=elsewhere)))

    judged: list[DestinationId] = []
    way_to(case, lambda *asked: bool(judged.append(asked[1])), decision=False)  # type: ignore[func-returns-value]

    assert judged == [case.first.destination_id], "what Deciding and Requesting freeze"


def test_an_account_without_an_application_number_gets_no_status_line(house: House) -> None:
    house.desk.requesting.request(house.arrives(portal_application_id=None), ["x"])
    house.desk.requesting.request(house.arrives(channel=REPLY), ["x"])

    assert [entry.kind for entry in house.outbox()] == [OutboxKind.DOCUMENT_REQUEST] * 2


@pytest.mark.parametrize(
    ("item", "wanted"),
    [
        ("{frist}", "{frist}"),
        ("<b>fett</b> &amp;", "<b>fett</b> &amp;"),
        ("Mietvertrag\x1b[31m\x00\r\n\t(Kopie)", "Mietvertrag[31m (Kopie)"),
        ("\U0001f415 " * 500, ("\U0001f415 " * 500).strip()),
    ],
)
def test_whatever_a_clerk_asks_for_is_asked_for_without_control_characters(
    house: House, item: str, wanted: str
) -> None:
    queued = house.desk.requesting.request(house.arrives(), [item])

    assert house.desk.ledger.outgoing(queued.entry_id).structured["items"] == [{"text": wanted}]
