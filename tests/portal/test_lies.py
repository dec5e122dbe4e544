"""Everything that can go wrong on the way: the right code, the right disposition, and nothing lost."""

from __future__ import annotations

import contextlib
import io
import os
import selectors
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.portal import failures
from clerk_app.portal.config import Limits, NetworkConfig
from clerk_app.portal.mailbox import FitConnectMailbox
from clerk_app.sync.ports import Opened, Settlement
from tests.portal.service import Call, FakeService, Lie, _Handler
from tests.portal.support import Draft, TestKeys

E, D = ErrorCode, Disposition
LOGIN = b"<!DOCTYPE html><html><form action='/login'>WLAN-Anmeldung</form></html>"


def html_login(handler: _Handler, call: Call) -> None:
    handler.send(200, LOGIN, "text/html; charset=utf-8")


def wrong_type(handler: _Handler, call: Call) -> None:
    handler.send(200, b'{"submissions": [], "totalCount": 0}', "text/plain")


def no_type(handler: _Handler, call: Call) -> None:
    handler.send(200, b'{"submissions": [], "totalCount": 0}', None)


def truncated(handler: _Handler, call: Call) -> None:
    jose = "attachments/" in call.path
    handler.send_response(200)
    handler.send_header("Content-Type", "application/jose" if jose else "application/json")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"count": 1, "submissions": [')
    handler.close_connection = True


def half_json(handler: _Handler, call: Call) -> None:
    handler.send(200, b'{"count": 1, "submissions": [')


def deep_json(handler: _Handler, call: Call) -> None:
    handler.send(200, b'{"x":' + b"[" * 300_000 + b"]" * 300_000 + b"}")


def not_utf8(handler: _Handler, call: Call) -> None:
    handler.send(200, '{"submissions": "ä"}'.encode("latin-1"))


def redirect(handler: _Handler, call: Call) -> None:
    handler.send(302, b"", None, Location="https://login.example/")


def empty(handler: _Handler, call: Call) -> None:
    handler.send(200, b"")


def gateway(handler: _Handler, call: Call) -> None:
    handler.send(502, b"<html>Bad gateway</html>", "text/html")


def broken(handler: _Handler, call: Call) -> None:
    handler.send(500, b"oops", "text/plain")


def resting(handler: _Handler, call: Call) -> None:
    handler.send(503, b"", None, Retry_After="120")


def html_not_found(handler: _Handler, call: Call) -> None:
    handler.send(404, b"<html>No such page</html>", "text/html")


def network_wants_sign_in(handler: _Handler, call: Call) -> None:
    handler.send(511, LOGIN, "text/html")


def proxy_wants_sign_in(handler: _Handler, call: Call) -> None:
    handler.send(407, b"", "text/html", Proxy_Authenticate='Basic realm="p"')


def garbage(handler: _Handler, call: Call) -> None:
    handler.connection.sendall(b"\x16\x03\x01" + os.urandom(200))
    handler.close_connection = True


def reset(handler: _Handler, call: Call) -> None:
    handler.reset()


def closed(handler: _Handler, call: Call) -> None:
    handler.close_connection = True


def packed(handler: _Handler, call: Call) -> None:
    handler.send(200, b"\x1f\x8b" + bytes(100), Content_Encoding="gzip")


def forbidden(handler: _Handler, call: Call) -> None:
    handler.problem(403, "missing-permission")


def teapot(handler: _Handler, call: Call) -> None:
    handler.problem(418, "odd")


def partial(handler: _Handler, call: Call) -> None:
    handler.send(206, b"{}", "application/jose" if "/attachments/" in call.path else "application/json")


LIES: dict[str, tuple[Lie, ErrorCode, Disposition]] = {
    "html login": (html_login, E.PORTAL_NOT_ITSELF, D.RETRY),
    "wrong content type": (wrong_type, E.PORTAL_NOT_ITSELF, D.RETRY),
    "no content type": (no_type, E.PORTAL_NOT_ITSELF, D.RETRY),
    "truncated": (truncated, E.TRANSFER_INCOMPLETE, D.RETRY),
    "half json": (half_json, E.PORTAL_NOT_ITSELF, D.RETRY),
    "deep json": (deep_json, E.PORTAL_NOT_ITSELF, D.RETRY),
    "not utf-8": (not_utf8, E.PORTAL_NOT_ITSELF, D.RETRY),
    "redirect": (redirect, E.PORTAL_NOT_ITSELF, D.RETRY),
    "empty": (empty, E.PORTAL_NOT_ITSELF, D.RETRY),
    "502 html": (gateway, E.PORTAL_DISTURBED, D.RETRY),
    "500": (broken, E.PORTAL_DISTURBED, D.RETRY),
    "503": (resting, E.PORTAL_DISTURBED, D.RETRY),
    "404 html": (html_not_found, E.PORTAL_NOT_ITSELF, D.RETRY),
    "511": (network_wants_sign_in, E.PORTAL_NOT_ITSELF, D.RETRY),
    "407": (proxy_wants_sign_in, E.PROXY_SIGN_IN, D.SIGN_IN),
    "garbage": (garbage, E.PORTAL_NOT_ITSELF, D.RETRY),
    "reset": (reset, E.PORTAL_UNREACHABLE, D.RETRY),
    "closed": (closed, E.PORTAL_UNREACHABLE, D.RETRY),
    "gzip": (packed, E.PORTAL_NOT_ITSELF, D.RETRY),
    "403": (forbidden, E.PORTAL_FORBIDDEN, D.ASK_CLERK),
    "206": (partial, E.PORTAL_NOT_ITSELF, D.RETRY),
    "418": (teapot, E.PORTAL_REFUSED, D.GIVE_UP),
}
# Calls of one intake, by the part of "METHOD path" that names them.
CALLS = {
    "token": "POST /token",
    "list": "GET /submission-api/v2/submissions?",
    "submission": "GET /submission-api/v2/submissions/",
    "attachment": "/attachments/",
    "log": "GET /submission-api/v2/cases/",
    "keys": "jwks.json",
    "accept": "POST /submission-api/v2/cases/",
}


def take_in(mailbox: FitConnectMailbox, spool: Path) -> list[Settlement]:
    settled = []
    for waiting in mailbox.waiting():
        opened = mailbox.open(mailbox.fetch(waiting, spool))
        assert isinstance(opened, Opened)
        settled.append(mailbox.accept(opened))
    return settled


# An accept has no body to look into, and for the keys there is a second place that answers.
HARMLESS = {("accept", name) for name in ("half json", "deep json", "not utf-8")} | {("keys", "404 html")}


@pytest.mark.parametrize(
    ("call", "name"), [(call, name) for call in CALLS for name in LIES if (call, name) not in HARMLESS]
)
def test_every_lie_at_every_call(
    service: FakeService, keys: TestKeys, tmp_path: Path, name: str, call: str
) -> None:
    lie, code, disposition = LIES[name]
    draft = service.file(Draft.complete(keys, datetime.now(UTC)))
    mailbox = service.mailbox()
    service.lie(CALLS[call], lie, times=2)  # a GET whose connection broke is tried twice
    with pytest.raises(ClerkError) as caught:
        take_in(mailbox, tmp_path)
    assert (caught.value.code, caught.value.disposition) == (code, disposition)
    assert service.accepted == []
    assert list(tmp_path.iterdir()) == []
    service.be_honest()
    assert take_in(mailbox, tmp_path) == [Settlement.DONE]
    assert service.accepted == [draft.submission_id]


def test_a_broken_connection_is_tried_again_at_once_when_reading(
    service: FakeService, keys: TestKeys, tmp_path: Path
) -> None:
    service.file(Draft.complete(keys, datetime.now(UTC)))
    for lie, call in ((reset, "list"), (closed, "submission"), (truncated, "attachment"), (reset, "log")):
        service.lie(CALLS[call], lie)
    assert take_in(service.mailbox(), tmp_path) == [Settlement.DONE]


def test_an_accept_whose_answer_was_lost_is_found_in_the_log(
    service: FakeService, keys: TestKeys, tmp_path: Path
) -> None:
    service.file(Draft.complete(keys, datetime.now(UTC)))
    mailbox = service.mailbox()

    def carried_out_then_cut(handler: _Handler, call: Call) -> None:
        kept, handler.wfile = handler.wfile, io.BytesIO()
        handler.honest(call)
        handler.wfile = kept
        handler.reset()

    service.lie(CALLS["accept"], carried_out_then_cut)
    (waiting,) = mailbox.waiting()
    opened = mailbox.open(mailbox.fetch(waiting, tmp_path))
    assert isinstance(opened, Opened)
    with pytest.raises(ClerkError) as caught:
        mailbox.accept(opened)
    assert caught.value.disposition is D.RETRY
    assert len(service.accepted) == 1
    assert mailbox.accept_again(waiting, opened.tags, opened.event_schema) is Settlement.ALREADY_OURS
    assert len(service.accepted) == 1


# waiting
# -----------------------------------------------------------------------------------------------------


def busy(**headers: str) -> Lie:
    return lambda handler, call: handler.send(429, b"{}", **headers)


def test_short_waits_happen_inside_the_call(service: FakeService) -> None:
    slept: list[float] = []
    mailbox = service.mailbox(sleep=slept.append)
    service.lie("/submissions?", busy(Retry_After="3"))
    service.lie("/submissions?", busy(RateLimit_Reset="2"))
    assert mailbox.waiting() == []
    assert slept == [3.0, 2.0]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "90"}, 90.0),
        ({"Retry_After": "86400"}, 300.0),
        ({"Retry_After": "9" * 400}, 300.0),
        ({"Retry_After": "Wed, 21 Oct 2099 07:28:00 GMT"}, 300.0),
        ({"RateLimit_Reset": "77"}, 77.0),
        ({"Retry_After": "soon", "RateLimit_Reset": "60"}, 60.0),
        ({}, failures.DEFAULT_BUSY_S),
        ({"Retry_After": "-5"}, failures.DEFAULT_BUSY_S),
        ({"Retry_After": "²"}, failures.DEFAULT_BUSY_S),
    ],
)
def test_long_waits_are_handed_on(service: FakeService, headers: dict[str, str], seconds: float) -> None:
    slept: list[float] = []
    service.lie("/submissions?", busy(**headers))
    with pytest.raises(ClerkError) as caught:
        service.mailbox(sleep=slept.append).waiting()
    assert (caught.value.code, caught.value.disposition) == (E.PORTAL_BUSY, D.RETRY)
    assert caught.value.retry_after_s == seconds
    assert slept == []


