"""The client and the practice portal, each honest on its own, understand each other; faults included."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.portal.attachments import decryption_keys
from clerk_app.portal.config import Limits
from clerk_app.portal.office import PortalOffice
from clerk_app.portal.opening import open_original
from clerk_app.sandbox.server import RunningSandbox
from clerk_app.sync.ports import Defective, Intake, Opened, Settlement, Unreadable
from tests.portal.practice import mailbox_configs, office_of

E, D = ErrorCode, Disposition


@pytest.fixture
def sandbox(tmp_path: Path, cache_dir: Path) -> Iterator[RunningSandbox]:
    with RunningSandbox(tmp_path / "portal", key_cache=cache_dir / "sandbox-keys") as running:
        yield running


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    path = tmp_path / "spool"
    path.mkdir()
    return path


@pytest.fixture(params=[1, 2])
def office(sandbox: RunningSandbox, request: pytest.FixtureRequest) -> Iterator[PortalOffice]:
    built = office_of(sandbox, api_version=request.param)
    yield built
    built.close()


def manifest(sandbox: RunningSandbox) -> dict[str, dict[str, Any]]:
    listed = json.loads((sandbox.directory / "applications.json").read_bytes())
    return {entry["submissionId"]: entry for entry in listed}


def intakes(office: PortalOffice, spool: Path) -> list[Intake]:
    return [
        mailbox.open(mailbox.fetch(waiting, spool))
        for mailbox in office.mailboxes
        for waiting in mailbox.waiting()
    ]


def settle(office: PortalOffice, intake: Intake) -> Settlement | None:
    by_destination = {mailbox.key.destination_id: mailbox for mailbox in office.mailboxes}
    mailbox = by_destination[intake.original.waiting.destination_id]
    if isinstance(intake, Opened):
        return mailbox.accept(intake)
    return mailbox.reject(intake) if isinstance(intake, Defective) else None


def test_everything_filed_arrives_true_to_the_byte(
    sandbox: RunningSandbox, office: PortalOffice, spool: Path
) -> None:
    sandbox.file_applications(30, defective=7)
    filed = manifest(sandbox)
    seen = {intake.original.waiting.submission_id: intake for intake in intakes(office, spool)}
    assert set(seen) == set(filed)
    verdicts = {}
    for submission_id, intake in seen.items():
        entry = filed[submission_id]
        if isinstance(intake, Opened):
            application = intake.application
            assert application.content_sha512 == entry["dataSha512"]
            assert application.service_identifier == entry["serviceIdentifier"]
            assert application.case_id == entry["caseId"]
            assert {(a.attachment_id, a.sha512, a.size_bytes) for a in application.attachments} == {
                (a["attachmentId"], a["sha512"], a["size"]) for a in entry["attachments"]
            }
            channel = application.reply_channel
            assert (channel.kind if channel else None) == entry["replyChannel"]
            assert application.portal_application_id == entry["applicationId"]
            assert application.consents_to_electronic_decision == entry["digitalConsent"]
        verdicts[entry["defect"]] = getattr(intake, "code", None)
        assert settle(office, intake) is Settlement.DONE
        assert settle(office, intake) is Settlement.ALREADY_OURS
    assert verdicts == {
        None: None,
        "wrong-data-hash": E.HASH_MISMATCH,
        "attachment-not-in-metadata": E.ATTACHMENT_MISSING,
        "unknown-schema": None,
        "foreign-key": E.JWE_REJECTED,
        "malformed-json": E.CONTENT_MALFORMED,
        "listed-attachment-not-sent": E.ATTACHMENT_MISSING,
        "malformed-metadata": E.CONTENT_MALFORMED,
    }
    assert all(not mailbox.waiting() for mailbox in office.mailboxes)


def test_kept_originals_open_again_without_the_portal(sandbox: RunningSandbox, spool: Path) -> None:
    sandbox.file_applications(4)
    office = office_of(sandbox)
    first = intakes(office, spool)
    office.close()
    sandbox.unplug()
    for profile in sandbox.profiles:
        (config,) = mailbox_configs(profile)
        keys = decryption_keys(config.decryption_keys)
        own = [i for i in first if i.original.waiting.destination_id == config.destination_id]
        assert own
        for intake in own:
            again = open_original(intake.original, keys, Limits())
            assert isinstance(again, Opened)
            assert again == intake


FAULTS: dict[str, tuple[ErrorCode, Disposition]] = {
    "drop-before-receiving": (E.PORTAL_UNREACHABLE, D.RETRY),
    "drop-after-receiving": (E.PORTAL_UNREACHABLE, D.RETRY),
    "5xx": (E.PORTAL_DISTURBED, D.RETRY),
    "429": (E.PORTAL_BUSY, D.RETRY),
    "truncated-body": (E.TRANSFER_INCOMPLETE, D.RETRY),
    "html-login": (E.PORTAL_NOT_ITSELF, D.RETRY),
    "wrong-content-type": (E.PORTAL_NOT_ITSELF, D.RETRY),
    "token-always-expired": (E.SIGN_IN_EXPIRED, D.SIGN_IN),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("path", ["/submissions", "/attachments/", "/events"])
def test_faults_lose_nothing(sandbox: RunningSandbox, spool: Path, fault: str, path: str) -> None:
    sandbox.file_applications(8, authority="bw")
    office = office_of(sandbox)
    (mailbox,) = [each for each in office.mailboxes if each.key.portal == "service-bw"]
    waiting = [w for w in mailbox.waiting() if manifest(sandbox)[w.submission_id]["attachments"]]
    setting = fault if fault == "token-always-expired" else f"{fault}:{path}"
    sandbox.switch_fault(setting)
    with pytest.raises(ClerkError) as caught:
        mailbox.fetch(waiting[0], spool)
    assert (caught.value.code, caught.value.disposition) == FAULTS[fault]
    assert list(spool.iterdir()) == []
    sandbox.switch_fault(fault, on=False)
    opened = mailbox.open(mailbox.fetch(waiting[0], spool))
    assert isinstance(opened, Opened)
    sandbox.switch_fault(setting)
    with contextlib.suppress(ClerkError):
        mailbox.accept(opened)
    sandbox.switch_fault(fault, on=False)
    assert mailbox.accept(opened) in (Settlement.DONE, Settlement.ALREADY_OURS)
    office.close()


def test_an_expired_token_is_only_a_detour(sandbox: RunningSandbox, spool: Path) -> None:
    sandbox.file_applications(2)
    office = office_of(sandbox)
    assert len(intakes(office, spool)) == 2
    sandbox.switch_fault("expired-token")
    assert len(intakes(office, spool)) == 2
    office.close()


def test_unplugged_and_plugged_in_again(sandbox: RunningSandbox, spool: Path) -> None:
    sandbox.file_applications(2)
    office = office_of(sandbox)
    opened = intakes(office, spool)
    sandbox.unplug()
    for mailbox in office.mailboxes:
        with pytest.raises(ClerkError) as caught:
            mailbox.waiting()
        assert (caught.value.code, caught.value.disposition) == (E.PORTAL_UNREACHABLE, D.RETRY)
    sandbox.plug_in()
    assert [settle(office, intake) for intake in opened] == [Settlement.DONE] * 2
    office.close()


ATTACKS = {
    "forged-event": E.EVENT_LOG_FORGED,
    "reordered-events": E.EVENT_LOG_DISORDERED,
    "hash-mismatch": E.TAG_MISMATCH,
}


@pytest.mark.parametrize("fault", ATTACKS)
def test_attacks_are_seen(sandbox: RunningSandbox, spool: Path, fault: str) -> None:
    sandbox.file_applications(4, authority="bw")
    sandbox.switch_fault(fault)
    office = office_of(sandbox)
    for intake in intakes(office, spool):
        assert isinstance(intake, Unreadable | Defective)
        assert intake.code is ATTACKS[fault]
    sandbox.switch_fault(fault, on=False)
    assert all(isinstance(intake, Opened) for intake in intakes(office, spool))
    office.close()


def test_a_fast_clock_and_a_restored_backup_do_no_harm(sandbox: RunningSandbox, spool: Path) -> None:
    sandbox.switch_fault("clock-skew")
    sandbox.file_applications(2)
    office = office_of(sandbox)
    first = intakes(office, spool)
    assert all(isinstance(intake, Opened) for intake in first)
    assert [settle(office, intake) for intake in first] == [Settlement.DONE] * 2
    sandbox.switch_fault("clock-skew", on=False)
    sandbox.switch_fault("restored-from-backup")
    again = [waiting for mailbox in office.mailboxes for waiting in mailbox.waiting()]
    assert {waiting.submission_id for waiting in again} == {
        intake.original.waiting.submission_id for intake in first
    }
    assert [settle(office, intake) for intake in first] == [Settlement.DONE] * 2
    office.close()
