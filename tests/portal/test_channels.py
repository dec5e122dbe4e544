"""Ways back to the citizen: what we send lies in the mailbox, once, byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from clerk_app.domain.application import Application
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.ids import DestinationId
from clerk_app.domain.outbox import OutboxKind, Outgoing, OutgoingDocument, RemoteRef
from clerk_app.portal import events, trust
from clerk_app.portal.channels import reply, zbp_content
from clerk_app.portal.config import ZbpConfig
from clerk_app.portal.office import PortalOffice
from clerk_app.sandbox.server import RunningSandbox
from clerk_app.sync.ports import DeliveryChannel, Opened, RemoteState
from tests.portal.practice import PDF, mailbox_configs, office_of, outgoing_for
from tests.portal.support import TestKeys

E, D, K = ErrorCode, Disposition, OutboxKind


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, cache_dir: Path) -> Iterator[RunningSandbox]:
    folder = tmp_path_factory.mktemp("practice") / "portal"
    with RunningSandbox(folder, key_cache=cache_dir / "sandbox-keys") as running:
        running.file_applications(40)
        yield running


@pytest.fixture
def sandbox(filled: RunningSandbox) -> Iterator[RunningSandbox]:
    yield filled
    filled.faults.clear()


@pytest.fixture(scope="module")
def applications(filled: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> list[Application]:
    office = office_of(filled)
    spool = tmp_path_factory.mktemp("spool")
    opened = [
        mailbox.open(mailbox.fetch(waiting, spool))
        for mailbox in office.mailboxes
        for waiting in mailbox.waiting()
    ]
    office.close()
    return [each.application for each in opened if isinstance(each, Opened)]


@pytest.fixture(params=[1, 2])
def office(sandbox: RunningSandbox, request: pytest.FixtureRequest) -> Iterator[PortalOffice]:
    built = office_of(sandbox, api_version=request.param)
    yield built
    built.close()


def offering(applications: list[Application], kind: str) -> Application:
    return next(
        each for each in applications if each.reply_channel is not None and each.reply_channel.kind == kind
    )


def read(document: OutgoingDocument) -> bytes:
    return PDF


def send(channel: DeliveryChannel, outgoing: Outgoing) -> RemoteRef:
    remote = channel.announce(outgoing)
    channel.upload(outgoing, remote, read)
    channel.submit(outgoing, remote)
    return remote


def messages(sandbox: RunningSandbox, application: Application) -> list[Any]:
    assert application.reply_channel is not None
    mailbox = str(application.reply_channel.address["mailboxUuid"])
    return list(sandbox.citizens.mailbox(mailbox).messages)


def test_a_decision_lies_in_the_mailbox(
    sandbox: RunningSandbox, office: PortalOffice, applications: list[Application]
) -> None:
    application = offering(applications, "idBundDeMailbox")
    outgoing = outgoing_for(application)
    channel = office.channels.channel_for(outgoing)
    before = len(messages(sandbox, application))
    remote = send(channel, outgoing)
    outcome = channel.outcome(outgoing, remote)
    assert outcome.state is RemoteState.ACCEPTED
    assert outcome.receipt is not None
    assert outcome.receipt.event.endswith("/accept-submission")
    assert outcome.receipt.token.count(".") == 2
    assert outcome.log is not None
    assert outcome.receipt.token in outcome.log.tokens
    for token in outcome.log.tokens:  # every key that a check needs later is kept with the log
        named = events.peek(token)
        assert named is not None
        assert outcome.log.keys[trust.slot_of(*named)].keys() >= {"kty", "n", "e"}
        assert "d" not in outcome.log.keys[trust.slot_of(*named)]
    *_, message = messages(sandbox, application)
    assert len(messages(sandbox, application)) == before + 1
    assert message.content["title"] == outgoing.title
    assert message.content["content"] == outgoing.text
    assert message.content["reference"] == outgoing.case_reference
    assert message.content.get("applicationId") == application.portal_application_id
    assert [(file.filename, file.content) for file in message.files] == [("bescheid.pdf", PDF)]
    # Repeating any step changes nothing.
    channel.upload(outgoing, remote, read)
    channel.submit(outgoing, remote)
    assert channel.outcome(outgoing, remote) == outcome
    assert len(messages(sandbox, application)) == before + 1


def test_a_state_is_told(
    sandbox: RunningSandbox, office: PortalOffice, applications: list[Application]
) -> None:
    application = offering(applications, "idBundDeMailbox")
    assert application.portal_application_id is not None
    outgoing = outgoing_for(application, K.STATUS, account_status="PROCESSING", text="x" * 300)
    channel = office.channels.channel_for(outgoing)
    remote = send(channel, outgoing)
    assert channel.outcome(outgoing, remote).state is RemoteState.ACCEPTED
    told = sandbox.citizens.states(application.portal_application_id)[-1]
    assert told["status"] == "PROCESSING"
    assert told["createdDate"] == "2026-11-24T09:30:15.000Z"
    assert len(told["additionalInformation"]["de"]) == 100


def test_a_reply_reaches_the_online_service(
    sandbox: RunningSandbox, office: PortalOffice, applications: list[Application]
) -> None:
    application = offering(applications, "fitConnect")
    structured = {"kind": "decision", "outcome": "granted", "postReason": None, "signed": True}
    outgoing = outgoing_for(application, structured=structured)
    assert office.channels.deliverable("fitConnect", application.destination_id, outgoing.address)
    channel = office.channels.channel_for(outgoing)
    remote = send(channel, outgoing)
    assert remote.remote_case_id == application.case_id
    outcome = channel.outcome(outgoing, remote)
    assert outcome.state is RemoteState.ACCEPTED
    assert outcome.receipt is not None
    assert outcome.receipt.event.endswith("/accept-reply")
    arrived = sandbox.citizens.replies[remote.remote_id]
    assert arrived.content["outcome"] == "granted"
    assert arrived.content["title"] == outgoing.title
    assert not {"postReason", "signed"} & set(arrived.content), "notes of the office stay here"
    assert [file.content for file in arrived.files] == [PDF]
    channel.submit(outgoing, remote)
    assert channel.outcome(outgoing, remote) == outcome


def test_states_on_the_way(
    sandbox: RunningSandbox, office: PortalOffice, applications: list[Application]
) -> None:
    application = offering(applications, "idBundDeMailbox")
    outgoing = outgoing_for(application)
    channel = office.channels.channel_for(outgoing)
    nowhere = RemoteRef("0" * 8 + "-0000-4000-8000-" + "0" * 12, "1" * 8 + "-0000-4000-8000-" + "0" * 12)
    assert channel.outcome(outgoing, nowhere).state is RemoteState.UNKNOWN
    remote = channel.announce(outgoing)
    assert channel.outcome(outgoing, remote).state is RemoteState.INCOMPLETE
    with pytest.raises(ClerkError) as caught:  # an announced document is missing
        channel.submit(outgoing, remote)
    assert caught.value.disposition is D.GIVE_UP
    sandbox.switch_fault("slow-bridge")
    channel.upload(outgoing, remote, read)
    channel.submit(outgoing, remote)
    assert channel.outcome(outgoing, remote).state is RemoteState.SUBMITTED
    assert sandbox.bridge.handle_held() == 1
    assert channel.outcome(outgoing, remote).state is RemoteState.ACCEPTED
    # An upload or submit the service no longer knows may be announced again, and is never given up.
    gone = RemoteRef(nowhere.remote_id, nowhere.remote_case_id)
    calls: list[Callable[[], object]] = [
        lambda: channel.upload(outgoing, gone, read),
        lambda: channel.submit(outgoing, gone),
    ]
    for call in calls:
        with pytest.raises(ClerkError) as caught:
            call()
        assert (caught.value.code, caught.value.disposition) == (E.REMOTE_GONE, D.RETRY)


def test_what_the_bridge_refuses_comes_back_with_its_reasons(
    sandbox: RunningSandbox, office: PortalOffice, applications: list[Application]
) -> None:
    application = offering(applications, "idBundDeMailbox")
    nobody = "99999999-0000-4000-8000-000000000000"
    outgoing = outgoing_for(application, address={"mailboxUuid": nobody})
    channel = office.channels.channel_for(outgoing)
    remote = send(channel, outgoing)
    outcome = channel.outcome(outgoing, remote)
    assert outcome.state is RemoteState.REJECTED
    assert [problem.rpartition("/")[2] for problem in outcome.problems] == ["invalid-content"]
    assert outcome.receipt is not None


@pytest.mark.parametrize("fault", ["drop-after-receiving", "truncated-body", "html-login"])
@pytest.mark.parametrize("kind", ["idBundDeMailbox", "fitConnect"])
def test_a_lost_answer_is_settled_from_the_log(
    sandbox: RunningSandbox, applications: list[Application], fault: str, kind: str
) -> None:
    application = offering(applications, kind)
    office = office_of(sandbox)
    outgoing = outgoing_for(application)
    channel = office.channels.channel_for(outgoing)
    remote = channel.announce(outgoing)
    channel.upload(outgoing, remote, read)
    sandbox.switch_fault(f"{fault}:1:/{remote.remote_id}")
    with pytest.raises(ClerkError) as caught:
        channel.submit(outgoing, remote)
    assert caught.value.disposition is D.RETRY
    assert channel.outcome(outgoing, remote).state is RemoteState.ACCEPTED
    channel.submit(outgoing, remote)
    assert channel.outcome(outgoing, remote).state is RemoteState.ACCEPTED
    office.close()


@pytest.mark.parametrize("fault", ["forged-event", "reordered-events"])
def test_nothing_is_concluded_from_a_forged_log(
    sandbox: RunningSandbox, applications: list[Application], fault: str
) -> None:
    application = offering(applications, "idBundDeMailbox")
    office = office_of(sandbox)
    outgoing = outgoing_for(application)
    channel = office.channels.channel_for(outgoing)
    remote = send(channel, outgoing)
    sandbox.switch_fault(fault)
    with pytest.raises(ClerkError) as caught:
        channel.outcome(outgoing, remote)
    assert caught.value.code in (E.EVENT_LOG_FORGED, E.EVENT_LOG_DISORDERED)
    assert caught.value.disposition is D.RETRY
    office.close()


def test_a_damaged_document_does_not_leave(
    sandbox: RunningSandbox, office: PortalOffice, applications: list[Application]
) -> None:
    for kind in ("idBundDeMailbox", "fitConnect"):
        outgoing = outgoing_for(offering(applications, kind))
        channel = office.channels.channel_for(outgoing)
        remote = channel.announce(outgoing)
        with pytest.raises(ClerkError) as caught:
            channel.upload(outgoing, remote, lambda document: PDF[:-1] + b"x")
        assert caught.value.code is E.DOCUMENT_DAMAGED


def test_which_ways_are_open(sandbox: RunningSandbox, applications: list[Application]) -> None:
    mailbox = offering(applications, "idBundDeMailbox")
    by_reply = offering(applications, "fitConnect")
    assert mailbox.reply_channel is not None
    assert by_reply.reply_channel is not None
    destination = mailbox.destination_id
    office = office_of(sandbox)
    open_ways: list[tuple[str | None, Any, bool]] = [
        ("idBundDeMailbox", mailbox.reply_channel.address, True),
        ("idBundDeMailbox", {"mailboxUuid": "../x"}, False),
        ("idBundDeMailbox", {}, False),
        ("fitConnect", by_reply.reply_channel.address, True),
        ("fitConnect", {"encryptionPublicKey": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}, False),
        ("fitConnect", {"encryptionPublicKey": "x"}, False),
        ("fitConnect", {}, False),
        ("eMail", {"address": "a@example.org"}, False),
        ("elster", {"accountId": "1"}, False),
        ("pigeon", {}, False),
        (None, {}, False),
    ]
    for channel, address, expected in open_ways:
        assert office.channels.deliverable(channel, destination, address) is expected, channel
    unknown = DestinationId("99999999-0000-4000-8000-000000000000")
    assert not office.channels.deliverable("idBundDeMailbox", unknown, mailbox.reply_channel.address)
    office.close()
    bare = office_of(sandbox, zbp=None, replies=False)
    for application in (mailbox, by_reply):
        outgoing = outgoing_for(application)
        assert not bare.channels.deliverable(outgoing.channel, destination, outgoing.address)
        for wrong in (outgoing, replace(outgoing, destination_id=unknown)):
            with pytest.raises(ClerkError) as caught:
                bare.channels.channel_for(wrong)
            assert (caught.value.code, caught.value.disposition) == (E.PROFILE_KEY_MISSING, D.ASK_CLERK)
    with pytest.raises(ClerkError):
        bare.channels.channel_for(replace(outgoing_for(mailbox), channel=None))
    bare.close()


def test_incomplete_letters_are_never_announced(
    sandbox: RunningSandbox, applications: list[Application]
) -> None:
    application = offering(applications, "idBundDeMailbox")
    office = office_of(sandbox)
    before = len(sandbox.portal.submissions)
    for outgoing in (
        outgoing_for(application, address={}),
        outgoing_for(application, portal_application_id="no uuid"),
        outgoing_for(application, K.STATUS, portal_application_id=None),
        outgoing_for(application, K.STATUS, account_status="DONE"),
    ):
        with pytest.raises(ClerkError) as caught:
            office.channels.channel_for(outgoing).announce(outgoing)
        assert caught.value.code is E.LETTER_INCOMPLETE
    assert len(sandbox.portal.submissions) == before
    office.close()


def test_what_the_mailbox_would_refuse_for_its_length_is_taken_by_the_bridge(
    sandbox: RunningSandbox, office: PortalOffice, applications: list[Application]
) -> None:
    application = offering(applications, "idBundDeMailbox")
    long = outgoing_for(application, title="T " * 1000, service_name="S " * 200, case_reference="R" * 255)
    channel = office.channels.channel_for(long)
    assert channel.outcome(long, send(channel, long)).state is RemoteState.ACCEPTED
    *_, message = messages(sandbox, application)
    assert message.content["content"].startswith(long.title)


def test_a_certificate_and_its_key_must_belong_together(
    sandbox: RunningSandbox, applications: list[Application], keys: TestKeys
) -> None:
    application = offering(applications, "idBundDeMailbox")
    one, two = (mailbox_configs(profile)[0].zbp for profile in sandbox.profiles)
    assert one is not None
    assert two is not None
    mixed = replace(one, private_key_pem=two.private_key_pem)
    broken = replace(one, certificate_pem=b"-----BEGIN CERTIFICATE-----")
    no_key = replace(one, private_key_pem=lambda: "")
    for config in (mixed, broken, no_key):
        author = zbp_content.ZbpAuthor(config)
        with pytest.raises(ClerkError) as caught:
            author.envelope({}, datetime.now(UTC))
        assert caught.value.code is E.KEY_FILE_INVALID
    foreign = ZbpConfig(one.destination_id, two.certificate_pem, two.private_key_pem, "Stadt")
    outgoing = outgoing_for(application)
    office = office_of(sandbox, zbp=foreign)
    channel = office.channels.channel_for(outgoing)
    remote = send(channel, outgoing)
    assert channel.outcome(outgoing, remote).state is RemoteState.ACCEPTED
    office.close()


def test_a_reply_key_without_an_id_gets_its_thumbprint(keys: TestKeys) -> None:
    jwk = {name: value for name, value in keys.ours.public.items() if name != "kid"}
    assert len(str(reply.reply_key({"encryptionPublicKey": jwk})["kid"])) == 43
    assert reply.usable_address({"encryptionPublicKey": jwk})


def test_the_bridge_may_change_its_key(sandbox: RunningSandbox, applications: list[Application]) -> None:
    """The key is asked for at each delivery; what has been fetched once is not fetched again."""
    application = offering(applications, "idBundDeMailbox")
    office = office_of(sandbox)
    outgoing = outgoing_for(application)
    channel = office.channels.channel_for(outgoing)
    for _ in range(2):
        send(channel, outgoing)
    office.close()