def test_dates_and_moments_to_wait_for() -> None:
    now = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    in_a_minute = format_datetime(now + timedelta(minutes=1), usegmt=True)
    assert failures.asked_wait_s({"retry-after": in_a_minute}, now, 300) == 60
    assert failures.asked_wait_s({"retry-after": format_datetime(now - timedelta(days=1))}, now, 300) == 0
    moment = str(int(now.timestamp()) + 40)
    assert failures.asked_wait_s({"ratelimit-reset": moment}, now, 300) == 40
    assert failures.asked_wait_s({"ratelimit-reset": "99999999999"}, now, 300) == 300
    assert failures.asked_wait_s({"retry-after": "Mon, 99 Foo 2026"}, now, 300) is None


def test_waiting_ends_when_the_portal_stays_busy(service: FakeService) -> None:
    slept: list[float] = []
    service.lie("/submissions?", busy(Retry_After="1"), times=9)
    with pytest.raises(ClerkError) as caught:
        service.mailbox(sleep=slept.append).waiting()
    assert caught.value.code is E.PORTAL_BUSY
    assert slept == [1.0, 1.0]


# slowness
# ----------------------------------------------------------------------------------------------------


def test_no_answer_and_answers_in_drips(service: FakeService) -> None:
    done = threading.Event()

    def silent(handler: _Handler, call: Call) -> None:
        done.wait(30)
        handler.close_connection = True

    ticks = iter(range(0, 10_000, 20))

    def dripping(handler: _Handler, call: Call) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(1000):
                handler.wfile.write(b" ")
                handler.wfile.flush()

    try:
        service.lie("/submissions?", silent)
        quick = NetworkConfig(read_timeout_s=0.05)
        with pytest.raises(ClerkError) as caught:
            service.mailbox(network=quick).waiting()
        assert (caught.value.code, caught.value.disposition) == (E.PORTAL_SLOW, D.RETRY)
    finally:
        done.set()
    # The clock of the whole call runs on, whatever drips in between.
    service.lie("/submissions?", dripping)
    office = service.office()
    office.transport._monotonic = lambda: float(next(ticks) * 10)
    with pytest.raises(ClerkError) as caught:
        office.mailboxes[0].waiting()
    assert caught.value.code is E.PORTAL_SLOW


