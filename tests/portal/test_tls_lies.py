"""Row 18: no secret is told to a server that is wrong in any way, and the clerk reads why."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from clerk_app.domain.errors import ClerkError
from clerk_app.domain.errors import ErrorCode as E
from clerk_app.portal.config import NetworkConfig
from clerk_app.portal.transport import Transport
from tests.matrix import record
from tests.portal import tls_lies
from tests.portal.service import FakeService
from tests.portal.support import TestKeys

ROW = "18 TLS servers that misbehave"


@pytest.fixture(scope="module")
def root() -> tls_lies.Issued:
    return tls_lies.trusted_root()


@pytest.fixture
def authority(root: tls_lies.Issued, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    path.write_bytes(root.certificate.public_bytes(tls_lies.PEM))
    return path


def outcome(fake: FakeService, server: tls_lies.Server, authority: Path) -> E | None:
    """How asking for a token ended."""
    address = f"https://localhost:{server.port}"
    network = NetworkConfig(ca_files=[authority])
    mailbox = fake.mailbox(network=network, token_url=f"{address}/token", submission_url=address)
    try:
        mailbox.waiting()
    except ClerkError as error:
        return error.code
    return None


def believed(keys: TestKeys, root: tls_lies.Issued, authority: Path, folder: Path) -> tuple[int, list[str]]:
    """How many servers were tried, and which were told anything or not refused for what they are."""
    found, count = [], 0
    with FakeService(keys) as fake:
        for name, served in tls_lies.lies(root).items():
            server = tls_lies.Server(served, folder)
            try:
                code = outcome(fake, server, authority)
            finally:
                server.close()
            count += 1
            if server.told or code not in (E.PORTAL_UNTRUSTED, E.PORTAL_UNREACHABLE):
                found.append(f"{name}: {code}")
        for name, speaks in tls_lies.plain_liars():
            server = tls_lies.Server(None, folder, speaks)
            try:
                code = outcome(fake, server, authority)
            finally:
                server.close()
            count += 1
            if code not in (E.PORTAL_UNTRUSTED, E.PORTAL_UNREACHABLE):
                found.append(f"{name}: {code}")
    return count, found


def test_no_liar_is_told_anything(
    keys: TestKeys, root: tls_lies.Issued, authority: Path, tmp_path: Path
) -> None:
    count, found = believed(keys, root, authority, tmp_path)
    record(ROW, count, len(found))
    assert not found, found
    assert count >= 20
    with FakeService(keys) as fake:
        for name, served in tls_lies.honest(root).items():
            server = tls_lies.Server(served, tmp_path)
            try:
                outcome(fake, server, authority)
            finally:
                server.close()
            assert server.told, f"{name}: an honest server was refused"


def test_a_client_that_checks_nothing_is_caught(
    keys: TestKeys, root: tls_lies.Issued, authority: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(_self: object) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    monkeypatch.setattr(Transport, "_tls_context", careless)
    _count, found = believed(keys, root, authority, tmp_path)
    assert len(found) >= 10
