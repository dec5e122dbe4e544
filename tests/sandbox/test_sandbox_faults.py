"""Each fault by name does what it says, for as long as it is told to."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from requests.exceptions import ChunkedEncodingError, ConnectionError  # noqa: A004

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.sandbox import http
from clerk_app.sandbox.faults import FAULTS, parse_fault
from clerk_app.sandbox.server import RunningSandbox
from tests.sandbox.test_sandbox_support import Peer, start

LIST = "/v2/submissions"


@pytest.fixture
def sandbox(tmp_path: Path, cache_dir: Path) -> Iterator[RunningSandbox]:
    with start(tmp_path, cache_dir, applications=3) as running:
        yield running


@pytest.fixture
def office(sandbox: RunningSandbox) -> Peer:
    return Peer(sandbox, "bw")


def accept(office: Peer, entry: dict[str, str]) -> requests.Response:
    token = office.event_token("bw", entry["caseId"], entry["submissionId"], "accept-submission")
    return office.post_event(entry["caseId"], token)


def test_unknown_faults_are_refused_with_the_known_names() -> None:
    with pytest.raises(ClerkError) as refused:
        parse_fault("gremlins")
    assert refused.value.code is ErrorCode.USAGE
    assert "drop-after-receiving" in str(refused.value.params["known"])


def test_a_fault_can_be_limited_by_count_and_path(sandbox: RunningSandbox, office: Peer) -> None:
    sandbox.switch_fault("5xx:2:/submissions")
    assert office.call("GET", "/v2/info").status_code == 200
    assert [office.call("GET", LIST).status_code for _ in range(3)] == [503, 503, 200]
    assert sandbox.faults.listing() == []


def test_unplugged_nobody_listens_and_the_same_port_comes_back(sandbox: RunningSandbox, office: Peer) -> None:
    sandbox.unplug()
    with pytest.raises(ConnectionError):
        office.call("GET", LIST)
    credentials = sandbox.identity.clients["sender"]
    assert (
        requests.get(f"{sandbox.control_url}/sandbox/faults", auth=credentials, timeout=10).status_code == 200
    )
    sandbox.plug_in()
    assert office.call("GET", LIST).status_code == 200


def test_the_cable_can_be_pulled_over_the_control_port(sandbox: RunningSandbox, office: Peer) -> None:
    control, credentials = f"{sandbox.control_url}/sandbox/faults", sandbox.identity.clients["sender"]
    switched = requests.post(control, json={"fault": "refuse"}, auth=credentials, timeout=10)
    assert switched.json()["on"] == ["refuse"]
    with pytest.raises(ConnectionError):
        office.call("GET", LIST)
    requests.delete(f"{control}/refuse", auth=credentials, timeout=10)
    assert office.call("GET", LIST).status_code == 200
    unknown = requests.post(control, json={"fault": "gremlins"}, auth=credentials, timeout=10)
    assert unknown.status_code == 422


def test_a_counted_refusal_resets_so_many_connections(sandbox: RunningSandbox, office: Peer) -> None:
    sandbox.switch_fault("refuse:2")
    for _ in range(2):
        with pytest.raises(ConnectionError):
            office.call("GET", LIST)
    assert office.call("GET", LIST).status_code == 200


def test_dropped_after_receiving_the_work_is_done_all_the_same(sandbox: RunningSandbox, office: Peer) -> None:
    (first, *_) = office.waiting("bw")
    sandbox.switch_fault("drop-after-receiving:1:/events")
    with pytest.raises(ConnectionError):
        accept(office, first)
    assert office.events(first["caseId"])[-2]["name"] == "accept-submission"


def test_dropped_before_receiving_nothing_is_done(sandbox: RunningSandbox, office: Peer) -> None:
    (first, *_) = office.waiting("bw")
    sandbox.switch_fault("drop-before-receiving:1:/events")
    with pytest.raises(ConnectionError):
        accept(office, first)
    assert office.events(first["caseId"])[-1]["name"] == "submit-submission"


def test_a_truncated_body_ends_halfway(sandbox: RunningSandbox, office: Peer) -> None:
    sandbox.switch_fault("truncated-body:1")
    with pytest.raises((ChunkedEncodingError, ConnectionError)):
        office.call("GET", LIST)
    assert office.call("GET", LIST).status_code == 200


def test_strange_answers(sandbox: RunningSandbox, office: Peer) -> None:
    sandbox.switch_fault("html-login:1")
    login = office.call("GET", LIST)
    assert login.status_code == 200
    assert login.headers["Content-Type"].startswith("text/html")
    assert "<form" in login.text
    sandbox.switch_fault("wrong-content-type:1")
    wrong = office.call("GET", LIST)
    assert wrong.headers["Content-Type"].startswith("text/html")
    assert "submissions" in wrong.json()
    sandbox.switch_fault("429:1")
    busy = office.call("GET", LIST)
    assert busy.status_code == 429
    assert int(busy.headers["Retry-After"]) > 0
    assert busy.headers["RateLimit-Remaining"] == "0"


def test_slow_answers_come_late(
    sandbox: RunningSandbox, office: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "SLOW_S", 20.0)
    sandbox.switch_fault("slow:1")
    with pytest.raises(requests.exceptions.Timeout):
        office.call("GET", LIST, timeout=0.2)


def test_an_expired_token_is_refused_once_and_a_new_one_works(sandbox: RunningSandbox, office: Peer) -> None:
    sandbox.switch_fault("expired-token")
    assert office.call("GET", LIST).status_code == 401
    office.renew()
    assert [office.call("GET", LIST).status_code for _ in range(2)] == [200, 200]
    sandbox.switch_fault("token-always-expired")
    office.renew()
    assert office.call("GET", LIST).status_code == 401


def test_the_list_stays_stale(sandbox: RunningSandbox, office: Peer) -> None:
    sandbox.switch_fault("stale-list")
    before = office.waiting("bw")
    assert accept(office, before[0]).status_code == 204
    sandbox.file_applications(1, authority="bw")
    assert office.waiting("bw") == before
    sandbox.switch_fault("stale-list", on=False)
    assert before[0] not in office.waiting("bw")


def test_the_clock_runs_fast(sandbox: RunningSandbox, office: Peer) -> None:
    sandbox.switch_fault("clock-skew")
    shown = email.utils.parsedate_to_datetime(office.call("GET", LIST).headers["Date"]).timestamp()
    assert shown - time.time() > 300


def test_restored_from_a_backup_accepted_submissions_are_back(sandbox: RunningSandbox, office: Peer) -> None:
    (first, *others) = office.waiting("bw")
    assert accept(office, first).status_code == 204
    sandbox.switch_fault("restored-from-backup:1")
    assert {entry["submissionId"] for entry in office.waiting("bw")} == {
        entry["submissionId"] for entry in (first, *others)
    }
    assert office.get(f"{LIST}/{first['submissionId']}")["encryptedData"]
    assert [event["name"] for event in office.events(first["caseId"])][-1] == "submit-submission"
    assert accept(office, first).status_code == 204


def test_event_logs_can_lie(sandbox: RunningSandbox, office: Peer) -> None:
    (first, *_) = office.waiting("bw")
    path = f"/v2/cases/{first['caseId']}/events"
    honest = office.get(path)["eventLog"]
    sandbox.switch_fault("reordered-events:1")
    assert office.get(path)["eventLog"] == honest[::-1]
    sandbox.switch_fault("forged-event:1")
    forged = office.get(path)["eventLog"]
    assert forged[:-1] == honest[:-1]
    with pytest.raises(Exception, match="Verification failed"):
        office.checked(forged[-1])
    assert office.get(path)["eventLog"] == honest, "the same bytes every time"


def test_contents_exchanged_on_the_way_have_other_tags(sandbox: RunningSandbox, office: Peer) -> None:
    (first, *_) = office.waiting("bw")
    tags = office.events(first["caseId"])[1]["payload"]["authenticationTags"]
    sandbox.switch_fault("hash-mismatch:1")
    got = office.get(f"{LIST}/{first['submissionId']}")
    assert got["encryptedData"].split(".")[4] != tags["data"]
    assert got["encryptedMetadata"].split(".")[4] == tags["metadata"]
    honest = office.get(f"{LIST}/{first['submissionId']}")
    assert honest["encryptedData"].split(".")[4] == tags["data"]


def test_faults_from_the_start(tmp_path: Path, cache_dir: Path) -> None:
    with start(tmp_path, cache_dir, faults=("5xx:1:/v2", "no-answer-from-citizen")) as sandbox:
        office = Peer(sandbox, "bw")
        assert [office.call("GET", LIST).status_code for _ in range(2)] == [503, 200]
        assert sandbox.faults.listing() == ["no-answer-from-citizen"]
    with pytest.raises(ClerkError):
        start(tmp_path, cache_dir, faults=("gremlins",))


INSTEAD = {
    "401": (401, None),
    "404-html": (404, None),
    "407": (407, None),
    "429-date": (429, " GMT"),
    "429-2099": (429, " 2099 "),
    "429-negative": (429, "-30"),
    "429-garbage": (429, "soon"),
    "500": (500, None),
    "503-retry-after": (503, "2"),
    "captive-portal": (302, None),
}


@pytest.mark.parametrize("fault", INSTEAD)
def test_what_stands_in_between_answers_instead(sandbox: RunningSandbox, office: Peer, fault: str) -> None:
    (first, *_) = office.waiting("bw")
    status, after = INSTEAD[fault]
    sandbox.switch_fault(f"{fault}:1:/events")
    token = office.event_token("bw", first["caseId"], first["submissionId"], "accept-submission")
    path = f"/v2/cases/{first['caseId']}/events"
    headers = {"Content-Type": "application/jose"}
    answer = office.call("POST", path, data=token, headers=headers, allow_redirects=False)
    assert answer.status_code == status
    assert (after or "") in answer.headers.get("Retry-After", "")
    assert office.events(first["caseId"])[-1]["name"] == "submit-submission", "nothing was carried out"


def test_a_gateways_page_after_the_work_was_done(sandbox: RunningSandbox, office: Peer) -> None:
    (first, *_) = office.waiting("bw")
    sandbox.switch_fault("502-html:1:/events")
    assert accept(office, first).status_code == 502
    assert office.events(first["caseId"])[-2]["name"] == "accept-submission"


def test_answers_changed_on_their_way(sandbox: RunningSandbox, office: Peer) -> None:
    honest = office.call("GET", LIST).content
    seen = {}
    for fault in ("half-body", "empty-body", "partial-content", "bit-flip"):
        sandbox.switch_fault(f"{fault}:1")
        seen[fault] = office.call("GET", LIST)
    half = honest[: len(honest) // 2]
    assert (seen["half-body"].status_code, seen["half-body"].content) == (200, half)
    assert (seen["empty-body"].status_code, seen["empty-body"].content) == (200, b"")
    assert (seen["partial-content"].status_code, seen["partial-content"].content) == (206, half)
    different = [one ^ other for one, other in zip(seen["bit-flip"].content, honest, strict=True)]
    assert sorted(different)[-2:] == [0, 1]
    assert office.call("GET", LIST).content == honest


def test_no_answer_no_http_and_an_answer_in_drips(
    sandbox: RunningSandbox, office: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "DRIP_S", 20.0)
    sandbox.switch_fault("garbage:1")
    with pytest.raises(ConnectionError):
        office.call("GET", LIST)
    for fault in ("hang:1", "drip:1"):
        sandbox.switch_fault(fault)
        with pytest.raises((requests.exceptions.Timeout, ConnectionError)):
            office.call("GET", LIST, timeout=0.3)
    assert office.call("GET", LIST).status_code == 200


def test_lists_and_submissions_can_be_others(sandbox: RunningSandbox, office: Peer) -> None:
    sandbox.file_applications(2, authority="bw")
    honest = [entry["submissionId"] for entry in office.waiting("bw")]
    told = {}
    for fault in ("empty-list", "duplicated-list", "reordered-list"):
        sandbox.switch_fault(f"{fault}:1")
        told[fault] = [entry["submissionId"] for entry in office.waiting("bw")]
    assert told["empty-list"] == []
    assert told["duplicated-list"] == [each for each in honest for _ in range(2)]
    assert told["reordered-list"] == honest[::-1]
    sandbox.switch_fault("wrong-submission:1")
    assert office.get(f"{LIST}/{honest[0]}")["submissionId"] in honest[1:]
    assert office.get(f"{LIST}/{honest[0]}")["submissionId"] == honest[0]


def test_every_fault_has_a_test() -> None:
    """The names in this file and in the citizens' file cover the whole list."""
    here = Path(__file__)
    text = here.read_text(encoding="utf-8")
    text += here.with_name("test_sandbox_citizens.py").read_text(encoding="utf-8")
    assert [name for name in FAULTS if f'"{name}' not in text] == []
