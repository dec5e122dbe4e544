# ruff: noqa: E501 - tables of strings
"""Row 17: names of files, cells of tables, queries and addresses that somebody's program would obey."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from clerk_app.domain.case import CaseQuery, CaseView
from clerk_app.domain.errors import ClerkError
from clerk_app.efile.file_names import package_file_name
from clerk_app.portal.config import NetworkConfig, checked_address
from clerk_app.store.documents import Documents
from clerk_app.store.home import HomePaths, Store
from clerk_app.texts import csv_lines
from tests.faults.markup import STRINGS
from tests.matrix import record, trials
from tests.store.making import DATA_KEY, MAILBOX, SteppingClock, make_opened, page

_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
_PIECES = ("..", "/", "\\", "\x00", "\u202e", "=", "+", "-", "@", "\t", "'", '"', "*", ":", "(", ")", " OR ", "NEAR(",
           "a", "ä", "ß", "\u0301", "\U0001f600", "CON", ".exe", "\r\n", ";", "\ud800", "<b>", "%", "~", "$")  # fmt: skip


def strings(seed: int, count: int) -> list[str]:
    """The hundred strings, and as many put together of their dangerous pieces as wanted."""
    rng = random.Random(seed)
    made = ["".join(rng.choices(_PIECES, k=rng.randint(1, 12))) for _ in range(count)]
    return [*STRINGS, *made]


def unsafe_name(name: str) -> bool:
    """Whether a file name means anything but itself on any system, or is too long for one."""
    return (
        not name
        or len(name.encode("utf-8", "surrogatepass")) > 255
        or name != PurePosixPath(name).name
        or name != PureWindowsPath(name).name
        or name[0] in ".- "
        or name[-1] in ". "
        or name.split(".")[0].rstrip(" ").lower() in _RESERVED
        or any(not c.isprintable() or c in '<>:"/\\|?*' for c in name)
    )


def live_cells(table: bytes) -> int:
    """How many cells a spreadsheet would compute."""
    rows = csv.reader(io.StringIO(table.decode("utf-8-sig"), newline=""), delimiter=";")
    return sum(
        cell.strip(" \u00a0")[:1] in tuple("=+-@\t\r\n＝＋－＠") and cell.strip(" \u00a0") != ""
        for row in rows
        for cell in row
    )


def _package_name(text: str) -> str:
    return package_file_name("7a2c8d1e-0f34-4b56-9a78-bc90de12f345", text, "pdf")


def test_names_of_files_are_names(tmp_path: Path) -> None:
    documents = Documents(tmp_path / "documents", bytes(32))
    tried, found = strings(17, trials(2_000, 1_000_000)), []
    for text in tried:
        if unsafe_name(_package_name(text)):
            found.append(f"package: {text!r}")
        for path in (documents.path(text, text, "document"), documents.directory(text)):  # type: ignore[arg-type]
            parts = path.relative_to(tmp_path / "documents").parts
            if any(unsafe_name(part) for part in parts):
                found.append(f"document: {text!r}")
    record("17 names of files", len(tried), len(found))
    assert found == []


def test_tables_compute_nothing() -> None:
    tried = [text.encode("utf-8", "replace").decode() for text in strings(18, trials(2_000, 1_000_000))]
    found = live_cells(
        csv_lines.csv_bytes(tried[:50], [tried[at : at + 50] for at in range(0, len(tried), 50)])
    )
    record("17 cells of tables", len(tried), found)
    assert found == 0


def test_queries_are_words(tmp_path: Path) -> None:
    store = Store.open(HomePaths(tmp_path / "home"), DATA_KEY, clock=SteppingClock())
    try:
        store.intake().store(MAILBOX, page(*(make_opened() for _ in range(3))))
        reads, found = store.reads(), []
        tried = strings(19, trials(400, 1_000_000))
        for text in tried:
            try:
                if len(reads.ids(CaseQuery(text=text, view=CaseView.ALL))) > 3:
                    found.append(repr(text))
            except Exception as error:  # noqa: BLE001 - whatever it is, it must not happen
                found.append(f"{text!r}: {type(error).__name__}")
        record("17 queries", len(tried), len(found))
        assert found == []
        assert reads.counts(SteppingClock().now().date()).by_view[CaseView.ALL] == 3
    finally:
        store.close()


ADDRESSES = (
    "http://portal.example/x", "ftp://portal.example", "file:///etc/passwd", "javascript:alert(1)", "mailto:a@b.example",
    "//portal.example", "portal.example", "https://", "https:///x", "https://user@portal.example/",
    "https://user:word@portal.example/", "https://portal.example@evil.example/", "https://evil.example\\@portal.example/",
    "https://portal.example\\.evil.example/", "https://portal.example:99999/", "https://portal.example:x/",
    "https://portal.example/?x=1", "https://portal.example/#x", "https://[::1", "https://por tal.example/",
    "https://portal.example\t/", "https://portal.exam\nple/", "data:text/html,x", "HTTP://portal.example", "",
)  # fmt: skip


def test_addresses_are_https_and_nothing_else() -> None:
    found = []
    for address in ADDRESSES:
        try:
            checked_address(address, "token_url", NetworkConfig())
        except ClerkError:
            continue
        found.append(address)
    record("17 addresses", len(ADDRESSES), len(found))
    assert found == []
    good = checked_address("https://portal.example/x/", "token_url", NetworkConfig())
    assert good == "https://portal.example/x"


@pytest.mark.parametrize(
    ("mutant", "judge"),
    [
        (lambda text: f"{text}.pdf", unsafe_name),
        (lambda text: text.replace("/", "_").replace("\\", "_")[:200] + ".pdf", unsafe_name),
    ],
)
def test_careless_names_are_caught(mutant: Callable[[str], str], judge: Callable[[str], bool]) -> None:
    assert any(judge(mutant(text)) for text in STRINGS)


def test_careless_tables_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_lines, "defused", lambda cell: cell)
    assert live_cells(csv_lines.csv_bytes(["a"], [[text] for text in STRINGS])) > 5
