"""Only what the publisher signed is believed: not a forged, an old, an expired or a shortened one."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clerk_app.domain.errors import ClerkError
from clerk_app.domain.errors import ErrorCode as E
from clerk_app.updates.channel import Release, releases_of
from tests.updates.conftest import OpenChannel, Publisher

LINUX, WINDOWS = "linux-x86_64", "windows-x86_64"
LARGE = bytes(range(256)) * 12_000  # more than is kept in memory


def refused(channel: OpenChannel, reason: str | None = None) -> None:
    with pytest.raises(ClerkError) as caught:
        channel().newest()
    assert caught.value.code is E.UPDATE_UNTRUSTED
    if reason is not None:
        assert caught.value.params["reason"] == reason


def test_the_newest_by_numbers_and_its_file(
    publisher: Publisher, open_channel: OpenChannel, tmp_path: Path
) -> None:
    publisher.release("0.9.0", b"old")
    publisher.release("0.10.0", LARGE, notes="Verteilung im Landkreis")
    publisher.release("0.10.0", b"msi", WINDOWS)
    channel = open_channel()
    newest = channel.newest()
    assert (newest.version, newest.notes) == ("0.10.0", "Verteilung im Landkreis")
    assert newest.files == {LINUX: "amtsstube-0.10.0.AppImage", WINDOWS: "amtsstube-0.10.0.msi"}
    assert newest.is_newer_than("0.9.9")
    assert not newest.is_newer_than("0.10.0")
    path = channel.download(newest, tmp_path / "neu", LINUX)
    assert path.read_bytes() == LARGE
    assert channel.download(newest, tmp_path / "neu", WINDOWS).read_bytes() == b"msi"
    assert not list((tmp_path / "desktop").glob("*.part")), "nothing is left of the spool"
    assert [each.name for each in (tmp_path / "desktop").iterdir()] == ["updates"]


def test_no_file_for_this_platform(publisher: Publisher, open_channel: OpenChannel, tmp_path: Path) -> None:
    publisher.release("0.2.0", b"x", WINDOWS)
    channel = open_channel()
    with pytest.raises(ClerkError) as caught:
        channel.download(channel.newest(), tmp_path, LINUX)
    assert (caught.value.code, caught.value.params["version"]) == (E.UPDATE_NOT_FOR_HERE, "0.2.0")


def test_one_byte_of_the_file_changed(
    publisher: Publisher, open_channel: OpenChannel, tmp_path: Path
) -> None:
    publisher.release("0.2.0", LARGE)
    served = publisher.channel / "targets" / "amtsstube-0.2.0.AppImage"
    content = bytearray(served.read_bytes())
    content[1_000_000] ^= 1
    served.write_bytes(content)
    channel = open_channel()
    newest = channel.newest()
    with pytest.raises(ClerkError) as caught:
        channel.download(newest, tmp_path / "neu", LINUX)
    assert caught.value.code is E.UPDATE_UNTRUSTED
    assert not (tmp_path / "neu" / "amtsstube-0.2.0.AppImage").exists()


def test_a_forged_version_without_the_key(publisher: Publisher, open_channel: OpenChannel) -> None:
    publisher.release("0.2.0", b"x")
    listed = publisher.channel / "targets" / "releases.json"
    listed.write_text(listed.read_text().replace("0.2.0", "9.9.9"))
    refused(open_channel)


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_metadata_changed_or_signed_by_somebody_else(
    publisher: Publisher, open_channel: OpenChannel, role: str
) -> None:
    publisher.release("0.2.0", b"x")
    name = "timestamp.json" if role == "timestamp" else f"2.{role}.json"
    path = publisher.channel / "metadata" / name
    document = json.loads(path.read_text())
    document["signed"]["expires"] = "2099-01-01T00:00:00Z"
    path.write_text(json.dumps(document))
    refused(open_channel)


def test_an_older_state_is_not_gone_back_to(publisher: Publisher, open_channel: OpenChannel) -> None:
    publisher.release("0.2.0", b"x")
    kept = publisher.folder / "kept"
    shutil.copytree(publisher.channel, kept)
    publisher.release("0.3.0", b"y")
    assert open_channel().newest().version == "0.3.0"
    shutil.rmtree(publisher.channel)
    shutil.copytree(kept, publisher.channel)
    refused(open_channel)


def test_a_state_held_back_grows_old(publisher: Publisher, open_channel: OpenChannel) -> None:
    publisher.release("0.2.0", b"x")
    publisher.maker(datetime.now(UTC) - timedelta(days=8)).refresh()
    refused(open_channel, "expired")
    publisher.maker().refresh()
    assert open_channel().newest().version == "0.2.0"


def test_another_publishers_root(publisher: Publisher, open_channel: OpenChannel, tmp_path: Path) -> None:
    publisher.release("0.2.0", b"x")
    other = Publisher(publisher._module, tmp_path / "other")
    other.close()
    with pytest.raises(ClerkError) as caught:
        open_channel(root=other.root).newest()
    assert caught.value.code is E.UPDATE_UNTRUSTED
    with pytest.raises(ClerkError) as caught:
        open_channel(root=b"{}").newest()
    assert caught.value.code is E.UPDATE_UNTRUSTED


def test_a_server_that_is_gone(publisher: Publisher, open_channel: OpenChannel) -> None:
    publisher.release("0.2.0", b"x")
    url = publisher.url
    publisher.close()
    with pytest.raises(ClerkError) as caught:
        open_channel(url=url).newest()
    assert caught.value.code is E.UPDATE_UNREACHABLE


def test_a_list_larger_than_signed(publisher: Publisher, open_channel: OpenChannel) -> None:
    publisher.release("0.2.0", b"x")
    listed = publisher.channel / "targets" / "releases.json"
    listed.write_bytes(listed.read_bytes() + b" " * 2_000_000)
    refused(open_channel)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"releases": []}',
        b'{"releases": [{"version": "1.0", "files": {}}]}',
        b'{"releases": [{"version": "1.0.0", "files": {"linux-x86_64": "../../etc/passwd"}}]}',
        b'{"releases": [{"version": "1.0.0", "files": []}]}',
        b'{"releases": [3]}',
        b"\xff",
    ],
)
def test_a_list_that_is_none(content: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        releases_of(content)


def test_numbers_not_letters() -> None:
    assert Release("0.10.0", {}).is_newer_than("0.9.0")
    assert not Release("0.9.0", {}).is_newer_than("0.10.0")
    assert Release("0.0.1", {}).is_newer_than("strange")
