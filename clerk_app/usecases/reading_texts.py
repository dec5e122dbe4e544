"""Reads attachments and notes for the search, one after the other, while nobody waits for it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from clerk_app.domain.attachment_text import AttachmentText, TextState, WantedText
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.usecases.ports import Attachments

LARGEST_BYTES = 100_000_000
_REFUSED = (ErrorCode.PREVIEW_REFUSED, ErrorCode.PREVIEW_FAILED)
#: What may be otherwise tomorrow: nothing is written down, it is tried again with the next start.
_PASSING = (ErrorCode.DISK_FULL, ErrorCode.HOME_NOT_WRITABLE)


class TextIndex(Protocol):
    """The full-text index. One object per thread."""

    def wanted(self, limit: int) -> Sequence[WantedText]:
        """Contents nobody has read, newest first."""
        ...

    def put(self, sha512: str, text: AttachmentText) -> None:
        """What came of reading one; every case that holds this content is found by it from now on."""
        ...

    def take_notes(self, limit: int = 200) -> int:
        """Takes in what clerks noted since last time; how much of the ledger is left to look through."""
        ...

    def want_scans_again(self) -> int:
        """Scans nobody could read are wanted again; how many contents are wanted now."""
        ...


class TextReader(Protocol):
    """Gets text out of untrusted files, behind a wall."""

    @property
    def reads_pixels(self) -> bool:
        """Whether pages without text can be recognised here."""
        ...

    def pages(self, content: bytes) -> Iterator[str]:
        """The words of each page. Raises ClerkError PREVIEW_REFUSED or PREVIEW_FAILED."""
        ...


class ReadingTexts:
    """One step reads one attachment, so that whoever drives it may stop between two."""

    def __init__(self, index: TextIndex, attachments: Attachments, reader: TextReader) -> None:
        self._index, self._attachments, self._reader = index, attachments, reader
        self._passed_over: set[str] = set()

    def begin(self) -> None:
        """Before the first step: what could not be recognised so far may be by now."""
        if self._reader.reads_pixels:
            self._index.want_scans_again()

    def step(self, stopping: Callable[[], bool] = lambda: False) -> bool:
        """Takes in new notes and one attachment. False when nothing is left to do."""
        while self._index.take_notes() and not stopping():
            pass
        many = self._index.wanted(len(self._passed_over) + 1)
        wanted = next((each for each in many if each.sha512 not in self._passed_over), None)
        if wanted is None or stopping():
            return False
        try:
            text = self._read(wanted, stopping)
        except ClerkError as error:
            if error.code in _PASSING:
                raise
            self._passed_over.add(wanted.sha512)  # its key or its original is missing: that may be mended
            return True
        if text is None:
            return False
        self._index.put(wanted.sha512, text)
        return True

    def _read(self, wanted: WantedText, stopping: Callable[[], bool]) -> AttachmentText | None:
        if wanted.size_bytes > LARGEST_BYTES:
            return AttachmentText(TextState.REFUSED, reason="too-large")
        sink = io.BytesIO()
        self._attachments.write_to(wanted.case_id, wanted.submission_id, wanted.attachment_id, sink)
        pages: list[str] = []
        try:
            for page in self._reader.pages(sink.getvalue()):
                if stopping():
                    return None  # it is read whole next time
                pages.append(page)
        except ClerkError as error:
            if error.code not in _REFUSED:
                raise
            return AttachmentText(TextState.REFUSED, reason=str(error.params.get("reason", "")))
        blank = not self._reader.reads_pixels and not all(page.strip() for page in pages)
        return AttachmentText(TextState.SCAN if blank else TextState.READ, tuple(pages))
