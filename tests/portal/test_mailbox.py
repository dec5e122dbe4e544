"""One Zustellpunkt: lists of any length, what fetch keeps, and how a submission is settled."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.portal import base64url
from clerk_app.portal.config import Limits
from clerk_app.sync.ports import Defective, Opened, Problem, Settlement, Unreadable
from tests.portal.service import Call, FakeService, _Handler
from tests.portal.support import DESTINATION, EVENTS, Draft, TestKeys

E = ErrorCode
VERSIONS = pytest.mark.parametrize("version", [1, 2])


@pytest.fixture
def at() -> datetime:
    return datetime.now(UTC)


def taken(service: FakeService, spool: Path, **options: Any) -> tuple[Any, Opened]:
    mailbox = service.mailbox(**options)
    (waiting,) = mailbox.waiting()
    opened = mailbox.open(mailbox.fetch(waiting, spool))
    assert isinstance(opened, Opened)
    return mailbox, opened


@VERSIONS
@pytest.mark.parametrize("count", [0, 1, 100, 101, 1050])
def test_lists_of_any_length(
    service: FakeService, keys: TestKeys, at: datetime, version: int, count: int
) -> None:
    one = Draft.complete(keys, at)
    for _ in range(count):
        filed = replace(one, submission_id=str(uuid.uuid4()))
        service.drafts[filed.submission_id] = filed
    mailbox = service.mailbox(api_version=version)
    assert [w.submission_id for w in mailbox.waiting()] == list(service.drafts)
    page = {1: 500, 2: 100}[version]
    assert service.count("/submissions?") == max(1, -(-count // page))


def test_idle_is_one_call(service: FakeService) -> None:
    mailbox = service.mailbox()
    mailbox.waiting()
    before = len(service.calls)
    mailbox.waiting()
    assert len(service.calls) == before + 1


def listing(*entries: Mapping[str, object], **more: object) -> Callable[[_Handler, Call], None]:
    return lambda handler, call: handler.send_json({"submissions": list(entries), **more})


def test_lists_without_totals_repeated_and_foreign_entries(service: FakeService) -> None:
    entry = {
        "destinationId": DESTINATION.upper(),
        "submissionId": str(uuid.uuid4()).upper(),
        "caseId": str(uuid.uuid4()),
    }
    foreign = {**entry, "submissionId": str(uuid.uuid4()), "destinationId": str(uuid.uuid4())}
    service.lie("/submissions?", listing(entry, entry, foreign))
    (waiting,) = service.mailbox().waiting()
    assert waiting.submission_id == str(entry["submissionId"]).lower()
    assert waiting.destination_id == DESTINATION


def answering(body: Mapping[str, object]) -> Callable[[_Handler, Call], None]:
    return lambda handler, call: handler.send_json(body)


@pytest.mark.parametrize("wrong", ["../../../etc/passwd", "", "x" * 36, None, 7])
def test_ids_that_are_none_never_become_paths(service: FakeService, wrong: object) -> None:
    entry = {"destinationId": DESTINATION, "submissionId": wrong, "caseId": str(uuid.uuid4())}
    service.lie("/submissions?", listing(entry))
    with pytest.raises(ClerkError) as caught:
        service.mailbox().waiting()
    assert caught.value.code is E.PORTAL_NOT_ITSELF


def test_a_list_that_claims_more_than_it_gives_ends(service: FakeService) -> None:
    service.lie("/submissions?", listing(totalCount=10_000), times=3)
    assert service.mailbox().waiting() == []
    assert service.count("/submissions?") == 1


@VERSIONS
def test_fetch_keeps_all_that_is_needed_offline(
    service: FakeService, keys: TestKeys, at: datetime, tmp_path: Path, version: int
) -> None:
    draft = service.file(Draft.complete(keys, at, files=2))
    mailbox = service.mailbox(api_version=version)
    original = mailbox.fetch(mailbox.waiting()[0], tmp_path)
    assert json.loads(original.submission) == draft.body
    assert original.event_log == tuple(draft.log)
    assert original.attachments == draft.file_jwes
    assert original.api_version == version
    assert original.portal == "service-bw"
    assert set(original.verification_keys) == {f"service:{keys.service.kid}", "clock:server"}
    before = len(service.calls)
    assert isinstance(mailbox.open(original), Opened)
    assert len(service.calls) == before


def test_public_keys_are_fetched_once(
    service: FakeService, keys: TestKeys, at: datetime, tmp_path: Path
) -> None:
    for _ in range(3):
        service.file(Draft.complete(keys, at))
    mailbox = service.mailbox()
    for waiting in mailbox.waiting():
        mailbox.fetch(waiting, tmp_path)
    assert service.count("jwks.json") == 1
    assert service.count("/keys/") == 0


def test_service_keys_at_the_hosts_root(
    service: FakeService, keys: TestKeys, at: datetime, tmp_path: Path
) -> None:
    service.jwks_below_api = False
    service.file(Draft.complete(keys, at))
    taken(service, tmp_path)
    assert [call.path for call in service.calls if "jwks" in call.path] == [
        "/submission-api/.well-known/jwks.json",
        "/.well-known/jwks.json",
    ]


def test_a_new_service_key_is_noticed(
    service: FakeService, keys: TestKeys, at: datetime, tmp_path: Path
) -> None:
    """An unknown key id makes us look again, but a forger cannot make us look all the time."""
    service.file(Draft.complete(keys, at))
    time_s = [0.0]
    office = service.office()
    mailbox = office.mailboxes[0]
    mailbox._published._monotonic = lambda: time_s[0]
    old = {"keys": [{**keys.stranger.public, "kid": "older"}]}
    service.lie("jwks.json", lambda handler, call: handler.send_json(old))
    (waiting,) = mailbox.waiting()
    outcome = mailbox.open(mailbox.fetch(waiting, tmp_path))
    assert isinstance(outcome, Unreadable)
    assert outcome.code is E.EVENT_LOG_FORGED
    mailbox.fetch(waiting, tmp_path)
    assert service.count("jwks.json") == 1
    time_s[0] = 31.0
    assert isinstance(mailbox.open(mailbox.fetch(waiting, tmp_path)), Opened)
    assert service.count("jwks.json") == 2


def test_the_wrong_submission_is_not_taken(
    service: FakeService, keys: TestKeys, at: datetime, tmp_path: Path
) -> None:
    one, two = (service.file(Draft.complete(keys, at)) for _ in range(2))
    mailbox = service.mailbox()
    first = mailbox.waiting()[0]
    for member in ("submissionId", "caseId", "destinationId"):
        wrong = {**one.body, member: two.body[member] if member != "destinationId" else str(uuid.uuid4())}
        service.lie(f"/submissions/{one.submission_id}", answering(wrong))
        with pytest.raises(ClerkError) as caught:
            mailbox.fetch(first, tmp_path)
        assert (caught.value.code, caught.value.disposition) == (E.PORTAL_NOT_ITSELF, Disposition.RETRY)
    evil = {**one.body, "attachments": ["../../token"]}
    service.lie(f"/submissions/{one.submission_id}", answering(evil))
    with pytest.raises(ClerkError) as caught:
        mailbox.fetch(first, tmp_path)
    assert caught.value.code is E.PORTAL_NOT_ITSELF


def test_a_submission_taken_by_a_colleague_meanwhile(
    service: FakeService, keys: TestKeys, at: datetime, tmp_path: Path
) -> None:
    draft = service.file(Draft.complete(keys, at))
    mailbox = service.mailbox()
    (waiting,) = mailbox.waiting()

    def gone(handler: _Handler, call: Call) -> None:
        del handler.fake.drafts[draft.submission_id]
        handler.honest(call)

    service.lie("/attachments/", gone)
    with pytest.raises(ClerkError) as caught:
        mailbox.fetch(waiting, tmp_path)
    assert caught.value.code is E.REMOTE_GONE


def test_a_fetch_that_fails_half_way_leaves_nothing_behind(
    service: FakeService, keys: TestKeys, at: datetime, tmp_path: Path
) -> None:
    service.file(Draft.complete(keys, at, files={str(uuid.uuid4()): bytes(9000) for _ in range(3)}))
    mailbox = service.mailbox(limits=Limits(in_memory_bytes=1000))
    (waiting,) = mailbox.waiting()
    for part in (list(service.drafts[waiting.submission_id].file_jwes)[-1], "/events", "jwks.json"):
        service.lie(part, lambda handler, call: handler.problem(500, "down"))
        with pytest.raises(ClerkError):
            mailbox.fetch(waiting, tmp_path)
        assert list(tmp_path.iterdir()) == []
    assert (
        len(
            [path for path in mailbox.fetch(waiting, tmp_path).attachments.values() if isinstance(path, Path)]
        )
        == 3
    )


def test_an_announced_attachment_the_service_does_not_have(
    service: FakeService, keys: TestKeys, at: datetime, tmp_path: Path
) -> None:
    draft = service.file(Draft.complete(keys, at, files=2))
    missing = list(draft.file_jwes)[1]
    del draft.file_jwes[missing]
    mailbox = service.mailbox()
    defective = mailbox.open(mailbox.fetch(mailbox.waiting()[0], tmp_path))
    assert isinstance(defective, Defective)
    assert defective.code is E.ATTACHMENT_MISSING
    assert mailbox.reject(defective) is Settlement.DONE
    event = json.loads(base64url.decode(service.logs[draft.case_id][-1].split(".")[1].encode()))
    (problem,) = event["events"][EVENTS + "reject-submission"]["problems"]
    assert problem["type"].endswith("/missing-attachment")
    assert problem["instance"] == f"attachment:{missing}"


@VERSIONS
def test_accept_copies_tags_and_schema(
    service: FakeService, keys: TestKeys, at: datetime, tmp_path: Path, version: int
) -> None:
    draft = service.file(Draft.complete(keys, at))
    mailbox, opened = taken(service, tmp_path, api_version=version)
    assert mailbox.accept(opened) is Settlement.DONE
    head, body, _ = service.logs[draft.case_id][-1].split(".")
    header = json.loads(base64url.decode(head.encode()))
    claims = json.loads(base64url.decode(body.encode()))
    assert header == {"typ": "secevent+jwt", "alg": "PS512", "kid": keys.signing.kid}
    assert claims["iss"] == DESTINATION
    assert claims["sub"] == f"submission:{draft.submission_id}"
    assert claims["txn"] == f"case:{draft.case_id}"
    assert claims["$schema"] == opened.event_schema
    assert claims["events"] == {EVENTS + "accept-submission": {"authenticationTags": draft.tags}}
    posted = [call for call in service.calls if call.method == "POST" and "/events" in call.path]
    assert [call.headers["content-type"] for call in posted] == ["application/jose"]


def _conflict(status: int) -> Callable[[_Handler, Call], None]:
    return lambda handler, call: handler.problem(status, "refused")


@pytest.mark.parametrize("status", [409, 422, 404])
def test_a_refused_accept_is_settled_from_the_log(
    service: FakeService, keys: TestKeys, at: datetime, tmp_path: Path, status: int
) -> None:
    draft = service.file(Draft.complete(keys, at))
    mailbox, opened = taken(service, tmp_path)
    log = service.logs[draft.case_id]
    ours: dict[str, Any] = {"pair": keys.signing, "issuer": DESTINATION}
    stories: list[tuple[list[str], Settlement]] = [
        ([draft.event("accept-submission", **ours)], Settlement.ALREADY_OURS),
        (
            [draft.event("accept-submission", **ours), draft.event("delete-submission")],
            Settlement.ALREADY_OURS,
        ),
        ([draft.event("reject-submission", **ours)], Settlement.OTHERWISE),
        ([draft.event("reject-submission")], Settlement.OTHERWISE),
        ([draft.event("delete-submission")], Settlement.OTHERWISE),
    ]
    for more, expected in stories:
        service.logs[draft.case_id] = [*log, *more]
        service.lie("POST /submission-api", _conflict(status))
        assert mailbox.accept(opened) is expected
    # Accepted, but by another destination's subscriber: not our success.
    service.published[keys.stranger.kid] = keys.stranger.public
    other = draft.event("accept-submission", pair=keys.stranger, issuer=str(uuid.uuid4()))
    service.logs[draft.case_id] = [*log, other]
    service.lie("POST /submission-api", _conflict(status))
    assert mailbox.accept(opened) is Settlement.OTHERWISE
    # Nothing in the log explains the refusal: it stands.
    service.logs[draft.case_id] = log
    service.lie("POST /submission-api", _conflict(status))
    with pytest.raises(ClerkError) as caught:
        mailbox.accept(opened)
    assert caught.value.params["status"] == status
    # A forged accept settles nothing.
    del service.published[keys.stranger.kid]
    forged = draft.event("accept-submission", pair=keys.stranger, issuer=DESTINATION)
    service.logs[draft.case_id] = [*log, forged]
    service.lie("POST /submission-api", _conflict(status))
    with pytest.raises(ClerkError) as caught:
        mailbox.accept(opened)
    assert caught.value.code is E.EVENT_LOG_FORGED
    # The whole case has gone.
    service.lie("POST /submission-api", _conflict(status))
    del service.logs[draft.case_id]
    assert mailbox.accept(opened) is Settlement.OTHERWISE


def test_reject_again_after_our_own_reject(
    service: FakeService, keys: TestKeys, at: datetime, tmp_path: Path
) -> None:
    draft = service.file(Draft.complete(keys, at))
    mailbox, opened = taken(service, tmp_path)
    service.logs[draft.case_id].append(
        draft.event("reject-submission", pair=keys.signing, issuer=DESTINATION)
    )
    waiting = opened.original.waiting
    for refused in (mailbox.accept, None):
        service.lie("POST /submission-api", _conflict(409))
        if refused is not None:
            assert refused(opened) is Settlement.OTHERWISE
        else:
            problems = [Problem("https://x.example/hash-mismatch", "t")]
            assert mailbox.reject_again(waiting, problems, "") is Settlement.ALREADY_OURS


def test_keys_lost_and_keys_never_ours(
    service: FakeService, keys: TestKeys, at: datetime, tmp_path: Path
) -> None:
    """Published but not held is our fault: kept aside. Never published is the sender's: rejected."""
    service.file(Draft.complete(keys, at, to=keys.lost))
    service.file(Draft.complete(keys, at, to=keys.foreign))
    mailbox = service.mailbox()
    lost, foreign = (mailbox.open(mailbox.fetch(waiting, tmp_path)) for waiting in mailbox.waiting())
    assert isinstance(lost, Unreadable)
    assert lost.code is E.KEY_UNKNOWN
    assert isinstance(foreign, Defective)
    assert foreign.code is E.JWE_REJECTED
    assert service.count("/keys/") == 2


