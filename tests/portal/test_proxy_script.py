"""Automatic proxy configuration: the script's word is followed, and a broken one is said to be broken."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from clerk_app.domain.errors import ClerkError
from clerk_app.domain.errors import ErrorCode as E
from clerk_app.portal.config import NetworkConfig
from clerk_app.portal.proxy_script import KEPT_S, LARGEST_BYTES, ProxyScript
from clerk_app.sync.ports import Settlement
from tests.portal.service import FakeService
from tests.portal.support import Draft, TestKeys
from tests.portal.test_lies import take_in

SCRIPT = """
function FindProxyForURL(url, host) {
    if (dnsDomainIs(host, ".intern.example") || isPlainHostName(host)) return "DIRECT";
    if (shExpMatch(host, "*.socks.example")) return "SOCKS5 s.example:1080; PROXY p2.example:80";
    if (host == "only-socks.example") return "SOCKS s.example:1080";
    if (host == "secure.example") return "HTTPS p3.example:443";
    return "PROXY p1.example:3128; DIRECT";
}
"""


def no_client() -> httpx.HTTPTransport:
    raise AssertionError("a file needs no connection")


def script(tmp_path: Path, text: str | bytes, monotonic: Callable[[], float] = time.monotonic) -> ProxyScript:
    file = tmp_path / "proxy.pac"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return ProxyScript(str(file), no_client, monotonic)


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("https://portal.example/submission-api/v2", "http://p1.example:3128"),
        ("https://akte.intern.example/", None),
        ("https://rathaus/", None),
        ("https://a.socks.example/", "http://p2.example:80"),
        ("https://secure.example/", "https://p3.example:443"),
    ],
)
def test_the_first_way_we_can_go_counts(tmp_path: Path, url: str, proxy: str | None) -> None:
    assert script(tmp_path, SCRIPT).proxy_for(url) == proxy


@pytest.mark.parametrize(
    "text",
    [
        "",
        "function Find(",
        "var x = 1;",
        "function FindProxyForURL(u, h) { return require('fs').readFileSync('/etc/passwd'); }",
        "function FindProxyForURL(u, h) { return 3; }",
        "function FindProxyForURL(u, h) { throw 'no'; }",
        b"\xff\xfe\x00",
        "/*" + "x" * LARGEST_BYTES + "*/",
    ],
    ids=["empty", "syntax", "no-function", "require", "number", "throws", "binary", "too-large"],
)
def test_what_is_no_script_is_said_to_be_none(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(ClerkError) as caught:
        script(tmp_path, text).proxy_for("https://portal.example/")
    assert caught.value.code is E.PROXY_SCRIPT_UNUSABLE
    assert caught.value.params == {"place": str(tmp_path / "proxy.pac")}


def test_only_ways_we_do_not_know(tmp_path: Path) -> None:
    with pytest.raises(ClerkError) as caught:
        script(tmp_path, SCRIPT).proxy_for("https://only-socks.example/")
    assert caught.value.code is E.PROXY_SCRIPT_UNUSABLE


def test_read_again_every_hour_and_the_old_one_counts_while_it_is_gone(tmp_path: Path) -> None:
    at = [0.0]
    found = script(tmp_path, SCRIPT, lambda: at[0])
    url = "https://portal.example/"
    assert found.proxy_for(url) == "http://p1.example:3128"
    (tmp_path / "proxy.pac").write_text('function FindProxyForURL(u, h) { return "DIRECT"; }')
    assert found.proxy_for(url) == "http://p1.example:3128"
    (tmp_path / "proxy.pac").rename(tmp_path / "gone.pac")
    at[0] += KEPT_S
    assert found.proxy_for(url) == "http://p1.example:3128"
    (tmp_path / "gone.pac").rename(tmp_path / "proxy.pac")
    at[0] += KEPT_S
    assert found.proxy_for(url) is None


def test_several_threads_ask_one_script(tmp_path: Path) -> None:
    found, answers = script(tmp_path, SCRIPT), []
    threads = [
        threading.Thread(target=lambda: answers.append(found.proxy_for("https://portal.example/")))
        for _ in range(8)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answers == ["http://p1.example:3128"] * 8


class _Script(BaseHTTPRequestHandler):
    """Serves a script that sends everything to the service itself, as through a proxy."""

    body = b""
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


def test_over_http_and_through_the_proxy_it_names(
    service: FakeService, keys: TestKeys, tmp_path: Path
) -> None:
    service.file(Draft.complete(keys, datetime.now(UTC)))
    proxy = service.url.removeprefix("http://")
    handler = type(
        "Handler",
        (_Script,),
        {"body": f'function FindProxyForURL(u, h) {{ return "PROXY {proxy}"; }}'.encode()},
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        place = f"http://127.0.0.1:{server.server_address[1]}/proxy.pac"
        office = service.office(network=NetworkConfig(proxy_script=place))
        assert take_in(office.mailboxes[0], tmp_path) == [Settlement.DONE]
        office.close()
        assert all(call.path.startswith(f"{service.url}/") for call in service.calls), (
            "in full, as to a proxy"
        )
        handler.status = 404  # type: ignore[attr-defined]
        with pytest.raises(ClerkError) as caught:
            service.office(network=NetworkConfig(proxy_script=place)).mailboxes[0].waiting()
        assert caught.value.code is E.PROXY_SCRIPT_UNUSABLE
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_exercise_asks_no_script(service: FakeService) -> None:
    network = NetworkConfig(proxy_script="/nowhere/proxy.pac", only_this_machine=True)
    service.mailbox(network=network).waiting()
