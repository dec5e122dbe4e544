"""A channel as a publisher makes it, on a web server of this machine."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from clerk_app.portal.config import NetworkConfig
from clerk_app.portal.update_calls import UpdateCalls
from clerk_app.updates.channel import Channel

MAKER = Path(__file__).resolve().parents[2] / "packaging" / "updates" / "make_channel.py"


@pytest.fixture(scope="session")
def maker_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_channel", MAKER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Says nothing."""


class Publisher:
    """Makes a channel and serves it; ``maker`` dates what it signs."""

    def __init__(self, module: ModuleType, folder: Path) -> None:
        self._module, self.folder = module, folder
        self.channel, self.keys = folder / "channel", folder / "keys"
        self.maker().init()
        self.root = (self.channel / "metadata" / "1.root.json").read_bytes()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(self.channel)))
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def maker(self, now: datetime | None = None) -> Any:
        return self._module.ChannelMaker(self.channel, self.keys, now)

    def release(self, version: str, content: bytes, platform: str = "linux-x86_64", notes: str = "") -> Path:
        ending = "msi" if platform.startswith("windows") else "AppImage"
        file = self.folder / f"amtsstube-{version}.{ending}"
        file.write_bytes(content)
        self.maker().add(file, version, platform, notes)
        return file

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def publisher(maker_module: ModuleType, tmp_path: Path) -> Iterator[Publisher]:
    made = Publisher(maker_module, tmp_path / "publisher")
    yield made
    made.close()


OpenChannel = Callable[..., Channel]


@pytest.fixture
def open_channel(publisher: Publisher, tmp_path: Path) -> Iterator[OpenChannel]:
    """A desktop's view of the channel; it remembers what it saw."""
    opened: list[UpdateCalls] = []

    def channel(root: bytes | None = None, url: str | None = None) -> Channel:
        spool = tmp_path / "desktop"
        spool.mkdir(exist_ok=True)
        calls = UpdateCalls(NetworkConfig(), spool, lambda: datetime.now(UTC))
        opened.append(calls)
        return Channel(url or publisher.url, root or publisher.root, spool / "updates", calls)

    yield channel
    for calls in opened:
        calls.close()