# size
# --------------------------------------------------------------------------------------------------------


def test_nothing_larger_than_the_limits(service: FakeService, keys: TestKeys, tmp_path: Path) -> None:
    service.file(
        Draft.complete(keys, datetime.now(UTC), files={"aaaaaaaa-bbbb-4bbb-8bbb-cccccccccccc": b"x" * 9000})
    )
    mailbox = service.mailbox(limits=Limits(attachment_bytes=5000, in_memory_bytes=1000))
    (waiting,) = mailbox.waiting()
    with pytest.raises(ClerkError) as caught:
        mailbox.fetch(waiting, tmp_path)
    assert (caught.value.code, caught.value.disposition) == (E.LIMIT_EXCEEDED, D.GIVE_UP)

    def endless(handler: _Handler, call: Call) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/jose")
        handler.end_headers()
        handler.close_connection = True
        with contextlib.suppress(OSError):
            for _ in range(1000):
                handler.wfile.write(bytes(1 << 16))

    service.lie("/attachments/", endless)
    with pytest.raises(ClerkError) as caught:
        mailbox.fetch(waiting, tmp_path)
    assert caught.value.code is E.LIMIT_EXCEEDED
    assert list(tmp_path.iterdir()) == []


def test_large_attachments_go_to_the_spool(service: FakeService, keys: TestKeys, tmp_path: Path) -> None:
    small, large = os.urandom(1000), os.urandom(8_000_000)
    draft = Draft.complete(
        keys,
        datetime.now(UTC),
        files={"11111111-bbbb-4bbb-8bbb-cccccccccccc": small, "22222222-bbbb-4bbb-8bbb-cccccccccccc": large},
    )
    service.file(draft)
    mailbox = service.mailbox()
    (waiting,) = mailbox.waiting()
    original = mailbox.fetch(waiting, tmp_path)
    kinds = {key: type(body) for key, body in original.attachments.items()}
    first, second = draft.file_jwes
    assert kinds[first] is bytes  # type: ignore[index]
    (path,) = tmp_path.iterdir()
    assert original.attachments[second] == path  # type: ignore[index]
    assert path.read_bytes() == draft.file_jwes[second]
    assert path.stat().st_mode & 0o077 == 0
    opened = mailbox.open(original)
    assert isinstance(opened, Opened)
    assert [a.size_bytes for a in opened.application.attachments] == [1000, 8_000_000]