def test_fingerprint_changes_with_the_keys(service: FakeService, keys: TestKeys) -> None:
    one = service.mailbox()
    two = service.mailbox(decryption_keys=[keys.ours.private, keys.lost.private])
    assert one.readable_fingerprint == service.mailbox().readable_fingerprint
    assert one.readable_fingerprint != two.readable_fingerprint


def test_an_answer_joins_a_case_with_a_past(
    service: FakeService, keys: TestKeys, at: datetime, tmp_path: Path
) -> None:
    first = Draft.complete(keys, at)
    past = [*first.log, first.event("accept-submission", pair=keys.signing, issuer=DESTINATION)]
    service.logs[first.case_id] = past
    answer = service.file(Draft.complete(keys, at, case_id=first.case_id))
    _, opened = taken(service, tmp_path)
    assert opened.application.case_id == first.case_id
    assert opened.application.submission_id == answer.submission_id


def test_long_logs_are_read_to_the_end(
    service: FakeService, keys: TestKeys, at: datetime, tmp_path: Path
) -> None:
    case_id = str(uuid.uuid4())
    for _ in range(60):
        past = Draft.complete(keys, at, case_id=case_id, files=0)
        service.logs.setdefault(case_id, []).extend(past.log)
    service.file(Draft.complete(keys, at, case_id=case_id))
    taken(service, tmp_path)
    assert service.count(f"/cases/{case_id}/events") == 2


