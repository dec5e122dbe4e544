"""Saving a document to a place the clerk chooses."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.texts import _
from clerk_app.ui.workbench import Workbench
from clerk_app.usecases.desk import Desk


def safe_name(name: str) -> str:
    """A file name without anything that leads elsewhere: citizens choose the names of their attachments."""
    kept = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "_" for c in name)
    return kept.strip(" .")[:120] or "Dokument"


def ask_path(parent: QWidget, name: str) -> Path | None:
    """The place the clerk chose, or None."""
    chosen, _filter = QFileDialog.getSaveFileName(parent, _("Speichern unter"), safe_name(name))
    return Path(chosen) if chosen else None


def write_whole(path: Path, content: bytes) -> None:
    """Writes beside the target first: a full disk leaves no half document. Raises OUTPUT_NOT_WRITABLE."""
    try:
        handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
            Path(fresh).replace(path)
        except OSError:
            Path(fresh).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ClerkError(ErrorCode.OUTPUT_NOT_WRITABLE, {"path": path.name}) from error


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
