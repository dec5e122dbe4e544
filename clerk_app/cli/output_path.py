"""A file a command was asked to write: its place is proven before the work, and it appears as a whole."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.export_places import require_allowed

Fill = Callable[[BinaryIO], object]


@contextmanager
def reserved(path: Path | None) -> Iterator[Callable[[Fill], None]]:
    """Reserves room beside ``path`` and hands out what writes it; with None nothing is ever written.

    The reservation comes first, so that a decision is not signed and queued before its command finds out that
    it cannot write. Raises ClerkError OUTPUT_NOT_WRITABLE, then or while writing, and POLICY_FORBIDS.
    """
    if path is None:
        yield lambda fill: None
        return
    require_allowed(path)
    if path.exists() and not path.is_file():  # a folder; or a device, which a rename would replace
        raise ClerkError(ErrorCode.OUTPUT_NOT_WRITABLE, {"path": str(path), "reason": "not-a-file"})
    part: Path | None = None
    try:
        with (
            _told(path),
            tempfile.NamedTemporaryFile(dir=path.parent, prefix=".clerk-", delete=False) as made,
        ):
            part = Path(made.name)
        reservation = part

        def write(fill: Fill) -> None:
            with _told(path):
                with reservation.open("wb") as sink:
                    fill(sink)
                reservation.replace(path)

        yield write
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def write_whole(path: Path, fill: Fill) -> None:
    """Writes ``path`` at one stroke. Raises ClerkError OUTPUT_NOT_WRITABLE and what ``fill`` raises."""
    with reserved(path) as write:
        write(fill)


def pour(content: bytes, sink: BinaryIO) -> None:
    """Fills a file with bytes at hand."""
    sink.write(content)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ClerkError(
            ErrorCode.OUTPUT_NOT_WRITABLE, {"path": str(path), "reason": error.strerror or ""}
        ) from error
