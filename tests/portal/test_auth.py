"""Tokens: asked for once, shared by all threads, renewed in time, and once more after a 401."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs

import pytest

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.portal.config import NetworkConfig, OfficeConfig
from clerk_app.portal.office import build_office
from tests.portal.service import CLIENT, SECRET, Call, FakeService, _Handler

E, D = ErrorCode, Disposition


def test_one_token_for_all_threads_and_mailboxes(service: FakeService) -> None:
    config = OfficeConfig([service.config(), service.config(portal="amt24", api_version=1)])
    office = build_office(config)
    start = threading.Barrier(8)

    def list_all(number: int) -> int:
        start.wait(10)
        return sum(len(office.mailboxes[number % 2].waiting()) for _ in range(3))

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(list_all, range(8))) == 0
    assert service.tokens_issued == 1
    assert service.count("GET /submission-api") == 24
    by_thread = {call.connection for call in service.calls}
    assert len(by_thread) == 8
    assert office.transport.connection_count() == 8
    office.close()
    assert office.transport.connection_count() == 0


def test_credentials_travel_in_the_body(service: FakeService) -> None:
    service.mailbox().waiting()
    call = service.calls[0]
    assert call.path == "/token"
    assert "authorization" not in call.headers
    assert parse_qs(call.body.decode()) == {
        "grant_type": ["client_credentials"], "client_id": [CLIENT], "client_secret": [SECRET],
    }  # fmt: skip
    assert all("amtsstube" in each.headers["user-agent"].lower() for each in service.calls)
    assert all("cookie" not in each.headers for each in service.calls)


@pytest.mark.parametrize(
    ("expires_in", "fresh_s", "stale_s"),
    [
        (1800, 1739, 1741),
        (90, 44, 46),
        (86_400, 1739, 1741),
        (None, 239, 241),
        ("soon", 239, 241),
        (-5, 239, 241),
    ],
)
def test_renewed_before_it_expires(
    service: FakeService, expires_in: object, fresh_s: float, stale_s: float
) -> None:
    service.expires_in = expires_in
    time_s = [0.0]
    office = build_office(OfficeConfig([service.config()]), monotonic=lambda: time_s[0])
    mailbox = office.mailboxes[0]
    mailbox.waiting()
    time_s[0] = fresh_s
    mailbox.waiting()
    assert service.tokens_issued == 1
    time_s[0] = stale_s
    mailbox.waiting()
    assert service.tokens_issued == 2
    office.close()


def expired(handler: _Handler, call: Call) -> None:
    handler.fake.tokens.clear()
    handler.problem(401, "token-expired")


def test_a_refused_token_is_renewed_once(service: FakeService) -> None:
    mailbox = service.mailbox()
    service.lie("/submissions?", expired)
    assert mailbox.waiting() == []
    assert service.tokens_issued == 2
    service.lie("/submissions?", expired, times=2)
    with pytest.raises(ClerkError) as caught:
        mailbox.waiting()
    assert (caught.value.code, caught.value.disposition) == (E.SIGN_IN_EXPIRED, D.SIGN_IN)
    assert service.tokens_issued == 3
    assert mailbox.waiting() == []


def test_threads_do_not_renew_the_same_token_twice(service: FakeService) -> None:
    mailbox = service.mailbox()
    mailbox.waiting()
    service.tokens.clear()
    start = threading.Barrier(6)

    def work(_: int) -> None:
        start.wait(10)
        mailbox.waiting()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert service.tokens_issued == 2


@pytest.mark.parametrize(
    ("status", "body", "code", "disposition"),
    [
        (401, b'{"error": "invalid_client"}', E.SIGN_IN_FAILED, D.SIGN_IN),
        (400, b'{"error": "invalid_client"}', E.SIGN_IN_FAILED, D.SIGN_IN),
        (400, b'{"error": "unauthorized_client"}', E.SIGN_IN_FAILED, D.SIGN_IN),
        (401, b"not json", E.SIGN_IN_FAILED, D.SIGN_IN),
        (400, b'{"error": "invalid_scope"}', E.PORTAL_FORBIDDEN, D.ASK_CLERK),
        (400, b'{"error": "invalid_request"}', E.PORTAL_REFUSED, D.GIVE_UP),
        (404, b"{}", E.REMOTE_GONE, D.GIVE_UP),
        (200, b"{}", E.PORTAL_NOT_ITSELF, D.RETRY),
        (200, b'{"access_token": ""}', E.PORTAL_NOT_ITSELF, D.RETRY),
        (200, b'{"access_token": "a\\r\\nb"}', E.PORTAL_NOT_ITSELF, D.RETRY),
        (200, b'{"access_token": 5}', E.PORTAL_NOT_ITSELF, D.RETRY),
        (200, b'{"access_token": "x", "token_type": "mac"}', E.PORTAL_NOT_ITSELF, D.RETRY),
        (200, b'{"access_token": "x", "access_token": "y"}', E.PORTAL_NOT_ITSELF, D.RETRY),
        (200, b"[1]", E.PORTAL_NOT_ITSELF, D.RETRY),
    ],
)
def test_what_the_token_endpoint_may_say(
    service: FakeService, status: int, body: bytes, code: ErrorCode, disposition: Disposition
) -> None:
    service.lie("/token", lambda handler, call: handler.send(status, body))
    mailbox = service.mailbox()
    with pytest.raises(ClerkError) as caught:
        mailbox.waiting()
    assert (caught.value.code, caught.value.disposition) == (code, disposition)
    assert SECRET not in repr(caught.value.params)
    assert mailbox.waiting() == []


def test_wrong_credentials(service: FakeService) -> None:
    for changes in ({"client_id": "someone"}, {"client_secret": lambda: "wrong"}):
        with pytest.raises(ClerkError) as caught:
            service.mailbox(**changes).waiting()
        assert caught.value.code is E.SIGN_IN_FAILED


def test_addresses_must_be_safe_for_secrets(service: FakeService) -> None:
    for url in (
        "http://portal.example/token", "ftp://portal.example", "portal.example", "", "https://",
        "https://user:pw@portal.example/token", "https://portal.example/token?x=1",
    ):  # fmt: skip
        with pytest.raises(ClerkError) as caught:
            service.mailbox(token_url=url)
        assert caught.value.code is E.PROFILE_VALUE_WRONG
        assert "pw" not in repr(caught.value.params)
    closed_network = NetworkConfig(allow_plain_http=True)
    service.mailbox(network=closed_network, token_url="http://portal.internal/token")
    with pytest.raises(ClerkError):
        service.mailbox(api_version=7)