def test_their_clock_may_be_fast(service: FakeService, keys: TestKeys, at: datetime, tmp_path: Path) -> None:
    ahead = timedelta(minutes=10)
    service.clock = lambda: datetime.now(UTC) + ahead
    service.file(Draft.complete(keys, at + ahead))
    taken(service, tmp_path)
    service.drafts.clear()
    service.clock = lambda: datetime.now(UTC)
    service.file(Draft.complete(keys, at + ahead))
    mailbox = service.mailbox()
    outcome = mailbox.open(mailbox.fetch(mailbox.waiting()[0], tmp_path))
    assert isinstance(outcome, Unreadable)
    assert outcome.code is E.EVENT_LOG_FORGED


def test_many_threads_take_in_at_once(
    service: FakeService, keys: TestKeys, at: datetime, tmp_path: Path
) -> None:
    for _ in range(24):
        service.file(Draft.complete(keys, at))
    office = service.office()
    mailbox = office.mailboxes[0]

    def take(waiting: Any) -> Settlement:
        opened = mailbox.open(mailbox.fetch(waiting, tmp_path))
        assert isinstance(opened, Opened)
        return mailbox.accept(opened)

    with ThreadPoolExecutor(4) as pool:
        settled = list(pool.map(take, mailbox.waiting()))
    assert settled == [Settlement.DONE] * 24
    assert len(set(service.accepted)) == 24
    assert office.transport.connection_count() <= 5
    assert len({call.connection for call in service.calls}) <= 5
    # The pool's threads are gone; their connections are closed when the next thread comes.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(mailbox.waiting).result()
    assert office.transport.connection_count() == 2