# nobody there, somebody else there
# ---------------------------------------------------------------------------


def test_nobody_listens(service: FakeService) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}"
        for changes in ({"token_url": f"{url}/token"}, {"submission_url": url}):
            with pytest.raises(ClerkError) as caught:
                service.mailbox(**changes).waiting()
            assert (caught.value.code, caught.value.disposition) == (E.PORTAL_UNREACHABLE, D.RETRY)
    with pytest.raises(ClerkError) as caught:
        service.mailbox(submission_url="https://does-not-exist.invalid").waiting()
    assert caught.value.code is E.PORTAL_UNREACHABLE


@dataclass(frozen=True)
class Certified:
    """A server certificate for localhost and the file of its authority."""

    context: ssl.SSLContext
    authority: Path


@pytest.fixture(scope="module")
def certified(keys: TestKeys, tmp_path_factory: pytest.TempPathFactory) -> Certified:
    folder = tmp_path_factory.mktemp("tls")

    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    now = datetime.now(UTC)

    def certificate(subject: str, public: x509.CertificateBuilder) -> x509.CertificateBuilder:
        return (
            public.subject_name(name(subject))
            .issuer_name(name("Test CA"))
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
        )

    ca_key, key = keys.stranger.key, keys.service.key
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    root = (
        certificate("Test CA", x509.CertificateBuilder().public_key(ca_key.public_key()))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    leaf = (
        certificate("localhost", x509.CertificateBuilder().public_key(key.public_key()))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
        )
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(leaf.public_bytes(pem) + private)
    (folder / "ca.pem").write_bytes(root.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return Certified(context, folder / "ca.pem")


@pytest.fixture
def tls_service(keys: TestKeys, certified: Certified) -> Iterator[FakeService]:
    with FakeService(keys, certified.context) as running:
        yield running


def test_tls_is_trusted_only_with_its_authority(
    tls_service: FakeService, certified: Certified, keys: TestKeys, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Environment variables cannot change whom we trust or which way we go."""
    monkeypatch.setenv("SSL_CERT_FILE", "")
    with pytest.raises(ClerkError) as caught:
        tls_service.mailbox().waiting()
    assert (caught.value.code, caught.value.disposition) == (E.PORTAL_UNTRUSTED, D.RETRY)
    assert tls_service.calls == []
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    tls_service.file(Draft.complete(keys, datetime.now(UTC)))
    trusting = NetworkConfig(ca_files=[certified.authority])
    assert take_in(tls_service.mailbox(network=trusting), tmp_path) == [Settlement.DONE]
    other_name = f"https://127.0.0.1:{tls_service.port}"
    with pytest.raises(ClerkError) as caught:
        tls_service.mailbox(network=trusting, token_url=f"{other_name}/token").waiting()
    assert caught.value.code is E.PORTAL_UNTRUSTED


def test_a_plain_server_where_tls_was_expected(service: FakeService) -> None:
    with pytest.raises(ClerkError) as caught:
        service.mailbox(token_url=f"https://127.0.0.1:{service.port}/token").waiting()
    assert caught.value.code is E.PORTAL_UNTRUSTED


class _Proxy:
    """Answers every connection the same way."""

    def __init__(self, answer: bytes) -> None:
        self.seen: list[bytes] = []
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                with connection:
                    self.seen.append(connection.recv(65_536))
                    connection.sendall(self._answer)


def test_a_proxy_that_wants_a_sign_in_or_is_broken() -> None:
    answers: dict[bytes, tuple[ErrorCode, Disposition]] = {
        b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n": (
            E.PROXY_SIGN_IN,
            D.SIGN_IN,
        ),
        b"HTTP/1.1 503 No way\r\nContent-Length: 0\r\n\r\n": (E.PORTAL_UNREACHABLE, D.RETRY),
    }
    keys = TestKeys.made()
    with FakeService(keys) as service:
        for answer, expected in answers.items():
            proxy = _Proxy(answer)
            with proxy as address:
                mailbox = service.mailbox(
                    network=NetworkConfig(proxy=address), token_url="https://portal.example/token"
                )
                with pytest.raises(ClerkError) as caught:
                    mailbox.waiting()
            assert (caught.value.code, caught.value.disposition) == expected
            assert proxy.seen[0].startswith(b"CONNECT portal.example:443")


class _Tunnel(_Proxy):
    """A proxy that does its work: CONNECT, then bytes in both directions."""

    def __init__(self) -> None:
        super().__init__(b"")
        self._pipes: list[threading.Thread] = []

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        for pipe in self._pipes:
            pipe.join()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                pipe = threading.Thread(target=self._tunnel, args=(connection,))
                pipe.start()
                self._pipes.append(pipe)

    def _tunnel(self, connection: socket.socket) -> None:
        request = connection.recv(65_536)
        self.seen.append(request)
        host, _, port = request.split()[1].decode().partition(":")
        with connection, socket.create_connection((host, int(port))) as target:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            ends = {connection: target, target: connection}
            with selectors.DefaultSelector() as selector:
                for end in ends:
                    selector.register(end, selectors.EVENT_READ)
                while True:
                    for key, _ in selector.select():
                        source = next(end for end in ends if end is key.fileobj)
                        piece = source.recv(65_536)
                        if not piece:
                            return
                        ends[source].sendall(piece)


def test_through_a_tunnel(
    tls_service: FakeService, certified: Certified, keys: TestKeys, tmp_path: Path
) -> None:
    tls_service.file(Draft.complete(keys, datetime.now(UTC)))
    tunnel = _Tunnel()
    with tunnel as address:
        with_password = address.replace("http://", "http://clerk:geheim@")
        network = NetworkConfig(proxy=with_password, ca_files=[certified.authority])
        office = tls_service.office(network=network)
        assert take_in(office.mailboxes[0], tmp_path) == [Settlement.DONE]
        office.close()
    assert tunnel.seen[0].startswith(f"CONNECT localhost:{tls_service.port} ".encode())
    assert b"Proxy-Authorization: Basic " in tunnel.seen[0]
    assert all("proxy-authorization" not in call.headers for call in tls_service.calls)
    assert len(tunnel.seen) == 1


def test_a_plain_address_through_a_proxy_is_asked_for_in_full(
    service: FakeService, keys: TestKeys, tmp_path: Path
) -> None:
    service.file(Draft.complete(keys, datetime.now(UTC)))
    mailbox = service.mailbox(network=NetworkConfig(proxy=service.url))
    assert take_in(mailbox, tmp_path) == [Settlement.DONE]
    assert all(call.path.startswith(f"{service.url}/") for call in service.calls)


def test_addresses_go_onto_the_wire_as_configured(service: FakeService) -> None:
    odd = service.url + "/überall/a b"
    with pytest.raises(ClerkError) as caught:
        service.mailbox(submission_url=odd).waiting()
    assert caught.value.code is E.REMOTE_GONE
    assert service.calls[-1].path.startswith("/%C3%BCberall/a%20b/v2/submissions?destinationId=")


def test_the_table_never_gives_up_on_what_the_way_may_have_caused() -> None:
    for status in [*range(300, 400), 401, 407, 408, 425, 429, *range(500, 600)]:
        assert failures.of_status(status)[1] in (D.RETRY, D.SIGN_IN)
    make: Callable[[int], ClerkError] = lambda status: failures.refused(status, "h", {})  # noqa: E731
    assert make(429).retry_after_s == failures.DEFAULT_BUSY_S
    assert make(503).retry_after_s is None
