"""Row 14: hostile files are shown or refused; the program lives, nothing is asked for, nothing is created."""

from __future__ import annotations

import random
import resource
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.preview.child import RefusedError
from clerk_app.preview.confinement import MEMORY_BYTES
from clerk_app.preview.renderer import Renderer
from tests.faults import hostile_files
from tests.matrix import record, trials

ROW = "14 hostile files in the preview"
SHOWN_OR = {ErrorCode.PREVIEW_REFUSED, ErrorCode.PREVIEW_FAILED}
LONGEST_S = 10.0

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits as POSIX has them")


class Listener:
    """Counts who asks for anything."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.asked = 0
        self._closing = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                caller, _address = self._socket.accept()
            except OSError:
                return
            caller.close()
            if self._closing:
                return
            self.asked += 1

    def close(self) -> None:
        self._closing = True
        socket.create_connection(self._socket.getsockname()).close()
        self._thread.join(10)
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


def shown(renderer: Renderer, content: bytes) -> str:
    """What became of a file: ``shown``, or the code it was refused with. Anything else is a violation."""
    outcome = "shown"
    for ask in (
        lambda: renderer.page(content, "application/pdf", 0, 400),
        lambda: renderer.text(content),
        lambda: renderer.outline(content),
        lambda: renderer.letters(content, 0),
    ):
        try:
            ask()
        except ClerkError as error:
            if error.code not in SHOWN_OR:
                raise
            outcome = str(error.params.get("reason"))
    return outcome


def test_every_hostile_file_is_shown_or_refused(listener: Listener, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    found: list[str] = []
    outcomes: dict[str, str] = {}
    with Renderer(timeout_s=LONGEST_S) as renderer:
        for name, content in hostile_files.files(listener.url, str(marker)):
            try:
                outcomes[name] = shown(renderer, content)
            except Exception as error:  # noqa: BLE001 - whatever it is, it must not happen
                found.append(f"{name}: {type(error).__name__}")
        for name, content in hostile_files.controls():
            if shown(renderer, content) != "shown":
                found.append(f"{name} is no longer shown")
        assert "limits" in renderer.confinement
    if listener.asked:
        found.append(f"{listener.asked} asked")
    if marker.exists():
        found.append("the marker was made")
    peak_kb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    if peak_kb * 1024 > MEMORY_BYTES + 200_000_000:  # the interpreter and its libraries are no data
        found.append(f"a child took {peak_kb} kB")
    record(ROW, len(outcomes), len(found))
    assert found == []
    assert len(outcomes) >= 80
    for name, outcome in outcomes.items():
        if name.startswith(("svg", "zip", "html", "office", "old office", "shell", "shortcut", "gif", "bmp")):
            assert outcome in ("format", "empty"), (name, outcome)
    assert sum(outcome == "shown" for outcome in outcomes.values()) >= 15, "not everything is refused unseen"


def test_any_change_of_a_file_is_shown_or_refused() -> None:
    rng = random.Random(14)
    seeds = [content for _name, content in hostile_files.controls()]
    seeds += [c for n, c in hostile_files.files("http://127.0.0.1:9", "/nowhere") if len(c) < 5_000]
    count, found = trials(40, 100_000), []
    with Renderer(timeout_s=LONGEST_S) as renderer:
        for number in range(count):
            content = changed(rng, rng.choice(seeds))
            try:
                shown(renderer, content)
            except Exception as error:  # noqa: BLE001 - whatever it is, it must not happen
                found.append(f"{number}: {type(error).__name__}")
    record("14 changed files in the preview", count, len(found))
    assert found == []


def changed(rng: random.Random, content: bytes) -> bytes:
    """Some bytes flipped, cut, doubled, or replaced by numbers that are often wrong."""
    out = bytearray(content)
    for _ in range(rng.randint(1, 8)):
        if not out:
            break
        at = rng.randrange(len(out))
        match rng.randrange(5):
            case 0:
                out[at] ^= 1 << rng.randrange(8)
            case 1:
                del out[at : at + rng.randrange(1, 40)]
            case 2:
                out[at:at] = out[at : at + rng.randrange(1, 200)]
            case 3:
                out[at : at + 4] = rng.choice((b"\xff\xff\xff\xff", bytes(4), b"\x7f\xff\xff\xff", b"-1 0"))
            case _:
                out[at : at + 1] = rng.choice((b"99999999", b"<<", b">>", b"[", b"R", b"\x00"))
    return bytes(out)


class _Trusting(Renderer):
    """Opens in this process what the child should: the mutant."""

    def text(self, content: bytes) -> str:
        from clerk_app.preview.child import OpenedPdf

        return OpenedPdf(content).text()


def test_a_preview_in_the_window_process_is_caught() -> None:
    parts = [hostile_files.CATALOG, hostile_files.PAGES, hostile_files.PAGE, hostile_files.DRAW]
    with _Trusting() as renderer, pytest.raises(RefusedError):
        shown(renderer, hostile_files.pdf(parts, root="77 0 R"))
