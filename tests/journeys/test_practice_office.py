"""A practice office never reaches a real portal: not by its profile, not by anything it is told later."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.portal.config import NetworkConfig
from clerk_app.portal.transport import Expect, Transport
from tests.journeys.conftest import Office

#: Where this process wanted to go while somebody was looking. An audit hook stays for good, so it is one.
_seen: list[list[str]] = []


def _look(event: str, arguments: tuple[object, ...]) -> None:
    if not _seen or event not in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        return
    place = arguments[1] if event != "socket.getaddrinfo" else arguments
    host = str(place[0]) if isinstance(place, tuple) else "unix"
    _seen[-1].append(host)
    if host not in ("127.0.0.1", "::1", "localhost", "unix"):
        raise PermissionError(f"the network is denied: {host}")


sys.addaudithook(_look)


@contextmanager
def denied_network() -> Iterator[list[str]]:
    """Denies everything outside this machine; gives the hosts that were asked for."""
    _seen.append([])
    try:
        yield _seen[-1]
    finally:
        _seen.pop()


def test_with_the_network_denied_a_practice_office_misses_nothing(office: Office) -> None:
    with denied_network() as hosts:
        assert office.json("sync")["received"] == 12
        row = office.case_by("idBundDeMailbox")
        decided = office.json("decide", row["case_id"], "--outcome", "granted", "--now")
        assert office.json("sync")["delivered"] >= 1
        assert office("verify", decided["path"], "--online").exit_code in (0, 2, 5)

    assert hosts
    assert set(hosts) <= {"127.0.0.1", "::1", "localhost"}


@pytest.mark.parametrize("key", ["token_url", "submission_url"])
def test_a_practice_profile_with_a_real_address_is_refused(office: Office, tmp_path: Path, key: str) -> None:
    text = office.profile.read_text(encoding="utf-8")
    lines = [
        f'{key} = "https://portal.example/api"' if line.startswith(f"{key} ") else line
        for line in text.splitlines()
    ]
    assert "enabled = true" in lines
    profile = office.profile.with_name("mixed.toml")
    profile.write_text("\n".join(lines), encoding="utf-8")

    with denied_network() as hosts:
        said = Office(tmp_path / "mixed", profile)("sync")

    assert said.exit_code != 0
    assert said.err.startswith("PROFILE_VALUE_WRONG")
    assert "Übungsamt" in said.err
    assert hosts == []


@pytest.mark.parametrize(
    "url", ["https://portal.example/v2/cases", "https://192.0.2.1/", "http://[2001:db8::1]/"]
)
def test_no_call_leaves_this_machine_whoever_named_the_address(url: str) -> None:
    network = NetworkConfig(only_this_machine=True, proxy="http://proxy.example:3128")
    transport = Transport(network, now=lambda: datetime.now(UTC))
    try:
        with denied_network() as hosts, pytest.raises(ClerkError) as refused:
            transport.call("GET", url, Expect())
    finally:
        transport.close()

    assert refused.value.code is ErrorCode.PRACTICE_STAYS_HERE
    assert hosts == []
    with denied_network() as hosts, pytest.raises(PermissionError):  # and the eye that looks is not blind
        __import__("socket").create_connection(("192.0.2.1", 9), 0.1)
    assert hosts[-1] == "192.0.2.1"
