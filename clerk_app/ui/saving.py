"""Saving a document to a place the clerk chooses."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

from PySide6.QtWidgets import QFileDialog, QWidget

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.export_places import first_place, require_allowed
from clerk_app.texts import _
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.desk import Desk

Result = TypeVar("Result")


def safe_name(name: str) -> str:
    """A file name without anything that leads elsewhere: citizens choose the names of their attachments."""
    kept = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "_" for c in name)
    return kept.strip(" .")[:120] or "Dokument"


def ask_path(parent: QWidget, name: str) -> Path | None:
    """The place the clerk chose, or None."""
    begin = first_place()
    offered = safe_name(name) if begin is None else str(begin / safe_name(name))
    chosen, _filter = QFileDialog.getSaveFileName(parent, _("Speichern unter"), offered)
    return Path(chosen) if chosen else None


def pour_whole(path: Path, fill: Callable[[BinaryIO], Result]) -> Result:
    """Lets ``fill`` write beside the target first: whatever goes wrong, no half document is left.

    Raises ClerkError OUTPUT_NOT_WRITABLE, POLICY_FORBIDS, and what ``fill`` raises.
    """
    require_allowed(path)
    fresh: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
        fresh = Path(name)
        with os.fdopen(handle, "wb") as out:
            result = fill(out)
        fresh.replace(path)
    except OSError as error:
        raise ClerkError(ErrorCode.OUTPUT_NOT_WRITABLE, {"path": path.name}) from error
    finally:
        if fresh is not None:
            fresh.unlink(missing_ok=True)
    return result


def write_whole(path: Path, content: bytes) -> None:
    """Writes ``content`` at one stroke. Raises ClerkError OUTPUT_NOT_WRITABLE."""
    pour_whole(path, lambda out: out.write(content))


def save_bytes(parent: QWidget, bench: Workbench, name: str, read: Callable[[Desk], bytes]) -> None:
    """Asks for a place, then reads and writes in the background."""
    path = ask_path(parent, name)
    if path is None:
        return
    target = path

    def work(desk: Desk) -> None:
        write_whole(target, read(desk))

    def done(_nothing: None) -> None:
        bench.say(_("Gespeichert: {name}").format(name=target.name))

    bench.worker.submit(work, done, bench.fail)
